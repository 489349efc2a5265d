"""A yes/no that names something holds through its day, however the day is cut into steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.dynamics.small import courses, small

WAYS = [("euler", 1), ("euler", 4), ("rk4", 1), ("rk4", 2)]
CLOCK: dict[str, Any] = {
    "stocks": {
        "left": {"unit": "day", "start": 3, "change": "-1 if running else 0"},
        "counted": {"unit": "day", "start": 0, "change": "1 if running else 0"},
        "in_order": {"unit": "day", "start": 0, "change": "1 if mood == hopeful else 0"},
    },
    "auxiliaries": {"running": {"equals": "left >= 1 [day]"}},
    "options": {
        "side": {"mood": {"one_of": ["weary", "hopeful"], "start": "weary", "is": "hopeful if running else weary"}}
    },
    "measures": {
        "true_days": {"equals": "days(running)"},
        "stock": {"equals": "counted"},
        "chosen": {"equals": "in_order"},
    },
}


@pytest.mark.parametrize(("method", "parts"), WAYS)
def test_a_yes_or_no_holds_through_its_day(tmp_path: Path, method: str, parts: int) -> None:
    described = CLOCK | {"stocks": {**CLOCK["stocks"]}}
    described["stocks"]["in_order"] = {**CLOCK["stocks"]["in_order"], "change": "1 if side.mood == hopeful else 0"}
    case = small(tmp_path, method=method, substeps=parts, **described)
    days, stock, chosen = courses(case, "true_days", "stock", "chosen")
    assert (days[-1] == 3).all()
    np.testing.assert_allclose(stock[-1], 3, rtol=1e-6)
    np.testing.assert_allclose(chosen[-1], 3, rtol=1e-6)


@pytest.mark.parametrize(("method", "parts"), WAYS)
def test_a_state_that_reads_a_choice_holds_too(tmp_path: Path, method: str, parts: int) -> None:
    """Days counted by a stock are the days that a measure counts, where the yes/no is made of others."""
    case = small(
        tmp_path, method=method, substeps=parts,
        stocks={"level": {"start": "0.5..3", "change": "(-1 if high else 2) / 1 [day]"},
                "counted": {"unit": "day", "start": 0, "change": "1 if high and not low else 0"}},
        auxiliaries={"high": {"equals": "level > 1"}, "low": {"equals": "level < 1"}},
        measures={"true_days": {"equals": "days(high and not low)"}, "stock": {"equals": "counted"}},
    )  # fmt: skip
    # A measure looks on in the evening, when the level has moved and the yes/no still stands as in the morning.
    days, stock = courses(case, "true_days", "stock", draws=16)
    np.testing.assert_allclose(stock, days, rtol=1e-5)


@pytest.mark.parametrize(("method", "parts"), WAYS)
def test_what_is_worked_out_once_a_day_takes_all_that_is_left(tmp_path: Path, method: str, parts: int) -> None:
    """Ten people, three a day: all are out on the fourth day, not ever fewer by a rate that follows what is left."""
    freed = {"equals": "min(held, 3) / 1 [day]", "unit": "1/day"}
    case = small(
        tmp_path, method=method, substeps=parts,
        stocks={"held": {"start": 10, "change": "-freed"}, "kept": {"start": 10, "change": "-slowly"}},
        flows={"freed": freed | {"once_a_day": True}, "slowly": freed | {"equals": "min(kept, 3) / 1 [day]"}},
        measures={"left": {"equals": "held"}, "left_of_the_other": {"equals": "kept"}},
    )  # fmt: skip
    left, other = courses(case, "left", "left_of_the_other")
    np.testing.assert_allclose(left[:6, 0], [7, 4, 1, 0, 0, 0], atol=1e-5)
    if (method, parts) != ("euler", 1):
        assert (other[3:6] > 0.01).all()


@pytest.mark.parametrize(("method", "parts"), [("euler", 4), ("euler", 8), ("rk4", 4)])
def test_a_delay_within_what_is_held_moves_as_one_outside(tmp_path: Path, method: str, parts: int) -> None:
    """A delay shorter than a day, in a yes/no, took the whole day at the morning's speed and overshot."""
    case = small(
        tmp_path, method=method, substeps=parts, constants={"time": {"value": 0.25, "unit": "day"}},
        stocks={"level": {"start": 1, "change": "1 / 1 [day]"}},
        auxiliaries={
            "outside": {"equals": "smooth1(level, time)"}, "gap": {"equals": "level - outside"},
            "late": {"equals": "level - smooth1(level, time) >= gap"},
            "drawn": {"equals": "smooth1(level, time) + 0 * uniform(0, 1)"},
        },
        measures={"a": {"equals": "days(late)"}, "b": {"equals": "drawn"}, "c": {"equals": "outside"}},
    )  # fmt: skip
    late, drawn, outside = courses(case, "a", "b", "c")
    np.testing.assert_array_equal(late, np.broadcast_to(np.arange(1, 21)[:, None], late.shape))
    np.testing.assert_array_equal(drawn, outside)
