"""Which decisions come up on the same days in every world, so that worlds may be compared by what was decided.

Where whether a decision comes up is itself an outcome, worlds in which it was taken are a selection: a truce must exist
to be broken, so the worlds in which it is broken are those in which there was one. The difference between them and the
rest is no effect of the decision.

References
----------
M. A. Hernán, S. Hernández-Díaz and J. M. Robins, "A structural approach to selection bias", Epidemiology 15 (2004).
"""

from __future__ import annotations

from collections.abc import Mapping

from detente.dynamics.influence import direct_influences, upstream_of
from detente.dynamics.program import Program, trees
from detente.equations import FUNCTIONS, Node, names_in
from detente.equations.syntax import Call, walk
from detente.scenario import OptionElement

__all__ = ["same_occasions", "what_occasions_hang_on"]


def same_occasions(program: Program, influences: Mapping[str, set[str]] | None = None) -> frozenset[str]:
    """Return the decisions that come up on the same days whatever is drawn and decided.

    Parameters
    ----------
    program, influences
        The program; what each of its names depends on directly, where that is known already.
    """
    return frozenset(name for name, hang_on in what_occasions_hang_on(program, influences).items() if not hang_on)


def what_occasions_hang_on(
    program: Program, influences: Mapping[str, set[str]] | None = None
) -> dict[str, tuple[str, ...]]:
    """Return for each decision what its occasion names that differs between worlds: choices, luck, numbers, and states.

    Where no occasion is written, a decision comes up when something that its reasons read changes.

    Parameters
    ----------
    program, influences
        The program; what each of its names depends on directly, where that is known already.
    """
    direct = influences if influences is not None else direct_influences(program)
    differing = _reached_by(_differing(program), direct)
    found = {}
    for name, decision in program.elements.decisions.items():
        parts: list[Node] = [lean.strength for lean in decision.leans] if decision.when is None else [decision.when]
        drawn = {name} if any(_draws(part) for part in parts) else set()
        named = {one for part in parts for one in names_in(part) if one in differing}
        found[name] = tuple(sorted(named | drawn))
    return found


def _differing(program: Program) -> set[str]:
    """Return what differs between worlds by itself: numbers that vary, decisions, shocks, and what draws."""
    elements = program.elements
    found = {name for name, parameter in elements.parameters.items() if parameter.varies}
    found |= set(elements.decisions) | set(elements.shocks)
    for step in (*program.order, *program.stocks):
        if not isinstance(step, OptionElement) and any(_draws(tree) for tree in trees(step)):
            found.add(step.name)
    return found


def _reached_by(names: set[str], direct: Mapping[str, set[str]]) -> set[str]:
    """Return what some names reach, today or through any day after, themselves included."""
    read_by: dict[str, set[str]] = {}
    for name, read in direct.items():
        for one in read:
            read_by.setdefault(one, set()).add(name)
    return upstream_of(names, read_by)


def _draws(node: Node) -> bool:
    return any(isinstance(part, Call) and FUNCTIONS[part.function].kind == "draw" for part in walk(node))
