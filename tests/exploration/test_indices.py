"""Indices of functions whose indices are known, and beside those that SALib gives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.exploration.design import PairedDesign, paired_design
from detente.exploration.given_data import between_cells, bins_for, bins_of, cells, explained_in_pairs, whiten
from detente.exploration.indices import Estimates, agreement, mean_and_variance
from tests.exploration.functions import KNOWN, Known, ishigami, sobol_g

Floats = NDArray[np.float64]
Model = Callable[[Floats], Floats]
ROWS = 2**14


def indices(model: Model, design: PairedDesign, columns: list[int]) -> tuple[Estimates, Estimates]:
    mixed = model(design.mixed(columns))[None]
    first = agreement(model(design.second)[None], mixed)
    total = agreement(model(design.first)[None], mixed).complement
    return first, total


def inside(found: Estimates, truth: float, times: float = 3.0) -> bool:
    return bool(abs(found.value[0] - truth) <= times * found.error[0] + 1e-4)


def test_indices_of_ishigami_are_the_published_ones() -> None:
    design = paired_design(ROWS, 3, seed=1)
    for column in range(3):
        first, total = indices(ishigami, design, [column])
        assert inside(first, KNOWN["ishigami"].first[column])
        assert inside(total, KNOWN["ishigami"].total[column])
        assert first.error[0] < 0.011


def test_indices_of_sobol_g_are_the_published_ones() -> None:
    design = paired_design(ROWS, 8, seed=2)
    true_first, true_total = KNOWN["sobol_g"].first, KNOWN["sobol_g"].total
    for column in range(8):
        first, total = indices(sobol_g, design, [column])
        assert inside(first, true_first[column])
        assert inside(total, true_total[column])


def test_group_indices_of_a_sum_are_the_shares_of_its_variance() -> None:
    slopes = np.array([1.0, 2, 3, 4, 0])
    design = paired_design(ROWS, 5, seed=3)
    shares = slopes**2 / (slopes**2).sum()
    for group in ([0], [0, 1], [1, 3], [0, 1, 2, 3], [4]):
        first, total = indices(lambda u: u @ slopes, design, group)
        assert inside(first, shares[group].sum())
        assert inside(total, shares[group].sum())
    assert total.value[0] == 0.0  # what enters nothing changes nothing, to the bit


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    held = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        first, second = rng.random((512, 3)), rng.random((512, 3))
        closed, total = indices(ishigami, PairedDesign(first, second), [0])
        held += [inside(closed, KNOWN["ishigami"].first[0], 1.96), inside(total, KNOWN["ishigami"].total[0], 1.96)]
    assert np.mean(held) > 0.88


def test_an_answer_that_does_not_vary_has_no_indices() -> None:
    found = agreement(np.full((1, 64), 0.1), np.full((1, 64), 0.1))
    assert np.isnan(found.value[0])


def given(u: Floats, answers: Floats, weights: Floats | None = None, parts: int = 16) -> Estimates:
    """Return what one factor accounts for, read from a sample."""
    count = bins_for(len(u))
    weighed = np.ones(len(u)) if weights is None else weights
    centred = answers - np.average(answers, weights=weighed)
    return between_cells(*cells(centred[:, None], weighed, bins_of(u, count), count, parts))


def told(known: Known, seed: int, rows: int, noise: float = 0.0) -> tuple[Floats, Floats]:
    """Return first-order indices and their errors, ``[factors]``, read from the points of a design."""
    design = paired_design(rows, known.factors, seed)
    points = np.concatenate([design.first, design.second])
    answers = known.model(points)
    variance = answers.var()
    answers = answers + noise * np.sqrt(variance) * np.random.default_rng(seed).standard_normal(len(points))
    found = [given(column, answers, parts=design.parts) for column in points.T]
    return np.array([one.value[0] for one in found]) / variance, np.array([one.error[0] for one in found]) / variance


def held_by_intervals(known: Known, seeds: range, rows: int, noise: float) -> tuple[Floats, Floats]:
    """Return how often each factor's interval holds its index, and how often it lies below 0, ``[factors]``."""
    found = [told(known, seed, rows, noise) for seed in seeds]
    value, half = np.stack([one for one, _ in found]), 1.96 * np.stack([one for _, one in found])
    truth = np.array(known.first)
    return (np.abs(value - truth) <= half + 1e-4).mean(axis=0), (value + half < 0).mean(axis=0)


@pytest.mark.parametrize("noise", [0.0, 3.0])
@pytest.mark.parametrize("name", KNOWN)
def test_intervals_of_first_order_indices_hold_the_truth(name: str, noise: float) -> None:
    held, below = held_by_intervals(KNOWN[name], range(20), 1_024, noise)
    assert held.min() >= 0.8
    assert held.mean() >= 0.9
    assert below.max() <= 0.15


@pytest.mark.long
@pytest.mark.parametrize("noise", [0.0, 3.0])
@pytest.mark.parametrize("name", KNOWN)
def test_intervals_of_first_order_indices_hold_the_truth_over_many_seeds(name: str, noise: float) -> None:
    held, below = held_by_intervals(KNOWN[name], range(60), 4_096, noise)
    assert held.min() >= 0.85
    assert held.mean() >= 0.94
    assert below.max() <= 0.1


def test_a_factor_that_does_nothing_is_not_told_to_do_less_than_nothing() -> None:
    """Points that fill the space evenly leave less to chance than independent ones would, and no more is taken out."""
    for name in ("ishigami", "product"):
        found = [told(KNOWN[name], seed, 4_096) for seed in range(12)]
        idle = np.array([value[-1] for value, _ in found])
        assert np.abs(idle).max() < 0.002
        assert abs(np.mean(np.sign(idle))) < 0.9


