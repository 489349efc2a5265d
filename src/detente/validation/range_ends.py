"""Every number at the ends of its range, one at a time, in worlds that are otherwise the same.

An extreme-condition test (Forrester and Senge 1980; Barlas 1996). The same worlds say which numbers move nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from detente.scenario import Draws, Parameter
from detente.validation.limits import KEPT, Breach, breaches_of, count_breaches, gone
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.side_by_side import Group, Groups, side_by_side
from detente.validation.structure import Structure

__all__ = ["at_the_ends", "range_ends", "readings_of", "without_effect"]

STILL = Inquiry(
    "without_effect",
    "What moves nothing",
    "behaviour",
    "Is there an uncertain number or a contested claim that no question and no measure depends on?",
)

INQUIRY = Inquiry(
    "range_ends",
    "Ends of every range",
    "behaviour",
    "With each number at either end of its range, one at a time, does everything stay what it can be?",
)

OUTERMOST = 0.0
"""The cumulative probability at which a range with hard bounds is at its end."""
FAR = 0.001
"""The same for a range without hard bounds, whose middle nine tenths are declared."""
FEW = 3
"""Ends named of one element."""


def at_the_ends(structure: Structure, seed: int, draws: int, replicates: int, names: set[str] | None = None) -> Groups:
    """Put each number at either end of its range, and read each contested claim each way, all else as drawn.

    Parameters
    ----------
    structure, seed
        The case, and the seed of its draws.
    draws, replicates
        How many draws, and worlds of each, see every end.
    names
        The numbers and claims wanted; without it, all.

    Returns
    -------
    Groups
        Worlds as drawn first, then each end of each number and each reading of each claim, in the same draws and
        luck.
    """
    program, case = structure.program, structure.case
    drawing = Draws(case, seed, program.parameters)
    numbers = np.arange(draws, dtype=np.uint32)
    base = drawing.take(numbers)
    groups: list[Group] = []
    for name in program.parameters:
        parameter = case.elements.parameters[name]
        if (names is None or name in names) and any(arm.range.shape != "exact" for arm in parameter.arms):
            edge = _edge(parameter)
            for end, u in (("low", edge), ("high", 1 - edge)):
                groups.append(Group((name, f"at the {end} end"), {name: drawing.value(name, u, base)}))
    for claim, reading in readings_of(structure):
        if names is None or claim in names:
            groups.append(Group((claim, f"read as {reading}"), drawing.take(numbers, {claim: reading}).values))
    return side_by_side(structure, seed, base, groups, replicates)


def range_ends(structure: Structure, ends: Groups | None, why_not: str) -> ValidationTest:
    """Say whether anything goes where it cannot be with one number at an end.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    ends
        Worlds as drawn, then with each number at either end and under each reading; None where they were not run.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    if not structure.simulated:
        return INQUIRY.came_out("does not apply", "The case simulates nothing.")
    if ends is None:
        return INQUIRY.came_out("not tried", why_not)
    survey = ends.survey
    each = len(survey.log_weight) // len(ends.groups)
    tried = f"{len(ends.groups) - 1} ends and readings were tried, one at a time, {each} worlds each."
    breaches = list(breaches_of(structure, survey))
    if not breaches:
        return INQUIRY.came_out("passes", KEPT, tried=tried)
    where = [_where(structure, ends, breach) for breach in breaches]
    return INQUIRY.came_out("does not pass", count_breaches(breaches), where, tried=tried)


def _where(structure: Structure, ends: Groups, breach: Breach) -> Where:
    """Say of an element at which ends it went where it cannot be."""
    place = structure.place_of(breach.element)
    if breach.worlds[ends.worlds(0)].any():
        return Where(breach.element, place, f"{gone(breach)}, with all numbers as drawn too")
    at = [group for number, group in enumerate(ends.groups) if breach.worlds[ends.worlds(number)].any()]
    named = "; ".join(f"{name} {end}" for name, end in at[:FEW])
    more = f"; and {len(at) - FEW} more" if len(at) > FEW else ""
    return Where(breach.element, place, f"{gone(breach)}, with {named}{more}")


def without_effect(
    structure: Structure, ends: Groups | None, again: Callable[[set[str]], Groups], why_not: str
) -> ValidationTest:
    """List numbers and contested claims that change no digit of any answer between their ends.

    Those that seem to move nothing are tried again in more worlds.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    ends
        Worlds as drawn, then with each number at either end and under each reading; None where they were not run.
    again
        Runs more worlds of the things named, and of all else as drawn.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    if not structure.simulated:
        return STILL.came_out("does not apply", "The case simulates nothing.")
    if ends is None:
        return STILL.came_out("not tried", why_not)
    count = len({name for name, _ in ends.groups[1:]})
    if not count:
        return STILL.came_out("does not apply", "No number of the case is uncertain.")
    still = unmoving(ends)
    worlds = len(ends.survey.log_weight) // len(ends.groups)
    if still:
        more = again(still)
        still &= unmoving(more)
        worlds += len(more.survey.log_weight) // len(more.groups)
    where = tuple(
        Where(name, _place(structure, name), f"from end to end it changes no digit of any answer in {worlds} worlds")
        for name in sorted(still)
    )
    says = (
        f"{len(still)} of {count} uncertain numbers and contested claims change no digit of any question or measure."
        if still
        else f"Each of the {count} uncertain numbers and contested claims changes some question or measure."
    )
    return STILL.came_out("does not pass" if still else "passes", says, where)


def unmoving(ends: Groups) -> set[str]:
    """Return the numbers and claims whose groups all give the same answers and weights, to the last digit."""
    found: dict[str, list[NDArray[np.float64]]] = {}
    survey = ends.survey
    for number, (name, _) in enumerate(ends.groups):
        if number:
            worlds = ends.worlds(number)
            rows = [answer[worlds] for answer in survey.answers.values()]
            found.setdefault(name, []).append(np.array([*rows, survey.log_weight[worlds]]))
    return {
        name for name, sides in found.items() if all(np.array_equal(sides[0], side, equal_nan=True) for side in sides)
    }


def _edge(parameter: Parameter) -> float:
    return FAR if any(arm.range.shape == "interval" for arm in parameter.arms) else OUTERMOST


def readings_of(structure: Structure) -> Iterator[tuple[str, str]]:
    """Yield each reading of the contested claims that choose a number."""
    reading_parameters = {
        claim for name in structure.program.parameters for claim in structure.case.elements.parameters[name].switches
    }
    for claim, entry in structure.case.switches.items():
        if claim in reading_parameters:
            yield from ((claim, reading) for reading in entry.readings or {})


def _place(structure: Structure, name: str) -> str:
    return structure.at(("claims", name)) if name in structure.case.switches else structure.place_of(name)
