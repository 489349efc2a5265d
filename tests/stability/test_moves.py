"""The moves of one decision maker, against the definition: its own options only, at least one, each as it allows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.stability import moves as module
from detente.stability import simultaneous as joint
from detente.stability.concepts import stable_states
from detente.stability.moves import Moves, OwnOption, candidates, moves_between, moves_from_lists, moves_from_pairs
from tests.stability.conflicts import Pair, graphs, options, steps

FREE = np.ones((2, 2), bool)
Table = np.ndarray


def lists(moves: Moves) -> list[list[int]]:
    return [moves.of(state).tolist() for state in range(len(moves.first) - 1)]


def own(sizes: Sequence[int], allowed: Sequence[Table]) -> list[OwnOption]:
    places = np.cumprod((1, *sizes[:-1]))
    return [OwnOption(size, int(place), table) for size, place, table in zip(sizes, places, allowed, strict=True)]


def by_definition(codes: Sequence[int], options: Sequence[OwnOption]) -> list[list[int]]:
    def digits(code: int) -> list[int]:
        return [code // option.place % option.size for option in options]

    def rest(code: int) -> int:
        return code - sum(d * option.place for d, option in zip(digits(code), options, strict=True))

    def may(here: int, there: int) -> bool:
        each = zip(options, digits(here), digits(there), strict=True)
        return here != there and rest(here) == rest(there) and all(o.allowed[a, b] for o, a, b in each)

    return [[n for n, there in enumerate(codes) if may(here, there)] for here in codes]


@settings(max_examples=150)
@given(data=st.data())
def test_a_move_changes_its_makers_options_only_and_each_as_it_allows(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(2, 5), min_size=1, max_size=4))
    mine = data.draw(st.lists(st.sampled_from(range(len(sizes))), unique=True, min_size=1).map(sorted))
    every = own(sizes, [data.draw(steps(size)) for size in sizes])
    options = [every[k] for k in mine]
    total = int(np.prod(sizes))
    dense = data.draw(st.booleans())
    few = st.sets(st.integers(0, total - 1), min_size=1, max_size=30).map(sorted)
    codes = np.arange(total) if dense else np.array(data.draw(few))
    found = moves_between(codes, np.arange(len(codes), dtype=np.int32), options)
    assert lists(found) == by_definition(codes.tolist(), options)
    assert len(found.targets) <= candidates(codes, options)


def test_the_way_that_looks_at_less_is_taken() -> None:
    ladder = own([60, 60], [abs(np.subtract.outer(range(60), range(60))) <= 1] * 2)
    full = np.arange(3600)
    assert candidates(full, ladder) < 8 * 3600  # a rung up or down, not all 3,599 others
    switches = own([2] * 30, [FREE] * 30)
    sparse = np.array([0, 1, 2**15, 2**29, 2**30 - 1])
    assert candidates(sparse, switches) == 20  # the four others each, not 2**30 combinations
    everyone = moves_between(sparse, np.arange(5, dtype=np.int32), switches)
    assert lists(everyone) == [[n for n in range(5) if n != state] for state in range(5)]


def test_combinations_that_are_one_state_share_their_moves() -> None:
    # Two switches of one decision maker; with either on, it is the same state.
    found = moves_between(np.arange(4), np.array([0, 1, 1, 1], np.int32), own([2, 2], [FREE, FREE]))
    assert lists(found) == [[1], [0]]


def test_what_is_forbidden_is_no_move() -> None:
    options = own([2, 2], [FREE, FREE])
    leaving, arriving = np.array([True, False, False, False]), np.array([False, True, False, True])
    found = moves_between(np.arange(4), np.arange(4, dtype=np.int32), options, [(leaving, arriving)])
    assert lists(found) == [[2], [0, 2, 3], [0, 1, 3], [0, 1, 2]]


def test_pairs_and_lists_become_moves() -> None:
    assert lists(moves_from_pairs(3, np.array([2, 0, 0, 1, 0]), np.array([0, 2, 1, 1, 2]))) == [[1, 2], [], [0]]
    assert lists(moves_from_lists(3, [[2, 1], [], [2, 0]])) == [[1, 2], [], [0]]


def test_moves_tell_where_they_begin_and_which_improve() -> None:
    moves = moves_from_lists(3, [[1, 2], [], [0]])
    assert moves.sources.tolist() == [0, 0, 2]
    assert lists(moves.improving(np.array([1, 0, 2], np.int32))) == [[2], [], []]
    assert lists(moves.where(np.array([False, True, True]))) == [[2], [], [0]]


def test_the_best_and_the_worst_within_one_move() -> None:
    moves, values = moves_from_lists(3, [[1, 2], [], [0]]), np.array([4, 7, 5], np.int32)
    ends = np.iinfo(np.int32)
    assert moves.least(values).tolist() == [5, ends.max, 4]
    assert moves.most(values).tolist() == [7, ends.min, 4]


@settings(max_examples=25)
@given(pair=st.one_of(graphs(), options()))
def test_the_size_of_blocks_changes_nothing(pair: Pair) -> None:
    conflict = pair[0]
    names = [name for name in ("nash", "gmr", "smr", "seq", "sim", "l3") if name != "sim" or len(conflict.owners)]
    whole = stable_states(conflict, names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", 3)
        patch.setattr(joint, "BLOCK", 3)
        fresh = [Moves(moves.first, moves.targets) for moves in conflict.moves]
        assert [lists(a.improving(r)) for a, r in zip(fresh, conflict.ranks, strict=True)] == [
            lists(improvements) for improvements in conflict.improvements
        ]
        again = stable_states(conflict, names)
    assert all(np.array_equal(whole[name], again[name]) for name in names)
