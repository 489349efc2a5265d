"""How long cases lasted: against published curves, formulas written out, and every way a sample can be cut."""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

import tests.strategies  # noqa: F401  # the profile without deadlines
from detente.hindcast.base_rates import Survival, lasting_times, survival
from detente.hindcast.baselines import base_rate, base_rate_sample, even_odds
from detente.results import clopper_pearson
from detente.scenario import Case, ReferenceClass, load
from detente.scenario.elements import Spell

REMISSION = [(6, 1)] * 3 + [(7, 1), (10, 1), (13, 1), (16, 1), (22, 1), (23, 1)] + [
    (weeks, 0) for weeks in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
]  # fmt: skip
"""The trial of 6-mercaptopurine of 1963, with which textbooks show the estimate (Cox and Oakes 1984, table 1.1)."""


def cases(lasted: list[tuple[float, int]]) -> ReferenceClass:
    spells = tuple(Spell(dt.date(2031, 1, 1), days, bool(ended), "office", "high", "") for days, ended in lasted)
    return ReferenceClass("truces", "Truces of other years.", (), spells, (), len(spells), ("reference_classes", "t"))


def curve(points: list[tuple[float, float]], of: int = 100) -> ReferenceClass:
    return ReferenceClass("truces", "A published curve", (), (), tuple(points), of, ("reference_classes", "t"))


def test_the_textbook_example_of_kaplan_and_meier() -> None:
    found = survival(cases([(float(weeks), ended) for weeks, ended in REMISSION]))
    share = dict(zip(found.days, found.share, strict=True))
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448, 35: 0.448}
    assert {week: round(share[week], 3) for week in published} == published
    assert (found.n, found.events, found.median, found.steps) == (21, 9, 23.0, True)
    assert found.says == "Truces of other years. 21 cases, seen to end in 9, still running or not told in 12."


def test_intervals_are_greenwoods_on_the_scale_of_the_double_logarithm() -> None:
    found = survival(cases([(float(weeks), ended) for weeks, ended in REMISSION]))
    spread = 0.0
    for day, share, low, high in zip(found.days, found.share, found.low, found.high, strict=True):
        watched = sum(weeks >= day for weeks, _ in REMISSION)
        ended = sum(weeks == day and end for weeks, end in REMISSION)
        spread += ended / (watched * (watched - ended))
        if share < 1:
            half = 1.959964 * math.sqrt(spread) / math.log(share)
            assert (low, high) == pytest.approx((share ** math.exp(-half), share ** math.exp(half)), abs=1e-6)


def test_where_that_interval_has_no_width_the_exact_one_stands_in() -> None:
    found = survival(cases([(1.0, 1), (2.0, 1), (3.0, 1)]))
    assert found.days == (0.0, 1.0, 2.0, 3.0)
    assert found.share == pytest.approx((1, 2 / 3, 1 / 3, 0))
    assert (found.low[0], found.high[0]) == clopper_pearson(3, 3)
    assert (found.low[3], found.high[3]) == clopper_pearson(0, 3)
    assert found.high[3] == pytest.approx(0.708, abs=1e-3)
    assert found.median == 2.0


def test_cases_that_all_still_run_have_no_median() -> None:
    found = survival(cases([(2.0, 0), (5.0, 0)]))
    assert (found.median, found.events) == (None, 0)
    assert set(found.share) == {1.0}
    assert found.low[-1] == clopper_pearson(1, 1)[0]  # by then one of them was still watched


@settings(max_examples=40)
@given(lasted=st.lists(st.tuples(st.integers(1, 15), st.booleans()), min_size=2, max_size=20))
def test_another_library_gives_the_same_curve_and_interval(lasted: list[tuple[int, bool]]) -> None:
    ended, running = ([days for days, end in lasted if end is which] for which in (True, False))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where its interval has no width
        other = ecdf(CensoredData(uncensored=ended, right=running)).sf
        interval = other.confidence_interval(method="log-log")
    found = survival(cases([(float(days), end) for days, end in lasted]))
    for day, share, low, high in zip(found.days, found.share, found.low, found.high, strict=True):
        assert share == pytest.approx(float(other.evaluate(day)), abs=1e-9)
        if 0 < share < 1:
            assert low == pytest.approx(float(interval.low.evaluate(day)), abs=1e-6)
            assert high == pytest.approx(float(interval.high.evaluate(day)), abs=1e-6)


