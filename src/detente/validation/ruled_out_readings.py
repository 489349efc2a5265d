"""Readings that the record rules out: of a contested claim one side is left, decided by rows and not by its sources."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.side_by_side import Groups
from detente.validation.structure import Structure
from detente.validation.under_levers import LEVER

__all__ = ["ruled_out_readings"]

INQUIRY = Inquiry(
    "ruled_out_readings",
    "Readings that the record rules out",
    "record",
    "Does the record leave every reading of a contested claim something, or does it rule one out?",
)
NOTHING = 0.001
"""Share of the likelihood of the best reading below which a reading is as good as ruled out."""


def ruled_out_readings(structure: Structure, groups: Groups | None, why_not: str) -> ValidationTest:
    """List the readings under which the record is a thousand times less likely than under another of the same claim.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    groups
        Worlds as drawn, then under each lever and each reading; None where they were not run.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    if groups is None:
        if not structure.simulated:
            return INQUIRY.came_out("does not apply", "The case simulates nothing.")
        return INQUIRY.came_out("not tried", why_not)
    likely: dict[str, dict[str, float]] = {}
    for number, (claim, read) in enumerate(groups.groups):
        if number and claim != LEVER:
            log_weight = groups.survey.log_weight[groups.worlds(number)]
            likely.setdefault(claim, {})[read.removeprefix("read as ")] = _mean(log_weight)
    if not likely or not structure.case.observations:
        return INQUIRY.came_out("does not apply", "The case has no record, or no reading that chooses a number.")
    where = []
    for claim, readings in likely.items():
        best = max(readings, key=readings.__getitem__)
        for reading, value in readings.items():
            if value - readings[best] < math.log(NOTHING):
                times = math.exp(min(readings[best] - value, 100.0))
                says = f"read as {reading}, what was known is {times:.2g} times less likely than read as {best}"
                where.append(Where(claim, structure.at(("claims", claim, "readings", reading)), says))
    count = sum(len(readings) for readings in likely.values())
    if where:
        return INQUIRY.came_out("does not pass", f"The record rules out {len(where)} of {count} readings.", where)
    return INQUIRY.came_out("passes", f"The record rules out none of {count} readings.")


def _mean(log_weight: NDArray[np.float64]) -> float:
    """Return the logarithm of the mean weight."""
    known = log_weight[np.isfinite(log_weight)]
    if not len(known):
        return -math.inf
    most = float(known.max())
    return most + math.log(float(np.exp(known - most).mean()))
