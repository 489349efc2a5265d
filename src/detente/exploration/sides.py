"""The sides of an expectation in a telling, as the kernel takes them: what is forced, which readings, which numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detente.dynamics import Forced, Program
from detente.dynamics.forcing import choice_number, lever_begins
from detente.scenario import Case, ExpectationElement, fixed_readings
from detente.scenario.checks.expecting import place_in_range
from detente.scenario.model import Side
from detente.scenario.telling import tellers

__all__ = ["Setting", "first_apart", "pairs_of", "sources_of", "word_side"]


@dataclass(frozen=True)
class Setting:
    """What is set on one side; settings of the same content are the same worlds.

    Parameters
    ----------
    levers
        Triples of option, value and first day.
    readings, at
        Contested claims with their reading, and numbers with the place in their range.
    """

    levers: tuple[tuple[str, str, int], ...] = ()
    readings: tuple[tuple[str, str], ...] = ()
    at: tuple[tuple[str, float], ...] = ()

    def forced(self, program: Program, recorded: Forced) -> Forced:
        """Return what the record and the levers set, day by day."""
        if not self.levers:
            return recorded
        imposed = recorded.imposed.copy()
        for option, value, day in self.levers:
            imposed[day:, program.choices.index(option)] = choice_number(program, option, value)
        return Forced(recorded.chosen, imposed, recorded.followed, recorded.observed)


def pairs_of(
    case: Case, program: Program, expected: ExpectationElement
) -> tuple[tuple[str | None, Setting, Setting], ...]:
    """Return both sides of an expectation in each telling to which it is put; None where readings are drawn.

    Parameters
    ----------
    case, program
        The case, and its ordered equations.
    expected
        The expectation, its names joined.

    Returns
    -------
    tuple
        By telling its name, the side that is changed and the side that it is held against.
    """
    tellings: tuple[str | None, ...] = (None,)
    if expected.changed.account is None:
        tellings = tellers(case, expected) or (None,)
    own = dict(expected.under)
    if expected.reading is not None:
        own[expected.claim] = expected.reading
    return tuple(
        (
            telling,
            _setting(case, program, expected.changed, telling, own),
            _setting(case, program, expected.against, telling, own),
        )
        for telling in tellings
    )


def _setting(case: Case, program: Program, side: Side, telling: str | None, own: Mapping[str, str]) -> Setting:
    readings = {**fixed_readings(case, side.account or telling), **own, **side.reading}
    levers: dict[str, tuple[str, str, int]] = {}
    for name in side.lever:
        lever = case.scenario.levers[name]
        day = lever_begins(program, side.begins or lever.begins)
        levers |= {target: (target, value, day) for target, value in lever.sets.items()}
    at = {name: place for name, text in side.fix.items() if (place := place_in_range(text)) is not None}
    return Setting(tuple(sorted(levers.values())), tuple(sorted(readings.items())), tuple(sorted(at.items())))


def first_apart(changed: Setting, against: Setting) -> int:
    """Return the first day on which two sides can differ."""
    if (changed.readings, changed.at) != (against.readings, against.at):
        return 0
    return min((day for _, _, day in set(changed.levers) ^ set(against.levers)), default=0)


def sources_of(case: Case, changed: Setting, against: Setting) -> dict[str, str]:
    """Return the names that two sides set differently, each with what it is told as: itself, or a claim behind it.

    Parameters
    ----------
    case
        The case.
    changed, against
        The two sides.

    Returns
    -------
    dict
        By name of a lever, a number or a claim's number.
    """
    found = {option: option for option, _, _ in set(changed.levers) ^ set(against.levers)}
    found |= {name: name for name, _ in set(changed.at) ^ set(against.at)}
    claims = {claim for claim, _ in set(changed.readings) ^ set(against.readings)}
    for name, parameter in case.elements.parameters.items():
        chosen_by = [claim for claim in parameter.switches if claim in claims]
        if chosen_by:
            found.setdefault(name, chosen_by[0])
    return found


def word_side(side: Side) -> str:
    """Write a side in a few words, by the names of the case."""
    parts = [" and ".join(side.lever)] if side.lever else []
    if side.begins is not None:
        parts[-1] += f" from {side.begins}"
    parts += [f"{claim}: {reading}" for claim, reading in side.reading.items()]
    parts += [side.account] if side.account is not None else []
    parts += [f"{name} at {place}" for name, place in side.fix.items()]
    return ", ".join(parts) or "as it stands"
