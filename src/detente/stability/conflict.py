"""The object of the stability methods: a conflict as arrays; the only file of the room that reads a scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Conflict", "Moves"]


@dataclass(frozen=True)
class Moves:
    """The moves that one decision maker has: from state ``s`` to ``targets[first[s]:first[s + 1]]``, ascending."""

    first: NDArray[np.int64]
    targets: NDArray[np.int32]

    def of(self, state: int) -> NDArray[np.int32]:
        """Return where the decision maker can go from a state."""
        return self.targets[self.first[state] : self.first[state + 1]]


@dataclass(frozen=True)
class Conflict:
    """A conflict in the graph model: decision makers, states, moves and ordinal preferences. States count from 0.

    Parameters
    ----------
    makers
        The decision makers' names.
    moves
        What each can do alone, ``[makers]``.
    ranks
        How each likes each state: higher is better, equal is indifferent, ``[makers, states]``.
    levels
        State ``s`` is strongly preferred to ``t`` where ``levels[i, s] > levels[i, t]``; all zeros where nothing is
        strong. ``[makers, states]``
    unknown
        For each decision maker, pairs of states ``[k, 2]``, smaller number first, between which its preference is not
        known, whatever the ranks say.
    digits
        The position of each option's alternative in each state, ``[states, options]``.
    owners
        The decision maker that has each option, ``[options]``.
    places
        The worth of one step of each option in a code, ``[options]``.
    codes, state_of
        Codes of all feasible combinations, ascending, and the state each belongs to.
    start
        The status quo.
    """

    makers: tuple[str, ...]
    moves: tuple[Moves, ...]
    ranks: NDArray[np.int32]
    levels: NDArray[np.int32]
    unknown: tuple[NDArray[np.int32], ...]
    digits: NDArray[np.int8]
    owners: NDArray[np.int8]
    places: NDArray[np.int64]
    codes: NDArray[np.int64]
    state_of: NDArray[np.int32]
    start: int | None = None

    @property
    def count(self) -> int:
        """How many states there are."""
        return int(self.ranks.shape[1])
