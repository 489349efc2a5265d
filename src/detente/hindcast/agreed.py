"""The forecast that what was agreed is kept: the term of a truce, or the number promised."""

from __future__ import annotations

import datetime as dt

from detente.equations.syntax import Aggregate, On
from detente.hindcast.forecasting import Asked, point
from detente.hindcast.persistence import MARGIN
from detente.hindcast.result import Forecast
from detente.scenario import Case

__all__ = ["agreed"]


def agreed(asked: Asked, case: Case, question: str) -> Forecast | None:
    """Return what comes if the parties keep to what they had last agreed by the cut, scored.

    Parameters
    ----------
    asked
        The question.
    case
        The case as it stood at the cut.
    question
        Its name. The case names the measure of the record that says what was agreed: a day on which what the question
        is about ends, or a number in its unit.

    Returns
    -------
    Forecast or None
        None where the question names no such measure, nothing was agreed by the cut, or the term had run out.
    """
    measure = case.scenario.questions[question].agreed
    rows = [row for row in case.observations if row.measure == measure and row.value is not None]
    if measure is None or not rows:
        return None
    last = max(rows, key=lambda row: row.known_at).value
    if isinstance(last, str):
        return _until(asked, dt.date.fromisoformat(last), case.scenario.as_of.date())
    if asked.kind == "date":
        return None
    return point(asked, float(last or 0.0), MARGIN, "What was agreed is kept.")


def _until(asked: Asked, ends: dt.date, today: dt.date) -> Forecast | None:
    """Return what it means for a question that something ends on a day: it is no longer so on that day."""
    node, says = asked.equation.node, f"It ends as agreed, on {ends.day} {ends:%B %Y}."
    if ends < today:
        return None
    if asked.kind == "date":
        return point(asked, min(asked.day(ends), asked.never), MARGIN, says)
    if asked.kind == "truth":
        return point(asked, float(node.day < ends), MARGIN, says) if isinstance(node, On) else None
    if isinstance(node, Aggregate) and node.function == "days":
        first = 0.0 if node.first is None else asked.day(node.first)
        last = asked.never if node.last is None else asked.day(node.last) + 1
        return point(asked, max(min(asked.day(ends), last) - first, 0.0), MARGIN, says)
    return None
