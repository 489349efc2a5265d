"""Gradients at the centre: closed forms, finite differences, and what is refused one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detente.dynamics import Simulation
from detente.dynamics.gradient import obstacle, slopes
from detente.exploration.gradients import gradients, middle_readings
from detente.exploration.result import CentralSlopes, Gradient, Slope
from detente.scenario import Case, load

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "--xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false"
CASE = """
case: pond
title: Water that comes and goes
authors: [a test]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 10
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
  colour:
    kind: cause
    about: Is it blue?
    readings:
      blue: {says: Blue., likelihood: 0.3, likelihood_by: a judge in 2031, by: page, cites: page}
      green: {says: Green., likelihood: 0.7, likelihood_by: a judge in 2031, by: page, cites: page}
accounts:
  theirs: {slope: away, colour: silent}
actors:
  keeper:
    is: keeper
    wants: {dry: {says: Dry feet., measure: depth, better: less, cites: page}}
options:
  keeper:
    pump: {says: Pump.}
decisions:
  keeper.pump:
    when: true
    usual: {chance: 0.2..0.4}
levers:
  pumps: {sets: {keeper.pump: true}, from: day 2}
uncertainties:
  rain: {unit: litre/day, range: 2..8}
  cap: {unit: litre/day, range: 3..7}
  leak: {unit: 1/day, range: 0.1..0.3}
  steep: {range: 1..2}
  near_nothing: {range: -1..1}
  tint:
    by_reading:
      - when: {colour: blue}
        range: 1..2
      - otherwise: 5
  our_part:
    by_reading:
      - when: {slope: to_us}
        range: 0.8..1.2
      - otherwise: 0.4..0.6
shocks:
  gust: {chance: 0.5, says: A gust.}
auxiliaries:
  dice: {equals: "uniform(0, rain)", unit: litre/day}
  pumped: 1 if keeper.pump else 0
stocks:
  water: {unit: litre, start: 0, change: rain * our_part - leak * water}
measures:
  depth: {equals: water, headline: true}
  capped: {equals: "min(rain, cap)", headline: true}
  leaping: {equals: (2 if rain > (cap + cap) / 2 else 1) + steep, headline: true}
  bent: {equals: exp(2 * 2 * 2 * 2 * steep), headline: true}
  rooted: {equals: sqrt(near_nothing * near_nothing) + steep, headline: true}
  armed: {equals: (log(steep - 2) if steep > 2 else steep * tint), headline: true}
  balanced: {equals: rain - cap, headline: true}
  topped: {equals: 2 - (steep - 1 - 1 / 2) ** 2 * near_nothing, headline: true}
  counted: {equals: "days(water > 10 [litre])", headline: true}
  diced: {equals: dice, headline: true}
  gusty: {equals: 1 if gust else 0, headline: true}
  decided: {equals: water * pumped, headline: true}
questions:
  how_deep:
    asks: How deep is it?
    answer: depth on 2031-05-08
  deep:
    asks: Is it deep?
    answer: (depth > 15 [litre]) on 2031-05-08
