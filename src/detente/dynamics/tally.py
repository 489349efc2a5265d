"""Counting worlds exactly: weights as whole numbers, answers by draw, distributions as counts between fixed edges.

Everything that is added up is a whole number, so the order in which blocks of worlds come in changes nothing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

__all__ = ["BAND", "KEPT_DRAWS", "PILOT_DRAWS", "Block", "Scale", "Tally", "quantiles_of_counts"]

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]

BAND = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that bands and answers give."""
BINS, ANSWER_BINS = 256, 1_024
"""Into how many equal parts the values of a series on one day, and of an answer, are sorted."""
BEYOND = 0.002
"""The share of the pilot's worlds that may lie beyond the edges on either side."""
KEPT_DRAWS = 8_192
"""Draws whose own answers are kept, for what answers hang on; all worlds enter every other figure."""
PILOT_DRAWS = 256
"""Draws from which edges and scales are set."""
FULL_WEIGHT = 65_535
FINE = 1 << 20
LARGEST = 1 << 27
"""Answers are summed as whole parts of a millionth of the pilot's largest, and cut at 128 times that largest."""


@dataclass(frozen=True)
class Block:
    """The outcome of some worlds.

    ``answers`` is ``[summaries, draws, replicates]``, ``series`` ``[days, n, worlds]``.
    """

    first: int
    answers: Singles
    log_weight: Singles
    series: Any

    @property
    def draws(self) -> int:
        """How many draws it holds."""
        return int(self.answers.shape[1])


@dataclass(frozen=True)
class Scale:
    """How worlds are counted, set from the first draws alone.

    Parameters
    ----------
    log_weight
        The log weight that counts in full.
    low, high
        For each banded series, where counting begins and ends on every day, ``[days, banded]``.
    answer_low, answer_high
        The same for the answers, ``[summaries]``.
    size
        For each summary, the number that one unit of the fixed-point sum stands for.
    """

    log_weight: float
    low: Singles
    high: Singles
    answer_low: Singles
    answer_high: Singles
    size: Floats

    @staticmethod
    def of(answers: Singles, log_weight: Singles, series: Singles, log_weight_of_series: Singles) -> Scale:
        """Set the scale from a pilot; ``series``, ``[days, banded, worlds]``, may have fewer worlds than answers."""
        top = float(np.max(log_weight)) if log_weight.size else 0.0
        # Worlds that hardly count tell nothing about where those that do lie.
        counted = log_weight > top - np.log(1_000)
        counted_of_series = log_weight_of_series > float(np.max(log_weight_of_series, initial=-np.inf)) - np.log(1_000)
        days = series.shape[0]
        whole = np.where(np.isfinite(answers), answers, days).reshape(len(answers), -1)
        largest = np.maximum(np.abs(whole).max(axis=1, initial=0).astype(np.float64), 1e-30)
        low, high = _ends(series[:, :, counted_of_series])
        answer_low, answer_high = _ends(whole[:, counted])
        # A little room above the heaviest world of the pilot; what is heavier still counts in full.
        return Scale(top + float(np.log(2)), low, high, answer_low, answer_high, largest / FINE)

    @property
    def edges(self) -> Floats:
        """Rising edges on every day for each banded series, ``[days, banded, edges]``."""
        return np.linspace(self.low, self.high, BINS + 1, axis=-1, dtype=np.float64)

    @property
    def answer_edges(self) -> Floats:
        """Rising edges for each summary, ``[summaries, edges]``."""
        return np.linspace(self.answer_low, self.answer_high, ANSWER_BINS + 1, axis=-1, dtype=np.float64)

    def weights(self, log_weight: Singles) -> NDArray[np.int32]:
        """Return weights as whole numbers from 0 to 65,535."""
        return np.asarray(np.rint(FULL_WEIGHT * np.exp(np.minimum(log_weight - self.log_weight, 0))), np.int32)


