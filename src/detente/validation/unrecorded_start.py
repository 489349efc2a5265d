"""A start before the cut with no record behind it: days that are past, told by the model as if they were to come."""

from __future__ import annotations

import datetime as dt

from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.structure import Structure

__all__ = ["unrecorded_start"]

INQUIRY = Inquiry(
    "unrecorded_start",
    "Days before the cut",
    "record",
    "Where the case starts before its cut, does a record say what happened on the days between?",
)


def unrecorded_start(structure: Structure) -> ValidationTest:
    """List the days before the cut of which no row of the record bears on the model."""
    case = structure.case
    program = structure.program
    days = [program.date_of(day) for day in range(min(max(program.as_of, 0), program.days))]
    if not structure.simulated or not days:
        return INQUIRY.came_out("does not apply", "The case starts at its cut.")
    told = {row.about for row in case.observations if row.measure in case.scenario.known and row.value is not None}
    silent = [day for day in days if day not in told]
    place = structure.at(("starts",))
    if len(silent) == len(days):
        says = f"{len(days)} days lie before the cut, and no row of a record bears on any of them"
        where = [Where("starts", place, says)]
        return INQUIRY.came_out("does not pass", "No record tells the days between start and cut.", where)
    if silent:
        where = [
            Where(_named(day), place, "no row of the record that bears on the model is about this day")
            for day in silent
        ]
        return INQUIRY.came_out(
            "does not pass", f"Of {len(days)} days before the cut {len(silent)} are told by no row.", where
        )
    return INQUIRY.came_out("passes", f"Each of the {len(days)} days before the cut is told by a row of the record.")


def _named(day: dt.date) -> str:
    return f"starts on {day.isoformat()}"
