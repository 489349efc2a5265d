"""Every element with its equation, unit, meaning, grounds and use, as SDM-Doc lists a model.

References
----------
I. J. Martinez-Moyano, "Documentation for model transparency", System Dynamics Review 28 (2012), 199–208.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.dynamics import Program
from detente.equations import Kind, Unit, unparse
from detente.scenario import DecisionElement, Equation, OptionElement, Parameter, ShockElement, StockElement
from detente.validation.result import Inquiry, ListedElement, ValidationTest, Where
from detente.validation.structure import Structure

__all__ = ["equation_listing", "listed_elements"]

INQUIRY = Inquiry(
    "equation_listing",
    "Listing of equations",
    "structure",
    "What is every variable, in which unit, by which equation, on which grounds, and what uses it?",
)

TRUTH = "yes/no"
PLURALS = {"auxiliary": "auxiliaries"}
ORDER = ("stock", "flow", "auxiliary", "option", "shock", "measure", "question", "sign", "table", "number")


def equation_listing(structure: Structure, listing: tuple[ListedElement, ...]) -> ValidationTest:
    """Say how much of the listing has a meaning in words and grounds."""
    if not listing:
        return INQUIRY.came_out("does not apply", "The case simulates nothing.")
    counts = {kind: sum(one.type == kind for one in listing) for kind in ORDER}
    kinds = ", ".join(
        f"{count} {kind if count == 1 else PLURALS.get(kind, kind + 's')}" for kind, count in counts.items() if count
    )
    silent = [one for one in listing if not one.says]
    assumed = [one for one in listing if one.type == "number" and not one.rests_on]
    numbers = max(counts["number"], 1)
    says = (
        f"{len(listing)} elements are listed: {kinds}. {len(silent)} have no description in words; "
        f"{len(assumed)} of {counts['number']} numbers ({100 * len(assumed) / numbers:.0f} %) rest on no claim and are "
        "the authors' assumptions."
    )
    where = tuple(Where(one.name, one.at, f"{one.type} without a description in words") for one in silent)
    return INQUIRY.came_out("described", says, where)


def listed_elements(structure: Structure) -> tuple[ListedElement, ...]:
    """Return every element of a case, by kind, in the order of the files."""
    found = list(_listed(structure))
    return tuple(sorted(found, key=lambda one: ORDER.index(one.type)))


def _listed(structure: Structure) -> Iterator[ListedElement]:
    elements, flows = structure.case.elements, structure.case.scenario.flows
    for stock in elements.stocks.values():
        start = _range_of(elements.parameters[stock.start])
        yield _line(structure, stock, "stock", stock.unit.text, f"change per day: {unparse(stock.change)}", start)
    for variable in elements.variables.values():
        kind = "flow" if variable.name in flows or variable.path[:1] == ("flows",) else "auxiliary"
        yield _line(structure, variable, kind, _kind(variable.kind), unparse(variable.node))
    for option in elements.options.values():
        start = option.alternatives[option.start] if option.alternatives else ("yes" if option.start else "no")
        yield _line(structure, option, "option", _kind(option.kind), _decided(structure, option), start)
    for shock in elements.shocks.values():
        chance = _range_of(elements.parameters[shock.chance])
        yield _line(structure, shock, "shock", TRUTH, f"with chance {chance} on a day when {unparse(shock.when)}")
    for kind, section in (("measure", elements.measures), ("question", elements.questions), ("sign", elements.signs)):
        for one in section.values():
            says = structure.case.scenario.questions[one.name].asks if kind == "question" else ""
            yield _line(structure, one, kind, _kind(one.kind), unparse(one.node), says=says)
    for name, table in elements.tables.items():
        points = ", ".join(f"({x:g}, {y:g})" for x, y in table.points)
        entry = structure.case.scenario.tables[name]
        yield ListedElement(
            name,
            "table",
            _module(structure, ("tables", name)),
            structure.at(("tables", name)),
            f"{table.up.text} by {table.along.text}",
            f"straight lines between {points}",
            "",
            entry.says or "",
            _grounds(structure, table.claims),
            structure.used_by.get(name, ()),
        )
    for parameter in elements.parameters.values():
        yield ListedElement(
            parameter.name,
            "number",
            _module(structure, parameter.path),
            structure.at(parameter.path),
            _unit(parameter.unit),
            _range_of(parameter),
            "",
            parameter.says,
            _grounds(structure, parameter.all_claims),
            structure.used_by.get(parameter.name, ()),
        )


Listable = StockElement | Equation | OptionElement | ShockElement


def _line(
    structure: Structure, one: Listable, kind: str, unit: str, equation: str, start: str = "", says: str = ""
) -> ListedElement:
    claims = tuple(_claims_behind(structure, one))
    return ListedElement(
        one.name,
        kind,
        _module(structure, one.path),
        structure.at(one.path),
        unit,
        equation,
        start,
        says or one.says or _decision_says(one),
        _grounds(structure, claims),
        tuple(reader for reader in structure.used_by.get(one.name, ()) if reader != one.name or kind != "question"),
    )


def _claims_behind(structure: Structure, one: Listable) -> Iterator[str]:
    """Yield the claims that an element rests on, and those of the numbers that belong to it alone."""
    numbers = structure.case.elements.parameters
    if isinstance(one, StockElement):
        yield from (*one.claims, *numbers[one.start].all_claims)
    elif isinstance(one, ShockElement):
        yield from (*one.claims, *numbers[one.chance].all_claims)
    elif isinstance(one, Equation):
        yield from one.claims
    elif one.decision is not None:
        yield from one.decision.claims
        for _, name in one.decision.usual:
            yield from numbers[name].all_claims
        for lean in one.decision.leans:
            yield from lean.claims


def _decision_says(one: Listable) -> str:
    return one.decision.says if isinstance(one, OptionElement) and one.decision is not None else ""


def _module(structure: Structure, path: tuple[str | int, ...]) -> str:
    """Return in which part of the case something stands: the name of its file."""
    return structure.case.document.place(path).file.stem


def _unit(unit: Unit) -> str:
    return unit.text if unit.dimensions or unit.factor != 1 else "1"


def _kind(kind: Kind) -> str:
    if kind.name == "number":
        return _unit(kind.unit) if kind.unit is not None else "1"
    return {"truth": TRUTH, "date": "date"}.get(kind.name) or f"one of {', '.join(kind.alternatives)}"


def _range_of(parameter: Parameter) -> str:
    """Write a number's range, by readings where it hangs on them."""
    if len(parameter.arms) == 1 and not parameter.arms[0].when:
        return str(parameter.arms[0].range)
    parts = []
    for arm in parameter.arms:
        held = " and ".join(f"{claim} is {reading}" for claim, reading in arm.when)
        parts.append(f"{arm.range} if {held}" if held else f"else {arm.range}")
    return "; ".join(parts)


