"""Counting worlds exactly: weights as whole numbers, answers by draw, distributions as counts between fixed edges.

Everything that is added up is a whole number, so the order in which blocks of worlds come in changes nothing.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.buffers import Outputs, in_turn
from detente.dynamics.counting import ANSWER_BINS, BINS, counting_answers, counting_days, shapes_of

__all__ = ["BAND", "KEPT_DRAWS", "PILOT_DRAWS", "Accumulators", "Block", "Scale", "quantiles_of_counts"]

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]

BAND = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that bands and answers give."""
BEYOND = 0.002
"""The share of the pilot's worlds that may lie beyond the edges on either side."""
KEPT_DRAWS = 8_192
"""Draws whose own answers are kept, for what answers hang on; all worlds enter every other figure."""
WHOLE_DRAWS = 2_048
"""Draws of which the questions' answers are kept world by world."""
STOOD_DRAWS, STOOD_REPLICATES = 512, 4
"""Draws, and worlds of each, of which it is kept how some summaries stood world by world."""
FEWEST = 32
"""Draws of the pilot from which edges are set, at the least."""
ROOM, MORE_ROOM = 2.0, 300.0
"""How many times heavier than the heaviest world of the pilot one may be without being counted for less than it is."""
PILOT_DRAWS = 256
"""Draws from which edges and scales are set."""
OUTGROWN = 8.0
"""How many times heavier than what counts in full a world must be for the scale to be set anew."""
FULL_WEIGHT = 65_535
PIECES = 64
FINE = 1 << 20
LARGEST = 1 << 27
"""Answers are summed as whole parts of a millionth of the pilot's largest, and cut at 128 times that largest."""


