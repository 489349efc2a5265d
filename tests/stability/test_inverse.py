from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import permutations, product
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detente.errors import RequestError
from detente.stability import bounded_change, counted_rankings
from detente.stability import minimal_preference_change as programs
from detente.stability.batched_rankings import Steps
from detente.stability.bounded_change import bounds, pairs_changed
from detente.stability.conflict import Conflict
from detente.stability.counted_rankings import count_by_enumeration, count_own
from detente.stability.inverse import INVERTED, Varied, inverse
from detente.stability.minimal_preference_change import minimal_preference_change
from detente.stability.robustness import stable_columns
from tests.stability import oracle
from tests.stability.conflicts import Pair, from_options, graphs
from tests.stability.oracle import Game
from tests.stability.test_coalitions import elmira


@cache
def weak_orders(count: int) -> NDArray[np.int32]:
    """Every ranking with ties of some things, ``[rankings, things]``."""
    every = {tuple(sorted(set(row)).index(rank) for rank in row) for row in product(range(count), repeat=count)}
    return np.array(sorted(every), np.int32)


def differs(before: np.ndarray, after: np.ndarray) -> int:
    """How many pairs two rankings order otherwise."""
    first, second = (np.sign(ranks[:, None] - ranks) for ranks in (before.astype(int), after.astype(int)))
    return int((first != second).sum()) // 2


def nearest_by_trial(conflict: Conflict, state: int, vary: tuple[int, ...], concept: str, rule: str) -> int | None:
    """Return the fewest pairs, over all rankings with ties of those who may change."""
    orders = weak_orders(conflict.count)
    costs = {i: [differs(conflict.ranks[i], order) for order in orders] for i in vary}
    chosen = np.array(list(product(range(len(orders)), repeat=len(vary))))
    ranks = np.repeat(conflict.ranks[:, :, None], len(chosen), axis=2)
    for place, i in enumerate(vary):
        ranks[i] = orders[chosen[:, place]].T
    held = stable_columns([Steps(moves) for moves in conflict.moves], ranks, [concept], rule)[concept][:, state].all(
        axis=0
    )
    total = np.sum([np.array(costs[i])[chosen[:, place]] for place, i in enumerate(vary)], axis=0)
    return int(total[held].min()) if held.any() else None


def consistent(conflict: Conflict, state: int, varied: Varied, concept: str, rule: str) -> None:
    """Hold a change to what it says of itself: it does it, and costs what it says."""
    if varied.change is None:
        return
    ranks = conflict.ranks.copy()
    for maker, ranking in varied.change.rankings.items():
        assert maker in varied.makers
        i = conflict.makers.index(maker)
        for worth, tier in enumerate(reversed(ranking)):
            ranks[i, [s - 1 for s in tier]] = worth
        assert differs(conflict.ranks[i], ranks[i]) == varied.change.by[maker] > 0
    assert sum(varied.change.by.values()) == varied.change.pairs
    held = stable_columns([Steps(m) for m in conflict.moves], ranks[:, :, None], [concept], rule)[concept]
    assert held[:, state].all()


@settings(max_examples=60)
@given(pair=graphs(most_states=4), rule=st.sampled_from(["legal", "once", "single"]), data=st.data())
def test_the_least_change_is_the_least_of_all(pair: Pair, rule: str, data: st.DataObject) -> None:
    conflict, _ = pair
    state = data.draw(st.integers(0, conflict.count - 1))
    two = data.draw(st.sets(st.integers(0, len(conflict.makers) - 1), min_size=2, max_size=2))
    concept = data.draw(st.sampled_from(INVERTED))
    found = inverse(
        conflict, state + 1, vary=[conflict.makers[i] for i in sorted(two)], concepts=[concept], sanctions=rule
    )
    for who, varied in [
        *(((i,), found.alone[concept][conflict.makers[i]]) for i in two),
        (tuple(sorted(two)), found.jointly[concept]),
    ]:
        best = nearest_by_trial(conflict, state, who, concept, rule)
        assert varied.settled
        assert (None if varied.change is None else varied.change.pairs) == best
        consistent(conflict, state, varied, concept, rule)


@settings(max_examples=40)
@given(
    pair=graphs(most_states=5),
    rule=st.sampled_from(["legal", "once", "single"]),
    symmetric=st.booleans(),
    data=st.data(),
)
def test_the_program_agrees_with_trial(pair: Pair, rule: str, symmetric: bool, data: st.DataObject) -> None:
    # Handed to the solver also where a shorter way is known.
    conflict, _ = pair
    state = data.draw(st.integers(0, conflict.count - 1))
    i = data.draw(st.integers(0, len(conflict.makers) - 1))
    found = minimal_preference_change(conflict, state, (i,), symmetric=symmetric, sanctions=rule)
    best = nearest_by_trial(conflict, state, (i,), "sseq" if symmetric else "seq", rule)
    assert found.proven
    if best is None:
        assert not found.ranks
    else:
        assert found.cost == best


