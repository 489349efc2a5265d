"""What was known: the rows of a case's record that had become public by its ``as_of`` moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from detente.errors import Finding, Place
from detente.scenario.calendar import in_calendar
from detente.scenario.table_files import finite, read_rows

__all__ = ["COLUMNS", "Observation", "as_they_became_known", "read_record"]

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


def as_they_became_known(rows: Iterable[Observation]) -> list[Observation]:
    """Return rows in the order in which they became known: of several about one thing the last holds.

    A file may list a revision before the count that it revises.
    """
    return sorted(rows, key=lambda row: row.known_at)


def read_record(file: Path, shown: Path) -> tuple[list[Observation], list[Finding]]:
    """Read a record file; every bad row becomes a finding and is left out.

    Parameters
    ----------
    file
        The file to read.
    shown
        How it is named in findings.
    """
    rows, findings = read_rows(file, shown, COLUMNS, "record", BIGGEST)
    found: list[Observation] = []
    for place, row in rows:
        try:
            found.append(_observation(row, place))
        except ValueError as error:
            field, _, rest = str(error).partition(": ")
            wrong, _, mend = rest.partition("; ")
            findings.append(Finding(place, field, wrong, mend or "see docs/reference/case-format.md"))
    return found, sorted(findings, key=lambda finding: finding.place)


def _observation(text: dict[str, str], place: Place) -> Observation:
    try:
        about = dt.date.fromisoformat(text["about"])
    except ValueError:
        raise ValueError(f"about: '{text['about']}' is no day; write YEAR-MONTH-DAY") from None
    _in_calendar(about, "about")
    try:
        known_at = dt.datetime.fromisoformat(text["known_at"])
    except ValueError:
        raise ValueError(
            f"known_at: '{text['known_at']}' is no instant; write for example 2023-11-24T23:00+02:00"
        ) from None
    if known_at.tzinfo is None:
        raise ValueError(f"known_at: '{text['known_at']}' has no zone; write for example 2023-11-24T23:00+02:00")
    _in_calendar(known_at, "known_at")
    if not text["measure"]:
        raise ValueError("measure: is empty; name what was measured")
    low, high = finite(text["low"], "low"), finite(text["high"], "high")
    value = _value(text["value"])
    if low is not None and high is not None and low > high:
        raise ValueError(f"low: {low:g} is above high, {high:g}; swap them")
    return Observation(
        about, known_at, text["measure"], value, low, high, text["unit"], text["counts"],
        text["by"], text["source"], text["certainty"], text["note"], place,
    )  # fmt: skip


def _in_calendar(day: dt.date, column: str) -> None:
    try:
        in_calendar(day)
    except ValueError as error:
        raise ValueError(f"{column}: {error}") from None


def _value(text: str) -> float | str | None:
    """Return a number where the text is one, else the word itself: the name of an alternative."""
    try:
        float(text or 0)
    except ValueError:
        return text
    return finite(text, "value")