def _ends(values: Singles) -> tuple[Singles, Singles]:
    """Return where nearly all values lie along the last axis."""
    count = values.shape[-1]
    if count == 0:
        nothing = np.zeros(values.shape[:-1], np.float32)
        return nothing, nothing
    first, last = int(BEYOND * count), count - 1 - int(BEYOND * count)
    ordered = np.partition(values, sorted({first, last}), axis=-1)
    return ordered[..., first].astype(np.float32), ordered[..., last].astype(np.float32)


@jax.jit
def _histograms(series: Any, weights: Any, low: Any, high: Any) -> Any:
    """Return the histogram of each banded series on each day; day by day, so that the counts stay near at hand."""
    return lax.map(lambda day: _histogram(day[0], weights, day[1], day[2], BINS), (series, low, high))


@partial(jax.jit, static_argnames=("bins",))
def _histogram(values: Any, weights: Any, low: Any, high: Any, bins: int) -> Any:
    """Return the weight below the lowest edge, in each bin, and above the highest, for each row that has edges."""
    values, low, high = values[..., : low.shape[-1], :], low[..., None], high[..., None]
    width = high - low
    part = (values - low) * (bins / jnp.where(width > 0, width, 1))
    place = 1 + jnp.clip(part, 0, bins - 1).astype(jnp.int32)
    place = jnp.where(values < low, 0, jnp.where(values > high, bins + 1, place))
    return _summed(place, weights, bins + 2)


@partial(jax.jit, static_argnames=("levels",))
def _summed(place: Any, weights: Any, levels: int) -> Any:
    """Return the weight at each level of each row; adding whole numbers at their places takes 2 ns a value."""
    rows = place.shape[:-1]
    count = int(np.prod(rows))
    offset = (jnp.arange(count, dtype=jnp.int32) * levels).reshape(*rows, 1)
    spread = jnp.broadcast_to(weights, place.shape)
    empty = jnp.zeros(count * levels, jnp.int32)
    return empty.at[(place + offset).reshape(-1)].add(spread.reshape(-1)).reshape(*rows, levels)