@dataclass(frozen=True)
class Block:
    """The outcome of some worlds.

    ``by_world`` is ``[summaries, replicates, draws]``, ``log_weight_by_world`` ``[replicates, draws]``.
    """

    first: int
    by_world: Singles
    log_weight_by_world: Singles
    out: Outputs

    @property
    def draws(self) -> int:
        """How many draws it holds."""
        return int(self.by_world.shape[2])

    @property
    def answers(self) -> Singles:
        """Each summary's value, ``[summaries, draws, replicates]``."""
        return self.by_world.swapaxes(1, 2)

    @property
    def log_weight(self) -> Singles:
        """The log weight of each world, ``[worlds]``, replicates running fastest."""
        return in_turn(self.log_weight_by_world)

    @property
    def series(self) -> Singles:
        """Every series on every day, ``[days, series, worlds]``, replicates running fastest."""
        return self.out.series


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
        log_weight, log_weight_of_series = (_numbers(given) for given in (log_weight, log_weight_of_series))
        top = float(np.max(log_weight)) if log_weight.size else 0.0
        each = max(log_weight.size // max(log_weight_of_series.size, 1), 1)
        counted, counted_of_series = _that_count(log_weight, FEWEST * each), _that_count(log_weight_of_series, FEWEST)
        days = series.shape[0]
        # A day that never comes counts as the horizon; what is no number is refused when all is counted.
        whole = np.nan_to_num(answers, nan=0, posinf=days).reshape(len(answers), -1)
        series = np.nan_to_num(series, nan=0, posinf=0, neginf=0)
        largest = np.maximum(np.abs(whole).max(axis=1, initial=0).astype(np.float64), 1e-30)
        low, high = _ends(series[:, :, counted_of_series])
        answer_low, answer_high = _ends(whole[:, counted])
        # Room above the heaviest world of the pilot, more where few of its draws count; what is heavier counts in full.
        room = ROOM if _effective(log_weight.reshape(each, -1)) >= FEWEST else MORE_ROOM
        return Scale(top + float(np.log(room)), low, high, answer_low, answer_high, largest / FINE)

    @property
    def edges(self) -> Floats:
        """Rising edges on every day for each banded series, ``[days, banded, edges]``."""
        return np.linspace(self.low, self.high, BINS + 1, axis=-1, dtype=np.float64)

    def edges_of(self, series: int) -> Floats:
        """Return the rising edges of one banded series on every day, ``[days, edges]``."""
        return np.linspace(self.low[:, series], self.high[:, series], BINS + 1, axis=-1, dtype=np.float64)

    @property
    def answer_edges(self) -> Floats:
        """Rising edges for each summary, ``[summaries, edges]``."""
        return np.linspace(self.answer_low, self.answer_high, ANSWER_BINS + 1, axis=-1, dtype=np.float64)

    def answer_edges_of(self, position: int) -> Floats:
        """Return the rising edges of one summary, ``[edges]``."""
        low, high = self.answer_low[position], self.answer_high[position]
        return np.linspace(low, high, ANSWER_BINS + 1, dtype=np.float64)

    def weights(self, log_weight: Singles) -> NDArray[np.uint32]:
        """Return weights as whole numbers from 0 to 65,535."""
        above = np.minimum(_numbers(log_weight) - self.log_weight, 0)
        return np.asarray(np.rint(FULL_WEIGHT * np.exp(above)), np.uint32)


def _numbers(log_weight: Singles) -> Singles:
    """Return log weights, those that are no number as no weight at all: they are counted by themselves."""
    return np.where(np.isnan(log_weight), np.float32(-np.inf), log_weight)


def _effective(log_weight: Singles) -> float:
    """Return how many equally weighted draws those of the pilot are worth, from log weights ``[replicates, draws]``."""
    weights = np.exp(log_weight.astype(np.float64) - np.max(log_weight, initial=-np.inf)).sum(axis=0)
    return float(weights.sum() ** 2 / np.maximum((weights**2).sum(), 1e-300))


def _that_count(log_weight: Singles, fewest: int) -> NDArray[np.bool_]:
    """Return the worlds that tell where those that count lie: the heavy ones, and never fewer than some.

    Where hardly any world of the pilot follows the record, the few that do would all lie at one place, and whatever
    comes later beyond it.
    """
    if not log_weight.size:
        return np.ones(0, np.bool_)
    heavy = np.max(log_weight) - np.log(1_000)
    place = -min(fewest, log_weight.size)
    some = np.partition(log_weight, place)[place]
    return np.asarray(log_weight >= min(heavy, some))


def _ends(values: Singles) -> tuple[Singles, Singles]:
    """Return where nearly all values lie along the last axis."""
    count = values.shape[-1]
    if count == 0:
        nothing = np.zeros(values.shape[:-1], np.float32)
        return nothing, nothing
    first, last = int(BEYOND * count), count - 1 - int(BEYOND * count)
    if first == 0:
        return values.min(axis=-1).astype(np.float32), values.max(axis=-1).astype(np.float32)
    ordered = np.partition(values, sorted({first, last}), axis=-1)
    return ordered[..., first].astype(np.float32), ordered[..., last].astype(np.float32)


@dataclass
class Accumulators:
    """Running counts of one part of a run: an account, a mixture or a lever.

    Parameters
    ----------
    scale
        Set from the part's own first draws.
    draws, replicates
        How many worlds are to come: draws, and worlds of each.
    levelled
        Which summaries take few values (yes/no, days, alternatives) and are counted one by one, ``[summaries]``.
    banded, truths
        How many of the series are numbers with bands, and how many are yes/no.
    days
        For how many days series are counted.
    never
        The level that stands for never: above every yes/no, alternative, day and count of days.
    markers, asked
        Positions of yes/no summaries, and of the summaries whose answers where each of them is true are wanted.
    told
        Positions of the summaries whose answer is kept in every world of the first draws: what the draws' own means do
        not tell, such as their own days and alternatives, is found there.
    stated
        Positions of the summaries of which means, intervals and each draw's answer are kept.
    stands
        Positions of the summaries that are kept world by world for the first draws.
    done
        How many draws have been counted so far.
    """

    scale: Scale
    draws: int
    replicates: int
    levelled: NDArray[np.bool_]
    banded: int
    truths: int
    days: int
    never: int
    markers: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    told: tuple[int, ...] = ()
    stated: tuple[int, ...] = ()
    stands: tuple[int, ...] = ()
    done: int = 0
    weight: Ints = field(init=False)
    weighted: Floats = field(init=False)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "lock"}  # a lock is of one process

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, lock=threading.Lock())

    def __post_init__(self) -> None:
        kept, summaries = min(self.draws, KEPT_DRAWS), len(self.levelled)
        self.lock = threading.Lock()
        self.heaviest, self.heaviest_weight = np.zeros(0, np.int64), np.zeros(0, np.float64)
        self.weight = np.zeros(kept, np.int64)
        self.square_weight = np.zeros(kept, np.int64)
        self.weighted = np.zeros((summaries, kept))
        self.within = np.zeros((summaries, kept))
        self.whole = np.zeros((len(self.told), self.replicates, min(self.draws, WHOLE_DRAWS)), np.float32)
        self.whole_weight = np.zeros(self.whole.shape[1:], np.uint32)
        self.stood = np.zeros((len(self.stands), *self._stood))
        self.stood_weight = np.full(self._stood, np.nan)
        self.histogram = np.zeros((self.days, self.banded, BINS + 2), np.int64)
        self.true = np.zeros((self.days, self.truths), np.int64)
        self.answer_histogram = np.zeros((summaries, ANSWER_BINS + 2), np.int64)
        # A level is a yes/no, the number of an alternative or a day; the last is never.
        self.level_counts = np.zeros((int(self.levelled.sum()), self.never + 1), np.int64)
        # Worlds whose answer, and at last whose weight, is no number; and the first draw of which one is.
        self.spoilt, self.spoilt_draw = np.zeros(summaries + 1, np.int64), np.full(summaries + 1, self.draws, np.int64)
        self.marked = np.zeros(len(self.markers), object)
        self.joint = np.zeros((len(self.markers), summaries), object)
        self.sum_w, self.sum_ww, self.banded_w = 0, 0, 0
        self.sum_y, self.sum_yy, self.sum_wy = (np.zeros(summaries, object) for _ in range(3))

    @property
    def _stood(self) -> tuple[int, int]:
        """How many worlds of each draw, and how many draws, are kept as they stood."""
        return math.gcd(self.replicates, STOOD_REPLICATES), min(self.draws, STOOD_DRAWS)

    def stood_in(self, draws: int) -> tuple[Floats, Floats] | None:
        """Return how the summaries kept world by world stood in the first draws, where all of these have been counted.

        Returns
        -------
        tuple
            Answers ``[stands, worlds]`` and log weights ``[worlds]``, replicates running fastest.
        """
        weight = self.stood_weight[:, :draws]
        if draws > weight.shape[1] or np.isnan(weight).any():
            return None
        return in_turn(self.stood[:, :, :draws]), in_turn(weight)

    def above(self, series: int) -> Ints:
        """Return the weight above each edge of a banded series on each day."""
        return _above(self.histogram[:, series])

    def answers_above(self, position: int) -> Ints:
        """Return the weight above each edge of an answer that is a number."""
        return _above(self.answer_histogram[position])

    def levels(self, position: int) -> dict[float, int]:
        """Return the weight of each value of an answer that takes few; never is infinity."""
        counts = self.level_counts[int(self.levelled[:position].sum())]
        return {np.inf if n == self.never else float(n): int(counts[n]) for n in np.flatnonzero(counts)}

    def worlds_of(self, position: int) -> tuple[Singles, NDArray[np.uint32]]:
        """Return an answer in every world of the first draws, and what each counts for, ``[replicates, draws]``.

        Draws that have not been counted weigh nothing.
        """
        return self.whole[self.told.index(position)], self.whole_weight

    @property
    def outgrown(self) -> bool:
        """Whether worlds came that are much heavier than those which the scale was set from: they count for too little.

        It happens where hardly any world can leave the record: the few that can are not among the first.
        """
        return bool(self.heaviest_weight.max(initial=-np.inf) > self.scale.log_weight + np.log(OUTGROWN))

    @property
    def is_whole(self) -> bool:
        """Whether all worlds have been counted, and no scale need be set anew."""
        with self.lock:
            return self.done == self.draws and not self.outgrown

    def _add_heaviest(self, block: Block) -> None:
        """Keep the draws that have the heaviest worlds: of equal ones the first, so that no order matters."""
        count = min(block.draws, self.draws - block.first)
        weight = np.nan_to_num(block.log_weight_by_world[:, :count].max(axis=0).astype(np.float64), nan=-np.inf)
        if len(self.heaviest) == PILOT_DRAWS and weight.max(initial=-np.inf) < self.heaviest_weight[-1]:
            return
        draws = np.concatenate([self.heaviest, np.arange(block.first, block.first + count)])
        weights = np.concatenate([self.heaviest_weight, weight])
        order = np.lexsort((draws, -weights))[:PILOT_DRAWS]
        self.heaviest, self.heaviest_weight = draws[order], weights[order]

    def add(self, block: Block, noted: list[int] | None = None) -> None:
        """Count a block of worlds; several threads may do so at once.

        What is no number is counted by itself, and enters nothing else.

        Parameters
        ----------
        block
            The worlds.
        noted
            Where its first draw is noted in the same moment: a list of its own, since how the work is cut is no part of
            what is counted.
        """
        inside = np.arange(block.first, block.first + block.draws) < self.draws
        weights = self.scale.weights(block.log_weight_by_world) * inside.astype(np.uint32)
        kept, flat = block.out.kept, weights.reshape(-1)
        series = (kept.numbers, kept.truths)
        daily = counting_days()(shapes_of(*series), *series, flat, self.scale.low, self.scale.high)
        counting = counting_answers(tuple(map(bool, self.levelled)), self.never)
        ends = (self.scale.answer_low, self.scale.answer_high)
        answers = counting(shapes_of(block.by_world), block.by_world, flat, *ends)
        wanted = list(self.stated)
        said, exact = block.by_world[wanted], weights.astype(np.float64)
        spoilt = np.isnan(said), np.isnan(block.log_weight_by_world)
        # A day that never comes counts as the horizon in means: the restricted mean of survival analysis.
        values = np.nan_to_num(said, nan=0, posinf=self.days).astype(np.float64)
        units = values / self.scale.size[wanted, None, None]
        np.rint(np.clip(units, -LARGEST, LARGEST, out=units), out=units)
        marked, joint = self._of_markers(block.by_world, units * exact, exact)
        kept_draws = self._of_draws(block, values, weights)
        # Products of 2^27 and 2^16, some of them added, are below 2^53.
        y, w = np.einsum("srd,rd->sd", units, exact).astype(np.int64), weights.sum(axis=0, dtype=np.int64)
        with self.lock:
            self.histogram += np.asarray(daily[0])
            self.true += np.asarray(daily[1])
            self.level_counts += np.asarray(answers[0])
            self.answer_histogram[~self.levelled] += np.asarray(answers[1])
            self.marked += marked
            self.joint += joint
            self._add_draws(block, y, w, kept_draws)
            self._add_heaviest(block)
            self._add_whole(block, weights)
            self._add_stood(block)
            self._add_spoilt(block, *(table & inside for table in spoilt))
            self.banded_w += int(flat[: kept.numbers.shape[-1]].sum(dtype=np.int64))
            self.done += int(inside.sum())
            if noted is not None:
                noted.append(block.first)

    def _of_markers(self, answers: Singles, weighed: Floats, weights: Floats) -> tuple[Any, Any]:
        """Return the weight of the worlds in which each marker is true, and their weighted answers."""
        if not self.markers:
            return 0, 0
        marks = (answers[list(self.markers)].reshape(len(self.markers), -1) > 0.5).astype(np.float64)
        joint = np.zeros(self.joint.shape)
        if self.asked:
            rows = [self.stated.index(position) for position in self.asked]
            joint[:, list(self.asked)] = _product(marks, weighed[rows].reshape(len(rows), -1))
        return _whole(_product(marks, weights.reshape(1, -1))[:, 0]), _whole(joint)

    def _of_draws(self, block: Block, values: Floats, whole: NDArray[np.uint32]) -> tuple[Any, ...]:
        """Return what is kept of the first draws: squared weights and the spread within each draw."""
        kept = min(block.first + block.draws, len(self.weight)) - block.first
        if kept <= 0:
            return ()
        values, weights = values[:, :, :kept], whole[:, :kept].astype(np.int64)
        shares = weights / np.maximum(weights.sum(axis=0), 1)
        values = values - np.einsum("srd,rd->sd", values, shares)[:, None]
        within = np.einsum("srd,srd,rd->sd", values, values, shares)
        return slice(block.first, block.first + kept), (weights**2).sum(axis=0), within

    def _add_whole(self, block: Block, weights: NDArray[np.uint32]) -> None:
        count = min(block.first + block.draws, self.whole.shape[2]) - block.first
        if count > 0:
            rows = slice(block.first, block.first + count)
            self.whole[:, :, rows] = block.by_world[list(self.told), :, :count]
            self.whole_weight[:, rows] = weights[:, :count]

    def _add_spoilt(self, block: Block, answers: NDArray[np.bool_], weights: NDArray[np.bool_]) -> None:
        """Count the worlds whose answers, ``[stated, replicates, draws]``, and whose weights are no number."""
        if not (answers.any() or weights.any()):
            return
        for row, worlds in zip((*self.stated, -1), (*answers, weights), strict=True):
            if worlds.any():
                self.spoilt[row] += worlds.sum()
                first = block.first + int(worlds.any(axis=0).argmax())
                self.spoilt_draw[row] = min(self.spoilt_draw[row], first)

    def _add_stood(self, block: Block) -> None:
        each, draws = self._stood
        count = min(block.first + block.draws, draws) - block.first
        if self.stands and count > 0:
            rows = slice(block.first, block.first + count)
            self.stood[:, :, rows] = block.by_world[list(self.stands), :each, :count]
            self.stood_weight[:, rows] = block.log_weight_by_world[:each, :count]

    def _add_draws(self, block: Block, y: Ints, w: Ints, kept: tuple[Any, ...]) -> None:
        stated = list(self.stated)
        self.sum_w += int(w.sum())
        self.sum_ww += _products(w[None], w[None])[0]
        self.sum_y[stated] += y.sum(axis=1).astype(object)
        self.sum_yy[stated] += _products(y, y)
        self.sum_wy[stated] += _products(y, w[None])
        if kept:
            rows, squares, within = kept
            count = rows.stop - rows.start
            self.weight[rows], self.square_weight[rows] = w[:count], squares
            self.weighted[stated, rows] = y[:, :count] * self.scale.size[stated, None]
            self.within[stated, rows] = within