"""


@pytest.fixture(scope="module")
def pond(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("cases") / "pond"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(CASE, encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def found(pond: Case) -> dict[str, Gradient]:
    simulation = Simulation(pond, replicates=4)
    return gradients(simulation, [*pond.scenario.questions, *pond.scenario.measures])


def slope_of(told: CentralSlopes, factor: str) -> Slope:
    return next(one for one in told.slopes if one.factor == factor)


def level(rain: float, leak: float, days: int) -> float:
    return rain / leak * (1 - (1 - leak) ** days)


def test_a_filling_pond_has_the_slopes_of_its_closed_form(found: dict[str, Gradient]) -> None:
    mixtures, theirs = found["how_deep"].tellings
    assert (mixtures.account, theirs.account) == (None, "theirs")
    assert mixtures.readings == {"slope": "to_us"}
    assert theirs.readings == {"slope": "away"}
    for told, part in ((mixtures, 1.0), (theirs, 0.5)):
        depth = level(5 * part, 0.2, 8)  # eight evenings
        assert told.value == pytest.approx(depth, rel=1e-5)
        rain, leak = slope_of(told, "rain"), slope_of(told, "leak")
        assert rain.derivative == pytest.approx(depth / 5, rel=1e-5)
        assert rain.per_tenth == pytest.approx(depth / 5 * 0.6, rel=1e-5)
        assert rain.elasticity == pytest.approx(1, rel=1e-5)
        by_leak = 5 * part * (8 * 0.8**7 / 0.2 - (1 - 0.8**8) / 0.2**2)
        assert leak.derivative == pytest.approx(by_leak, rel=1e-4)
        assert (rain.at, rain.sides) == (5, None)
        assert {one.factor for one in told.slopes} == {"rain", "leak", "our_part"}
        sizes = [abs(one.per_tenth or 0) for one in told.slopes]
        assert sizes == sorted(sizes, reverse=True)
    assert slope_of(theirs, "our_part").per_tenth == pytest.approx(level(5, 0.2, 8) * 0.02, rel=1e-5)


def test_what_is_not_smooth_is_given_no_gradient(found: dict[str, Gradient]) -> None:
    reasons = {"deep": "steps", "counted": "steps", "diced": "draws", "gusty": "shocks", "decided": "decisions"}
    assert {name: found[name].obstacle for name in reasons} == reasons
    assert all(found[name].tellings == () for name in reasons)
    assert [name for name, one in found.items() if one.obstacle is None] == [
        "how_deep", "depth", "capped", "leaping", "bent", "rooted", "armed", "balanced", "topped",
    ]  # fmt: skip


def test_an_edge_at_the_centre_has_two_sides_and_no_slope(found: dict[str, Gradient]) -> None:
    mixtures = found["capped"].tellings[0]  # both stand at five
    rain, cap = slope_of(mixtures, "rain"), slope_of(mixtures, "cap")
    assert rain.derivative is rain.per_tenth is rain.elasticity is None
    assert rain.sides == pytest.approx((0.6, 0))
    assert cap.sides == pytest.approx((0.4, 0))
    root = slope_of(found["rooted"].tellings[0], "near_nothing")
    assert root.derivative is None


def test_a_leap_at_the_centre_has_neither(found: dict[str, Gradient]) -> None:
    mixtures = found["leaping"].tellings[0]
    rain = slope_of(mixtures, "rain")
    assert (rain.derivative, rain.sides) == (None, None)
    assert slope_of(mixtures, "steep").derivative == pytest.approx(1)


def test_a_strong_bend_is_no_edge(found: dict[str, Gradient]) -> None:
    steep = slope_of(found["bent"].tellings[0], "steep")
    assert steep.derivative == pytest.approx(16 * np.exp(24), rel=1e-4)
    assert steep.elasticity == pytest.approx(24, rel=1e-4)


def test_rounding_is_neither_an_edge_nor_a_leap(found: dict[str, Gradient]) -> None:
    mixtures = found["balanced"].tellings[0]  # nothing at the centre, the difference of two that are something
    assert mixtures.value == 0
    rain, cap = slope_of(mixtures, "rain"), slope_of(mixtures, "cap")
    assert (rain.derivative, rain.elasticity) == (1, None)
    assert cap.derivative == -1
    for one in found["topped"].tellings[0].slopes:
        assert one.derivative == pytest.approx(0, abs=1e-6)


def test_a_number_that_is_exact_in_a_telling_has_no_slope_in_it(found: dict[str, Gradient]) -> None:
    mixtures = found["armed"].tellings[0]
    assert mixtures.readings == {}  # what hangs on the colour does not vary where it is green
    assert {one.factor for one in mixtures.slopes} == {"steep"}
    assert slope_of(mixtures, "steep").derivative == pytest.approx(5)


def test_the_likeliest_reading_stands_for_the_mixtures(pond: Case) -> None:
    assert middle_readings(Simulation(pond, replicates=4)) == {"slope": "to_us", "colour": "green"}


def test_the_arm_that_is_not_taken_spoils_neither_way(pond: Case) -> None:
    simulation = Simulation(pond, replicates=4)
    program, ensemble = simulation.watch.program, simulation.ensemble
    centre = ensemble.drawing.take(np.zeros(1, np.uint32), {}, dict.fromkeys(program.parameters, 0.5))
    points = np.asarray(centre.matrix(program.parameters, np.float64), np.float64)
    forward, backward = (
        slopes(program, ["armed"], points, simulation.forced, np.float32, way).derivatives for way in (True, False)
    )
    assert np.isfinite(backward).all()
    assert backward == pytest.approx(forward)


@pytest.mark.parametrize("name", ["harbour_truce", "november_2023"])
def test_no_answer_of_the_catalogue_is_smooth_and_each_says_why(name: str) -> None:
    from detente.dynamics import build_program

    case = load(name)
    program = build_program(case)
    found = {obstacle(program, target) for target in [*case.scenario.questions, *case.scenario.measures]}
    assert found == {"steps", "decisions"}


def test_exact_derivatives_are_the_limit_of_differences_in_double_precision() -> None:
    environment = os.environ | {
        "JAX_ENABLE_X64": "1", "JAX_ENABLE_COMPILATION_CACHE": "0", "XLA_FLAGS": SETTINGS,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.exploration.derivatives", "--cases", "2"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert sum(told["not_zero"]) > 50
    assert sum(told["far"]) == 0
    assert max(told["ways_differ"]) < 1e-12
    assert max(told["values_differ"]) < 1e-12