@dataclass
class Tally:
    """Running counts of one part of a run: an account, a mixture or a lever.

    Parameters
    ----------
    scale
        Set from the part's own first draws.
    draws, replicates
        How many worlds are to come.
    banded
        How many of the series are numbers with bands; the rest are yes/no.
    levelled
        Which summaries take few values (yes/no, days, alternatives) and are counted one by one.
    markers, asked
        Positions of yes/no summaries, and of the summaries whose answers where each of them is true are wanted.
    dates
        Positions of summaries that are days; each draw keeps its median over luck, which may be never.
    """

    scale: Scale
    draws: int
    replicates: int
    levelled: NDArray[np.bool_]
    banded: int
    truths: int
    days: int
    markers: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    dates: tuple[int, ...] = ()
    done: int = 0
    weight: Ints = field(init=False)
    weighted: Floats = field(init=False)

    def __post_init__(self) -> None:
        kept, summaries = min(self.draws, KEPT_DRAWS), len(self.levelled)
        self.lock = threading.Lock()
        self.weight = np.zeros(kept, np.int64)
        self.square_weight = np.zeros(kept, np.int64)
        self.weighted = np.zeros((summaries, kept))
        self.within = np.zeros((summaries, kept))
        self.medians = np.full((summaries, kept), np.nan)
        self.histogram = np.zeros((self.days, self.banded, BINS + 2), np.int64)
        self.true = np.zeros((self.days, self.truths), np.int64)
        self.answer_histogram = np.zeros((summaries, ANSWER_BINS + 2), np.int64)
        # A level is a yes/no, the number of an alternative or a day; the last is never.
        self.level_counts = np.zeros((int(self.levelled.sum()), max(self.days, 64) + 1), np.int64)
        self.marked = np.zeros(len(self.markers), object)
        self.joint = np.zeros((len(self.markers), summaries), object)
        self.sum_w, self.sum_ww = 0, 0
        self.sum_y, self.sum_yy, self.sum_wy = (np.zeros(summaries, object) for _ in range(3))

    def above(self, series: int) -> Ints:
        """Return the weight above each edge of a banded series on each day."""
        return _above(self.histogram[:, series])

    def answers_above(self, position: int) -> Ints:
        """Return the weight above each edge of an answer that is a number."""
        return _above(self.answer_histogram[position])

    def levels(self, position: int) -> dict[float, int]:
        """Return the weight of each value of an answer that takes few; never is infinity."""
        never = self.level_counts.shape[1] - 1
        counts = self.level_counts[int(self.levelled[:position].sum())]
        return {np.inf if n == never else float(n): int(counts[n]) for n in np.flatnonzero(counts)}

    def add(self, block: Block) -> None:
        """Count a block of worlds; several threads may do so at once."""
        with np.errstate(invalid="ignore"):  # what is no number is refused by name when all is counted
            self._add(block)

    def _add(self, block: Block) -> None:
        inside = np.arange(block.first, block.first + block.draws) < self.draws
        weights = self.scale.weights(block.log_weight).reshape(block.draws, self.replicates)
        weights = np.where(inside[:, None], weights, 0)
        # A day that never comes counts as the horizon in means: the restricted mean of survival analysis.
        values = np.where(np.isinf(block.answers), np.float32(self.days), block.answers).astype(np.float64)
        series, true = self._of_series(block.series, weights.reshape(-1))
        answers, levels = self._of_answers(block.answers, weights.reshape(-1))
        units = np.rint(np.clip(values / self.scale.size[:, None, None], -LARGEST, LARGEST))
        marked, joint = self._of_markers(block.answers, units, weights.reshape(-1))
        with self.lock:
            self.histogram += series
            self.true += true
            self.answer_histogram += answers
            self.level_counts += levels
            self.marked += marked
            self.joint += joint
            self._add_draws(block, values, units, weights)
            self.done += int(inside.sum())

    def _of_series(self, series: Any, weights: NDArray[np.int32]) -> tuple[Any, Any]:
        truths = np.asarray(series)[:, self.banded :]
        counts = np.zeros(self.histogram.shape, np.int32)
        if self.banded:
            counts = np.asarray(_histograms(series, weights, self.scale.low, self.scale.high))
        # Whole numbers below 2^53 stay exact as floats, in whatever order they are added.
        true = (truths > 0.5).astype(np.float64) @ weights.astype(np.float64)
        return counts, true.astype(np.int64)

    def _of_answers(self, answers: Singles, weights: NDArray[np.int32]) -> tuple[Any, Any]:
        flat = answers.reshape(len(answers), -1)
        levels, counts = np.zeros(self.level_counts.shape, np.int32), np.zeros(self.answer_histogram.shape, np.int32)
        if self.levelled.any():
            chosen = flat[self.levelled]
            last = self.level_counts.shape[1] - 1
            place = np.where(np.isinf(chosen), last, chosen).astype(np.int32)
            levels = np.asarray(_summed(place, weights, last + 1))
        rest = ~self.levelled
        if rest.any():
            low, high = self.scale.answer_low[rest], self.scale.answer_high[rest]
            counts[rest] = np.asarray(_histogram(flat[rest], weights, low, high, ANSWER_BINS))
        return counts, levels

    def _of_markers(self, answers: Singles, units: Floats, weights: NDArray[np.int32]) -> tuple[Any, Any]:
        """Return the weight of the worlds in which each marker is true, and their weighted answers."""
        if not self.markers:
            return 0, 0
        flat = weights.astype(np.float64)
        marks = (answers[list(self.markers)].reshape(len(self.markers), -1) > 0.5).astype(np.float64)
        joint = np.zeros(self.joint.shape)
        if self.asked:
            asked = list(self.asked)
            joint[:, asked] = marks @ (units[asked].reshape(len(asked), -1) * flat).T
        return _whole(marks @ flat), _whole(joint)

    def _add_draws(self, block: Block, values: Floats, units: Floats, weights: NDArray[np.int32]) -> None:
        w = weights.sum(axis=1, dtype=np.int64)
        # Products of 2^27 and 2^16, some of them added, are below 2^53.
        y = np.einsum("sdr,dr->sd", units, weights.astype(np.float64)).astype(np.int64)
        self.sum_w += int(w.sum())
        self.sum_ww += _products(w[None], w[None])[0]
        self.sum_y += y.sum(axis=1).astype(object)
        self.sum_yy += _products(y, y)
        self.sum_wy += _products(y, w[None])
        kept = min(block.first + block.draws, len(self.weight)) - block.first
        if kept > 0:
            rows = slice(block.first, block.first + kept)
            self.weight[rows] = w[:kept]
            self.square_weight[rows] = (weights[:kept].astype(np.int64) ** 2).sum(axis=1)
            self.weighted[:, rows] = y[:, :kept] * self.scale.size[:, None]
            shares = weights[:kept] / np.maximum(w[:kept], 1)[:, None]
            means = (values[:, :kept] * shares).sum(axis=2)
            self.within[:, rows] = ((values[:, :kept] - means[:, :, None]) ** 2 * shares).sum(axis=2)
            for position in self.dates:
                self.medians[position, rows] = _medians(block.answers[position, :kept], weights[:kept])


