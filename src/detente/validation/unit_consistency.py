"""Whether the units of every equation follow (Forrester and Senge 1980: dimensional consistency)."""

from __future__ import annotations

from collections.abc import Iterator

from detente.equations import Kind, Node, unnamed_numbers
from detente.equations.kinds import infer
from detente.equations.units import DAY, compatible, divide
from detente.scenario import Equation, OptionElement, ShockElement, StockElement
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.structure import Structure

__all__ = ["unit_consistency"]

INQUIRY = Inquiry(
    "unit_consistency",
    "Units",
    "structure",
    "Do the units of every equation follow, and has every number in them a name?",
)

TRUTH, PLAIN = "yes/no", "a plain number"


def unit_consistency(structure: Structure) -> ValidationTest:
    """Read every expression anew, and hold what it gives to the unit of the place it stands in."""
    program = structure.program
    tables = {name: (table.along, table.up) for name, table in program.tables.items()}
    where: list[Where] = []
    counted = {"with a unit": 0, "plain numbers": 0, "yes/no, dates or alternatives": 0}
    for name, node, wanted in _expressions(structure):
        kind, faults = infer(node, program.elements.kinds, program.units, tables, summaries=True, expected=wanted)
        counted[_sort(kind)] += 1
        at = f"{node.place.file.name}:{node.place.line}"
        where += [Where(name, at, fault.wrong) for fault in faults]
        if wanted is not None and wanted.unit and kind.unit and not compatible(wanted.unit, kind.unit):
            where.append(Where(name, at, f"it is in {kind.unit}, and {wanted.unit} was expected"))
        where += [Where(name, at, f"{one.value:g} has no name, and so no claim") for one in unnamed_numbers(node)]
    total = sum(counted.values())
    own = ", ".join(structure.case.scenario.units) or "none"
    parts = ", ".join(f"{count} {what}" for what, count in counted.items() if count)
    faulty = len({one.element for one in where})
    says = f"{total} expressions were read again: {parts}. Units of the case's own: {own}. " + (
        f"{faulty} of them {'has' if faulty == 1 else 'have'} a fault." if where else "All of them follow."
    )
    if not total:
        return INQUIRY.came_out("does not apply", "The case simulates nothing, so no expression has a unit.")
    return INQUIRY.came_out("does not pass" if where else "passes", says, tuple(where))


def _sort(kind: Kind) -> str:
    if kind.name != "number":
        return "yes/no, dates or alternatives"
    return "with a unit" if kind.unit is not None and kind.unit.dimensions else "plain numbers"


def _expressions(structure: Structure) -> Iterator[tuple[str, Node, Kind | None]]:
    """Yield every expression with what it has to give, where its place says so."""
    for one in structure.elements.values():
        if isinstance(one, StockElement):
            yield one.name, one.change, Kind("number", divide(one.unit, DAY))
        elif isinstance(one, Equation):
            yield one.name, one.node, one.kind
        elif isinstance(one, ShockElement):
            yield one.name, one.when, Kind("truth")
        elif isinstance(one, OptionElement):
            if one.equation is not None:
                yield one.name, one.equation, one.kind
            if one.decision is not None:
                if one.decision.when is not None:
                    yield one.name, one.decision.when, Kind("truth")
                yield from ((one.name, lean.strength, None) for lean in one.decision.leans)
    elements = structure.case.elements
    for section in (elements.measures, elements.questions, elements.signs):
        yield from ((one.name, one.node, one.kind) for one in section.values())
