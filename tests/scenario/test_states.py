"""The states of a conflict against every combination tried one by one; counts before anything is built."""

from __future__ import annotations

import itertools
import operator
import time
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.equations import Node, parse
from detente.equations.syntax import Compare, Conditional, Logical, Name, Truth, Unary
from detente.scenario import OptionElement
from detente.scenario.feasible import feasible
from detente.scenario.states import MOST_STATES, StatesError, clash, feasible_states, holds_in
from tests.strategies import conflict_options, over

SIGNS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
Options = Sequence[OptionElement]


def value(node: Node, digits: Mapping[str, int], words: Sequence[str] = ("false", "true")) -> int:
    """Return the value of an expression for one combination, part by part as the words of the page say."""
    match node:
        case Truth():
            return int(node.value)
        case Name():
            return digits[node.id] if node.id in digits else words.index(node.id)
        case Unary():
            return int(not value(node.operand, digits))
        case Logical():
            held = [bool(value(operand, digits)) for operand in node.operands]
            return int(all(held) if node.operator == "and" else any(held))
        case Conditional():
            return value(node.then if value(node.condition, digits) else node.otherwise, digits, words)
        case Compare():
            listed = ("p", "q", "r", "s")
            values = [value(operand, digits, listed) for operand in node.operands]
            return int(all(SIGNS[s](a, b) for s, a, b in zip(node.operators, values, values[1:], strict=False)))
    raise AssertionError(node)


def combinations(options: Options, rules: Sequence[Node]) -> list[dict[str, int]]:
    """Return every combination that keeps the rules, the first option counting fastest."""
    ranges = [range(len(option.alternatives) or 2) for option in reversed(options)]
    every = ({o.name: d for o, d in zip(options, reversed(c), strict=True)} for c in itertools.product(*ranges))
    return [digits for digits in every if all(value(rule, digits) for rule in rules)]


def count(options: Options, rules: Sequence[Node]) -> int:
    names, words = [o.name for o in options], [o.alternatives for o in options]
    return feasible(names, words, [len(w) or 2 for w in words], rules).count


def choices(options: Options) -> list[tuple[str, tuple[str, ...]]]:
    return [(option.name, option.alternatives) for option in options]


def plain(number: int) -> tuple[OptionElement, ...]:
    return tuple(OptionElement(f"a.o{k}", "a", (), False, 0, False, ()) for k in range(number))


@settings(max_examples=100)
@given(st.data())
def test_states_are_those_found_one_by_one(data: st.DataObject) -> None:
    options = data.draw(conflict_options(5))
    rules = data.draw(st.lists(over(options), max_size=4))
    asked = data.draw(over(options))
    kept = combinations(options, rules)
    assert count(options, rules) == len(kept)
    if not kept:
        with pytest.raises(StatesError, match="leave no state") as raised:
            feasible_states(choices(options), rules)
        assert raised.value.count == 0
        return
    states = feasible_states(choices(options), rules)
    assert states.codes.tolist() == [
        sum(int(place) * d for place, d in zip(states.places, digits.values(), strict=True)) for digits in kept
    ]
    assert states.digits.tolist() == [list(digits.values()) for digits in kept]
    assert states.state_of.tolist() == list(range(len(kept)))
    assert states.holds(asked).tolist() == [bool(value(asked, digits)) for digits in kept]
    assert states.where(asked) == tuple(n for n, digits in enumerate(kept, 1) if value(asked, digits))
    words = {option.name: option.alternatives for option in options}
    for number in range(1, states.count + 1):
        assert states.find(states.values(number)) == number
        assert all(holds_in(rule, states.values(number), words) for rule in rules)


@settings(max_examples=60)
@given(st.data())
def test_states_that_are_one_share_a_number(data: st.DataObject) -> None:
    options = data.draw(conflict_options(3))
    same = data.draw(st.lists(over(options), min_size=1, max_size=3))
    kept = combinations(options, ())
    states = feasible_states(choices(options), (), same)
    # The slow way: join any two combinations that one expression holds for, until nothing changes.
    groups = [{n} for n in range(len(kept))]
    for node in same:
        members = {n for n, digits in enumerate(kept) if value(node, digits)}
        met = set().union(*(group for group in groups if group & members)) if members else set()
        groups = [group for group in groups if not group & members] + ([met] if met else [])
    firsts = sorted(min(group) for group in groups)
    number_of = {n: firsts.index(min(group)) for group in groups for n in group}
    assert states.state_of.tolist() == [number_of[n] for n in range(len(kept))]
    assert states.digits.tolist() == [list(kept[n].values()) for n in firsts]
    assert states.count == len(groups)


