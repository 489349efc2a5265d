"""From worlds to forecasts of each kind of question, and from forecasts to scores."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Program
from detente.dynamics.ranges import ByDraw, range_of_days, range_of_numbers, range_of_shares
from detente.hindcast.brier import brier, brier_of_shares
from detente.hindcast.calibration import pit
from detente.hindcast.crps import crps
from detente.hindcast.interval_score import interval_score
from detente.hindcast.logarithmic import logarithmic, logarithmic_of_shares
from detente.hindcast.resolution import Outcome
from detente.hindcast.result import Forecast
from detente.hindcast.spherical import spherical, spherical_of_shares
from detente.results import weighted_quantile
from detente.scenario import Equation

__all__ = ["KINDS", "Asked", "forecast", "point", "score_forecast"]

Floats = NDArray[np.float64]
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
PERCENT = ("5", "25", "50", "75", "95")
LEAST = 0.001
"""No share of finitely many worlds shows 0 or 1."""
KINDS = {"truth": "yes/no", "number": "number", "date": "date", "choice": "choice"}


@dataclass(frozen=True)
class Asked:
    """A question as forecasts see it.

    Parameters
    ----------
    program
        Says what the days are.
    equation
        The question.
    outcome
        What came, as the resolutions have it.
    """

    program: Program
    equation: Equation
    outcome: Outcome

    @property
    def kind(self) -> str:
        """``truth``, ``number``, ``date`` or ``choice``."""
        return self.equation.kind.name

    @property
    def unit(self) -> str:
        """The unit of a number; a date is scored in days."""
        unit = self.equation.kind.unit
        if self.kind == "date":
            return "day"
        return unit.text if unit is not None and unit.dimensions else ""

    @property
    def never(self) -> float:
        """The day that stands for never where days are scored: one beyond the last."""
        return float(self.program.days)

    @property
    def came(self) -> float:
        """What came as a number: of a date the day, counted from 0, and one beyond the last where it never came."""
        if self.kind == "date":
            return self.never if self.outcome is None else min(self.day(self.outcome), self.never)
        return float(self.outcome)  # type: ignore[arg-type]

    def day(self, outcome: Outcome) -> float:
        """Return the number of a day, counted from 0."""
        assert isinstance(outcome, dt.date)
        return float(self.program.day_of(outcome))

    def dated(self, day: float) -> str | None:
        """Return a day as ISO text; None for never."""
        return self.program.date_of(int(day)).isoformat() if day < self.never else None


def forecast(asked: Asked, values: NDArray[np.floating], weights: Floats) -> tuple[Forecast, float | None]:
    """Return what weighted worlds say of a question, scored, and where what came fell among them.

    Worlds without an answer (the mean over no day, say) are left out, and their share is told in ``unanswered``.

    Parameters
    ----------
    asked
        The question.
    values, weights
        Each world's answer and what it counts for, ``[draws, replicates]``; some have weight.

    Returns
    -------
    tuple
        The forecast, and for numbers and dates the probability integral transform. Where no world has an answer, the
        forecast is empty.
    """
    answered = ~np.isnan(values)
    total = float(weights.sum())
    missing = float(weights[~answered].sum()) / total
    if not answered.all():
        weights = np.where(answered, weights, 0.0)
        values = np.where(answered, values, 0)
    if not weights.sum() > 0:
        return Forecast(unanswered=1.0), None
    found, fell = _BY_KIND[asked.kind](asked, values.astype(np.float64), weights)
    return replace(found, unanswered=missing), fell


def _of_truth(asked: Asked, values: Floats, weights: Floats) -> tuple[Forecast, None]:
    share = _clear(float((values * weights).sum() / weights.sum()))
    ends = range_of_shares(ByDraw.of_worlds(values, weights))
    ends = None if ends is None else (_clear(ends[0]), _clear(ends[1]))
    return score_forecast(asked, Forecast(probability=share, range=ends)), None


def _of_choice(asked: Asked, values: Floats, weights: Floats) -> tuple[Forecast, None]:
    names = asked.equation.kind.alternatives
    counted = np.bincount(values.astype(np.intp).ravel(), weights.ravel(), len(names))
    shares = np.maximum(counted / counted.sum(), LEAST)
    return score_forecast(
        asked, Forecast(shares=dict(zip(names, map(float, shares / shares.sum()), strict=True)))
    ), None


def _of_number(asked: Asked, values: Floats, weights: Floats) -> tuple[Forecast, float]:
    ends = range_of_numbers(ByDraw.of_worlds(values, weights))
    sample = _ordered(values, weights)
    quantiles = dict(zip(PERCENT, weighted_quantile(*sample, SHARES), strict=True))
    return score_forecast(asked, Forecast(quantiles=quantiles, range=ends), sample), pit(*sample, asked.came)


def _of_date(asked: Asked, values: Floats, weights: Floats) -> tuple[Forecast, float]:
    days, place = np.unique(np.where(np.isinf(values), asked.never, values).ravel(), return_inverse=True)
    by_day: Floats = np.bincount(place.ravel(), weights.ravel(), len(days)).astype(np.float64)
    quantiles = [asked.dated(day) for day in weighted_quantile(days, by_day, SHARES)]
    never = float(by_day[days >= asked.never].sum() / by_day.sum())
    ends = range_of_days(np.where(values >= asked.never, np.inf, values), weights, asked.program.days - 1)
    dated = None if ends is None else (asked.dated(ends[0]), asked.dated(ends[1]))
    found = Forecast(quantiles=dict(zip(PERCENT, quantiles, strict=True)), never=never, range=dated)
    return score_forecast(asked, found, (days, by_day)), pit(days, by_day, asked.came)


_BY_KIND = {"truth": _of_truth, "choice": _of_choice, "number": _of_number, "date": _of_date}


def point(asked: Asked, value: float, margin: float, assumes: str = "") -> Forecast:
    """Return the forecast of one value, scored.

    Parameters
    ----------
    asked
        The question, with its outcome.
    value
        A share for a yes/no, else a number, or a day counted from 0.
    margin
        How far a share is kept from 0 and 1: a sure forecast that is wrong would lose without bound.
    assumes
        What the forecast takes for granted.

    Returns
    -------
    Forecast
        All of its quantiles are the value, and all of its probability lies on it.
    """
    if asked.kind == "truth":
        return score_forecast(asked, Forecast(probability=min(max(value, margin), 1 - margin), assumes=assumes))
    sample = (np.array([value]), np.ones(1))
    if asked.kind == "number":
        return score_forecast(asked, Forecast(quantiles=dict.fromkeys(PERCENT, value), assumes=assumes), sample)
    day = asked.dated(value)
    told = Forecast(quantiles=dict.fromkeys(PERCENT, day), never=float(day is None), assumes=assumes)
    return score_forecast(asked, told, sample)


def score_forecast(asked: Asked, found: Forecast, sample: tuple[Floats, Floats] | None = None) -> Forecast:
    """Return a forecast with its scores.

    Days are scored as numbers, counted from the first, and a day that never comes as one beyond the last.

    Parameters
    ----------
    asked
        The question, with its outcome.
    found
        The forecast without scores.
    sample
        For a number or a date: the distribution behind it, values in the question's unit or days from 0, ``[draws]``,
        and weights, ``[draws]``; infinity is never.

    Returns
    -------
    Forecast
        The same with ``scores`` by name: ``brier``, ``log`` and ``spherical`` of a yes/no or a choice; ``crps``,
        ``interval_90`` and ``interval_50`` of a number or a date, in its unit.
    """
    if asked.kind == "truth":
        assert found.probability is not None
        yes = (found.probability, bool(asked.outcome))
        return replace(found, scores={"brier": brier(*yes), "log": logarithmic(*yes), "spherical": spherical(*yes)})
    if asked.kind == "choice":
        assert found.shares is not None
        one_of = (found.shares, str(asked.outcome))
        scores = {"brier": brier_of_shares(*one_of), "log": logarithmic_of_shares(*one_of)}
        return replace(found, scores=scores | {"spherical": spherical_of_shares(*one_of)})
    assert sample is not None
    values, weights = np.where(np.isinf(sample[0]), asked.never, sample[0]), sample[1]
    if asked.kind == "date":
        values = np.minimum(values, asked.never)
    lowest, low, _, high, highest = weighted_quantile(values, weights, SHARES)
    scores = {
        "crps": crps(values, weights, asked.came),
        "interval_90": interval_score(lowest, highest, asked.came, 0.9),
        "interval_50": interval_score(low, high, asked.came, 0.5),
    }
    return replace(found, scores=scores)


def _ordered(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return what has weight in rising order, flat: it is sorted once for quantiles and scores."""
    counted = weights > 0
    flat, heavy = values[counted], weights[counted]
    order = np.argsort(flat, kind="stable")
    return flat[order], heavy[order]


def _clear(share: float) -> float:
    return min(max(share, LEAST), 1 - LEAST)
