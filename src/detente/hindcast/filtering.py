"""Worlds that follow a record: weighted by it, and where luck leaves few of them, resampled day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Ensemble, Forced
from detente.randomness import name_key, uniform64

__all__ = ["ENOUGH", "Filter", "Worlds", "days_that_weigh", "join", "survivors", "weights_of"]

Floats = NDArray[np.float64]
ENOUGH = 0.5
"""The part of a draw's replicates that must be left, equally weighted, if they are not to be resampled."""
REMEMBERED = 8
"""Days whose resampling is kept, so that the next cut need not begin with the first day."""


@dataclass(frozen=True)
class Worlds:
    """What worlds say, and what each counts for.

    Parameters
    ----------
    values
        Each question's answer, ``[questions, draws, replicates]``.
    log_weight
        The log of what each world counts for, ``[draws, replicates]``. Its mean over the replicates, before the
        logarithm, is what a draw counts for: an unbiased estimate of how likely it makes the record.
    resampled
        Days on which replicates were resampled, counted from 0.
    lost
        In how many worlds something observed is no number: they count for nothing.
    """

    values: NDArray[np.floating]
    log_weight: Floats
    resampled: tuple[int, ...] = ()
    lost: int = 0

    @cached_property
    def weights(self) -> Floats:
        """What each world counts for, ``[draws, replicates]``, the heaviest as 1; what has no weight as 0."""
        return weights_of(self.log_weight)

    @property
    def effective_draws(self) -> float:
        """How many equally weighted draws the weighted ones are worth."""
        by_draw = self.weights.sum(axis=1)
        return float(by_draw.sum() ** 2 / max((by_draw**2).sum(), np.finfo(float).tiny))

    @property
    def effective_replicates(self) -> float:
        """How many equally weighted replicates those of a draw are worth, on average over draws by weight."""
        weights = self.weights
        by_draw = weights.sum(axis=1)
        counted = by_draw > 0
        # Shares first: the squares of very small weights would be nothing.
        each = 1 / ((weights[counted] / by_draw[counted, None]) ** 2).sum(axis=1)
        return float(np.average(each, weights=by_draw[counted])) if counted.any() else 0.0


def weights_of(log_weight: NDArray[np.floating]) -> Floats:
    """Return what worlds count for, the heaviest as 1; 0 for what is no number, and for all if none has any weight."""
    known = _numbered(log_weight.astype(np.float64))[0]
    top = known.max(initial=-np.inf)
    return np.asarray(np.exp(known - top) if np.isfinite(top) else np.zeros_like(known))


def join(parts: Sequence[Worlds]) -> Worlds:
    """Return the worlds of several batches of draws as one."""
    resampled = {day for part in parts for day in part.resampled}
    values = np.concatenate([part.values for part in parts], axis=1)
    log_weight = np.concatenate([part.log_weight for part in parts])
    return Worlds(values, log_weight, tuple(sorted(resampled)), sum(part.lost for part in parts))


@dataclass(frozen=True)
class _Stage:
    """How the filter stands when a day has been weighed.

    ``known`` is what was forced up to then; ``lineage``, ``[day + 1, replicates, draws]``, whose luck each world had;
    ``counted``, ``[draws]``, the log of what was resampled away; ``before``, ``[draws, replicates]``, the log weight at
    the last resampling.
    """

    day: int
    known: bytes
    lineage: NDArray[np.uint16]
    counted: Floats
    before: Floats
    resampled: tuple[int, ...]


