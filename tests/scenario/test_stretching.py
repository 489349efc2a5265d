"""Other ranges than those declared stay within what such numbers can be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from detente.equations import UnitSystem
from detente.scenario import Parameter, load
from detente.scenario.draws import Draws
from detente.scenario.elements import ParameterArm
from detente.scenario.ranges import read_range
from detente.scenario.stretching import OTHER_RANGES, peaked, stretched


@pytest.fixture(scope="module")
def parameters() -> dict[str, Parameter]:
    return {f"{case} {name}": parameter for case in ("harbour_truce", "november_2023")
            for name, parameter in load(case).elements.parameters.items()}  # fmt: skip


@pytest.mark.parametrize("times", [0.5, 2.0, 8.0])
def test_stretched_ranges_stay_what_such_numbers_can_be(parameters: dict[str, Parameter], times: float) -> None:
    held_at_1 = 0
    for name, parameter in parameters.items():
        for before, after in zip(parameter.arms, stretched(parameter, times).arms, strict=True):
            old, new = before.range, after.range
            assert new.low <= new.middle <= new.high, name
            if old.shape == "exact":
                assert after == before
                continue
            full = not parameter.unit.dimensions and (old.low, old.high) == (0, 1)  # a share cannot go further
            assert new == old if full and times > 1 else (new.high - new.low > old.high - old.low) == (times > 1), name
            assert (old.low >= 0) <= (new.low >= 0), name
            if parameter.role in ("usual", "chance"):
                assert 0 <= new.low < new.high <= 1, name
            if parameter.role == "odds":
                assert new.low > 0, name
                assert (old.low >= 1) <= (new.low >= 1), name
                assert (old.high <= 1) <= (new.high <= 1), name
                held_at_1 += new.low == 1 or new.high == 1
    assert held_at_1 > 0 or times < 1  # some weights of reasons would have come out on the other side


def test_a_peaked_range_keeps_its_ends_and_its_middle(parameters: dict[str, Parameter]) -> None:
    u = np.array([1e-12, 0.25, 0.5, 0.75, 1 - 1e-12])
    seen = set()
    for parameter in parameters.values():
        for before, after in zip(parameter.arms, peaked(parameter).arms, strict=True):
            seen.add(before.range.shape)
            if before.range.shape != "uniform":
                assert after.range == before.range
                continue
            flat, pointed = before.range.at(u), after.range.at(u)
            width = after.range.high - after.range.low
            np.testing.assert_allclose(flat[[0, 2, 4]], pointed[[0, 2, 4]], rtol=0, atol=1e-5 * width)
            assert flat[1] < pointed[1] < pointed[2] < pointed[3] < flat[3]
    assert "uniform" in seen


def test_the_same_draws_are_taken_through_other_ranges() -> None:
    case = load("harbour_truce")
    drawing = Draws(case, 1, list(case.elements.parameters))
    numbers = np.arange(50, dtype=np.uint32)
    declared = drawing.take(numbers)
    for shape, change in OTHER_RANGES.items():
        other = drawing.take(numbers, parameters={name: change(one) for name, one in drawing.parameters.items()})
        for name, parameter in drawing.parameters.items():
            assert (np.argsort(other.values[name]) == np.argsort(declared.values[name])).all() or len(
                parameter.arms
            ) > 1
        fixed = {"pause_helps_league": "helps"}
        told, taken = drawing.retold(other, fixed), drawing.take(numbers, fixed)
        for name in drawing.parameters:
            if len(drawing.parameters[name].arms) > 1:
                np.testing.assert_array_equal(told.values[name], taken.values[name])
            else:
                np.testing.assert_array_equal(told.values[name], other.values[name])
        for claim, reading in declared.readings.items():
            np.testing.assert_array_equal(other.readings[claim], reading, err_msg=shape)


@pytest.mark.parametrize(
    ("role", "written", "there", "back"),
    [
        ("odds", "0.2..0.5", math.log, math.exp),  # odds multiply: half and double lie as far from 1
        ("odds", "3..4", math.log, math.exp),
        ("usual", "0.2..0.5", lambda x: math.log(x / (1 - x)), lambda y: 1 / (1 + math.exp(-y))),
        ("uncertainty", "0.2..0.5", lambda x: math.log(x / (1 - x)), lambda y: 1 / (1 + math.exp(-y))),
        ("uncertainty", "2..5", math.log, math.exp),
        ("uncertainty", "-2..5", float, float),
    ],
)
def test_each_kind_of_number_is_stretched_on_its_own_scale(role: str, written: str, there: Any, back: Any) -> None:
    declared = read_range(written)
    parameter = Parameter("x", role, "y", UnitSystem(()).parse("1"), (ParameterArm((), declared),), (), ("x",))
    low, high = there(declared.low), there(declared.high)
    for times in (0.5, 1.5):
        (arm,) = stretched(parameter, times).arms
        middle, half = (low + high) / 2, times * (high - low) / 2
        assert (arm.range.low, arm.range.high) == pytest.approx((back(middle - half), back(middle + half)))
