"""Bounds that a case declares: whether any is crossed is counted in every run; which, and when, is looked up if so.

Nothing is clipped: a number beyond its bounds says that the equations do not hold there.
"""

from __future__ import annotations

import numpy as np

from detente.dynamics.ensemble import Ensemble, Part
from detente.dynamics.program import Program, literal, with_summaries
from detente.equations import Kind, Node
from detente.equations.syntax import Aggregate, Binary, Compare, Logical, Name, Number
from detente.results import CrossedBound
from detente.scenario import BoundElement, Equation

__all__ = ["CROSSED", "any_crossing", "crossed_bounds", "crossings"]

CROSSED = "bounds/crossed"
"""The hidden summary that says whether any bound was crossed in a world."""
MARGIN = 1e-4
"""How far beyond a bound a number must lie, as a part of 1 and of its largest start: less is rounding."""
LOOKED_AT = 4_096
"""Draws in which it is looked up which bounds are crossed; further ones only until a crossing is met."""


def any_crossing(program: Program) -> Equation | None:
    """Return the summary that says whether any bound is crossed on any day; None where the case declares none."""
    beyond = tuple(_beyond(program, bound) for bound in program.elements.bounds)
    if not beyond:
        return None
    node = Aggregate("ever", beyond[0] if len(beyond) == 1 else Logical("or", beyond))
    return Equation(CROSSED, "hidden", Kind("truth"), node, ("hidden", CROSSED))


def crossings(program: Program) -> tuple[Equation, ...]:
    """Return for each bound the day on which it is crossed first, in the order in which the case declares them."""
    return tuple(
        Equation(f"{bound.element}/{bound.side}", "hidden", Kind("date"),
                 Aggregate("first_day", _beyond(program, bound)), bound.path)
        for bound in program.elements.bounds
    )  # fmt: skip


def _beyond(program: Program, bound: BoundElement) -> Node:
    """Return whether an element lies beyond a bound today, by more than rounding.

    What is left of the limit and of rounding is one number where the limit is one: nothing to be worked out each day.
    """
    stock = program.elements.stocks.get(bound.element)
    start = program.elements.parameters.get(stock.start) if stock is not None else None
    largest = (
        max((abs(end) for arm in start.arms for end in (arm.range.low, arm.range.high)), default=0.0) if start else 0
    )
    margin = MARGIN * (1 + largest)
    sign, comparison = ("-", "<") if bound.side == "below" else ("+", ">")
    limit: Node = Binary(sign, bound.limit, Number(margin))
    if isinstance(bound.limit, Number):
        exact = literal(bound.limit, program.units)
        limit = Number(exact - margin if sign == "-" else exact + margin)
    return Compare((comparison,), (Name(bound.element), limit))


def crossed_bounds(ensemble: Ensemble, part: Part) -> tuple[CrossedBound, ...]:
    """Return the bounds that are crossed in some world of a part: in what share of its worlds, and on which day first.

    Shares count worlds by their weight, as answers do.
    """
    program = ensemble.program
    place = next((n for n, summary in enumerate(program.summaries) if summary.name == CROSSED), None)
    if place is None or not part.tally.levels(place).get(1.0):
        return ()
    alone = with_summaries(program, crossings(program), instead=True)
    days, log_weight = ensemble.first_days(alone, part.design, LOOKED_AT)
    weights = np.exp(np.nan_to_num(log_weight - log_weight.max(), nan=-np.inf)).astype(np.float64)
    found = []
    for bound, first in zip(program.elements.bounds, days, strict=True):
        worlds = np.isfinite(first) & (weights > 0)
        if worlds.any():
            share = float(weights[worlds].sum() / weights.sum())
            day = program.date_of(int(first[worlds].min()))
            found.append(CrossedBound(bound.element, bound.side, bound.text, share, day.isoformat()))
    return tuple(sorted(found, key=lambda one: -one.share))
