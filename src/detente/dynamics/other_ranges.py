"""The same answers where all ranges are halved, doubled or triangular, in the same draws with the same luck.

How wide a range is drawn is the authors' choice. What it does to an answer is shown beside what the accounts do to it.
Nothing is compiled anew: only the kernel's numbers are others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.accumulators import Accumulators
from detente.dynamics.answers import estimate_of, estimate_where, of_median, position_of, quantiles_of
from detente.dynamics.contrast import contrast_of, errors_of_farthest
from detente.dynamics.ensemble import Ensemble, Part
from detente.dynamics.estimates import Estimate, interval_of_median, ratio
from detente.results import weighted_quantile
from detente.scenario import Equation
from detente.scenario.stretching import OTHER_RANGES

__all__ = ["Elsewhere", "Widths", "as_declared", "draws_with_other_ranges", "leading_of", "measured", "widths_of",
           "with_other_ranges"]  # fmt: skip

Floats = NDArray[np.float64]

REPLICATES = 4
"""Worlds of each draw: paired worlds share their luck, so more draws tell more than more luck."""
SHARE = 4
"""One world of so many is run with other ranges."""
PORTIONS = {"halved": 1, "doubled": 3, "triangular": 1}
"""How these are shared out: of draws from wide ranges fewer look like what was known, and count for much."""
FEWEST, MOST = 16, 512
"""Draws of each part in one portion: below, it is not done; above, nothing more is told."""


@dataclass(frozen=True)
class Elsewhere:
    """One answer of one part where all ranges are others.

    Parameters
    ----------
    value
        The figure that a headline gives: a share, or the middle world; infinity is never.
    interval
        Its 95 % sampling interval.
    mean
        The share or the mean with its error, by the draws that the declared ranges were run with as well.
    left_out
        The share of worlds in which some answer is no number: the model does not reach so far, and they count for
        nothing.
    """

    value: float
    interval: tuple[float, float]
    mean: Estimate
    left_out: float


def draws_with_other_ranges(draws: int, replicates: int, parts: int) -> tuple[dict[str, int], int]:
    """Return how many draws of each part are run with each other range, and how many whole draws that costs.

    Parameters
    ----------
    draws, replicates
        Of the whole run.
    parts
        How many parts it has.
    """
    each = _replicates(replicates)
    step = replicates // each  # so that the cost is a whole number of draws
    columns = parts * sum(PORTIONS.values())
    portion = min(draws * replicates // (SHARE * columns * each), MOST) // step * step
    if portion < FEWEST:
        return {}, 0
    return {name: portion * times for name, times in PORTIONS.items()}, portion * columns // step


def _replicates(replicates: int) -> int:
    return REPLICATES if replicates % REPLICATES == 0 else replicates


def measured(tally: Accumulators, position: int, leading: int | None) -> Estimate:
    """Return what is compared of an answer: its mean; of a choice the share of the alternative that leads pooled."""
    if leading is None:
        return estimate_of(tally, position)
    share = tally.levels(position).get(float(leading), 0) / max(tally.sum_w, 1)
    holds = np.equal(tally.worlds_of(position)[0], np.float32(leading))
    return Estimate(share, estimate_where(tally, position, holds).pulls)


def leading_of(tally: Accumulators, position: int, summary: Equation) -> int | None:
    """Return the position of the alternative of a choice in which most worlds are; None for other answers."""
    if summary.kind.name != "choice":
        return None
    levels = tally.levels(position)
    return max(range(len(summary.kind.alternatives)), key=lambda number: levels.get(float(number), 0))


def as_declared(tally: Accumulators, position: int, summary: Equation, leading: int | None) -> Elsewhere:
    """Return an answer with the declared ranges in the form of those with others."""
    mean = measured(tally, position, leading)
    if summary.kind.name not in ("number", "date"):
        return Elsewhere(mean.value, mean.interval(), mean, 0.0)
    (middle,) = quantiles_of(tally, position, (0.5,))
    return Elsewhere(middle, of_median(tally, position, middle) or (-math.inf, math.inf), mean, 0.0)


def with_other_ranges(
    ensemble: Ensemble,
    parts: Sequence[Part],
    questions: Mapping[str, int | None],
    draws: Mapping[str, int],
    progress: Callable[[int], None] | None = None,
) -> dict[str, dict[str, dict[str, Elsewhere]]]:
    """Return the answers of every part with every other range: by range, part and question.

    Parameters
    ----------
    ensemble, parts
        What was run with the declared ranges.
    questions
        By name; for a choice, the position of the alternative that is followed.
    draws
        How many of each part are run with each other range, from the first on.
    progress
        Told how many worlds more are done.

    Returns
    -------
    dict
        Means and middle values in the question's unit; shares from 0 to 1.
    """
    program, each = ensemble.program, _replicates(ensemble.replicates)
    columns, numbers = [], []
    for name, count in draws.items():
        known = {key: OTHER_RANGES[name](parameter) for key, parameter in ensemble.drawing.parameters.items()}
        drawn = ensemble.drawing.take(np.arange(count, dtype=np.uint32), parameters=known)
        for part in parts:
            told = ensemble.drawing.retold(drawn, part.design.readings, known)
            numbers.append(told.numbers)
            columns.append(told.matrix(program.parameters, ensemble.kernel.dtype))
    rows = [position_of(program, name) for name in questions]
    answers, log_weight = ensemble.answers(
        np.concatenate(columns, axis=1), np.concatenate(numbers), parts[0].design.forced, each, rows=rows
    )
    if progress is not None:
        progress(len(log_weight))
    ends = np.cumsum([len(some) * each for some in numbers])[:-1]
    worlds = zip(np.split(answers, ends, axis=1), np.split(log_weight, ends), strict=True)
    declared = [
        {
            name: _Declared(part.tally, row, leading)
            for row, (name, leading) in zip(rows, questions.items(), strict=True)
        }
        for part in parts
    ]
    found: dict[str, dict[str, dict[str, Elsewhere]]] = {}
    for name in draws:
        found[name] = {}
        for part, here in zip(parts, declared, strict=True):
            values, weighed = next(worlds)
            shaped = values.reshape(len(rows), -1, each), weighed.reshape(-1, each)
            found[name][part.design.name] = _of_part(here, *shaped, [program.summaries[row].kind.name for row in rows])
    return found


def _of_part(
    declared: Mapping[str, _Declared],
    values: NDArray[np.floating],
    log_weight: NDArray[np.floating],
    kinds: Sequence[str],
) -> dict[str, Elsewhere]:
    """Return the answers of one part with one other range, ``[questions, draws, worlds]``."""
    scale = next(iter(declared.values())).tally.scale
    numbers = np.array([kind == "number" for kind in kinds])[:, None, None]
    spoilt = (np.isnan(values) | (np.isinf(values) & numbers)).any(axis=0) | np.isnan(log_weight)
    weights = np.where(spoilt, 0, scale.weights(np.where(spoilt, 0, log_weight).astype(np.float32)))
    found = {}
    for number, (name, own) in enumerate(declared.items()):
        here = np.where(spoilt, 0, values[number])
        one = _Other(own, here.astype(np.float64), weights.astype(np.float64))
        figure = one.middle if kinds[number] in ("number", "date") else one.share
        found[name] = figure(float(spoilt.mean()))
    return found


@dataclass(frozen=True)
class _Declared:
    """One answer of one part with the declared ranges, of which the first worlds of the same draws stand beside others.

    What is worked out of it is kept: it is the same whichever range is the other.
    """

    tally: Accumulators
    position: int
    leading: int | None
    kept: dict[tuple[int, ...], Estimate] = field(default_factory=dict)

    def short(self, shape: tuple[int, ...]) -> Estimate:
        """Return what all worlds say less what the first of them do, so many draws of so many worlds each."""
        if shape not in self.kept:
            draws, worlds = shape
            values, weights = (one[:worlds, :draws].T.astype(np.float64) for one in self.tally.worlds_of(self.position))
            same = ratio((self.scored(values) * weights).sum(axis=1), weights.sum(axis=1))
            self.kept[shape] = measured(self.tally, self.position, self.leading) - same
        return self.kept[shape]

    def scored(self, values: NDArray[np.floating]) -> Floats:
        """Return answers as what a mean is taken of."""
        if self.leading is not None:
            return np.asarray(np.equal(values, np.float32(self.leading)), np.float64)
        return np.where(np.isinf(values), self.tally.days, values).astype(np.float64)


@dataclass(frozen=True)
class _Other:
    """One answer of one part with one other range, beside the same worlds with the declared ones.

    Parameters
    ----------
    values, weights
        ``[draws, worlds]``; the declared ones are the first worlds of the same draws.
    """

    declared: _Declared
    values: Floats
    weights: Floats

    @property
    def _mean(self) -> Estimate:
        """Return the answer with the other ranges.

        What all worlds say with the declared ranges corrects what those say that were run with both: as far as the two
        go together, draw by draw (a regression estimator; Cochran 1977, chapter 7).
        """
        other = ratio((self.declared.scored(self.values) * self.weights).sum(axis=1), self.weights.sum(axis=1))
        short = self.declared.short(self.values.shape)
        along = np.zeros(len(short.pulls))
        along[: len(other.pulls)] = other.pulls
        size = float((short.pulls**2).sum())
        slope = -float((along * short.pulls).sum()) / size if size > 0 else 0.0
        return other + short.times(slope)

    def share(self, left_out: float) -> Elsewhere:
        """Return a share of worlds."""
        mean = self._mean
        low, high = mean.interval()
        return Elsewhere(min(max(mean.value, 0.0), 1.0), (max(low, 0.0), min(high, 1.0)), mean, left_out)

    def middle(self, left_out: float) -> Elsewhere:
        """Return the middle world: of those run with the other ranges alone, since a median does not add up."""
        (middle,) = self._quantiles((0.5,))
        below = ratio(((self.values <= middle) * self.weights).sum(axis=1), self.weights.sum(axis=1))
        ends = interval_of_median(below, self._quantiles)
        return Elsewhere(middle, ends or (-math.inf, math.inf), self._mean, left_out)

    def _quantiles(self, shares: Sequence[float]) -> list[float]:
        return weighted_quantile(self.values.ravel(), self.weights.ravel(), shares)


@dataclass(frozen=True)
class Widths:
    """How wide the authors' choice of ranges makes an answer, beside how wide the accounts make it.

    Parameters
    ----------
    by_range
        For ``declared``, ``halved``, ``doubled`` and ``triangular``, the figure of each part: the main one first.
    ranges
        How far the smallest and the largest mean of the main part lie apart over these ranges.
    accounts
        How far the accounts' means lie apart with the declared ranges; None where no two accounts are told.
    """

    by_range: Mapping[str, Mapping[str, Elsewhere]]
    ranges: Estimate
    accounts: Estimate | None

    @property
    def ranges_move_more(self) -> bool:
        """Whether other ranges move the answer more than accounts do, by more than sampling error.

        The ranges farthest apart were sought out, and the bound is that for the farthest two of so many.
        """
        if self.accounts is None:
            return False
        return (self.ranges - self.accounts).above(0, errors_of_farthest(len(self.by_range)))


def widths_of(declared: Mapping[str, Elsewhere], others: Mapping[str, Mapping[str, Elsewhere]]) -> Widths:
    """Return how wide ranges and accounts make an answer.

    Parameters
    ----------
    declared, others
        The answer with the declared ranges by part, the main one first, and with each other range.
    """
    by_range = {"declared": declared, **others}
    main, *accounts = declared
    over = {name: figures[main].mean for name, figures in by_range.items()}
    spread = contrast_of(over).spread
    told = contrast_of({name: declared[name].mean for name in accounts}).spread if len(accounts) > 1 else None
    return Widths(by_range, spread, told)
