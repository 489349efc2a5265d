"""Every lever and every reading in the same worlds, beside none, and what of all that moves nothing.

A lever that changes nothing, or exactly what another changes, tells that the model is deaf to a choice or cannot tell
two apart: the behaviour-anomaly test of Forrester and Senge (1980).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from detente.scenario import Draws
from detente.validation.range_ends import readings_of
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.side_by_side import Group, Groups, side_by_side
from detente.validation.structure import Structure

__all__ = ["LEVER", "idle_levers", "under_levers", "unmoved_measures"]

LEVER = "lever"
"""What stands before the name of a lever in the label of its group."""
IDLE = Inquiry(
    "idle_levers",
    "Levers without effect",
    "behaviour",
    "Does every lever change something, and no two of different choices exactly the same?",
)
UNMOVED = Inquiry(
    "unmoved_measures",
    "Measures that nothing moves",
    "behaviour",
    "Is there a measure that is the same under every lever and every reading?",
)
ROUNDING = 1e-9
FLAT = 0.95
"""Share of worlds beyond which a number that never leaves where it started is said to be flat."""

Floats = NDArray[np.float64]


def under_levers(structure: Structure, seed: int, draws: int, replicates: int, names: set[str] | None = None) -> Groups:
    """Set every lever, and read every contested claim each way, in the same worlds as none.

    Parameters
    ----------
    structure, seed
        The case, and the seed of its draws.
    draws, replicates
        How many draws, and worlds of each, see every one.
    names
        The levers wanted; without it, all, and all readings.

    Returns
    -------
    Groups
        Worlds as drawn first, then one group for each lever and each reading, in the same draws and luck.
    """
    case, program = structure.case, structure.program
    drawing = Draws(case, seed, program.parameters)
    numbers = np.arange(draws, dtype=np.uint32)
    groups = [Group((LEVER, one), {}, one) for one in case.scenario.levers if names is None or one in names]
    for claim, reading in readings_of(structure) if names is None else ():
        groups.append(Group((claim, f"read as {reading}"), drawing.take(numbers, {claim: reading}).values))
    return side_by_side(structure, seed, drawing.take(numbers), groups, replicates)


def idle_levers(
    structure: Structure, groups: Groups | None, again: Callable[[set[str]], Groups], why_not: str
) -> ValidationTest:
    """List the levers that change no answer and no measure in any world, and those that do what another does.

    Those that seem to are tried again in more worlds.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    groups
        Worlds as drawn, then under each lever and each reading; None where they were not run.
    again
        Runs more worlds of the things named, and of all else as drawn.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    levers = structure.case.scenario.levers
    if not levers or not structure.simulated:
        return IDLE.came_out("does not apply", "The case has no levers.")
    if groups is None:
        return IDLE.came_out("not tried", why_not)
    worlds, like = groups.each, _like_another(structure, groups)
    if like:
        more = again({*like, *like.values()} - {""})
        worlds += more.each
        still = _like_another(structure, more)
        like = {name: other for name, other in like.items() if still.get(name) == other}
    where = [
        Where(
            name,
            structure.at(("levers", name)),
            f"changes every answer and measure exactly as {other} does, in each of {worlds} worlds"
            if other
            else f"changes no answer and no measure in any of {worlds} worlds",
        )
        for name, other in like.items()
    ]
    if where:
        return IDLE.came_out("does not pass", f"{len(where)} of {len(levers)} levers do nothing of their own.", where)
    return IDLE.came_out("passes", f"Each of the {len(levers)} levers changes something, and no two do the same.")


def _like_another(structure: Structure, groups: Groups) -> dict[str, str]:
    """Return the levers that do what an earlier one with other settings does, or, with an empty name, nothing."""
    levers = structure.case.scenario.levers
    told = _told(structure, groups)
    first: dict[bytes, str] = {}
    found: dict[str, str] = {}
    for number, (what, name) in enumerate(groups.groups):
        if what != LEVER:
            continue
        if np.array_equal(told[number], told[0], equal_nan=True):
            found[name] = ""
            continue
        other = first.setdefault(told[number].tobytes(), name)
        if other != name and levers[other].sets != levers[name].sets:
            found[name] = other
    return found


def unmoved_measures(structure: Structure, groups: Groups | None, why_not: str) -> ValidationTest:
    """List the measures that no lever and no reading moves, and the numbers among them that never leave their start.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    groups
        Worlds as drawn, then under each lever and each reading; None where they were not run.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    measures = structure.case.elements.measures
    if not measures or not structure.simulated:
        return UNMOVED.came_out("does not apply", "The case has no measures.")
    if groups is None:
        return UNMOVED.came_out("not tried", why_not)
    if len(groups.groups) == 1:
        return UNMOVED.came_out("does not apply", "The case has neither a lever nor a reading that chooses a number.")
    where = []
    for name, measure in measures.items():
        says = _stays(groups, name, len(groups.groups) - 1)
        if says:
            where.append(Where(name, structure.at(measure.path), says))
    tried = f"{len(groups.groups) - 1} levers and readings were tried in {groups.each} worlds each."
    if where:
        says = f"{len(where)} of {len(measures)} measures are moved by no lever and no reading, or stay as they start."
        return UNMOVED.came_out("does not pass", says, where, tried=tried)
    says = f"Each of the {len(measures)} measures is moved by some lever or reading."
    return UNMOVED.came_out("passes", says, tried=tried)


def _stays(groups: Groups, name: str, others: int) -> str:
    """Say of a measure that nothing moves it, or that it never leaves where it starts; nothing where neither holds."""
    rows = list(_rows(groups, name))
    base, *told = (np.array([row[groups.worlds(number)] for row in rows]) for number in range(len(groups.groups)))
    if all(_alike(base, one) for one in told):
        luck = "" if _alike(base, np.broadcast_to(base[:, :1], base.shape)) else "; only luck and numbers move it"
        return f"is the same under each of {others} levers and readings{luck}"
    if name in groups.survey.names:
        row = groups.survey.names.index(name)
        low, high = groups.survey.lowest[row], groups.survey.highest[row]
        weight = groups.survey.weight
        flat = np.abs(high - low) <= ROUNDING * np.maximum(np.abs(high), 1.0)
        share = float(weight[flat].sum())
        truth = bool(np.isin(np.concatenate([low, high]), (0.0, 1.0)).all())
        if share > FLAT and not truth:
            return f"never leaves where it starts in {100 * share:.0f} % of worlds, under any lever and reading"
    return ""


def _rows(groups: Groups, name: str) -> Iterator[Floats]:
    """Yield all that is noted of a measure: its last value, how low and how high it went."""
    survey = groups.survey
    if name in survey.answers:
        yield survey.answers[name]
    if name in survey.names:
        row = survey.names.index(name)
        yield survey.lowest[row]
        yield survey.highest[row]


def _alike(one: Floats, other: Floats) -> bool:
    with np.errstate(invalid="ignore"):
        near = np.abs(one - other) <= ROUNDING * np.maximum(np.abs(one), 1.0)
    return bool((near | (one == other) | (np.isnan(one) & np.isnan(other))).all())


def _told(structure: Structure, groups: Groups) -> list[Floats]:
    """Return for each group all that is asked and measured, world by world."""
    wanted = [*structure.case.elements.questions, *structure.case.elements.measures]
    rows = np.array([row for name in dict.fromkeys(wanted) for row in _rows(groups, name)])
    return [np.ascontiguousarray(rows[:, groups.worlds(number)]) for number in range(len(groups.groups))]
