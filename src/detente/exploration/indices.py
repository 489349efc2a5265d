"""Sensitivity indices from pairs of points: what share of a model's variance some of its factors account for.

A pair of points shares some factors and differs in the others, each drawn anew. How far the two answers agree tells
how much of the variance the shared factors account for by themselves; how far they differ tells how much is lost where
the others are not known, all interactions with them counted.

References
----------
A. Janon, T. Klein, A. Lagnoux, M. Nodet, C. Prieur, "Asymptotic normality and efficiency of two Sobol index
estimators", ESAIM: Probability and Statistics 18 (2014).
M. J. W. Jansen, "Analysis of variance designs for model output", Computer Physics Communications 117 (1999).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["HALF", "LEAST_VARIANCE", "Estimates", "agreement", "mean_and_variance", "student"]

Floats = NDArray[np.float64]
HALF = 1.96
"""Standard errors to either side in a 95 % interval."""
LEAST_VARIANCE = 1e-12
"""Of an answer, relative to its squared mean: below it the answer is the same in every world, but for rounding."""


@dataclass(frozen=True)
class Estimates:
    """An index of each of several answers, with its standard error; NaN where the answer does not vary.

    Parameters
    ----------
    value, error
        One for each answer, ``[answers]``.
    """

    value: Floats
    error: Floats

    @property
    def complement(self) -> Estimates:
        """What is left of the whole: the total index of the other factors."""
        return Estimates(1 - self.value, self.error)

    def times(self, factor: Floats) -> Estimates:
        """Return the estimates in another measure, such as the variance itself."""
        return Estimates(self.value * factor, self.error * np.abs(factor))


def mean_and_variance(answers: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted mean and variance of each answer.

    Parameters
    ----------
    answers
        ``[answers, points]``.
    weights
        ``[points]``.
    """
    total = weights.sum()
    mean = answers @ weights / total
    variance = (answers - mean[:, None]) ** 2 @ weights / total
    return mean, np.where(variance > LEAST_VARIANCE * mean**2, variance, 0.0)


@cache
def student(parts: int) -> float:
    """Return by how much an error told from so few parts is too small for a 95 % interval (Student's t)."""
    if parts < 2:
        return float("inf")
    from scipy.special import stdtrit  # a tenth of a second that the first look at a run does not need

    return float(stdtrit(parts - 1, 0.975)) / HALF


def agreement(first: Floats, second: Floats, weights: Floats | None = None, parts: int | None = None) -> Estimates:
    """Return the closed index of what pairs of points share; its complement is the total index of what differs.

    1. The two answers of a pair are two draws given what they share, so their covariance is the variance of the
       answer's mean given that.
    2. It is divided by the variance of both together, from the same pairs: what the two share of chance cancels.
    3. The standard error is that of a ratio of means: over rows, or over independent parts of the rows.

    Parameters
    ----------
    first, second
        The answers at the two points of each pair, ``[answers, rows]``.
    weights
        How much each pair counts, ``[rows]``.
    parts
        Into how many independent parts the rows fall, to which they belong in turn: rows of one part fill the space
        more evenly than chance would. None, where each row is independent of all others.

    Returns
    -------
    Estimates
        Shares of the variance with standard errors, ``[answers]``; NaN for an answer that does not vary.
    """
    w = np.ones(first.shape[1]) if weights is None else weights
    total = w.sum()
    mean = ((first + second) @ w / (2 * total))[:, None]
    above, beyond = first - mean, second - mean
    spread = (above**2 + beyond**2) / 2
    variance = spread @ w / total
    varies = variance > LEAST_VARIANCE * mean[:, 0] ** 2
    safe = np.where(varies, variance, 1.0)
    value = (above * beyond) @ w / total / safe
    influence = (above * beyond - value[:, None] * spread) * w / (total * safe[:, None])
    error = np.sqrt((influence**2).sum(axis=1)) if parts is None else _error_over(influence, parts)
    return Estimates(np.where(varies, value, np.nan), np.where(varies, error, np.nan))


def _error_over(influence: Floats, parts: int) -> Floats:
    """Return the standard error of a sum over rows that fall into independent parts, ``[answers]``."""
    sums = np.stack([influence[:, part::parts].sum(axis=1) for part in range(parts)])
    return np.asarray(np.sqrt((sums**2).sum(axis=0) * parts / max(parts - 1, 1)) * student(parts))
