"""Boxes are found where they were put, and none where there is nothing to find."""

from __future__ import annotations

import math
import time
from importlib import import_module

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.exploration.discovery import Table, find_box, quasi_p, score_box
from detente.exploration.tree import grow

BINS = 20


def table(u: NDArray[np.float64], outcome: NDArray[np.bool_], readings: int = 0) -> Table:
    bins = np.minimum(u * BINS, BINS - 1).astype(np.uint8)
    counts, ordered = [BINS] * len(u), [True] * len(u)
    if readings:
        bins[-1] = np.minimum(u[-1] * readings, readings - 1)
        counts[-1], ordered[-1] = readings, False
    return Table(bins, tuple(counts), tuple(ordered), outcome, np.ones(u.shape[1]))


def box_of(u: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return where the outcome mostly comes: the first factor high, the second in its middle."""
    return np.asarray((u[0] > 0.6) & (u[1] > 0.25) & (u[1] < 0.75))


def halves(seed: int, factors: int, points: int, noise: float, readings: int = 0) -> tuple[Table, Table]:
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(2):
        u = rng.random((factors, points))
        inside = box_of(u) if not readings else (u[0] > 0.6) & (u[-1] * readings >= 1)
        outcome = rng.random(points) < np.where(inside, 1 - noise, noise)
        found.append(table(u, outcome, readings))
    return found[0], found[1]


def test_the_box_that_was_put_there_is_found() -> None:
    box = find_box(*halves(1, 6, 20_000, 0.1))
    assert set(box.sides) == {0, 1}
    assert np.flatnonzero(box.sides[0])[0] / BINS == pytest.approx(0.6, abs=0.051)
    middle = np.flatnonzero(box.sides[1])
    assert (middle[0] / BINS, (middle[-1] + 1) / BINS) == pytest.approx((0.25, 0.75), abs=0.051)
    assert box.density == pytest.approx(0.9, abs=0.05)
    assert box.coverage == pytest.approx(0.2 * 0.9 / (0.2 * 0.9 + 0.8 * 0.1), abs=0.05)
    assert max(box.quasi_p.values()) < 1e-6


def test_a_reading_can_be_a_side() -> None:
    box = find_box(*halves(2, 4, 10_000, 0.1, readings=3))
    assert set(box.sides) == {0, 3}
    assert box.sides[3][:3] == (False, True, True)


def test_where_nothing_tells_there_is_no_box() -> None:
    for seed in range(3, 8):
        rng = np.random.default_rng(seed)
        parts = [table(rng.random((5, 4_000)), rng.random(4_000) < 0.3) for _ in range(2)]
        box = find_box(parts[0], parts[1])
        assert box.sides == {} or box.density < 0.4
        assert all(p <= 0.05 for p in box.quasi_p.values())


def test_a_sides_quasi_p_is_the_chance_of_so_many_or_more_without_it() -> None:
    rng = np.random.default_rng(9)
    u = rng.random((2, 60))
    found = table(u, rng.random(60) < np.where(u[0] > 0.5, 0.6, 0.3))
    sides = {0: tuple(n >= BINS / 2 for n in range(BINS)), 1: tuple(n < BINS * 3 / 4 for n in range(BINS))}
    for factor, other in ((0, 1), (1, 0)):
        wider = np.array([sides[other][n] for n in found.bins[other]])
        inner = wider & np.array([sides[factor][n] for n in found.bins[factor]])
        share, count, met = found.outcome[wider].mean(), int(inner.sum()), int(found.outcome[inner].sum())
        chances = [math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(met, count + 1)]
        assert quasi_p(sides, factor, found) == pytest.approx(math.fsum(chances), rel=1e-9)


def test_the_whole_space_covers_everything() -> None:
    found, _ = halves(4, 3, 2_000, 0.2)
    box = score_box({}, found)
    assert (box.mass, box.coverage) == (1.0, 1.0)
    assert box.density == pytest.approx(found.outcome.mean())


def test_weights_count_points_as_often_as_they_say() -> None:
    rng = np.random.default_rng(9)
    u = rng.random((2, 3_000))
    outcome = box_of(u)
    twice = np.where(u[0] > 0.5, 2.0, 1.0)
    weighed = Table(table(u, outcome).bins, (BINS, BINS), (True, True), outcome, twice)
    doubled = np.concatenate([u, u[:, u[0] > 0.5]], axis=1)
    repeated = table(doubled, box_of(doubled))
    assert find_box(weighed, weighed).sides == find_box(repeated, repeated).sides


def test_a_million_rows_take_seconds() -> None:
    rng = np.random.default_rng(5)
    u = rng.random((10, 1_000_000), dtype=np.float32).astype(np.float64)
    whole = table(u, box_of(u) | (rng.random(1_000_000) < 0.05))
    began = time.process_time()
    box = find_box(whole, whole)
    assert {0, 1} <= set(box.sides)
    assert time.process_time() - began < 20


@pytest.mark.filterwarnings("ignore")  # what it and its libraries warn of is theirs
def test_the_ema_workbench_finds_the_same_box() -> None:
    prim = import_module("ema_workbench.analysis.prim")
    pandas = import_module("pandas")
    rng = np.random.default_rng(6)
    u = rng.random((4, 4_000))
    outcome = box_of(u) & (rng.random(4_000) < 0.9)
    theirs = prim.Prim(pandas.DataFrame(u.T, columns=list("abcd")), outcome, threshold=0.5).find_box()
    ours = find_box(table(u, outcome), table(u, outcome))
    last = theirs.peeling_trajectory
    near = last.iloc[(last["coverage"] - ours.coverage).abs().argmin()]
    assert ours.density >= near["density"] - 0.05


def test_a_tree_parts_the_space_where_the_outcome_parts() -> None:
    leaves = grow(*halves(11, 6, 20_000, 0.1))
    assert sum(leaf.mass for leaf in leaves) == pytest.approx(1)
    best, rarest = leaves[0], leaves[-1]
    assert set(best.sides) == {0, 1}
    assert np.flatnonzero(best.sides[0])[0] / BINS == pytest.approx(0.6, abs=0.051)
    assert best.share == pytest.approx(0.9, abs=0.05)
    assert rarest.share == pytest.approx(0.1, abs=0.03)


def test_a_tree_cuts_between_readings_whatever_their_order() -> None:
    rng = np.random.default_rng(12)
    parts = []
    for _ in range(2):
        u = rng.random((2, 10_000))
        reading = (u[1] * 3).astype(int)
        parts.append(table(u, rng.random(10_000) < np.where(reading == 1, 0.8, 0.2), readings=3))
    best, rest = grow(parts[0], parts[1], depth=1)
    assert best.sides == {1: (False, True, False)}
    assert rest.sides == {1: (True, False, True)}


def test_a_tree_does_not_grow_on_chance() -> None:
    rng = np.random.default_rng(13)
    parts = [table(rng.random((8, 3_000)), rng.random(3_000) < 0.4) for _ in range(2)]
    assert len(grow(parts[0], parts[1])) == 1
