"""Rows of the record are told as surprises only where chance does not explain so many."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from math import comb

import pytest

from detente.hindcast.predictive_check import PredictedRow, PredictiveCheck
from detente.hindcast.result import Bin, Skill, Summary
from detente.scenario import load
from detente.validation import validate
from detente.validation.forecast_scores import forecast_scores, reliability_of, scores_of
from detente.validation.predictive_rows import foretold_rows, predictive_rows
from detente.validation.structure import structure_of
from tests.brief.hindcasted import made_up

DAY = dt.date(2031, 5, 2)


def check(numbers: int, outside: int, choices: int = 0, unlikely: int = 0) -> PredictiveCheck:
    rows = [
        PredictedRow(DAY, "released_by_day", "", "", "person", "released", "follow", 7.0, None, (1.0, 2.0, 3.0), 0.9,
                     False, number < outside)
        for number in range(numbers)
    ]  # fmt: skip
    rows += [
        PredictedRow(DAY, "extension_agreed", "", "", "", "varland.extend", "choice", "yes", 0.02, None, None, True,
                     number < unlikely)
        for number in range(choices)
    ]  # fmt: skip
    return PredictiveCheck(tuple(rows), 512, 500.0, 1)


@pytest.mark.parametrize("outside", range(6))
def test_surprises_are_counted_against_the_binomial(outside: int) -> None:
    test = predictive_rows(structure_of(load("harbour_truce")), check(10, outside), "")
    by_hand = sum(comb(10, n) * 0.1**n * 0.9 ** (10 - n) for n in range(outside, 11))
    assert test.verdict == ("does not pass" if by_hand < 0.05 else "passes")
    assert f"{outside} of 10 numbers" in test.says
    assert len(test.where) == outside


def test_choices_with_little_chance_are_told() -> None:
    test = predictive_rows(structure_of(load("harbour_truce")), check(0, 0, 6, 3), "")
    assert test.verdict == "does not pass"
    assert test.where[0].says == "2031-05-02: the record says yes, to which the model gave 2 %"
    assert test.where[0].at.startswith("scenario.yaml:")


def test_without_a_record_nothing_is_foretold() -> None:
    sheet = validate("chicken", worlds=16)
    assert sheet.test("predictive_rows").verdict == "does not apply"
    assert sheet.foretold == ()
    assert foretold_rows(None) == ()


def test_the_harbour_s_record() -> None:
    sheet = validate("harbour_truce", quick=True, worlds=16)
    # Twelve and eleven were released on days on which the model releases ten.
    surprising = [one for one in sheet.foretold if one.outside]
    assert [(one.element, one.value) for one in surprising] == [("released", 12.0), ("released", 11.0)]
    assert sheet.test("predictive_rows").verdict == "does not pass"


@pytest.mark.parametrize(
    ("clusters", "in_sample", "skills", "verdict"),
    [
        (9, False, (0.2, 0.1), "passes"),
        (9, False, (0.2, -0.1), "does not pass"),
        (5, False, (0.2, 0.1), "described"),
        (9, True, (0.2, 0.1), "described"),
        (9, False, (), "described"),
    ],
)
def test_scores_are_judged_only_from_six_events_and_out_of_sample(
    clusters: int, in_sample: bool, skills: tuple[float, ...], verdict: str
) -> None:
    told = tuple(Skill("base_rate", "brier", 12, clusters, 0.1, 0.1 / (1 - skill), skill, None) for skill in skills)
    bins = (Bin(0.0, 0.5, 8, 0.2, 0.25), Bin(0.5, 1.0, 0, None, None))
    summary = Summary(in_sample, 1, 12, clusters, told, (), bins, (), "Few questions.")
    found = replace(made_up(1, 0), summaries=(summary,))
    test = forecast_scores(structure_of(load("harbour_truce")), found, "")
    assert test.verdict == verdict
    assert [one.skill for one in scores_of(found)] == list(skills)
    assert [one.count for one in reliability_of(found)] == ([8] if clusters >= 6 else [])
    if skills == (0.2, -0.1):
        assert test.says == "1 of 2 comparisons that rest on six events or more go against the model."
