"""The interval score: how wide an interval is, and how far what came lies outside."""

from __future__ import annotations

import math

__all__ = ["interval_score"]

BACKEND = "numpy"  # the library takes numba where it finds it, which may differ in the last bit


def interval_score(low: float, high: float, outcome: float, level: float) -> float:
    """Return the width of an interval and a penalty for what came outside it, in the unit of the answer.

    ``(high - low) + 2 / (1 - level) * (how far what came lies outside)``. Lower is better.

    Parameters
    ----------
    low, high
        The ends of the central interval: quantiles ``(1 - level) / 2`` and ``(1 + level) / 2``.
    outcome
        What came.
    level
        How much of the distribution the interval holds, between 0 and 1: 0.9 for the 5th to 95th percentile.

    Returns
    -------
    float
        0 or more.

    Raises
    ------
    ValueError
        If a number is not finite, the ends stand in the wrong order, or the level is not between 0 and 1.

    References
    ----------
    T. Gneiting, A. E. Raftery, "Strictly proper scoring rules, prediction, and estimation", J. American Statistical
    Association 102 (2007), section 6.2. R. L. Winkler, J. American Statistical Association 67 (1972).
    """
    import scoringrules  # a third of a second that a plain run does not need

    if not all(map(math.isfinite, (low, high, outcome))):
        raise ValueError("the ends of an interval and what came are finite")
    if not (low <= high and 0 < level < 1):
        raise ValueError(f"an interval has low <= high and a level between 0 and 1, came {low}, {high} and {level}")
    return float(scoringrules.interval_score(outcome, low, high, 1 - level, backend=BACKEND))
