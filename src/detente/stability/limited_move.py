"""Stability in limited moves: everybody looks a given number of moves ahead."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Conflict, Moves

__all__ = ["Foresight", "foresights", "limited_move"]

STAYS = np.iinfo(np.int32).max

Foresight = NDArray[np.int32]
"""What somebody who may move is foreseen to bring about: the least rank for each decision maker, ``STAYS`` for all of
them where it would rather stay, ``[mover, makers, states]``."""


def limited_move(conflict: Conflict, horizon: int) -> NDArray[np.bool_]:
    r"""Find the states that each decision maker would not leave if everybody looked some moves ahead.

    Parameters
    ----------
    conflict
        The conflict.
    horizon
        How many moves are foreseen, at least 1; with 1 the states are those of Nash stability.

    Returns
    -------
    array
        Whether each state is stable for each decision maker, ``[makers, states]``.

    Notes
    -----
    1. Looking no move ahead, nobody moves: :math:`A_0(i, s) = \{s\}` is what is foreseen if :math:`i` has the move.
    2. Looking :math:`h` ahead, :math:`i` may go to some :math:`s_1`. What then follows, :math:`O(s_1)`, is the union of
       :math:`A_{h-1}(j, s_1)` over all others :math:`j` who would move on from there, or :math:`\{s_1\}` if nobody
       would.
    3. A move is worth to :math:`i` the lowest rank in :math:`O(s_1)`: it does not know which of the others comes first.
    4. If the best of its moves is worth more than :math:`s`, it makes it, and :math:`A_h(i, s)` is the union of
       :math:`O(s_1)` over all moves as good; otherwise it stays, :math:`A_h(i, s) = \{s\}`, and :math:`s` is stable.
    5. Of the sets only the lowest rank for each decision maker is ever needed, so only that is kept.

    References
    ----------
    Kilgour (1985), "Anticipation and stability in two-person noncooperative games", in *Dynamic Models of International
    Conflict*; for several decision makers Fang, Hipel and Kilgour (1993), *Interactive Decision Making: The Graph Model
    for Conflict Resolution*, chapter 4.
    """
    foresight = next(islice(foresights(conflict), horizon - 1, None))
    return np.equal(foresight[:, 0], STAYS)


def foresights(conflict: Conflict) -> Iterator[Foresight]:
    """Give what is foreseen at horizon 1, 2, 3 and so on, without end."""
    turns = [_Turns.of(moves, ranks) for moves, ranks in zip(conflict.moves, conflict.ranks, strict=True)]
    foresight = np.full((len(turns), len(turns), conflict.count), STAYS, np.int32)
    while True:
        answers = _by_others(foresight)
        outcomes = np.where(answers == STAYS, conflict.ranks, answers)
        foresight = np.full_like(foresight, STAYS)
        for i, turn in enumerate(turns):
            states, ends = turn.chosen(outcomes[i], i)
            foresight[i][:, states] = ends
        yield foresight


def _by_others(foresight: Foresight) -> Foresight:
    """Return the least of what is foreseen for all movers but one, for each one."""
    found = np.full_like(foresight, STAYS)
    for order in (range(len(foresight)), reversed(range(len(foresight)))):
        least = np.full_like(foresight[0], STAYS)
        for mover in order:
            np.minimum(found[mover], least, out=found[mover])
            np.minimum(least, foresight[mover], out=least)
    return found


class _Turns(NamedTuple):
    """The moves of one decision maker, laid out for being compared horizon by horizon."""

    states: NDArray[np.int64]
    """The states in which it can move."""
    ranks: NDArray[np.int32]
    """How it likes these."""
    first: NDArray[np.int64]
    row: NDArray[np.int32]
    """Which of these states each move leaves."""
    targets: NDArray[np.int32]

    @classmethod
    def of(cls, moves: Moves, ranks: NDArray[np.int32]) -> _Turns:
        """Lay out some moves."""
        counts = np.diff(moves.first)
        states = np.flatnonzero(counts)
        row = np.repeat(np.arange(len(states), dtype=np.int32), counts[states])
        return cls(states, ranks[states], moves.first[states], row, moves.targets)

    def chosen(self, outcome: NDArray[np.int32], maker: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the states that a decision maker leaves, and the least ranks of what follows, ``[makers, left]``.

        ``outcome`` is what follows from each state once it has got there, ``[makers, states]``.
        """
        worth = outcome[maker].take(self.targets)
        best = np.maximum.reduceat(worth, self.first) if len(worth) else worth
        # A state that it is no better to leave asks for more than any move is worth.
        asked = np.where(best > self.ranks, best, STAYS)
        chosen = np.flatnonzero(worth == asked.take(self.row))
        rows = self.row[chosen]
        begins = np.flatnonzero(np.diff(rows, prepend=-1))
        ends = outcome.take(self.targets[chosen], axis=1)
        if len(begins) < len(rows):  # somewhere several moves are as good
            ends = np.minimum.reduceat(ends, begins, axis=1)
        return self.states[rows[begins]], ends
