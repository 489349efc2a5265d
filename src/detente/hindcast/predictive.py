"""What cases like this one foretell of it: their curve from now on, with the spread that so few of them allow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.hindcast.base_rates import Survival, survival
from detente.results import Interval
from detente.scenario import ReferenceClass

__all__ = ["Predictive", "beta_interval", "predictive"]

Floats = NDArray[np.float64]
ROUNDING = 1e-9
"""By so much a share that is half may lie above it."""


@dataclass(frozen=True)
class Predictive:
    """How long it lasts, by the cases of a class that lasted longer than this one has.

    Parameters
    ----------
    curve
        Of the whole class.
    lasted
        For how many days this one has lasted.
    cases, of
        How many cases lasted longer than that, and how many the class has.
    scale
        Days from now within which one more case would be as likely as not to end.

    Notes
    -----
    1. What the cases say is their curve from now on: the share still going after ``h`` days over the share still going
       now.
    2. One more case is imagined beside them, of which no more is known than that it has lasted as long: of its further
       days ``r`` it lasts longer than ``r`` with probability ``scale / (scale + r)``. It weighs as one case. Without it
       a single case would foretell a single moment, for sure.
    3. The chance to last ``h`` days is then ``(cases * share + imagined) / (cases + 1)``: the mean of a beta
       distribution, of which :meth:`interval` gives the ends. Where no case still ran when the table ended this is
       Ferguson's estimate under a Dirichlet process with the weight of one case; where some did it comes near Susarla
       and Van Ryzin's.
    4. The scale is the middle further duration of the cases themselves. Where fewer than half were seen to end, it is
       chosen so that the imagined case lasts beyond all that is known with Jeffreys' probability, half a case more on
       either side.

    References
    ----------
    T. S. Ferguson, "A Bayesian analysis of some nonparametric problems", Annals of Statistics 1 (1973). V. Susarla,
    J. Van Ryzin, "Nonparametric Bayesian estimation of survival curves from incomplete observations", J. American
    Statistical Association 71 (1976).
    """

    curve: Survival
    lasted: float
    cases: float
    of: int
    scale: float

    def at_least(self, days: float) -> float:
        """Return the chance that it lasts so many days from its beginning, or longer."""
        if days <= self.lasted:
            return 1.0
        share, imagined = self._share(days), self._imagined(days)
        return (self.cases * share + imagined) / (self.cases + 1)

    def interval(self, days: float, level: float = 0.9) -> Interval:
        """Return the interval of a level for the share of all cases like it that last so long, or longer."""
        return beta_interval(self.cases * self._share(days) + self._imagined(days), self.cases + 1, level)

    def per_day(self, offset: float, count: int) -> Floats:
        """Return the chance that it ends on each day.

        Parameters
        ----------
        offset
            When it began, in days from the beginning of day 0.
        count
            How many days are looked at.

        Returns
        -------
        array
            ``[count + 1]``: by day, and last the chance that it ends on none of them.
        """
        lasts = np.array([self.at_least(day - offset) for day in range(count + 1)])
        return np.asarray(np.append(-np.diff(lasts), lasts[-1]) / lasts[0], np.float64)

    def _share(self, days: float) -> float:
        """Return the share of the cases that last so long, or longer, of those that lasted longer than this one has."""
        return min(_reaching(self.curve, days) / _beyond(self.curve, self.lasted), 1.0)

    def _imagined(self, days: float) -> float:
        further = days - self.lasted
        return self.scale / (self.scale + further) if self.scale > 0 else 0.0


def predictive(reference_class: ReferenceClass, lasted: float = 0.0) -> Predictive | None:
    """Return what a class foretells of something that has lasted so long.

    Parameters
    ----------
    reference_class
        The class: cases with days, or points of a published curve.
    lasted
        For how many days it has lasted. Where that is none, nothing is conditioned, and cases of no length count.

    Returns
    -------
    Predictive or None
        None where no case of the class lasted so long, or nothing is known of how such cases went on.
    """
    curve = survival(reference_class)
    if lasted > 0.0 and lasted >= curve.days[-1]:
        return None
    cases = float(curve.n)
    if lasted > 0.0:
        spells = reference_class.spells
        cases = float(sum(one.lasted > lasted for one in spells)) if spells else curve.n * _beyond(curve, lasted)
    if cases <= 0.0:
        return None
    return Predictive(curve, lasted, cases, curve.n, _scale(curve, lasted, cases))


def beta_interval(successes: float, weight: float, level: float = 0.9) -> Interval:
    """Return the middle part, of a level, of the beta distribution of so many successes in so many cases.

    Parameters
    ----------
    successes, weight
        How many cases of how many, by weight: neither need be whole.
    level
        How much the interval holds, between 0 and 1.

    Returns
    -------
    tuple
        Its two ends, from 0 to 1; without width where all or none succeed.
    """
    from scipy.special import betaincinv  # a quarter of a second that most commands do not need

    failures = weight - successes
    if successes <= 0.0 or failures <= 0.0:
        sure = 0.0 if successes <= 0.0 else 1.0
        return sure, sure
    low, high = (float(betaincinv(successes, failures, end)) for end in ((1 - level) / 2, (1 + level) / 2))
    return low, high


def _beyond(curve: Survival, days: float) -> float:
    """Return the share that lasted longer than so many days: all of them where that is nothing."""
    if days <= 0.0:
        return 1.0
    if not curve.steps:
        return float(np.interp(days, curve.days, curve.share))
    return curve.share[int(np.searchsorted(curve.days, days, side="right")) - 1]


def _reaching(curve: Survival, days: float) -> float:
    """Return the share that lasted so many days or longer; beyond what is known, the share last told."""
    if days <= 0.0:
        return 1.0
    if not curve.steps:
        return float(np.interp(days, curve.days, curve.share))
    before = int(np.searchsorted(curve.days, days, side="left")) - 1
    return curve.share[before] if before >= 0 else 1.0


def _scale(curve: Survival, lasted: float, cases: float) -> float:
    """Return within how many days from now one more case is as likely as not to end."""
    half = _beyond(curve, lasted) / 2
    later = [(day, share) for day, share in zip(curve.days, curve.share, strict=True) if day > lasted]
    if lasted <= 0.0:
        later = list(zip(curve.days, curve.share, strict=True))
    reached = next((n for n, (_, share) in enumerate(later) if share <= half + ROUNDING), None)
    if reached is not None:
        day, share = later[reached]
        if not curve.steps:
            before_day, before = later[reached - 1] if reached else (lasted, 2 * half)
            part = (before - half) / (before - share) if before > share else 1.0
            day = before_day + part * (day - before_day)
        return max(day - lasted, 0.0)
    known, left = later[-1]
    beyond = (cases * left / (2 * half) + 0.5) / (cases + 1)
    return (known - lasted) * beyond / (1 - beyond) if beyond < 1 else math.inf
