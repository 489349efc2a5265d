"""In which order a day computes its elements, and which of them read one another in a circle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from detente.equations import FUNCTIONS, Node, names_in
from detente.equations.syntax import Call, Compare, Date, Logical, Name, Number
from detente.scenario.elements import (
    DecisionElement,
    Elements,
    Equation,
    OptionElement,
    ShockElement,
    StockElement,
)

__all__ = [
    "Step",
    "calendar_changes",
    "order_steps",
    "order_summaries",
    "ordered",
    "reads",
    "trees",
    "used_parameters",
]

Step = OptionElement | ShockElement | Equation
"""One thing that a day computes before the stocks move."""


def trees(step: Step | StockElement) -> Iterator[Node]:
    """Yield the expressions of an element, in a fixed order."""
    match step:
        case Equation():
            yield step.node
        case StockElement():
            yield step.change
        case ShockElement():
            yield step.when
        case OptionElement():
            if step.equation is not None:
                yield step.equation
            if step.decision is not None:
                if step.decision.when is not None:
                    yield step.decision.when
                for lean in step.decision.leans:
                    yield lean.strength


def reads(node: Node) -> set[str]:
    """Return the names whose value of the same day an expression needs; ``previous`` needs only its start."""
    match node:
        case Name():
            return {node.id}
        case Call(function="previous"):
            return reads(node.arguments[1])
        case Call(function="lookup"):
            return reads(node.arguments[0])
    found: set[str] = set()
    for child in node.children():
        found |= reads(child)
    return found


def calendar_changes(decision: DecisionElement) -> Node | None:
    """Return on which days the calendar itself changes what a decision's reasons read; None where none reads it.

    ``day`` and ``today`` change daily; ``step``, ``pulse`` and ``ramp`` on the days on which they rise or fall.
    """
    today = Name("today")
    found: list[Node] = []
    for node in (part for lean in decision.leans for part in _read_today(lean.strength)):
        if isinstance(node, Name) and node.id in ("day", "today"):
            return Compare((">",), (Name("day"), Number(0.0)))
        if not isinstance(node, Call) or FUNCTIONS[node.function].kind != "clock":
            continue
        dates = [date for date in node.arguments[1:] if isinstance(date, Date)]
        if node.function == "ramp":
            found.append(Compare(("<", "<="), (dates[0], today, dates[1])))
            continue
        found.append(Compare(("==",), (today, dates[0])))
        if node.function == "pulse" and dates[0].day < dt.date.max:
            found.append(Compare(("==",), (today, Date(dates[0].day + dt.timedelta(days=1)))))
    return found[0] if len(found) == 1 else Logical("or", tuple(found)) if found else None


def _read_today(node: Node) -> Iterator[Node]:
    """Yield every part of an expression whose value of the same day it needs."""
    yield node
    children = node.arguments[1:] if isinstance(node, Call) and node.function == "previous" else node.children()
    for child in children:
        yield from _read_today(child)


def order_steps(elements: Elements) -> tuple[list[str], list[str]]:
    """Put shocks, options, flows and auxiliaries each after what it reads on the same day.

    Returns
    -------
    tuple
        The names in order and an empty list; or an empty list and a loop, its first name repeated at its end.
    """
    steps: dict[str, Step] = {**elements.shocks, **elements.options, **elements.variables}
    return ordered({name: _needs(step) & set(steps) for name, step in steps.items()})


def order_summaries(elements: Elements) -> tuple[list[str], list[str]]:
    """Put measures, questions and signs each after the measures that it reads; or return a loop of measures."""
    measures = set(elements.measures)
    every = {**elements.measures, **elements.questions, **elements.signs}
    # A question may bear the name of the measure that answers it; a measure that reads itself is a loop.
    needs = {
        name: (names_in(summary.node) & measures) - (set() if name in measures else {name})
        for name, summary in every.items()
    }
    return ordered(needs)


def _needs(step: Step) -> set[str]:
    found: set[str] = set()
    for tree in trees(step):
        found |= reads(tree)
    if isinstance(step, OptionElement) and step.decision is not None and step.decision.when is None:
        return found - {step.name}
    return found


def ordered(needs: Mapping[str, set[str]]) -> tuple[list[str], list[str]]:
    """Sort names after what they need, in the order declared where free; or return a loop."""
    order: list[str] = []
    state: dict[str, int] = {}
    for root in needs:
        stack: list[tuple[str, Iterator[str]]] = []
        if root not in state:
            state[root] = 1
            stack.append((root, iter(sorted(needs[root]))))
        while stack:
            name, below = stack[-1]
            following = next(below, None)
            if following is None:
                state[name] = 2
                order.append(name)
                stack.pop()
            elif state.get(following) == 1:
                path = [entry[0] for entry in stack]
                return [], [*path[path.index(following) :], following]
            elif following not in state:
                state[following] = 1
                stack.append((following, iter(sorted(needs[following]))))
    return order, []


def used_parameters(elements: Elements) -> set[str]:
    """Return the numbers that something of the model reads."""
    found = {stock.start for stock in elements.stocks.values()}
    found |= {shock.chance for shock in elements.shocks.values()}
    found |= set(elements.known_errors.values())
    for decision in elements.decisions.values():
        found |= {parameter for _, parameter in decision.usual} | {lean.odds for lean in decision.leans}
    everything: list[Step | StockElement] = [
        *elements.variables.values(), *elements.shocks.values(), *elements.options.values(),
        *elements.stocks.values(), *elements.measures.values(), *elements.questions.values(), *elements.signs.values(),
    ]  # fmt: skip
    for step in everything:
        for tree in trees(step):
            found |= names_in(tree)
    for bound in elements.bounds:
        found |= names_in(bound.limit)
    return found & set(elements.parameters)
