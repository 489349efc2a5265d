"""What the model would have said of each day of a record, had it known only what came before.

Worlds follow the record day by day, as the kernel's do, but are read by the interpreter: that tells what an element had
before the record set it, at no cost to the kernel and without compiling anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.decisions import LOG_OF_NONE
from detente.dynamics.influence import ancestors, direct_influences
from detente.dynamics.interpreter import Interpreter, Outside
from detente.dynamics.kernel import Forced, luck_keys
from detente.dynamics.program import Program
from detente.equations.syntax import Name
from detente.randomness import uniform64
from detente.scenario import Drawn

__all__ = ["Ahead", "log_of", "one_step_ahead"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ahead:
    """One day of a record as worlds saw it that had followed the record up to the day before.

    Parameters
    ----------
    day
        Its number, from 0.
    chances
        For each choice that the record tells, in the order of the day, the chance of what it tells, ``[worlds]``.
    own
        For each flow or auxiliary that is set to the record, the value it had before, ``[worlds]``.
    evening
        For each element observed with an error, its value when the day is over, ``[worlds]``.
    before, chosen
        Log weights of the worlds in the morning, and with the choices of the day, ``[worlds]``.
    """

    day: int
    chances: Mapping[str, Floats]
    own: Mapping[str, Floats]
    evening: Mapping[str, Floats]
    before: Floats
    chosen: Floats


def one_step_ahead(program: Program, drawn: Drawn, seed: int, forced: Forced) -> Iterator[Ahead]:
    """Carry one world of each draw through the days of a record, and yield what it would have had on each.

    Parameters
    ----------
    program
        The ordered equations.
    drawn
        The draws, one world for each.
    seed
        Of all luck.
    forced
        What the record sets.
    """
    told = [~np.isnan(table).all(axis=1) for table in (forced.chosen, forced.followed, forced.observed)]
    days = np.flatnonzero(np.any(told, axis=0))
    if not len(days):
        return
    bare = _upstream(program, forced)
    interpreter, count = Interpreter(bare, drawn.values), len(drawn.numbers)
    keys = dict(zip(program.sites, luck_keys(program, seed), strict=True))
    state = interpreter.begin(count)
    for day in range(int(days[-1]) + 1):

        def luck(element: str, site: str, day: int = day) -> Floats:
            first, second = keys[element, site]
            on = 0 if site == "held" else day
            return np.asarray(uniform64(first, second, drawn.numbers, np.uint32(0), np.uint32(on), np))

        outside = _outside(program, forced, day)
        before = state[("log_weight",)]
        result = interpreter.day(state, np.asarray(day), luck, outside)
        if day in days:
            yield _ahead(program, day, outside, result.said, result.values, before)
        state = result.state


def log_of(chance: Floats) -> Floats:
    """Return the logarithm of a chance, as it weights a world: none at all is very little."""
    return np.where(chance > 0, np.log(np.maximum(chance, np.finfo(float).tiny)), LOG_OF_NONE)


def _upstream(program: Program, forced: Forced) -> Program:
    """Return the part of a program that what the record tells can hang on."""
    tables = ((program.choices, forced.chosen), (program.follows, forced.followed),
              ([element for _, element, _ in program.observed], forced.observed))  # fmt: skip
    seen = {name for names, table in tables for name, column in zip(names, table.T, strict=True)
            if not np.isnan(column).all()}  # fmt: skip
    influences = direct_influences(program)
    upstream = seen.union(*(ancestors(program, Name(name), influences) for name in seen))
    return replace(
        program,
        summaries=tuple(one for one in program.summaries if one.name in upstream),
        order=tuple(step for step in program.order if step.name in upstream),
        stocks=tuple(stock for stock in program.stocks if stock.name in upstream),
        observed=tuple(one for one in program.observed if one[1] in upstream),
    )  # fmt: skip


def _outside(program: Program, forced: Forced, day: int) -> Outside:
    """Return what is set on one day, by name; only what is there."""

    def there(row: Floats, names: tuple[str, ...]) -> dict[str, Floats]:
        return {name: value for name, value in zip(names, row, strict=True) if not np.isnan(value)}

    return Outside(
        there(forced.chosen[day], program.choices), there(forced.imposed[day], program.choices),
        there(forced.followed[day], program.follows),
        there(forced.observed[day], tuple(name for name, _, _ in program.observed)),
    )  # fmt: skip


def _ahead(
    program: Program,
    day: int,
    outside: Outside,
    said: Mapping[str, Floats],
    values: Mapping[str, Floats],
    before: Floats,
) -> Ahead:
    def wide(value: Floats) -> Floats:
        return np.broadcast_to(np.asarray(value, np.float64), before.shape)

    told = [name for name in outside.chosen if name in said and name not in outside.imposed]
    chances = {name: wide(said[name]) for name in said if name in told}
    weighed = (log_of(chances[name]) for name in chances if name in program.weighing)
    seen = {element for name, element, _ in program.observed if name in outside.observed}
    return Ahead(
        day, chances, {name: wide(said[name]) for name in outside.followed if name in said},
        {name: wide(values[name]) for name in seen if name in values}, before, before + sum(weighed),
    )  # fmt: skip
