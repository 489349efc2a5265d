"""Cases whose indices are known: what a run and an exploration say of them, beside what is published and SALib says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.rows import QuestionBrief
from detente.dynamics import Simulation
from detente.exploration.coverage import coverage
from detente.exploration.explore import explore
from detente.exploration.factors import factors_of
from detente.exploration.importance import Factor, Importance, importance_of
from detente.exploration.one_at_a_time import swings
from detente.exploration.result import Entry, Exploration, Index, Sensitivity
from detente.exploration.sampling import Sampler
from detente.run import run
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


def hung(folder: Path, name: str, worlds: int = 50_000, **written_as: object) -> tuple[Importance, dict[str, Factor]]:
    made = run(written(folder, name, **written_as), worlds=worlds)  # type: ignore[arg-type]
    found = importance_of(made, coverage(made.simulation).moved)["asked"]
    return found, {factor.name: factor for factor in found.factors}


@pytest.mark.parametrize("lucky", [False, True])
@pytest.mark.parametrize("name", ["u_shape", "product", "either", pytest.param("ishigami", marks=pytest.mark.long)])
def test_paired_worlds_give_total_effects(name: str, lucky: bool, tmp_path: Path) -> None:
    if name == "ishigami" and lucky:
        pytest.skip("it gives no chance")
    known = KNOWN[name]
    moved = swings(Simulation(load(written(tmp_path, name, lucky=lucky))), ["asked"])
    variance = known.model(np.random.default_rng(2).random((200_000, known.factors))).var()
    for number, truth in enumerate(known.total, 1):
        swing = moved[f"u{number}"]
        assert swing.moves("asked") == (truth > 0)
        if truth > 0:
            value, error = swing.total["asked"]
            assert abs(value / variance - truth) < 3 * error / variance + 1e-3
            assert error < 0.4 * value


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
def test_an_assumption_that_acts_both_ways_is_listed_and_counted(seed: int, tmp_path: Path) -> None:
    made = run(written(tmp_path, "u_shape", cited=["u2"], lucky=True), worlds=50_000, seed=seed)
    found = importance_of(made, coverage(made.simulation).moved)["asked"]
    factors = {factor.name: factor for factor in found.factors}
    assert set(factors) == {"u1", "u2"}
    assert factors["u1"].acts == "bends"
    # The middle third of 3x^2 - 1 on -1..1 has the mean -8/9, the outer two 4/9 on the average.
    assert factors["u1"].effect == pytest.approx(0.15 * -4 / 3, abs=0.02)
    assert factors["u2"].acts == "one way"
    assert found.assumption_share == pytest.approx(KNOWN["u_shape"].first[0], abs=0.03)
    assert found.sourced_share == pytest.approx(KNOWN["u_shape"].first[1], abs=0.03)


@pytest.mark.parametrize(("name", "lucky"), [("product", True), ("either", False)])
def test_what_acts_only_together_is_listed_with_its_company(name: str, lucky: bool, tmp_path: Path) -> None:
    found, factors = hung(tmp_path, name, lucky=lucky)
    assert set(factors) == {"u1", "u2"}
    for one, other in (("u1", "u2"), ("u2", "u1")):
        assert (factors[one].acts, factors[one].together) == ("only together", (other,))
        # Two worlds that differ in one factor: twice its total effect.
        apart = np.sqrt(2 * KNOWN[name].model(np.random.default_rng(2).random((200_000, 3))).var())
        assert factors[one].effect == pytest.approx(apart, rel=0.12)
    assert found.only_assumptions
    assert found.assumption_share is not None
    assert found.assumption_share > 0.9


def test_numbers_of_ishigami_are_told_by_what_they_do(tmp_path: Path) -> None:
    found, factors = hung(tmp_path, "ishigami")
    assert {name: factor.acts for name, factor in factors.items()} == {
        "u1": "one way",
        "u2": "bends",
        "u3": "only together",
    }
    assert factors["u3"].together == ("u1",)
    for name, truth in zip(("u1", "u2", "u3"), KNOWN["ishigami"].first, strict=False):
        assert abs(factors[name].first_order - truth) < 2.5 * factors[name].first_order_error
    assert found.assumption_share == pytest.approx(1, abs=0.15)


def test_words_say_so(tmp_path: Path) -> None:
    asked: QuestionBrief = brief_of(
        study_of_run(run(written(tmp_path, "product", cited=["u1"]), worlds=50_000))
    ).questions[0]
    assert asked.rests_on.startswith("What makes the answer differ between draws, numbers and readings do only in")
    assert "too few" not in asked.rests_on
    texts = {factor.name: factor.effect_text for factor in asked.factors}
    assert texts["u1"].startswith("±")
    assert texts["u1"].endswith("(only together with “U2”)")
    bent = brief_of(study_of_run(run(written(tmp_path / "bent", "u_shape"), worlds=50_000))).questions[0]
    text = next(factor.effect_text for factor in bent.factors if factor.name == "u1")
    assert text == "−0.2 (in the middle of its range, against both ends)"


def test_sentences_behind_what_acts_both_ways_or_together_move_an_answer(tmp_path: Path) -> None:
    from detente.evidence import add_source

    for name in ("u_shape", "either"):
        folder = written(tmp_path / name, name, cited=["u1"])
        file = folder / "scenario.yaml"
        text = file.read_text(encoding="utf-8")
        text = text.replace('T06:00+02:00"}\nclaims', 'T06:00+02:00", sentences: sources/page.csv}\nclaims')
        file.write_text(text.replace("cites: page}", "cites: page 1}"), encoding="utf-8")
        (folder / "page.txt").write_text("So it is. Or so they say.", encoding="utf-8")
        add_source(folder, folder / "page.txt", "page")
        covered = coverage(Simulation(load(folder)))
        assert covered.numbers("moves") == (1,)
        assert covered.numbers("missing") == (2,)
