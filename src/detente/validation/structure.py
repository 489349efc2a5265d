"""The object that tests of structure work on: what reads what, and where each thing stands in the case's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from detente.dynamics import Program, build_program
from detente.dynamics.evaluator import expressions
from detente.dynamics.influence import upstream_of
from detente.equations import names_in
from detente.scenario import Case, Equation, OptionElement, ShockElement, StockElement
from detente.scenario.ordering import Step

__all__ = ["Element", "Structure", "structure_of"]

Element = Step | StockElement


@dataclass(frozen=True)
class Structure:
    """A case and its ordered equations, with what reads what.

    Parameters
    ----------
    case, program
        The case, and its equations in the order of a day.
    reads
        For each element, measure, question and sign, the names that its expressions hold and the numbers it takes; and
        what the record's errors and the bounds of elements name.
    """

    case: Case
    program: Program
    reads: Mapping[str, frozenset[str]]

    @cached_property
    def elements(self) -> dict[str, Element]:
        """What a day computes, and the stocks, by name."""
        return {one.name: one for one in (*self.program.order, *self.program.stocks)}

    @property
    def simulated(self) -> bool:
        """Whether there is anything to run: a case may ask only which outcomes of a conflict could hold."""
        return self.case.scenario.is_simulated and bool(self.elements)

    @cached_property
    def used_by(self) -> dict[str, tuple[str, ...]]:
        """For each name, what reads it."""
        found: dict[str, list[str]] = {}
        for reader, names in self.reads.items():
            for name in names:
                found.setdefault(name, []).append(reader)
        return {name: tuple(sorted(readers)) for name, readers in found.items()}

    def upstream(self, names: set[str]) -> set[str]:
        """Return everything that some names depend on, today or through any day before, themselves included."""
        return upstream_of(names, self.reads)

    def at(self, path: tuple[str | int, ...]) -> str:
        """Return the file and line of a path."""
        place = self.case.document.place(path)
        return f"{place.file.name}:{place.line}"

    def place_of(self, name: str) -> str:
        """Return the file and line of anything that has a name."""
        elements = self.case.elements
        kinds: tuple[Mapping[str, Element | Equation], ...] = (
            self.elements,
            elements.measures,
            elements.questions,
            elements.signs,
        )
        for kind in kinds:
            if name in kind:
                return self.at(kind[name].path)
        if name in elements.parameters:
            return self.at(elements.parameters[name].path)
        return self.at(("tables", name)) if name in elements.tables else ""


def structure_of(case: Case) -> Structure:
    """Return what reads what in a case."""
    program = build_program(case)
    elements = case.elements
    named = {*elements.parameters, *elements.tables, *elements.measures}
    named |= {one.name for one in (*program.order, *program.stocks)}
    reads: dict[str, frozenset[str]] = {}
    for one in (*program.order, *program.stocks):
        names = set().union(*(names_in(tree) for tree in expressions(one)))
        reads[one.name] = frozenset((names | set(_numbers_of(one))) & named)
    # A question may bear the name of the measure that answers it.
    for section in (elements.signs, elements.questions, elements.measures):
        for summary in section.values():
            reads[summary.name] = reads.get(summary.name, frozenset()) | frozenset(names_in(summary.node) & named)
    for name, error in elements.known_errors.items():
        entry = case.scenario.known[name]
        reads[f"record of {name}"] = frozenset({error, entry.measure or ""} & named)
    for bound in elements.bounds:
        label = f"bounds of {bound.element}"
        reads[label] = reads.get(label, frozenset()) | frozenset(names_in(bound.limit) & named)
    return Structure(case, program, reads)


def _numbers_of(one: Element) -> Iterator[str]:
    """Yield the numbers that an element takes without naming them in an expression."""
    if isinstance(one, StockElement):
        yield one.start
    elif isinstance(one, ShockElement):
        yield one.chance
    elif isinstance(one, OptionElement) and one.decision is not None:
        yield from (number for _, number in one.decision.usual)
        yield from (lean.odds for lean in one.decision.leans)
