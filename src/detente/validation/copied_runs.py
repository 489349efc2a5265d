"""Runs of words that stand in a case as in a source, where the source or its runs are at hand.

Of a source that is not at hand only runs of eight words are kept, as hashes; where its text lies, in the case's folder
or in the reader's, runs of five are looked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from detente.evidence import find_copied_runs, read_run_hashes, run_hashes, words
from detente.evidence.copying import RUN_WORDS
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.structure import Structure

__all__ = ["copied_runs"]

INQUIRY = Inquiry(
    "copied_runs",
    "Words copied from a source",
    "structure",
    "Does the case say anything in a source's own words, five or more in a row where its text is at hand?",
)
SHORT = 5
"""Words of a run that is looked for where the text itself is at hand."""


def copied_runs(structure: Structure, texts: Sequence[Path] = ()) -> ValidationTest:
    """List the runs of words that the case's files share with a source.

    Parameters
    ----------
    structure
        The case.
    texts
        Sources as plain text, beside those in the case's own folder.
    """
    folder = structure.case.folder
    at_hand = [*sorted(folder.glob("sources/*.txt")), *texts]
    kept = sorted(folder.glob("sources/*.runs"))
    if not at_hand and not kept:
        return INQUIRY.came_out("does not apply", "Neither a source nor its runs are at hand.")
    titles = [entry.title for entry in structure.case.scenario.sources.values()]
    short: set[int] = set()
    for source in at_hand:
        short |= run_hashes(source.read_text(encoding="utf-8"), except_titles=titles, length=SHORT)
    long: set[int] = set().union(*(read_run_hashes(file) for file in kept))
    where = []
    for file in _files(folder):
        text = file.read_text(encoding="utf-8")
        for hashes, length in ((short, SHORT), (long, RUN_WORDS)):
            for run in find_copied_runs(text, hashes, length) if hashes else ():
                where.append(_where(file.relative_to(folder), text, run.line, run.word, run.words))
    tried = f"{len(at_hand)} sources were at hand, and the runs of {len(kept)}."
    if where:
        says = f"{len(where)} runs of words stand in the case as in a source."
        return INQUIRY.came_out("does not pass", says, where, tried=tried)
    return INQUIRY.came_out("passes", "No run of words stands in the case as in a source.", tried=tried)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a case that its authors wrote."""
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder).parts
        if file.suffix in {".yaml", ".md", ".csv"} and inside[0] != "sources":
            yield file


def _where(file: Path, text: str, line: int, word: int, count: int) -> Where:
    """Name a run by its file and its hash, which stay when lines move."""
    run = " ".join(words(text)[word : word + count])
    name = f"{file.as_posix()}#{hashlib.sha256(run.encode()).hexdigest()[:6]}"
    return Where(name, f"{file.name}:{line}", f"{count} words in a row stand in a source: “{run}”")
