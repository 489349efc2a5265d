"""Scores are losses, least in the mean for who says what they believe; they agree with their definitions."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from detente.hindcast.brier import brier, brier_of_shares
from detente.hindcast.crps import crps
from detente.hindcast.interval_score import interval_score
from detente.hindcast.logarithmic import logarithmic, logarithmic_of_shares
from detente.hindcast.spherical import spherical, spherical_of_shares

YES_NO = {"brier": brier, "log": logarithmic, "spherical": spherical}
SHARES = {"brier": brier_of_shares, "log": logarithmic_of_shares, "spherical": spherical_of_shares}
PROBABILITIES = st.floats(0.001, 0.999)
FINITE = st.floats(-1e6, 1e6)


@st.composite
def shares(draw: st.DrawFn) -> dict[str, float]:
    parts = draw(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=5))
    return {f"alternative_{number}": part / sum(parts) for number, part in enumerate(parts)}


@st.composite
def samples(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    values = draw(st.lists(st.one_of(st.floats(-1e3, 1e3), st.integers(-3, 3).map(float)), min_size=1, max_size=12))
    weights = draw(st.lists(st.floats(0.0, 1.0), min_size=len(values), max_size=len(values)))
    weights[0] = max(weights[0], 0.01)
    return np.array(values), np.array(weights)


def crps_by_definition(values: np.ndarray, weights: np.ndarray, outcome: float) -> float:
    """E|X - y| - E|X - X'| / 2, every pair of members written out."""
    weight = weights / weights.sum()
    pairs = np.abs(values[:, None] - values[None, :]) * weight[:, None] * weight[None, :]
    return float((np.abs(values - outcome) * weight).sum() - pairs.sum() / 2)


@pytest.mark.parametrize(
    ("score", "probability", "outcome", "loss"),
    [
        ("brier", 0.7, True, 0.09),
        ("brier", 0.7, False, 0.49),
        ("brier", 0.5, True, 0.25),
        ("brier", 1.0, False, 1.0),
        ("log", 0.5, False, math.log(2)),
        ("log", 0.8, True, -math.log(0.8)),
        ("log", 1.0, True, 0.0),
        ("log", 0.0, True, math.inf),
        ("spherical", 0.5, True, 1 - math.sqrt(0.5)),
        ("spherical", 0.6, True, 1 - 0.6 / math.sqrt(0.52)),
        ("spherical", 1.0, True, 0.0),
        ("spherical", 1.0, False, 1.0),
    ],
)
def test_losses_of_yes_and_no_worked_by_hand(score: str, probability: float, outcome: bool, loss: float) -> None:
    assert YES_NO[score](probability, outcome) == pytest.approx(loss, abs=1e-12)


@pytest.mark.parametrize("score", YES_NO)
@given(truth=PROBABILITIES, said=PROBABILITIES)
def test_nobody_does_better_in_the_mean_than_who_says_what_is_true(score: str, truth: float, said: float) -> None:
    def expected(probability: float) -> float:
        return truth * YES_NO[score](probability, True) + (1 - truth) * YES_NO[score](probability, False)

    assert expected(truth) <= expected(said) + 1e-12
    if abs(truth - said) > 0.01:
        assert expected(truth) < expected(said)


@pytest.mark.parametrize("score", SHARES)
@given(data=st.data(), truth=shares())
def test_the_true_shares_have_the_least_expected_loss(score: str, data: st.DataObject, truth: dict[str, float]) -> None:
    parts = data.draw(st.lists(st.floats(0.01, 1.0), min_size=len(truth), max_size=len(truth)))
    said = {name: part / sum(parts) for name, part in zip(truth, parts, strict=True)}
    honest = sum(share * SHARES[score](truth, name) for name, share in truth.items())
    assert honest <= sum(share * SHARES[score](said, name) for name, share in truth.items()) + 1e-12


@pytest.mark.parametrize("score", SHARES)
@given(probability=PROBABILITIES, outcome=st.booleans())
def test_two_alternatives_score_as_one_yes_or_no(score: str, probability: float, outcome: bool) -> None:
    both = {"yes": probability, "no": 1 - probability}
    found = SHARES[score](both, "yes" if outcome else "no")
    assert found == pytest.approx(YES_NO[score](probability, outcome), abs=1e-9)