@settings(max_examples=30)
@given(lasted=st.lists(st.floats(0.1, 400), min_size=1, max_size=20))
def test_without_cases_that_still_run_it_is_the_plain_share(lasted: list[float]) -> None:
    found = survival(cases([(days, 1) for days in lasted]))
    for day, share, low, high in zip(found.days, found.share, found.low, found.high, strict=True):
        assert share == pytest.approx(sum(days > day for days in lasted) / len(lasted), abs=1e-9)
        assert 0 <= low <= share + 1e-9
        assert share - 1e-9 <= high <= 1


def lasting_beyond(found: Survival, day: float, so_far: float = 0.0) -> float | None:
    """Return the share lasting longer than a day among those that lasted so far, read off the curve itself."""

    def going(after: float) -> float:
        if not found.steps:
            return float(np.interp(after, found.days, found.share))
        return [share for at, share in zip(found.days, found.share, strict=True) if at <= after][-1]

    still = going(so_far) if so_far > 0 else 1.0
    return going(max(day, so_far)) / still if still > 0 else None


def test_published_points_have_exact_intervals() -> None:
    found = survival(curve([(7, 0.145), (30, 0.328), (90, 0.504)], of=366))
    assert found.days == (0.0, 7.0, 30.0, 90.0)
    assert found.share == pytest.approx((1, 0.855, 0.672, 0.496))
    assert (found.low[1], found.high[1]) == clopper_pearson(366 - 53, 366)
    assert (found.median, found.n, found.events, found.steps) == (90.0, 366, 184, False)
    assert found.says == "A published curve. 366 cases, seen to end in 184, still running or not told in 182."


def test_a_point_on_the_first_day_is_kept() -> None:
    assert survival(curve([(0, 0.2), (10, 0.4)])).share == pytest.approx((0.8, 0.6))
    assert survival(curve([(0, 0.2), (10, 1.0)])).says.endswith("seen to end in each.")


def test_what_lasted_already_no_longer_counts() -> None:
    found = survival(cases([(1.0, 1), (3.0, 1), (6.0, 1), (9.0, 1)]))
    assert lasting_beyond(found, 3.0) == pytest.approx(0.5)
    assert lasting_beyond(found, 6.0, so_far=3.0) == pytest.approx(0.5)
    assert lasting_beyond(found, 2.0, so_far=4.0) == pytest.approx(1.0)
    assert lasting_beyond(found, 12.0, so_far=9.0) is None
    times, weights = lasting_times(found, lasted=3.0) or ((), ())
    assert list(times) == [6.0, 9.0]
    assert list(weights) == pytest.approx([0.5, 0.5])
    assert lasting_times(found, lasted=9.0) is None


def test_hours_count_and_a_case_of_no_length_is_part_of_the_whole() -> None:
    found = survival(cases([(0.0, 1), (0.25, 1), (2.0, 1), (2.0, 0)]))
    times, weights = lasting_times(found) or ((), ())
    assert list(times) == [0.0, 0.25, 2.0, math.inf]
    assert list(weights) == pytest.approx([0.25] * 4)
    assert lasting_beyond(found, 0.0) == pytest.approx(0.75)


def test_between_published_points_lie_straight_lines() -> None:
    found = survival(curve([(10, 0.2), (20, 0.6)]))
    assert lasting_beyond(found, 15.0) == pytest.approx(0.6)
    assert lasting_beyond(found, 500.0) == pytest.approx(0.4)  # at most this: no later point is known
    times, weights = lasting_times(found, lasted=15.0) or (np.zeros(0), np.zeros(0))
    assert times.min() > 15
    assert weights[np.isinf(times)].sum() == pytest.approx(0.4 / 0.6)
    assert weights[times < 17.5].sum() == pytest.approx((0.6 - 0.5) / 0.6)


