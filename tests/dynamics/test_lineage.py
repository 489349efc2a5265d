"""Whose luck a world has on which day, and worlds that count against those of their own draw."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.dynamics import Ensemble, Forced, Simulation
from detente.dynamics.ensemble import within_draws
from detente.scenario import Case, load
from detente.scenario.posterior import Posterior
from tests.dynamics.small import ensemble, free, small
from tests.dynamics.test_worlds import TOLD, TWO_SIDES

DAYS, REPLICATES, DRAWS = 20, 8, 40
LEVELS = {f"level_{day}": {"asks": "How high?", "answer": f"x on {dt.date(2031, 5, 1) + dt.timedelta(day)}"}
          for day in range(DAYS)}  # fmt: skip


def courses_of(made: Ensemble, lineage: NDArray[np.uint32] | None) -> NDArray[np.float32]:
    """Return the stock at the end of every day, ``[days, draws, replicates]``."""
    drawn = made.drawn(free(made.case), 0, DRAWS)
    matrix = drawn.matrix(made.program.parameters, np.float32)
    answers, _ = made.answers(matrix, drawn.numbers, Forced.nothing(made.program), REPLICATES, lineage)
    rows = [row for row, summary in enumerate(made.program.summaries) if summary.name.startswith("level_")]
    return answers[rows].reshape(DAYS, DRAWS, REPLICATES)


def own_lineage() -> NDArray[np.uint32]:
    """Return the lineage of worlds that keep their own luck."""
    return np.tile(np.arange(REPLICATES, dtype=np.uint32)[:, None], (DAYS, 1, DRAWS))


@pytest.mark.parametrize("replicates", [16, 8, 3])
def test_a_lineage_of_ones_own_is_a_plain_run(tmp_path: Path, replicates: int) -> None:
    """However the replicates of the ensemble stand in memory, and so whatever serves again."""
    made = ensemble(small(tmp_path, **{**TWO_SIDES, "questions": LEVELS}), replicates=replicates)
    plain = courses_of(made, None)
    assert len(np.unique(plain[-1])) == DRAWS * REPLICATES
    np.testing.assert_array_equal(plain, courses_of(made, own_lineage()))
    np.testing.assert_array_equal(plain, courses_of(made, None))


def test_worlds_of_one_lineage_are_one_world_until_they_part(tmp_path: Path) -> None:
    made = ensemble(small(tmp_path, **{**TWO_SIDES, "questions": LEVELS}))
    plain, lineage = courses_of(made, None), own_lineage()
    lineage[:7, 5] = 3  # for a week the sixth world has the fourth one's luck
    lineage[:, 6, 0] = 2  # and the seventh of one draw the third one's, to the end
    found = courses_of(made, lineage)
    np.testing.assert_array_equal(found[:7, :, 5], plain[:7, :, 3])
    assert (found[7, :, 5] != plain[7, :, 3]).all()
    assert (found[7, :, 5] != plain[7, :, 5]).all()
    np.testing.assert_array_equal(found[:, 0, 6], plain[:, 0, 2])
    others = [replicate for replicate in range(REPLICATES) if replicate not in (5, 6)]
    np.testing.assert_array_equal(found[:, :, others], plain[:, :, others])
    np.testing.assert_array_equal(found[:, 1:, 6], plain[:, 1:, 6])


def test_a_lineage_that_parts_takes_up_its_own_luck(tmp_path: Path) -> None:
    """What chance brings on a day is the day's own: only what has been carried over to it differs."""
    storms = {f"level_{day}": {"asks": "A storm?", "answer": f"storm on {dt.date(2031, 5, 1) + dt.timedelta(day)}"}
              for day in range(DAYS)}  # fmt: skip
    made = ensemble(small(tmp_path, **{**TWO_SIDES, "questions": storms}))
    plain, lineage = courses_of(made, None), own_lineage()
    lineage[4:9, 1] = 0
    found = courses_of(made, lineage)
    np.testing.assert_array_equal(found[4:9, :, 1], plain[4:9, :, 0])
    np.testing.assert_array_equal(np.delete(found[:, :, 1], range(4, 9), 0), np.delete(plain[:, :, 1], range(4, 9), 0))


def posterior_of(case: Case, particles: int) -> Posterior:
    """Return draws that all have the same readings and numbers but one, which takes as many values as there are."""
    middle = np.full(particles, 0.5)
    numbers = dict.fromkeys(case.elements.parameters, middle)
    numbers["north.talk/usual"] = (np.arange(particles) + 0.5) / particles
    groups = {entry.group or name: middle for name, entry in case.switches.items()}
    return Posterior(case.name, case.hash, case.scenario.as_of, numbers, groups)


def told(made: Ensemble) -> Forced:
    """Return a record in which the talks were held on three days."""
    known = Forced.nothing(made.program)
    known.chosen[3:6, made.program.choices.index("north.talk")] = 1
    return known


def test_with_a_posterior_worlds_count_against_those_of_their_draw(tmp_path: Path) -> None:
    case = small(tmp_path, **TWO_SIDES, **TOLD)
    plain, fitted = ensemble(case), ensemble(case, posterior=posterior_of(case, 3))
    design = free(case, 64)
    drawn = fitted.drawn(design, 0, 64)
    assert len(np.unique(drawn.values["north.talk/usual"])) == 3
    matrix = drawn.matrix(fitted.program.parameters, np.float32)
    answers, log_weight = plain.answers(matrix, drawn.numbers, told(plain), 16)
    same, within = fitted.answers(matrix, drawn.numbers, told(fitted), 16)
    np.testing.assert_array_equal(answers, same)
    weight, whole = np.exp(log_weight.reshape(64, 16)), np.exp(within.reshape(64, 16))
    np.testing.assert_allclose(whole.mean(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(whole, weight / weight.mean(axis=1, keepdims=True), rtol=1e-5)
    assert np.ptp(weight.mean(axis=1)) > 0.01


def test_with_a_posterior_all_draws_count_alike(tmp_path: Path) -> None:
    case = small(tmp_path, **TWO_SIDES, **TOLD)
    fitted = ensemble(case, posterior=posterior_of(case, 5))
    design = free(case, 48)
    part = fitted.run(type(design)("told", {}, 48, told(fitted)))
    np.testing.assert_allclose(part.tally.weight / part.tally.weight.mean(), 1, rtol=1e-3)
    plain = ensemble(case).run(type(design)("told", {}, 48, told(fitted)))
    assert np.ptp(plain.tally.weight / plain.tally.weight.mean()) > 0.1


def test_a_world_that_weighs_nothing_leaves_the_others_of_its_draw() -> None:
    found = within_draws(np.array([[-np.inf, -900.0], [0.0, -901.0]], np.float32))
    np.testing.assert_allclose(np.exp(found).mean(axis=0), 1, rtol=1e-6)
    assert found.dtype == np.float32


def test_a_simulation_takes_a_posterior() -> None:
    case = load("harbour_truce")
    names: dict[str, Any] = {name: np.full(4, 0.5) for name in case.elements.parameters}
    groups = {entry.group or name: np.array([0.1, 0.2, 0.8, 0.9]) for name, entry in case.switches.items()}
    posterior = Posterior(case.name, case.hash, case.scenario.as_of, names, groups)
    made = Simulation(case, posterior=posterior, threads=1)
    drawn = made.ensemble.drawn(made.run([("mixtures", {}, 8)])["mixtures"].part.design, 0, 8)
    assert all(len(np.unique(values)) <= 2 for values in drawn.values.values())
