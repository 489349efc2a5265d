"""The object that the dynamics work on: the equations of a case in the order in which a day computes them.

This is the only file of the package that reads a scenario.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from detente.equations import FUNCTIONS, Node, Unit, UnitSystem, infer, names_in, walk
from detente.equations.syntax import Aggregate, Call, Name, Number, On
from detente.errors import CaseError, Finding
from detente.scenario import (
    Case,
    Elements,
    Equation,
    OptionElement,
    ShockElement,
    StockElement,
    TableElement,
)

__all__ = ["Program", "Step", "build_program", "reads"]

Step = OptionElement | ShockElement | Equation
"""One thing that a day computes before the stocks move."""


@dataclass(frozen=True)
class Program:
    """The equations of a case, ordered.

    Parameters
    ----------
    case_hash, starts, days, method, substeps
        As the case says.
    parameters
        Names of the numbers that vary, in the order of the kernel's rows.
    exact
        Numbers that are the same in every world, by name.
    stocks
        What accumulates.
    order
        Shocks, options and variables, each after what it reads on the same day.
    summaries
        Measures, questions and signs: computed when the day is over.
    tables
        Straight lines between points.
    choices
        Options and shocks that can be forced, in the order of the kernel's columns.
    follows
        Flows and auxiliaries that the record may set, in the order of the kernel's columns.
    observed
        Triples (record measure, element, parameter of the error).
    kinds, units
        What each name is, and how units are read.
    """

    case_hash: str
    starts: dt.date
    days: int
    method: str
    substeps: int
    parameters: tuple[str, ...]
    exact: Mapping[str, float]
    stocks: tuple[StockElement, ...]
    order: tuple[Step, ...]
    summaries: tuple[Equation, ...]
    tables: Mapping[str, TableElement]
    choices: tuple[str, ...]
    follows: tuple[str, ...]
    observed: tuple[tuple[str, str, str], ...]
    elements: Elements
    units: UnitSystem

    @cached_property
    def sites(self) -> tuple[tuple[str, str], ...]:
        """Every place that takes a uniform number a day: element and site."""
        found: list[tuple[str, str]] = []
        for step in self.order:
            if isinstance(step, ShockElement) or (isinstance(step, OptionElement) and step.decision is not None):
                found.append((step.name, "choice"))
            found.extend((step.name, str(number)) for number, _ in numbered(step, "draw"))
        for stock in self.stocks:
            found.extend((stock.name, str(number)) for number, _ in numbered(stock, "draw"))
        return tuple(found)

    @cached_property
    def held(self) -> frozenset[str]:
        """Names whose value stays through the sub-steps of a day: choices, chances and what is drawn."""
        return frozenset(
            step.name
            for step in self.order
            if not isinstance(step, Equation) or next(numbered(step, "draw"), None) is not None
        )

    def alternative(self, name: str, around: Sequence[Node]) -> int:
        """Return the position of an alternative among those of the option mentioned nearest around it."""
        for node in reversed(around):
            for mentioned in sorted(names_in(node)):
                kind = self.elements.kinds.get(mentioned)
                if kind is not None and name in kind.alternatives:
                    return kind.alternatives.index(name)
        raise KeyError(name)

    def is_truth(self, node: Node) -> bool:
        """Whether an expression of this program gives yes or no."""
        kind, _ = infer(node, self.elements.kinds, self.units, self._tables, summaries=True)
        return kind.name == "truth"

    @cached_property
    def _tables(self) -> dict[str, tuple[Unit, Unit]]:
        return {name: (table.along, table.up) for name, table in self.tables.items()}

    def day_of(self, date: dt.date) -> int:
        """Return the number of a date, counted from 0 on the first day."""
        return (date - self.starts).days

    def date_of(self, day: int) -> dt.date:
        """Return the date of a day's number."""
        return self.starts + dt.timedelta(days=day)


def trees(step: Step | StockElement) -> Iterator[Node]:
    """Yield the expressions of an element, in a fixed order."""
    if isinstance(step, Equation):
        yield step.node
    elif isinstance(step, StockElement):
        yield step.change
    elif isinstance(step, ShockElement):
        yield step.when
    else:
        if step.equation is not None:
            yield step.equation
        if step.decision is not None:
            if step.decision.when is not None:
                yield step.decision.when
            for lean in step.decision.leans:
                yield lean.strength


