"""What is looked at besides what a case computes: ends at which a curve can be held, and strengths of reasons."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from detente.dynamics import Program
from detente.dynamics.program import with_summaries
from detente.equations import FUNCTIONS, Kind, Node, unparse
from detente.equations.syntax import Binary, Call, Compare, Conditional, Logical, Name, Number, Unary, walk
from detente.scenario import Equation, OptionElement, StockElement
from detente.scenario.ordering import Step
from detente.validation.occasions import occasion_of

__all__ = ["ROLE", "End", "ends_of", "reason_of", "with_ends_and_reasons"]

ROLE = "watched"
"""The role of what is added: it is nothing of the case's own."""
NEAR = 1e-6
"""How near to 0 or to 1, or how far beyond an end, is told from rounding."""


@dataclass(frozen=True)
class End:
    """An end at which a curve can be held: of which element, what it is, and whether it is there today."""

    element: str
    says: str
    node: Node
    measure: bool = False

    @property
    def name(self) -> str:
        """Under which name it is computed."""
        return f"{self.element}/at {self.says}"


def reason_of(decision: str, number: int) -> str:
    """Return under which name the strength of a decision's reason is computed, on days on which it comes up."""
    return f"{decision}/reason {number}"


def with_ends_and_reasons(program: Program) -> Program:
    """Return a program that has occasions with one more yes/no for each end, and the strength of each reason."""
    ends: dict[str, list[Equation]] = {}
    for end in ends_of(program):
        ends.setdefault(end.element, []).append(Equation(end.name, ROLE, Kind("truth"), end.node, (ROLE, end.name)))
    of_measures = {end.element for end in ends_of(program) if end.measure}
    order: list[Step] = []
    for step in program.order:
        if isinstance(step, OptionElement) and step.decision is not None:
            order.extend(_reasons(step))
        order.append(step)
        order.extend(ends.get(step.name, []))
    for stock in program.stocks:
        order.extend(ends.get(stock.name, []))
    summaries = tuple(one for name in sorted(of_measures) for one in ends[name])
    return with_summaries(replace(program, order=tuple(order)), summaries)


def ends_of(program: Program) -> tuple[End, ...]:
    """Return every end at which a stock, flow, auxiliary or measure can be held.

    What an expression cuts off by ``clip``, or as a whole by ``min`` or ``max`` with a number; the declared bounds, but
    for 0 of what is counted, which may well be used up; and 0 and 1 of what has no unit.
    """
    found: dict[str, End] = {}
    elements = program.elements
    measures = [one for one in program.summaries if one.role == "measure" and one.kind.name == "number"]
    for step in (*program.order, *program.stocks, *measures):
        if isinstance(step, Equation | StockElement) and (isinstance(step, StockElement) or step.kind.name == "number"):
            node = step.change if isinstance(step, StockElement) else step.node
            for says, cut in _cut(node):
                end = End(step.name, says, cut, step in measures)
                found.setdefault(end.name, end)
    for bound in elements.bounds:
        stock = elements.stocks.get(bound.element)
        unused = isinstance(bound.limit, Number) and bound.limit.value == 0 and _has_unit(program, Name(bound.element))
        if stock is not None and not unused:
            end = End(bound.element, f"its bound, {bound.side} {bound.text}", _at(Name(bound.element), bound.limit))
            found.setdefault(end.name, end)
    for one in (*(stock.name for stock in program.stocks), *(m.name for m in measures)):
        if not _has_unit(program, Name(one)):
            for value in (0, 1):
                end = End(one, f"{value}", _at(Name(one), Number(float(value))), one not in elements.stocks)
                bounded = any(b.element == one and b.text == f"{value}" for b in elements.bounds)
                if not bounded:
                    found.setdefault(end.name, end)
    return tuple(found.values())


def _reasons(step: OptionElement) -> Iterator[Equation]:
    """Yield how strong each reason is where the decision comes up; no number where it does not."""
    assert step.decision is not None
    for number, lean in enumerate(step.decision.leans):
        if not _draws(lean.strength):
            strength = Call("clip", (lean.strength, Number(0.0), Number(1.0)))
            node = Conditional(Name(occasion_of(step.name)), strength, Number(math.nan))
            name = reason_of(step.name, number)
            yield Equation(name, ROLE, Kind("number"), node, (ROLE, name))


def _cut(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield each end at which an expression cuts something off, and whether it does today."""
    if isinstance(node, Call) and node.function in ("min", "max") and len(node.arguments) == 2:
        plain = [one for one in node.arguments if isinstance(one, Number)]
        inner = [one for one in node.arguments if not isinstance(one, Number)]
        if len(plain) == len(inner) == 1 and not _draws(inner[0]):
            beyond = ">" if node.function == "min" else "<"
            yield f"the end {unparse(plain[0])} of {node.function}", _beyond(inner[0], beyond, plain[0])
    for part in walk(node):
        if isinstance(part, Call) and part.function == "clip" and not _draws(part):
            inner_, low, high = part.arguments
            for limit, beyond in ((low, "<"), (high, ">")):
                yield f"the end {unparse(limit)} of clip", _beyond(inner_, beyond, limit)


def _beyond(inner: Node, sign: str, limit: Node) -> Node:
    margin = Binary("-" if sign == "<" else "+", limit, Number(NEAR))
    return Compare((sign,), (inner, margin))


def _at(one: Node, limit: Node) -> Node:
    far = Binary("-", one, limit)
    return Logical("and", (Compare(("<=",), (far, Number(NEAR))), Compare((">=",), (far, Unary("-", Number(NEAR))))))


def _draws(node: Node) -> bool:
    """Whether an expression takes luck or keeps anything, which a second reading would do by itself."""
    return any(isinstance(one, Call) and FUNCTIONS[one.function].kind in ("draw", "memory") for one in walk(node))


def _has_unit(program: Program, node: Name) -> bool:
    kind = program.elements.kinds.get(node.id)
    if kind is None:
        kind = next((one.kind for one in program.summaries if one.name == node.id), None)
    return kind is None or kind.unit is None or bool(kind.unit.dimensions)
