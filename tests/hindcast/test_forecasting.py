"""Forecasts of each kind of question from weighted worlds, and their scores."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from detente.dynamics import Program, build_program
from detente.hindcast.forecasting import Asked, forecast, point
from detente.hindcast.resolution import Outcome
from detente.scenario import Case, load
from tests.hindcast.synthetic import crisis

EVEN = np.ones((2, 4))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return load(crisis(tmp_path_factory.mktemp("crisis")))


@pytest.fixture(scope="module")
def program(case: Case) -> Program:
    return build_program(case)


def asked(case: Case, program: Program, name: str, outcome: Outcome) -> Asked:
    return Asked(program, case.elements.questions[name], outcome)


def test_a_yes_no_is_a_weighted_share(case: Case, program: Program) -> None:
    values = np.array([[1, 1, 0, 0], [1, 0, 0, 0]], np.float32)
    weights = np.array([[2, 2, 1, 1], [1, 1, 1, 1]], np.float64)
    found, fell = forecast(asked(case, program, "truce_on_20_may", True), values, weights)
    assert found.probability == pytest.approx(0.5)
    assert fell is None
    assert found.unanswered == 0
    assert found.scores == pytest.approx({"brier": 0.25, "log": np.log(2), "spherical": 1 - 0.5**0.5})


def test_no_share_is_nothing_or_all(case: Case, program: Program) -> None:
    found, _ = forecast(asked(case, program, "truce_on_20_may", False), np.ones((2, 4)), EVEN)
    assert found.probability == 0.999
    assert found.range is None  # two draws that do not differ
    assert found.scores["log"] == pytest.approx(-np.log(0.001))


def test_a_number_has_quantiles_by_weight(case: Case, program: Program) -> None:
    values = np.arange(8, dtype=np.float32).reshape(2, 4)
    found, fell = forecast(asked(case, program, "away_on_30_may", 3.0), values, EVEN)
    assert found.quantiles == {"5": 0, "25": 1, "50": 3, "75": 5, "95": 7}
    assert fell == pytest.approx(3.5 / 8)
    assert found.scores["interval_50"] == pytest.approx(4)
    assert found.scores["interval_90"] == pytest.approx(7)
    # |x - 3| on average, less half of how far two of the values lie apart.
    assert found.scores["crps"] == pytest.approx(2 - np.abs(np.subtract.outer(range(8), range(8))).mean() / 2)


def test_a_day_that_never_comes_lies_one_beyond_the_last(case: Case, program: Program) -> None:
    values = np.array([[14, 14, 20, np.inf], [16, 20, np.inf, np.inf]], np.float32)
    kept, fell = forecast(asked(case, program, "next_break", None), values, EVEN)
    assert kept.never == pytest.approx(3 / 8)
    assert kept.quantiles == {"5": "2031-05-15", "25": "2031-05-15", "50": "2031-05-21", "75": None, "95": None}
    assert fell == pytest.approx(1 - 3 / 16)
    days = np.array([14, 14, 20, 30, 16, 20, 30, 30])
    spread = np.abs(np.subtract.outer(days, days)).mean() / 2
    assert kept.scores["crps"] == pytest.approx(np.abs(days - 30).mean() - spread)
    came, _ = forecast(asked(case, program, "next_break", dt.date(2031, 5, 17)), values, EVEN)
    assert came.scores["crps"] == pytest.approx(np.abs(days - 16).mean() - spread)
    later, _ = forecast(asked(case, program, "next_break", dt.date(2031, 8, 1)), values, EVEN)
    assert later.scores == kept.scores  # beyond the days of the model it never came


def test_a_choice_has_a_share_for_each_alternative(case: Case, program: Program) -> None:
    values = np.array([[0, 0, 1, 1], [1, 1, 1, 0]], np.float32)
    found, fell = forecast(asked(case, program, "terms_on_16_may", "ten"), values, EVEN)
    assert found.shares is not None
    assert fell is None
    assert found.shares["ten"] == pytest.approx(0.625, abs=1e-3)
    assert found.shares["all"] == pytest.approx(0.001, rel=0.01)
    assert sum(found.shares.values()) == pytest.approx(1)
    assert set(found.scores) == {"brier", "log", "spherical"}


def test_worlds_without_an_answer_are_left_out_and_told(case: Case, program: Program) -> None:
    values = np.array([[np.nan, 2, 2, 2], [4, 4, np.nan, 4]], np.float32)
    weights = np.array([[3, 1, 1, 1], [1, 1, 0, 0]], np.float64)
    found, fell = forecast(asked(case, program, "away_on_30_may", 2.0), values, weights)
    assert found.unanswered == pytest.approx(3 / 8)
    assert found.quantiles is not None
    assert found.quantiles["50"] == 2
    assert fell == pytest.approx(0.3)
    nothing, fell = forecast(asked(case, program, "away_on_30_may", 2.0), np.full((2, 4), np.nan), EVEN)
    assert nothing.unanswered == 1
    assert nothing.quantiles is None
    assert nothing.scores == {}
    assert fell is None


def test_the_range_leaves_luck_out(case: Case, program: Program) -> None:
    dice = np.random.default_rng(1)
    shares = np.where(np.arange(1000) < 500, 0.3, 0.7)
    values = (dice.random((1000, 16)) < shares[:, None]).astype(np.float64)
    yes = asked(case, program, "truce_on_20_may", True)
    assert forecast(yes, values, np.ones_like(values))[0].range == pytest.approx((0.3, 0.7), abs=0.07)
    pure = (dice.random((1000, 16)) < 0.5).astype(np.float64)
    assert forecast(yes, pure, np.ones_like(pure))[0].range is None


def test_draws_without_weight_have_no_say(case: Case, program: Program) -> None:
    dice = np.random.default_rng(2)
    values = dice.random((400, 16)) < np.linspace(0.1, 0.6, 400)[:, None]
    yes = asked(case, program, "truce_on_20_may", True)
    alone, _ = forecast(yes, values.astype(np.float64), np.ones((400, 16)))
    beside = np.concatenate([values, np.ones((400, 16), bool)]).astype(np.float64)
    weights = np.repeat([1e-200, 0.0], 400)[:, None] * np.ones(16)
    found, _ = forecast(yes, beside, weights)
    assert found.range == pytest.approx(alone.range)


def test_a_point_is_scored_by_its_distance(case: Case, program: Program) -> None:
    number = point(asked(case, program, "away_on_30_may", 520.0), 500.0, 0.01)
    assert number.scores["crps"] == pytest.approx(20)
    assert set(number.quantiles or {}) == {"5", "25", "50", "75", "95"}
    never = point(asked(case, program, "next_break", dt.date(2031, 5, 20)), 30.0, 0.01)
    assert never.never == 1
    assert never.scores["crps"] == pytest.approx(11)
    sure = point(asked(case, program, "truce_on_20_may", True), 1.0, 0.01)
    assert sure.probability == 0.99


def test_units_are_those_of_scores(case: Case, program: Program) -> None:
    units = {name: asked(case, program, name, None).unit for name in case.elements.questions}
    assert units == {"truce_on_20_may": "", "away_on_30_may": "person", "next_break": "day", "terms_on_16_may": ""}
