"""The outside view of a question that names a reference class: how long cases like it lasted, beside this model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.brief.figure import Figure
from detente.brief.naming import cites_of
from detente.brief.wording import amount, day, outside
from detente.run import OutsideView, Run
from detente.scenario import Case

if TYPE_CHECKING:
    from detente.brief.figures.outside import Curve
    from detente.hindcast.base_rates import Survival

__all__ = ["Outside", "curve_of_quantiles", "outside_of", "reached_by_cut", "seen_from_outside"]


CAPTION = (
    "Thick: this model’s worlds, which follow what was known up to the cut. Broken: cases like it, with their 95 % "
    "interval. They stand side by side and are not put together."
)
ALONE = "Broken: the share of cases like it in which it was still to come, with its 95 % interval."
LATER = (
    "Thin: how long those of them last that had lasted as long as this one, with one more beside them of which no more "
    "is known than that."
)
FINELY = 200
"""Parts into which the days drawn are cut."""
BEYOND = 1.25
"""How much further is drawn than the last day on which either curve falls."""
ALMOST_NONE = 0.04


@dataclass(frozen=True)
class Outside:
    """A reference class beside the model.

    Parameters
    ----------
    name
        The class.
    asks
        The question that names it.
    says
        What its cases are, how many, and what is not known of them.
    middle
        How long the middle one of them lasted.
    cites
        Where that is said.
    caption
        What is drawn.
    figure
        Its survival curve, with the model's beside it where there is one.
    """

    name: str
    asks: str
    says: str
    middle: str
    cites: str
    caption: str
    figure: Figure


def outside_of(case: Case, question: str, model: Curve, name: str) -> Outside | None:
    """Return the reference class that a question names beside the model; None where it names none.

    Parameters
    ----------
    case, question
        What was asked.
    model
        How long it lasts in this model's worlds: days from the beginning and the share still going; empty for none.
    name
        Of the figure.
    """
    entry = case.scenario.questions.get(question)
    reference_class = case.elements.reference_classes.get(
        entry.reference_class.name if entry and entry.reference_class else ""
    )
    if entry is None or reference_class is None:
        return None
    from detente.brief.figures.outside import lasting_figure  # data alone does without figures
    from detente.hindcast.base_rates import survival  # only a case with such classes waits for it

    found = survival(reference_class)
    furthest = _furthest(found, model, float(case.scenario.days))
    later = _foretold(case, question, furthest)
    figure = lasting_figure(
        name, f"Cases like it: {entry.asks}", found, model, reached_by_cut(case) if model else None, furthest, later
    )
    caption = CAPTION if model else ALONE
    return Outside(
        reference_class.name, entry.asks, found.says, _middle(found), cites_of(case, list(reference_class.claims)),
        f"{caption} {LATER}" if later else caption, figure,
    )  # fmt: skip


def _foretold(case: Case, question: str, furthest: float) -> Curve:
    """Return what the cases that had lasted as long as this one foretell of it, from now on."""
    from detente.hindcast.baselines import foretold  # as above

    told = foretold(case, question)
    if told is None or told[0].lasted >= furthest:
        return ()
    first = told[0].lasted
    days = [first + (furthest - first) * step / FINELY for step in range(FINELY + 1)]
    return [(day, told[0].at_least(day)) for day in days]


def seen_from_outside(run: Run, question: str) -> tuple[str, OutsideView | None]:
    """Say what cases like this one foretell of a question, in its own kind of answer and for its own days.

    Parameters
    ----------
    run, question
        What was run, and one of its questions.

    Returns
    -------
    tuple
        A sentence, empty where the question names nothing of the kind; and for yes/no the share and its interval.
    """
    case = run.case
    counted = run.outside_view(question)
    if counted is not None or case.scenario.questions[question].reference_class is None:
        return outside(counted), counted
    from detente.hindcast.baselines import base_rate, foretold  # only a case with such classes waits for it

    told, found = base_rate(case, question), foretold(case, question)
    if told is None or found is None:
        return "", None
    predicted, waiting = found
    named = case.elements.reference_classes[waiting.reference_class]
    if told.probability is not None and waiting.ends is not None:
        ends = predicted.interval(waiting.days_until(waiting.ends), 0.95)
        ends = ends if waiting.lasts else (1 - ends[1], 1 - ends[0])
        cases = max(round(predicted.cases), 1)
        view = OutsideView(
            f"{named.says.rstrip('. ')}. {told.assumes}", round(told.probability * cases), cases, told.probability,
            ends, named.claims,
        )  # fmt: skip
        return outside(view), view
    quantiles = told.quantiles or {}
    is_day = told.never is not None
    low, middle, high = (day(quantiles[q]) if is_day else amount(quantiles[q], "day") for q in ("5", "50", "95"))
    return f"Outside view: {middle} (5th to 95th percentile {low} to {high}). {told.assumes}", None


def reached_by_cut(case: Case) -> float:
    """Return how many days after the beginning of the case its cut lies."""
    as_of = case.scenario.as_of
    return (as_of.date() - dt.date.fromisoformat(case.scenario.starts)).days + as_of.hour / 24


def curve_of_quantiles(quantiles: Mapping[str, Any], first: dt.date, reached: float) -> Curve:
    """Return a survival curve through the quantiles of a day: all still going at the cut, half at the middle world."""
    curve = [(0.0, 1.0), (reached, 1.0)]
    for percent in ("5", "25", "50", "75", "95"):
        day = quantiles[percent]
        if day is not None:
            curve.append((float((dt.date.fromisoformat(day) - first).days), 1 - int(percent) / 100))
    return curve


def _furthest(found: Survival, model: Curve, days: float) -> float:
    """Return the last day worth drawing: a little beyond that on which a curve still falls, within the case's days."""
    if not found.steps:
        return days
    falls = [day for day, share in model if share > ALMOST_NONE]
    return min(days, round(BEYOND * max((1.0, found.days[-1], *falls)) + 1))


def _middle(found: Survival) -> str:
    if found.median is None:
        return "The middle case is not told: fewer than half had ended, as far as is known."
    if found.median < 1:
        return f"The middle case: about {amount(max(round(24 * found.median), 1), 'hour')}."
    return f"The middle case: {amount(found.median, 'day')}."
