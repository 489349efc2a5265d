"""Other ranges than those declared: halved or doubled about their middle, or peaked, within what such a number can be.

An answer, like a ranking, says something about a crisis only as far as it does not hang on how wide ranges were drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from detente.scenario.elements import Parameter
from detente.scenario.ranges import Range

__all__ = ["OTHER_RANGES", "peaked", "stretched"]

CHANCES = ("usual", "chance")


def stretched(parameter: Parameter, times: float) -> Parameter:
    """Return a parameter whose ranges are so many times as wide.

    A chance, and a pure number between 0 and 1, is stretched in its log odds; another number above 0 in its logarithm;
    any other as it stands. So a chance stays a chance, and what cannot be negative never becomes so. Odds stay on their
    side of 1: a reason for a choice does not become one against it.
    """
    odds = parameter.role == "odds"
    share = parameter.role in CHANCES or (not parameter.unit.dimensions and not odds)
    arms = tuple(replace(arm, range=_wider(arm.range, times, share, odds)) for arm in parameter.arms)
    return replace(parameter, arms=arms)


def peaked(parameter: Parameter) -> Parameter:
    """Return a parameter whose evenly filled ranges are triangular between the same ends, likeliest in the middle."""
    arms = tuple(replace(arm, range=_triangle(arm.range)) for arm in parameter.arms)
    return replace(parameter, arms=arms)


OTHER_RANGES: Mapping[str, Callable[[Parameter], Parameter]] = {
    "halved": partial(stretched, times=0.5),
    "doubled": partial(stretched, times=2.0),
    "triangular": peaked,
}
"""By name, what becomes of every range."""


def _triangle(declared: Range) -> Range:
    return replace(declared, shape="triangular") if declared.shape == "uniform" else declared


def _wider(declared: Range, times: float, share: bool, odds: bool) -> Range:
    if declared.shape == "exact" or times == 1:
        return declared
    low, high = declared.low, declared.high
    if share and low > 0 and high < 1:
        ends = tuple(1 / (1 + math.exp(-end)) for end in _about(_log_odds(low), _log_odds(high), times))
    elif low > 0:
        ends = tuple(math.exp(end) for end in _about(math.log(low), math.log(high), times))
    else:
        ends = _about(low, high, times)
        ends = (max(ends[0], 0.0) if low >= 0 else ends[0], min(ends[1], 0.0) if high <= 0 else ends[1])
    if share and low >= 0 and high <= 1:
        ends = (max(ends[0], 0.0), min(ends[1], 1.0))
    if odds:
        ends = (max(ends[0], 1.0) if low >= 1 else ends[0], min(ends[1], 1.0) if high <= 1 else ends[1])
    return replace(declared, low=ends[0], high=ends[1], middle=min(max(declared.middle, ends[0]), ends[1]))


def _about(low: float, high: float, times: float) -> tuple[float, float]:
    middle, half = (low + high) / 2, (high - low) / 2
    return middle - times * half, middle + times * half


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))
