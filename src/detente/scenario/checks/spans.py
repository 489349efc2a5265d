"""Between which values each name of a case lies, as far as its ranges and declared bounds tell."""

from __future__ import annotations

import datetime as dt
import math

from detente.equations import Interval, Node, interval
from detente.equations.intervals import ANYTHING
from detente.scenario.case import Case
from detente.scenario.elements import Parameter
from detente.scenario.naming import NOTHING

__all__ = ["Spans"]


class Spans:
    """Bounds of names and expressions of a case; infinite where nothing is known.

    Parameters
    ----------
    case
        The case.
    """

    def __init__(self, case: Case) -> None:
        self.case, self.elements = case, case.elements
        self.found: dict[str, Interval] = {}
        self.open: set[str] = set()
        self.points = {name: table.points for name, table in case.elements.tables.items()}

    def of(self, node: Node) -> Interval:
        """Return between which values an expression lies; one that could not be read lies anywhere."""
        return ANYTHING if node is NOTHING else interval(node, self.named, self.case.units, self.points)

    def named(self, name: str) -> Interval:
        """Return between which values a name lies; one that reads itself in a circle lies anywhere."""
        if name not in self.found:
            if name in self.open:
                return ANYTHING
            self.open.add(name)
            span = self._named(name)
            self.open.discard(name)
            if self.open:  # what was met on the way may be told too widely, because of a circle
                return span
            self.found[name] = span
        return self.found[name]

    def _named(self, name: str) -> Interval:
        elements = self.elements
        first = dt.date.fromisoformat(self.case.scenario.starts).toordinal()
        if name in ("day", "today", "as_of"):
            last = self.case.scenario.days - 1
            cut = float(self.case.free_from.date().toordinal())
            return {"day": (0.0, float(last)), "today": (float(first), float(first + last)), "as_of": (cut, cut)}[name]
        if name in elements.parameters:
            return _range(elements.parameters[name])
        if name in elements.options:
            return 0.0, float(max(len(elements.options[name].alternatives) - 1, 1))
        if name in elements.shocks:
            return 0.0, 1.0
        span = ANYTHING
        if name in elements.variables:
            variable = elements.variables[name]
            followed = any(known.follow == name for known in self.case.scenario.known.values())
            span = ANYTHING if followed else self.of(variable.node)
            if variable.kind.name == "truth":
                span = max(span[0], 0.0), min(span[1], 1.0)
        return self._within_bounds(name, span)

    def _within_bounds(self, name: str, span: Interval) -> Interval:
        """Return a span cut off at declared bounds: a run tells where these are crossed."""
        for bound in self.elements.bounds:
            if bound.element == name:
                low, high = self.of(bound.limit)
                span = (max(span[0], low), span[1]) if bound.side == "below" else (span[0], min(span[1], high))
        return span


def _range(parameter: Parameter) -> Interval:
    """Return how far a number may lie; a 90 % interval has no ends, or 0 below where both of its are positive."""
    spans = []
    for arm in parameter.arms:
        one = arm.range
        if one.shape == "interval":
            spans.append((0.0 if one.low > 0 else -math.inf, math.inf))
        else:
            spans.append((one.low, one.high))
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else ANYTHING
