"""Counting worlds exactly: weights as whole numbers, answers by draw, bands from counts above fixed edges.

Everything that is added up is a whole number, so the order in which blocks of worlds come in changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

__all__ = ["BAND", "KEPT_DRAWS", "PILOT_DRAWS", "Block", "Scale", "Tally", "quantiles_of_counts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BAND = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that bands and answers give."""
AROUND = (-0.03, -0.015, -0.005, 0.005, 0.015, 0.03)
"""Where edges lie about each of them, in the pilot's cumulative probability."""
KEPT_DRAWS = 8_192
"""Draws whose own answers are kept, for what answers hang on; all worlds enter every other figure."""
PILOT_DRAWS = 256
"""Draws from which edges and scales are set."""
FULL_WEIGHT = 65_535
FINE = 1 << 24


@dataclass(frozen=True)
class Block:
    """The outcome of some worlds: ``answers`` is ``[summaries, draws, replicates]``, ``series`` ``[days, n, worlds]``."""

    first: int
    answers: NDArray[np.float32]
    log_weight: NDArray[np.float32]
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
    edges
        For each banded series, rising edges on every day, ``[days, banded, edges]``.
    answer_edges
        The same for the answers, ``[summaries, edges]``.
    size
        For each summary, the number that one unit of the fixed-point sum stands for.
    """

    log_weight: float
    edges: NDArray[np.float32]
    answer_edges: Floats
    size: Floats

    @staticmethod
    def of(answers: NDArray[np.float32], log_weight: NDArray[np.float32], series: NDArray[np.float32]) -> Scale:
        """Set the scale from a pilot; ``series`` is ``[days, banded, worlds]``."""
        shares = np.clip([target + offset for target in BAND for offset in AROUND], 0.001, 0.999)
        top = float(np.max(log_weight)) if log_weight.size else 0.0
        finite = np.where(np.isfinite(answers), answers, np.nan).reshape(len(answers), -1).astype(np.float64)
        whole = np.nan_to_num(finite, nan=0.0)
        largest = np.maximum(np.abs(whole).max(axis=1), 1e-30) if whole.size else np.ones(len(answers))
        answer_edges = np.quantile(whole, shares, axis=1).T if whole.size else np.zeros((len(answers), len(shares)))
        edges = np.moveaxis(np.quantile(series, shares, axis=2), 0, 2) if series.size else np.zeros((*series.shape[:2], len(shares)))
        # A little room above the heaviest world of the pilot; what is heavier still counts in full.
        return Scale(top + float(np.log(2)), edges.astype(np.float32), answer_edges, largest / FINE)

    def weights(self, log_weight: NDArray[np.float32]) -> NDArray[np.int32]:
        """Return weights as whole numbers from 0 to 65,535."""
        return np.rint(FULL_WEIGHT * np.exp(np.minimum(log_weight - self.log_weight, 0))).astype(np.int32)


@partial(jax.jit, static_argnames=("banded",))
def _counts_above(series: Any, weights: Any, edges: Any, banded: int) -> tuple[Any, Any]:
    """Return the weight of the worlds above each edge, and of the worlds in which a yes/no series is true."""
    numbers, truths = series[:, :banded], series[:, banded:]
    above = jnp.sum(jnp.where(numbers[:, :, None, :] > edges[:, :, :, None], weights, 0), axis=-1, dtype=jnp.int32)
    true = jnp.sum(jnp.where(truths > 0.5, weights, 0), axis=-1, dtype=jnp.int32)
    return above, true


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
    pairs
        Pairs of summary positions whose joint counts are wanted: a sign, and a question it bears on.
    """

    scale: Scale
    draws: int
    replicates: int
    summaries: int
    banded: int
    truths: int
    days: int
    pairs: tuple[tuple[int, int], ...] = ()
    done: int = 0
    weight: NDArray[np.int64] = field(init=False)
    weighted: Floats = field(init=False)
    square: Floats = field(init=False)

    def __post_init__(self) -> None:
        kept = min(self.draws, KEPT_DRAWS)
        self.weight = np.zeros(kept, np.int64)
        self.square_weight = np.zeros(kept, np.int64)
        self.weighted = np.zeros((self.summaries, kept))
        self.never = np.zeros((self.summaries, kept))
        edges = self.scale.edges.shape[2]
        self.above = np.zeros((self.days, self.banded, edges), np.int64)
        self.true = np.zeros((self.days, self.truths), np.int64)
        self.answers_above = np.zeros((self.summaries, edges), np.int64)
        self.levels: list[dict[float, int]] = [{} for _ in range(self.summaries)]
        self.joint = np.zeros((len(self.pairs), 2, 2), object)
        zero = np.zeros(self.summaries, object)
        self.sum_w, self.sum_ww = 0, 0
        self.sum_y, self.sum_yy, self.sum_wy = zero.copy(), zero.copy(), zero.copy()

    def add(self, block: Block, levelled: NDArray[np.bool_]) -> None:
        """Count a block of worlds; ``levelled`` marks summaries that take few values, counted one by one."""
        inside = np.arange(block.first, block.first + block.draws) < self.draws
        weights = self.scale.weights(block.log_weight).reshape(block.draws, self.replicates)
        weights = np.where(inside[:, None], weights, 0)
        above, true = _counts_above(block.series, weights.reshape(-1), self.scale.edges, self.banded)
        self.above += np.asarray(above, np.int64)
        self.true += np.asarray(true, np.int64)
        self._count_answers(block.answers, weights, levelled)
        self._count_draws(block, weights, inside)
        self._count_pairs(block.answers, weights)
        self.done += int(inside.sum())

    def _count_answers(self, answers: NDArray[np.float32], weights: NDArray[np.int32], levelled: NDArray[np.bool_]) -> None:
        flat = weights.reshape(-1).astype(np.int64)
        for position, values in enumerate(answers.reshape(len(answers), -1)):
            if levelled[position]:
                found, where = np.unique(values, return_inverse=True)
                counts = np.bincount(where, flat).astype(np.int64)
                for level, count in zip(found, counts, strict=True):
                    key = float(level)
                    self.levels[position][key] = self.levels[position].get(key, 0) + int(count)
            else:
                passed = np.searchsorted(self.scale.answer_edges[position], values, side="left")
                counts = np.bincount(passed, flat, len(self.scale.answer_edges[position]) + 1).astype(np.int64)
                self.answers_above[position] += counts[:0:-1].cumsum()[::-1]

    def _count_draws(self, block: Block, weights: NDArray[np.int32], inside: NDArray[np.bool_]) -> None:
        w = weights.sum(axis=1, dtype=np.int64)
        never = np.isinf(block.answers)
        values = np.where(never, 0, block.answers).astype(np.float64)
        units = np.rint(values / self.scale.size[:, None, None]).astype(np.int64)
        y = (units * weights).sum(axis=2)
        self.sum_w += int(w.sum())
        self.sum_ww += _exact(w, w)
        for position in range(self.summaries):
            self.sum_y[position] += int(y[position].sum())
            self.sum_yy[position] += _exact(y[position], y[position])
            self.sum_wy[position] += _exact(w, y[position])
        kept = min(block.first + block.draws, len(self.weight)) - block.first
        if kept > 0:
            rows = slice(block.first, block.first + kept)
            self.weight[rows] = w[:kept]
            self.square_weight[rows] = (weights[:kept].astype(np.int64) ** 2).sum(axis=1)
            self.weighted[:, rows] = y[:, :kept] * self.scale.size[:, None]
            self.never[:, rows] = (never[:, :kept] * weights[None, :kept]).sum(axis=2)

    def _count_pairs(self, answers: NDArray[np.float32], weights: NDArray[np.int32]) -> None:
        flat = weights.reshape(-1).astype(np.int64)
        for number, (sign, question) in enumerate(self.pairs):
            seen = answers[sign].reshape(-1) > 0.5
            value = answers[question].reshape(-1)
            units = np.rint(np.where(np.isinf(value), 0, value) / self.scale.size[question]).astype(np.int64)
            for side, mask in enumerate((~seen, seen)):
                self.joint[number, side, 0] += int(flat[mask].sum())
                self.joint[number, side, 1] += int((flat * units)[mask].sum())


def _exact(left: Ints, right: Ints) -> int:
    """Return the sum of products of whole numbers too large for 64 bits, without rounding."""
    low = right & 0xFFFFFF
    high = right >> 24
    upper, lower = left.astype(object) @ high.astype(object), left.astype(object) @ low.astype(object)
    return (int(upper) << 24) + int(lower)


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