def _above(histogram: Ints) -> Ints:
    """Return the weight above each edge from the weight between edges."""
    return np.asarray(histogram[..., :0:-1].cumsum(axis=-1)[..., ::-1])


def _whole(values: Floats) -> NDArray[np.object_]:
    """Return whole floats as Python's whole numbers, which have no limit."""
    return values.astype(np.int64).astype(object)


def _medians(values: Singles, weights: NDArray[np.int32]) -> Floats:
    """Return the weighted median of each row; NaN where a row has no weight."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1).astype(np.float64)
    reached = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    at = (2 * reached >= reached[:, -1:]).argmax(axis=1)
    return np.where(reached[:, -1] > 0, np.take_along_axis(ordered, at[:, None], axis=1)[:, 0], np.nan)


def _products(left: Ints, right: Ints) -> NDArray[np.object_]:
    """Return the sum of products along each row, without rounding: parts of 24 bits never overflow 64."""
    highs, lows = (left >> 24, right >> 24), (left & 0xFFFFFF, right & 0xFFFFFF)
    top = (highs[0] * highs[1]).sum(axis=1).astype(object)
    middle = (highs[0] * lows[1] + lows[0] * highs[1]).sum(axis=1).astype(object)
    return np.asarray(top * (1 << 48) + middle * (1 << 24) + (lows[0] * lows[1]).sum(axis=1).astype(object))


def quantiles_of_counts(above: Ints, edges: Floats, total: int, shares: tuple[float, ...] = BAND) -> Floats:
    """Return quantiles from the weight above rising edges, ``[..., edges]``, by straight lines between them.

    Where edges coincide the distribution has a step there, and the quantile is the step.
    """
    below = 1 - above / max(total, 1)
    found = np.empty((*above.shape[:-1], len(shares)))
    for index in np.ndindex(*above.shape[:-1]):
        # At the edge itself the cumulative share counts the worlds at or below it.
        found[index] = [_crossing(below[index], edges[index], share) for share in shares]
    return found


def _crossing(below: Floats, edges: Floats, share: float) -> float:
    at = int(np.searchsorted(below, share))
    if at == 0:
        return float(edges[0])
    if at >= len(edges):
        return float(edges[-1])
    width = below[at] - below[at - 1]
    part = (share - below[at - 1]) / width if width > 0 else 1.0
    # Worlds that share one value make a step that ends at the next edge.
    return float(edges[at - 1] + part * (edges[at] - edges[at - 1]))
