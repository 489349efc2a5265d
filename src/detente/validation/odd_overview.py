"""The first part of the ODD+D protocol: purpose, entities, scales, and what happens in which order."""

from __future__ import annotations

from collections.abc import Sequence

from detente.validation.result import Heading
from detente.validation.structure import Structure

__all__ = ["heading", "listed", "overview"]

SILENT = "The case says nothing about this."
MOST = 60


def heading(number: str, title: str, *says: str) -> Heading:
    """Return a heading with its paragraphs; without any, that the case is silent.

    Parameters
    ----------
    number, title
        As the protocol numbers and calls it.
    says
        Its paragraphs; empty ones are left out.

    Returns
    -------
    Heading
        Marked as silent where nothing is left.
    """
    told = tuple(text for text in says if text)
    return Heading(number, title, told or (SILENT,), not told)


def listed(names: Sequence[str], most: int = MOST) -> str:
    """Write names one after the other, as far as they go."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def overview(structure: Structure) -> tuple[Heading, ...]:
    """Return the headings I.i to I.iii."""
    scenario = structure.case.scenario
    asks = " ".join(f"({number}) {question.asks}" for number, question in enumerate(scenario.questions.values(), 1))
    conflict = structure.case.elements.conflict
    return (
        heading(
            "I.i.a",
            "Purpose of the study",
            f"{scenario.title}.",
            f"It is asked: {asks}" if asks else "",
            "It is asked which outcomes of the conflict could hold." if conflict is not None else "",
            f"Left out on purpose: {'; '.join(scenario.left_out)}." if scenario.left_out else "",
        ),
        heading("I.i.b", "For whom the model is designed"),
        *_entities(structure),
        *_scales(structure),
        _process(structure),
    )


def _entities(structure: Structure) -> tuple[Heading, ...]:
    scenario, elements = structure.case.scenario, structure.case.elements
    actors = [
        f"{structure.case.title_of(name)}{f' ({actor.kind})' if actor.kind else ''}"
        for name, actor in scenario.actors.items()
    ]
    options = [
        f"{structure.case.title_of(one.actor)}: {one.name.partition('.')[2]}" for one in elements.options.values()
    ]
    numbers = {
        role: sum(one.role == role for one in elements.parameters.values()) for role in ("constant", "uncertainty")
    }
    others = len(elements.parameters) - sum(numbers.values())
    return (
        heading(
            "I.ii.a",
            "Kinds of entities",
            f"Actors: {listed(actors)}." if actors else "",
            "Actors are collective: governments, movements, bodies and audiences. No particular person is an entity.",
        ),
        heading(
            "I.ii.b",
            "State variables and attributes",
            f"{len(elements.stocks)} stocks: {listed(tuple(elements.stocks))}." if elements.stocks else "",
            f"{len(options)} options: {listed(options)}." if options else "",
            f"{len(elements.variables)} flows and auxiliaries are computed from these each day."
            if elements.variables
            else "",
            f"Numbers: {numbers['constant']} constants, {numbers['uncertainty']} uncertainties, and "
            f"{others} that belong "
            "to an element (starts, usual chances, odds, errors). All are in the listing of equations."
            if elements.parameters
            else "",
        ),
        heading(
            "I.ii.c",
            "Exogenous factors",
            f"Shocks: {listed(tuple(elements.shocks))}." if elements.shocks else "",
            f"Set to the record as far as it goes: {listed(structure.program.follows)}."
            if structure.program.follows
            else "",
            f"Options that stay as they start, since the simulation has no reason for them: "
            f"{listed([one.name for one in elements.options.values() if one.outside])}."
            if any(one.outside for one in elements.options.values())
            else "",
        ),
    )


def _scales(structure: Structure) -> tuple[Heading, ...]:
    scenario, program = structure.case.scenario, structure.program
    last = program.date_of(program.days - 1).isoformat()
    method = {"euler": "Euler's", "rk4": "Runge and Kutta's"}[scenario.method]
    steps = f"{scenario.substeps} step{'s' if scenario.substeps != 1 else ''}"
    simulated = scenario.is_simulated
    return (
        heading("I.ii.d", "How space is included", "Space is not represented; places are names of elements."),
        heading(
            "I.ii.e",
            "Resolution and extent in time",
            f"A step is one day. {program.days} days are simulated, from {scenario.starts} to {last}; "
            "flows are integrated "
            f"by {method} method in {steps} a day, with choices and luck held."
            if simulated
            else "Nothing is simulated: the conflict is looked at as of one moment.",
            f"What was known is cut at {scenario.as_of.isoformat()}.",
        ),
    )


def _process(structure: Structure) -> Heading:
    order = [one.name for one in structure.program.order]
    return heading(
        "I.iii.a",
        "Process overview and scheduling",
        "On each day, in this order: values known at its start; shocks; decisions, each after what it reads; flows, "
        "integrated over the day with these choices held; measures, when it is over."
        if structure.elements
        else "",
        f"Computed each day, in order: {listed(order, 400)}." if order else "",
        f"Then the stocks move: {listed(tuple(structure.case.elements.stocks))}." if structure.program.stocks else "",
    )