class Filter:
    """Some draws of a design, brought up to any cut of the record.

    Cuts that only add days go on from the day reached before.

    Parameters
    ----------
    ensemble
        The compiled case.
    parameters, draws
        The numbers of each draw, ``[parameters, n]``, and which draw it is, ``[n]``.
    rows
        Which summaries are wanted.
    seed
        Of the resampling.

    References
    ----------
    N. Chopin, O. Papaspiliopoulos, An Introduction to Sequential Monte Carlo (2020), chapters 9 and 10, also for the
    estimate of the likelihood, which stays unbiased under resampling.
    """

    def __init__(
        self,
        ensemble: Ensemble,
        parameters: NDArray[np.floating],
        draws: NDArray[np.uint32],
        rows: Sequence[int],
        seed: int,
    ) -> None:
        self.ensemble, self.parameters, self.draws, self.rows = ensemble, parameters, draws, list(rows)
        self.key = name_key("resampling", seed=seed)
        self.stages: list[_Stage] = []

    def weighted(self, forced: Forced) -> Worlds:
        """Return worlds weighted by how well they follow the record, and no more."""
        values, log_weight = self._run(forced, None)
        log_weight, lost = _numbered(log_weight)
        return Worlds(values, log_weight, lost=lost)

    def resampled(self, forced: Forced) -> Worlds:
        """Return worlds whose replicates are resampled within their draw wherever too few follow the record.

        On each day that weighs, replicates of a draw whose weights leave less than half of them are drawn anew in
        proportion, and the mean of these weights goes over to the draw. A world that is drawn twice has the same past
        and, from then on, each its own luck.
        """
        days = days_that_weigh(self.ensemble, forced)
        stage = self._reached(forced, days)
        total = None
        for day in days:
            if day <= stage.day:
                continue
            last = day == days[-1]
            values, total = self._run(forced if last else _until(forced, day), self._lineage(stage))
            before, stage = stage, self._weighed(stage, forced, day, total)
            if stage.resampled != before.resampled:
                total = None  # the values are those of worlds before they were resampled
            self.stages = [*self.stages[-REMEMBERED + 1 :], stage]
        if total is None:
            values, total = self._run(forced, self._lineage(stage))
        total, lost = _numbered(total)
        left = total - stage.before
        # Where there is a posterior, the record that tells draws apart is in it already.
        counted = stage.counted if self.ensemble.posterior is None else -_log_mean(left)
        return Worlds(values, counted[:, None] + left, stage.resampled, lost)

    def _run(self, forced: Forced, lineage: NDArray[np.uint32] | None) -> tuple[NDArray[np.floating], Floats]:
        """Run all worlds: answers ``[questions, draws, replicates]``, log weights ``[draws, replicates]``."""
        each, count = self.ensemble.replicates, len(self.draws)
        answers, log_weight = self.ensemble.answers(self.parameters, self.draws, forced, each, lineage, self.rows)
        return answers.reshape(-1, count, each), log_weight.reshape(count, each).astype(np.float64)

    def _reached(self, forced: Forced, days: Sequence[int]) -> _Stage:
        """Return the last day reached before on which all that is forced up to it was the same."""
        for stage in reversed(self.stages):
            if stage.day in days and stage.known == forced.in_bytes(stage.day):
                return stage
        each, count = self.ensemble.replicates, len(self.draws)
        none = np.zeros((0, each, count), np.uint16)
        return _Stage(-1, b"", none, np.zeros(count), np.zeros((count, each)), ())

    def _lineage(self, stage: _Stage) -> NDArray[np.uint32] | None:
        """Return whose luck each world has on every day: its own from the day reached on."""
        if not stage.resampled:
            return None
        return _continued(stage.lineage, self.ensemble.program.days, self.ensemble.replicates).astype(np.uint32)

    def _weighed(self, stage: _Stage, forced: Forced, day: int, total: Floats) -> _Stage:
        """Weigh a day's worlds, and resample the replicates of every draw that has too few left."""
        each = self.ensemble.replicates
        lineage = _continued(stage.lineage, day + 1, each)
        gained = _numbered(total)[0] - stage.before
        top = gained.max(axis=1, keepdims=True)
        weights = np.exp(gained - np.where(np.isfinite(top), top, 0))
        # A draw in which nothing has any weight is left as it is.
        effective = weights.sum(axis=1) ** 2 / np.maximum((weights**2).sum(axis=1), np.finfo(float).tiny)
        few = (effective < ENOUGH * each) & np.isfinite(top[:, 0])
        known, counted, before, resampled = forced.in_bytes(day), stage.counted, stage.before, stage.resampled
        if few.any():
            first, second = (np.uint32(half) for half in self.key)
            u = uniform64(first, second, self.draws[few], np.zeros(1, np.uint32), np.uint32(day), np)
            chosen = survivors(weights[few], u)
            lineage[:, :, few] = np.take_along_axis(lineage[:, :, few], chosen.T[None], axis=1)
            counted, before = counted.copy(), before.copy()
            counted[few] += _log_mean(gained[few])
            before[few] = np.take_along_axis(total[few], chosen, axis=1)
            resampled = (*resampled, day)
        return _Stage(day, known, lineage, counted, before, resampled)


