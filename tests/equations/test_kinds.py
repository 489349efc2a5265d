"""Kinds and units of expressions: each rule on a sound expression and on one that breaks it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.equations import (
    AGGREGATES,
    FUNCTIONS,
    ExpressionError,
    Kind,
    Node,
    UnitError,
    infer,
    parse,
    unnamed_numbers,
    walk,
)
from detente.equations.kinds import DATE, PLAIN, TRUTH
from detente.equations.parse import TALLEST
from detente.equations.signatures import SIGNATURES
from detente.equations.syntax import Aggregate, Call
from tests.strategies import CONDUCT, MEANS, NAMES, SYSTEM, TABLES, number, trees, units

ANY = Kind("number")
WHEN = "2031-05-09"


def inferred(text: str, *, summaries: bool = True, expected: Kind | None = None) -> tuple[Kind, list[ExpressionError]]:
    kind, faults = infer(parse(text), NAMES, SYSTEM, TABLES, summaries=summaries, expected=expected)
    return kind, list(faults)


SOUND = [
    # Leaves
    ("0", ANY),
    ("3", PLAIN),
    ("10 [person/day]", number("person/day")),
    ("1 [week]", number("day")),
    ("5 [%]", PLAIN),
    ("true", TRUTH),
    (WHEN, DATE),
    ("day", number("day")),
    ("today", DATE),
    ("captives", number("person")),
    ("varland.extend", TRUTH),
    ("varland.conduct", CONDUCT),
    # Implications
    ("truce if varland.extend", TRUTH),
    ("truce iff varland.conduct == narrower", TRUTH),
    ("captives > 0 if truce if varland.extend", TRUTH),
    ("1 if (truce iff varland.extend) else 0", PLAIN),
    # Arithmetic
    ("captives + offered", number("person")),
    ("captives - 0", number("person")),
    ("0 + captives", number("person")),
    ("-0 + captives", number("person")),
    ("0 - 0", ANY),
    ("-captives", number("person")),
    ("captives * rate", number("person/day")),
    ("captives / 1 [day]", number("person/day")),
    ("captives / 1 [week] + released", number("person/day")),
    ("released / captives - rate", number("1/day")),
    ("0 * captives", number("person")),
    ("0 / 1 [day]", number("1/day")),
    ("captives ** 2", number("person**2")),
    ("captives ** -1", number("1/person")),
    ("captives ** 50 [%] * sqrt(captives)", number("person")),
    ("captives ** 0", PLAIN),
    ("0 ** 2", PLAIN),
    ("strength ** strength", PLAIN),
    ("2 ** strength", PLAIN),
    # Comparison and logic
    ("captives > 0", TRUTH),
    ("0 < captives <= 10 [person]", TRUTH),
    ("truce == varland.extend", TRUTH),
    ("truce != true", TRUTH),
    ("truce and not varland.extend or captives > 0", TRUTH),
    (f"today >= {WHEN}", TRUTH),
    (f"{WHEN} > today", TRUTH),
    ("today == today", TRUTH),
    ("day > 1 [week]", TRUTH),
    # Choices
    ("varland.conduct == narrower", TRUTH),
    ("narrower != varland.conduct", TRUTH),
    ("varland.conduct == league.conduct", TRUTH),
    ("varland.conduct == league.conduct == narrower", TRUTH),
    ("brightland.means >= delays", TRUTH),
    ("adds < brightland.means <= limits", TRUTH),
    ("varland.conduct == (narrower if truce else as_before)", TRUTH),
    ("(varland.conduct if truce else league.conduct) == narrower", TRUTH),
    ("varland.conduct if truce else narrower", CONDUCT),
    ("narrower if truce else (as_before if varland.extend else varland.conduct)", CONDUCT),
    ("previous(varland.conduct, as_before) == narrower", TRUTH),
    # Conditionals
    ("captives if truce else 0", number("person")),
    ("0 if truce else captives", number("person")),
    ("truce if captives > 0 else false", TRUTH),
    (f"today if truce else {WHEN}", DATE),
    ("min(captives / 1 [day], offered / 1 [day]) if truce else 0", number("person/day")),
]


@pytest.mark.parametrize(("text", "kind"), SOUND)
def test_sound(text: str, kind: Kind) -> None:
    assert inferred(text) == (kind, [])


SOUND_CALLS = [
    ("min(captives, offered, 0)", number("person")),
    ("max(0, captives)", number("person")),
    ("abs(-captives)", number("person")),
    ("exp(rate * term)", PLAIN),
    ("exp(0)", PLAIN),
    ("log(strength)", PLAIN),
    ("sqrt(captives * captives)", number("person")),
    ("sqrt(0)", ANY),
    ("sqrt(captives)", number("person**0.5")),
    ("clip(captives, 0, 10 [person])", number("person")),
    ("logistic(strength - 1)", PLAIN),
    ("share(offered, 10 [person])", PLAIN),
    ("lookup(day, fatigue)", PLAIN),
    ("lookup(captives, need)", number("truck")),
    ("lookup(0, need)", number("truck")),
    ("rung(brightland.means)", PLAIN),
    (f"step(released, {WHEN})", number("person/day")),
    (f"pulse(0, {WHEN})", ANY),
    (f"ramp(released, 2031-05-01, {WHEN})", number("person")),
    (f"ramp(0, 2031-05-01, {WHEN})", ANY),
    ("delay1(captives, term)", number("person")),
    ("delay3(captives, 1 [week])", number("person")),
    ("smooth1(trucks, term)", number("truck/day")),
    ("smooth3(strength, 2 [day])", PLAIN),
    ("previous(captives, 0)", number("person")),
    ("previous(truce, true)", TRUTH),
    ("previous(today, today)", DATE),
    ("initial(captives) - captives", number("person")),
    ("initial(truce)", TRUTH),
    ("initial(brightland.means) == adds", TRUTH),
    ("days_since(truce)", number("day")),
    ("chance(strength)", TRUTH),
    ("uniform(0, captives)", number("person")),
    ("normal(captives, offered)", number("person")),
    ("lognormal(captives, strength)", number("person")),
    ("beta(2, strength)", PLAIN),
    ("poisson(captives)", number("person")),
    ("binomial(captives, strength)", number("person")),
    ("ever(truce)", TRUTH),
    (f"always(truce) by {WHEN}", TRUTH),
    ("first_day(not truce)", DATE),
    ("days(truce) from 2031-05-01", number("day")),
    ("total(released)", number("person")),
    ("mean(captives)", number("person")),
    ("mean(truce)", PLAIN),
    ("mean(0)", ANY),
    (f"peak(captives) between 2031-05-01 and {WHEN}", number("person")),
    (f"truce on {WHEN}", TRUTH),
    (f"captives on {WHEN} - (captives on 2031-05-01)", number("person")),
    (f"varland.conduct on {WHEN}", CONDUCT),
]


@pytest.mark.parametrize(("text", "kind"), SOUND_CALLS)
def test_sound_calls(text: str, kind: Kind) -> None:
    assert inferred(text) == (kind, [])


UNSOUND = [
    # text, column of the fault, what is wrong, how to mend it
    ("capives", 1, "no element or option is called 'capives'", "did you mean 'captives'?"),
    ("qqqqqqqq", 1, "no element or option is called 'qqqqqqqq'", "define it"),
    ("narrower", 1, "no element or option is called 'narrower'", "varland.conduct == narrower"),
    ("fatigue + 1", 1, "no element or option is called 'fatigue'", "lookup(x, fatigue)"),
    ("10 [persons]", 1, "no unit is called 'persons'", "did you mean 'person'?"),
    ("10 []", 1, "'' is no unit", "write it like"),
    (
        "captives + released",
        10,
        "'+' expects one unit throughout, came person and person/day",
        "by a time, such as 1 [day]",
    ),
    ("released - captives", 10, "came person/day and person", "divide what is in person by a time"),
    ("released * 1 [day] + 1", 20, "came person and no unit", "counts of different things are never added"),
    ("captives + 1 [truck]", 10, "came person and truck", "never added"),
    ("captives + 2", 10, "came person and no unit", "check which unit"),
    ("captives + truce", 12, "'+' expects a number, came yes/no", "1 if … else 0"),
    ("today - 1", 1, "'-' expects a number, came a date", "use day"),
    ("varland.conduct * 2", 1, "'*' expects a number, came one of as_before, narrower", "rung(option)"),
    ("-truce", 2, "'-' expects a number, came yes/no", "1 if … else 0"),
    (
        "captives ** strength",
        13,
        "the exponent of a number in person has to be written out",
        "divide the base by 1 [person]",
    ),
    ("2 ** term", 6, "an exponent is a plain number, came a number in day", "divide it by 1 [day]"),
    ("captives ** 99", 10, "'person' to the power 99 is beyond any use", "within 9"),
    ("sqrt(" + "*".join(["captives"] * 19) + ")", 1, "beyond any use", "within 9"),
    ("not captives", 5, "'not' expects yes/no, came a number in person", "compare it: x > 0"),
    ("truce and captives", 11, "'and' expects yes/no, came a number in person", "compare it"),
    ("truce or varland.conduct", 10, "'or' expects yes/no, came one of as_before, narrower", "one of its alternatives"),
    ("1 if captives else 0", 6, "'if' expects yes/no, came a number in person", "compare it"),
    ("captives if truce else 1", 10, "'if … else' expects one unit throughout, came person and no unit", "check"),
    ("captives if truce else truce", 10, "'if … else' expects one kind throughout", "1 if … else 0"),
    ("today if truce else truce", 7, "came a date and yes/no", "give both the same kind"),
    ("varland.conduct if truce else brightland.means", 17, "expects one kind throughout", "same kind"),
    (
        "varland.conduct if truce else wider",
        31,
        "expected one of as_before, narrower, came 'wider'",
        "use one of those",
    ),
    ("narrower if truce else as_before", 1, "no element or option is called 'narrower'", "beside its option"),
    ("true < 1", 6, "'<' expects two of a kind, came yes/no and a plain number", "1 if … else 0"),
    ("true < false", 6, "'<' expects an order, came yes/no, which has none", "write == or !="),
    ("captives > 1 [truck]", 10, "'>' expects one unit throughout, came person and truck", "never added or compared"),
    ("0 < captives < 1 [truck]", 16, "came person and truck", "never"),
    (f"captives > {WHEN}", 10, "'>' expects two of a kind, came a number in person and a date", "like with like"),
    (f"2031-05-01 < {WHEN}", 12, "'<' between dates expects today on one side", "today >= DATE"),
    (f"first_day(truce) < {WHEN}", 18, "'<' between dates expects today", "ever(… by DATE)"),
    (
        "varland.conduct == narower",
        20,
        "expected one of as_before, narrower, came 'narower'",
        "did you mean 'narrower'?",
    ),
    ("varland.conduct == captives", 17, "'==' expects two of a kind", "like with like"),
    ("varland.conduct == day", 17, "'==' expects two of a kind", "like with like"),
    ("varland.conduct == brightland.means", 17, "'==' expects two of a kind", "like with like"),
    (
        "varland.conduct < narrower",
        17,
        "'<' expects an order, came one of as_before, narrower, which has none",
        "ladder",
    ),
]

UNSOUND_CALLS = [
    ("min(captives, released)", 1, "min expects one unit throughout, came person and person/day", "1 [day]"),
    ("max(captives, truce)", 15, "max expects a number, came yes/no", "1 if … else 0"),
    ("abs(truce)", 5, "abs expects a number, came yes/no", "1 if … else 0"),
    ("exp(captives)", 5, "exp expects a plain number, came a number in person", "divide it by 1 [person]"),
    ("log(term)", 5, "log expects a plain number, came a number in day", "divide it by 1 [day]"),
    ("sqrt(today)", 6, "sqrt expects a number, came a date", "use day"),
    ("clip(captives, 0, 1)", 1, "clip expects one unit throughout, came person and no unit", "check"),
    ("logistic(captives)", 10, "logistic expects a plain number", "divide it"),
    ("share(offered, 10)", 1, "share expects one unit throughout, came person and no unit", "check"),
    ("lookup(captives, fatigue)", 1, "lookup in fatigue expects one unit throughout, came day and person", "check"),
    ("lookup(truce, fatigue)", 8, "lookup expects a number, came yes/no", "1 if"),
    ("lookup(day, fatige)", 13, "lookup expects the name of a table, came 'fatige'", "did you mean 'fatigue'?"),
    ("lookup(day, 1 + 1)", 15, "lookup expects the name of a table, came an expression", "under tables"),
    ("rung(varland.conduct)", 6, "rung expects an option with rungs, came one of as_before, narrower", "ladder option"),
    ("rung(captives)", 6, "rung expects an option with rungs, came a number in person", "ladder option"),
    ("step(1, today)", 9, "step expects a date written out, came a date", "YEAR-MONTH-DAY"),
    ("pulse(1, 10)", 10, "pulse expects a date written out, came a plain number", "YEAR-MONTH-DAY"),
    (f"pulse(truce, {WHEN})", 7, "pulse expects a number, came yes/no", "1 if"),
    (f"ramp(1, {WHEN}, term)", 21, "ramp expects a date written out, came a number in day", "YEAR-MONTH-DAY"),
    (
        "delay1(captives, 7)",
        18,
        "delay1 expects a number of days, came a plain number",
        "multiply what has no unit by a time",
    ),
    ("delay3(captives, offered)", 18, "delay3 expects a number of days, came a number in person", "check"),
    ("smooth1(truce, term)", 9, "smooth1 expects a number, came yes/no", "1 if"),
    ("smooth3(captives, rate)", 19, "smooth3 expects a number of days, came a number in 1/day", "check"),
    ("previous(captives, 1)", 1, "previous expects one unit throughout, came person and no unit", "check"),
    ("previous(truce, 0)", 1, "previous expects one kind throughout, came yes/no and a plain number", "1 if"),
    ("initial(qqqq)", 9, "no element or option is called 'qqqq'", ""),
    ("days_since(captives)", 12, "days_since expects yes/no, came a number in person", "compare it"),
    (
        "chance(released)",
        8,
        "chance expects a plain number, came a number in person/day",
        "divide it by 1 [person/day]",
    ),
    ("chance(truce)", 8, "chance expects a number, came yes/no", "1 if"),
    ("uniform(captives, 1)", 1, "uniform expects one unit throughout", "check"),
    ("normal(captives, rate)", 1, "normal expects one unit throughout", "check"),
    ("lognormal(captives, offered)", 21, "lognormal expects a plain number", "divide it"),
    ("beta(captives, 2)", 6, "beta expects a plain number", "divide it"),
    ("poisson(truce)", 9, "poisson expects a number, came yes/no", "1 if"),
    ("binomial(captives, rate)", 20, "binomial expects a plain number", "divide it"),
    ("ever(captives)", 6, "ever expects yes/no, came a number in person", "compare it"),
    ("always(captives)", 8, "always expects yes/no", "compare it"),
    ("first_day(varland.conduct)", 11, "first_day expects yes/no, came one of", "alternatives"),
    ("days(captives)", 6, "days expects yes/no", "compare it"),
    ("total(truce)", 7, "total expects a number, came yes/no", "1 if"),
    ("mean(today)", 6, "mean expects a number, came a date", "use day"),
    ("peak(truce)", 6, "peak expects a number, came yes/no", "1 if"),
    ("peak(total(released))", 6, "'total' stands inside 'peak'; summaries do not nest", "under measures"),
    (f"mean(captives on {WHEN})", 15, "'on' stands inside 'mean'", "under measures"),
    (
        f"ever(captives > 0) between {WHEN} and 2031-05-01",
        1,
        f"ever runs from {WHEN} to 2031-05-01",
        "earlier date first",
    ),
]


@pytest.mark.parametrize(("text", "column", "wrong", "mend"), UNSOUND + UNSOUND_CALLS)
def test_unsound(text: str, column: int, wrong: str, mend: str) -> None:
    _, faults = inferred(text)
    assert faults, "no fault was found"
    fault = faults[0]
    assert wrong in fault.wrong
    assert mend in fault.mend
    assert fault.place.column == column
    # One slip, one fault, but for the arms of a choice, each of which lacks its option.
    assert len(faults) == 1 + (text == "narrower if truce else as_before")


def test_every_function_is_tried_both_ways() -> None:
    def called(texts: list[str]) -> set[str]:
        return {node.function for text in texts for node in walk(parse(text)) if isinstance(node, Call | Aggregate)}

    every = set(FUNCTIONS) | AGGREGATES
    assert called([text for text, _ in SOUND_CALLS]) == every
    assert called([text for text, *_ in UNSOUND_CALLS]) == every
    assert set(SIGNATURES) == every
    assert all(len(SIGNATURES[name].arguments) == len(FUNCTIONS[name].arguments) for name in FUNCTIONS)


@pytest.mark.parametrize("text", ["ever(truce)", f"captives on {WHEN}", "1 [person] + total(released)"])
def test_summaries_only_where_allowed(text: str) -> None:
    assert not inferred(text)[1]
    _, faults = inferred(text, summaries=False)
    assert [fault.wrong for fault in faults if "looks over the days" in fault.wrong]
    assert "measures, questions and signs" in faults[0].mend


def test_every_fault_is_found_in_the_order_of_reading() -> None:
    kind, faults = inferred("capives + exp(term) - (1 if offred else truce) * log(10 [trucks]) > not 3")
    assert kind == TRUTH
    assert [fault.place.column for fault in faults] == sorted(fault.place.column for fault in faults)
    whole = " / ".join(fault.wrong for fault in faults)
    for part in ("'capives'", "exp expects", "'offred'", "'if … else'", "'trucks'", "'not' expects", "'>' expects two"):
        assert part in whole
    assert len(faults) == 7


def test_a_choice_expected_from_outside() -> None:
    assert inferred("narrower if truce else as_before", expected=CONDUCT) == (CONDUCT, [])
    assert inferred("narrower", expected=CONDUCT) == (CONDUCT, [])
    assert inferred("captives", expected=TRUTH) == (number("person"), [])
    kind, faults = inferred("narower", expected=CONDUCT)
    assert kind == CONDUCT
    assert "did you mean 'narrower'?" in faults[0].mend
    # An alternative called like an element is the alternative where it stands beside its option.
    names = {**NAMES, "narrower": number("person")}
    assert infer(parse("varland.conduct == narrower"), names, SYSTEM) == (TRUTH, ())
    assert infer(parse("narrower"), names, SYSTEM) == (number("person"), ())


def test_kinds_in_words() -> None:
    words = [str(kind) for kind in (PLAIN, ANY, number("person/day"), TRUTH, DATE, CONDUCT)]
    assert words[:3] == ["a plain number", "a plain number", "a number in person/day"]
    assert words[3:] == ["yes/no", "a date", "one of as_before, narrower"]


@given(trees(), st.booleans(), st.sampled_from([None, CONDUCT, MEANS]))
def test_never_raises(tree: Node, summaries: bool, expected: Kind | None) -> None:
    kind, faults = infer(tree, NAMES, SYSTEM, TABLES, summaries=summaries, expected=expected)
    assert isinstance(kind, Kind)
    assert all(fault.wrong for fault in faults)
    unnamed_numbers(tree)


@given(units(), units())
def test_sums_and_comparisons_hold_units_apart(a: str, b: str) -> None:
    alike = SYSTEM.compatible(SYSTEM.parse(a), SYSTEM.parse(b))
    for text in ("3 [{}] + 3 [{}]", "3 [{}] < 3 [{}]", "max(3 [{}], 3 [{}])", "3 [{}] if true else 3 [{}]"):
        assert (not inferred(text.format(a, b))[1]) == alike


@given(units(), units())
def test_products_and_quotients_have_the_units_of_their_parts(a: str, b: str) -> None:
    first, second = SYSTEM.parse(a), SYSTEM.parse(b)
    assert inferred(f"3 [{a}] * 3 [{b}]") == (Kind("number", SYSTEM.multiply(first, second)), [])
    assert inferred(f"3 [{a}] / 3 [{b}]") == (Kind("number", SYSTEM.divide(first, second)), [])
    assert inferred(f"3 [{a}] * 3 [{b}] / 3 [{b}] - 3 [{a}]")[1] == []
    try:
        squared = SYSTEM.power(first, 2)
    except UnitError:
        return
    assert inferred(f"sqrt((3 [{a}]) ** 2) - 3 [{a}]")[1] == []
    assert inferred(f"(3 [{a}]) ** 2")[0] == Kind("number", squared)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("0 + 1 - 2 * x", []),
        ("1 [day] + 2 [week]", []),
        ("0.5 * x", [0.5]),
        ("7 [day] + 3 * x", [7, 3]),
        ("clip(x, -5, 10 [person])", []),
        ("clip(3 * x, 4, 5 + y)", [3, 5]),
        ("share(7 * x, 10 [person])", [7]),
        ("min(x, 12)", [12]),
        ("x ** 3", [3]),
    ],
)
def test_numbers_without_a_name(text: str, named: list[float]) -> None:
    assert [item.value for item in unnamed_numbers(parse(text))] == named


def test_deepest_and_many() -> None:
    tall = parse("captives" + " + captives" * (TALLEST - 1))
    assert infer(tall, NAMES, SYSTEM) == (number("person"), ())
    nested = "strength"
    for _ in range(18):
        nested = f"(strength if truce else {nested})"
    assert inferred(nested) == (PLAIN, [])
    text = "min(captives / 1 [day], offered / 1 [day]) + captives * rate - (released if truce and captives > 0 else 0)"
    expressions = [parse(text) for _ in range(160)]
    begun = time.perf_counter()
    for node in expressions:
        infer(node, NAMES, SYSTEM, TABLES)
    # Thousands of nodes; a tenth of a second is the aim, the rest is for a busy machine.
    assert sum(1 for node in expressions for _ in walk(node)) > 3_000
    assert time.perf_counter() - begun < 0.5
