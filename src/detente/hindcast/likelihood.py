"""How likely a case's numbers and readings make its record: the file in which fitting reads the case."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Simulation, ancestors, direct_influences
from detente.dynamics.kernel import Forced
from detente.equations.syntax import Name
from detente.journal import Journal, remembered

__all__ = ["FAR", "Dimensions", "RecordLikelihood", "dimensions_of", "rows_that_bear"]

Floats = NDArray[np.float64]
FAR = 1e-6
"""How likely a day of the record may be in the best of all worlds and still be said to be missed."""
Numbers = NDArray[np.uint32]


@dataclass(frozen=True)
class Dimensions:
    """What a case leaves open: numbers and readings, and which of them the record can bear on at all.

    Parameters
    ----------
    parameters, readings
        All of them; claims that share a draw go by the name of their group.
    numbers, choices
        Those among them from which something observed can be reached.
    """

    parameters: tuple[str, ...]
    readings: tuple[str, ...]
    numbers: tuple[str, ...]
    choices: tuple[str, ...]

    @property
    def bearing(self) -> frozenset[str]:
        """Numbers and readings that the record can bear on."""
        return frozenset((*self.numbers, *self.choices))


def dimensions_of(simulation: Simulation, forced: Forced) -> Dimensions:
    """Return what a case leaves open, and what a record can bear on.

    Parameters
    ----------
    simulation
        The case, ready to run.
    forced
        What the record sets.
    """
    case, program = simulation.case, simulation.watch.program
    influences, elements = direct_influences(program), case.elements
    seen = [name for name, column in zip(program.choices, forced.chosen.T, strict=True)
            if name in program.weighing and not np.isnan(column).all()]  # fmt: skip
    for (_, name, error), column in zip(program.observed, forced.observed.T, strict=True):
        seen += [] if np.isnan(column).all() else [name, error]
    upstream = set(seen).union(*(ancestors(program, Name(name), influences) for name in seen))
    switched = {claim for name in upstream & set(program.parameters) for claim in elements.parameters[name].switches}
    groups: dict[str, list[str]] = {}
    for claim, entry in case.switches.items():
        groups.setdefault(entry.group or claim, []).append(claim)
    return Dimensions(
        program.parameters,
        tuple(groups),
        tuple(name for name in program.parameters if name in upstream),
        tuple(name for name, claims in groups.items() if switched & set(claims)),
    )


def rows_that_bear(simulation: Simulation, forced: Forced) -> int:
    """Return how many choices and measurements of the record say something of the model's numbers."""
    program = simulation.watch.program
    weighing = [name in program.weighing for name in program.choices]
    return int((~np.isnan(forced.chosen[:, weighing])).sum() + (~np.isnan(forced.observed)).sum())


