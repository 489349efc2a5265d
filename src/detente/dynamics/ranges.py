"""The range of an answer: from which to which value it goes between draws, luck taken out; for each kind of answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.deconvolution import Mixing, mixing_of_means, mixing_of_shares, tells_draws_apart
from detente.results import weighted_quantile

__all__ = ["ENDS", "ByDraw", "range_of_days", "range_of_numbers", "range_of_shares"]

Floats = NDArray[np.float64]

ENDS = (0.05, 0.95)
"""Where a range begins and ends: nine draws of ten lie in it."""
FEWEST_WORLDS = 1.5
"""Equally weighted worlds of a draw below which its luck cannot be told from what it knows."""


@dataclass(frozen=True)
class ByDraw:
    """What some draws answer, each by its own worlds.

    Parameters
    ----------
    means
        Each draw's mean over its worlds, by weight, ``[draws]``.
    within
        The variance of its worlds about that mean.
    worlds
        How many equally weighted worlds they are worth.
    weights
        What the draw counts for.
    """

    means: Floats
    within: Floats
    worlds: Floats
    weights: Floats

    @staticmethod
    def of_worlds(values: NDArray[Any], weights: NDArray[Any]) -> ByDraw:
        """Return what draws answer whose worlds are at hand, ``[draws, replicates]``; draws without weight fall out."""
        by_draw = weights.sum(axis=1, dtype=np.float64)
        known = by_draw > 0
        values, by_draw = values[known].astype(np.float64), by_draw[known]
        shares = weights[known] / by_draw[:, None]
        means = (shares * values).sum(axis=1)
        within = (shares * (values - means[:, None]) ** 2).sum(axis=1)
        return ByDraw(means, within, 1 / (shares**2).sum(axis=1), by_draw)

    @property
    def usable(self) -> ByDraw:
        """The draws whose luck can be reckoned."""
        kept = (self.worlds > FEWEST_WORLDS) & (self.weights > 0)
        return ByDraw(self.means[kept], self.within[kept], self.worlds[kept], self.weights[kept])

    @property
    def noise(self) -> Floats:
        """The variance that luck gives to each draw's mean."""
        return self.within / (self.worlds - 1)

    @property
    def as_they_are(self) -> tuple[float, float] | None:
        """The ends of a range where luck touches no draw, and there is nothing to take out."""
        if self.within.any():
            return None
        low, high = weighted_quantile(self.means, self.weights, ENDS)
        return low, high


def range_of_shares(draws: ByDraw) -> tuple[float, float] | None:
    """Return the range of a share of worlds; None where it cannot be told that draws differ."""
    draws = draws.usable
    if not tells_draws_apart(draws.means, draws.noise, draws.weights):
        return None
    return draws.as_they_are or _ends(mixing_of_shares(draws.means, draws.worlds, draws.weights))


def range_of_numbers(draws: ByDraw) -> tuple[float, float] | None:
    """Return the range of an expected number; None where it cannot be told that draws differ."""
    draws = draws.usable
    if not tells_draws_apart(draws.means, draws.noise, draws.weights):
        return None
    return draws.as_they_are or _ends(mixing_of_means(draws.means, draws.noise, draws.weights))


def range_of_days(days: NDArray[Any], weights: NDArray[Any], last: int) -> tuple[float, float] | None:
    """Return the range of a draw's own middle day, by which it has come in half of its worlds; infinity is never.

    A draw's middle day is at or before some day where the chance that it has come by then is a half or more. So the
    share of draws of which that is true is read from how those chances differ, day by day.

    Parameters
    ----------
    days, weights
        Each world's day, and what it counts for, ``[draws, replicates]``.
    last
        The last day of the horizon.

    Returns
    -------
    tuple or None
        None where it cannot be told that draws differ.
    """
    restricted = ByDraw.of_worlds(np.where(np.isinf(days), last + 1, days), weights).usable
    if not tells_draws_apart(restricted.means, restricted.noise, restricted.weights):
        return None
    come = sorted({int(day) for day in np.unique(days[weights > 0]) if np.isfinite(day)})
    low, high = (_first(_halfway(days, weights, come), come, end) for end in ENDS)
    return low, high


def _halfway(days: NDArray[Any], weights: NDArray[Any], come: list[int]) -> Iterator[float]:
    """Yield, for each day on which it comes in some world, the share of draws whose middle day it is or is past."""
    for day in come:
        draws = ByDraw.of_worlds(days <= day, weights).usable
        if tells_draws_apart(draws.means, draws.noise, draws.weights):
            yield mixing_of_shares(draws.means, draws.worlds, draws.weights).above(0.5)
        else:
            yield float(np.average(draws.means, weights=draws.weights) >= 0.5)


def _first(shares: Iterator[float], come: list[int], end: float) -> float:
    return next((float(day) for day, share in zip(come, shares, strict=False) if share >= end), np.inf)


def _ends(mixing: Mixing) -> tuple[float, float]:
    return mixing.quantile(ENDS[0]), mixing.quantile(ENDS[1])
