"""A case's sources: adding one, and comparing a copy that somebody holds with what the case keeps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from detente.errors import SourceError
from detente.evidence.copying import write_run_hashes
from detente.evidence.files import fault, read_text, source_file
from detente.evidence.matching import UnitMatch, match_units
from detente.evidence.unit_files import read_units, units_from_file, write_units
from detente.evidence.units import Passage, SourceUnit, propose_units, source_units

__all__ = ["AddedSource", "add_source", "compare_copy"]


@dataclass(frozen=True, slots=True)
class AddedSource:
    """What was written for a source.

    Parameters
    ----------
    source
        Its name in the case.
    passages
        Its units with their words, for display only; the case keeps none of the words.
    units_file
        The table of its units.
    runs_file
        The hashes of its runs of eight words; nothing where the case holds the text itself.
    words, paragraphs
        How many it has, counted over its units.
    replaced
        Whether another numbering stood there before.
    """

    source: str
    passages: tuple[Passage, ...]
    units_file: Path
    runs_file: Path | None
    words: int
    paragraphs: int
    replaced: bool


def add_source(
    case_folder: Path,
    text_file: Path,
    source_id: str,
    units_file: Path | None = None,
    *,
    replace: bool = False,
    titles: Collection[str] = (),
    language: str = "en",
) -> AddedSource:
    """Give a source's units their numbers, and keep in the case how to know them again; none of the text is kept.

    Writes ``sources/<id>.csv`` and ``sources/<id>.runs``. The second is left out where the text lies in the case's own
    ``sources`` folder: then its authors may publish it, and there is nothing to guard.

    Parameters
    ----------
    case_folder
        The case.
    text_file
        The source's plain text.
    source_id
        Its name in the case.
    units_file
        A table of units (see :func:`units_from_file`); without one they are proposed by a splitting library.
    replace
        Write over another numbering. Claims that cite the source must then be read again.
    titles
        Titles of the source, which may be named in full.
    language
        The text's ISO 639-1 code.

    Returns
    -------
    AddedSource
        What was written, and how many units there are.

    Raises
    ------
    SourceError
        If the text or the table cannot be used, or the case numbers the source otherwise and ``replace`` is unset.
    """
    table = source_file(case_folder, source_id, ".csv")
    if not case_folder.is_dir():
        raise SourceError(f"expected a case's folder, came {case_folder}; name the folder with scenario.yaml")
    text = read_text(text_file)
    passages = units_from_file(units_file, text) if units_file is not None else propose_units(text, language)
    if not passages:
        raise fault(text_file, "text", "expected sentences, came a text without words", "save the source's words in it")
    units = source_units(passages, len(text))
    replaced = _refuse_renumbering(table, units, source_id, replace)
    write_units(table, units)
    published = text_file.resolve().parent == table.resolve().parent
    runs = None if published else source_file(case_folder, source_id, ".runs")
    if runs is not None:
        write_run_hashes(text, runs, except_titles=titles)
    return AddedSource(
        source=source_id,
        passages=passages,
        units_file=table,
        runs_file=runs,
        words=sum(unit.words for unit in units),
        paragraphs=len({unit.paragraph for unit in units}),
        replaced=replaced,
    )


def compare_copy(
    case_folder: Path, source_id: str, text_file: Path | None, language: str = "en"
) -> tuple[UnitMatch, ...]:
    """Look for each unit of a case's source in a copy of it that the user holds.

    Parameters
    ----------
    case_folder
        The folder of the case.
    source_id
        The source's name in the case.
    text_file
        The copy as plain text; None where there is none.
    language
        The text's ISO 639-1 code.

    Returns
    -------
    tuple of UnitMatch
        One for each unit, in order; all ``not checked`` where there is no copy.

    Raises
    ------
    SourceError
        If the case has no such source, or the copy cannot be read.
    """
    units = read_units(source_file(case_folder, source_id, ".csv"))
    return match_units(units, None if text_file is None else read_text(text_file), language)


def _refuse_renumbering(table: Path, units: tuple[SourceUnit, ...], source_id: str, replace: bool) -> bool:
    """Return whether another numbering stands in the case already; refuse it unless it may be replaced."""
    if not table.exists():
        return False
    if replace:
        return _numbering_or_nothing(table) != _numbering(units)
    before = _numbering(read_units(table))
    if before == _numbering(units):
        return False
    changed = sum(before.get(number) != mark for number, mark in _numbering(units).items())
    raise fault(
        table,
        "unit",
        f"'{source_id}' is numbered already ({len(before)} units), and {changed} of these {len(units)} differ",
        "claims cite those numbers: check the copy with `detente source show`, or add it with --replace",
    )


def _numbering(units: tuple[SourceUnit, ...]) -> dict[int, str]:
    """Return the fingerprint that stands for each number."""
    return {unit.number: unit.fingerprint for unit in units}


def _numbering_or_nothing(table: Path) -> dict[int, str]:
    """Return the numbering a table holds; a table that cannot be read holds none."""
    try:
        return _numbering(read_units(table))
    except SourceError:
        return {}