class RecordLikelihood:
    """Estimates how likely the record is at any cumulative probabilities of a case's numbers and readings.

    The likelihood of a draw is the mean, over replicates of luck, of the weight of worlds that follow the record:
    choices known to be taken count with the chance the model gave them, measurements with a normal density. It is an
    unbiased estimate whatever the replicates.

    Parameters
    ----------
    simulation
        The case, ready to run and weighted.
    forced
        What the record sets.
    dimensions
        What may move; other numbers and readings stand at the middle of their ranges, where the record cannot see them.
    replicates
        Worlds per draw.
    progress
        Called with the number of worlds done since the last call.
    journal
        Has the estimates made before an interruption, in the order in which they are asked for.
    """

    def __init__(
        self,
        simulation: Simulation,
        forced: Forced,
        dimensions: Dimensions,
        replicates: int,
        progress: Callable[[int], None] | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.simulation, self.forced, self.dimensions = simulation, forced, dimensions
        self.replicates, self.progress, self.worlds = replicates, progress, 0
        self.journal, self._asked = journal, 0

    def __call__(self, points: Floats, draws: Numbers) -> Floats:
        """Return the logarithm of the estimate at each point, ``[particles]``.

        Parameters
        ----------
        points
            Cumulative probabilities of what the record can bear on, ``[particles, dimensions]``.
        draws
            The number of the draw whose luck each is judged by, ``[particles]``.
        """
        self._asked += 1
        count, run = len(points) * self.replicates, self.worlds
        name = f"likelihoods {self._asked}"
        found = remembered(self.journal, name, count, lambda: {"log": self._estimates(points, draws)})["log"]
        if self.worlds == run:  # they were there already
            self._done(count)
        return found

    def _estimates(self, points: Floats, draws: Numbers) -> Floats:
        """Run worlds at each point and return the logarithm of the estimate, ``[particles]``."""
        weights = self._log_weights(points, draws)
        top = weights.max(axis=1)
        shifted = np.exp(weights - np.where(np.isfinite(top), top, 0.0)[:, None])
        return np.asarray(top + np.log(np.maximum(shifted.mean(axis=1), np.finfo(float).tiny)))

    def _done(self, worlds: int) -> None:
        self.worlds += worlds
        if self.progress is not None:
            self.progress(worlds)

    def noise(self, points: Floats, unused: int) -> float:
        """Return the standard error of the logarithm of an estimate: how much two of them differ by luck alone.

        Parameters
        ----------
        points
            As above.
        unused
            Draws from this number on have luck that was not used.
        """
        one, other = (self(points, self._fresh(points, unused + turn * len(points))) for turn in range(2))
        both = np.isfinite(one) & np.isfinite(other)
        return float(np.sqrt(((one - other)[both] ** 2).mean() / 2)) if both.any() else math.inf

    def _fresh(self, points: Floats, first: int) -> Numbers:
        return np.arange(first, first + len(points), dtype=np.uint32)

    def missed(self, points: Floats, unused: int) -> list[dt.date]:
        """Return the days on which no world at these points comes near what the record says."""
        draws = self._fresh(points, unused)
        forced, program = self.forced, self.simulation.watch.program
        rows = ~np.isnan(np.concatenate([forced.chosen, forced.observed], axis=1)).all(axis=1)
        found, reached = [], np.zeros((len(points), self.replicates))
        for day in np.flatnonzero(rows):
            kept = [table.copy() for table in (forced.chosen, forced.imposed, forced.followed, forced.observed)]
            for table in kept:
                table[day + 1 :] = np.nan
            weights = self._log_weights(points, draws, Forced(*kept))
            gained = np.nan_to_num(weights - reached, nan=-np.inf, neginf=-np.inf).max()
            if gained + self._widths(points, forced.observed[day]) <= math.log(FAR) + 0.01:
                found.append(program.date_of(int(day)))
            reached = weights
        return found

    def _widths(self, points: Floats, observed: Floats) -> float:
        """Return the log of the largest errors of what is observed on a day: what the best fit of all pays for them."""
        program, drawing = self.simulation.watch.program, self.simulation.ensemble.drawing
        drawn = drawing.place(*self.placed(points)).values
        errors = [error for (_, _, error), seen in zip(program.observed, observed, strict=True) if not np.isnan(seen)]
        widest = (drawn[error].max() if error in drawn else program.exact[error] for error in errors)
        return float(sum(math.log(width) for width in widest))

    def _log_weights(self, points: Floats, draws: Numbers, forced: Forced | None = None) -> Floats:
        """Return the log weight of every world, ``[particles, replicates]``."""
        drawing, program = self.simulation.ensemble.drawing, self.simulation.watch.program
        at, readings_at = self.placed(points)
        drawn = drawing.place(at, readings_at)
        parameters = drawn.matrix(program.parameters, self.simulation.ensemble.kernel.dtype)
        _, found = self.simulation.ensemble.answers(parameters, draws, forced or self.forced, self.replicates, rows=())
        self._done(len(found))
        # A world in which something observed is no number follows nothing.
        weights = np.where(np.isnan(found), -np.inf, found.astype(np.float64))
        return weights.reshape(len(points), self.replicates)

    def placed(self, points: Floats) -> tuple[Mapping[str, Floats], Mapping[str, Floats]]:
        """Return the cumulative probability of every number and reading at some points."""
        known, middle = self.dimensions, np.full(len(points), 0.5)
        columns = dict(zip((*known.numbers, *known.choices), points.T, strict=True))
        return (
            {name: columns.get(name, middle) for name in known.parameters},
            {name: columns.get(name, middle) for name in known.readings},
        )
