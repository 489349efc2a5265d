"""What was known: the rows of a case's record that had become public by its ``as_of`` moment."""

from __future__ import annotations

import csv
import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path

from detente.errors import Finding, Place

__all__ = ["COLUMNS", "Observation", "read_record"]

COLUMNS = (
    "about",
    "known_at",
    "measure",
    "value",
    "low",
    "high",
    "unit",
    "counts",
    "by",
    "source",
    "certainty",
    "note",
)


@dataclass(frozen=True, slots=True)
class Observation:
    """One row of a record: what was said of a day, by whom, and when it became public.

    ``value`` is a number, or a word for a choice that was taken; a blank in the file is None, never zero.
    """

    about: dt.date
    known_at: dt.datetime
    measure: str
    value: float | str | None
    low: float | None
    high: float | None
    unit: str
    counts: str
    by: str
    source: str
    certainty: str
    note: str
    place: Place


def read_record(file: Path, shown: Path) -> tuple[list[Observation], list[Finding]]:
    """Read a record file; every bad row becomes a finding and is left out.

    Parameters
    ----------
    file
        The file to read.
    shown
        How it is named in findings.
    """
    findings: list[Finding] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                wrong = "the columns are not those of a record"
                findings.append(Finding(Place(shown), "columns", wrong, "write " + ",".join(COLUMNS)))
                return [], findings
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        findings.append(Finding(Place(shown), "record", f"cannot be read ({error})", "check the path and the encoding"))
        return [], findings
    found = []
    for line, row in rows:
        place = Place(shown, line)
        try:
            found.append(_observation(row, place))
        except ValueError as error:
            field, _, wrong = str(error).partition(": ")
            findings.append(Finding(place, field, wrong, "see docs/reference/case-format.md"))
    return found, findings


def _observation(row: dict[str, str | None], place: Place) -> Observation:
    if None in row or None in row.values():
        raise ValueError("row: has not as many fields as there are columns")
    text = {key: (value or "").strip() for key, value in row.items()}
    try:
        about = dt.date.fromisoformat(text["about"])
    except ValueError:
        raise ValueError(f"about: '{text['about']}' is no day (YEAR-MONTH-DAY)") from None
    try:
        known_at = dt.datetime.fromisoformat(text["known_at"])
    except ValueError:
        raise ValueError(f"known_at: '{text['known_at']}' is no instant") from None
    if known_at.tzinfo is None:
        raise ValueError(f"known_at: '{text['known_at']}' has no zone; write for example 2023-11-24T23:00+02:00")
    if not text["measure"]:
        raise ValueError("measure: is empty")
    low, high = _number(text["low"], "low"), _number(text["high"], "high")
    if low is not None and high is not None and low > high:
        raise ValueError(f"low: {low:g} is above high, {high:g}")
    return Observation(
        about, known_at, text["measure"], _value(text["value"]), low, high, text["unit"], text["counts"],
        text["by"], text["source"], text["certainty"], text["note"], place,
    )  # fmt: skip


def _number(text: str, field: str) -> float | None:
    value = _value(text)
    if isinstance(value, str):
        raise ValueError(f"{field}: '{text}' is no number")
    return value


def _value(text: str) -> float | str | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        return text
    if not math.isfinite(value):
        raise ValueError(f"value: '{text}' is not a finite number")
    return value
