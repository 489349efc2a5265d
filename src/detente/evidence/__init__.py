"""Sources by number and fingerprint: what is cited, whether a copy still says it, and that nothing is copied.

==================  =====================================================================
``citations``       ``gazette 12, 14, 21-22; harbour_office``, read and written
``fingerprint``     words, fingerprint, sketch, likeness
``units``           a text divided into numbered sentences, and what a case keeps of each
``unit_files``      the table of units in a case, and tables that authors bring
``matching``        found, moved, changed, not found: a copy beside what the case keeps
``copying``         runs of eight words, as hashes, and where a text repeats one
``sources``         adding a source to a case; comparing a copy with it
``files``           reading and writing, with errors that name file and line
==================  =====================================================================
"""

from __future__ import annotations

from detente.evidence.citations import Citation, CitationError, parse_citations
from detente.evidence.copying import (
    CopiedRun,
    find_copied_runs,
    find_copied_runs_in_page,
    read_run_hashes,
    run_hashes,
    write_run_hashes,
)
from detente.evidence.files import SourceFileError
from detente.evidence.fingerprint import fingerprint, similarity, sketch, words
from detente.evidence.matching import MatchState, UnitMatch, match_units
from detente.evidence.sources import AddedSource, add_source, compare_copy
from detente.evidence.unit_files import read_units, units_from_file, write_units
from detente.evidence.units import Passage, SourceUnit, propose_units, source_units

__all__ = [
    "AddedSource",
    "Citation",
    "CitationError",
    "CopiedRun",
    "MatchState",
    "Passage",
    "SourceFileError",
    "SourceUnit",
    "UnitMatch",
    "add_source",
    "compare_copy",
    "find_copied_runs",
    "find_copied_runs_in_page",
    "fingerprint",
    "match_units",
    "parse_citations",
    "propose_units",
    "read_run_hashes",
    "read_units",
    "run_hashes",
    "similarity",
    "sketch",
    "source_units",
    "units_from_file",
    "words",
    "write_run_hashes",
    "write_units",
]
