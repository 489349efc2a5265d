"""Calibration: whether what was given 70 % came in seven cases of ten, and where outcomes fell in distributions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.hindcast.result import Bin

__all__ = ["PIT_BINS", "RELIABILITY_BINS", "pit", "pit_histogram", "reliability"]

RELIABILITY_BINS = 5
PIT_BINS = 5
"""Few bars: with few questions more of them would only show luck."""


def pit(values: NDArray[Any], weights: NDArray[Any], outcome: float, uniform: float = 0.5) -> float:
    """Return where what came fell in a forecast's distribution, from 0 (below all of it) to 1 (above all of it).

    The probability integral transform: the weight below what came, and of the weight that lies exactly on it the part
    ``uniform``. The middle, 0.5, needs no luck and is what a hindcast uses; a keyed uniform in its place makes the
    transform of a calibrated forecast exactly uniform also where many worlds share a value.

    Parameters
    ----------
    values, weights
        The sample and what each member counts for, ``[n]``. A day that never comes may be infinite.
    outcome
        What came.
    uniform
        How much of a tie counts as below, from 0 to 1.

    Returns
    -------
    float
        A share of the forecast's weight.

    Raises
    ------
    ValueError
        If a value or what came is not a number, or there is no weight.

    References
    ----------
    A. P. Dawid, "Present position and potential developments", J. Royal Statistical Society A 147 (1984).
    C. Czado, T. Gneiting, L. Held, "Predictive model assessment for count data", Biometrics 65 (2009).
    """
    value, weight = np.asarray(values, np.float64), np.asarray(weights, np.float64)
    total = float(weight.sum())
    if not total > 0 or np.isnan(value[weight > 0]).any() or np.isnan(outcome):
        raise ValueError("a distribution is made of numbers with some weight, and what came is a number")
    below, tied = float(weight[value < outcome].sum()), float(weight[value == outcome].sum())
    return min(max((below + uniform * tied) / total, 0.0), 1.0)


def reliability(
    probabilities: Sequence[float],
    outcomes: Sequence[bool],
    weights: Sequence[float] | None = None,
    bins: int = RELIABILITY_BINS,
) -> tuple[Bin, ...]:
    """Return, for forecasts binned by probability, their mean and how often what they spoke of came.

    Parameters
    ----------
    probabilities, outcomes
        What was forecast and whether it came, ``[n]``.
    weights
        What each forecast counts for in the mean and the share, so that many forecasts of one event weigh as one.
    bins
        How many bars of equal width.

    Returns
    -------
    tuple of Bin
        ``count`` is how many forecasts lie in the bar, unweighted; ``mean`` and ``came`` are None where none does.

    References
    ----------
    A. H. Murphy, R. L. Winkler, "Reliability of subjective probability forecasts of precipitation and temperature",
    Applied Statistics 26 (1977).
    """
    probability, came = np.asarray(probabilities, np.float64), np.asarray(outcomes, np.float64)
    weight = np.ones_like(probability) if weights is None else np.asarray(weights, np.float64)
    return tuple(
        Bin(low, high, int(inside.sum()), _mean(probability, weight, inside), _mean(came, weight, inside))
        for low, high, inside in _bars(probability, bins)
    )


def pit_histogram(
    pits: Sequence[float], weights: Sequence[float] | None = None, bins: int = PIT_BINS
) -> tuple[Bin, ...]:
    """Return how large a share of outcomes fell in each part of the forecasts' distributions.

    A calibrated forecast puts as many in each bar. A hill in the middle: the forecasts were too wide. A valley: too
    narrow. A slope: too low or too high.

    Parameters
    ----------
    pits
        Where each outcome fell, from 0 to 1, ``[n]``.
    weights
        What each counts for in the shares.
    bins
        How many bars of equal width.

    Returns
    -------
    tuple of Bin
        ``count`` is how many fell in the bar, unweighted, ``mean`` their mean place, ``came`` their share of all by
        weight: to be held against the width of the bar. ``came`` is None where there are none at all.
    """
    place = np.asarray(pits, np.float64)
    weight = np.ones_like(place) if weights is None else np.asarray(weights, np.float64)
    total = float(weight.sum())
    return tuple(
        Bin(
            low, high, int(inside.sum()), _mean(place, weight, inside),
            float(weight[inside].sum()) / total if total > 0 else None,
        )
        for low, high, inside in _bars(place, bins)
    )  # fmt: skip


def _bars(places: NDArray[np.float64], bins: int) -> list[tuple[float, float, NDArray[np.bool_]]]:
    """Return each bar's ends and what lies in it; what lies on an inner edge belongs to the bar above it."""
    edges = [bar / bins for bar in range(bins + 1)]
    number = np.searchsorted(edges[1:-1], places, side="right")
    return [(edges[bar], edges[bar + 1], number == bar) for bar in range(bins)]


def _mean(values: NDArray[np.float64], weights: NDArray[np.float64], inside: NDArray[np.bool_]) -> float | None:
    """Return the weighted mean of what lies in a bar, or None where nothing of weight does."""
    weight = weights[inside]
    return float(np.average(values[inside], weights=weight)) if weight.sum() > 0 else None