@pytest.mark.parametrize("score", YES_NO)
@given(probability=PROBABILITIES, outcome=st.booleans())
def test_a_question_and_its_opposite_score_alike(score: str, probability: float, outcome: bool) -> None:
    loss = YES_NO[score](probability, outcome)
    assert loss >= 0
    assert loss == pytest.approx(YES_NO[score](1 - probability, not outcome), abs=1e-9)


@given(data=shares())
def test_bounds_of_brier_and_spherical(data: dict[str, float]) -> None:
    for name in data:
        assert 0 <= brier_of_shares(data, name) <= 1
        assert 0 <= spherical_of_shares(data, name) <= 1
        assert logarithmic_of_shares(data, name) == pytest.approx(-math.log(data[name]))


@pytest.mark.parametrize("score", YES_NO)
@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan, math.inf])
def test_what_is_no_probability_is_refused(score: str, wrong: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        YES_NO[score](wrong, True)


@pytest.mark.parametrize("score", SHARES)
def test_what_are_no_shares_is_refused(score: str) -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        SHARES[score]({"a": 0.5, "b": 0.4}, "a")
    with pytest.raises(ValueError, match="none of the alternatives"):
        SHARES[score]({"a": 0.5, "b": 0.5}, "c")
    with pytest.raises(ValueError, match="from 0 to 1"):
        SHARES[score]({"a": 1.5, "b": -0.5}, "a")


@given(sample=samples(), outcome=st.floats(-1e3, 1e3))
def test_crps_is_what_its_definition_says(sample: tuple[np.ndarray, np.ndarray], outcome: float) -> None:
    values, weights = sample
    assert crps(values, weights, outcome) == pytest.approx(crps_by_definition(values, weights, outcome), abs=1e-8)


@given(sample=samples(), outcome=st.floats(-1e3, 1e3), by=st.floats(-1e3, 1e3), times=st.floats(0.01, 100))
def test_crps_follows_the_unit_and_the_origin(
    sample: tuple[np.ndarray, np.ndarray], outcome: float, by: float, times: float
) -> None:
    values, weights = sample
    loss = crps(values, weights, outcome)
    assert crps(values + by, weights, outcome + by) == pytest.approx(loss, abs=1e-7)
    assert crps(values * times, weights * 3, outcome * times) == pytest.approx(loss * times, abs=1e-6)
    assert crps(values[::-1], weights[::-1], outcome) == pytest.approx(loss, abs=1e-9)


@given(value=FINITE, outcome=FINITE)
def test_crps_of_one_value_is_its_distance(value: float, outcome: float) -> None:
    assert crps(np.array([value]), np.ones(1), outcome) == pytest.approx(abs(value - outcome))


@settings(max_examples=25)
@given(sample=samples(), others=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=6))
def test_crps_is_proper(sample: tuple[np.ndarray, np.ndarray], others: list[float]) -> None:
    """Averaged over outcomes from the sample itself, the sample has the least loss."""
    values, weights = sample
    share = weights / weights.sum()
    rival = np.array(others)

    def expected(said: np.ndarray, by: np.ndarray) -> float:
        return sum(float(part) * crps(said, by, float(came)) for came, part in zip(values, share, strict=True) if part)

    assert expected(values, weights) <= expected(rival, np.ones(len(rival))) + 1e-8


@pytest.mark.parametrize("outcome", [-1.5, 0.0, 0.3, 4.0])
def test_crps_of_a_normal_in_closed_form(outcome: float) -> None:
    """Gneiting and Raftery 2007, equation 5: z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)."""
    levels = (np.arange(20_000) + 0.5) / 20_000
    closed = outcome * (2 * norm.cdf(outcome) - 1) + 2 * norm.pdf(outcome) - 1 / math.sqrt(math.pi)
    assert crps(norm.ppf(levels), np.ones(20_000), outcome) == pytest.approx(closed, abs=2e-4)


