"""The simplest forecasts that look at no day of the crisis: for the question's own days, and with n."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta

from detente.hindcast.baselines import base_rate, base_rate_sample, even_odds
from detente.hindcast.brier import brier
from detente.hindcast.crps import crps
from detente.hindcast.result import Forecast
from detente.scenario import Case, ReferenceClass, load
from detente.scenario.model import ClassUse
from tests.hindcast.classes import cases

QUIET = """\
case: quiet
title: A truce with nobody in it
authors: [a test]
viewpoint: None.
as_of: "2031-05-03T12:00+02:00"
starts: "2031-05-01"
days: 10
actors:
  varland: {name: Varland, is: government}
options:
  varland:
    keep: {says: Keep the truce., start: true}
    offer: {says: What it offers., one_of: [none, some, all], start: none}
decisions:
  varland.keep: {when: true, usual: {chance: 0.5..0.9}}
  varland.offer: {when: true, usual: {some: 0.1..0.3, all: 0.1..0.3}}
outside_views:
  kept_before: {says: Truces kept before., happened: 2, of: 9}
questions:
  kept: {asks: Is it kept on 8 May?, answer: varland.keep on 2031-05-08, outside_view: kept_before}
  unlike: {asks: Is it kept on 9 May?, answer: varland.keep on 2031-05-09}
  ends: {asks: When does it end?, answer: first_day(not varland.keep)}
  length: {asks: How long does it hold?, answer: days(varland.keep)}
  share: {asks: On which share of days?, answer: "days(varland.keep) / 10 [day]"}
  offered: {asks: What is offered?, answer: varland.offer on 2031-05-08}
