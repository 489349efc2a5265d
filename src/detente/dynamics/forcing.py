"""What is set from outside the equations: what the record knows, and what a lever imposes."""

from __future__ import annotations

import datetime as dt

import numpy as np

from detente.dynamics.kernel import Forced
from detente.dynamics.program import Program
from detente.errors import RequestError, nearest
from detente.scenario import Case, Observation
from detente.scenario.record import as_they_became_known

__all__ = ["forced_by", "lever_begins"]


def forced_by(case: Case, program: Program, lever: str | None = None) -> Forced:
    """Return what the case's record and one of its levers set, day by day.

    Raises
    ------
    RequestError
        If the case has no such lever.
    """
    table = Forced.nothing(program)
    _follow_record(case, program, table)
    if lever is not None:
        _impose(case, program, table, lever)
    return table


def _follow_record(case: Case, program: Program, table: Forced) -> None:
    observed = {name: column for column, (name, _, _) in enumerate(program.observed)}
    for row in as_they_became_known(case.observations):
        known = case.scenario.known.get(row.measure)
        day = program.day_of(row.about)
        if known is None or row.value is None or not 0 <= day < program.days:
            continue
        if known.choice is not None:
            table.chosen[day, program.choices.index(known.choice)] = choice_number(program, known.choice, row.value)
        elif isinstance(row.value, float) and _is_over(case, row):
            if known.follow is not None:
                table.followed[day, program.follows.index(known.follow)] = row.value
            if known.error is not None:
                table.observed[day, observed[row.measure]] = row.value


def _is_over(case: Case, row: Observation) -> bool:
    """Whether the day of an observation was over at the cut: a day that is not over is not observed."""
    zone = case.scenario.as_of.tzinfo
    return row.about < case.scenario.as_of.astimezone(zone).date()


def choice_number(program: Program, name: str, value: float | str) -> float:
    """Return a choice as the kernel holds it: 0 or 1, or the position of an alternative; NaN if it is none."""
    option = program.elements.options.get(name)
    if option is not None and option.alternatives:
        return float(option.alternatives.index(value)) if value in option.alternatives else np.nan
    words = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}
    return words.get(value, np.nan) if isinstance(value, str) else float(value != 0)


def lever_begins(program: Program, begins: str) -> int:
    """Return the day on which a lever takes effect, from ``day 10`` or a date."""
    if begins.startswith("day "):
        return int(begins.removeprefix("day "))
    return program.day_of(dt.date.fromisoformat(begins))


def _impose(case: Case, program: Program, table: Forced, lever: str) -> None:
    entry = case.scenario.levers.get(lever)
    if entry is None:
        mend = nearest(lever, set(case.scenario.levers)) or "its levers: " + ", ".join(case.scenario.levers)
        raise RequestError(f"{case.name} has no lever '{lever}'; {mend}")
    begins = lever_begins(program, entry.begins)
    for name, value in entry.sets.items():
        table.imposed[begins:, program.choices.index(name)] = choice_number(program, name, value)
