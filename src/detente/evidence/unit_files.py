"""The table of a source's units that a case keeps, ``sources/<id>.csv``, and tables of units that an author brings.

Both are read with every fault in one go. A case's table holds numbers and hashes; no text::

    unit,paragraph,position,words,fingerprint,sketch
    1,1,0.0,11,9f2c…,0a31c2f4 1d00ab17 …
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

from detente.errors import Finding, Place
from detente.evidence.citations import HIGHEST_UNIT
from detente.evidence.files import SourceFileError, fault, read_text, write_text
from detente.evidence.fingerprint import FINGERPRINT_BYTES, SHINGLE_BYTES, SKETCH_SIZE, words
from detente.evidence.units import Passage, SourceUnit

__all__ = ["read_units", "units_from_file", "write_units"]

COLUMNS = ("unit", "paragraph", "position", "words", "fingerprint", "sketch")
GIVEN_NAMES = {  # the names under which an author's table may give a column
    "unit": ("unit", "s", "number"),
    "char_start": ("char_start", "start"),
    "char_end": ("char_end", "end"),
    "paragraph": ("paragraph", "line_para"),
}

_LINE = re.compile(r"^.*\S", re.MULTILINE)
_WHOLE = re.compile(r"[0-9]{1,9}")
_SHARE = re.compile(r"[01](\.[0-9]{1,9})?")
_FINGERPRINT = re.compile(f"[0-9a-f]{{{2 * FINGERPRINT_BYTES}}}")
_SHINGLE = re.compile(f"[0-9a-f]{{{2 * SHINGLE_BYTES}}}")


class _Row:
    """One row of a table, read field by field; faults gather in a list that all rows share."""

    def __init__(self, path: Path, line: int, cells: dict[str, str], findings: list[Finding]) -> None:
        self.path = path
        self.line = line
        self.cells = cells
        self.findings = findings

    def fault(self, field: str, wrong: str, mend: str) -> None:
        """Keep a fault of this row."""
        self.findings.append(Finding(Place(self.path, self.line), field, wrong, mend))

    def whole(self, field: str, lowest: int, highest: int) -> int:
        """Return a whole number, or the lowest one after keeping a fault."""
        cell = self.cells[field]
        if _WHOLE.fullmatch(cell) and lowest <= int(cell) <= highest:
            return int(cell)
        self.fault(field, f"expected a whole number from {lowest} to {highest}, came '{cell}'", "correct it")
        return lowest

    def share(self, field: str) -> float:
        """Return a number from 0 to 1, or 0 after keeping a fault."""
        cell = self.cells[field]
        if _SHARE.fullmatch(cell) and float(cell) <= 1:
            return float(cell)
        self.fault(field, f"expected a number from 0 to 1, came '{cell}'", "write it with a point: 0.25")
        return 0.0


def write_units(path: Path, units: Sequence[SourceUnit]) -> None:
    """Write the table of units that a case keeps, in the order given."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for unit in units:
        marks = " ".join(f"{shingle:0{2 * SHINGLE_BYTES}x}" for shingle in unit.sketch)
        writer.writerow((unit.number, unit.paragraph, unit.position, unit.words, unit.fingerprint, marks))
    write_text(path, table.getvalue())


def read_units(path: Path) -> tuple[SourceUnit, ...]:
    """Read the table of units that a case keeps.

    Raises
    ------
    SourceFileError
        With a finding for every fault: a missing column, a cell that cannot be read, a number that stands twice.
    """
    findings: list[Finding] = []
    mend = "make the table again with `detente source add`"
    units: list[SourceUnit] = []
    for row in _rows(path, {column: (column,) for column in COLUMNS}, (), findings):
        mark, marks = row.cells["fingerprint"], row.cells["sketch"].split()
        if _FINGERPRINT.fullmatch(mark) is None:
            row.fault("fingerprint", f"expected 32 hexadecimal digits in lower case, came '{mark[:40]}'", mend)
        if not 1 <= len(marks) <= SKETCH_SIZE or not all(_SHINGLE.fullmatch(one) for one in marks):
            row.fault("sketch", f"expected 1 to {SKETCH_SIZE} numbers of 8 hexadecimal digits", mend)
            marks = []
        unit = SourceUnit(
            number=row.whole("unit", 1, HIGHEST_UNIT),
            paragraph=row.whole("paragraph", 1, HIGHEST_UNIT),
            position=row.share("position"),
            words=row.whole("words", 1, HIGHEST_UNIT),
            fingerprint=mark,
            sketch=tuple(int(one, 16) for one in marks),
        )
        _ascending(row, unit.number, units[-1].number if units else 0)
        units.append(unit)
    _finish(path, bool(units), findings)
    return tuple(units)


