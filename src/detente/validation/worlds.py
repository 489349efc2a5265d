"""The worlds that a validation looks at: every element on every day, read straight from the equations in NumPy.

The compiled kernel gives answers; a validation asks what became of everything else on the way, under other ranges,
other steps and other horizons. Each of these would have to be compiled anew, so the worlds are read by
:mod:`detente.dynamics.interpreter`, to which tests hold the kernel, with the same draws and the same luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Program, forced_by, luck_keys
from detente.dynamics.interpreter import Interpreter, Outside, Result
from detente.randomness import uniform64
from detente.scenario import Case, Drawn

__all__ = ["Columns", "columns_of", "days_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """Worlds side by side: the numbers of each, and whose luck it has.

    Parameters
    ----------
    numbers
        For each parameter that varies, its value in each world, ``[worlds]``.
    draw, replicate
        Whose luck each world has, ``[worlds]``.
    """

    numbers: Mapping[str, Floats]
    draw: NDArray[np.uint32]
    replicate: NDArray[np.uint32]

    @property
    def count(self) -> int:
        """How many worlds they are."""
        return len(self.draw)


def columns_of(drawn: Drawn, replicates: int) -> Columns:
    """Return the worlds of some draws, so many of each, replicates running fastest."""
    own = np.tile(np.arange(replicates, dtype=np.uint32), len(drawn.numbers))
    numbers = {name: np.repeat(values, replicates) for name, values in drawn.values.items()}
    return Columns(numbers, np.repeat(drawn.numbers, replicates), own)


def days_of(
    case: Case, program: Program, columns: Columns, seed: int, levers: Sequence[str | None] = ()
) -> Iterator[tuple[int, Result]]:
    """Carry worlds through all days; yield each day with every value in the evening, and what is carried on.

    What the record knows is set from outside.

    Parameters
    ----------
    case, program
        The case, and the equations to read, which may have another step or horizon than the case's own.
    columns
        The worlds.
    seed
        Of their luck: worlds of the same draw and replicate have the same luck under any numbers.
    levers
        Which lever is set in each of so many groups of worlds of equal size, one after the other; without any, none is.

    Yields
    ------
    tuple
        The number of the day, from 0, and what the interpreter made of it, values ``[worlds]`` each.
    """
    table = forced_by(case, program)
    imposed = [forced_by(case, program, lever).imposed for lever in levers] or [table.imposed]
    each = columns.count // len(imposed)
    interpreter = Interpreter(program, columns.numbers)
    state = interpreter.begin(columns.count)
    observed = [name for name, _, _ in program.observed]
    own_keys = dict(zip(program.sites, luck_keys(program, seed), strict=True))
    for day in range(program.days):

        def luck(element: str, site: str, day: int = day) -> Floats:
            first, second = own_keys[element, site]
            on = np.uint32(0 if site == "held" else day)  # under some rules of decision a draw holds through the world
            return np.asarray(uniform64(first, second, columns.draw, columns.replicate, on, np))

        outside = Outside(
            dict(zip(program.choices, table.chosen[day], strict=True)),
            dict(zip(program.choices, _by_group(imposed, day, each), strict=True)),
            dict(zip(program.follows, table.followed[day], strict=True)),
            dict(zip(observed, table.observed[day], strict=True)),
        )
        result = interpreter.day(state, np.full(columns.count, day), luck, outside)
        yield day, result
        state = result.state


def _by_group(imposed: Sequence[Floats], day: int, each: int) -> Iterator[Any]:
    """Yield for each choice what is set on a day: one number, or one for each world where groups differ."""
    rows = np.array([table[day] for table in imposed])
    for column in rows.T:
        alike = len(column) == 1 or bool(np.isnan(column).all())
        yield column[0] if alike else np.repeat(column, each)
