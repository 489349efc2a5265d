"""Numbers that are not exactly known: the three ways to write a range, and its inverse distribution function."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.randomness import interval90, triangular, uniform_between

__all__ = ["Range", "RangeError", "read_range"]

_N = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_BOUNDS = re.compile(rf"\s*({_N})\s*\.\.\s*({_N})\s*")
_ABOUT = re.compile(rf"\s*about\s+({_N})\s*,\s*({_N})\s*\.\.\s*({_N})\s*")
_INTERVAL = re.compile(rf"\s*({_N})\s+to\s+({_N})\s*")
_EXACT = re.compile(rf"\s*({_N})\s*")


class RangeError(ValueError):
    """A text that is no range; ``mend`` says how one is written."""

    def __init__(self, wrong: str, mend: str) -> None:
        self.wrong, self.mend = wrong, mend
        super().__init__(f"{wrong}; {mend}")


@dataclass(frozen=True, slots=True)
class Range:
    """A number with its uncertainty.

    Parameters
    ----------
    shape
        ``exact``; ``uniform`` between ``low`` and ``high``; ``triangular`` with its top at ``middle``; or ``interval``,
        whose 5th and 95th percentiles are ``low`` and ``high`` (lognormal where both are positive, else normal).
    low, middle, high
        In the unit of the entry.
    """

    shape: Literal["exact", "uniform", "triangular", "interval"]
    low: float
    middle: float
    high: float

    def at(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the value at each cumulative probability ``u`` in (0, 1)."""
        if self.shape == "exact":
            return np.full(np.shape(u), self.low)
        if self.shape == "uniform":
            return np.asarray(uniform_between(u, self.low, self.high, np))
        if self.shape == "triangular":
            return np.asarray(triangular(u, self.low, self.middle, self.high, np))
        return np.asarray(interval90(u, self.low, self.high, np))

    def __str__(self) -> str:
        if self.shape == "exact":
            return f"{self.low:g}"
        ends = f"{self.low:g}{' to ' if self.shape == 'interval' else '..'}{self.high:g}"
        return f"about {self.middle:g}, {ends}" if self.shape == "triangular" else ends


def read_range(written: str | float) -> Range:
    """Read ``0.3..0.7``, ``about 0.5, 0.3..0.7``, ``5 to 20`` or one exact number.

    Raises
    ------
    RangeError
        If the text is none of these, an end is not finite, or the ends are the wrong way round.
    """
    text = str(written)
    if match := _EXACT.fullmatch(text):
        value = _finite(match[1])
        return Range("exact", value, value, value)
    if match := _BOUNDS.fullmatch(text):
        low, high = _ordered(match[1], match[2], text)
        return Range("uniform", low, (low + high) / 2, high)
    if match := _ABOUT.fullmatch(text):
        low, high = _ordered(match[2], match[3], text)
        middle = _finite(match[1])
        if not low <= middle <= high:
            raise RangeError(f"{middle:g} does not lie between {low:g} and {high:g}", "put the likeliest value inside")
        return Range("triangular", low, middle, high)
    if match := _INTERVAL.fullmatch(text):
        low, high = _ordered(match[1], match[2], text)
        return Range("interval", low, math.sqrt(low * high) if low > 0 else (low + high) / 2, high)
    raise RangeError(f"'{text}' is no range", "write 0.3..0.7, or about 0.5, 0.3..0.7, or 5 to 20 (a 90 % interval)")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise RangeError(f"'{text}' is not a finite number", "write a finite number")
    return value


def _ordered(low: str, high: str, text: str) -> tuple[float, float]:
    first, second = _finite(low), _finite(high)
    if first >= second:
        raise RangeError(f"in '{text}' the first end is not below the second", "write the smaller end first")
    return first, second
