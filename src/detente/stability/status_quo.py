"""From the status quo: which equilibria can be reached, by whom, in how few moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError
from detente.stability.conflict import Conflict, Moves
from detente.stability.result import PathTo, Step

__all__ = ["reachable", "shortest_paths"]

Places = NDArray[np.int64]


def shortest_paths(
    conflict: Conflict, equilibria: Mapping[str, Sequence[int]], start: int | None = None
) -> tuple[PathTo, ...]:
    """Find the shortest ways from the status quo to each equilibrium that can be reached.

    Parameters
    ----------
    conflict
        The conflict.
    equilibria
        By concept, the states to be reached, numbered from 1.
    start
        The state to begin at, from 1; default the conflict's status quo.

    Returns
    -------
    tuple
        By state: a way by improvements, if there is one; and a way by any moves, if there is no other or it is
        shorter. An equilibrium that is the status quo has a way without steps. Empty where there is no status quo.

    Raises
    ------
    RequestError
        If there is no state of that number.

    Notes
    -----
    1. States are visited in the order of the number of moves; what matters of the past is who moved last, as nobody
       moves twice running.
    2. Among equally short ways the one is kept with the fewest steps that its mover does not like; then the one of
       which the same is true without its last step, and so on; then the one whose first differing step is made by whom
       the conflict names first, or leads to the state of the lower number. So the same conflict gives the same ways.

    References
    ----------
    K. W. Li, D. M. Kilgour, K. W. Hipel, "Status quo analysis in the graph model for conflict resolution", J. of the
    Operational Research Society 56 (2005).
    """
    begin = _begin(conflict, start)
    if begin is None:
        return ()
    under: dict[int, list[str]] = {}
    for concept, states in equilibria.items():
        for state in states:
            under.setdefault(state - 1, []).append(concept)
    improving = _Ways(conflict, conflict.improvements, begin)
    moving = _Ways(conflict, conflict.moves, begin)
    found = []
    for state in sorted(under):
        concepts = tuple(under[state])
        fewest = improving.length(state)
        if fewest is not None:
            found.append(PathTo(state + 1, "improvements", concepts, improving.to(state)))
        any_way = moving.length(state)
        if any_way is not None and (fewest is None or any_way < fewest):
            found.append(PathTo(state + 1, "moves", concepts, moving.to(state)))
    return tuple(found)


def reachable(conflict: Conflict, by: str = "moves", start: int | None = None) -> tuple[int, ...]:
    """Return the states that can be reached from the status quo, itself among them, numbered from 1.

    Parameters
    ----------
    conflict
        The conflict as arrays.
    by
        ``improvements`` or ``moves``.
    start
        As in :func:`shortest_paths`.

    Returns
    -------
    tuple
        In ascending order; empty where there is neither a status quo nor a start.
    """
    begin = _begin(conflict, start)
    if begin is None:
        return ()
    ways = _Ways(conflict, conflict.improvements if by == "improvements" else conflict.moves, begin)
    return tuple(state + 1 for state in range(conflict.count) if ways.length(state) is not None)


def _begin(conflict: Conflict, start: int | None) -> int | None:
    if start is None:
        return conflict.start
    if not 1 <= start <= conflict.count:
        raise RequestError(f"there is no state {start}; give a number from 1 to {conflict.count}")
    return start - 1


class _Ways:
    """The first ways found from one state to all others, in order of length.

    A node is a state and who moved last: number ``maker * states + state``.
    """

    def __init__(self, conflict: Conflict, moves: Sequence[Moves], begin: int) -> None:
        self.conflict, self.moves, self.begin = conflict, moves, begin
        count, makers = conflict.count, len(conflict.makers)
        self.came = np.full(makers * count, -1, np.int64)  # the node before; -2 for the status quo itself
        self.arrived = np.full(count, -1, np.int64)  # the first node at which each state was reached
        self.depth = np.full(count, -1, np.int64)
        self.depth[begin] = 0
        # Who moved last on the first way to a state: the next way need only add what that one can do.
        self.first_by = np.full(count, -1, np.int64)
        self.done = np.zeros(count, bool)
        self.done[begin] = True
        level = self._level(np.array([begin]), np.array([-2]), np.array([0]), np.array([-1]))
        depth = 1
        while len(level[0]):
            nodes, disliked = level
            states = nodes % count
            new, first = np.unique(states, return_index=True)
            fresh = self.depth[new] < 0
            self.depth[new[fresh]], self.arrived[new[fresh]] = depth, nodes[first[fresh]]
            level, depth = self._level(states, nodes, disliked, self._who(states, nodes, new, first)), depth + 1

    def _who(self, states: Places, nodes: Places, new: Places, first: Places) -> Places:
        """Say who need move on from each node: -1 everybody but who moved last, -2 nobody, else one decision maker."""
        who, last = np.full(len(nodes), -2, np.int64), nodes // self.conflict.count
        fresh = self.first_by[new] < 0
        again = ~fresh & ~self.done[new]
        who[first[again]] = self.first_by[new[again]]
        self.done[new[again]] = True
        fresh &= ~self.done[new]
        who[first[fresh]] = -1
        self.first_by[new[fresh]] = last[first[fresh]]
        rest = np.setdiff1d(np.arange(len(nodes)), first)
        second = rest[np.unique(states[rest], return_index=True)[1]]
        second = second[~self.done[states[second]]]
        who[second] = self.first_by[states[second]]
        self.done[states[second]] = True
        return who

    def _level(self, states: Places, nodes: Places, disliked: Places, who: Places) -> tuple[Places, Places]:
        """Return the nodes reached first by one more move, best ways first, and how many disliked steps led there."""
        count, parts = self.conflict.count, []
        for maker, own in enumerate(self.moves):
            may = np.flatnonzero((who == maker) | ((who == -1) & (nodes // count != maker)))
            leaves = states[may]
            widths = own.first[leaves + 1] - own.first[leaves]
            ends = np.cumsum(widths)
            within = np.arange(int(widths.sum())) - np.repeat(ends - widths, widths)
            targets = own.targets[np.repeat(own.first[leaves], widths) + within]
            row, ranks = np.repeat(may, widths), self.conflict.ranks[maker]
            reached = targets + maker * count
            new = self.came[reached] == -1
            steps = disliked[row] + (ranks[targets] <= ranks[states[row]])
            parts.append(np.stack([steps * len(nodes) + row, reached])[:, new])
        ways, reached = np.concatenate(parts, axis=1)
        found, at = np.unique(reached, return_inverse=True)
        best = np.full(len(found), np.iinfo(np.int64).max)
        np.minimum.at(best, at, ways)
        order = np.argsort(best, kind="stable")
        found, best = found[order], best[order]
        self.came[found] = nodes[best % len(nodes)]
        return found, best // len(nodes)

    def length(self, state: int) -> int | None:
        """Return the number of moves of the shortest way; None where there is none."""
        return int(self.depth[state]) if self.depth[state] >= 0 else None

    def to(self, state: int) -> tuple[Step, ...]:
        """Return the steps of the shortest way."""
        if state == self.begin:
            return ()
        node, steps = int(self.arrived[state]), []
        while node >= 0:
            maker, arrives = divmod(node, self.conflict.count)
            node = int(self.came[node])
            leaves = node % self.conflict.count if node >= 0 else self.begin
            ranks = self.conflict.ranks[maker]
            steps.append(
                Step(self.conflict.makers[maker], leaves + 1, arrives + 1, bool(ranks[arrives] > ranks[leaves]))
            )
        return tuple(reversed(steps))
