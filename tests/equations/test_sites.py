"""Calls are numbered as a reader would who goes through the text from left to right."""

from __future__ import annotations

import re

import pytest

from detente.equations import FUNCTIONS, parse, unparse, walk
from detente.equations.sites import number_calls
from detente.equations.syntax import Aggregate, Binary, Call, On

DRAWS, MEMORIES = ([name for name, one in FUNCTIONS.items() if one.kind == kind] for kind in ("draw", "memory"))
TEXTS = (
    "normal(uniform(0, 1), 1) + normal(0, 1) * max(poisson(2), delay1(uniform(0, 1), 2 [day]))",
    "previous(smooth3(x, 1 [day]), initial(y)) if chance(0.5) and not chance(x) else delay3(x, previous(y, 1))",
    "clip(x, 0, 1)",
)


def sites(trees: tuple[object, ...], functions: list[str]) -> list[tuple[str, int]]:
    calls = [node for tree in trees for node in walk(tree) if isinstance(node, Call)]  # type: ignore[arg-type]
    return sorted(((call.function, call.site) for call in calls if call.function in functions), key=lambda one: one[1])


@pytest.mark.parametrize("functions", [DRAWS, MEMORIES])
def test_calls_are_numbered_from_1_in_the_order_of_the_text_through_all_expressions_of_an_element(
    functions: list[str],
) -> None:
    trees = number_calls(parse(text) for text in TEXTS)
    written = re.findall(rf"\b({'|'.join(functions)})\(", " ".join(TEXTS))
    assert sites(trees, functions) == [(name, number) for number, name in enumerate(written, start=1)]


def test_what_summarises_is_numbered_among_what_remembers() -> None:
    (tree,) = number_calls([parse("mean(x) + previous(y, 0) + (initial(z) on 2031-05-02) + total(initial(x))")])
    kept = [node for node in walk(tree) if isinstance(node, Call | On | Aggregate)]
    assert [(type(node).__name__, node.site) for node in kept] == [
        ("Aggregate", 1), ("Call", 2), ("On", 3), ("Call", 4), ("Aggregate", 5), ("Call", 6)
    ]  # fmt: skip


def test_numbers_change_neither_what_an_expression_is_nor_its_text_and_other_calls_have_none() -> None:
    for text in TEXTS:
        tree = parse(text)
        (numbered,) = number_calls([tree])
        assert (numbered, unparse(numbered)) == (tree, unparse(tree))
        others = [
            node for node in walk(numbered) if isinstance(node, Call) and FUNCTIONS[node.function].kind == "plain"
        ]
        assert {call.site for call in others} <= {0}


def test_what_is_numbered_so_comes_back_as_it_was_and_a_part_of_it_is_numbered_anew() -> None:
    trees = number_calls(parse(text) for text in TEXTS)
    assert all(new is old for new, old in zip(number_calls(trees), trees, strict=True))
    second = next(node for node in walk(trees[1]) if isinstance(node, Call) and node.function == "chance")
    assert second.site > 1
    assert [node.site for node in number_calls([second]) if isinstance(node, Call)] == [1]


def test_one_tree_that_stands_twice_has_two_sites() -> None:
    draw = parse("uniform(0, 1)")
    (tree,) = number_calls([Binary("+", draw, draw)])
    assert sites((tree,), DRAWS) == [("uniform", 1), ("uniform", 2)]
