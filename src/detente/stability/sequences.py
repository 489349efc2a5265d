"""The shortest sequence of moves by which some decision makers bring a conflict to a state of a given kind."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.stability.moves import Moves

__all__ = ["Triple", "sequence_to"]

Triple = tuple[int, int, int]
"""Who moves, from which state, to which."""
Node = tuple[int, int]
"""A state, with a bit for everybody who may not move from there."""


def sequence_to(
    start: int, wanted: NDArray[np.bool_], moves: Sequence[Moves], movers: Sequence[int], sanctions: str = "legal"
) -> tuple[Triple, ...] | None:
    """Find the shortest way from a state to any of some others by moves of certain decision makers.

    Parameters
    ----------
    start
        The state that the way begins at, from 0.
    wanted
        Where it may end, ``[states]``.
    moves
        The moves of every decision maker, ``[makers]``; for sequences of improvements, its improvements.
    movers
        Who may move.
    sanctions
        ``legal``: in any order, nobody twice running; ``once``: everybody at most once; ``single``: one move.

    Returns
    -------
    tuple
        Triples of mover, state left and state reached, at least one; None where there is no such way.

    References
    ----------
    Fang, Hipel and Kilgour (1993), *Interactive Decision Making: The Graph Model for Conflict Resolution*, section 3.5.
    """
    first: Node = (start, 0)
    came: dict[Node, tuple[Node, int]] = {}
    waiting: deque[Node] = deque([first])
    while waiting:
        here = waiting.popleft()
        state, barred = here
        for mover in movers:
            if barred >> mover & 1:
                continue
            bar = 1 << mover | (barred if sanctions == "once" else 0)
            for target in moves[mover].of(state).tolist():
                there: Node = (target, bar)
                if there in came:
                    continue
                came[there] = (here, mover)
                if wanted[target]:
                    return _traced(came, there, first)
                if sanctions != "single":
                    waiting.append(there)
    return None


def _traced(came: dict[Node, tuple[Node, int]], last: Node, first: Node) -> tuple[Triple, ...]:
    """Follow a way back from its end."""
    steps: list[Triple] = []
    node = last
    while node != first:
        before, mover = came[node]
        steps.append((mover, before[0], node[0]))
        node = before
    return tuple(reversed(steps))