"""


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder: Path = tmp_path_factory.mktemp("cases") / "quiet"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(QUIET, encoding="utf-8")
    return load(folder)


def with_class(case: Case, question: str, reference_class: ReferenceClass, **how: object) -> Case:
    use = ClassUse.model_validate({"name": "truces", **how})
    asked = case.scenario.questions[question].model_copy(update={"reference_class": use, "outside_view": None})
    scenario = case.scenario.model_copy(update={"questions": {**case.scenario.questions, question: asked}})
    elements = replace(case.elements, reference_classes={"truces": reference_class})
    return replace(case, scenario=scenario, elements=elements)


def test_even_odds_are_for_questions_with_answers_to_choose_from(quiet: Case) -> None:
    kept, offered = even_odds(quiet, "kept"), even_odds(quiet, "offered")
    assert kept is not None
    assert kept.probability == 0.5
    assert offered is not None
    assert offered.shares == {"none": 1 / 3, "some": 1 / 3, "all": 1 / 3}
    assert even_odds(quiet, "ends") is None
    assert even_odds(quiet, "length") is None


def told(case: Case, question: str) -> Forecast:
    found = base_rate(case, question)
    assert found is not None
    return found


def test_the_base_rate_of_a_yes_or_no_can_be_its_outside_view(quiet: Case) -> None:
    found = told(quiet, "kept")
    assert found.probability == pytest.approx(2.5 / 10)
    assert found.range == pytest.approx(tuple(beta(2.5, 7.5).ppf([0.05, 0.95])))
    assert (found.cases, found.assumes) == (9.0, "It goes as in the cases counted: it happened in 2 of 9.")
    assert base_rate(quiet, "unlike") is None
    assert base_rate(quiet, "offered") is None


TRUCES = [(1.0, 1), (2.4, 1), (2.6, 1), (4.5, 1), (6.0, 1), (7.2, 1), (80.0, 1)]
"""Five of the seven lasted longer than this one has at the cut, two and a half days; the middle one 3.5 days more."""


def by_hand(lasted: float, further: float) -> float:
    """Add one case, with the middle further time of the five, to those that lasted so long."""
    return (sum(days >= lasted for days, _ in TRUCES) + 3.5 / (3.5 + further)) / 6


def test_a_class_answers_yes_or_no_for_the_days_that_are_asked_about(quiet: Case) -> None:
    lasts = told(with_class(quiet, "kept", cases(TRUCES), yes_if="lasts"), "kept")  # to the end of 8 May: eight days
    assert lasts.probability == pytest.approx(by_hand(8.0, 5.5))
    assert (lasts.cases, lasts.assumes) == (
        5.0,
        "It goes on as in the 5 cases, of 7, that had lasted as long as this one.",
    )
    happens = told(with_class(quiet, "kept", cases(TRUCES), yes_if="happens"), "kept")
    assert happens.probability == pytest.approx(1 - by_hand(8.0, 5.5))
    assert lasts.range is not None
    assert happens.range == pytest.approx((1 - lasts.range[1], 1 - lasts.range[0]))
    sooner = told(with_class(quiet, "kept", cases(TRUCES), yes_if="lasts", until="2031-05-05"), "kept")
    assert sooner.probability == pytest.approx(by_hand(5.0, 2.5))
    later = told(with_class(quiet, "kept", cases(TRUCES), yes_if="lasts", began="2031-05-02T12:00+02:00"), "kept")
    assert later.cases == 6.0  # of which it is known that they lasted a day


def test_what_had_lasted_when_it_begins_to_count_is_taken_as_given(quiet: Case) -> None:
    case = with_class(quiet, "kept", cases(TRUCES), yes_if="happens", **{"from": "2031-05-07"})
    found = told(case, "kept")
    assert found.cases == 2.0  # those that lasted longer than six days
    assert found.probability == pytest.approx(1 - (1 + 1.2 / (1.2 + 2)) / 3)


def test_the_base_rate_of_a_date_has_the_spread_that_so_few_cases_allow(quiet: Case) -> None:
    case = with_class(quiet, "ends", cases(TRUCES))
    days, weights = base_rate_sample(case, "ends") or (np.zeros(0), np.zeros(0))
    by_day = dict(zip(days.tolist(), weights.tolist(), strict=True))
    assert by_day[4.0] == pytest.approx(by_hand(4.0, 1.5) - by_hand(5.0, 2.5))
    assert by_day[np.inf] == pytest.approx(by_hand(10.0, 7.5))
    assert sum(by_day[day] for day in (0.0, 1.0)) == 0.0
    found = told(case, "ends")
    assert found.never == pytest.approx(by_hand(10.0, 7.5))
    assert found.quantiles == {
        "5": "2031-05-03", "25": "2031-05-05", "50": "2031-05-07", "75": "2031-05-08", "95": None,
    }  # fmt: skip
    assert base_rate(with_class(quiet, "ends", cases([(1.0, 1)])), "ends") is None


def test_one_case_is_no_single_day(quiet: Case) -> None:
    """The kind of fault: a single case beyond the cut made the base rate certain of its day."""
    found = told(with_class(quiet, "ends", cases([(1.0, 1), (5.0, 1)])), "ends")
    assert found.cases == 1.0
    assert found.quantiles is not None
    assert found.quantiles["5"] != found.quantiles["95"]


def test_days_that_are_counted_are_whole_and_say_the_same_as_the_day(quiet: Case) -> None:
    ends, length = (with_class(quiet, name, cases(TRUCES)) for name in ("ends", "length"))
    days, chances = base_rate_sample(ends, "ends") or (np.zeros(0), np.zeros(0))
    counted, same = base_rate_sample(length, "length") or (np.zeros(0), np.zeros(0))
    assert counted.tolist() == np.minimum(days, 10).tolist()
    assert same.tolist() == chances.tolist()
    assert told(length, "length").quantiles == {"5": 2.0, "25": 4.0, "50": 6.0, "75": 7.0, "95": 10.0}
    assert base_rate(quiet, "length") is None
    assert base_rate_sample(with_class(quiet, "kept", cases([(3.0, 1)]), yes_if="lasts"), "kept") is None


# ---- the questions of November 2023 ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def november() -> Case:
    return load("november_2023")


def test_a_new_truce_is_asked_about_for_its_own_days(november: Case) -> None:
    """Not 184 of 366, which is for 90 days: by the published curve 42 % for 62 days, 35 % after seven without one."""
    at, share = [0.0, 7.0, 14.0, 30.0, 90.0], [0.0, 0.145, 0.235, 0.328, 0.504]
    happened = {day: float(np.interp(day, at, share)) for day in (7, 62, 69)}
    assert happened[62] == pytest.approx(0.422, abs=5e-4)
    conditioned = (happened[69] - happened[7]) / (1 - happened[7])
    assert conditioned == pytest.approx(0.348, abs=5e-4)
    found = told(november, "new_truce_by_31_january")
    assert found.probability == pytest.approx(conditioned, abs=5e-4)  # one case of 314 is imagined
    assert found.cases == pytest.approx(366 * (1 - 0.145))
    assert brier(found.probability or 0.0, False) == pytest.approx(0.121, abs=5e-4)


def test_the_end_of_the_truce_has_one_case_behind_it_and_says_so(november: Case) -> None:
    ends, length = told(november, "truce_ends"), told(november, "truce_length")
    assert ends.cases == length.cases == 1.0
    assert "the one case, of 9" in ends.assumes
    assert ends.quantiles is not None
    assert (ends.quantiles["50"], length.quantiles["50"]) == ("2023-12-02", 8.0)  # type: ignore[index]
    assert ends.quantiles["5"] < "2023-12-01" < "2023-12-20" < ends.quantiles["95"]
    for name in ("truce_ends", "truce_length"):
        values, weights = base_rate_sample(november, name) or (np.zeros(0), np.zeros(0))
        assert crps(np.minimum(values, 69), weights, 7.0) == pytest.approx(1.0, abs=0.01)


def test_nothing_but_yes_or_no_has_a_count_beside_it(november: Case) -> None:
    for name, asked in november.scenario.questions.items():
        assert asked.outside_view is None or november.elements.questions[name].kind.name == "truth", name
