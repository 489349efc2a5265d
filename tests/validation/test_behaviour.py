"""Tests of behaviour find what was planted: what breaks at an end, after the days, with the step, or never comes up."""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.dynamics import build_program
from detente.errors import RequestError
from detente.run import run
from detente.scenario import Draws, load
from detente.validation.survey import survey_of
from detente.validation.validate import QUICK, STOPPED, stage_count
from detente.validation.worlds import columns_of
from tests.validation.planted import planted, tank


def test_a_stock_that_goes_below_0_at_an_end_is_named_with_that_end(tmp_path: Path) -> None:
    # 100 people, 5 to 6 a day leave over 18 days: below 0 at the very end of the range only, 18 * 5.6 > 100.
    case = planted(
        tmp_path, 18,
        uncertainties={"leave": {"unit": "person/day", "range": "about 5, 4.9..6"}},
        stocks={"here": {"unit": "person", "start": 107, "change": "-leave"}},
        questions={"left": {"asks": "How many?", "answer": "here on 2031-05-10"}},
    )  # fmt: skip
    test = case.validate(quick=True, worlds=16).test("range_ends")
    assert test.verdict == "does not pass"
    (one,) = test.where
    assert one.element == "here"
    assert one.says == "goes below 0, to -1, with leave at the high end"
    assert test.says == "1 stock that starts at 0 or above and has no lower bound goes below 0."


def test_a_declared_bound_that_is_broken_is_named_with_its_share(tmp_path: Path) -> None:
    # 2 to 4 a day for 20 days from 90: below 30 wherever more than 3 a day leave.
    stock = {
        "unit": "person",
        "start": 90,
        "change": "-leave",
        "never_below": "30 [person]",
        "never_above": "90 [person]",
    }
    sections: dict[str, Any] = {
        "uncertainties": {"leave": {"unit": "person/day", "range": "2..4"}},
        "stocks": {"here": stock},
        "questions": {"left": {"asks": "How many?", "answer": "here on 2031-05-10"}},
    }
    test = planted(tmp_path, **sections).validate(quick=True, worlds=2_048).test("declared_bounds")
    assert test.verdict == "does not pass"
    assert test.says == "1 element goes beyond its declared bounds."
    (one,) = test.where
    assert one.says.startswith("goes below 30 [person], to 10")
    share = float(one.says.partition(", in ")[2].partition(" %")[0])
    assert share == pytest.approx(50, abs=10)  # of 256 draws
    stock["never_below"] = "5 [person]"
    kept = planted(tmp_path / "kept", **sections)
    assert kept.validate(quick=True, worlds=64).test("declared_bounds").verdict == "passes"


def test_a_stock_without_a_bound_is_listed(tmp_path: Path) -> None:
    test = planted(tmp_path, **tank()).validate(quick=True, worlds=16).test("declared_bounds")
    assert test.verdict == "passes"
    assert [one.element for one in test.where] == ["inside", "outside"]
    assert "Of 2 stocks 0 have a lower bound" in test.tried


def test_five_times_the_days_show_what_nothing_holds_back(tmp_path: Path) -> None:
    case = planted(
        tmp_path,
        uncertainties={"leave": {"unit": "person/day", "range": "1..2"}},
        stocks={"here": {"unit": "person", "start": 60, "change": "-leave"}},
        questions={"left": {"asks": "How many?", "answer": "here on 2031-05-10"}},
    )
    sheet = case.validate(worlds=32)
    assert sheet.test("range_ends").verdict == "passes"  # 20 days, 2 a day: 20 are left
    assert sheet.test("longer_horizon").verdict == "does not pass"  # 100 days
    assert sheet.test("longer_horizon").where[0].element == "here"
    assert sheet.test("time_step").verdict == "passes"  # a constant flow is exact in any step


