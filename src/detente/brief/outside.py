"""The outside view of a question that names a reference class: how long cases like it lasted, beside this model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.analysis.outside import OutsideDays
from detente.brief.figure import Figure
from detente.brief.naming import cites_of
from detente.brief.wording import amount, day, outside
from detente.run import OutsideView
from detente.scenario import Case

if TYPE_CHECKING:
    from detente.brief.figures.outside import Curve
    from detente.hindcast.base_rates import Survival
    from detente.hindcast.predictive import Predictive
    from detente.hindcast.result import Lasting

__all__ = ["Outside", "curve_of_quantiles", "outside_of", "outside_words", "reached_by_cut"]


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


def outside_of(case: Case, question: str, lasting: Lasting | None, model: Curve, name: str) -> Outside | None:
    """Return the reference class that a question names beside the model; None where it names none.

    Parameters
    ----------
    case, question
        What was asked.
    lasting
        How long the cases of that class lasted.
    model
        How long it lasts in this model's worlds: days from the beginning and the share still going; empty for none.
    name
        Of the figure.

    Returns
    -------
    Outside or None
        The class and its figure, in days.
    """
    if lasting is None:
        return None
    from detente.brief.figures.outside import lasting_figure  # data alone does without figures

    found, asks = lasting.survival, case.scenario.questions[question].asks
    furthest = _furthest(found, model, float(case.scenario.days))
    later = _foretold(lasting.foretold, furthest)
    reached = reached_by_cut(case) if model else None
    figure = lasting_figure(name, f"Cases like it: {asks}", found, model, reached, furthest, later)
    caption = CAPTION if model else ALONE
    claims = case.elements.reference_classes[lasting.reference_class].claims
    return Outside(
        lasting.reference_class, asks, found.says, _middle(found), cites_of(case, list(claims)),
        f"{caption} {LATER}" if later else caption, figure,
    )  # fmt: skip


def _foretold(told: Predictive | None, furthest: float) -> Curve:
    """Return what the cases that had lasted as long as this one foretell of it, from now on."""
    if told is None or told.lasted >= furthest:
        return ()
    days = [told.lasted + (furthest - told.lasted) * step / FINELY for step in range(FINELY + 1)]
    return [(day, told.at_least(day)) for day in days]


def outside_words(seen: OutsideView | OutsideDays | None) -> str:
    """Say what cases like this one foretell of a question; empty where the question names nothing of the kind."""
    if not isinstance(seen, OutsideDays):
        return outside(seen)
    low, middle, high = (
        day(seen.quantiles[q]) if seen.is_day else amount(seen.quantiles[q], "day") for q in ("5", "50", "95")
    )
    return f"Outside view: {middle} (5th to 95th percentile {low} to {high}). {seen.assumes}"


def reached_by_cut(case: Case) -> float:
    """Return how many days after the beginning of the case its cut lies."""
    as_of = case.scenario.as_of
    return (as_of.date() - dt.date.fromisoformat(case.scenario.starts)).days + as_of.hour / 24


def curve_of_quantiles(quantiles: Mapping[str, Any], first: dt.date, reached: float) -> Curve:
    """Return a survival curve through the quantiles of a day: all still going at the cut, half at the middle world.

    Parameters
    ----------
    quantiles
        By percent, a date; None for never.
    first
        The day from which days are counted.
    reached
        The day of the cut, counted so.

    Returns
    -------
    list
        Days and the share still going, from 1 to 0.
    """
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
