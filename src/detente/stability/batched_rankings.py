"""What sequences of moves lead to, for many columns of values at once: the least value met, or the union of bits.

A column is one question about every state: the ranks of one sampled ranking, or a bit for each state asked about. Rows
are states, so that a move copies a whole row and the arithmetic runs along it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Moves

__all__ = ["GREATEST", "LEAST", "UNION", "Fold", "Mover", "Steps", "pack", "reached"]

Values = NDArray[Any]


@dataclass(frozen=True)
class Fold:
    """How values met on the way are put together, and what stands where nothing is met."""

    join: np.ufunc
    empty: Callable[[np.dtype[Any]], int]


LEAST = Fold(np.minimum, lambda dtype: int(np.iinfo(dtype).max))
GREATEST = Fold(np.maximum, lambda dtype: int(np.iinfo(dtype).min))
UNION = Fold(np.bitwise_or, lambda dtype: 0)


class Mover(Protocol):
    """Whoever moves: it puts together the values of the states that it can go to, for each state."""

    def gather(self, values: Values, fold: Fold) -> Values:
        """Return for each state the fold of the values of where one move leads, ``[states, columns]``."""


@dataclass(frozen=True)
class Steps:
    """The moves of one decision maker, laid out so that a fold over them is a few passes over whole rows.

    Parameters
    ----------
    moves
        The moves.
    blocked
        For the fold :data:`LEAST`: the greatest number of the type where a move is not made in a column, 0 where it
        is, ``[moves, columns]``; None where every move is made.
    """

    moves: Moves
    blocked: Values | None = None

    @cached_property
    def _passes(self) -> list[tuple[NDArray[np.int64] | None, NDArray[np.int64], Values | None]]:
        """For the first, second … move of each state: which states have it (None: all), where it leads, and its bar."""
        degree = np.diff(self.moves.first)
        found = []
        for place in range(int(degree.max(initial=0))):
            rows = np.flatnonzero(degree > place)
            which = self.moves.first[rows] + place
            bar = None if self.blocked is None else self.blocked.take(which, axis=0)
            found.append((None if len(rows) == len(degree) else rows, self.moves.targets[which].astype(np.int64), bar))
        return found

    def gather(self, values: Values, fold: Fold) -> Values:
        """Return for each state the fold of the values of where one move leads, ``[states, columns]``."""
        folded = np.full_like(values, fold.empty(values.dtype))
        for rows, targets, bar in self._passes:
            met = values.take(targets, axis=0)
            if bar is not None:
                met |= bar
            if rows is None:
                fold.join(folded, met, out=folded)
            else:
                folded[rows] = fold.join(folded.take(rows, axis=0), met)
        return folded


def pack(truths: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return truths ``[states, columns]`` as bits, 64 columns to a word, to be folded by :data:`UNION`."""
    bits = np.packbits(truths, axis=1)
    return np.ascontiguousarray(np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8)))).view(np.uint64)


def reached(movers: Sequence[Mover], values: Values, fold: Fold, sanctions: str = "legal") -> Values:
    """Fold the values of every state that sequences of moves can reach, for each state they begin at.

    Parameters
    ----------
    movers
        Who may move.
    values
        What is folded, ``[states, columns]``.
    fold
        :data:`LEAST` or :data:`UNION`.
    sanctions
        ``legal``: nobody moves twice running; ``once``: nobody moves twice; ``single``: one move.

    Returns
    -------
    numpy.ndarray
        ``[states, columns]``; the fold of nothing where nobody can move.

    Notes
    -----
    1. Let A_k(s) be the fold over sequences from s whose first move is k's.
    2. A_k(s) is the fold, over k's moves from s to t, of the value of t and of A_l(t) for every other mover l.
    3. Begin with nothing and repeat step 2 until nothing changes; values only grow together, so it ends.

    References
    ----------
    L. Fang, K. W. Hipel, D. M. Kilgour, Interactive Decision Making (Wiley 1993), section 3.5.
    """
    nothing = np.full_like(values, fold.empty(values.dtype))
    if sanctions == "single" or len(movers) < 2:
        folded = nothing
        for mover in movers:
            folded = fold.join(folded, mover.gather(values, fold))
        return folded
    if sanctions == "once":
        return _once(movers, values, fold, nothing)
    begun = [nothing] * len(movers)
    stale = [True] * len(movers)
    while any(stale):
        for k, mover in enumerate(movers):
            if not stale[k]:
                continue
            stale[k] = False
            met = values
            for other, theirs in enumerate(begun):
                met = met if other == k else fold.join(met, theirs)
            found = mover.gather(met, fold)
            if not np.array_equal(found, begun[k]):
                begun[k] = found
                stale = [old or other != k for other, old in enumerate(stale)]
    folded = begun[0]
    for theirs in begun[1:]:
        folded = fold.join(folded, theirs)
    return folded


def _once(movers: Sequence[Mover], values: Values, fold: Fold, nothing: Values) -> Values:
    """Fold over sequences in which nobody moves twice: by who is left to move, from few to all."""
    left: dict[int, Values] = {0: nothing}
    for some in range(1, 1 << len(movers)):
        folded = nothing
        for k, mover in enumerate(movers):
            if some >> k & 1:
                folded = fold.join(folded, mover.gather(fold.join(values, left[some & ~(1 << k)]), fold))
        left[some] = folded
    return left[(1 << len(movers)) - 1]
