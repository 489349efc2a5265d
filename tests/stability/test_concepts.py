"""Every concept against the oracle, and the laws that hold among concepts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import RequestError
from detente.stability.concepts import CONCEPTS, concept_of, stable_states
from detente.stability.conflict import Conflict
from detente.stability.moves import moves_from_pairs
from detente.stability.sanction_reachability import SANCTIONS
from tests.stability import oracle
from tests.stability.conflicts import Pair, graphs, options, two_by_two

FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=2_000, suppress_health_check=[HealthCheck.too_slow])
RULES = tuple(SANCTIONS)
ON_GRAPHS = tuple(name for name in CONCEPTS if name != "sim")  # moves at the same moment are moves of options
STATES_OF_2_BY_2 = {"CC": 0, "CD": 2, "DC": 1, "DD": 3}  # the first decision maker counts fastest

both = st.one_of(graphs(), options())


def agree(pair: Pair, concept: str, rule: str) -> None:
    conflict, game = pair
    found = stable_states(conflict, [concept], rule)[concept]
    assert found.tolist() == oracle.stable(game, concept, rule)


@pytest.mark.parametrize("concept", [*CONCEPTS, "l1", "l4", "l7"])
@FEW
@given(pair=options(), rule=st.sampled_from(RULES))
def test_each_concept_is_as_defined(concept: str, pair: Pair, rule: str) -> None:
    agree(pair, concept, rule)


@pytest.mark.parametrize("concept", [*ON_GRAPHS, "l4", "l7"])
@FEW
@given(pair=graphs(), rule=st.sampled_from(RULES))
def test_each_concept_is_as_defined_on_any_graph(concept: str, pair: Pair, rule: str) -> None:
    agree(pair, concept, rule)


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES)
@MANY
@given(pair=options())
def test_all_concepts_are_as_defined_on_thousands(rule: str, pair: Pair) -> None:
    for concept in (*CONCEPTS, "l4", "l7"):
        agree(pair, concept, rule)


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES)
@MANY
@given(pair=graphs(most_states=9))
def test_all_concepts_are_as_defined_on_thousands_of_graphs(rule: str, pair: Pair) -> None:
    for concept in (*ON_GRAPHS, "l4", "l7"):
        agree(pair, concept, rule)


@settings(FEW, max_examples=100)
@given(pair=both, rule=st.sampled_from(RULES))
def test_concepts_lie_in_one_another(pair: Pair, rule: str) -> None:
    found = stable_states(pair[0], ["nash", "gmr", "smr", "seq", "sseq", "l1"], rule)

    def within(narrow: str, wide: str) -> bool:
        return bool((found[narrow] <= found[wide]).all())

    assert within("nash", "smr")
    assert within("smr", "gmr")
    assert within("nash", "sseq")
    assert within("sseq", "seq")
    assert within("sseq", "smr")
    assert within("seq", "gmr")
    assert np.array_equal(found["l1"], found["nash"])


@settings(FEW, max_examples=100)
@given(pair=both)
def test_a_wider_rule_of_sanctions_holds_more_states(pair: Pair) -> None:
    single, once, legal = (
        stable_states(pair[0], ["gmr", "smr", "seq", "sseq"], r) for r in ("single", "once", "legal")
    )
    for concept in legal:
        assert (single[concept] <= once[concept]).all()
        assert (once[concept] <= legal[concept]).all()


@FEW
@given(pair=options())
def test_two_decision_makers_know_one_rule_of_sanctions(pair: Pair) -> None:
    conflict = alone(pair[0], (0, 1))
    found = [stable_states(conflict, ["gmr", "smr", "seq", "sseq"], rule) for rule in RULES]
    for concept in found[0]:
        assert all(np.array_equal(found[0][concept], other[concept]) for other in found)


def alone(conflict: Conflict, makers: tuple[int, ...]) -> Conflict:
    """Leave only some decision makers in a conflict."""
    return replace(
        conflict,
        makers=tuple(conflict.makers[i] for i in makers),
        moves=tuple(conflict.moves[i] for i in makers),
        ranks=conflict.ranks[list(makers)],
        levels=conflict.levels[list(makers)],
        unknown=tuple(conflict.unknown[i] for i in makers),
    )


@FEW
@given(pair=graphs(), rule=st.sampled_from(RULES), data=st.data())
def test_the_numbering_of_states_changes_nothing(pair: Pair, rule: str, data: st.DataObject) -> None:
    conflict = pair[0]
    order = np.array(data.draw(st.permutations(range(conflict.count))))  # the new number of each state
    back = np.argsort(order)
    moved = replace(
        conflict,
        moves=tuple(moves_from_pairs(conflict.count, order[m.sources], order[m.targets]) for m in conflict.moves),
        ranks=conflict.ranks[:, back],
    )
    before, after = stable_states(conflict, ON_GRAPHS, rule), stable_states(moved, ON_GRAPHS, rule)
    assert all(np.array_equal(before[concept], after[concept][:, order]) for concept in before)


@FEW
@given(pair=options(), rule=st.sampled_from(RULES), data=st.data())
def test_the_order_and_names_of_decision_makers_change_nothing(pair: Pair, rule: str, data: st.DataObject) -> None:
    conflict = pair[0]
    order = tuple(data.draw(st.permutations(range(len(conflict.makers)))))
    place = np.argsort(order).astype(np.int8)
    moved = replace(alone(conflict, order), owners=place[conflict.owners])
    before, after = stable_states(conflict, sanctions=rule), stable_states(moved, sanctions=rule)
    assert all(np.array_equal(before[concept][list(order)], after[concept]) for concept in before)


@FEW
@given(pair=both, rule=st.sampled_from(RULES))
def test_only_the_order_of_ranks_counts(pair: Pair, rule: str) -> None:
    conflict = pair[0]
    stretched = replace(conflict, ranks=conflict.ranks * 7 - 3)
    before, after = stable_states(conflict, ON_GRAPHS, rule), stable_states(stretched, ON_GRAPHS, rule)
    assert all(np.array_equal(before[concept], after[concept]) for concept in before)


@FEW
@given(pair=options())
def test_who_decides_alone_is_stable_only_at_a_best_state_within_reach(pair: Pair) -> None:
    conflict = alone(pair[0], (0,))
    found = stable_states(conflict)
    assert all(np.array_equal(found[concept], found["nash"]) for concept in found)


def equilibria(pair: Pair, concept: str) -> set[str]:
    stable = stable_states(pair[0], [concept])[concept]
    return {name for name, state in STATES_OF_2_BY_2.items() if stable[:, state].all()}


# Payoffs at CC, CD, DC, DD: 4 is best.
DILEMMA = two_by_two((3, 1, 4, 2), (3, 4, 1, 2))
CHICKEN = two_by_two((3, 2, 4, 1), (3, 4, 2, 1))


@pytest.mark.parametrize("concept", ["gmr", "smr", "seq", "sseq", "sim", "l2", "l3", "non_myopic"])
def test_far_sighted_prisoners_may_cooperate(concept: str) -> None:
    assert equilibria(DILEMMA, "nash") == {"DD"}
    assert equilibria(DILEMMA, concept) == {"CC", "DD"}


def test_neither_swerves_from_the_middle_of_the_road_for_ever() -> None:
    assert equilibria(CHICKEN, "nash") == {"CD", "DC"}
    assert equilibria(CHICKEN, "gmr") == {"CC", "CD", "DC"}
    assert equilibria(CHICKEN, "smr") == {"CC", "CD", "DC"}
    assert equilibria(CHICKEN, "seq") == {"CD", "DC"}
    assert equilibria(CHICKEN, "non_myopic") == {"CC"}


def test_foresight_goes_round_at_last() -> None:
    # Where each horizon was told from others by a sum only, this one went on for ever.
    agree(two_by_two((1, 2, 0, 3), (0, 3, 1, 2)), "non_myopic", "legal")


def test_an_unknown_concept_or_rule_is_named() -> None:
    with pytest.raises(RequestError, match="no stability concept 'nahs'; did you mean 'nash'"):
        concept_of("nahs")
    with pytest.raises(RequestError, match="no stability concept 'l0'"):
        concept_of("l0")
    with pytest.raises(RequestError, match="no rule of sanctions 'twice'; there are legal, once, single"):
        stable_states(DILEMMA[0], ["nash"], "twice")
