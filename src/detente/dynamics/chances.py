"""Chances that are none: a world in which one lies outside 0 to 1 is refused, and the chance is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from detente.dynamics.ensemble import Design, Ensemble
from detente.dynamics.program import Program
from detente.equations import Kind, unparse, walk
from detente.equations.syntax import Call
from detente.errors import CaseError
from detente.scenario import Case, Equation

__all__ = ["refuse_chances"]

BEYOND = 1e-4
"""How far outside a chance must lie: less is rounding."""


def refuse_chances(case: Case, ensemble: Ensemble, design: Design, draw: int, counted: str) -> None:
    """Follow the worlds of one draw, and raise if a chance lies outside 0 to 1 in any of them.

    Parameters
    ----------
    case, ensemble, design
        The case, and how its worlds are run.
    draw
        The number of the draw.
    counted
        In how many worlds, in words.

    Raises
    ------
    CaseError
        With one finding: the chance that is outside first, with its line, the day and its value.
    """
    program = ensemble.program
    chances = list(_chances(program))
    if not chances:
        return
    seen = tuple(Equation(f"{n}/chance", "hidden", Kind("number"), call.arguments[0], step.path)
                 for n, (step, call) in enumerate(chances))  # fmt: skip
    watched = replace(program, order=(*program.order, *seen))
    numbers = [(draw, replicate) for replicate in range(ensemble.replicates)]
    worlds = ensemble.worlds(design, numbers, [one.name for one in seen], watched)
    outside = ~((worlds >= -BEYOND) & (worlds <= 1 + BEYOND))
    if not outside.any():
        return
    day = int(outside.any(axis=(0, 2)).argmax())
    number = int(outside[:, day].any(axis=0).argmax())
    world = int(outside[:, day, number].argmax())
    step, call = chances[number]
    text, value = unparse(call.arguments[0]), worlds[world, day, number]
    wrong = (
        f"chance() takes a chance from 0 to 1, and {text} is {value:.4g} on {program.date_of(day)} in world "
        f"({draw}, {world}) of part '{design.name}'; such chances are asked for {counted}"
    )
    mend = f"keep it within: chance(clip({text}, 0, 1)), or mend what it is made of"
    raise CaseError([case.document.finding(step.path, wrong, mend, call.place)])


def _chances(program: Program) -> Iterator[tuple[Equation, Call]]:
    """Yield every chance that an equation asks for."""
    for step in program.order:
        if isinstance(step, Equation):
            for node in walk(step.node):
                if isinstance(node, Call) and node.function == "chance":
                    yield step, node
