"""The moves that a decision maker has: from each state, the states it can bring about alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Moves", "OwnOption", "candidates", "moves_between", "moves_from_lists", "moves_from_pairs", "places_among"]

BLOCK = 1 << 19
"""How many moves are looked at in one go: bounds the memory beside the moves, and keeps it near the processor."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Moves:
    """The moves that one decision maker has: from state ``s`` to ``targets[first[s]:first[s + 1]]``, ascending."""

    first: NDArray[np.int64]
    targets: NDArray[np.int32]

    def of(self, state: int) -> NDArray[np.int32]:
        """Return where the decision maker can go from a state."""
        return self.targets[self.first[state] : self.first[state + 1]]

    @property
    def sources(self) -> NDArray[np.int32]:
        """The state that each move leaves, ``[moves]``."""
        return np.repeat(np.arange(len(self.first) - 1, dtype=np.int32), np.diff(self.first))

    @cached_property
    def _blocks(self) -> list[range]:
        return list(_blocks(np.diff(self.first)))

    def least(self, values: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the least value that a move from each state reaches, the largest of integers where none is."""
        return self._reduced(np.minimum, values, np.iinfo(values.dtype).max)

    def most(self, values: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the greatest value that a move from each state reaches, the smallest of integers where none is."""
        return self._reduced(np.maximum, values, np.iinfo(values.dtype).min)

    def _reduced(self, function: np.ufunc, values: NDArray[np.int32], none: int) -> NDArray[np.int32]:
        found = np.full(len(self.first) - 1, none, values.dtype)
        for rows in self._blocks:
            first = self.first[rows.start : rows.stop + 1]
            reached = values.take(self.targets[first[0] : first[-1]])
            # States without moves would take their neighbour's value: they are left out of the bounds.
            leaving = np.flatnonzero(first[1:] > first[:-1])
            if len(leaving):
                found[rows.start + leaving] = function.reduceat(reached, first[leaving] - first[0])
        return found

    def improving(self, ranks: NDArray[np.int32]) -> Moves:
        """Return those of the moves that lead to a state ranked higher than the one they leave."""
        counts, parts = np.zeros(len(self.first) - 1, np.int64), [np.empty(0, np.int32)]
        for rows in self._blocks:
            first = self.first[rows.start : rows.stop + 1]
            targets = self.targets[first[0] : first[-1]]
            better = ranks.take(targets) > np.repeat(ranks[rows.start : rows.stop], np.diff(first))
            counts[rows.start : rows.stop] = np.diff(_bounds(better)[first - first[0]])
            parts.append(targets[better])
        return Moves(_bounds(counts), np.concatenate(parts))

    def where(self, kept: NDArray[np.bool_]) -> Moves:
        """Return those of the moves that are kept, ``[moves]``."""
        return Moves(_bounds(kept)[self.first], self.targets[kept])


class OwnOption(NamedTuple):
    """An option in the hands of one decision maker, and the steps that a move can take on it."""

    size: int
    place: int
    """What one step of it is worth in a code."""
    allowed: NDArray[np.bool_]
    """From which alternative to which, staying included, ``[size, size]``."""

    def digits(self, codes: Ints) -> Ints:
        """Return the position of this option's alternative in each code."""
        return codes // self.place % self.size


def moves_from_pairs(count: int, sources: NDArray[np.integer], targets: NDArray[np.integer]) -> Moves:
    """Return the moves that pairs of states describe; a pair of one state is no move, and none counts twice.

    Parameters
    ----------
    count
        How many states there are.
    sources, targets
        The states that are left and reached, from 0, ``[pairs]``, in any order.

    Returns
    -------
    Moves
        Sorted by the state that is left, then by the state reached.
    """
    keys = np.unique(sources.astype(np.int64) * count + targets)
    leaves, arrives = np.divmod(keys, max(count, 1))
    real = leaves != arrives
    return Moves(_bounds(np.bincount(leaves[real], minlength=count)), arrives[real].astype(np.int32))


def moves_from_lists(count: int, lists: Sequence[Sequence[int]]) -> Moves:
    """Return the moves of which each list holds where one state's lead, states counted from 0."""
    sources = np.repeat(np.arange(count), [len(targets) for targets in lists])
    return moves_from_pairs(count, sources, np.array([t for targets in lists for t in targets], np.int64))


def candidates(codes: Ints, own: Sequence[OwnOption]) -> int:
    """Return how many moves are looked at to find those of one decision maker; it cannot have more of them."""
    return int(min(_reaches(codes, own).sum(), _group_sizes(codes, own)[1].sum()))


def moves_between(
    codes: Ints,
    state_of: NDArray[np.int32],
    own: Sequence[OwnOption],
    forbidden: Sequence[tuple[NDArray[np.bool_], NDArray[np.bool_]]] = (),
) -> Moves:
    """Find the moves of one decision maker: it changes at least one of its options, each as that option allows.

    Of two ways the one that looks at fewer combinations is taken: all that the options allow, whether or not the rules
    leave them feasible; or all feasible ones that differ in nothing but these options.

    Parameters
    ----------
    codes, state_of
        The codes of the feasible combinations, ascending, and the state each belongs to.
    own
        The options in the decision maker's hands, in the order of their places.
    forbidden
        Pairs of states left and states reached, ``[states]`` each, between which there is no move.

    Returns
    -------
    Moves
        Between states, from 0: a state of several combinations has the moves of them all.
    """
    by_steps = _reaches(codes, own).sum() <= _group_sizes(codes, own)[1].sum()
    found = _by_steps(codes, own) if by_steps else _by_groups(codes, own)
    count = int(state_of.max()) + 1
    counts = np.zeros(len(codes), np.int64)
    parts: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
    for rows, leaves, arrives in found:
        if forbidden:
            kept = np.ones(len(leaves), bool)
            for leaving, arriving in forbidden:
                kept &= ~(leaving[state_of[leaves]] & arriving[state_of[arrives]])
            leaves, arrives = leaves[kept], arrives[kept]
        counts[rows.start : rows.stop] = np.bincount(leaves - rows.start, minlength=len(rows))
        parts.append(arrives.astype(np.int32))
    moves = Moves(_bounds(counts), np.concatenate(parts))
    count = int(state_of.max()) + 1
    if count == len(codes):
        return moves
    return moves_from_pairs(count, state_of[moves.sources], state_of[moves.targets])


Found = Iterator[tuple[range, Ints, Ints]]
"""Blocks of rows, with the combination that each move leaves and the one it reaches."""


def _bounds(counts: NDArray[np.integer] | NDArray[np.bool_]) -> Ints:
    """Return where the entries of each row begin, and where the last row's end."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))


def _reaches(codes: Ints, own: Sequence[OwnOption]) -> Ints:
    """Return to how many combinations, feasible or not, the options allow to move from each."""
    found = np.ones(len(codes), np.int64)
    for option in own:
        found *= option.allowed.sum(1)[option.digits(codes)]
    return found - 1


def _others(codes: Ints, own: Sequence[OwnOption]) -> Ints:
    """Return what the options of everybody else make of each code."""
    return codes - sum((option.digits(codes) * option.place for option in own), np.zeros_like(codes))


def _group_sizes(codes: Ints, own: Sequence[OwnOption]) -> tuple[Ints, Ints]:
    """Return the group of combinations that differ in these options only, and how many others it has, of each."""
    _, group, sizes = np.unique(_others(codes, own), return_inverse=True, return_counts=True)
    return group, sizes[group] - 1


def _blocks(counts: Ints) -> Iterator[range]:
    """Cut rows into blocks of about as many entries."""
    upto = np.cumsum(counts)
    start = 0
    while start < len(counts):
        before = int(upto[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(upto, before + BLOCK, side="right")))
        yield range(start, stop)
        start = stop


def _spread(first: Ints, counts: Ints) -> Ints:
    """Return the positions ``first[k], first[k] + 1, …`` of each of some stretches, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - ends + counts, counts)


