"""What a record teaches, found without weighing anything: run plain worlds and keep those that happen to say the same.

Neither the kernel's weights nor the interpreter's are used, so that a mistake which both share is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.kernel import Forced, Kernel, luck_keys
from detente.dynamics.program import Program, build_program
from detente.scenario import Case, Draws

__all__ = ["Compared", "Conditioned", "Row", "compared"]

Floats = NDArray[np.float64]
SEED = 5


@dataclass(frozen=True)
class Row:
    """A row of a record: the day, whose it is, its value; ``error`` where it was observed with one."""

    day: int
    name: str
    value: float
    error: float | None = None


@dataclass(frozen=True)
class Compared:
    """What was kept, and how far the weighted answers are from those of the kept worlds, in standard errors."""

    kept: int
    of: int
    worth: float
    off: Floats
    differences: Floats


@dataclass
class Conditioned:
    """One case, compiled once, ready to be run plainly and with a record; every world is a draw of its own."""

    case: Case
    worlds: int
    block: int = 8_192
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        self.program = build_program(self.case)
        self.seen = [*self.program.choices, *(stock.name for stock in self.program.stocks)]
        self.kernel = Kernel(self.program, 1, self.seen)
        self.drawing = Draws(self.case, SEED, self.program.parameters)

    def run(self, forced: Forced, first: int = 0) -> tuple[Floats, Floats, Floats]:
        """Return what was seen day by day ``[days, seen, worlds]``, the answers, and the log weights.

        ``first`` numbers the first draw: other numbers are other worlds.
        """
        series, answers, weights = [], [], []
        for begin in range(first, first + self.worlds, self.block):
            drawn = self.drawing.take(np.arange(begin, begin + self.block, dtype=np.uint32))
            parameters = drawn.matrix(self.program.parameters, np.float32)
            out = self.kernel.run(self.kernel.inputs(parameters, luck_keys(self.program, SEED), drawn.numbers, forced))
            series.append(np.array(out.series))  # the memory it stands in serves again
            answers.append(np.array(out.answers))
            weights.append(np.array(out.log_weight))
        return (np.concatenate(series, axis=2), np.concatenate(answers, axis=1).astype(np.float64),
                np.concatenate(weights).astype(np.float64))  # fmt: skip

    def told(self, outside: Forced, rows: list[Row]) -> Forced:
        """Return what is set where a record is known as well as what is set from outside anyway."""
        program = self.program
        table = replace(outside, chosen=outside.chosen.copy(), observed=outside.observed.copy())
        observed = [element for _, element, _ in program.observed]
        for row in rows:
            if row.error is None:
                table.chosen[row.day, program.choices.index(row.name)] = row.value
            else:
                table.observed[row.day, observed.index(row.name)] = row.value
        return table


def keeps(one: Conditioned, outside: Forced, rows: list[Row], series: Floats) -> NDArray[np.bool_]:
    """Return which plain worlds say what the record says.

    Where a lever makes a choice nobody decides, so that the record cannot tell how it is decided. What was observed
    with an error is kept with a chance that falls with its distance, as in any rejection sampler.
    """
    kept = np.ones(series.shape[2], bool)
    luck = np.random.default_rng(7)
    for row in rows:
        seen = series[row.day, one.seen.index(row.name)]
        if row.error is not None:
            kept &= luck.random(len(seen)) < np.exp(-0.5 * ((seen - row.value) / row.error) ** 2)
        elif np.isnan(outside.imposed[row.day, one.program.choices.index(row.name)]):
            kept &= seen == row.value
    return kept


def compared(one: Conditioned, rows: list[Row], outside: Forced | None = None) -> Compared:
    """Compare answers weighted by a record with those of the plain worlds that reproduce it.

    Parameters
    ----------
    one
        The case.
    rows
        The record.
    outside
        What is set anyway, in both: a flow that is followed, a lever.
    """
    outside = outside or Forced.nothing(one.program)
    series, plain, _ = one.run(outside)
    kept = plain[:, keeps(one, outside, rows, series)]
    _, weighted, log_weight = one.run(one.told(outside, rows), first=one.worlds * 2)
    weights = np.exp(log_weight - log_weight.max())
    weights /= weights.sum()
    mean = weighted @ weights
    error = np.sqrt(((weights * (weighted - mean[:, None])) ** 2).sum(axis=1) + kept.var(axis=1) / kept.shape[1])
    difference = mean - kept.mean(axis=1)
    off = np.where(error > 1e-9, difference / np.maximum(error, 1e-9), np.where(np.abs(difference) > 1e-6, np.inf, 0))
    return Compared(kept.shape[1], plain.shape[1], float(1 / (weights**2).sum()), off, difference)
