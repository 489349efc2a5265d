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


BIGGEST = 20_000_000
"""Bytes beyond which a record is refused unread."""


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
    try:
        if file.stat().st_size > BIGGEST:
            wrong = f"{file.stat().st_size:,} bytes; a record has at most {BIGGEST:,}"
            return [], [Finding(Place(shown), "record", wrong, "keep the rows that the case shows or follows")]
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            columns = tuple(reader.fieldnames or ())
            if columns != COLUMNS:
                return [], [Finding(Place(shown), "columns", _columns(columns), "write " + ",".join(COLUMNS))]
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return [], [Finding(Place(shown), "record", f"cannot be read ({error})", "save it as UTF-8, comma-separated")]
    found: list[Observation] = []
    findings: list[Finding] = []
    for line, row in rows:
        place = Place(shown, line)
        try:
            found.append(_observation(row, place))
        except ValueError as error:
            field, _, rest = str(error).partition(": ")
            wrong, _, mend = rest.partition("; ")
            findings.append(Finding(place, field, wrong, mend or "see docs/reference/case-format.md"))
    return found, findings


def _columns(came: tuple[str, ...]) -> str:
    """Say which column is missing or strange."""
    missing = [column for column in COLUMNS if column not in came]
    strange = [column for column in came if column not in COLUMNS]
    if missing:
        return f"the column '{missing[0]}' is missing" + (f", and '{strange[0]}' is unknown" if strange else "")
    return f"the column '{strange[0]}' is unknown" if strange else "the columns are in another order"


def _observation(row: dict[str, str | None], place: Place) -> Observation:
    if None in row or None in row.values():
        raise ValueError(f"row: expected {len(COLUMNS)} fields; put a text that holds a comma in quotes")
    text = {key: (value or "").strip() for key, value in row.items()}
    try:
        about = dt.date.fromisoformat(text["about"])
    except ValueError:
        raise ValueError(f"about: '{text['about']}' is no day; write YEAR-MONTH-DAY") from None
    try:
        known_at = dt.datetime.fromisoformat(text["known_at"])
    except ValueError:
        raise ValueError(
            f"known_at: '{text['known_at']}' is no instant; write for example 2023-11-24T23:00+02:00"
        ) from None
    if known_at.tzinfo is None:
        raise ValueError(f"known_at: '{text['known_at']}' has no zone; write for example 2023-11-24T23:00+02:00")
    if not text["measure"]:
        raise ValueError("measure: is empty; name what was measured")
    low, high = _number(text["low"], "low"), _number(text["high"], "high")
    value = _value(text["value"], "value")
    if low is not None and high is not None and low > high:
        raise ValueError(f"low: {low:g} is above high, {high:g}; swap them")
    return Observation(
        about, known_at, text["measure"], value, low, high, text["unit"], text["counts"],
        text["by"], text["source"], text["certainty"], text["note"], place,
    )  # fmt: skip


def _number(text: str, field: str) -> float | None:
    value = _value(text, field)
    if isinstance(value, str):
        raise ValueError(f"{field}: '{text}' is no number; write digits, or leave it blank")
    return value


def _value(text: str, field: str) -> float | str | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        return text
    if not math.isfinite(value):
        raise ValueError(f"{field}: '{text}' is not a finite number; leave it blank where nothing is known")
    return value
