"""Other ranges than those declared: each halved or doubled about its middle, within what such a number can be.

A ranking says something about a crisis only as far as it does not hang on how wide each range was drawn.
"""

from __future__ import annotations

import math
from dataclasses import replace

from detente.scenario import Parameter
from detente.scenario.ranges import Range

__all__ = ["stretched"]

CHANCES = ("usual", "chance")


def stretched(parameter: Parameter, times: float) -> Parameter:
    """Return a parameter whose ranges are so many times as wide.

    A chance, and a pure number between 0 and 1, is stretched in its log odds; another number above 0 in its logarithm;
    any other as it stands. So a chance stays a chance, odds stay above 0, and what cannot be negative never becomes so.
    """
    share = parameter.role in CHANCES or (not parameter.unit.dimensions and parameter.role != "odds")
    arms = tuple(replace(arm, range=_wider(arm.range, times, share)) for arm in parameter.arms)
    return replace(parameter, arms=arms)


def _wider(declared: Range, times: float, share: bool) -> Range:
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
    return replace(declared, low=ends[0], high=ends[1], middle=min(max(declared.middle, ends[0]), ends[1]))


def _about(low: float, high: float, times: float) -> tuple[float, float]:
    middle, half = (low + high) / 2, (high - low) / 2
    return middle - times * half, middle + times * half


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))