def units_from_file(path: Path, text: str) -> tuple[Passage, ...]:
    """Read the units of a text that an author gives: number, first character, first character after it.

    Parameters
    ----------
    path
        A CSV file with the columns ``unit`` (or ``s``, ``number``), ``char_start`` and ``char_end`` (or ``start``,
        ``end``), counted in characters from 0, and, where known, ``paragraph`` (or ``line_para``). Others are ignored.
    text
        The text they divide.

    Raises
    ------
    SourceFileError
        With a finding for every fault: cells that cannot be read, places outside the text, units that overlap, stand
        out of order or hold no words.
    """
    findings: list[Finding] = []
    passages: list[Passage] = []
    lines = [match.start() for match in _LINE.finditer(text)]
    for row in _rows(path, GIVEN_NAMES, ("paragraph",), findings):
        number = row.whole("unit", 1, HIGHEST_UNIT)
        _ascending(row, number, passages[-1].number if passages else 0)
        faults = len(findings)
        reached = passages[-1].end if passages else 0
        start, end = row.whole("char_start", 0, len(text)), row.whole("char_end", 0, len(text))
        if len(findings) == faults and start < reached:
            row.fault("char_start", f"unit {number} begins before the last one ends", "let units follow one another")
        elif len(findings) == faults and not words(text[start:end]):
            row.fault("char_end", f"unit {number} holds no words of the text", "leave it out or correct its place")
        paragraph = max(1, bisect_right(lines, start))
        if "paragraph" in row.cells:
            paragraph = row.whole("paragraph", 1, HIGHEST_UNIT)
        passages.append(Passage(number, paragraph, start, end, text[start:end]))
    _finish(path, bool(passages), findings)
    return tuple(passages)


def _rows(
    path: Path, names: dict[str, tuple[str, ...]], optional: tuple[str, ...], findings: list[Finding]
) -> Iterator[_Row]:
    """Yield the rows of a table under our own names of the columns, keeping a fault for each row cut short."""
    reader = csv.reader(io.StringIO(read_text(path)))
    try:
        header = [cell.strip() for cell in next(reader)]
        places: dict[str, int] = {}
        for column, accepted in names.items():
            found = [number for number, cell in enumerate(header) if cell in accepted]
            if len(found) == 1:
                places[column] = found[0]
            elif found or column not in optional:
                wrong = f"expected one column '{column}', came {len(found)}"
                findings.append(Finding(Place(path), column, wrong, f"write a heading with {', '.join(names)}"))
        if findings:
            return
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            row = _Row(path, reader.line_num, {}, findings)
            if len(cells) != len(header):
                row.fault("row", f"expected {len(header)} cells, came {len(cells)}", "one cell for each column")
                continue
            row.cells = {column: cells[place].strip() for column, place in places.items()}
            yield row
    except csv.Error as error:
        raise fault(path, "row", f"not a table: {error}", "write comma-separated values", reader.line_num) from error


def _ascending(row: _Row, number: int, before: int) -> None:
    """Keep a fault unless the number is above the one of the row before, so that none stands twice."""
    if number <= before:
        row.fault("unit", f"expected a number above {before}, came {number}", "number the units upwards, each once")


def _finish(path: Path, any_rows: bool, findings: list[Finding]) -> None:
    """Raise what was found; a table without rows is a fault of its own."""
    if not any_rows and not findings:
        raise fault(path, "row", "expected at least one unit, came none", "add the source again")
    if findings:
        raise SourceFileError(*findings)
