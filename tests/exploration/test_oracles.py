"""Cases whose indices are known: what a run and an exploration say of them, beside what is published and SALib says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.dynamics import Simulation
from detente.exploration.explore import explore
from detente.exploration.factors import factors_of
from detente.exploration.result import Entry, Exploration, Index, Sensitivity
from detente.exploration.sampling import Sampler
from detente.scenario import load
from tests.exploration.functions import KNOWN
from tests.exploration.oracle_cases import ORACLES, written

SHORT = ("ishigami", "u_shape", "product", "either")
LONG = [pytest.param(name, marks=[] if name in SHORT else [pytest.mark.long]) for name in ORACLES]


@pytest.fixture(scope="module")
def explored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Exploration]:
    return {}


def exploration(name: str, kept: dict[str, Exploration], folder: Path, lucky: bool = False) -> Exploration:
    key = f"{name} {lucky}"
    if key not in kept:
        kept[key] = explore(written(folder, name, lucky=lucky), worlds=2**16)
    return kept[key]


def holds(index: Index | None, truth: float, times: float = 1.5, slack: float = 1e-3) -> bool:
    assert index is not None
    return abs(index.value - truth) <= times * (index.high - index.low) / 2 + slack


def by_number(one: Sensitivity) -> list[Entry]:
    """Return the entries of the factors in the order of their numbers."""
    return sorted(one.factors, key=lambda entry: int(entry.name[1:]))


@pytest.mark.parametrize("name", LONG)
def test_a_case_of_a_function_is_that_function(name: str, tmp_path: Path) -> None:
    case = load(written(tmp_path, name))
    simulation = Simulation(case, replicates=4)
    sampler = Sampler(simulation, factors_of(simulation), ["asked"])
    points = np.random.default_rng(1).random((256, KNOWN[name].factors))
    order = [int(factor[1:]) - 1 for factor in sampler.factors.names]
    outcome = sampler.run(points[:, order], np.arange(256, dtype=np.uint32)).answers[0]
    # A leap may fall on either side of a point within 32 bits.
    close = np.isclose(outcome, KNOWN[name].model(points), rtol=1e-3, atol=2e-3)
    assert close.mean() > 0.99


@pytest.mark.parametrize("name", LONG)
def test_every_factor_has_its_index_and_its_total(name: str, explored: dict[str, Exploration], tmp_path: Path) -> None:
    one, known = exploration(name, explored, tmp_path).targets["asked"], KNOWN[name]
    for entry, first, total in zip(by_number(one), known.first, known.total, strict=True):
        assert holds(entry.index, first), entry
        assert holds(entry.total, total), entry
        assert entry.index.high >= 0
    assert one.assumptions is not None
    assert holds(one.assumptions.index, 1.0, 2.0)


@pytest.mark.parametrize(("name", "idle"), [("ishigami", "u4"), ("product", "u3"), ("either", "u3")])
def test_what_matters_only_in_company_stands_above_what_does_nothing(
    name: str, idle: str, explored: dict[str, Exploration], tmp_path: Path
) -> None:
    entries = {entry.name: entry for entry in exploration(name, explored, tmp_path).targets["asked"].factors}
    last = entries.pop(idle)
    assert not last.tells
    for entry in entries.values():
        assert entry.tells
        assert entry.places is not None
        assert last.places is not None
        assert entry.places[1] < last.places[0]
    assert all(entry.only_in_company for entry in entries.values()) == (name != "ishigami")


@pytest.mark.parametrize(("name", "lucky"), [("either", False), ("either", True), ("product", False)])
def test_a_box_is_found_where_two_things_must_come_together(
    name: str, lucky: bool, explored: dict[str, Exploration], tmp_path: Path
) -> None:
    region = exploration(name, explored, tmp_path, lucky).regions["asked"]
    assert {side.factor for side in region.sides} == {"u1", "u2"}
    assert region.density > region.base + 0.3
    if name == "either":
        assert region.mass == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize("name", ["ishigami", pytest.param("sobol_g", marks=pytest.mark.long)])
def test_salib_says_the_same_of_the_same_case(name: str, explored: dict[str, Exploration], tmp_path: Path) -> None:
    """Both run one compiled case: SALib at its own design and with its own estimators."""
    sobol, saltelli = (pytest.importorskip(f"SALib.{part}.sobol") for part in ("analyze", "sample"))
    one = exploration(name, explored, tmp_path).targets["asked"]
    simulation = Simulation(load(written(tmp_path / "again", name)), replicates=4)
    sampler = Sampler(simulation, factors_of(simulation), ["asked"])
    names = list(sampler.factors.names)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    points = saltelli.sample(problem, 2_048, calc_second_order=False, seed=1).clip(1e-9, 1 - 1e-9)
    outcome = sampler.run(points, np.zeros(len(points), np.uint32)).answers[0]
    theirs = sobol.analyze(problem, outcome, calc_second_order=False, seed=1)
    ours = {entry.name: entry for entry in one.factors}
    for number, factor in enumerate(names):
        for index, value, half in (
            (ours[factor].index, theirs["S1"][number], theirs["S1_conf"][number]),
            (ours[factor].total, theirs["ST"][number], theirs["ST_conf"][number]),
        ):
            assert index is not None
            assert index.value == pytest.approx(value, abs=1.5 * half + (index.high - index.low) / 2 + 1e-3)
