from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import RequestError
from detente.stability import coalitional
from detente.stability.coalitional import Coalitions, coalition_stability, every_coalition, surviving
from detente.stability.conflict import Conflict
from tests.stability import oracle
from tests.stability.conflicts import Pair, from_options, graphs, options
from tests.stability.oracle import Game
from tests.stability.oracle_joint import JOINT, as_one, parts

RULES = st.sampled_from(["legal", "once", "single"])


def names(conflict: Conflict, members: tuple[int, ...]) -> list[str]:
    return [conflict.makers[i] for i in members]


def held(game: Game, members: tuple[int, ...], concept: str, rule: str) -> tuple[int, ...]:
    return tuple(s + 1 for s in game.states if JOINT[concept](game, members, s, rule))


@settings(max_examples=40)
@given(pair=graphs(most_states=5), rule=RULES)
def test_every_coalition_as_the_definitions_say(pair: Pair, rule: str) -> None:
    agree(pair, rule)


@pytest.mark.long
@settings(max_examples=150)
@given(pair=st.one_of(graphs(), options()), rule=RULES)
def test_every_coalition_of_larger_conflicts_as_the_definitions_say(pair: Pair, rule: str) -> None:
    agree(pair, rule)


def agree(pair: Pair, rule: str) -> None:
    conflict, game = pair
    known = Coalitions(conflict, rule)
    for members in parts(game.makers):
        found = coalition_stability(conflict, names(conflict, members), sanctions=rule, known=known)
        for concept in JOINT:
            joint = held(game, members, concept, rule)
            stable = set(joint).intersection(*(held(game, part, concept, rule) for part in parts(members)))
            alone = [held(game, (i,), concept, rule) for i in game.makers if i not in members]
            assert found.joint[concept] == joint
            assert set(found.stable[concept]) == stable
            assert set(found.equilibria[concept]) == stable.intersection(*alone)
            expected = tuple(s + 1 for s in game.states if as_one(game, members, s, concept, rule))
            assert found.as_one[concept] == expected


@settings(max_examples=25)
@given(pair=graphs(), rule=RULES)
def test_one_alone_is_the_decision_maker(pair: Pair, rule: str) -> None:
    conflict, game = pair
    for i, maker in enumerate(conflict.makers):
        found = coalition_stability(conflict, [maker], sanctions=rule)
        for concept in JOINT:
            alone = tuple(s + 1 for s in game.states if oracle.CONCEPTS[concept](game, i, s, rule))
            assert found.joint[concept] == found.stable[concept] == alone


@settings(max_examples=25)
@given(pair=options(), rule=RULES)
def test_what_survives_is_an_equilibrium_for_every_coalition(pair: Pair, rule: str) -> None:
    conflict, _ = pair
    found = [coalition_stability(conflict, members, sanctions=rule) for members in every_coalition(conflict)]
    everybody = surviving(conflict, sanctions=rule)
    for concept in JOINT:
        assert set(everybody[concept]) == set.intersection(*(set(each.equilibria[concept]) for each in found))


def test_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    conflict, _ = elmira()
    whole = coalition_stability(conflict, conflict.makers)
    monkeypatch.setattr(coalitional, "BLOCK", 24)
    monkeypatch.setattr(coalitional, "COLUMNS", 1)
    assert coalition_stability(conflict, conflict.makers) == whole


def elmira() -> Pair:
    """Return the groundwater conflict of Elmira, its two states of abandonment kept apart."""
    free, taken, given_up = np.ones((2, 2), bool), np.triu(np.ones((2, 2), bool)), np.tril(np.ones((2, 2), bool))
    left = [n & 0b01110 in (0b00010, 0b00100, 0b01000) for n in range(32)]
    likes = [
        [[9], [3], [4], [10], [7], [1], [2], [8], [11, 5, 6, 12]],
        [[1], [4], [10], [7], [5, 11, 6, 12], [2], [3], [9], [8]],
        [[9], [3], [7], [1], [10], [8], [4], [2], [11, 5, 12, 6]],
    ]
    rank = [[0] * 12 for _ in likes]
    for ranks, tiers in zip(rank, likes, strict=True):
        for worth, tier in enumerate(reversed(tiers)):
            for state in tier:
                ranks[state - 1] = worth
    return from_options(
        owners=(0, 1, 1, 1, 2), sizes=(2,) * 5, allowed=[taken, given_up, free, taken, free], left=left, rank=rank
    )


def test_elmira_with_the_ministry_and_the_company_as_one() -> None:
    # Nash states: Kinsara, handout of GMCR+ (2014), figure 30. The others: computed with that program's successor.
    found = coalition_stability(elmira()[0], ["maker_0", "maker_1"])
    assert found.as_one["nash"] == (5, 6, 9, 10, 11, 12)
    assert found.as_one["gmr"] == found.as_one["smr"] == (1, 3, 4, 5, 6, 9, 10, 11, 12)
    assert found.as_one["seq"] == (1, 5, 6, 9, 10, 11, 12)


def test_elmira_where_members_keep_their_own_moves() -> None:
    # The same figure: state 7 no longer holds once the two join; 9 holds only if the company may not move alone.
    conflict, _ = elmira()
    found = coalition_stability(conflict, ["maker_0", "maker_1"])
    assert found.equilibria["nash"] == (5, 6, 10, 11, 12)
    assert surviving(conflict)["nash"] == (5, 6, 10, 11, 12)
    # Figure 29: against coalitions of one, 7 holds.
    assert 7 in surviving(conflict, coalitions=[])["nash"]


@pytest.mark.parametrize(
    ("coalition", "says"),
    [
        (["maker_9"], "no decision maker 'maker_9'; did you mean"),
        ([], "one decision maker or more"),
        (["maker_0", "maker_0"], "each once"),
    ],
)
def test_a_coalition_that_cannot_be_is_refused(coalition: list[str], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        coalition_stability(elmira()[0], coalition)


def test_too_many_states_are_refused_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalitional, "LARGEST", 11)
    with pytest.raises(RequestError, match="up to 11 states; there are 12"):
        coalition_stability(elmira()[0], ["maker_0", "maker_1"])
    assert coalition_stability(elmira()[0], ["maker_0"]).joint["nash"]


def test_a_rule_that_is_not_there_is_refused() -> None:
    with pytest.raises(RequestError, match="'twice'"):
        Coalitions(elmira()[0], "twice")
