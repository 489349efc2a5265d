"""Units: what is read, what is refused, and the laws of their arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from detente.equations import Unit, UnitError, UnitSystem
from detente.equations.units import DAY, NONE, STANDARD, rooted
from tests.strategies import DECLARED, SYSTEM, factors, units

PER_DAY = (("day", -1.0),)


@pytest.mark.parametrize(
    ("text", "dimensions", "factor"),
    [
        ("1", (), 1),
        ("%", (), 0.01),
        ("percent", (), 0.01),
        ("day", (("day", 1.0),), 1),
        ("week", (("day", 1.0),), 7),
        ("hour", (("day", 1.0),), 1 / 24),
        ("minute", (("day", 1.0),), 1 / 1440),
        ("second", (("day", 1.0),), 1 / 86400),
        ("month", (("day", 1.0),), 365.25 / 12),
        ("year", (("day", 1.0),), 365.25),
        ("1/day", PER_DAY, 1),
        ("1 / week", PER_DAY, 1 / 7),
        ("day**-1", PER_DAY, 1),
        ("%/day", PER_DAY, 0.01),
        ("person", (("person", 1.0),), 1),
        (" person / day ", (("day", -1.0), ("person", 1.0)), 1),
        ("truck*person/day/day", (("day", -2.0), ("person", 1.0), ("truck", 1.0)), 1),
        ("day^2", (("day", 2.0),), 1),
        ("person ** 0.5", (("person", 0.5),), 1),
        ("person/person", (), 1),
        ("week/day", (), 7),
    ],
)
def test_reads(text: str, dimensions: tuple[tuple[str, float], ...], factor: float) -> None:
    unit = SYSTEM.parse(text)
    assert unit.dimensions == dimensions
    assert unit.factor == pytest.approx(factor, rel=1e-12)
    assert str(unit) == text.strip()
    assert SYSTEM.parse(text) is unit


@pytest.mark.parametrize(
    ("text", "wrong", "mend"),
    [
        ("persons", "no unit is called 'persons'", "did you mean 'person'?"),
        ("Person", "no unit is called 'Person'", "did you mean 'person'?"),
        ("days", "no unit is called 'days'", "did you mean 'day'?"),
        ("kilometre", "no unit is called 'kilometre'", "declare 'kilometre' under units, or use one of day"),
        ("kiloperson", "no unit is called 'kiloperson'", "did you mean 'person'?"),
        ("", "'' is no unit: expected the name of a unit or 1, came the end", "person/day or 1/day"),
        ("day*", "came the end", "person/day"),
        ("2/day", "came '2/day'", "1/day"),
        ("day day", "expected * or /, came 'day'", "person/day"),
        ("person per day", "expected * or /, came 'per day'", "person/day"),
        ("person/(day*day)", "came '(day*day)'", "person/day"),
        ("day**10", "expected * or /, came '0'", "person/day"),
        ("day*" * 9 + "day", "raises a unit to a power beyond 9", "simpler"),
        ("day*" * 30 + "day", "a unit of 123 characters", "of your own"),
        ("nan", "no unit is called 'nan'", ""),
        ("dimensionless", "no unit is called 'dimensionless'", ""),
        ("día", "no unit is called 'd'", ""),
    ],
)
def test_refuses(text: str, wrong: str, mend: str) -> None:
    with pytest.raises(UnitError) as caught:
        SYSTEM.parse(text)
    assert wrong in caught.value.wrong
    assert mend in caught.value.mend
    assert str(caught.value) == f"{caught.value.wrong}; {caught.value.mend}"


@pytest.mark.parametrize("name", ["Person", "2nd", "", "a b", "nan", "dimensionless", "day", "percent", "a-b", "día"])
def test_refuses_to_declare(name: str) -> None:
    with pytest.raises(UnitError, match=f"'{name}'"):
        UnitSystem(["person", name])


def test_a_name_is_declared_once() -> None:
    with pytest.raises(UnitError, match="declared twice"):
        UnitSystem(["person", "person"])


@pytest.mark.parametrize(
    "name", ["per", "squared", "inf", "in", "lambda", "camp", "min", "pi", "e", "delta_day", "child"]
)
def test_words_of_other_systems_can_be_declared(name: str) -> None:
    system = UnitSystem([name])
    assert system.parse(f"{name}/day*{name}").dimensions == tuple(sorted([("day", -1.0), (name, 2.0)]))


def test_a_system_of_its_own() -> None:
    other = UnitSystem()
    assert other.names == set(STANDARD)
    with pytest.raises(UnitError, match="no unit is called 'truck'"):
        other.parse("truck")
    with pytest.raises(UnitError) as caught:
        other.parse("day?")
    assert "week/day" in caught.value.mend


def test_counts_by_two_bodies_do_not_mix() -> None:
    system = UnitSystem(["death_by_ministry", "death_by_army"])
    assert not system.compatible(system.parse("death_by_ministry"), system.parse("death_by_army"))


@given(st.text("ab day1%*/^-. person", max_size=30) | st.text(max_size=10))
@example("day**-9.9")
@example("1**9")
@example("1/1")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        unit = SYSTEM.parse(text)
    except UnitError as error:
        assert error.wrong
    else:
        assert unit.factor > 0
        assert {name for name, _ in unit.dimensions} <= {"day", *DECLARED}


parsed = units().map(SYSTEM.parse)


# Low enough for their squares to stay within the highest power.
low = parsed.filter(lambda unit: all(abs(exponent) <= 4 for _, exponent in unit.dimensions))


@given(low, low, low)
def test_laws(a: Unit, b: Unit, c: Unit) -> None:
    multiply, divide, power = SYSTEM.multiply, SYSTEM.divide, SYSTEM.power
    assert multiply(a, b) == multiply(b, a)
    assert multiply(multiply(a, b), c) == multiply(a, multiply(b, c))
    assert SYSTEM.compatible(multiply(a, NONE), a)
    assert SYSTEM.compatible(divide(multiply(a, b), b), a)
    assert divide(a, a) == NONE
    assert power(a, 2) == multiply(a, a)
    assert power(a, 0) == NONE
    assert SYSTEM.compatible(power(power(a, 2), 0.5), a)


@given(units(), factors)
def test_texts_multiply_as_units_do(a: str, b: str) -> None:
    together = SYSTEM.parse(f"{a} * {b}")
    assert SYSTEM.compatible(together, SYSTEM.multiply(SYSTEM.parse(a), SYSTEM.parse(b)))
    assert together.factor == pytest.approx(SYSTEM.parse(a).factor * SYSTEM.parse(b).factor, rel=1e-12)


@given(parsed)
def test_a_unit_in_roots_reads_back(unit: Unit) -> None:
    root = rooted(unit.dimensions)
    assert SYSTEM.parse(root.text) == root
    assert SYSTEM.compatible(root, unit)


@given(parsed, st.floats(-1e308, 1e308))
def test_powers_beyond_use_are_refused(unit: Unit, exponent: float) -> None:
    assume(unit.dimensions)
    highest = max(abs(power) for _, power in unit.dimensions) * abs(exponent)
    if highest > 9:
        with pytest.raises(UnitError, match="beyond any use"):
            SYSTEM.power(unit, exponent)
    else:
        SYSTEM.power(unit, exponent)


def test_constants() -> None:
    assert SYSTEM.parse("day") == DAY
    assert SYSTEM.parse("1") == NONE == SYSTEM.NONE