def numbered(step: Step | StockElement, kind: str) -> Iterator[tuple[int, Call]]:
    """Yield the calls of a kind (``draw`` or ``memory``) in an element, numbered in the order they are written."""
    number = 0
    for tree in trees(step):
        for node in walk(tree):
            if isinstance(node, Call) and FUNCTIONS[node.function].kind == kind:
                number += 1
                yield number, node


def reads(node: Node) -> set[str]:
    """Return the names whose value of the same day an expression needs; ``previous`` needs only its start."""
    if isinstance(node, Name):
        return {node.id}
    if isinstance(node, Call) and node.function == "previous":
        return reads(node.arguments[1])
    if isinstance(node, Call) and node.function == "lookup":
        return reads(node.arguments[0])
    found: set[str] = set()
    for child in node.children():
        found |= reads(child)
    return found


def build_program(case: Case) -> Program:
    """Order the equations of a case.

    Raises
    ------
    CaseError
        If elements read one another in a circle on the same day; the finding names the loop.
    """
    elements = case.elements
    steps: dict[str, Step] = {**elements.shocks, **elements.options, **elements.variables}
    needs = {name: _needs(step, elements) & set(steps) for name, step in steps.items()}
    order, loop = _ordered(needs)
    if loop:
        raise CaseError([_loop_finding(case, steps, loop)])
    used = _used_parameters(elements)
    varying = tuple(name for name in elements.parameters if name in used and elements.parameters[name].varies)
    exact = {
        name: parameter.arms[0].range.low
        for name, parameter in elements.parameters.items()
        if name in used and not parameter.varies
    }
    known = case.scenario.known
    return Program(
        case_hash=case.hash,
        starts=dt.date.fromisoformat(case.scenario.starts),
        days=case.scenario.days,
        method=case.scenario.method,
        substeps=case.scenario.substeps,
        parameters=varying,
        exact=exact,
        stocks=tuple(elements.stocks.values()),
        order=tuple(steps[name] for name in order),
        summaries=_ordered_summaries(case, elements),
        tables=elements.tables,
        choices=(*elements.options, *elements.shocks),
        follows=tuple(dict.fromkeys(entry.follow for entry in known.values() if entry.follow is not None)),
        observed=tuple(
            (name, entry.measure, elements.known_errors[name])
            for name, entry in known.items()
            if entry.measure is not None
        ),
        elements=elements,
        units=case.units,
    )


def _needs(step: Step, elements: Elements) -> set[str]:
    found: set[str] = set()
    for tree in trees(step):
        found |= reads(tree)
    if isinstance(step, OptionElement) and step.decision is not None and step.decision.when is None:
        return found - {step.name}
    return found


def _ordered(needs: Mapping[str, set[str]]) -> tuple[list[str], list[str]]:
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


def _ordered_summaries(case: Case, elements: Elements) -> tuple[Equation, ...]:
    """Put measures after the measures they read."""
    every = {**elements.measures, **elements.questions, **elements.signs}
    needs = {name: names_in(summary.node) & set(elements.measures) - {name} for name, summary in every.items()}
    order, loop = _ordered(needs)
    if loop:
        raise CaseError([_loop_finding(case, every, loop)])
    return tuple(every[name] for name in order)


def _loop_finding(case: Case, steps: Mapping[str, Step | Equation], loop: list[str]) -> Finding:
    path = steps[loop[0]].path
    wrong = "these read one another on the same day: " + " → ".join(loop)
    mend = f"let one of them read yesterday's value: previous({loop[1]}, its value at the start)"
    return Finding(case.document.place(path), ".".join(str(part) for part in path), wrong, mend)


def _used_parameters(elements: Elements) -> set[str]:
    """Return the numbers that something reads."""
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
            found |= {node.id for node in walk(tree) if isinstance(node, Name)}
    return found & set(elements.parameters)


def is_summary(node: Node) -> bool:
    """Whether a node summarises over days."""
    return isinstance(node, On | Aggregate)


def literal(node: Number, units: UnitSystem) -> float:
    """Return a literal in the units that the case reckons in."""
    return node.value * units.parse(node.unit).factor if node.unit else node.value