@settings(max_examples=40)
@given(pair=graphs(most_states=5), rule=st.sampled_from(["legal", "once", "single"]), data=st.data())
def test_rankings_are_counted_as_they_are_gone_through(pair: Pair, rule: str, data: st.DataObject) -> None:
    conflict, game = pair
    state = data.draw(st.integers(0, conflict.count - 1))
    i = data.draw(st.integers(0, len(conflict.makers) - 1))
    for concept in INVERTED:
        stable = 0
        for order in permutations(range(conflict.count)):
            ranks = [*game.ranks[:i], list(order), *game.ranks[i + 1 :]]
            stable += oracle.CONCEPTS[concept](replace(game, ranks=ranks), i, state, rule)
        assert count_own(conflict, state, i, concept, rule) == stable


@settings(max_examples=20)
@given(pair=graphs(most_states=4), data=st.data())
def test_counts_of_equilibria(pair: Pair, data: st.DataObject) -> None:
    conflict, _ = pair
    state = data.draw(st.integers(0, conflict.count - 1))
    found = inverse(conflict, state + 1, vary=conflict.makers[:2])
    for concept in INVERTED:
        for i, maker in enumerate(conflict.makers[:2]):
            trial = count_by_enumeration(conflict, state, (i,), [concept])
            assert trial is not None
            assert found.alone[concept][maker].rankings == trial[concept]
            assert found.alone[concept][maker].of == factorial(conflict.count)
        trial = count_by_enumeration(conflict, state, (0, 1), [concept])
        assert trial is not None
        assert found.jointly[concept].rankings == trial[concept]


def test_the_water_of_the_euphrates() -> None:
    # State 2, all 720 rankings of Syria, Iraq's being fixed. Published (Kinsara, handout of GMCR+, 2014, section 4.2):
    # nash 240, seq 420. The 420 is that program's: its successor, whose source is public, lets the last tempting move
    # alone decide. By the definitions both moves must be answered where both tempt: 240 + 60 + 60 + 24.
    found = inverse(euphrates(), 2, vary=["maker_0"])
    counts = {concept: found.alone[concept]["maker_0"].rankings for concept in INVERTED}
    assert counts["nash"] == 240
    assert counts["seq"] == 384
    assert counts["gmr"] == 384
    assert counts["smr"] == 300
    assert found.alone["nash"]["maker_0"].of == 720
    assert found.alone["nash"]["maker_0"].share == 1 / 3
    assert found.holds == ()
    # Syria ranks 1, 3, 6, 2: to hold at 2 it must be lifted above 1, 3 and what lies between.
    change = found.jointly["nash"].change
    assert change is not None
    assert (change.pairs, change.rankings) == (3, {"maker_0": ((2,), (1,), (3,), (6,), (4,), (5,))})
    assert found.jointly["nash"] == found.alone["nash"]["maker_0"]


def euphrates() -> Conflict:
    """Syria releases water or escalates, not both; Iraq attacks or does not."""
    free = np.ones((2, 2), bool)
    likes = [[1, 3, 6, 2, 4, 5], [2, 4, 6, 1, 5, 3]]
    rank = [[6 - tiers.index(state) for state in range(1, 7)] for tiers in likes]
    left = [n & 0b011 != 0b011 for n in range(8)]
    return from_options(owners=(0, 0, 1), sizes=(2, 2, 2), allowed=[free] * 3, left=left, rank=rank)[0]


def test_larger_conflicts() -> None:
    conflict, _ = elmira()
    found = inverse(conflict, 9)  # accepted as it stands, and insisted on
    assert found.holds == ()
    company = {concept: found.alone[concept]["maker_1"] for concept in INVERTED}
    # The company must like accepting better than closing, which is ranked above two more states: six pairs.
    assert {concept: varied.change.pairs for concept, varied in company.items() if varied.change} == dict.fromkeys(
        INVERTED, 6
    )
    assert company["nash"].rankings == factorial(12) // 2
    assert found.alone["nash"]["maker_0"].change is None
    assert found.alone["nash"]["maker_0"].settled
    for concept in INVERTED:
        for varied in (*found.alone[concept].values(), found.jointly[concept]):
            consistent(conflict, 8, varied, concept, "legal")


def test_what_holds_already_needs_no_change() -> None:
    found = inverse(elmira()[0], 7)
    assert found.holds == INVERTED
    assert all(varied.change is not None and varied.change.pairs == 0 for varied in found.jointly.values())


def ladder(count: int) -> Conflict:
    """Two who can each step one state up; a long ranking in which the answer to the first step is far off."""
    moves = [[{1} if s == 0 else set() for s in range(count)], [{2} if s == 1 else set() for s in range(count)]]
    down = list(range(count))
    up = [1 if s == 0 else count if s == 1 else -s for s in range(count)]
    from tests.stability.conflicts import as_conflict

    return as_conflict(Game(moves, [up, [down[-1] if s == 1 else s for s in down]]))


