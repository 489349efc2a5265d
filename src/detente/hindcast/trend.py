"""The forecast that the pace stays: the last two figures of a count that only grows, drawn on."""

from __future__ import annotations

from itertools import pairwise

from detente.equations.syntax import Name, On
from detente.hindcast.figures import figures
from detente.hindcast.forecasting import Asked, point
from detente.hindcast.result import Forecast
from detente.scenario import Case

__all__ = ["trend"]


def trend(asked: Asked, case: Case) -> Forecast | None:
    """Return what a count comes to if it goes on growing as it did between its last two figures, scored.

    Parameters
    ----------
    asked
        A question on the value of one element on a day, or on the last day.
    case
        The case as it stood at the cut.

    Returns
    -------
    Forecast or None
        None for any other question, for a rate, and where the record has fewer than two figures, or one that lies below
        an earlier one: no such count only grows.
    """
    node, program = asked.equation.node, asked.program
    counted, day = (node.operand, program.day_of(node.day)) if isinstance(node, On) else (node, program.days - 1)
    unit = asked.equation.kind.unit
    is_rate = unit is not None and dict(unit.dimensions).get("day", 0) < 0
    if asked.kind != "number" or not isinstance(counted, Name) or is_rate:
        return None
    told, measure = figures(case), program.elements.measures.get(counted.id)
    if counted.id not in told and measure is not None and isinstance(measure.node, Name):
        counted = measure.node
    known = [(at, value) for at, value in told.get(counted.id, {}).items() if at <= day]
    if len(known) < 2 or any(later < value for (_, value), (_, later) in pairwise(known)):
        return None
    (before, earlier), (at, last) = known[-2:]
    drawn_on = last + (last - earlier) / (at - before) * (day - at)
    return point(asked, drawn_on, 0.0, "It grows at the pace of the last two figures.")