def test_what_ceases_to_be_a_number_is_named(tmp_path: Path) -> None:
    case = planted(
        tmp_path,
        uncertainties={"rate": {"unit": "1/day", "range": "0.5..0.9"}},
        stocks={"x": {"start": 1, "change": "rate * x * x"}},
        questions={"early": {"asks": "How much?", "answer": "x on 2031-05-03"}},
    )
    sheet = case.validate(worlds=16)
    assert "x" in {one.element for one in sheet.test("range_ends").where}
    assert "no finite number" in sheet.test("doubled_ranges").where[0].says
    assert sheet.test("longer_horizon").verdict == "does not pass"
    # The kernel refuses what is no number; the sheet says so and goes on.
    assert sheet.test("range_width").verdict in ("not tried", "described")


def test_doubled_ranges_are_tried_all_at_once(tmp_path: Path) -> None:
    # 2 to 4 a day for 20 days leaves at least 10 of 90; doubled, up to 6 and more a day leave none.
    case = planted(
        tmp_path,
        uncertainties={"leave": {"unit": "person/day", "range": "2..4"}},
        stocks={"here": {"unit": "person", "start": 90, "change": "-leave"}},
        questions={"left": {"asks": "How many?", "answer": "here on 2031-05-10"}},
    )
    sheet = case.validate(quick=True, worlds=512)
    assert sheet.test("range_ends").verdict == "passes"
    assert sheet.test("doubled_ranges").verdict == "does not pass"


def test_a_number_that_moves_nothing_is_named(tmp_path: Path) -> None:
    sections = tank()
    sections["uncertainties"]["heed"] = {"range": "0.2..0.9"}
    sections["flows"]["out"]["equals"] = "to_and_fro * inside if heed > 0 else 0"
    test = planted(tmp_path, **sections).validate(quick=True, worlds=16).test("without_effect")
    assert test.verdict == "does not pass"
    assert [one.element for one in test.where] == ["heed"]


CLOCK: dict[str, Any] = {
    "stocks": {"left": {"unit": "day", "start": 3, "change": "2 - left / 1 [day] if left < 1 [day] else -1"}},
    "questions": {"when_low": {"asks": "How often is it low?", "answer": "days(left < 1 [day])"}},
}


def test_a_clock_that_depends_on_the_step_does_not_pass(tmp_path: Path) -> None:
    sheet = planted(tmp_path, **CLOCK).validate(worlds=16)
    test = sheet.test("time_step")
    assert test.verdict == "does not pass"
    assert [one.element for one in test.where] == ["when_low", "left"]
    assert test.where[1].says == "moves a stock by left / 1 [day]"
    (one,) = sheet.steps
    assert one.tolerance == 0  # nothing is drawn


def test_decay_differs_by_what_euler_differs(tmp_path: Path) -> None:
    case = planted(
        tmp_path,
        stocks={"x": {"start": 1, "change": "-x / 4 [day]"}},
        questions={"left": {"asks": "How much?", "answer": "x on 2031-05-10"}},
    )
    (one,) = case.validate(worlds=16).steps
    for way, parts in (("Euler, 1 step", 1), ("Euler, 2 steps", 2), ("Euler, 4 steps", 4), ("Euler, 8 steps", 8)):
        assert one.answers[way] == pytest.approx((1 - 1 / 4 / parts) ** (10 * parts))
    assert one.answers["Runge–Kutta"] == pytest.approx(math.exp(-10 / 4), rel=2e-4)