@pytest.mark.parametrize("count", [6, 40])
def test_a_change_that_spans_many_states_is_found(count: int) -> None:
    conflict = ladder(count)
    # The first steps to state 1 because nobody answers: the second would have to like state 2 better than state 1.
    ranks = conflict.ranks[1]
    between = int(((ranks >= ranks[2]) & (ranks <= ranks[1])).sum()) - 1
    found = inverse(conflict, 1, vary=["maker_1"], concepts=["seq"]).alone["seq"]["maker_1"]
    assert found.settled
    assert found.change is not None
    assert found.change.pairs == between
    consistent(conflict, 0, found, "seq", "legal")


def test_counts_of_more_digits_than_are_printed() -> None:
    found = inverse(ladder(1_500), 1, vary=["maker_0"], concepts=["nash"])
    assert found.jointly["nash"].share == 0.5
    assert "1500" in repr(found)


def test_what_is_too_large_is_not_called_the_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "MOST_VARIABLES", 0)
    both = inverse(euphrates(), 5, concepts=["sseq"]).jointly["sseq"]
    assert both.change is not None
    assert (both.change.least, both.settled) == (False, False)
    consistent(euphrates(), 4, both, "sseq", "legal")
    monkeypatch.setattr(programs, "LARGEST", 5)
    assert inverse(euphrates(), 5, concepts=["sseq"]).jointly["sseq"] == both
    monkeypatch.setattr(bounded_change, "REPAIRS", 0)
    alone = inverse(ladder(40), 1, vary=["maker_1"], concepts=["seq"]).alone["seq"]["maker_1"]
    assert (alone.change, alone.settled) == (None, False)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=40))
def test_pairs_are_counted_one_by_one(both: list[tuple[int, int]]) -> None:
    before, after = np.array(both).T
    assert pairs_changed(before, after) == differs(before, after)


@pytest.mark.parametrize("count", [6, 12])
def test_bounds_and_the_program_agree(count: int) -> None:
    conflict = ladder(count)
    found, limits = (
        minimal_preference_change(conflict, 0, (1,), symmetric=False),
        bounds(conflict, 0, (1,), symmetric=False),
    )
    assert found.proven
    assert limits.lower == found.cost == pairs_changed(conflict.ranks[1], limits.ranks[1])
    assert minimal_preference_change(conflict, 0, (1,), symmetric=False, below=found.cost).ranks == {}
    assert minimal_preference_change(conflict, 0, (1,), symmetric=False, below=found.cost + 1).cost == found.cost


@settings(max_examples=60)
@given(
    pair=graphs(most_states=4),
    rule=st.sampled_from(["legal", "once", "single"]),
    symmetric=st.booleans(),
    data=st.data(),
)
def test_no_change_is_below_its_bound(pair: Pair, rule: str, symmetric: bool, data: st.DataObject) -> None:
    conflict, _ = pair
    state = data.draw(st.integers(0, conflict.count - 1))
    two = tuple(sorted(data.draw(st.sets(st.integers(0, len(conflict.makers) - 1), min_size=1, max_size=2))))
    limits = bounds(conflict, state, two, symmetric=symmetric, sanctions=rule)
    best = nearest_by_trial(conflict, state, two, "sseq" if symmetric else "seq", rule)
    assert limits.lower <= (bounded_change.NEVER if best is None else best)
    if limits.ranks:
        assert best is not None
        assert best <= sum(pairs_changed(conflict.ranks[i], ranks) for i, ranks in limits.ranks.items())
    with pytest.MonkeyPatch.context() as patch:
        # Without bounds everything is left to the program.
        patch.setattr("detente.stability.inverse.bounds", lambda *_, **__: bounded_change.Bounds(1, {}))
        maker_names = [conflict.makers[i] for i in two]
        concept = "sseq" if symmetric else "seq"
        found = inverse(conflict, state + 1, vary=maker_names, concepts=[concept], sanctions=rule).jointly[concept]
    assert found.settled
    assert (None if found.change is None else found.change.pairs) == best


def test_a_solver_out_of_time_gives_up() -> None:
    found = minimal_preference_change(ladder(40), 0, (1,), symmetric=False, seconds=0.0)
    assert found.proven or not found.ranks


def test_counts_that_would_take_too_long_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    conflict, _ = elmira()
    monkeypatch.setattr(counted_rankings, "UNIONS", 0)
    monkeypatch.setattr(counted_rankings, "SETTLING", -1)
    found = inverse(conflict, 1, concepts=["gmr", "smr"])
    assert found.alone["gmr"]["maker_1"].rankings is found.alone["gmr"]["maker_1"].share is None
    assert found.alone["smr"]["maker_1"].rankings is None
    monkeypatch.setattr(counted_rankings, "LARGEST", 1)
    assert inverse(conflict, 1, concepts=["seq"]).alone["seq"]["maker_1"].rankings is None


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"state": 13}, "no state 13; give a number from 1 to 12"),
        ({"vary": ["maker_9"]}, "no decision maker 'maker_9'; did you mean"),
        ({"vary": []}, "name at least one decision maker"),
        ({"concepts": ["sim"]}, "no concept that can be asked backwards 'sim'"),
        ({"sanctions": "twice"}, "no rule of sanctions 'twice'"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, object], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        inverse(elmira()[0], **{"state": 1, **asked})  # type: ignore[arg-type]
