"""Simultaneous stability: whoever improves may find that the others moved at the same moment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Conflict
from detente.stability.moves import places_among

__all__ = ["simultaneous"]

BLOCK = 1 << 20
"""How many joint moves are looked at in one go."""

Ints = NDArray[np.int64]


class _Steps(NamedTuple):
    """The improvements of one decision maker, as what each adds to a code."""

    first: Ints
    counts: Ints
    added: Ints


def simultaneous(conflict: Conflict) -> NDArray[np.bool_]:
    """Find the states that each decision maker stays in for fear that the others, dissatisfied too, move as it does.

    Parameters
    ----------
    conflict
        The conflict.

    Returns
    -------
    array
        Whether each state is stable for each decision maker, ``[makers, states]``.

    Notes
    -----
    1. State :math:`s` is stable for :math:`i` iff each improvement :math:`s_1` of :math:`i` from :math:`s` is
       sanctioned: some of the others, at least one, each have an improvement of their own from :math:`s`,
    2. and if each takes one of these while :math:`i` goes to :math:`s_1`, everybody changing its own options and nobody
       else's, the combination is feasible and :math:`i` does not rank it above :math:`s`.
    3. Where nobody else would leave :math:`s`, nothing can happen at the same moment, and only Nash stable states are
       stable.

    Where the case calls combinations one state, the changes are those between the first combinations of the states.

    References
    ----------
    Fraser and Hipel (1979), "Solving complex conflicts", *IEEE Transactions on Systems, Man, and Cybernetics* 9; Fraser
    and Hipel (1984), *Conflict Analysis: Models and Resolutions*.
    """
    steps = [_steps(conflict, i) for i in range(len(conflict.makers))]
    stable = np.ones((len(conflict.makers), conflict.count), bool)
    for i in range(len(conflict.makers)):
        stable[i, _unsanctioned(conflict, steps, i)] = False
    return stable


def _steps(conflict: Conflict, maker: int) -> _Steps:
    """Express the improvements of a decision maker by its own options."""
    mine = conflict.owners == maker
    part = conflict.digits[:, mine].astype(np.int64) @ conflict.places[mine]
    moves = conflict.improvements[maker]
    counts = np.diff(moves.first)
    return _Steps(moves.first[:-1], counts, part[moves.targets] - np.repeat(part, counts))


def _unsanctioned(conflict: Conflict, steps: list[_Steps], i: int) -> Ints:
    """Return the states from which some improvement of a decision maker is not sanctioned; some may come twice.

    The joint moves of the others are numbered, the first being that nobody moves, which is none. They are tried in
    growing numbers, and what is sanctioned is not looked at again: most is sanctioned soon.
    """
    others = [steps[j] for j in conflict.others([i])]
    ways = np.ones(conflict.count, np.int64)
    for other in others:
        ways *= other.counts + 1
    code = conflict.digits.astype(np.int64) @ conflict.places
    leaves = conflict.improvements[i].sources.astype(np.int64)
    added = steps[i].added
    lost: list[Ints] = []
    tried, tries = 1, 1
    while len(leaves):
        over = ways[leaves] <= tried
        lost.append(leaves[over])
        leaves, added = leaves[~over], added[~over]
        sanctioned = np.zeros(len(leaves), bool)
        rows = max(1, BLOCK // tries)
        for start in range(0, len(leaves), rows):
            here = leaves[start : start + rows, None]
            number = np.minimum(np.arange(tried, tried + tries), ways[here] - 1)
            joint = code[here] + added[start : start + rows, None]
            for other in others:
                number, digit = np.divmod(number, other.counts[here] + 1)
                chosen = other.added[np.maximum(other.first[here] + digit - 1, 0)] if len(other.added) else 0
                joint = joint + np.where(digit > 0, chosen, 0)
            sanctioned[start : start + rows] = _held_against(conflict, i, here, joint).any(axis=1)
        leaves, added = leaves[~sanctioned], added[~sanctioned]
        tried, tries = tried + tries, tries * 2
    return np.concatenate([np.empty(0, np.int64), *lost])


def _held_against(conflict: Conflict, i: int, here: Ints, joint: Ints) -> NDArray[np.bool_]:
    """Say which joint moves lead to a feasible state that a decision maker does not rank above the one it leaves."""
    found, feasible = places_among(conflict.codes, joint)
    rank = conflict.ranks[i]
    held: NDArray[np.bool_] = feasible & (rank[conflict.state_of[found]] <= rank[here])
    return held
