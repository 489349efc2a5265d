"""Where outcomes fall in forecasts, and whether what is given 70 % comes in seven cases of ten."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from detente.hindcast.calibration import pit, pit_histogram, reliability


def test_a_place_worked_by_hand() -> None:
    values, weights = np.array([3.0, 1.0, 2.0, 2.0]), np.array([1.0, 2.0, 3.0, 4.0])
    assert pit(values, weights, 2.0) == pytest.approx((2 + 0.5 * 7) / 10)
    assert pit(values, weights, 2.0, uniform=0.0) == pytest.approx(0.2)
    assert pit(values, weights, 2.0, uniform=1.0) == pytest.approx(0.9)
    assert pit(values, weights, 2.5) == pytest.approx(0.9)
    assert pit(values, weights, 0.0) == 0.0
    assert pit(values, weights, 9.0) == 1.0


def test_a_day_that_never_comes_has_its_place() -> None:
    values, weights = np.array([3.0, math.inf]), np.array([1.0, 3.0])
    assert pit(values, weights, 3.0) == pytest.approx(0.125)
    assert pit(values, weights, math.inf) == pytest.approx(0.625)


@given(
    values=st.lists(st.integers(-5, 5), min_size=1, max_size=20),
    outcome=st.integers(-6, 6),
    uniform=st.floats(0, 1),
    by=st.integers(-5, 5),
)
def test_a_place_lies_between_0_and_1_and_keeps_under_any_rising_change(
    values: list[int], outcome: int, uniform: float, by: int
) -> None:
    sample, weights = np.array(values, np.float64), np.ones(len(values))
    place = pit(sample, weights, outcome, uniform)
    assert 0 <= place <= 1
    assert pit((sample + by) ** 3, weights * 7, (outcome + by) ** 3, uniform) == pytest.approx(place)
    assert pit(-sample, weights, -outcome, 1 - uniform) == pytest.approx(1 - place)


def test_places_of_a_calibrated_forecast_are_uniform_also_with_ties() -> None:
    rng = np.random.default_rng(1)
    forecast, weights = rng.binomial(6, 0.4, 4_000).astype(float), np.ones(4_000)
    shares = np.bincount(forecast.astype(int), minlength=7) / 4_000
    came = rng.choice(7, 500, p=shares)
    places = [
        pit(forecast, weights, float(outcome), float(u)) for outcome, u in zip(came, rng.uniform(size=500), strict=True)
    ]
    assert kstest(places, "uniform").pvalue > 0.01


def test_what_is_no_distribution_has_no_place() -> None:
    for values, weights, outcome in (([1.0], [0.0], 1.0), ([math.nan], [1.0], 1.0), ([1.0], [1.0], math.nan)):
        with pytest.raises(ValueError, match="distribution"):
            pit(np.array(values), np.array(weights), outcome)


def test_reliability_worked_by_hand() -> None:
    bars = reliability([0.1, 0.15, 0.9, 0.2, 1.0], [False, True, True, False, True], bins=5)
    assert [bar.low for bar in bars] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    assert [bar.high for bar in bars] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1])
    assert [bar.count for bar in bars] == [2, 1, 0, 0, 2]
    assert bars[0].mean == pytest.approx(0.125)
    assert bars[0].came == pytest.approx(0.5)
    assert (bars[2].mean, bars[2].came) == (None, None)
    assert bars[4].came == 1.0


def test_forecasts_of_one_event_weigh_as_one() -> None:
    (bar,) = reliability([0.2, 0.4, 0.8], [False, False, True], [0.5, 0.5, 1.0], bins=1)
    assert bar.count == 3
    assert bar.mean == pytest.approx((0.1 + 0.2 + 0.8) / 2)
    assert bar.came == pytest.approx(0.5)


def test_a_calibrated_forecaster_lies_on_the_diagonal() -> None:
    rng = np.random.default_rng(3)
    said = rng.uniform(size=20_000)
    for bar in reliability(list(said), list(rng.uniform(size=20_000) < said)):
        assert bar.mean is not None
        assert bar.came is not None
        assert bar.came == pytest.approx(bar.mean, abs=0.03)


@given(places=st.lists(st.floats(0, 1), min_size=1, max_size=40), bins=st.integers(1, 10))
def test_every_place_lies_in_one_bar(places: list[float], bins: int) -> None:
    bars = pit_histogram(places, bins=bins)
    assert sum(bar.count for bar in bars) == len(places)
    assert math.fsum(bar.came or 0 for bar in bars) == pytest.approx(1)
    for bar in bars:
        assert bar.count == sum(bar.low <= place < bar.high or (bar.high == 1 and place == 1) for place in places)
        assert bar.mean is None or bar.low <= bar.mean + 1e-12 <= bar.high + 2e-12


def test_places_may_be_weighted_and_none_leaves_the_bars_empty() -> None:
    low, high = pit_histogram([0.1, 0.2, 0.9], [0.5, 0.5, 3.0], bins=2)
    assert (low.count, low.came) == (2, 0.25)
    assert (high.count, high.came) == (1, 0.75)
    assert high.mean == pytest.approx(0.9)
    assert [(bar.count, bar.came) for bar in pit_histogram([], bins=2)] == [(0, None), (0, None)]