@pytest.mark.parametrize("outcome", [-0.5, 0.0, 0.3, 1.0, 2.0])
def test_crps_of_a_uniform_in_closed_form(outcome: float) -> None:
    """The integral of the squared distance of the two distribution functions, taken by hand."""
    inside = min(max(outcome, 0.0), 1.0)
    closed = (inside**3 + (1 - inside) ** 3) / 3 + abs(outcome - inside)
    assert crps((np.arange(5_000) + 0.5) / 5_000, np.ones(5_000), outcome) == pytest.approx(closed, abs=1e-6)


def test_weights_stand_for_members_that_come_several_times() -> None:
    few = crps(np.array([1.0, 4.0]), np.array([3.0, 1.0]), 2.0)
    assert few == pytest.approx(crps(np.array([1.0, 1.0, 1.0, 4.0]), np.ones(4), 2.0))


def test_a_hundred_thousand_members_need_little_memory() -> None:
    values = np.random.default_rng(1).normal(size=100_000)
    weights = np.random.default_rng(2).uniform(size=100_000)
    crps(values[:10], weights[:10], 0.0)  # the library is loaded
    tracemalloc.start()
    crps(values, weights, 0.0)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20_000_000  # their square would take 80 GB


@pytest.mark.parametrize(
    ("values", "weights", "outcome"),
    [
        ([1.0, math.nan], [1.0, 1.0], 0.0),
        ([1.0, math.inf], [1.0, 1.0], 0.0),
        ([1.0, 2.0], [1.0, 1.0], math.nan),
        ([1.0, 2.0], [0.0, 0.0], 0.0),
        ([1.0, 2.0], [-1.0, 2.0], 0.0),
        ([1.0, 2.0], [math.nan, 2.0], 0.0),
    ],
)
def test_crps_refuses_what_is_no_distribution(values: list[float], weights: list[float], outcome: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        crps(np.array(values), np.array(weights), outcome)


def test_what_has_no_weight_does_not_count_even_where_it_is_no_number() -> None:
    assert crps(np.array([1.0, math.nan]), np.array([1.0, 0.0]), 3.0) == 2.0


@pytest.mark.parametrize(
    ("low", "high", "outcome", "level", "loss"),
    [
        (0.0, 0.4, 0.1, 0.5, 0.4),  # the example of the library's own page
        (10.0, 20.0, 15.0, 0.9, 10.0),
        (10.0, 20.0, 21.0, 0.9, 10.0 + 20 * 1.0),
        (10.0, 20.0, 7.0, 0.5, 10.0 + 4 * 3.0),
        (5.0, 5.0, 5.0, 0.9, 0.0),
    ],
)
def test_interval_scores_worked_by_hand(low: float, high: float, outcome: float, level: float, loss: float) -> None:
    assert interval_score(low, high, outcome, level) == pytest.approx(loss)


@settings(max_examples=50)
@given(
    members=st.lists(st.integers(-20, 20), min_size=1, max_size=15), level=st.sampled_from([0.5, 0.9]), data=st.data()
)
def test_the_quantiles_have_the_least_expected_interval_score(
    members: list[int], level: float, data: st.DataObject
) -> None:
    ordered = sorted(members)
    ends = [ordered[max(math.ceil(share * len(ordered)) - 1, 0)] for share in ((1 - level) / 2, (1 + level) / 2)]
    low, high = sorted(data.draw(st.tuples(st.integers(-25, 25), st.integers(-25, 25))))

    def expected(lower: float, upper: float) -> float:
        return math.fsum(interval_score(lower, upper, came, level) for came in members) / len(members)

    assert expected(*ends) <= expected(low, high) + 1e-9


@pytest.mark.parametrize(
    ("low", "high", "outcome", "level"),
    [(2.0, 1.0, 0.0, 0.9), (1.0, 2.0, math.nan, 0.9), (1.0, math.inf, 1.0, 0.9), (1.0, 2.0, 1.0, 1.0)],
)
def test_what_is_no_interval_is_refused(low: float, high: float, outcome: float, level: float) -> None:
    with pytest.raises(ValueError, match="interval"):
        interval_score(low, high, outcome, level)
