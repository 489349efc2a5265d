"""What nothing reads, and what nobody in the model reacts to (Sterman 2000: boundary adequacy)."""

from __future__ import annotations

from collections.abc import Iterator

from detente.scenario import OptionElement, StockElement
from detente.validation.result import Inquiry, ValidationTest, Verdict, Where
from detente.validation.structure import Structure

__all__ = ["unreacted_to", "unused"]

UNREACTED = Inquiry(
    "unreacted_to",
    "What nobody reacts to",
    "structure",
    "Which states lead to no decision, so that the model goes on as before whatever becomes of them?",
)

UNUSED = Inquiry(
    "unused",
    "What nothing reads",
    "structure",
    "Is there anything in the case that no question, measure, sign or record depends on?",
)

KINDS = {"Equation": "auxiliary or flow", "StockElement": "stock", "OptionElement": "option", "ShockElement": "shock"}


def unused(structure: Structure) -> ValidationTest:
    """List what no question, measure, sign or record reaches back to."""
    elements = structure.case.elements
    ends = {*elements.questions, *elements.measures, *elements.signs}
    ends |= {name for name in structure.reads if name.startswith(("record of ", "bounds of "))}
    used = structure.upstream(ends)
    used |= set(structure.program.follows) | set(elements.conflict.options if elements.conflict else ())
    where = [
        Where(
            name,
            structure.place_of(name),
            f"{what}: no question, measure or sign depends on it{_read_by(structure, name)}",
        )
        for name, what in _declared(structure)
        if name not in used
    ]
    declared = sum(1 for _ in _declared(structure)) + len(elements.measures)
    if not declared:
        return UNUSED.came_out("does not apply", "The case simulates nothing.")
    says = (
        f"{len(where)} of {declared} things declared reach nothing that is asked, measured or watched for."
        if where
        else f"Each of the {declared} things declared bears on something that is asked, measured or watched for."
    )
    verdict: Verdict = "does not pass" if where else "passes"
    unseen = list(_unseen_measures(structure))
    if unseen:
        says += (
            f" {len(unseen)} measures show no aim and answer no question: only a comparison or a notebook "
            "looks at them."
        )
    return UNUSED.came_out(verdict, says, (*where, *unseen))


def unreacted_to(structure: Structure) -> ValidationTest:
    """List the stocks and options that no decision and no shock depends on."""
    elements = structure.case.elements
    deciding = {name for name, option in elements.options.items() if option.decision is not None}
    deciding |= set(elements.shocks)
    reached: set[str] = set()
    for name in deciding:
        reached |= structure.upstream(set(structure.reads.get(name, frozenset())))
    states = [
        one
        for one in structure.elements.values()
        if isinstance(one, StockElement) or (isinstance(one, OptionElement) and one.decision is not None)
    ]
    if not states or not deciding:
        return UNREACTED.came_out("does not apply", "The case has no decision that could react to a state.")
    ends = [one for one in states if one.name not in reached]
    where = tuple(
        Where(
            one.name,
            structure.at(one.path),
            f"{KINDS[type(one).__name__]}: whatever it becomes, every decision and shock goes on as before",
        )
        for one in ends
    )
    says = (
        f"{len(ends)} of {len(states)} stocks and decided options lead to no decision or shock: they are counts and "
        "outcomes only. Where such a state would in truth change what somebody does, the model leaves that out."
        if ends
        else f"Each of the {len(states)} stocks and decided options can bear on some decision or shock."
    )
    return UNREACTED.came_out("described", says, where)


def _declared(structure: Structure) -> Iterator[tuple[str, str]]:
    """Yield everything but what is asked, with what it is."""
    elements = structure.case.elements
    yield from ((name, KINDS[type(one).__name__]) for name, one in structure.elements.items())
    yield from ((name, "table") for name in elements.tables)
    yield from ((name, "number") for name in elements.parameters)


def _read_by(structure: Structure, name: str) -> str:
    readers = structure.used_by.get(name, ())
    return f", though {', '.join(readers)} read it" if readers else ", and nothing reads it"


def _unseen_measures(structure: Structure) -> Iterator[Where]:
    """Yield measures that are no headline, show no aim, and answer no question or sign."""
    elements, scenario = structure.case.elements, structure.case.scenario
    shown = {aim.measure or "" for actor in scenario.actors.values() for aim in actor.wants.values()}
    shown |= {name for name, measure in scenario.measures.items() if measure.headline}
    seen = structure.upstream({*elements.questions, *elements.signs} | (shown & set(structure.reads)))
    for name, measure in elements.measures.items():
        # A template of measures is shown or not as a whole, so its members are looked up by their own names.
        if name not in seen and name.partition(".")[0] not in shown:
            says = "measure: no question, sign or aim looks at it, and no page shows it"
            yield Where(name, structure.at(measure.path), says, True)
