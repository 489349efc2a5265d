"""Statistics counted in whole numbers against the same statistics worked out whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.dynamics.accumulators import BAND, Accumulators, quantiles_of_counts
from detente.dynamics.buffers import ROWS
from detente.dynamics.counting import BINS
from detente.dynamics.ensemble import Design, Ensemble
from detente.dynamics.forcing import forced_by
from detente.dynamics.program import build_program
from detente.results import weighted_quantile
from detente.scenario import load
from tests.dynamics.small import ensemble, small

DRAWS = 640


Counted = tuple[Ensemble, Accumulators, np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def counted() -> Counted:
    """Return a run and the worlds it counted: answers, whole weights, series."""
    case = load("harbour_truce")
    made = ensemble(case, series=["captives_home", "league_strength", "truce"], banded=2, block_worlds=4_096)
    design = Design("all", {}, DRAWS, forced_by(case, build_program(case)))
    tally = made.run(design).tally
    blocks = [made.block(design, first) for first in range(0, DRAWS, made.block_draws)]
    worlds = DRAWS * 16
    answers = np.concatenate([block.answers for block in blocks], axis=1).reshape(len(made.levelled), -1)[:, :worlds]
    weights = tally.scale.weights(np.concatenate([block.log_weight for block in blocks]))[:worlds].astype(np.int64)
    series = np.concatenate([np.asarray(block.series) for block in blocks], axis=2)[:, :, :worlds]
    return made, tally, answers, weights, series


def test_sums_are_exact(counted: Counted) -> None:
    made, tally, answers, weights, _ = counted
    by_draw = weights.reshape(DRAWS, 16).sum(axis=1)
    assert tally.sum_w == int(weights.sum())
    assert tally.sum_ww == sum(int(w) ** 2 for w in by_draw)
    for position in range(len(answers)):
        values = np.where(np.isinf(answers[position]), made.program.days, answers[position]).astype(np.float64)
        units = [round(value) for value in values / tally.scale.size[position]]
        y = [
            sum(int(w) * u for w, u in zip(weights[n : n + 16], units[n : n + 16], strict=True))
            for n in range(0, len(units), 16)
        ]
        assert tally.sum_y[position] == sum(y)
        assert tally.sum_yy[position] == sum(value * value for value in y)
        assert tally.sum_wy[position] == sum(int(w) * value for w, value in zip(by_draw, y, strict=True))
        mean = float(tally.sum_y[position]) / tally.sum_w * tally.scale.size[position]
        assert mean == pytest.approx(np.average(values, weights=weights), rel=1e-5, abs=1e-5)


def test_levels_are_counted_one_by_one(counted: Counted) -> None:
    made, tally, answers, weights, _ = counted
    for position in np.flatnonzero(made.levelled):
        expected = {
            float(level): int(weights[answers[position] == level].sum()) for level in np.unique(answers[position])
        }
        assert tally.levels(int(position)) == {level: count for level, count in expected.items() if count}


def test_bands_are_the_weighted_quantiles(counted: Counted) -> None:
    made, tally, _, weights, series = counted
    # Bands are counted in the worlds of the first row: of each draw, the first replicates.
    banded = np.tile(np.arange(made.replicates) < made.replicates // ROWS, DRAWS)
    weights, series = weights[banded], series[:, :, banded]
    assert tally.banded_w == int(weights.sum())
    found = np.stack(
        [quantiles_of_counts(tally.above(n), tally.scale.edges[:, n], tally.banded_w) for n in range(2)], axis=1
    )
    widths = (tally.scale.high - tally.scale.low)[..., None] / BINS
    for day in range(0, len(series), 7):
        for number in range(2):
            expected = weighted_quantile(series[day, number].astype(np.float64), weights.astype(np.float64), BAND)
            # Where the distribution has a gap, two definitions of its quantile may take either side of it.
            reached = [
                np.average(series[day, number] <= value + widths[day, number], weights=weights)
                for value in found[day, number]
            ]
            short = [
                np.average(series[day, number] < value - widths[day, number], weights=weights)
                for value in found[day, number]
            ]
            near = np.abs(found[day, number] - expected) <= 2 * widths[day, number] + 1e-5
            within = (np.array(short) <= np.array(BAND) + 1e-3) & (np.array(reached) >= np.array(BAND) - 1e-3)
            assert (near | within).all()


def test_truths_are_counted_on_every_day(counted: Counted) -> None:
    _, tally, _, weights, series = counted
    np.testing.assert_array_equal(tally.true[:, 0], (series[:, 2] > 0.5) @ weights)


def test_a_number_with_a_long_tail_keeps_its_quantiles(tmp_path: Path) -> None:
    case = small(tmp_path, days=2, uncertainties={"wide": {"range": "1 to 100"}}, measures={"seen": {"equals": "wide"}})
    made = ensemble(case, series=["seen"], banded=1)
    tally = made.run(Design("all", {}, 4_000, forced_by(case, build_program(case)))).tally
    values = made.drawn(Design("all", {}, 4_000, forced_by(case, build_program(case))), 0, 4_000).values["wide"]
    found = quantiles_of_counts(tally.answers_above(0), tally.scale.answer_edges[0], tally.sum_w)
    np.testing.assert_allclose(found, np.quantile(values, BAND), rtol=0.03)
