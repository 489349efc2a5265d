"""What a state needs at least to hold under sequential stability, and a change that does it: two bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.stability.batched_rankings import LEAST, Fold, reached
from detente.stability.conflict import Conflict
from detente.stability.moves import Moves
from detente.stability.sequences import sequence_to

__all__ = ["NEVER", "Bounds", "bounds", "pairs_changed"]

Costs = NDArray[np.int64]
Ranks = NDArray[np.int64]

NEVER = 1 << 40
"""The cost of what no change of those who may change brings about."""
REPAIRS = 64
"""How many moves are answered one after the other before a change is given up."""


@dataclass(frozen=True)
class Bounds:
    """A cost below which no change does it, :data:`NEVER` if none does at all; and the ranks of a change that does.

    ``ranks`` is empty where none was found.
    """

    lower: int
    ranks: Mapping[int, Ranks]


def pairs_changed(before: NDArray[np.signedinteger], after: NDArray[np.signedinteger]) -> int:
    """Return how many pairs of states two rankings order otherwise.

    Notes
    -----
    1. Pairs that are equal in one of the two only: those equal in the first, and in the second, less twice those equal
       in both.
    2. Pairs turned round: sorted by the first ranking, those that stand in falling order by the second. They are
       counted while sorting by merging, all merges of one width at once.
    """
    first, second = (np.unique(ranks, return_inverse=True)[1].astype(np.int64) for ranks in (before, after))
    count = len(first)
    both = np.unique(first * count + second, return_counts=True)[1]
    equal = [int((n * (n - 1) // 2).sum()) for n in (np.bincount(first), np.bincount(second), both)]
    turned, width = 0, 1
    size = 1 << max(count - 1, 0).bit_length()
    values = np.full(size, count, np.int64)  # what fills up stands last in either order
    values[:count] = second[np.lexsort((second, first))]
    while width < size:
        halves = values.reshape(-1, 2, width) + (np.arange(size // (2 * width)) * (count + 1))[:, None, None]
        ends = np.repeat(np.arange(1, size // (2 * width) + 1) * width, width)
        turned += int((ends - np.searchsorted(halves[:, 0].ravel(), halves[:, 1].ravel(), side="right")).sum())
        width *= 2
        values = np.sort(values.reshape(-1, width), axis=1).ravel()
    return equal[0] + equal[1] - 2 * equal[2] + turned


def bounds(conflict: Conflict, state: int, vary: Sequence[int], *, symmetric: bool, sanctions: str = "legal") -> Bounds:
    """Bound the least change of rankings under which a state is a sequential equilibrium.

    Parameters
    ----------
    conflict, state, vary, symmetric, sanctions
        As in :func:`detente.stability.minimal_preference_change.minimal_preference_change`.

    Returns
    -------
    Bounds
        In pairs of states: no change costs less than ``lower``; ``ranks`` by decision maker that changes,
        ``[states]``, of one that does it; empty where none was found.

    Notes
    -----
    1. To turn a pair round costs at least one pair for each state ranked between the two, its ends counted once.
    2. Each move from the state must be made to tempt no more, or be answered. An answer costs at least the dearest pair
       that has to be turned on its way, on the way where that is least. No change costs less than the move that costs
       most.
    3. A change is looked for by answering one tempting move after the other in the cheapest of these ways, until none
       is left.
    """
    present = [np.unique(ranks, return_inverse=True)[1].astype(np.int64) for ranks in conflict.ranks]
    asked = _Asked(conflict, state, tuple(vary), symmetric, sanctions)
    needs = asked.needs(present)
    lower = max((cost for cost, _, _ in needs), default=0)
    ranks = list(present)
    for _ in range(REPAIRS if lower < NEVER else 0):
        if not needs:
            return Bounds(lower, {i: ranks[i] for i in vary if not np.array_equal(ranks[i], present[i])})
        cost, j, left = max(needs)
        if cost >= NEVER:
            break
        asked.repair(ranks, cost, j, left)
        needs = asked.needs(ranks)
    return Bounds(lower, {})


@dataclass(frozen=True)
class _Weighted:
    """Moves that may have to be made worth making, at a cost each."""

    moves: Moves
    costs: Costs

    def gather(self, values: Costs, fold: Fold) -> Costs:
        """Return for each state the least, over its moves, of the dearer of the move and of what comes after."""
        found = np.full_like(values, fold.empty(values.dtype))
        leaving = np.flatnonzero(np.diff(self.moves.first))
        if len(leaving):
            dearer = np.maximum(values[self.moves.targets, 0], self.costs)
            found[leaving, 0] = fold.join.reduceat(dearer, self.moves.first[leaving])
        return found


@dataclass(frozen=True)
class _Asked:
    """Whose rankings may change so that one state holds."""

    conflict: Conflict
    state: int
    vary: tuple[int, ...]
    symmetric: bool
    sanctions: str
    _kept: dict[int, tuple[Ranks, Costs]] = field(default_factory=dict)

    def _spans(self, i: int, ranks: Ranks, low: Ranks, high: Ranks) -> Costs:
        """Return what it costs to turn pairs round, given the ranks of their ends."""
        if i not in self._kept or self._kept[i][0] is not ranks:
            self._kept[i] = (ranks, np.concatenate([[0], np.cumsum(np.bincount(ranks))]))
        sums = self._kept[i][1]
        found: Costs = sums[high + 1] - sums[low] - 1
        return found

    def _holding(self, j: int, ranks: Ranks) -> Costs:
        """Return what it costs that each state is no better than the state asked about."""
        here = ranks[self.state]
        costs = np.zeros(len(ranks), np.int64)
        above = ranks > here
        costs[above] = self._spans(j, ranks, here, ranks[above]) if j in self.vary else NEVER
        return costs

    def _ends(self, j: int, ranks: Ranks) -> Costs:
        """Return what it costs that an answer may end in each state."""
        holding = self._holding(j, ranks)
        if not self.symmetric:
            return holding
        moves, worst = self.conflict.moves[j], holding.copy()
        np.maximum.at(worst, moves.sources, holding[moves.targets])
        return worst

    def _steps(self, k: int, ranks: Ranks) -> Costs:
        """Return what it costs that each move of somebody is an improvement."""
        moves = self.conflict.moves[k]
        left, went = ranks[moves.sources], ranks[moves.targets]
        costs = np.zeros(len(went), np.int64)
        dear = went <= left
        costs[dear] = self._spans(k, ranks, went[dear], left[dear]) if k in self.vary else NEVER
        return costs

    def needs(self, ranks: Sequence[Ranks]) -> list[tuple[int, int, int]]:
        """Return what each tempting move that is not answered costs, who makes it, and where it leads."""
        weighted = [_Weighted(moves, self._steps(k, ranks[k])) for k, moves in enumerate(self.conflict.moves)]
        found = []
        for j, moves in enumerate(self.conflict.moves):
            holding = self._holding(j, ranks[j])
            tempting = [left for left in moves.of(self.state).tolist() if holding[left]]
            if tempting:
                others = [weighted[k] for k in self.conflict.others([j])]
                answered = reached(others, self._ends(j, ranks[j])[:, None], LEAST, self.sanctions)[:, 0]
                costs = [min(int(holding[left]), int(answered[left]), NEVER) for left in tempting]
                found += [(cost, j, left) for cost, left in zip(costs, tempting, strict=True) if cost]
        return found

    def repair(self, ranks: list[Ranks], cost: int, j: int, left: int) -> None:
        """Change rankings so that one move tempts no more, or is answered."""
        if self._holding(j, ranks[j])[left] <= cost:
            ranks[j] = _raised(ranks[j], self.state, left)
            return
        allowed = [m.where(self._steps(k, ranks[k]) <= cost) for k, m in enumerate(self.conflict.moves)]
        way = sequence_to(left, self._ends(j, ranks[j]) <= cost, allowed, self.conflict.others([j]), self.sanctions)
        for k, here, there in way or ():
            if ranks[k][there] <= ranks[k][here]:
                ranks[k] = _raised(ranks[k], there, here)
        end = (way or ((0, 0, left),))[-1][2]
        for judged in (end, *(self.conflict.moves[j].of(end).tolist() if self.symmetric else ())):
            if ranks[j][judged] > ranks[j][self.state]:
                ranks[j] = _raised(ranks[j], self.state, judged)


def _raised(ranks: Ranks, one: int, over: int) -> Ranks:
    """Put one state just above another."""
    new = 2 * ranks
    new[one] = 2 * ranks[over] + 1
    return np.unique(new, return_inverse=True)[1].astype(np.int64)
