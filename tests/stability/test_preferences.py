"""From statements and lists to ranks: what is more important decides, and what is strong shows in the levels."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detente.equations.syntax import Truth
from detente.scenario.elements import PreferenceElement, StatementElement
from detente.stability.preferences import applies, listed_ranks, statement_ranks, unknown_count, unknown_pairs

TABLES = st.integers(0, 6).flatmap(
    lambda rows: st.tuples(
        st.integers(1, 8).flatmap(
            lambda count: st.lists(
                st.lists(st.booleans(), min_size=count, max_size=count), min_size=rows, max_size=rows
            ).map(lambda lines: np.array(lines, bool).reshape(rows, count))
        ),
        st.lists(st.booleans(), min_size=rows, max_size=rows),
    )
)


@given(given=TABLES)
def test_the_first_statement_on_which_two_states_differ_decides(given: tuple[np.ndarray, list[bool]]) -> None:
    truths, strong = given
    ranks, levels = statement_ranks(truths, strong)
    rows = [tuple(column) for column in truths.T.tolist()]
    order = sorted(set(rows))
    assert ranks.tolist() == [order.index(row) for row in rows]
    for s, t in product(range(len(rows)), repeat=2):
        if rows[s] > rows[t]:
            between = order[order.index(rows[t]) : order.index(rows[s]) + 1]
            first = [next(k for k in range(len(a)) if a[k] != b[k]) for a, b in pairwise(between)]
            assert (levels[s] > levels[t]) == any(strong[k] for k in first)
        elif rows[s] == rows[t]:
            assert levels[s] == levels[t]


def test_any_number_of_statements_can_stand_in_a_row() -> None:
    truths = np.zeros((300, 3), bool)
    truths[299] = [False, True, False]
    truths[0] = [False, False, True]
    ranks, levels = statement_ranks(truths, [False] * 299 + [True])
    assert ranks.tolist() == [0, 1, 2]
    assert levels.tolist() == [0, 1, 1]


def test_a_list_ranks_best_first_and_equals_together() -> None:
    ranks, levels = listed_ranks(((4,), (1, 3), (2,)), (), 4)
    assert ranks.tolist() == [1, 0, 1, 2]
    assert levels.tolist() == [0, 0, 0, 0]


def test_a_strong_step_lies_below_the_state_it_is_named_after() -> None:
    assert listed_ranks(((4,), (1, 3), (2,)), (4,), 4)[1].tolist() == [0, 0, 0, 1]
    assert listed_ranks(((4,), (1, 3), (2,)), (4, 3), 4)[1].tolist() == [1, 0, 1, 2]
    assert listed_ranks(((4,), (1, 3), (2,)), (2,), 4)[1].tolist() == [0, 0, 0, 0]  # there is nothing below it


def test_what_a_partial_list_leaves_out_comes_last() -> None:
    ranks, levels = listed_ranks(((3,), (1,)), (1,), 4)
    assert ranks.tolist() == [1, 0, 2, 0]
    assert levels.tolist() == [1, 0, 1, 0]


def listed(*, partial: bool, unknown: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()) -> PreferenceElement:
    return PreferenceElement((), ((3,), (1,)), (), partial, unknown, (), ())


def test_how_states_left_out_compare_is_unknown() -> None:
    assert unknown_pairs(listed(partial=True), 4).tolist() == [[0, 1], [0, 3], [1, 2], [1, 3], [2, 3]]
    assert unknown_pairs(listed(partial=False), 4).tolist() == []
    assert unknown_count(listed(partial=True), 4) >= 5


def test_unknown_pairs_are_named_once_smaller_first() -> None:
    preference = listed(partial=False, unknown=(((4,), (1, 2)), ((1, 4), (4, 1))))
    assert unknown_pairs(preference, 4).tolist() == [[0, 3], [1, 3]]


def test_a_statement_counts_only_under_its_readings() -> None:
    wanted = StatementElement(Truth(True), "", (), (("a", "yes"), ("b", "no")), False, 0, ())
    assert applies(wanted, {"a": "yes", "b": "no", "c": "yes"})
    assert not applies(wanted, {"a": "yes", "b": "yes"})
    assert not applies(wanted, {"a": "yes"})
