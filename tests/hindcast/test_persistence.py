"""The forecast that all stays as it stood."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from detente.dynamics import Simulation, forced_by
from detente.hindcast.forecasting import Asked
from detente.hindcast.persistence import as_it_stood, last_day_over, persistence
from detente.scenario import Case
from tests.hindcast.synthetic import AS_OF, Truth, write_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Truth, Simulation]:
    case, truth = write_world(tmp_path_factory.mktemp("crisis"))
    return case, truth, Simulation(case, threads=1)


def test_the_last_day_is_one_that_was_over(world: tuple[Case, Truth, Simulation]) -> None:
    simulation = world[2]
    assert last_day_over(simulation, AS_OF) == 11  # 12 May, on the morning of the 13th
    assert last_day_over(simulation, dt.datetime.fromisoformat("2031-05-01T23:00+02:00")) is None
    assert last_day_over(simulation, dt.datetime.fromisoformat("2031-05-02T00:00+02:00")) == 0
    assert last_day_over(simulation, dt.datetime.fromisoformat("2032-01-01T00:00+02:00")) == 29


def test_things_stand_as_the_record_has_them(world: tuple[Case, Truth, Simulation]) -> None:
    case, truth, simulation = world
    forced = forced_by(case, simulation.watch.program)
    on_12_may = {row.measure: row.value for row in truth.observations if row.about == dt.date(2031, 5, 12)}
    stood = as_it_stood(simulation, forced, 11, 512)
    assert stood["truce_on_20_may"] == on_12_may["truce_kept"]
    assert stood["away_on_30_may"] == pytest.approx(on_12_may["people_counted"], abs=60)
    assert stood["next_break"] == 0  # it asks from 14 May on
    assert "terms_on_16_may" not in stood  # a choice has no course


def test_few_draws_are_enough_and_more_are_not_taken(world: tuple[Case, Truth, Simulation]) -> None:
    case, _, simulation = world
    forced = forced_by(case, simulation.watch.program)
    few, some, many = (as_it_stood(simulation, forced, 11, draws) for draws in (3, 256, 100_000))
    assert some == many
    assert set(few) == set(some)


def test_nothing_stands_where_no_world_follows_the_record(world: tuple[Case, Truth, Simulation]) -> None:
    case, _, simulation = world
    forced = forced_by(case, simulation.watch.program)
    forced.observed[3, 0] = np.inf
    assert as_it_stood(simulation, forced, 11, 64) == {}


def test_each_kind_stays_as_it_was(world: tuple[Case, Truth, Simulation]) -> None:
    case, _, simulation = world
    program, questions = simulation.watch.program, case.elements.questions
    yes = Asked(program, questions["truce_on_20_may"], False)
    assert [persistence(yes, stood).probability for stood in (0.0, 0.4, 1.0)] == [0.01, 0.4, 0.99]  # type: ignore[union-attr]
    number = persistence(Asked(program, questions["away_on_30_may"], 500.0), 480.0)
    assert number is not None
    assert number.scores["crps"] == pytest.approx(20)
    date = Asked(program, questions["next_break"], dt.date(2031, 5, 20))
    never = persistence(date, 0.0)
    assert never is not None
    assert never.never == 1
    assert never.scores["crps"] == pytest.approx(11)
    assert persistence(date, 1.0) is None
    assert persistence(yes, None) is None
    assert persistence(Asked(program, questions["terms_on_16_may"], "ten"), 1.0) is None