def test_bins_do_not_hide_what_an_answer_does_within_them() -> None:
    value, error = told(KNOWN["ishigami"], 3, 8_192)
    assert value[1] == pytest.approx(0.4424, abs=0.004)
    assert error[1] < 0.01


def _leaps(place: float, u: Floats) -> Floats:
    return np.asarray((u[:, 0] > place) + u[:, 1] / 2)


def test_an_answer_that_leaps_within_a_bin_lies_in_its_interval() -> None:
    for place in np.linspace(0.05, 0.95, 13):
        share = place * (1 - place) / (place * (1 - place) + 1 / 48)
        leaps = Known("leap", partial(_leaps, place), (share, 1 - share), (share, 1 - share))
        value, error = told(leaps, 1, 2_048)
        assert abs(value[0] - share) <= 1.96 * error[0] + 1e-4, place


def test_what_chance_puts_between_bins_is_taken_out() -> None:
    rng = np.random.default_rng(5)
    found, stated = [], []
    for _ in range(200):
        one = given(rng.random(2_000), (rng.random(2_000) < 0.3).astype(float))
        found.append(one.value[0])
        stated.append(one.error[0])
    assert abs(np.mean(found)) < 3 * np.std(found) / np.sqrt(200)
    assert np.std(found) < np.mean(stated) < 2.5 * np.std(found)
    assert np.mean(np.abs(found) < 1.96 * np.array(stated)) > 0.93


def test_given_data_with_weights_are_those_of_the_weighted_population() -> None:
    rng = np.random.default_rng(6)
    u = rng.random((2, 200_000))
    weights = 2 * u[0]  # the population has density 2x along the first factor: variance 1/18, not 1/12
    answers = u[0] + u[1]
    _, variance = mean_and_variance(answers[None], weights)
    assert variance[0] == pytest.approx(1 / 18 + 1 / 12, rel=0.01)
    for row, truth in ((0, 1 / 18), (1, 1 / 12)):
        assert given(u[row], answers, weights).value[0] == pytest.approx(truth, rel=0.03)


def test_a_part_of_the_sample_without_points_in_a_group_does_no_harm() -> None:
    rng = np.random.default_rng(7)
    reading, noise = (rng.random(400) < 0.04).astype(np.intp), 0.1 * rng.standard_normal(400)
    answers = reading + noise
    sums = cells((answers - answers.mean())[:, None], np.ones(400), reading, 2, 16)
    assert (sums[0] == 0).any()
    found = between_cells(*sums, ordered=False)
    share = reading.mean()
    assert found.value[0] == pytest.approx(share * (1 - share), abs=3 * found.error[0])


def test_a_product_of_two_factors_is_found_between_them_and_nowhere_else() -> None:
    rng = np.random.default_rng(7)
    u = rng.random((3, 20_000)) - 0.5
    answers = (u[0] * u[1])[:, None] + 0.1 * rng.standard_normal((20_000, 1))
    weights = np.full(20_000, 1 / 20_000)
    scores = [whiten(row[None], weights) for row in u]
    together = explained_in_pairs(answers, weights, scores[0], scores[1], 16)
    apart = explained_in_pairs(answers, weights, scores[0], scores[2], 16)
    assert together.value[0] == pytest.approx(1 / 144, rel=0.05)
    assert abs(apart.value[0]) < 3 * apart.error[0]


def test_scores_of_readings_are_uncorrelated() -> None:
    rng = np.random.default_rng(8)
    reading = rng.integers(0, 3, 1_000)
    weights = rng.random(1_000)
    weights /= weights.sum()
    scores = whiten((reading == np.array([[1], [2]])).astype(float), weights)
    assert scores @ weights == pytest.approx(0, abs=1e-9)
    assert (scores * weights) @ scores.T == pytest.approx(np.eye(2), abs=1e-9)
    assert len(whiten(np.ones((1, 10)), np.full(10, 0.1))) == 0  # a reading that always holds tells nothing


def test_salib_agrees() -> None:
    sobol = pytest.importorskip("SALib.analyze.sobol")
    design = paired_design(1024, 3, seed=8)
    runs = [ishigami(design.first), *(ishigami(design.mixed([c])) for c in range(3)), ishigami(design.second)]
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    outcome = np.stack(runs, axis=1).reshape(-1)
    theirs = sobol.analyze(problem, outcome, calc_second_order=False, seed=1)
    for column in range(3):
        first, total = indices(ishigami, design, [column])
        assert first.value[0] == pytest.approx(theirs["S1"][column], abs=1.5 * theirs["S1_conf"][column])
        assert total.value[0] == pytest.approx(theirs["ST"][column], abs=1.5 * theirs["ST_conf"][column])
        # Their interval is a bootstrap's, ours the ratio's own: both are 95 %.
        assert 1.96 * total.error[0] == pytest.approx(theirs["ST_conf"][column], rel=0.8)


def test_a_design_comes_in_powers_of_two() -> None:
    with pytest.raises(ValueError, match="powers of 2"):
        paired_design(100, 3, seed=1)
    assert paired_design(8, 0, seed=1).first.shape == (8, 0)
    points = paired_design(1024, 2, seed=1).first
    assert ((points > 0) & (points < 1)).all()
    # Of each of sixteen scramblings one point in each of 64 slices: more even than chance.
    for part in range(16):
        assert len(set((points[part::16, 0] * 64).astype(int))) == 64
