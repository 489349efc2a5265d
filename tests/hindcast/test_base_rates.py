"""How long cases lasted: against published curves, formulas written out, and every way a sample can be cut."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.hindcast import base_rates
from detente.hindcast.base_rates import Survival, survival
from detente.results import clopper_pearson
from detente.runtime import current
from detente.scenario import ReferenceClass
from tests.hindcast.classes import REMISSION, cases, curve


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


@pytest.mark.parametrize("lasted", [(1, 2, 3, 4), (5, 9), (2, 3, 5, 7, 11, 13), (1, 1, 1, 8, 8, 9, 9, 10)])
def test_the_median_is_the_first_day_by_which_half_had_ended(lasted: tuple[int, ...]) -> None:
    half = sorted(lasted)[len(lasted) // 2 - 1]
    assert survival(cases([(float(days), 1) for days in lasted])).median == half
    days = sorted(set(lasted))
    points = [(float(day), sum(one <= day for one in lasted) / len(lasted)) for day in days]
    assert survival(curve(points, len(lasted))).median == half


def test_cases_that_all_still_run_have_no_median() -> None:
    found = survival(cases([(2.0, 0), (5.0, 0)]))
    assert (found.median, found.events) == (None, 0)
    assert set(found.share) == {1.0}
    assert found.low[-1] == clopper_pearson(1, 1)[0]  # by then one of them was still watched


def product_limit(lasted: list[tuple[int, bool]]) -> dict[int, tuple[float, float]]:
    """Return by hand, for each day on which one ends or is last seen, the share going on and the sum of Greenwood."""
    share, spread, found = 1.0, 0.0, {}
    for day in sorted({days for days, _ in lasted}):
        watched = sum(days >= day for days, _ in lasted)
        ended = sum(days == day and end for days, end in lasted)
        share *= 1 - ended / watched
        spread += ended / (watched * (watched - ended)) if ended < watched else math.inf
        found[day] = (share, spread)
    return found


@settings(max_examples=100)
@given(lasted=st.lists(st.tuples(st.integers(1, 15), st.booleans()), min_size=1, max_size=20))
def test_curve_and_interval_are_those_worked_out_by_hand(lasted: list[tuple[int, bool]]) -> None:
    found, by_hand = survival(cases([(float(days), end) for days, end in lasted])), product_limit(lasted)
    assert found.days == (0.0, *(float(day) for day in by_hand))
    for day, share, low, high in zip(found.days[1:], found.share[1:], found.low[1:], found.high[1:], strict=True):
        going, spread = by_hand[int(day)]
        assert share == pytest.approx(going, abs=1e-9)
        if 1e-9 < going < 1:
            half = 1.959964 * math.sqrt(spread) / math.log(going)
            assert (low, high) == pytest.approx((going ** math.exp(-half), going ** math.exp(half)), abs=1e-6)
        else:
            watched = sum(days >= day for days, _ in lasted)
            exact = clopper_pearson(watched, watched) if going == 1 else clopper_pearson(0, len(lasted))
            assert (low, high) == exact


@settings(max_examples=30)
@given(lasted=st.lists(st.floats(0.1, 400), min_size=1, max_size=20))
def test_without_cases_that_still_run_it_is_the_plain_share(lasted: list[float]) -> None:
    found = survival(cases([(days, 1) for days in lasted]))
    for day, share, low, high in zip(found.days, found.share, found.low, found.high, strict=True):
        assert share == pytest.approx(sum(days > day for days in lasted) / len(lasted), abs=1e-9)
        assert 0 <= low <= share + 1e-9
        assert share - 1e-9 <= high <= 1


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


def test_nothing_is_warned_of_and_a_plain_import_does_not_load_the_library() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        survival(cases([(2.0, 0), (3.0, 1)]))
    said = subprocess.run(
        [sys.executable, "-c", "import sys, detente.hindcast.base_rates, detente.hindcast.crps; "
         "print([name for name in ('scipy.stats', 'pandas', 'scoringrules') if name in sys.modules])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "[]"


def test_a_curve_is_frozen() -> None:
    found = survival(curve([(7, 0.1)]))
    assert isinstance(found, Survival)
    with pytest.raises(AttributeError):
        found.n = 3  # type: ignore[misc]


def test_a_curve_is_kept_by_all_that_it_depends_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    fitted: list[ReferenceClass] = []

    def noted(reference_class: ReferenceClass) -> Survival:
        fitted.append(reference_class)
        return Survival((0.0,), (1.0,), (1.0,), (1.0,), None, 1, 0, True, "")

    monkeypatch.setattr(base_rates, "_fitted", noted)
    told = cases([(3.0, True), (9.0, False)])

    def again() -> int:
        survival.cache_clear()
        survival(told)
        return len(fitted)

    assert (again(), again()) == (1, 1)
    here = current()
    monkeypatch.setattr(base_rates, "version", lambda name: "0.1" if name == "scipy" else version(name))
    assert again() == 2
    monkeypatch.setattr(base_rates, "version", version)
    others: list[Any] = [{"versions": {"numpy": "1.0"}}, {"processor": "another"}]
    for count, other in enumerate(others, start=3):
        changed = dataclasses.replace(here, **other)
        monkeypatch.setattr(base_rates, "current", lambda changed=changed: changed)
        assert again() == count
    monkeypatch.setattr(base_rates, "current", lambda: here)
    monkeypatch.setattr(base_rates, "fingerprint_of_code", lambda *rooms: f"changed {rooms}")
    assert again() == 5
    told = cases([(3.0, True), (9.0, True)])
    assert again() == 6
    survival.cache_clear()
