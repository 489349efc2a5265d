"""Worlds at chosen points: cumulative probabilities of every factor and a number of luck in, answers out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Simulation, position_of
from detente.dynamics.kernel import Forced
from detente.errors import RequestError
from detente.exploration.factors import Factors
from detente.exploration.targets import target_of
from detente.journal import Arrays, Journal, remembered
from detente.scenario.stretching import stretched

__all__ = ["CHUNK", "Outcome", "Sampler", "Stopped"]

Floats = NDArray[np.float64]
CHUNK = 16_384
"""Worlds between two looks at the clock."""


class Stopped(Exception):
    """Ends what is being sampled where it was asked to stop; never leaves the room."""


@dataclass(frozen=True)
class Outcome:
    """What came of some worlds.

    Parameters
    ----------
    answers
        ``[targets, worlds]``: 0 or 1 for yes/no and for an alternative, the position of a rung for a ladder, days for a
        date, where a day that does not come counts as the horizon.
    log_weight
        How well each world follows what was known, ``[worlds]``.
    trace
        A number that differs, but by a rare chance, where anything that the model records of two worlds differs.
    """

    answers: Floats
    log_weight: Floats
    trace: Floats

    def part(self, first: int, last: int) -> Outcome:
        """Return some of the worlds."""
        return Outcome(self.answers[:, first:last], self.log_weight[first:last], self.trace[first:last])

    @staticmethod
    def joined(parts: Sequence[Outcome]) -> Outcome:
        """Return the worlds of several outcomes, one after the other."""
        return Outcome(
            np.concatenate([one.answers for one in parts], axis=1),
            np.concatenate([one.log_weight for one in parts]),
            np.concatenate([one.trace for one in parts]),
        )


class Sampler:
    """Runs any points of a case's factors through its compiled kernel.

    Parameters
    ----------
    simulation, factors
        The case, ready to run, and what it leaves open.
    targets
        Questions and measures wanted, by alternative where their order means nothing.
    progress, stop
        Called with the number of worlds done; set to stop.
    journal
        Has the worlds that were run before an interruption, in the order in which they are asked for.
    """

    def __init__(
        self,
        simulation: Simulation,
        factors: Factors,
        targets: Sequence[str],
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.simulation, self.factors, self.targets = simulation, factors, tuple(targets)
        self.followed = [target_of(simulation.case, target) for target in targets]
        self.rows = [position_of(simulation.watch.program, one.summary) for one in self.followed]
        self.progress, self.stop, self.worlds = progress, stop, 0
        self.journal, self._asked = journal, 0

    def parameters(self, points: Floats, times: float = 1.0) -> NDArray[np.floating]:
        """Return the kernel's numbers at some points, ``[parameters, points]``, with ranges so many times as wide."""
        drawing, names, split = self.simulation.ensemble.drawing, self.factors.names, self.factors.parameters
        dtype, program = self.simulation.ensemble.kernel.dtype, self.simulation.watch.program
        if not split:
            return np.zeros((0, len(points)), dtype)
        known = drawing.parameters
        if times != 1:
            known = {name: stretched(parameter, times) for name, parameter in known.items()}
        at = dict(zip(names[:split], points.T[:split], strict=True))
        readings_at = dict(zip(names[split:], points.T[split:], strict=True))
        drawn = drawing.place(at, readings_at, known)
        return drawn.matrix(program.parameters, dtype)

    def readings_at(self, column: int, uniforms: Floats) -> tuple[NDArray[np.intp], int]:
        """Return which reading of a contested claim holds at each cumulative probability, and how many it has."""
        case, drawing = self.simulation.case, self.simulation.ensemble.drawing
        counts = {c: len(case.switches[c].readings or {}) for c in self.factors.switches[self.factors.names[column]]}
        claim = max(counts, key=lambda name: counts[name])
        return drawing.reading_at(claim, uniforms).astype(np.intp), counts[claim]

    def run(self, points: Floats, luck: NDArray[np.uint32], times: float = 1.0) -> Outcome:
        """Run one world at each point, ``[points, factors]``, with the luck of that number, ``[points]``.

        Parameters
        ----------
        points
            Cumulative probabilities of all factors, ``[points, factors]``.
        luck
            The number of each world's luck, ``[points]``.
        times
            How wide ranges are, beside the declared ones.

        Returns
        -------
        Outcome
            Answers, ``[targets, points]``, and log weights, ``[points]``.
        """
        found = [
            self.worlds_of(self.parameters(points[first : first + CHUNK], times), luck[first : first + CHUNK])
            for first in range(0, len(points), CHUNK)
        ]
        return self.counted(Outcome.joined(found), declared=times == 1)

    def worlds_of(
        self,
        parameters: NDArray[np.floating],
        luck: NDArray[np.uint32],
        replicates: int = 1,
        forced: Forced | None = None,
    ) -> Outcome:
        """Run worlds of given numbers, with what the record sets, or anything else; replicates run fastest.

        Parameters
        ----------
        parameters
            The numbers of each draw, ``[parameters, draws]``.
        luck
            The number of each draw's luck, ``[draws]``.
        replicates
            Worlds of each draw.
        forced
            What the record, or anything else, sets; by default what the case's record sets.

        Returns
        -------
        Outcome
            Answers, ``[targets, draws × replicates]``, and log weights, ``[draws × replicates]``.

        Raises
        ------
        Stopped
            If it is to stop: before anything is run.
        """
        if self.stop is not None and self.stop.is_set():
            raise Stopped
        self._asked += 1
        count = len(luck) * replicates
        found = remembered(
            self.journal,
            f"worlds {self._asked}",
            count,
            lambda: self._computed(parameters, luck, replicates, forced or self.simulation.forced),
        )
        self.worlds += count
        if self.progress is not None:
            self.progress(count)
        return Outcome(found["answers"], found["log_weight"], found["trace"])

    def _computed(
        self, parameters: NDArray[np.floating], luck: NDArray[np.uint32], replicates: int, forced: Forced
    ) -> Arrays:
        """Run worlds and return their outcome, by name of its fields."""
        ensemble, program = self.simulation.ensemble, self.simulation.watch.program
        answers, log_weight = ensemble.answers(parameters, luck, forced, replicates)
        wanted = answers[self.rows].astype(np.float64)
        for row, one in enumerate(self.followed):
            if one.position is not None:
                wanted[row] = wanted[row] == one.position
        answered = np.where(np.isinf(wanted), program.days, wanted)
        trace = np.where(np.isfinite(answers), answers, -1.0).sum(axis=0, dtype=np.float64)
        return {"answers": answered, "log_weight": log_weight.astype(np.float64), "trace": trace}

    def counted(self, outcome: Outcome, declared: bool) -> Outcome:
        """Refuse answers that are no number; where ranges were stretched, such worlds count for nothing instead.

        Raises
        ------
        RequestError
            If an answer at the declared ranges is no number.
        """
        spoilt = np.isnan(outcome.answers) | np.isnan(outcome.log_weight)
        if not spoilt.any():
            return outcome
        if declared:
            name = self.targets[int(spoilt.any(axis=1).argmax())]
            case = self.simulation.case.name
            raise RequestError(f"'{name}' is no number in some worlds; 'detente run {case}' names what spoils it")
        gone = np.where(spoilt.any(axis=0), -np.inf, outcome.log_weight)
        return Outcome(np.where(spoilt, 0.0, outcome.answers), gone, outcome.trace)
