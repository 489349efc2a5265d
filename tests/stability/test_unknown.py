from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import RequestError
from detente.stability import unknown_preference as module
from detente.stability.concepts import stable_states
from detente.stability.conflict import Conflict
from detente.stability.unknown_preference import TYPES, UNCERTAIN, unknown_preference
from tests.stability.conflicts import Pair, graphs, options
from tests.stability.oracle_joint import Pairs, uncertain

RULES = st.sampled_from(["legal", "once", "single"])


def some_unknown(pair: Pair, data: st.DataObject) -> tuple[Conflict, list[Pairs]]:
    conflict, game = pair
    every = list(combinations(game.states, 2))
    chosen = [sorted(data.draw(st.sets(st.sampled_from(every)))) if every else [] for _ in game.makers]
    arrays = tuple(np.array(pairs, np.int32).reshape(-1, 2) for pairs in chosen)
    return replace(conflict, unknown=arrays), [{frozenset(two) for two in pairs} for pairs in chosen]


@settings(max_examples=60)
@given(pair=graphs(most_states=6), rule=RULES, data=st.data())
def test_every_type_as_the_definitions_say(pair: Pair, rule: str, data: st.DataObject) -> None:
    conflict, pairs = some_unknown(pair, data)
    game = pair[1]
    found = unknown_preference(conflict, rule)
    for kind in TYPES:
        for concept in UNCERTAIN:
            expected = [[uncertain(game, pairs, i, s, concept, kind, rule) for s in game.states] for i in game.makers]
            assert found[kind][concept].tolist() == expected


@settings(max_examples=30)
@given(pair=st.one_of(graphs(), options()), rule=RULES)
def test_where_all_is_known_every_type_is_the_plain_concept(pair: Pair, rule: str) -> None:
    conflict, _ = pair
    plain = stable_states(conflict, UNCERTAIN, rule)
    for kind, concepts in unknown_preference(conflict, rule).items():
        for concept, held in concepts.items():
            assert np.array_equal(held, plain[concept]), kind


@settings(max_examples=30)
@given(pair=st.one_of(graphs(), options()), rule=RULES, data=st.data())
def test_types_lie_within_one_another(pair: Pair, rule: str, data: st.DataObject) -> None:
    conflict, _ = some_unknown(pair, data)
    found = unknown_preference(conflict, rule)
    for concept in UNCERTAIN:
        for inner, outer in ("ab", "ac", "bd", "cd"):
            assert (found[inner][concept] <= found[outer][concept]).all()


@settings(max_examples=20)
@given(pair=options(), data=st.data())
def test_blocks_of_columns_change_nothing(pair: Pair, data: st.DataObject) -> None:
    conflict, _ = some_unknown(pair, data)
    whole = unknown_preference(conflict)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "COLUMNS", 1)
        again = unknown_preference(conflict)
    assert all(np.array_equal(again[kind][c], whole[kind][c]) for kind in TYPES for c in UNCERTAIN)


def test_too_many_states_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.stability.test_coalitions import elmira

    with pytest.raises(RequestError, match="no rule of sanctions 'twice'"):
        unknown_preference(elmira()[0], "twice")
    monkeypatch.setattr(module, "LARGEST", 11)
    with pytest.raises(RequestError, match="up to 11 states; there are 12"):
        unknown_preference(elmira()[0])
