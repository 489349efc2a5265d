"""Indices of functions whose indices are known, and beside those that SALib gives."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.exploration.design import PairedDesign, paired_design
from detente.exploration.given_data import between_groups, bins_of, explained_in_pairs, whitened
from detente.exploration.indices import Estimates, agreement, mean_and_variance

Floats = NDArray[np.float64]
Model = Callable[[Floats], Floats]
ROWS = 2**14


def ishigami(u: Floats) -> Floats:
    """Ishigami and Homma (1990), a = 7, b = 0.1."""
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


G_WEIGHTS = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


def sobol_g(u: Floats) -> Floats:
    """Sobol's G function with the weights of Saltelli and others (2008)."""
    return np.asarray(np.prod((np.abs(4 * u - 2) + G_WEIGHTS) / (1 + G_WEIGHTS), axis=1))


def g_indices() -> tuple[Floats, Floats]:
    parts = 1 / (3 * (1 + G_WEIGHTS) ** 2)
    whole = np.prod(1 + parts) - 1
    return parts / whole, parts * (whole + 1) / (1 + parts) / whole


ISHIGAMI_FIRST = (0.3139, 0.4424, 0.0)
ISHIGAMI_TOTAL = (0.5576, 0.4424, 0.2437)
"""As published, to four figures."""


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
        assert inside(first, ISHIGAMI_FIRST[column])
        assert inside(total, ISHIGAMI_TOTAL[column])
        assert first.error[0] < 0.011


def test_indices_of_sobol_g_are_the_published_ones() -> None:
    design = paired_design(ROWS, 8, seed=2)
    true_first, true_total = g_indices()
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
        held += [inside(closed, ISHIGAMI_FIRST[0], 1.96), inside(total, ISHIGAMI_TOTAL[0], 1.96)]
    assert np.mean(held) > 0.88


def test_an_answer_that_does_not_vary_has_no_indices() -> None:
    found = agreement(np.full((1, 64), 0.1), np.full((1, 64), 0.1))
    assert np.isnan(found.value[0])


def columns_of(answers: Floats) -> Floats:
    return np.concatenate([answers, answers**2]).T


def test_given_data_find_first_order_indices_of_sobol_g() -> None:
    points = paired_design(ROWS, 8, seed=4).first
    answers = sobol_g(points)[None]
    variance = answers.var()
    weights = np.ones(ROWS)
    for column, truth in enumerate(g_indices()[0]):
        where, count = bins_of(points[:, column])
        found = between_groups(columns_of(answers), weights, where, count)
        # Sixteen bins miss the little that the answer moves within them.
        assert found.value[0] / variance == pytest.approx(truth, abs=3 * found.error[0] / variance + 0.02 * truth)


def test_given_data_take_out_what_chance_puts_between_bins() -> None:
    rng = np.random.default_rng(5)
    found, stated = [], []
    for _ in range(200):
        answers, u = (rng.random((1, 2_000)) < 0.3).astype(float), rng.random(2_000)
        where, count = bins_of(u)
        one = between_groups(columns_of(answers), np.ones(2_000), where, count)
        found.append(one.value[0])
        stated.append(one.error[0])
    assert abs(np.mean(found)) < 3 * np.std(found) / np.sqrt(200)
    assert np.mean(stated) == pytest.approx(np.std(found), rel=0.25)
    assert np.mean(np.abs(found) < 1.96 * np.array(stated)) > 0.9


def test_given_data_with_weights_are_those_of_the_weighted_population() -> None:
    rng = np.random.default_rng(6)
    u = rng.random((2, 200_000))
    weights = 2 * u[0]  # the population has density 2x along the first factor: variance 1/18, not 1/12
    answers = (u[0] + u[1])[None]
    _, variance = mean_and_variance(answers, weights)
    assert variance[0] == pytest.approx(1 / 18 + 1 / 12, rel=0.01)
    for row, truth in ((0, 1 / 18), (1, 1 / 12)):
        where, count = bins_of(u[row])
        found = between_groups(columns_of(answers), weights, where, count)
        assert found.value[0] == pytest.approx(truth, rel=0.03)


def test_a_product_of_two_factors_is_found_between_them_and_nowhere_else() -> None:
    rng = np.random.default_rng(7)
    u = rng.random((3, 20_000)) - 0.5
    answers = (u[0] * u[1])[None] + 0.1 * rng.standard_normal(20_000)
    weights = np.full(20_000, 1 / 20_000)
    scores = [whitened(row[None], weights) for row in u]
    together = explained_in_pairs(columns_of(answers), weights, scores[0], scores[1])
    apart = explained_in_pairs(columns_of(answers), weights, scores[0], scores[2])
    assert together.value[0] == pytest.approx(1 / 144, rel=0.05)
    assert abs(apart.value[0]) < 3 * apart.error[0]


def test_scores_of_readings_are_uncorrelated() -> None:
    rng = np.random.default_rng(8)
    reading = rng.integers(0, 3, 1_000)
    weights = rng.random(1_000)
    weights /= weights.sum()
    scores = whitened((reading == np.array([[1], [2]])).astype(float), weights)
    assert scores @ weights == pytest.approx(0, abs=1e-9)
    assert (scores * weights) @ scores.T == pytest.approx(np.eye(2), abs=1e-9)
    assert len(whitened(np.ones((1, 10)), np.full(10, 0.1))) == 0  # a reading that always holds tells nothing


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
    # One point in each of 1024 slices: more even than chance.
    assert len(set((points[:, 0] * 1024).astype(int))) == 1024
