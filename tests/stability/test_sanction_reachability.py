"""What several can bring about one after the other, against the definition with the sets of last movers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.stability.moves import moves_from_lists
from detente.stability.sanction_reachability import SANCTIONS, least_reached, reached
from tests.stability.conflicts import Pair, graphs
from tests.stability.oracle import closure

NONE = np.iinfo(np.int32).max


@pytest.mark.parametrize("rule", SANCTIONS)
@pytest.mark.parametrize("improving", [False, True])
@settings(max_examples=60)
@given(pair=graphs(), data=st.data())
def test_the_least_value_within_reach(rule: str, improving: bool, pair: Pair, data: st.DataObject) -> None:
    conflict, game = pair
    movers = data.draw(st.lists(st.sampled_from(list(game.makers)), unique=True))
    values = np.array(data.draw(st.lists(st.integers(-3, 3), min_size=conflict.count, max_size=conflict.count)))
    found = least_reached(values.astype(np.int32), conflict.improvements if improving else conflict.moves, movers, rule)
    reach = [closure(game, movers, s, rule, improving=improving) for s in game.states]
    assert found.tolist() == [min((int(values[t]) for t in r), default=NONE) for r in reach]


def test_the_rules_differ_in_who_may_move_again() -> None:
    # 0 → 1 by one, 1 → 2 by the other, 2 → 3 by the one again; the other has no move from 0.
    moves = [moves_from_lists(4, [[1], [], [3], []]), moves_from_lists(4, [[], [2], [], []])]
    values = np.array([9, 8, 7, 6], np.int32)
    assert [int(least_reached(values, moves, [0, 1], rule)[0]) for rule in ("single", "once", "legal")] == [8, 7, 6]


def test_nobody_moves_twice_running() -> None:
    moves = [moves_from_lists(3, [[1], [2], []]), moves_from_lists(3, [[], [], []])]
    values = np.array([3, 2, 1], np.int32)
    assert least_reached(values, moves, [0, 1]).tolist() == [2, 1, NONE]


def test_a_long_way_is_followed_to_its_end() -> None:
    count = 200
    moves = [
        moves_from_lists(count, [[s + 1] if s % 2 == turn and s + 1 < count else [] for s in range(count)])
        for turn in (0, 1)
    ]
    values = np.arange(count, 0, -1).astype(np.int32)
    assert least_reached(values, moves, [0, 1]).tolist() == [1] * (count - 1) + [NONE]


@pytest.mark.parametrize("rule", SANCTIONS)
@settings(max_examples=60)
@given(pair=graphs(), data=st.data())
def test_all_that_is_within_reach(rule: str, pair: Pair, data: st.DataObject) -> None:
    conflict, game = pair
    movers = data.draw(st.lists(st.sampled_from(list(game.makers)), unique=True))
    for state in game.states:
        assert reached(state, conflict.moves, movers, rule).tolist() == sorted(closure(game, movers, state, rule))