@settings(max_examples=60)
@given(st.data())
def test_rules_that_clash_can_none_be_spared(data: st.DataObject) -> None:
    options = data.draw(conflict_options(3))
    rules = data.draw(st.lists(over(options), min_size=1, max_size=8))
    if combinations(options, rules):
        rules = [*rules, Unary("not", rules[0])]
    found = clash(choices(options), rules)
    assert combinations(options, [rules[n] for n in found]) == []
    for n in found:
        assert combinations(options, [rules[other] for other in found if other != n]) != []


PAIRS = [f"not (a.o{k} and a.o{j})" for k in range(30) for j in range(k)]
COUNTED = [
    # rules over 30 options of yes/no, how many states they leave
    ([], 2**30),
    (["not (" + " and ".join(f"a.o{k}" for k in range(30)) + ")"], 2**30 - 1),
    ([" iff ".join(f"a.o{k}" for k in range(30))], 2**29),
    ([" or ".join(f"(a.o{k} and a.o{k + 15})" for k in range(15))], 4**15 - 3**15),
    ([f"a.o{k} if a.o{k + 1}" for k in range(24)], 26 * 2**5),
    ([" and ".join(f"(a.o{k} if a.o{k + 1})" for k in range(24))], 26 * 2**5),
    ([" and ".join(f"(a.o{k} iff a.o{k + 15})" for k in range(15))], 2**15),
    (PAIRS, 31),
    (
        [" or ".join(f"a.o{k}" for k in range(30)), *(f"not (a.o{k} and a.o{j})" for k in range(30) for j in range(k))],
        30,
    ),
]


@pytest.mark.parametrize(("rules", "expected"), COUNTED)
def test_thirty_options_are_no_trouble(rules: list[str], expected: int) -> None:
    options, nodes = plain(30), [parse(rule) for rule in rules]
    begun = time.process_time()
    if expected > MOST_STATES:
        with pytest.raises(StatesError) as raised:
            feasible_states(choices(options), nodes)
        assert raised.value.count == expected
        assert f"expected at most 8,388,608 states, came {expected:,}" in str(raised.value)
    else:
        states = feasible_states(choices(options), nodes)
        assert states.count == expected
        assert all(states.holds(node).all() for node in nodes)
    assert time.process_time() - begun < 60  # one by one, a thousand million combinations would take hours


def test_what_the_rules_leave_open_is_multiplied_out() -> None:
    rule = parse("(a.o3 or a.o7) and (a.o20 iff not a.o11)")
    states = feasible_states(choices(plain(21)), [rule])
    assert states.count == 3 * 2 * 2**17
    assert np.all(np.diff(states.codes) > 0)
    assert states.holds(rule).all()


def test_more_combinations_than_numbers_are_refused() -> None:
    with pytest.raises(StatesError, match="more than the 4,611,686,018,427,387,904 that can be numbered"):
        feasible_states(choices(plain(63)))
    options = plain(62)
    assert feasible_states(choices(options), [Name(option.name) for option in options]).codes.tolist() == [2**62 - 1]


def test_rules_too_entangled_to_count_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.scenario.feasible.WIDEST", 100)
    # Every option meets every other, so that no order of them keeps the layers narrow.
    pairs = [(j, k) for k in range(14) for j in range(k)]
    rules = [parse(f"a.o{j} or a.o{k} or a.o{(j * k) % 14}") for j, k in pairs if (j + k) % 3]
    tangle = parse(" iff ".join(f"(a.o{j} and a.o{k} and not a.o{(j + k) % 14})" for j, k in pairs[:40]))
    with pytest.raises(StatesError, match="too many options together") as raised:
        feasible_states(choices(plain(14)), [tangle, *rules[:1]])
    assert raised.value.count is None


def test_a_clash_is_named_also_where_parts_of_it_cannot_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [parse("a.o0 iff a.o3"), parse("a.o1 iff a.o4"), parse("a.o2 and not a.o2"), parse("a.o0 or a.o1")]
    assert clash(choices(plain(5)), rules) == (2,)
    monkeypatch.setattr("detente.scenario.feasible.WIDEST", 0)
    assert clash(choices(plain(5)), rules) == (0, 1, 2, 3)


def test_a_rule_without_options_is_settled_at_once() -> None:
    assert feasible_states(choices(plain(2)), [Truth(True)]).count == 4
    with pytest.raises(StatesError, match="leave no state"):
        feasible_states(choices(plain(2)), [Truth(False)])
    assert feasible(["a.o0"], [()], [2], [Truth(False)]).codes().tolist() == []


def test_what_a_combination_is_that_cannot_be() -> None:
    states = feasible_states(choices(plain(3)), [parse("a.o0 or a.o1")])
    assert states.find({"a.o0": "false", "a.o1": "false", "a.o2": "true"}) is None
    assert states.values(1) == {"a.o0": "true", "a.o1": "false", "a.o2": "false"}


def test_reading_refuses_what_speaks_of_no_option() -> None:
    states = feasible_states(choices(plain(2)))
    with pytest.raises(TypeError, match="no reading of Binary over options"):
        states.holds(parse("1 + 1"))
