"""The forecast that nothing changes: from what was last known, and never from what the model makes of it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Design, Forced, Program, Simulation, ancestors, direct_influences
from detente.equations import Node, walk
from detente.equations.syntax import Aggregate, On, Unary
from detente.hindcast.figures import figures
from detente.hindcast.forecasting import Asked, point
from detente.hindcast.held_path import held
from detente.hindcast.resolution import Resolution
from detente.hindcast.result import Forecast
from detente.scenario import Case

__all__ = ["MARGIN", "as_it_stood", "last_day_over", "persistence"]

MARGIN = 0.01
"""A yes/no that stands as it stood is given 1 or 99 %: nothing is sure, and a sure forecast loses without bound."""
DRAWS = 256
"""Draws in which the record must leave a thing no freedom, if it is to be taken for known."""
ALIKE = 1e-5
"""Part of its size by which the books of two worlds may differ by rounding."""
COUNTED = ("days", "total")
"""Summaries that go on to grow where what they sum up stands still."""

Floats = NDArray[np.float64]


def last_day_over(simulation: Simulation, as_of: dt.datetime) -> int | None:
    """Return the last day that was over at a moment, counted from 0 and none beyond the last; None before the first."""
    program = simulation.watch.program
    day = min(program.day_of(as_of.date()) - 1, program.days - 1)
    return day if day >= 0 else None


def as_it_stood(simulation: Simulation, forced: Forced, day: int) -> Mapping[str, Floats]:
    """Return how each course of a question went, day by day, where the record fixes it in every world.

    What the record says of releases and terms settles, by the books, how many are free and whether a truce runs. Such
    courses are the same in all worlds, whatever their numbers, readings and luck. A course that differs between worlds
    is the model's own, and is no part of what was known.

    Parameters
    ----------
    simulation
        The case, ready to run.
    forced
        What was known.
    day
        The last day that was over, counted from 0.

    Returns
    -------
    mapping
        By question, ``[day + 1]``, yes and no as 1 and 0; no number on days on which worlds differ. Questions upstream
        of which nothing was known are left out.
    """
    ensemble, watch = simulation.ensemble, simulation.watch
    design = Design("as it stood", {}, DRAWS, forced)
    reached = _reached(watch.program, forced)
    courses = {
        q: watch.series.index(name) for q, name in watch.courses.items() if name in watch.series and q in reached
    }
    lowest = dict.fromkeys(courses.values(), np.full(day + 1, np.inf))
    highest = dict.fromkeys(courses.values(), np.full(day + 1, -np.inf))
    for first in range(0, DRAWS, ensemble.block_draws):
        block = ensemble.block(design, first)
        inside = min(block.draws, DRAWS - first)
        for row in lowest:
            truth, place = block.out.places[row]
            table = np.asarray(block.out.kept.truths if truth else block.out.kept.numbers)[: day + 1, place]
            worlds = table.reshape(day + 1, *block.log_weight_by_world.shape)[..., :inside].reshape(day + 1, -1)
            lowest[row] = np.minimum(lowest[row], worlds.min(axis=1))
            highest[row] = np.maximum(highest[row], worlds.max(axis=1))
    return {question: _where_alike(lowest[row], highest[row]) for question, row in courses.items()}


def _reached(program: Program, forced: Forced) -> set[str]:
    """Return the questions that depend on something that the record sets."""
    known = {
        name
        for names, table in ((program.choices, forced.chosen), (program.follows, forced.followed))
        for name, column in zip(names, table.T, strict=True)
        if not np.isnan(column).all()
    }
    influences = direct_influences(program)
    return {
        name for name, asked in program.elements.questions.items() if known & ancestors(program, asked.node, influences)
    }


def _where_alike(low: Floats, high: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        alike = high - low <= ALIKE * np.maximum(np.abs(low), np.abs(high))
    return np.where(alike & np.isfinite(low), (low + high) / 2, np.nan)


def persistence(asked: Asked, case: Case, resolution: Resolution, stood: Floats | None) -> Forecast | None:
    """Return the forecast that nothing changes, scored; None where nothing says how things stood.

    What may happen once and had not, as the question is still open, does not come. What the record has figures of stays
    at the last of them. Else what the record fixes by the books (:func:`as_it_stood`) stays as it was on the last day
    that was over, and days go on to be counted while what they count goes on.

    Parameters
    ----------
    asked
        The question.
    case
        The case as it stood at the cut.
    resolution
        When the outcome became known: on an earlier day the question was open.
    stood
        The course of the question by the books, ``[days that were over]``, if it has one.

    Returns
    -------
    Forecast or None
        Of one value; None of a choice too.
    """
    if asked.kind == "choice":
        return None
    node = asked.equation.node
    value = _not_come(asked, node) if resolution.resolved > case.scenario.as_of.date() else None
    says = "It had not happened, and does not." if value is not None and not _lasting(node) else "It goes on."
    if value is None:
        value, says = held(asked.program, node, figures(case)), "It stays as the record last has it."
    if value is None and stood is not None:
        value, says = _by_the_books(asked, node, stood), "It stays as what is known leaves it."
    if value is None or (asked.kind == "date" and not math.isinf(value)):
        return None  # a day that has come leaves nothing that could stay
    return point(asked, asked.never if math.isinf(value) else value, MARGIN, says)


def _not_come(asked: Asked, node: Node) -> float | None:
    """Return the answer of a question on what comes once, as long as it has not come; None of another question."""
    if isinstance(node, Unary) and node.operator == "not":
        inner = _not_come(asked, node.operand)
        return None if inner is None else 1.0 - inner
    if isinstance(node, Aggregate):
        return {"ever": 0.0, "always": 1.0, "first_day": math.inf}.get(node.function)
    return None


def _lasting(node: Node) -> bool:
    return (isinstance(node, Unary) and not _lasting(node.operand)) or (
        isinstance(node, Aggregate) and node.function == "always"
    )


def _by_the_books(asked: Asked, node: Node, stood: Floats) -> float | None:
    """Carry a course that the record fixes on to the question's day."""
    last, inside = float(stood[-1]), node.operand if isinstance(node, On | Aggregate) else node
    if np.isnan(last) or any(isinstance(part, On | Aggregate) for part in walk(inside)):
        return None  # of sums over days that are still to come a course says nothing
    if asked.kind == "date":
        return math.inf if last < 0.5 else None
    if isinstance(node, Aggregate) and node.function in COUNTED:
        before = float(stood[-2]) if len(stood) > 1 else 0.0
        ends = asked.program.days - 1 if node.last is None else asked.program.day_of(node.last)
        begins = 0 if node.first is None else asked.program.day_of(node.first)
        if np.isnan(before) or begins >= len(stood):
            return None
        return last + (last - before) * max(ends - (len(stood) - 1), 0)
    return last
