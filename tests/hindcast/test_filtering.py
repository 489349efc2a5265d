"""Worlds that follow a record: held to a model whose likelihood is known, and to themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.dynamics import Ensemble, Forced, Simulation, build_program, forced_by
from detente.hindcast.filtering import Filter, Worlds, days_that_weigh, join, survivors, weights_of
from detente.scenario import Case
from tests.dynamics.small import small
from tests.hindcast.synthetic import write_world

DAYS, MOVES, ERROR = 30, 0.6, 1.0


@pytest.fixture(scope="module")
def wandering(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return a sum of steps, each normal, seen every evening with an error that is normal too."""
    return small(
        tmp_path_factory.mktemp("wandering"),
        DAYS,
        record="record.csv",
        sources={"book": {"title": "A book", "publisher": "An office", "published": "2031-04-01"}},
        claims={"seen": {"says": "It was seen.", "by": "book", "cites": "book"}},
        constants={"moves": {"value": MOVES, "unit": "1/day", "claims": ["seen"]}},
        stocks={"place": {"start": {"value": 0, "claims": ["seen"]}, "change": "step_taken"}},
        flows={"step_taken": {"unit": "1/day", "equals": "normal(0 [1/day], moves)"}},
        known={"place_seen": {"measure": "place", "error": {"value": ERROR, "claims": ["seen"]}}},
        questions={"at_the_end": {"asks": "Where is it?", "answer": "place on 2031-05-30"}},
    )


def seen(case: Case, values: NDArray[np.float64]) -> Forced:
    forced = Forced.nothing(build_program(case))
    forced.observed[: len(values), 0] = values
    return forced


def batch(case: Case, draws: int, replicates: int, threads: int = 1) -> Filter:
    program = build_program(case)
    ensemble = Ensemble(case, program, seed=11, replicates=replicates, threads=threads)
    row = next(number for number, summary in enumerate(program.summaries) if summary.name == "at_the_end")
    return Filter(ensemble, np.zeros((0, draws), np.float32), np.arange(draws, dtype=np.uint32), [row], 11)


