from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import RequestError
from detente.stability.concepts import stable_states
from detente.stability.conflict import Conflict
from detente.stability.preference_degrees import SANCTIONED, preference_degrees
from tests.stability.conflicts import Pair, graphs, options, two_by_two
from tests.stability.oracle_joint import strongly

RULES = st.sampled_from(["legal", "once", "single"])


def with_levels(pair: Pair, data: st.DataObject) -> tuple[Conflict, list[list[int]]]:
    """Put strong gaps between some of the ranks of each decision maker."""
    conflict, game = pair
    levels = []
    for ranks in game.ranks:
        worth = sorted(set(ranks))
        gaps = data.draw(st.lists(st.booleans(), min_size=len(worth), max_size=len(worth)))
        level = dict(zip(worth, np.cumsum(gaps).tolist(), strict=True))
        levels.append([level[rank] for rank in ranks])
    return replace(conflict, levels=np.array(levels, np.int32)), levels


@settings(max_examples=80)
@given(pair=graphs(most_states=6), rule=RULES, data=st.data())
def test_strong_and_weak_as_the_definitions_say(pair: Pair, rule: str, data: st.DataObject) -> None:
    conflict, levels = with_levels(pair, data)
    game = pair[1]
    found, plain = preference_degrees(conflict, rule), stable_states(conflict, SANCTIONED, rule)
    for concept in SANCTIONED:
        expected = [[strongly(game, levels, i, s, concept, rule) for s in game.states] for i in game.makers]
        assert found["strong"][concept].tolist() == expected
        assert (found["strong"][concept] <= plain[concept]).all()
        assert np.array_equal(found["weak"][concept], plain[concept] & ~found["strong"][concept])


@settings(max_examples=30)
@given(pair=st.one_of(graphs(), options()), rule=RULES)
def test_without_a_strong_gap_only_what_nobody_would_leave_is_strong(pair: Pair, rule: str) -> None:
    conflict, _ = pair
    nash = stable_states(conflict, ["nash"])["nash"]
    assert all(np.array_equal(held, nash) for held in preference_degrees(conflict, rule)["strong"].values())


def test_a_dilemma_that_only_ruin_would_hold() -> None:
    # CC, CD, DC, DD: each likes being alone in defecting best, and both defecting much less than both cooperating.
    conflict, _ = two_by_two((3, 1, 4, 2), (3, 4, 1, 2))
    ranks = conflict.ranks
    gap = replace(conflict, levels=(ranks >= 3).astype(np.int32))
    found = preference_degrees(gap)
    both_cooperate = int(np.flatnonzero((ranks == 3).all(axis=0))[0])
    assert all(found["strong"][concept][:, both_cooperate].all() for concept in SANCTIONED)
    lesser = replace(conflict, levels=(ranks >= 4).astype(np.int32))
    assert preference_degrees(lesser)["weak"]["seq"][:, both_cooperate].all()


def test_a_rule_that_is_not_there_is_refused() -> None:
    with pytest.raises(RequestError, match="no rule of sanctions 'twice'"):
        preference_degrees(two_by_two((3, 1, 4, 2), (3, 4, 1, 2))[0], "twice")
