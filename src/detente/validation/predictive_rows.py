"""Whether the record holds more surprises than chance explains, each row beside what the model said of it before."""

from __future__ import annotations

from math import comb

from detente.hindcast.predictive_check import PredictedRow, PredictiveCheck
from detente.validation.result import Foretold, Inquiry, ValidationTest, Where
from detente.validation.structure import Structure

__all__ = ["foretold_rows", "predictive_rows"]

INQUIRY = Inquiry(
    "predictive_rows",
    "Rows of the record, foretold",
    "record",
    "Does the record look like what the model said of each row one step before?",
)
CHANCES = {"number": 0.1, "choice": 0.05}
"""How likely a row surprises a model that is right: a number outside 5 to 95 %, a choice with a chance below 5 %."""
UNLIKELY = 0.05
"""Chance of so many surprises or more below which they are not put down to chance."""


def predictive_rows(structure: Structure, check: PredictiveCheck | None, why_not: str) -> ValidationTest:
    """Count the rows that the model did not lead one to expect, and say whether chance explains so many.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    check
        The record one step ahead; None where it was not looked at.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    if not structure.simulated or not structure.case.scenario.known:
        return INQUIRY.came_out("does not apply", "No record bears on the model.")
    if check is None:
        return INQUIRY.came_out("not tried", why_not)
    if not check.rows:
        return INQUIRY.came_out("does not apply", "No row of the record was known by the cut that bears on the model.")
    surprising, parts = False, []
    for kind, chance in CHANCES.items():
        rows = [row for row in check.rows if (row.quantiles is not None) == (kind == "number")]
        outside = sum(row.outside for row in rows)
        if rows:
            surprising = surprising or _at_least(outside, len(rows), chance) < UNLIKELY
            what = "numbers lie outside the model's 5 to 95 %" if kind == "number" else "choices had a chance below 5 %"
            parts.append(f"{outside} of {len(rows)} {what} (by chance about {chance * len(rows):.1g})")
    says = f"{'; '.join(parts)}. {'That is more than chance explains.' if surprising else 'Chance explains so many.'}"
    where = [Where(row.element, _at(structure, row), _surprise(row)) for row in check.outside]
    tried = f"{check.worlds} worlds followed the record day by day; rows of one day and source are not independent."
    return INQUIRY.came_out("does not pass" if surprising else "passes", says, where, tried=tried)


def foretold_rows(check: PredictiveCheck | None) -> tuple[Foretold, ...]:
    """Return every row as the sheet lists it."""
    return tuple(
        Foretold(
            row.about.isoformat(), row.measure, row.element, row.value, row.unit, row.chance, row.quantiles, row.outside
        )
        for row in (check.rows if check is not None else ())
    )


def _at_least(count: int, of: int, chance: float) -> float:
    """Return how likely so many or more of independent rows lie outside."""
    return 1.0 - sum(comb(of, n) * chance**n * (1 - chance) ** (of - n) for n in range(count))


def _at(structure: Structure, row: PredictedRow) -> str:
    return structure.at(("known", row.measure))


def _surprise(row: PredictedRow) -> str:
    if row.quantiles is None:
        gave = f"{100 * (row.chance or 0):.2g} %"
        return f"{row.about.isoformat()}: the record says {row.value}, to which the model gave {gave}"
    low, middle, high = row.quantiles
    return f"{row.about.isoformat()}: the record says {row.value:g}, the model {middle:.3g} ({low:.3g} to {high:.3g})"
