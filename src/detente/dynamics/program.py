"""The object that the dynamics work on: the equations of a case in the order in which a day computes them.

This is the only file of the package that reads a scenario.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from detente.equations import Kind, Node, Unit, UnitSystem, infer, walk
from detente.equations.sites import number_calls, site_kind
from detente.equations.syntax import Aggregate, Call, Conditional, Name, Number, On
from detente.errors import CaseError, Finding
from detente.scenario import (
    Case,
    DecisionRule,
    Elements,
    Equation,
    OptionElement,
    ShockElement,
    StockElement,
    TableElement,
)
from detente.scenario.ordering import Step, order_steps, order_summaries, reads, trees, used_parameters

__all__ = [
    "COMMON",
    "Program",
    "Step",
    "build_program",
    "calls_of",
    "reads",
    "takes_few_values",
    "trees",
    "with_summaries",
]

COMMON = ("", "common")
"""The place of the luck that decisions of a day share, where the rule says that they do: it is no element's own."""


@dataclass(frozen=True)
class Program:
    """The equations of a case, ordered.

    Parameters
    ----------
    case_hash, starts
        As the case says.
    as_of
        The day of the cut, counted from 0: up to it nothing happens but what is known.
    days, method, substeps, rule
        As the case says.
    parameters
        Names of the numbers that vary, in the order of the kernel's rows.
    exact
        Numbers that are the same in every world, by name.
    stocks
        What accumulates.
    order
        Shocks, options and variables, each after what it reads on the same day; their calls have their sites, as have
        those of stocks and summaries.
    summaries
        Measures, questions and signs: computed when the day is over.
    tables
        Straight lines between points.
    choices
        Options and shocks that can be forced, in the order of the kernel's columns.
    weighing
        Those of them that the record may tell; only they can weight a world.
    follows
        Flows and auxiliaries that the record may set, in the order of the kernel's columns.
    observed
        Triples (record measure, element, parameter of the error).
    own_values
        Those record measures that are followed and weigh too: what is held to them is the element's own value, before
        it is set.
    elements, units
        The named things of the case, and how units are read.
    """

    case_hash: str
    starts: dt.date
    as_of: int
    days: int
    method: str
    substeps: int
    rule: DecisionRule
    parameters: tuple[str, ...]
    exact: Mapping[str, float]
    stocks: tuple[StockElement, ...]
    order: tuple[Step, ...]
    summaries: tuple[Equation, ...]
    tables: Mapping[str, TableElement]
    choices: tuple[str, ...]
    weighing: frozenset[str]
    follows: tuple[str, ...]
    observed: tuple[tuple[str, str, str], ...]
    own_values: frozenset[str]
    elements: Elements
    units: UnitSystem

    def __post_init__(self) -> None:
        """Give the calls of every element and summary their sites, whoever put the program together."""
        for section in ("order", "stocks", "summaries"):
            object.__setattr__(self, section, tuple(_with_sites(one) for one in getattr(self, section)))

    @cached_property
    def sites(self) -> tuple[tuple[str, str], ...]:
        """Every place that takes a uniform number a day: element and site; what is ``held`` takes one for all days."""
        found: list[tuple[str, str]] = []
        for step in self.order:
            if isinstance(step, ShockElement):
                found.append((step.name, "choice"))
            elif isinstance(step, OptionElement) and step.decision is not None:
                found.append((step.name, "held" if self.rule == "threshold" else "choice"))
            found.extend((step.name, str(call.site)) for call in calls_of(step, "draw"))
        for stock in self.stocks:
            found.extend((stock.name, str(call.site)) for call in calls_of(stock, "draw"))
        if self.rule == "shared_luck":
            found.append(COMMON)
        return tuple(found)

    @cached_property
    def held(self) -> frozenset[str]:
        """Names whose value stays through the sub-steps of a day: choices, yes/no, what is drawn or once a day."""
        return frozenset(
            step.name
            for step in self.order
            if not isinstance(step, Equation)
            or step.kind.name != "number"
            or step.once_a_day
            or next(calls_of(step, "draw"), None) is not None
        )

    def alternatives(self, node: Node) -> tuple[str, ...]:
        """Return the alternatives that an expression chooses among; none where it gives no choice."""
        parts: tuple[Node, ...] = ()
        match node:
            case Name():
                kind = self.elements.kinds.get(node.id)
                return kind.alternatives if kind is not None else ()
            case On():
                return self.alternatives(node.operand)
            case Conditional():
                parts = (node.then, node.otherwise)
            case Call(function="previous" | "initial"):
                parts = node.arguments
        return next((found for part in parts if (found := self.alternatives(part))), ())

    def kind_of(self, node: Node) -> Kind:
        """Return what an expression of this program gives."""
        return infer(node, self.elements.kinds, self.units, self._tables, summaries=True)[0]

    def is_truth(self, node: Node) -> bool:
        """Whether an expression of this program gives yes or no."""
        return self.kind_of(node).name == "truth"

    def gives_truth(self, name: str) -> bool:
        """Whether an element or a summary is a yes/no."""
        summary = next((summary for summary in self.summaries if summary.name == name), None)
        return summary.kind.name == "truth" if summary is not None else self.is_truth(Name(name))

    def places_of(self, names: Iterable[str]) -> tuple[tuple[bool, int], ...]:
        """Return for each name whether it is a yes/no, and its place among its like."""
        counts, found = {True: 0, False: 0}, []
        for name in names:
            truth = self.gives_truth(name)
            found.append((truth, counts[truth]))
            counts[truth] += 1
        return tuple(found)

    @cached_property
    def _tables(self) -> dict[str, tuple[Unit, Unit]]:
        return {name: (table.along, table.up) for name, table in self.tables.items()}

    def day_of(self, date: dt.date) -> int:
        """Return the number of a date, counted from 0 on the first day."""
        return (date - self.starts).days

    def date_of(self, day: int) -> dt.date:
        """Return the date of a day's number."""
        return self.starts + dt.timedelta(days=day)


