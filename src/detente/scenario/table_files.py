"""Tables that a case names: a file in its folder, its columns, and its rows with their places."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from detente.errors import Finding, Place, nearest
from detente.scenario.document import Document, Path_

__all__ = ["file_inside", "finite", "read_rows"]


def file_inside(folder: Path, name: str, path: Path_, document: Document, example: str) -> Path | Finding:
    """Return the file of a case's folder that a key names, or the finding that there is none.

    Parameters
    ----------
    folder
        The case's folder.
    name
        What is written.
    path
        The key.
    document
        Where the key stands.
    example
        A name that would do.
    """
    if not name.strip(" .") or Path(name).is_absolute() or ".." in Path(name).parts or "\0" in name:
        return document.finding(path, f"expected a file in the case's folder, came '{name}'", f"write {example}")
    file = folder / name
    beside: set[str] = set()
    try:
        if file.is_file():
            return file
        beside = {str(found.relative_to(folder)) for found in file.parent.glob(f"*{Path(example).suffix}")}
    except OSError:  # a name that is too long for the file system is the name of no file
        pass
    mend = nearest(name, beside) or f"add it, or remove '{path[-1]}'"
    return document.finding(path, f"no file '{name}' in the case's folder", mend)


def read_rows(
    file: Path, shown: Path, columns: tuple[str, ...], what: str, biggest: int
) -> tuple[list[tuple[Place, dict[str, str]]], list[Finding]]:
    """Read a table of comma-separated columns; every row that has not its number of fields becomes a finding.

    Parameters
    ----------
    file
        The file to read.
    shown
        How it is named in findings.
    columns
        The columns it has, in their order.
    what
        What the file is, in words: ``record``.
    biggest
        Bytes beyond which it is refused unread.

    Returns
    -------
    tuple
        Each row with its place, fields stripped of blanks around them; and the findings.
    """
    try:
        size = file.stat().st_size
        if size > biggest:
            wrong = f"{size:,} bytes; a {what} has at most {biggest:,}"
            return [], [Finding(Place(shown), what, wrong, "keep the rows that the case shows or follows")]
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            came = tuple(reader.fieldnames or ())
            if came != columns:
                return [], [Finding(Place(shown), "columns", _columns(came, columns), "write " + ",".join(columns))]
            rows = [(Place(shown, reader.line_num), row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return [], [Finding(Place(shown), what, f"cannot be read ({error})", "save it as UTF-8, comma-separated")]
    found: list[tuple[Place, dict[str, str]]] = []
    findings: list[Finding] = []
    for place, row in rows:
        if None in row or None in row.values():
            wrong = f"expected {len(columns)} fields"
            findings.append(Finding(place, "row", wrong, "put a text that holds a comma in quotes"))
        else:
            found.append((place, {key: value.strip() for key, value in row.items()}))
    return found, findings


def _columns(came: tuple[str, ...], columns: tuple[str, ...]) -> str:
    """Say which column is missing or strange."""
    missing = [column for column in columns if column not in came]
    strange = [column for column in came if column not in columns]
    if missing:
        return f"the column '{missing[0]}' is missing" + (f", and '{strange[0]}' is unknown" if strange else "")
    return f"the column '{strange[0]}' is unknown" if strange else "the columns are in another order"


def finite(text: str, field: str) -> float | None:
    """Return the number that a field holds, None for one that is blank.

    Raises
    ------
    ValueError
        If it is no finite number; in the form ``field: what is wrong; how to mend it``.
    """
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{field}: '{text}' is no number; write digits, or leave it blank") from None
    if not math.isfinite(value):
        raise ValueError(f"{field}: '{text}' is not a finite number; leave it blank where nothing is known")
    return value
