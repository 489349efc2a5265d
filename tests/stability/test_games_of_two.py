"""All games of two with two ways to act each and strict rankings: how many there are of each kind is known."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import permutations

import pytest

from detente.stability.concepts import stable_states
from tests.stability.conflicts import two_by_two

Worths = tuple[int, int, int, int]
"""What the states CC, CD, DC and DD are worth, 1 to 4; the first letter is row's."""


@cache
def games() -> tuple[tuple[Worths, Worths], ...]:
    """Return one game of each of the 144 kinds: those that differ by more than what each way to act is called."""
    kinds = set()
    for row in permutations((1, 2, 3, 4)):
        for column in permutations((1, 2, 3, 4)):
            called = [(0, 1, 2, 3), (2, 3, 0, 1), (1, 0, 3, 2), (3, 2, 1, 0)]
            kinds.add(min(tuple(tuple(worths[s] for s in order) for worths in (row, column)) for order in called))
    return tuple(sorted(kinds))  # type: ignore[arg-type]


@cache
def equilibria(concept: str) -> Counter[int]:
    """Count the games by how many of their states are equilibria."""
    found: Counter[int] = Counter()
    for row, column in games():
        conflict, _ = two_by_two(row, column)
        found[int(stable_states(conflict, [concept])[concept].all(axis=0).sum())] += 1
    return found


def test_there_are_144() -> None:
    assert len(games()) == 144


def test_three_in_four_have_one_nash_state_and_as_many_have_none_as_have_two() -> None:
    # recalled from Robinson and Goforth (2005), The Topology of the 2×2 Games
    assert equilibria("nash") == {0: 18, 1: 108, 2: 18}


@pytest.mark.parametrize("concept", ["gmr", "seq"])
def test_each_has_a_state_that_holds_against_answers(concept: str) -> None:
    # a theorem for two decision makers, recalled from Fang, Hipel and Kilgour (1993); here simply counted
    assert equilibria(concept)[0] == 0


def test_only_the_prisoners_dilemma_has_two_non_myopic_states() -> None:
    # recalled from Brams and Wittman (1981); under their definition too the dilemma is the one game with two
    assert equilibria("non_myopic")[2] == 1
    assert max(equilibria("non_myopic")) == 2
    conflict, _ = two_by_two((3, 1, 4, 2), (3, 4, 1, 2))
    assert stable_states(conflict, ["non_myopic"])["non_myopic"].all(axis=0).sum() == 2
