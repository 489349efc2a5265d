"""The simplest forecasts that need no model: a coin, and what became of cases like this one."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
from numpy.typing import NDArray

from detente.hindcast.base_rates import lasting_times, survival
from detente.hindcast.result import Forecast
from detente.results import weighted_quantile
from detente.scenario import Case

__all__ = ["base_rate", "base_rate_sample", "even_odds"]

PERCENTS = (5, 25, 50, 75, 95)
Sample = tuple[NDArray[np.float64], NDArray[np.float64]]


def even_odds(case: Case, question: str) -> Forecast | None:
    """Return the forecast of somebody who knows nothing: one half, or an equal share for each alternative.

    Parameters
    ----------
    case
        The case.
    question
        One of its questions.

    Returns
    -------
    Forecast or None
        Not scored yet; None for a number or a date, for which there is no such thing.
    """
    kind = case.elements.questions[question].kind
    if kind.name == "truth":
        return Forecast(probability=0.5)
    if kind.name == "choice":
        return Forecast(shares=dict.fromkeys(kind.alternatives, 1 / len(kind.alternatives)))
    return None


def base_rate(case: Case, question: str, begins: dt.date | None = None) -> Forecast | None:
    """Return what became of cases like this one, as a forecast.

    For yes/no the question's outside view: ``(happened + 1/2) / (of + 1)``, Jeffreys' estimate, which is never 0 or 1.
    For a date, and for a number of days, how long the cases of its reference class lasted, among those that lasted
    longer than this one has at the case's ``as_of``.

    Parameters
    ----------
    case
        The case as it stood at the cut.
    question
        One of its questions, which is still open.
    begins
        The day on which what the reference class speaks of began; by default the first day of the case.

    Returns
    -------
    Forecast or None
        Not scored yet. None where the question names no such class, where its class says nothing of its kind of answer,
        or where no case of the class lasted as long as this one has.

    References
    ----------
    L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16 (2001),
    for the half.
    """
    kind = case.elements.questions[question].kind
    if kind.name == "truth":
        view = case.scenario.outside_views.get(case.scenario.questions[question].outside_view or "")
        return Forecast(probability=(view.happened + 0.5) / (view.of + 1)) if view is not None else None
    sample = base_rate_sample(case, question, begins)
    if sample is None:
        return None
    values, weights = sample
    found = weighted_quantile(values, weights, tuple(percent / 100 for percent in PERCENTS))
    if kind.name == "number":
        return Forecast(quantiles={str(percent): value for percent, value in zip(PERCENTS, found, strict=True)})
    first = dt.date.fromisoformat(case.scenario.starts)
    days = [None if math.isinf(value) else (first + dt.timedelta(days=int(value))).isoformat() for value in found]
    return Forecast(
        quantiles={str(percent): day for percent, day in zip(PERCENTS, days, strict=True)},
        never=float(weights[np.isinf(values)].sum() / weights.sum()),
    )


def base_rate_sample(case: Case, question: str, begins: dt.date | None = None) -> Sample | None:
    """Return the distribution behind the base rate of a date or of a number of days.

    Parameters
    ----------
    case, question, begins
        As for :func:`base_rate`.

    Returns
    -------
    tuple or None
        Values and weights, ``[m]``. For a date: days from the first day of the case, infinite where the end lies beyond
        the last. For a number: days, at most as many as the case has, since the model counts no more.
    """
    kind = case.elements.questions[question].kind
    named = case.elements.reference_classes.get(case.scenario.questions[question].reference_class or "")
    is_time = (
        kind.name == "number" and kind.unit is not None and case.units.compatible(kind.unit, case.units.parse("day"))
    )
    if named is None or not (kind.name == "date" or is_time):
        return None
    first = dt.date.fromisoformat(case.scenario.starts)
    began, as_of = begins or first, case.scenario.as_of
    lasted = (as_of - dt.datetime.combine(began, dt.time(), as_of.tzinfo)) / dt.timedelta(days=1)
    found = lasting_times(survival(named), max(lasted, 0.0))
    if found is None:
        return None
    times, weights = found
    if kind.name == "number":
        return np.minimum(times, case.scenario.days), weights
    days = np.floor(times) + (began - first).days
    return np.where(days < case.scenario.days, days, np.inf), weights