@settings(max_examples=50)
@given(
    lasted=st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=12),
    so_far=st.integers(0, 20),
    day=st.integers(0, 25),
    by_points=st.booleans(),
)
def test_times_and_shares_tell_the_same(lasted: list[tuple[int, bool]], so_far: int, day: int, by_points: bool) -> None:
    if by_points:
        days = sorted({float(days) for days, _ in lasted})
        found = survival(curve([(each, (n + 1) / (len(days) + 1)) for n, each in enumerate(days)]))
    else:
        found = survival(cases([(float(days), ended) for days, ended in lasted]))
    times = lasting_times(found, so_far)
    beyond = lasting_beyond(found, day, so_far)
    if times is None:
        assert beyond is None
        return
    values, weights = times
    assert weights.sum() == pytest.approx(1)
    assert (np.diff(values[np.isfinite(values)]) > 0).all()
    assert (values > so_far).all() or so_far == 0
    assert beyond is not None
    if not by_points or day in found.days:
        assert weights[values > max(day, so_far)].sum() == pytest.approx(beyond, abs=1e-9)


def test_nothing_is_warned_of_and_a_plain_import_does_not_load_the_library() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        survival(cases([(2.0, 0), (3.0, 1)]))
    said = subprocess.run(
        [sys.executable, "-c", "import sys, detente.hindcast.base_rates, detente.hindcast.crps; "
         "print([name for name in ('lifelines', 'pandas', 'scoringrules') if name in sys.modules])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "[]"


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


def with_class(case: Case, question: str, reference_class: ReferenceClass) -> Case:
    asked = case.scenario.questions[question].model_copy(update={"reference_class": "truces"})
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


def test_the_base_rate_of_a_yes_or_no_is_its_outside_view(quiet: Case) -> None:
    found = base_rate(quiet, "kept")
    assert found is not None
    assert found.probability == pytest.approx(2.5 / 10)
    assert base_rate(quiet, "unlike") is None
    assert base_rate(quiet, "offered") is None


def test_the_base_rate_of_a_date_is_how_long_others_lasted_that_lasted_so_long(quiet: Case) -> None:
    case = with_class(quiet, "ends", cases([(1.0, 1), (2.4, 1), (2.6, 1), (4.5, 1), (6.0, 1), (7.2, 1), (80.0, 1)]))
    days, weights = base_rate_sample(case, "ends") or (np.zeros(0), np.zeros(0))
    assert list(days) == [2.0, 4.0, 6.0, 7.0, math.inf]  # the cut lies two and a half days after the beginning
    assert list(weights) == pytest.approx([0.2] * 5)
    found = base_rate(case, "ends")
    assert found is not None
    assert found.quantiles == {
        "5": "2031-05-03", "25": "2031-05-05", "50": "2031-05-07", "75": "2031-05-08", "95": None,
    }  # fmt: skip
    assert found.never == pytest.approx(0.2)
    assert base_rate(with_class(quiet, "ends", cases([(1.0, 1)])), "ends") is None


def test_what_began_another_day_is_counted_from_then(quiet: Case) -> None:
    case = with_class(quiet, "ends", cases([(0.25, 1), (1.0, 1), (4.0, 1)]))
    days, weights = base_rate_sample(case, "ends", dt.date(2031, 5, 3)) or (np.zeros(0), np.zeros(0))
    assert list(days) == [3.0, 6.0]
    assert list(weights) == pytest.approx([0.5, 0.5])
    days, _ = base_rate_sample(case, "ends", dt.date(2031, 5, 4)) or (np.zeros(0), np.zeros(0))
    assert list(days) == [3.0, 4.0, 7.0]


def test_the_base_rate_of_a_number_of_days_ends_with_the_days_of_the_case(quiet: Case) -> None:
    case = with_class(quiet, "length", cases([(3.0, 1), (5.0, 1), (30.0, 0)]))
    found = base_rate(case, "length")
    assert found is not None
    assert found.quantiles == {"5": 3.0, "25": 3.0, "50": 5.0, "75": 10.0, "95": 10.0}
    assert base_rate(quiet, "length") is None
    assert base_rate(with_class(quiet, "share", cases([(3.0, 1)])), "share") is None
    assert base_rate_sample(with_class(quiet, "kept", cases([(3.0, 1)])), "kept") is None


def test_a_curve_is_frozen() -> None:
    found = survival(curve([(7, 0.1)]))
    assert isinstance(found, Survival)
    with pytest.raises(AttributeError):
        found.n = 3  # type: ignore[misc]


def test_what_is_published_for_the_first_day_comes_on_that_day() -> None:
    times, weights = lasting_times(survival(curve([(0, 0.5)]))) or (np.zeros(0), np.zeros(0))
    assert list(times) == [0.0, math.inf]
    assert list(weights) == pytest.approx([0.5, 0.5])
