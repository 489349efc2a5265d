"""What can be worked out on paper: decay, delays, averages, waiting times, and stocks that keep their sum."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.dynamics.small import courses, small

DECAY: dict[str, Any] = {
    "stocks": {"left": {"start": 100, "change": "-rate * left"}},
    "constants": {"rate": {"value": 0.2, "unit": "1/day"}},
    "measures": {"out": {"equals": "left"}},
}
DAYS = np.arange(1, 21)


@pytest.mark.parametrize("parts", [1, 4])
def test_decay_by_eulers_rule(tmp_path: Path, parts: int) -> None:
    case = small(tmp_path, method="euler", substeps=parts, **DECAY)
    expected = 100 * (1 - 0.2 / parts) ** (parts * DAYS)
    np.testing.assert_allclose(courses(case, "out")[0][:, 0], expected, rtol=1e-5)


@pytest.mark.parametrize(("parts", "near"), [(1, 1e-4), (4, 3e-6)])
def test_decay_by_runge_kutta_is_nearly_exponential(tmp_path: Path, parts: int, near: float) -> None:
    case = small(tmp_path, method="rk4", substeps=parts, **DECAY)
    np.testing.assert_allclose(courses(case, "out")[0][:, 0], 100 * np.exp(-0.2 * DAYS), rtol=near)


def after_step(stages: int, time: float, days: np.ndarray) -> np.ndarray:
    """Return how much of a step of 1 has come through a chain of stages by then: the Erlang distribution."""
    x = days * stages / time
    return np.asarray(1 - np.exp(-x) * sum(x**k / math.factorial(k) for k in range(stages)))


@pytest.mark.parametrize(("function", "stages"), [("smooth1", 1), ("smooth3", 3), ("delay1", 1), ("delay3", 3)])
def test_what_comes_of_a_step_is_the_closed_form(tmp_path: Path, function: str, stages: int) -> None:
    variables = {"entering": {"equals": "1 + step(1, 2031-05-03)"}, "out": {"equals": f"{function}(entering, time)"}}
    case = small(tmp_path, method="rk4", substeps=8, auxiliaries=variables,
                 constants={"time": {"value": 6, "unit": "day"}}, measures={"seen": {"equals": "out"}})  # fmt: skip
    # The step comes on the third day, and what has come through is seen from the morning after.
    since = np.maximum(np.arange(20) - 2, 0)
    np.testing.assert_allclose(courses(case, "seen")[0][:, 0], 1 + after_step(stages, 6, since), atol=2e-4)


def test_a_delay_shorter_than_a_step_takes_a_step(tmp_path: Path) -> None:
    variables = {"entering": {"equals": "step(1, 2031-05-03)"}, "out": {"equals": "delay1(entering, 0 [day])"}}
    case = small(tmp_path, auxiliaries=variables, measures={"seen": {"equals": "out"}})
    np.testing.assert_array_equal(courses(case, "seen")[0][:, 0], (np.arange(20) >= 3).astype(float))


def test_a_constant_chance_makes_geometric_waiting_times(tmp_path: Path) -> None:
    case = small(
        tmp_path, days=30, options={"side": {"hold": {"lasting": True, "start": "false"}}},
        decisions={"side.hold": {"when": "true", "usual": {"chance": 0.1}}},
        measures={"broken": {"equals": "side.hold"}},
    )  # fmt: skip
    broken = courses(case, "broken", draws=400)[0]
    assert (np.diff(broken, axis=0) >= 0).all(), "what lasts cannot be undone"
    expected = 1 - 0.9 ** np.arange(1, 31)
    error = np.sqrt(expected * (1 - expected) / broken.shape[1])
    np.testing.assert_array_less(np.abs(broken.mean(axis=1) - expected), 4.5 * error)


def test_counts_have_the_means_and_spreads_of_their_distributions(tmp_path: Path) -> None:
    variables = {"tried": {"equals": "binomial(people, share(1, 2))"}, "came": {"equals": "poisson(people)"}}
    case = small(tmp_path, days=10, auxiliaries=variables, constants={"people": {"value": 12}},
                 measures={"a": {"equals": "tried"}, "b": {"equals": "came"}})  # fmt: skip
    tried, came = courses(case, "a", "b", draws=200)
    for found, mean, variance in ((tried, 6, 3), (came, 12, 12)):
        assert abs(found.mean() - mean) < 4.5 * math.sqrt(variance / found.size)
        assert abs(found.var() - variance) < 0.05 * variance
    assert abs(np.corrcoef(tried[:-1].ravel(), tried[1:].ravel())[0, 1]) < 0.03


@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_what_flows_between_stocks_is_neither_made_nor_lost(tmp_path: Path, method: str) -> None:
    case = small(
        tmp_path, method=method, substeps=3,
        flows={"moving": {"unit": "1/day", "equals": "here * uniform(0, share(1, 2)) / 1 [day]"}},
        stocks={"here": {"start": "10..20", "change": "-moving"}, "there": {"start": 5, "change": "moving"}},
        measures={"whole": {"equals": "here + there"}},
    )  # fmt: skip
    whole = courses(case, "whole")[0]
    np.testing.assert_allclose(whole, np.broadcast_to(whole[0], whole.shape), rtol=2e-6)


def test_leans_multiply_the_odds(tmp_path: Path) -> None:
    leans = [{"toward": "true", "odds": 3}, {"away": "share(1, 2)", "odds": 4}]
    case = small(
        tmp_path, days=10, options={"side": {"act": {}}}, measures={"acts": {"equals": "side.act"}},
        decisions={"side.act": {"when": "true", "usual": {"chance": 0.5}, "leans": leans}},
    )  # fmt: skip
    acts = courses(case, "acts", draws=400)[0]
    odds = 1 * 3 / math.sqrt(4)
    assert abs(acts.mean() - odds / (1 + odds)) < 4.5 * math.sqrt(0.25 / acts.size)