def _by_steps(codes: Ints, own: Sequence[OwnOption]) -> Found:
    """Look at every combination that the options allow, and keep those that are feasible."""
    patterns, pattern = np.unique(codes - _others(codes, own), return_inverse=True)
    first, steps = _steps_of(patterns, own)
    widths = np.diff(first)
    for rows in _blocks(widths[pattern]):
        here = pattern[rows.start : rows.stop]
        counts = widths[here]
        leaves = np.repeat(np.arange(rows.start, rows.stop), counts)
        wanted = steps[_spread(first[here], counts)] + codes[leaves]
        arrives, feasible = places_among(codes, wanted)
        yield rows, leaves[feasible], arrives[feasible]


def places_among(codes: Ints, wanted: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Return where combinations stand among the feasible ones, and whether they are feasible at all."""
    if int(codes[-1]) == len(codes) - 1:  # without a gap: a code is its own place
        return np.minimum(wanted, len(codes) - 1), wanted < len(codes)
    places = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return places, codes[places] == wanted


def _steps_of(patterns: Ints, own: Sequence[OwnOption]) -> tuple[Ints, Ints]:
    """Return what each allowed change of these options adds to a code, ascending, for each pattern of them."""
    rows, steps = np.arange(len(patterns)), np.zeros(len(patterns), np.int64)
    for option in reversed(own):  # the weightiest first, so that the steps come out ascending
        here = option.digits(patterns)[rows]
        leaves, arrives = np.nonzero(option.allowed)
        counts = option.allowed.sum(1)
        chosen = _spread((np.cumsum(counts) - counts)[here], counts[here])
        rows, steps = np.repeat(rows, counts[here]), np.repeat(steps, counts[here])
        steps = steps + (arrives - leaves)[chosen] * option.place
    moved = steps != 0
    return _bounds(np.bincount(rows[moved], minlength=len(patterns))), steps[moved]


def _by_groups(codes: Ints, own: Sequence[OwnOption]) -> Found:
    """Look at every feasible combination that differs in these options only, and keep those they allow."""
    group, others = _group_sizes(codes, own)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], group)
    bound = [(option.allowed, option.digits(codes)) for option in own if not option.allowed.all()]
    for rows in _blocks(others + 1):
        counts = others[rows.start : rows.stop] + 1
        leaves = np.repeat(np.arange(rows.start, rows.stop), counts)
        arrives = order[_spread(starts[rows.start : rows.stop], counts)]
        kept = leaves != arrives
        for allowed, digits in bound:
            kept &= allowed[digits[leaves], digits[arrives]]
        yield rows, leaves[kept], arrives[kept]