def _product(left: Floats, right: Floats) -> Floats:
    """Return ``left @ right.T``, by small pieces added up.

    The library behind NumPy's products puts larger ones on threads of its own, which then wait about for more and take
    the processor from the threads that the blocks run on.
    """
    pieces = max(1, math.gcd(left.shape[1], PIECES))
    a, b = (table.reshape(len(table), pieces, -1).swapaxes(0, 1) for table in (left, right))
    return np.asarray((a @ b.swapaxes(1, 2)).sum(axis=0))


def _above(histogram: Ints) -> Ints:
    """Return the weight above each edge from the weight between edges."""
    return np.asarray(histogram[..., :0:-1].cumsum(axis=-1)[..., ::-1])


def _whole(values: Floats) -> NDArray[np.object_]:
    """Return whole floats as Python's whole numbers, which have no limit."""
    return values.astype(np.int64).astype(object)


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
    wanted = np.asarray(shares)
    last = edges.shape[-1] - 1
    # At the edge itself the cumulative share counts the worlds at or below it.
    at = (below[..., None, :] < wanted[:, None]).sum(axis=-1)
    right, left = np.minimum(at, last), np.clip(at - 1, 0, last)
    begins, ends = (np.take_along_axis(below, place, axis=-1) for place in (left, right))
    low, high = (np.take_along_axis(edges, place, axis=-1) for place in (left, right))
    width = ends - begins
    # Worlds that share one value make a step that ends at the next edge.
    part = np.where(width > 0, (wanted - begins) / np.where(width > 0, width, 1), 1.0)
    between = low + part * (high - low)
    return np.asarray(np.where(at == 0, edges[..., :1], np.where(at > last, edges[..., -1:], between)))
