"""The simplest forecasts that look at no day of this crisis: a coin, and what became of cases like this one."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
from numpy.typing import NDArray

from detente.equations.syntax import Aggregate
from detente.hindcast.predictive import Predictive, beta_interval, predictive
from detente.hindcast.result import Forecast
from detente.results import weighted_quantile
from detente.scenario import Case
from detente.scenario.waiting import Waiting, waiting_of

__all__ = ["base_rate", "base_rate_sample", "even_odds", "foretold"]

PERCENTS = (5, 25, 50, 75, 95)
PARTS = 24
"""Parts of a day at which a length of time is looked at that is not counted in whole days."""
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
        return Forecast(probability=0.5, assumes="Nothing is known.")
    if kind.name == "choice":
        shares = dict.fromkeys(kind.alternatives, 1 / len(kind.alternatives))
        return Forecast(shares=shares, assumes="Nothing is known.")
    return None


def foretold(case: Case, question: str) -> tuple[Predictive, Waiting] | None:
    """Return what the reference class of a question foretells at the case's ``as_of``, and what the question waits for.

    Returns
    -------
    tuple or None
        None where the question names no class, or no case of it lasted as long as this one has.
    """
    waiting = waiting_of(case, question)
    named = case.elements.reference_classes.get(waiting.reference_class) if waiting is not None else None
    if waiting is None or named is None:
        return None
    found = predictive(named, waiting.lasted(case.scenario.as_of))
    return None if found is None else (found, waiting)


def base_rate(case: Case, question: str) -> Forecast | None:
    """Return what became of cases like this one, as a forecast for the days that the question asks about.

    From a reference class with days: among the cases that lasted longer than this one has at the case's ``as_of``, the
    share that lasts to the question's last day, or the distribution of the day, or of the number of days; one more case
    of which nothing is known is counted beside them (:class:`detente.hindcast.predictive.Predictive`). From an outside
    view, which counts cases and no days: ``(happened + 1/2) / (of + 1)``, Jeffreys' estimate. Neither is ever 0 or 1
    where cases are known.

    Parameters
    ----------
    case
        The case as it stood at the cut.
    question
        One of its questions, which is still open.

    Returns
    -------
    Forecast or None
        Not scored yet; its range is the 5th to 95th percentile of the share among all such cases. None where the
        question names neither, where its class says nothing of its kind of answer, or where no case of the class lasted
        as long as this one has.

    References
    ----------
    L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16 (2001),
    for the half.
    """
    kind = case.elements.questions[question].kind
    view = case.scenario.outside_views.get(case.scenario.questions[question].outside_view or "")
    if kind.name == "truth" and view is not None:
        share = (view.happened + 0.5) / (view.of + 1)
        says = f"It goes as in the cases counted: it happened in {view.happened} of {view.of}."
        return Forecast(
            probability=share, range=beta_interval(view.happened + 0.5, view.of + 1), assumes=says, cases=float(view.of)
        )
    found = foretold(case, question)
    if found is None:
        return None
    told, waiting = found
    if kind.name == "truth":
        return _of_truth(told, waiting)
    sample = base_rate_sample(case, question)
    if sample is None:
        return None
    values, weights = sample
    quantiles = weighted_quantile(values, weights, tuple(percent / 100 for percent in PERCENTS))
    if kind.name == "number":
        by_percent = {str(percent): value for percent, value in zip(PERCENTS, quantiles, strict=True)}
        return Forecast(quantiles=by_percent, assumes=_assumes(told), cases=told.cases)
    first = dt.date.fromisoformat(case.scenario.starts)
    days = [None if math.isinf(value) else (first + dt.timedelta(days=int(value))).isoformat() for value in quantiles]
    return Forecast(
        quantiles={str(percent): day for percent, day in zip(PERCENTS, days, strict=True)},
        never=float(weights[np.isinf(values)].sum() / weights.sum()),
        assumes=_assumes(told), cases=told.cases,
    )  # fmt: skip


def _of_truth(told: Predictive, waiting: Waiting) -> Forecast | None:
    if waiting.ends is None or waiting.lasts is None:
        return None
    days = waiting.days_until(waiting.ends)
    share, ends = told.at_least(days), told.interval(days)
    if not waiting.lasts:
        share, ends = 1 - share, (1 - ends[1], 1 - ends[0])
    return Forecast(probability=share, range=ends, assumes=_assumes(told), cases=told.cases)


def _assumes(told: Predictive) -> str:
    """Say what is assumed, and of how many cases."""
    if told.lasted <= 0:
        return (
            f"It goes as in the {told.of} cases of its class." if told.of > 1 else "It goes as in the one case known."
        )
    cases = round(told.cases) if told.cases >= 1 else 1
    those = "the one case" if cases == 1 else f"the {cases} cases"
    return f"It goes on as in {those}, of {told.of}, that had lasted as long as this one."


def base_rate_sample(case: Case, question: str) -> Sample | None:
    """Return the distribution behind the base rate of a date or of a number of days.

    Parameters
    ----------
    case, question
        As for :func:`base_rate`.

    Returns
    -------
    tuple or None
        Values and weights, ``[m]``. For a date: days from the first day of the case, infinite where the end lies beyond
        the last. For a number: days, at most as many as the case has, since the model counts no more; whole ones where
        the question counts days.
    """
    asked = case.elements.questions[question]
    kind, first, days = asked.kind, dt.date.fromisoformat(case.scenario.starts), case.scenario.days
    is_time = (
        kind.name == "number" and kind.unit is not None and case.units.compatible(kind.unit, case.units.parse("day"))
    )
    found = foretold(case, question)
    if found is None or not (kind.name == "date" or is_time):
        return None
    told, waiting = found
    offset = -waiting.days_until(dt.datetime.combine(first, dt.time(), waiting.began.tzinfo))
    if kind.name == "number" and not (isinstance(asked.node, Aggregate) and asked.node.function == "days"):
        lasts = np.array([told.at_least(part / PARTS) for part in range(days * PARTS + 1)])
        return np.append((np.arange(days * PARTS) + 0.5) / PARTS, days), np.append(-np.diff(lasts), lasts[-1])
    weights, ends = told.per_day(offset, days), np.arange(days + 1, dtype=np.float64)
    if kind.name == "date":
        return np.append(ends[:-1], np.inf), weights
    node = asked.node
    assert isinstance(node, Aggregate)
    began = max(math.floor(offset), 0) if node.first is None else max((node.first - first).days, math.floor(offset))
    last = days if node.last is None else (node.last - first).days + 1
    return np.clip(ends, began, last) - began, weights
