"""What several decision makers can bring about when they move one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.stability.moves import Moves

__all__ = ["SANCTIONS", "least_reached", "reached"]

Values = NDArray[np.int32]


def least_reached(
    values: Values, moves: Sequence[Moves], movers: Sequence[int], sanctions: str = "legal"
) -> NDArray[np.int32]:
    """Find the least value among the states that some decision makers can reach from each state by one or more moves.

    Whether a state can be held against somebody by what the others could do in answer is a question about the worst
    they can bring about, not about all they can; this is what makes the concepts quick.

    Parameters
    ----------
    values
        What each state is worth, ``[states]``.
    moves
        The moves of every decision maker, ``[makers]``; for sequences of improvements, its improvements.
    movers
        Who may move.
    sanctions
        ``legal``: in any order, nobody twice running; ``once``: in any order, everybody at most once; ``single``: one
        move of one of them.

    Returns
    -------
    array
        The least value, ``[states]``; the largest of integers where nobody can move.

    Notes
    -----
    1. Under ``legal``, let :math:`b_j(s)` be the least value over sequences from ``s`` that ``j`` begins. It is the
       least, over the moves of ``j`` from ``s`` to some ``t``, of the value of ``t`` and of :math:`b_k(t)` for all
       others ``k``.
    2. Begin with what single moves reach, and apply this until nothing changes. Values only fall, and each belongs to
       some sequence, so the end is the least over all sequences, however long.
    3. Under ``once`` the same is done for every set of those who have not moved yet.

    References
    ----------
    Fang, Hipel and Kilgour (1993), *Interactive Decision Making: The Graph Model for Conflict Resolution*, section 3.5.
    """
    if not movers:
        return np.full(len(values), np.iinfo(values.dtype).max, values.dtype)
    return SANCTIONS[sanctions](values, moves, movers)


def reached(state: int, moves: Sequence[Moves], movers: Sequence[int], sanctions: str = "legal") -> NDArray[np.int64]:
    """Find the states that some decision makers can reach from one state by one or more moves, ascending.

    The state itself is among them where a sequence comes back to it. The parameters are those of
    :func:`least_reached`.

    Parameters
    ----------
    state
        Where they begin, from 0.
    moves
        The moves that each decision maker may make in such a sequence, by its position.
    movers
        Who takes part, by position.
    sanctions
        The rule of sanctioning sequences, as in :func:`least_reached`.

    Returns
    -------
    array
        States from 0, ``[reached]``.
    """
    found: set[int] = set()
    # What may still happen at a state hangs on who moved last, or on who has moved at all.
    waiting: list[tuple[int, frozenset[int]]] = [(state, frozenset())]
    seen = set(waiting)
    while waiting:
        here, barred = waiting.pop()
        for mover in movers:
            if mover in barred:
                continue
            after = {"legal": frozenset({mover}), "once": barred | {mover}, "single": frozenset(movers)}[sanctions]
            for there in moves[mover].of(here).tolist():
                found.add(there)
                if (there, after) not in seen:
                    seen.add((there, after))
                    waiting.append((there, after))
    return np.array(sorted(found), np.int64)


def _legal(values: Values, moves: Sequence[Moves], movers: Sequence[int]) -> Values:
    begun = {j: moves[j].least(values) for j in movers}
    waiting = set(movers) if len(movers) > 1 else set()
    while waiting:
        for j in [mover for mover in movers if mover in waiting]:
            waiting.discard(j)
            worst = values
            for k in movers:
                if k != j:
                    worst = np.minimum(worst, begun[k])
            found = moves[j].least(worst)
            if not np.array_equal(found, begun[j]):
                begun[j] = found
                waiting.update(k for k in movers if k != j)
    return _least(list(begun.values()))


def _once(values: Values, moves: Sequence[Moves], movers: Sequence[int]) -> Values:
    found = {frozenset({j}): moves[j].least(values) for j in movers}
    for size in range(2, len(movers) + 1):
        smaller, found = found, {}
        for left in map(frozenset, combinations(movers, size)):
            found[left] = _least([moves[j].least(np.minimum(values, smaller[left - {j}])) for j in left])
    return found[frozenset(movers)]


def _single(values: Values, moves: Sequence[Moves], movers: Sequence[int]) -> Values:
    return _least([moves[j].least(values) for j in movers])


def _least(values: list[Values]) -> Values:
    least: Values = np.minimum.reduce(values)
    return least


SANCTIONS: dict[str, Callable[[Values, Sequence[Moves], Sequence[int]], Values]] = {
    "legal": _legal,
    "once": _once,
    "single": _single,
}
"""The rules of sanctioning sequences, by name."""