def exact(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the log likelihood of what was seen, as worlds are weighted, and the mean of the place at the end."""
    days = np.arange(1, len(values) + 1)
    together = MOVES**2 * np.minimum.outer(days, days) + ERROR**2 * np.eye(len(values))
    pull = np.linalg.solve(together, values)
    # Worlds are weighted by exp(-off^2 / 2): the root of 2 pi is left out, and the error is 1.
    return float(-(values @ pull + np.linalg.slogdet(together)[1]) / 2), float(MOVES**2 * days @ pull)


def record(seed: int) -> NDArray[np.float64]:
    dice = np.random.default_rng(seed)
    return np.cumsum(dice.normal(0, MOVES, DAYS)) + dice.normal(0, ERROR, DAYS)


def log_estimates(worlds: Worlds) -> NDArray[np.float64]:
    top = worlds.log_weight.max()
    return np.asarray(top + np.log(np.exp(worlds.log_weight - top).mean(axis=1)))


def test_the_estimate_is_unbiased_and_steadier_than_plain_weights(wandering: Case) -> None:
    values = record(3)
    right, _ = exact(values)
    made = batch(wandering, 512, 32)
    by_filter, plain = made.resampled(seen(wandering, values)), made.weighted(seen(wandering, values))
    share = np.exp(log_estimates(by_filter) - right)  # of the true likelihood; 1 on average
    error = share.std() / np.sqrt(len(share))
    assert abs(share.mean() - 1) < 4 * error
    assert error < 0.1
    assert np.std(log_estimates(by_filter)) < np.std(log_estimates(plain)) / 3
    assert by_filter.effective_replicates > 16 > 5 > plain.effective_replicates


def test_the_place_at_the_end_is_that_of_the_exact_filter(wandering: Case) -> None:
    values = record(4)
    found = batch(wandering, 256, 32).resampled(seen(wandering, values))
    mean = float(np.average(found.values[0], weights=found.weights))
    assert mean == pytest.approx(exact(values)[1], abs=0.1)


def test_fewer_days_are_held_to_as_well(wandering: Case) -> None:
    values = record(5)[:4]
    share = np.exp(log_estimates(batch(wandering, 512, 16).resampled(seen(wandering, values))) - exact(values)[0])
    assert share.mean() == pytest.approx(1, abs=4 * share.std() / np.sqrt(len(share)))


def test_going_on_from_a_day_gives_the_bits_of_beginning_anew(wandering: Case) -> None:
    values = record(6)
    stepped = batch(wandering, 64, 16)
    for day in (5, 6, 12, 30):
        found = stepped.resampled(seen(wandering, values[:day]))
    anew = batch(wandering, 64, 16).resampled(seen(wandering, values))
    assert found.resampled == anew.resampled != ()
    assert np.array_equal(found.values, anew.values)
    assert np.array_equal(found.log_weight, anew.log_weight)


def test_a_row_that_comes_late_is_taken_in(wandering: Case) -> None:
    values = record(7)
    late = seen(wandering, values)
    late.observed[3, 0] = np.nan
    stepped = batch(wandering, 64, 16)
    stepped.resampled(late)
    found = stepped.resampled(seen(wandering, values))
    assert np.array_equal(found.values, batch(wandering, 64, 16).resampled(seen(wandering, values)).values)


def test_the_bits_are_the_same_on_any_number_of_threads(wandering: Case) -> None:
    forced = seen(wandering, record(8))
    one, two = (batch(wandering, 300, 16, threads).resampled(forced) for threads in (1, 2))
    assert np.array_equal(one.values, two.values)
    assert np.array_equal(one.log_weight, two.log_weight)


def test_where_nothing_is_known_nothing_is_resampled(wandering: Case) -> None:
    forced = Forced.nothing(build_program(wandering))
    found = batch(wandering, 8, 16).resampled(forced)
    assert found.resampled == ()
    assert (found.log_weight == 0).all()
    assert found.effective_draws == pytest.approx(8)


def test_what_is_no_number_counts_for_nothing_and_is_told(wandering: Case) -> None:
    made = batch(wandering, 4, 16)
    run = made._run
    forced = seen(wandering, record(9)[:2])

    def spoilt(*given: object) -> object:
        values, log_weight = run(*given)  # type: ignore[arg-type]
        log_weight[0] = np.nan
        return values, log_weight

    made._run = spoilt  # type: ignore[method-assign, assignment]
    for found in (made.weighted(forced), made.resampled(forced)):
        assert found.lost == 16
        assert (found.weights[0] == 0).all()
        assert (found.weights[1:] > 0).any()
        assert 0 < found.effective_draws <= 3


def test_days_that_weigh_are_those_with_choices_or_observations(tmp_path: Path) -> None:
    case, _ = write_world(tmp_path)
    simulation = Simulation(case, replicates=4)
    forced = forced_by(case, simulation.watch.program)
    assert days_that_weigh(simulation.ensemble, forced) == list(range(13))


@pytest.mark.parametrize("seed", range(5))
def test_survivors_are_as_many_as_their_weight_and_keep_their_place(seed: int) -> None:
    dice = np.random.default_rng(seed)
    weights = dice.exponential(size=(200, 16)) ** 3
    weights[dice.random(weights.shape) < 0.3] = 0
    weights[:, 5] += 1e-6
    chosen = survivors(weights, dice.random(200))
    times = np.stack([(chosen == place).sum(axis=1) for place in range(16)], axis=1)
    expected = 16 * weights / weights.sum(axis=1, keepdims=True)
    assert (np.abs(times - expected) < 1 + 1e-9).all()
    assert (times[weights == 0] == 0).all()
    rows, places = np.nonzero(times)
    assert (chosen[rows, places] == places).all()


def test_survivors_are_drawn_in_proportion_on_average() -> None:
    weights = np.tile([0.5, 0.1, 3.0, 0.4], (4000, 1))
    uniform = (np.arange(4000) + 0.5) / 4000
    chosen = survivors(weights, uniform)
    times = np.array([(chosen == place).sum() for place in range(4)]) / 4000
    assert times == pytest.approx(4 * weights[0] / weights[0].sum(), abs=1e-3)


def test_weights_are_relative_to_the_heaviest() -> None:
    assert weights_of(np.array([-1000.0, -1000 + np.log(0.5), np.nan])) == pytest.approx([1, 0.5, 0])
    assert (weights_of(np.full((2, 2), -np.inf)) == 0).all()


def test_lots_are_joined_in_order() -> None:
    first = Worlds(np.zeros((1, 2, 3)), np.zeros((2, 3)), (1,), 1)
    second = Worlds(np.ones((1, 1, 3)), np.full((1, 3), -5.0), (4, 1), 2)
    both = join([first, second])
    assert both.values.shape == (1, 3, 3)
    assert both.resampled == (1, 4)
    assert both.lost == 3
    assert both.log_weight[-1, 0] == -5
