"""Intervals from few draws hold the truth about as often as they say; with equal weights they are the textbook's."""

from __future__ import annotations

import inspect
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import detente
from detente.dynamics.estimates import ratio
from detente.exploration.cached_exploration import cached_expectations
from detente.exploration.expectations import hold_to_claims
from detente.exploration.expected import WORLDS
from detente.exploration.few_draws import draws_worth, errors_either_side
from detente.scenario.draws import Draws
from tests.exploration.test_expectations import ON, case_with

PUBLISHED = {2: 12.706, 3: 4.303, 8: 2.365, 16: 2.131, 64: 1.998, 121: 1.980}
"""Upper 2.5 % points of Student's t from printed tables, by the number of draws: one more than degrees of freedom."""


@pytest.mark.parametrize(("count", "point"), PUBLISHED.items())
def test_with_equal_weights_it_is_the_printed_table(count: int, point: float) -> None:
    assert errors_either_side(np.full(count, 0.3)) == pytest.approx(point, abs=6e-4)


@given(st.lists(st.floats(0.01, 100), min_size=3, max_size=9))
def test_it_is_what_the_whole_matrix_gives(weights: list[float]) -> None:
    from scipy.stats import t  # the quantile by another way, and the form written out as a matrix

    shares, count = np.array(weights) / sum(weights), len(weights)
    found = errors_either_side(np.array(weights))
    if 1 / (shares**2).sum() < 2:
        assert found == math.inf
        return
    centred = np.eye(count) - np.outer(np.ones(count), shares)
    form = centred.T @ np.diag(shares**2) @ centred
    freedom = np.trace(form) ** 2 / np.trace(form @ form)
    unbiased = math.sqrt((shares**2).sum() / np.trace(form) * (count - 1) / count)
    assert found == pytest.approx(t.ppf(0.975, freedom) * unbiased, rel=1e-6)


def coverage(weights: NDArray[np.float64], errors: float, trials: int = 4_000) -> float:
    """Return how often an interval of so many standard errors holds the mean of normal draws, which is nought."""
    generator = np.random.default_rng(20_231_130)
    held = 0
    for values in generator.normal(size=(trials, len(weights))):
        found = ratio(values * weights, weights)
        held += abs(found.value) <= errors * found.error
    return held / trials


WEIGHTS = {
    "eight alike": np.ones(8),
    "sixteen alike": np.ones(16),
    "a third of them double": np.where(np.arange(12) % 3 == 0, 2.0, 1.0),
    "falling by a tenth": 0.9 ** np.arange(24),
}


@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=WEIGHTS)
def test_an_interval_holds_about_as_often_as_it_says(weights: NDArray[np.float64]) -> None:
    assert coverage(weights, errors_either_side(weights)) == pytest.approx(0.95, abs=0.017)
    assert coverage(weights, 1.96) < 0.94  # what it was before


def test_one_draw_that_outweighs_all_others_makes_no_sure_interval() -> None:
    weights = np.array([1e6, *np.ones(50)])
    assert draws_worth(weights) == pytest.approx(1, abs=1e-3)
    assert errors_either_side(weights) == math.inf
    assert errors_either_side(np.zeros(4)) == math.inf
    assert coverage(np.array([9.0, *np.ones(20)]), errors_either_side(np.array([9.0, *np.ones(20)]))) > 0.95


def test_what_counts_in_one_draw_only_is_not_resolved(tmp_path: Path) -> None:
    """The one draw of 64 with the most noise has, by itself, no error at all: all its worlds could be luck."""
    plain = case_with(tmp_path / "plain", [{**ON, "effect_on": "seen", "finds": "higher"}])
    second, most = np.sort(Draws(plain, 1, ["noise"]).take(np.arange(64, dtype=np.uint32)).values["noise"])[-2:]
    bounds = (0, (second + most) / 2, 1001)
    expects = [{**ON, "effect_on": "seen", "finds": "higher", "during": f"noise > {bound:.4f}"} for bound in bounds]
    every, one, none = hold_to_claims(case_with(tmp_path / "asked", expects), worlds=512, threads=1).outcomes
    assert [found.verdict for found in (every, one, none)] == ["holds", "not resolved", "not resolved"]
    assert one.told[0].remark == "what counts is worth 1.0 draws, too few to tell"
    assert none.told[0].remark == "the condition holds on both sides in no pair of worlds"


def test_how_many_worlds_is_said_in_one_place() -> None:
    for asked in (hold_to_claims, cached_expectations, detente.Case.expectations):
        assert inspect.signature(asked).parameters["worlds"].default == WORLDS
