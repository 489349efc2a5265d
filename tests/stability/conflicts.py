"""Random conflicts: arbitrary graphs, and states made of options; each beside the same game for the oracle."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

import numpy as np
from hypothesis import strategies as st

from detente.stability.conflict import Conflict
from detente.stability.moves import OwnOption, moves_between, moves_from_lists
from tests.stability.oracle import Game

Pair = tuple[Conflict, Game]


def as_conflict(game: Game, *, start: int | None = None) -> Conflict:
    """Build the arrays of a game that is given as a graph: it has no options."""
    count = len(game.states)
    return Conflict(
        makers=tuple(f"maker_{i}" for i in game.makers),
        moves=tuple(moves_from_lists(count, [sorted(targets) for targets in moves]) for moves in game.moves),
        ranks=np.array(game.ranks, np.int32),
        levels=np.zeros((len(game.moves), count), np.int32),
        unknown=tuple(np.empty((0, 2), np.int32) for _ in game.makers),
        digits=np.zeros((count, 0), np.int8),
        owners=np.zeros(0, np.int8),
        places=np.zeros(0, np.int64),
        codes=np.arange(count),
        state_of=np.arange(count, dtype=np.int32),
        start=start,
    )


def two_by_two(row: Sequence[int], column: Sequence[int]) -> Pair:
    """Set up a game of two who choose between cooperating and not, with payoffs at CC, CD, DC, DD."""
    return from_options(
        owners=(0, 1), sizes=(2, 2), allowed=[np.ones((2, 2), bool)] * 2, left=[True] * 4,
        rank=[[worth[2 * a + b] for b in (0, 1) for a in (0, 1)] for worth in (row, column)],
    )  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn, *, most_states: int = 7) -> Pair:
    """Conflicts whose moves are any graph at all."""
    makers = draw(st.integers(2, 4))
    count = draw(st.integers(1, most_states))
    targets = st.sets(st.integers(0, count - 1), max_size=3)
    moves = [[draw(targets) - {s} for s in range(count)] for _ in range(makers)]
    game = Game(moves, [draw(ranks(count)) for _ in range(makers)])
    return as_conflict(game), game


def ranks(count: int) -> st.SearchStrategy[list[int]]:
    """Draw how somebody likes each state: often with ties."""
    return st.one_of(st.permutations(range(count)), st.lists(st.integers(0, 3), min_size=count, max_size=count))


def steps(size: int) -> st.SearchStrategy[np.ndarray]:
    """Draw what a move can do to an option: anything, a rung at a time, or only upward."""
    here, there = np.ogrid[:size, :size]
    return st.sampled_from([np.ones((size, size), bool), abs(here - there) <= 1, there >= here, there <= here])


@st.composite
def options(draw: st.DrawFn) -> Pair:
    """Conflicts whose states are combinations of options, some of them infeasible."""
    makers = draw(st.integers(2, 4))
    owners = [*range(makers), *draw(st.lists(st.integers(0, makers - 1), max_size=4 - makers + 1))]
    owners = draw(st.permutations(owners))
    sizes = [draw(st.sampled_from([2, 2, 2, 3])) for _ in owners]
    allowed = [draw(steps(size)) for size in sizes]
    total = prod(sizes)
    left = draw(st.one_of(st.just([True] * total), st.lists(st.booleans(), min_size=total, max_size=total).filter(any)))
    rank = [draw(ranks(sum(left))) for _ in range(makers)]
    return from_options(owners=tuple(owners), sizes=tuple(sizes), allowed=allowed, left=left, rank=rank)


def from_options(
    *,
    owners: Sequence[int],
    sizes: Sequence[int],
    allowed: Sequence[np.ndarray],
    left: Sequence[bool],
    rank: Sequence[Sequence[int]],
) -> Pair:
    """Build a conflict by its options, and the game that the definitions make of it."""
    every = [tuple(reversed(digits)) for digits in product(*(range(size) for size in reversed(sizes)))]
    states = [digits for digits, kept in zip(every, left, strict=True) if kept]

    def may(i: int, s: tuple[int, ...], t: tuple[int, ...]) -> bool:
        return s != t and all(allowed[k][s[k], t[k]] if owner == i else s[k] == t[k] for k, owner in enumerate(owners))

    makers = range(max(owners) + 1)
    moves = [[{n for n, t in enumerate(states) if may(i, s, t)} for s in states] for i in makers]
    game = Game(moves, [list(ranks) for ranks in rank], codes=states, owners=tuple(owners))
    codes = np.flatnonzero(left)
    state_of = np.arange(len(codes), dtype=np.int32)
    places = np.cumprod((1, *sizes[:-1]), dtype=np.int64)
    own = [
        [OwnOption(sizes[k], int(places[k]), allowed[k]) for k, owner in enumerate(owners) if owner == i]
        for i in makers
    ]  # fmt: skip
    conflict = Conflict(
        makers=tuple(f"maker_{i}" for i in makers),
        moves=tuple(moves_between(codes, state_of, each) for each in own),
        ranks=np.array(rank, np.int32),
        levels=np.zeros((len(makers), len(codes)), np.int32),
        unknown=tuple(np.empty((0, 2), np.int32) for _ in makers),
        digits=np.array(states, np.int8),
        owners=np.array(owners, np.int8),
        places=places,
        codes=codes,
        state_of=state_of,
    )
    return conflict, game