def days_that_weigh(ensemble: Ensemble, forced: Forced) -> list[int]:
    """Return the days on which something known tells worlds apart, counted from 0."""
    program = ensemble.program
    columns = [position for position, name in enumerate(program.choices) if name in program.weighing]
    told = ~np.isnan(forced.chosen[:, columns]).all(axis=1) | ~np.isnan(forced.observed).all(axis=1)
    return [int(day) for day in np.flatnonzero(told)]


def survivors(weights: Floats, uniform: Floats) -> NDArray[np.intp]:
    """Return which replicate each world goes on from, resampled systematically within each draw.

    A replicate of share ``w`` of its draw's weight is drawn ``w`` times the number of replicates on average, rounded up
    or down. Whatever is drawn stays at its place, so that it keeps its luck; the places of the others are filled.

    Parameters
    ----------
    weights
        ``[draws, replicates]``, some weight in each draw.
    uniform
        One number for each draw, between 0 and 1.

    References
    ----------
    J. Carpenter, P. Clifford, P. Fearnhead, "Improved particle filter for nonlinear problems", IEE Proceedings - Radar,
    Sonar and Navigation 146 (1999).
    """
    draws, each = weights.shape
    reached = np.cumsum(weights, axis=1)
    reached /= reached[:, -1:]
    # How many of the evenly spaced marks lie at or below what is reached.
    passed = np.clip(np.ceil(reached * each - uniform[:, None]), 0, each)
    times = np.diff(passed.astype(np.intp), axis=1, prepend=0).reshape(-1)
    places = np.arange(draws * each)
    places[times == 0] = np.repeat(np.arange(draws * each), np.maximum(times - 1, 0))
    return np.asarray(places.reshape(draws, each) - np.arange(draws)[:, None] * each, np.intp)


def _numbered(log_weight: Floats) -> tuple[Floats, int]:
    """Return log weights with no weight where they are no number, and how many are none."""
    none = np.isnan(log_weight)
    return np.where(none, -np.inf, log_weight), int(none.sum())


def _log_mean(values: Floats) -> Floats:
    """Return the log of the mean of exponentials over the replicates, ``[draws]``; 0 where none has any weight."""
    top = values.max(axis=1)
    some = np.isfinite(top)
    shifted = values[some] - top[some, None]
    found = np.zeros(len(values))
    found[some] = top[some] + np.log(np.exp(shifted).mean(axis=1))
    return found


def _continued(lineage: NDArray[np.uint16], days: int, replicates: int) -> NDArray[np.uint16]:
    """Return a lineage up to a day, every world with its own luck on the days that it did not hold yet."""
    count = lineage.shape[2]
    own = np.broadcast_to(
        np.arange(replicates, dtype=np.uint16)[None, :, None], (days - len(lineage), replicates, count)
    )
    return np.concatenate([lineage, own])


def _until(forced: Forced, day: int) -> Forced:
    """Return what is forced up to the end of a day, and nothing after it."""
    tables = []
    for table in (forced.chosen, forced.imposed, forced.followed, forced.observed):
        cut = table.copy()
        cut[day + 1 :] = np.nan
        tables.append(cut)
    return Forced(*tables)
