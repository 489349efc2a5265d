"""Figures with their sampling error, clustered by draw: figures of the same draws can be set against each other.

The worlds of a draw resemble one another, so draws are what was sampled. Parts of a run share their draws: a difference
between two of them is often far surer than either, and is reckoned draw by draw.

References
----------
W. G. Cochran, "Sampling Techniques", 3rd edition (1977), section 6.3; R. S. Woodruff, "Confidence intervals for medians
and other position measures", Journal of the American Statistical Association 47 (1952).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.results import Interval
from detente.stored import StoredFloats

__all__ = ["TWO_SIDED", "Estimate", "interval_of_median", "ratio"]

Floats = NDArray[np.float64]

TWO_SIDED = 1.96
"""Standard errors of a 95 % interval."""


@dataclass(frozen=True)
class Estimate:
    """A figure, and how far each draw pulls it from where it would be without that draw.

    Parameters
    ----------
    value
        The figure, in any unit.
    pulls
        In the same unit, ``[draws]``; draws of two estimates with the same number are the same draws.
    """

    value: float
    pulls: StoredFloats

    def __add__(self, other: Estimate) -> Estimate:
        """Return the sum of two figures."""
        count = max(len(self.pulls), len(other.pulls))
        pulls = np.zeros(count)
        pulls[: len(self.pulls)] += self.pulls
        pulls[: len(other.pulls)] += other.pulls
        return Estimate(self.value + other.value, pulls)

    def __sub__(self, other: Estimate) -> Estimate:
        """Return the difference of two figures: what both have from the same draws falls out."""
        return self + Estimate(-other.value, -other.pulls)

    def times(self, factor: float) -> Estimate:
        """Return a multiple of the figure."""
        return Estimate(self.value * factor, self.pulls * factor)

    @property
    def error(self) -> float:
        """The standard error; infinite where there are fewer than two draws."""
        count = len(self.pulls)
        if count < 2:
            return math.inf
        return math.sqrt(float((self.pulls**2).sum()) * count / (count - 1))

    def interval(self, errors: float = TWO_SIDED) -> Interval:
        """Return the interval of so many standard errors on either side."""
        return self.value - errors * self.error, self.value + errors * self.error

    def above(self, value: float, errors: float = TWO_SIDED) -> bool:
        """Whether the figure lies above a value by more than so many standard errors."""
        return self.value - value > errors * self.error

    def below(self, value: float, errors: float = TWO_SIDED) -> bool:
        """Whether the figure lies below a value by more than so many standard errors."""
        return value - self.value > errors * self.error


def ratio(answered: Floats, weights: Floats, of: int | None = None) -> Estimate:
    """Return the mean answer of weighted draws.

    Parameters
    ----------
    answered, weights
        Each draw's sum of weighted answers, and its weight, ``[draws]``.
    of
        How many draws there are in all, where these are the first of them: the error is that of all.
    """
    total = float(weights.sum())
    if total <= 0:
        return Estimate(math.nan, np.zeros(0))
    value = float(answered.sum()) / total
    few = 1.0 if of is None else math.sqrt(min(len(weights) / max(of, 1), 1.0))
    return Estimate(value, (answered - value * weights) / total * few)


def interval_of_median(
    below: Estimate, quantiles: Callable[[tuple[float, float]], Sequence[float]]
) -> tuple[float, float] | None:
    """Return Woodruff's 95 % interval of a median.

    Parameters
    ----------
    below
        The share of worlds at or below the median.
    quantiles
        Returns the values at two shares of worlds.
    """
    half = TWO_SIDED * below.error
    if not math.isfinite(half) or half >= 0.5:
        return None
    low, high = quantiles((0.5 - half, 0.5 + half))
    return low, high
