from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import RequestError
from detente.stability.conflict import Conflict
from detente.stability.result import PathTo, Step
from detente.stability.status_quo import reachable, shortest_paths
from tests.stability.conflicts import Pair, graphs, options
from tests.stability.oracle import Game, closure
from tests.stability.test_coalitions import elmira

Way = tuple[tuple[int, int], ...]


def ways(game: Game, start: int, length: int, *, improving: bool) -> list[Way]:
    """Every legal way of that many moves, as pairs of mover and state reached."""
    found: list[Way] = [()]
    for _ in range(length):
        longer = []
        for way in found:
            here = way[-1][1] if way else start
            for i in game.makers:
                if way and way[-1][0] == i:
                    continue
                targets = game.improvements(i, here) if improving else game.moves[i][here]
                longer += [(*way, (i, t)) for t in targets]
        found = longer
    return found


def expected(game: Game, start: int, state: int, *, improving: bool) -> Way | None:
    """Return the best of the shortest ways."""
    for length in range(4):
        found = [
            way for way in ways(game, start, length, improving=improving) if (way[-1][1] if way else start) == state
        ]
        if found:
            return min(found, key=lambda way: order(game, start, way))
    return None


Order = tuple[object, ...]


def order(game: Game, start: int, way: Way) -> Order:
    """Order ways of one length: few steps that the mover dislikes, those late, then names and numbers."""
    if not way:
        return ()
    heres = [start, *(t for _, t in way)]
    disliked = sum(game.ranks[i][t] <= game.ranks[i][here] for here, (i, t) in zip(heres, way, strict=False))
    return (disliked, order(game, start, way[:-1]), way[-1])


def as_way(conflict: Conflict, steps: tuple[Step, ...]) -> Way:
    return tuple((conflict.makers.index(step.maker), step.arrives - 1) for step in steps)


@settings(max_examples=100)
@given(pair=graphs(most_states=6), data=st.data())
def test_the_shortest_way_is_the_first_of_all_ways(pair: Pair, data: st.DataObject) -> None:
    conflict, game = pair
    start = data.draw(st.integers(0, conflict.count - 1))
    found = shortest_paths(conflict, {"nash": range(1, conflict.count + 1)}, start + 1)
    by = {(path.state - 1, path.by): path for path in found}
    for state, improving in product(range(conflict.count), (True, False)):
        name = "improvements" if improving else "moves"
        path = by.get((state, name))
        way = expected(game, start, state, improving=improving)
        if path is not None and len(path.steps) < 4:
            assert as_way(conflict, path.steps) == way
        if path is None and way is not None:
            assert not improving  # left out because a way by improvements is as short
            assert len(way) == len(by[state, "improvements"].steps)


@settings(max_examples=100)
@given(pair=st.one_of(graphs(), options()), data=st.data())
def test_steps_are_legal_and_say_who_gains(pair: Pair, data: st.DataObject) -> None:
    conflict, game = pair
    start = data.draw(st.integers(0, conflict.count - 1))
    paths = shortest_paths(replace(conflict, start=start), {"nash": range(1, conflict.count + 1)})
    for path in paths:
        here, last = start, ""
        for step in path.steps:
            maker = conflict.makers.index(step.maker)
            assert step.leaves == here + 1
            assert step.maker != last
            assert step.arrives - 1 in game.moves[maker][here]
            assert step.improves == (step.arrives - 1 in game.improvements(maker, here))
            here, last = step.arrives - 1, step.maker
        assert here + 1 == path.state
        assert path.by == "moves" or all(step.improves for step in path.steps)
    for by, improving in (("improvements", True), ("moves", False)):
        closed = closure(game, game.makers, start, "legal", improving=improving) | {start}
        assert reachable(conflict, by, start + 1) == tuple(sorted(s + 1 for s in closed))
    assert {path.state for path in paths} == set(reachable(conflict, "moves", start + 1))


def test_elmira_leads_from_delay_to_insisting() -> None:
    # With nobody joining, the Local Government's insistence is the one improvement from the status quo that holds.
    conflict = replace(elmira()[0], start=0)
    found = shortest_paths(conflict, {"nash": (7, 10), "seq": (7,)})
    assert found[0] == PathTo(7, "improvements", ("nash", "seq"), (Step("maker_2", 1, 7, True),))
    assert [(path.state, path.by) for path in found] == [(7, "improvements"), (10, "moves")]
    assert [(step.maker, step.arrives, step.improves) for step in found[1].steps] == [
        ("maker_2", 7, True),
        ("maker_0", 8, False),
        ("maker_1", 10, True),
    ]


def test_without_a_status_quo_there_are_no_paths() -> None:
    assert shortest_paths(elmira()[0], {"nash": (7,)}) == ()
    assert reachable(elmira()[0]) == ()


def test_the_status_quo_is_reached_without_a_step() -> None:
    assert shortest_paths(elmira()[0], {"nash": (7,)}, 7) == (PathTo(7, "improvements", ("nash",), ()),)


def test_a_start_that_is_not_there_is_refused() -> None:
    with pytest.raises(RequestError, match="no state 13; give a number from 1 to 12"):
        shortest_paths(elmira()[0], {}, 13)