def _decided(structure: Structure, option: OptionElement) -> str:
    """Write how an option comes by its value."""
    if option.equation is not None:
        return unparse(option.equation)
    if option.decision is None:
        return f"stays as it starts: {option.outside}" if option.outside else "stays as it starts"
    return decision_text(structure.program, option.decision)


def decision_text(program: Program, decision: DecisionElement) -> str:
    """Write a decision's occasion, usual chances and reasons as one text."""
    numbers = program.elements.parameters
    when = unparse(decision.when) if decision.when is not None else "anything that its reasons read changes"
    usual = "; ".join(f"{to + ': ' if to else ''}{_range_of(numbers[name])}" for to, name in decision.usual)
    parts = [f"comes up when {when}", f"usual chance {usual}"]
    for lean in decision.leans:
        way = ("toward" if lean.sign > 0 else "away") + (f" {lean.to}" if lean.to else "")
        by = f", from {', '.join(lean.exerted_by)}" if lean.exerted_by else ""
        parts.append(f"{way} by {unparse(lean.strength)} × odds {_range_of(numbers[lean.odds])}{by}")
    return ". ".join(parts)


def _grounds(structure: Structure, claims: tuple[str, ...]) -> tuple[str, ...]:
    """Return claims with the places they cite."""
    found = []
    for name in dict.fromkeys(claims):
        entry = structure.case.scenario.claims.get(name)
        cites = entry.cites if entry is not None else None
        found.append(f"{name} [{cites}]" if cites else name)
    return tuple(found)