def test_a_decision_that_never_comes_up_is_named(tmp_path: Path) -> None:
    case = planted(
        tmp_path,
        options={"ann": {"go": {"says": "Go."}, "stay": {"says": "Stay."}, "wait": {"says": "Wait.", "lasting": True}}},
        decisions={
            "ann.go": {"usual": "0.2..0.4", "when": "day > 400 [day]"},
            "ann.stay": {"usual": 0.5, "when": "day == 4 [day] or day == 9 [day]"},
            "ann.wait": {"usual": 0.5, "when": "true"},
        },
        questions={"goes": {"asks": "Does she go?", "answer": "ever(ann.go or ann.stay or ann.wait)"}},
    )  # fmt: skip
    sheet = case.validate(quick=True, worlds=1_024)
    test = sheet.test("decision_occasions")
    assert test.verdict == "does not pass"
    assert [one.element for one in test.where] == ["ann.go"]
    told = {one.decision: one for one in sheet.occasions}
    assert told["ann.go"].mean == 0
    assert told["ann.go"].taken is None
    assert told["ann.stay"].mean == 2
    assert told["ann.stay"].taken == pytest.approx(0.5, abs=0.05)
    # What lasts comes up until it is taken: 1 / 0.5 times on the average, and is taken once.
    assert told["ann.wait"].mean == pytest.approx(2, abs=0.15)
    assert told["ann.wait"].taken == pytest.approx(0.5, abs=0.04)


def test_a_decision_without_occasion_comes_up_when_what_it_reads_changes(tmp_path: Path) -> None:
    case = planted(
        tmp_path, 10,
        options={"ann": {"go": {"says": "Go."}}},
        decisions={"ann.go": {"usual": 0.5, "leans": [{"toward": "share(x, 9)", "odds": 2}]}},
        auxiliaries={"x": {"equals": "step(1, 2031-05-04) + step(1, 2031-05-08)"}},
        questions={"goes": {"asks": "Does she go?", "answer": "ever(ann.go)"}},
    )  # fmt: skip
    (one,) = case.validate(quick=True, worlds=16).occasions
    assert one.mean == 2


# ---- the worlds are those of a run


def test_worlds_answer_as_a_run_does() -> None:
    case = load("harbour_truce")
    made = run(case, worlds=4_096, seed=3, replicates=16)
    program = build_program(case)
    draws = made.main.part.design.draws
    drawn = Draws(case, 3, program.parameters).take(np.arange(draws, dtype=np.uint32))
    survey = survey_of(case, program, columns_of(drawn, 16), 3)
    assert float(survey.answers["holds_to_friday"] @ survey.weight) == pytest.approx(
        made.answers["holds_to_friday"].probability, abs=1e-5
    )
    mean = made.answers["captives_by_june"].mean
    assert float(survey.answers["captives_by_june"] @ survey.weight) == pytest.approx(mean, rel=1e-4)


# ---- the door


def test_a_quick_sheet_says_what_it_left_out(tmp_path: Path) -> None:
    sheet = planted(tmp_path, **tank()).validate(quick=True, worlds=16)
    assert {one.name for one in sheet.having("not tried")} == {"longer_horizon", "time_step", "range_width"}
    assert {one.says for one in sheet.having("not tried")} == {QUICK}
    assert not sheet.provenance.partial


def test_a_stop_leaves_the_rest_untried(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    sheet = planted(tmp_path, **tank()).validate(worlds=16, stop=stop)
    assert sheet.provenance.partial
    assert sheet.test("unit_consistency").verdict == "passes"
    untried = sheet.having("not tried")
    assert {one.name for one in untried} >= {"range_ends", "doubled_ranges", "longer_horizon", "time_step"}
    assert all(STOPPED in one.says for one in untried)
    assert sheet.listing


@pytest.mark.parametrize("quick", [True, False])
def test_progress_ends_where_it_was_said_to(tmp_path: Path, quick: bool) -> None:
    case = planted(tmp_path, **tank())
    done: list[int] = []
    case.validate(quick=quick, worlds=16, progress=done.append)
    assert sum(done) == stage_count(case, quick)


def test_the_same_seed_gives_the_same_sheet(tmp_path: Path) -> None:
    case = planted(tmp_path, **tank())
    first, second, other = (case.validate(quick=True, worlds=64, seed=seed) for seed in (4, 4, 5))
    assert first == second
    assert first != other


def test_too_few_worlds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="worlds: expected a whole number from 16"):
        planted(tmp_path, **tank()).validate(worlds=15)
