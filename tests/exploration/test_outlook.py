"""Where an answer lives, where it tips, and what to watch: known answers on plain arrays, and in a case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.dynamics import Simulation
from detente.exploration.explore import explore
from detente.exploration.indicators import indicators, settled_on, told_apart
from detente.exploration.result import Exploration
from detente.exploration.thresholds import crossing
from detente.scenario import load

CASE = """
case: rising
title: Water that rises
authors: [a test]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 12
units: [litre]
sources:
  page: {title: A page, published: "2031-04-30T06:00+02:00"}
claims:
  slope:
    kind: cause
    about: Which way does the ground slope?
    readings:
      to_us: {says: To us., by: page, cites: page}
      away: {says: Away., by: page, cites: page}
      level: {says: It does not., by: page, cites: page}
uncertainties:
  rain: {unit: litre/day, range: 0..10}
  idle: {range: 0..1}
  our_part:
    by_reading:
      - when: {slope: to_us}
        range: 0.9..1.1
      - otherwise: 0.4..0.6
stocks:
  water:
    unit: litre
    start: 0
    change: rain * our_part + 0 * idle * rain
measures:
  depth: {equals: water, headline: true}
  wet: {equals: our_part, headline: true}
questions:
  floods:
    asks: Does it flood?
    answer: (depth > 40 [litre]) on 2031-05-08
  when_wet:
    asks: When is there more than ten?
    answer: first_day(depth > 10 [litre])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases") / "rising"
    path.mkdir()
    (path / "scenario.yaml").write_text(CASE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def explored(folder: Path) -> Exploration:
    return explore(folder, worlds=60_000)


def test_a_flood_lives_where_it_rains_and_slopes_this_way(explored: Exploration) -> None:
    region = explored.regions["floods"]
    sides = {side.factor: side for side in region.sides}
    assert set(sides) == {"rain", "slope"}
    assert sides["slope"].readings == ("to_us",)
    # Eight evenings of rain, all of it or half: 5 litres a day, or 10.
    assert sides["rain"].low_value == pytest.approx(5, abs=0.8)
    assert sides["rain"].high == 1
    assert region.base == pytest.approx(0.5 / 3, abs=0.03)
    assert region.density > 0.85
    assert region.coverage > 0.8
    assert all(side.quasi_p is not None and side.quasi_p < 0.01 for side in region.sides)
    assert sum(branch.mass for branch in region.tree) == pytest.approx(1)
    assert region.tree[0].share > 0.8


def test_a_date_lives_where_it_is_late(explored: Exploration) -> None:
    region = explored.regions["when_wet"]
    assert region.above is not None
    rain = next(side for side in region.sides if side.factor == "rain")
    assert rain.low == 0
    assert rain.high is not None
    assert rain.high < 0.6


def test_depth_by_the_first_evening_tells_the_flood(folder: Path, explored: Exploration) -> None:
    (first, *_) = explored.indicators["floods"]
    assert first.measure == "depth"
    assert first.more
    assert first.skill > 0.99
    assert first.day in (1, 3)
    assert "wet" not in {one.measure for ones in explored.indicators.values() for one in ones}  # nobody can see it


def test_what_is_settled_needs_no_watching(folder: Path) -> None:
    simulation = Simulation(load(folder), replicates=4)
    program = simulation.watch.program
    nodes = {summary.name: summary.node for summary in program.summaries}
    assert settled_on(program, nodes["floods"]) == 7
    assert settled_on(program, nodes["when_wet"]) == 11
    found = indicators(simulation, ["floods"], 64)
    assert all(one.day < 7 for one in found["floods"])


def test_rain_tips_where_half_of_the_worlds_flood() -> None:
    rng = np.random.default_rng(1)
    u = rng.random(20_000)
    came = (rng.random(20_000) < 0.2 + 0.6 * u).astype(float)
    found = crossing(came, np.ones(20_000), u)
    assert found is not None
    assert found.at is not None
    assert found.at.low < 0.5 < found.at.high
    assert found.at.high - found.at.low < 0.1
    assert found.at_low.value == pytest.approx(0.212, abs=0.03)
    assert found.at_high.value == pytest.approx(0.788, abs=0.03)


def test_what_stays_on_one_side_does_not_tip() -> None:
    rng = np.random.default_rng(2)
    u = rng.random(5_000)
    for top in (0.1, 0.25):
        came = (rng.random(5_000) < 0.15 + top * u).astype(float)
        found = crossing(came, np.ones(5_000), u)
        assert found is not None
        assert found.at is None
    assert crossing(np.ones(10), np.ones(10), np.full(10, 0.5)) is None


def test_pairs_told_apart_count_ties_half_and_weights() -> None:
    values = np.array([1.0, 2.0, 2.0, 3.0])
    comes = np.array([False, False, True, True])
    order = np.argsort(values, kind="stable")
    assert told_apart(values, order, comes, np.ones(4)) == pytest.approx(3.5 / 4)
    assert told_apart(values, order, comes, np.array([1.0, 0.0, 1.0, 1.0])) == 1.0
    assert told_apart(values, order, np.zeros(4, bool), np.ones(4)) == 0.5