def build_program(case: Case) -> Program:
    """Order the equations of a case.

    Raises
    ------
    CaseError
        If elements read one another in a circle on the same day; the finding names the loop.
    """
    elements = case.elements
    steps: dict[str, Step] = {**elements.shocks, **elements.options, **elements.variables}
    order, loop = order_steps(elements)
    if loop:
        raise CaseError([_loop_finding(case, steps, loop)])
    used = used_parameters(elements)
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
        as_of=(case.free_from.date() - dt.date.fromisoformat(case.scenario.starts)).days,
        days=case.scenario.days,
        method=case.scenario.method,
        substeps=case.scenario.substeps,
        rule=case.scenario.rule,
        parameters=varying,
        exact=exact,
        stocks=tuple(elements.stocks.values()),
        order=tuple(steps[name] for name in order),
        summaries=_ordered_summaries(case, elements),
        tables=elements.tables,
        choices=(*elements.options, *elements.shocks),
        weighing=frozenset(entry.choice for entry in known.values() if entry.choice is not None),
        follows=tuple(dict.fromkeys(entry.follow for entry in known.values() if entry.follow is not None)),
        observed=tuple(
            (name, element, elements.known_errors[name])
            for name, entry in known.items()
            if entry.error is not None and (element := entry.measure or entry.follow) is not None
        ),
        own_values=frozenset(name for name, entry in known.items() if entry.follow and entry.error is not None),
        elements=elements,
        units=case.units,
    )


def _ordered_summaries(case: Case, elements: Elements) -> tuple[Equation, ...]:
    """Put measures after the measures they read."""
    every = {**elements.measures, **elements.questions, **elements.signs}
    order, loop = order_summaries(elements)
    if loop:
        raise CaseError([_loop_finding(case, every, loop)])
    return tuple(every[name] for name in order)


def with_summaries(program: Program, more: tuple[Equation, ...], *, instead: bool = False) -> Program:
    """Return the program with further summaries, computed after its own or instead of them."""
    return replace(program, summaries=more if instead else (*program.summaries, *more))


def _loop_finding(case: Case, steps: Mapping[str, Step | Equation], loop: list[str]) -> Finding:
    path = steps[loop[0]].path
    wrong = "these read one another on the same day: " + " → ".join(loop)
    mend = f"let one of them read yesterday's value: previous({loop[1]}, its value at the start)"
    return Finding(case.document.place(path), ".".join(str(part) for part in path), wrong, mend)


def calls_of(step: Step | StockElement, kind: str) -> Iterator[Call]:
    """Yield the calls of an element that have a site of a kind, ``draw`` or ``memory``, in the order of their sites."""
    for tree in trees(step):
        yield from (node for node in walk(tree) if isinstance(node, Call) and site_kind(node) == kind)


def _with_sites(step: Step | StockElement) -> Step | StockElement:
    """Return an element with its calls numbered; the same one where they are numbered so already."""
    before = tuple(trees(step))
    after = number_calls(before)
    if all(new is old for new, old in zip(after, before, strict=True)):
        return step
    match step:
        case Equation():
            return replace(step, node=after[0])
        case StockElement():
            return replace(step, change=after[0])
        case ShockElement():
            return replace(step, when=after[0])
        case OptionElement(decision=None):
            return replace(step, equation=after[0])
    decision, left = step.decision, iter(after)
    assert decision is not None
    equation = None if step.equation is None else next(left)
    when = None if decision.when is None else next(left)
    leans = tuple(replace(lean, strength=next(left)) for lean in decision.leans)
    return replace(step, equation=equation, decision=replace(decision, when=when, leans=leans))


def literal(node: Number, units: UnitSystem) -> float:
    """Return a literal in the units that the case reckons in."""
    return node.value * units.parse(node.unit).factor if node.unit else node.value


def takes_few_values(program: Program, node: Node) -> bool:
    """Whether an answer is a yes/no, an alternative, a day or a count of days: such answers are counted one by one."""
    match node:
        case Name() if node.id in program.elements.measures:
            return takes_few_values(program, program.elements.measures[node.id].node)
        case On():
            return takes_few_values(program, node.operand)
        case Aggregate(function="days"):
            return True
    return program.kind_of(node).name in ("truth", "date", "choice")
