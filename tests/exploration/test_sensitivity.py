"""What an answer hangs on, in cases whose indices can be worked out by hand."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from detente.dynamics import Simulation
from detente.errors import RequestError
from detente.exploration.explore import explore
from detente.exploration.factors import factors_of, reach_of
from detente.exploration.indices import agreement
from detente.exploration.pair_weights import pair_weights
from detente.exploration.ranking import Shares, places_kept
from detente.exploration.result import Entry, Exploration, Index
from detente.exploration.sampling import Sampler
from detente.exploration.switch_effects import run_with_readings
from detente.scenario import bundled_cases, find_case, load

CASE = """
case: scales
title: Weights on a scale
authors: [a test]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 3
sources:
  page: {title: A page, published: "2031-04-30T06:00+02:00", sentences: sources/page.csv}
claims:
  heavy_is_heavy: {says: The heavy weight is heavy., by: page, cites: "page 1, 2"}
  light_is_light: {says: The light weight is light., by: page, cites: page 3}
  sign:
    kind: cause
    about: Which way does the scale tip?
    readings:
      up: {says: Up., by: page, cites: page 4}
      down: {says: Down., by: page, cites: page 5}
accounts:
  as_up_tells_it: {readings: {sign: up}}
  as_down_tells_it: {readings: {sign: down}}
actors:
  keeper:
    is: keeper of the scale
    wants: {level: {says: A level scale., measure: tip, better: less, cites: page 6}}
uncertainties:
  heavy: {range: 0..3, claims: [heavy_is_heavy]}
  light: {range: 0..2, claims: [light_is_light]}
  loose: {range: 0..1}
  idle: {range: 0..1}
  tilt:
    by_reading:
      - when: {sign: up}
        range: 0.9..1.1
      - otherwise: -1.1..-0.9
shocks:
  gust: {chance: 0.5, says: A gust of wind.}
auxiliaries:
  load: heavy + light + loose + tilt + (2 if gust else 0) + 0 * idle
measures:
  tip: {equals: load, headline: true}
questions:
  how_far:
    asks: How far does the scale tip?
    answer: tip on 2031-05-02
  far:
    asks: Does it tip by more than four?
    answer: (tip > 4) on 2031-05-02
"""
PAGE = (
    "The heavy weight is heavy. It is heavy indeed. The light one is light. Up, some say. Down. Level, says the keeper."
)
VARIANCES = {"heavy": 9 / 12, "light": 4 / 12, "loose": 1 / 12, "sign": 1.0, "tilt": 0.04 / 12, "luck": 1.0}
WHOLE = sum(VARIANCES.values())


def folder_of(tmp: Path, text: str) -> Path:
    from detente.evidence import add_source

    folder = tmp / "scales"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    add_source(folder, folder / "page.txt", "page")
    return folder


@pytest.fixture(scope="module")
def scales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(tmp_path_factory.mktemp("cases"), CASE)


@pytest.fixture(scope="module")
def explored(scales: Path) -> Exploration:
    return explore(scales, worlds=2**18)


def named(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    return {entry.name: entry for entry in entries}


def holds(index: Index | None, truth: float, slack: float = 0.0) -> bool:
    assert index is not None
    half = (index.high - index.low) / 2
    return abs(index.value - truth) <= 1.5 * half + slack


def test_luck_ignorance_and_dispute_of_a_sum_are_its_shares_of_variance(explored: Exploration) -> None:
    found = explored.targets["how_far"]
    ignorance = sum(VARIANCES[name] for name in ("heavy", "light", "loose", "tilt")) / WHOLE
    for entry, truth in ((found.luck, 1 / WHOLE), (found.ignorance, ignorance), (found.dispute, 1 / WHOLE)):
        assert entry is not None
        assert holds(entry.index, truth)
        assert holds(entry.total, truth)
    assert found.assumptions is not None
    assert holds(found.assumptions.index, VARIANCES["loose"] / WHOLE, 0.002)
    assert holds(found.interactions, 0)
    assert holds(found.luck_free_share, 1 - 1 / WHOLE)
    assert found.variance == pytest.approx(WHOLE, rel=0.02)


def test_factors_have_their_shares_with_and_without_luck(explored: Exploration) -> None:
    found = named(explored.targets["how_far"].factors)
    for name in ("heavy", "light", "loose", "sign"):
        share = VARIANCES[name] / WHOLE
        assert holds(found[name].index, share, 0.01 * share), name
        assert holds(found[name].luck_free, share * WHOLE / (WHOLE - 1), 0.03 * share), name
        assert holds(found[name].total, share), name
    assert [entry.name for entry in explored.targets["how_far"].factors][:4] == ["sign", "heavy", "light", "loose"]


def test_what_enters_nothing_has_no_share_of_anything(explored: Exploration) -> None:
    for found in explored.targets.values():
        idle = named(found.factors)["idle"]
        assert idle.index.low <= 0 <= idle.index.high
        assert idle.index.value == 0


def test_a_claims_group_holds_all_that_hangs_on_it(explored: Exploration) -> None:
    claims = named(explored.targets["how_far"].claims)
    assert holds(claims["heavy_is_heavy"].index, VARIANCES["heavy"] / WHOLE, 0.003)
    assert holds(claims["sign"].index, (VARIANCES["sign"] + VARIANCES["tilt"]) / WHOLE, 0.003)
    sources = named(explored.targets["how_far"].sources)
    cited = sum(VARIANCES[name] for name in ("heavy", "light", "sign", "tilt"))
    assert holds(sources["page"].index, cited / WHOLE, 0.01)


def test_a_claims_share_is_split_among_its_sentences(explored: Exploration) -> None:
    sentences = named(explored.targets["how_far"].sentences)
    half = VARIANCES["heavy"] / WHOLE / 2
    for name in ("page 1", "page 2"):
        assert holds(sentences[name].index, half, 0.002)
    assert holds(sentences["page 3"].index, VARIANCES["light"] / WHOLE, 0.002)
    assert "page 6" not in sentences  # nothing that varies rests on it
    assert explored.targets["how_far"].check_first == ("page 4", "page 5", "page 1")


def test_repeating_a_claim_adds_nothing(explored: Exploration, tmp_path: Path) -> None:
    again = "  heavy_once_more: {says: Heavy it is., by: page, cites: page 2}\n  light_is_light:"
    text = CASE.replace("  light_is_light:", again).replace("[heavy_is_heavy]", "[heavy_is_heavy, heavy_once_more]")
    repeated = explore(folder_of(tmp_path, text), question="how_far", worlds=2**15).targets["how_far"]
    few = named(repeated.sentences)
    assert few["page 1"].index == few["page 2"].index
    assert holds(few["page 2"].index, VARIANCES["heavy"] / WHOLE / 2, 0.01)


def test_places_that_depend_on_the_ranges_are_marked(explored: Exploration) -> None:
    # With ranges doubled the heavy weight outweighs the contested sign, which has no range.
    found = named(explored.targets["how_far"].factors)
    assert not found["sign"].keeps_place
    assert not found["heavy"].keeps_place
    assert found["light"].keeps_place
    assert found["light"].place == 3


def shares(error: float = 0.0, **values: float) -> Shares:
    """Return what things account for in one answer, each made of a part of its own."""
    part = np.array([[value] for value in values.values()])
    return Shares(tuple(values), sparse.csr_array(np.eye(len(values))), part, np.full(part.shape, error))


def test_only_what_stands_at_one_place_everywhere_keeps_it() -> None:
    kept = places_kept([shares(a=3, b=2, c=1), shares(a=3, b=1, c=2)], 0)
    assert {name: (one.first, one.last, one.kept, one.moves) for name, one in kept.items()} == {
        "a": (1, 1, True, False),
        "b": (2, 2, False, True),
        "c": (3, 3, False, True),
    }


def test_noise_is_not_taken_for_a_change_of_place() -> None:
    kept = places_kept([shares(0.1, a=3, b=2, c=1.9), shares(0.1, a=3, b=1.9, c=2)], 0)
    assert {name: (one.first, one.last, one.kept) for name, one in kept.items()} == {
        "a": (1, 1, True),
        "b": (2, 3, True),
        "c": (2, 3, True),
    }


def test_where_nothing_can_be_told_no_place_is_kept() -> None:
    many = {f"n{number}": 1 + number / 1000 for number in range(9)}
    kept = places_kept([shares(1.0, **many)] * 3, 0)
    assert {(one.first, one.last, one.kept, one.moves) for one in kept.values()} == {(1, 9, False, False)}


def test_things_made_of_the_same_parts_are_told_apart_by_what_they_do_not_share() -> None:
    loads = sparse.csr_array(np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0]]))
    found = Shares(("both", "one", "same"), loads, np.array([[5.0], [1.0]]), np.array([[3.0], [0.1]]))
    first, last = found.places(0)
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == [(1, 1), (2, 3), (2, 3)]
    assert found.errors[0, 0] == pytest.approx(np.hypot(3.0, 0.1))


def test_a_yes_or_no_has_shares_with_luck_and_without(explored: Exploration) -> None:
    found = explored.targets["far"]
    assert found.type == "yes/no"
    assert found.variance == pytest.approx(found.mean * (1 - found.mean), rel=1e-6)
    sign = named(found.factors)["sign"]
    assert sign.luck_free is not None
    assert sign.luck_free.value > sign.index.value > 0.05
    assert sign.total is not None
    assert sign.total.value > sign.index.value


def test_contested_claims_compare_the_same_worlds(explored: Exploration) -> None:
    (sign,) = [one for one in explored.contested if one.target == "how_far"]
    assert sign.between == ("down", "up")
    assert sign.swing.value == pytest.approx(2, abs=1e-4)
    assert sign.swing.high - sign.swing.low < 0.01
    assert sign.settling.value == pytest.approx(1, abs=1e-3)  # either reading is one away from the middle
    told = {one.name: one.value.value for one in explored.accounts["how_far"]}
    assert told["as_up_tells_it"] - told["as_down_tells_it"] == pytest.approx(2, abs=1e-4)


@pytest.mark.parametrize("name", ["pause_helps_league", "what_varland_heeds"])
def test_a_swing_equals_two_separate_runs_world_by_world(name: str) -> None:
    case = load("harbour_truce")
    simulation = Simulation(case, replicates=4)
    targets = list(case.scenario.questions)
    readings = list(case.switches[name].readings or {})[:2]
    sampler = Sampler(simulation, factors_of(simulation), targets)
    parts = run_with_readings(sampler, [{name: reading} for reading in readings], 64, 4)
    for reading, part in zip(readings, parts, strict=True):
        alone = Simulation(case, replicates=4).run([("alone", {name: reading}, 64)])["alone"]
        for row, target in enumerate(targets):
            answer = alone.answer(target)
            if answer.type == "yes/no":
                assert part.mean[row] == pytest.approx(answer.probability, abs=2e-6)
            elif answer.type == "number":
                assert part.mean[row] == pytest.approx(answer.mean, rel=1e-4)
        weight = np.asarray(alone.part.tally.weight, np.float64)
        assert part.weight / part.weight.sum() == pytest.approx(weight / weight.sum(), abs=1e-6)


def test_numbers_that_reach_nothing_change_nothing() -> None:
    simulation = Simulation(load("harbour_truce"), replicates=4)
    factors = factors_of(simulation)
    targets = [*simulation.case.scenario.questions]
    reach = reach_of(simulation, factors, targets)
    sampler = Sampler(simulation, factors, targets)
    points = np.full((64, len(factors.names)), 0.5)
    luck = np.arange(64, dtype=np.uint32)
    before = sampler.run(points, luck)
    for column in range(len(factors.names)):
        moved = points.copy()
        moved[:, column] = 0.99
        after = sampler.run(moved, luck)
        changed = (before.answers != after.answers).any(axis=1)
        assert not (changed & ~reach[:, column]).any()


def test_weights_that_are_products_leave_known_indices() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.random((2, 100_000, 3))
    mixed = first.copy()
    mixed[:, 0] = second[:, 0]

    def log_weight(u: np.ndarray) -> np.ndarray:
        return np.asarray(np.log(2 * u[:, 0]) + np.log(0.5 + u[:, 2]))

    def model(u: np.ndarray) -> np.ndarray:
        return np.asarray(u[:, 0] + u[:, 1])[None]

    pairing = pair_weights((first, second), (log_weight(first), log_weight(second)), 16)
    assert (pairing.spread > 0).tolist() == [True, False, True]
    none, zeroth = np.zeros(3, bool), np.array([True, False, False])
    every = np.ones(3, bool)
    share = (1 / 18) / (1 / 18 + 1 / 12)  # of a density 2u against an even one
    total = agreement(
        model(first), model(mixed), pairing.weights(log_weight(first), log_weight(mixed), (none, zeroth))
    ).complement
    closed = agreement(
        model(second), model(mixed), pairing.weights(log_weight(second), log_weight(mixed), (every, zeroth))
    )
    assert total.value[0] == pytest.approx(share, abs=0.02)
    assert closed.value[0] == pytest.approx(share, abs=0.02)


def test_the_same_seed_gives_the_same_figures(scales: Path) -> None:
    first, second, other = (explore(scales, question="far", worlds=10_000, seed=seed) for seed in (1, 1, 2))
    assert first.targets == second.targets
    assert first.targets["far"].factors != other.targets["far"].factors


def test_a_question_that_is_not_there_is_named(scales: Path) -> None:
    with pytest.raises(RequestError, match="how_far"):
        explore(scales, question="how_fr")


def test_an_exploration_that_is_stopped_gives_back_what_is_done(scales: Path) -> None:
    stop = threading.Event()
    stop.set()
    found = explore(scales, worlds=10_000, stop=stop)
    assert (found.provenance.partial, found.provenance.worlds, dict(found.targets)) == (True, 0, {})
    whole, stop = explore(scales, worlds=10_000), threading.Event()
    seen: list[int] = []

    def progress(worlds: int) -> None:
        seen.append(worlds)
        if sum(seen) > whole.provenance.worlds / 2:
            stop.set()

    found = explore(scales, worlds=10_000, progress=progress, stop=stop)
    assert found.provenance.partial
    assert found.provenance.worlds < whole.provenance.worlds
    assert dict(found.targets) == {}
    assert found.contested == whole.contested
    assert found.accounts == whole.accounts
    assert not whole.provenance.partial


def test_progress_counts_every_world(scales: Path) -> None:
    done: list[int] = []
    found = explore(scales, worlds=20_000, progress=done.append)
    assert sum(done) == found.provenance.worlds
    assert 5_000 < found.provenance.worlds < 25_000


def test_a_case_in_which_only_luck_is_open(tmp_path: Path) -> None:
    text = CASE[: CASE.index("uncertainties:")] + CASE[CASE.index("shocks:") :]
    for known, fixed in (("heavy + light + loose + tilt +", "1 +"), (" + 0 * idle", ""), ("0.5,", "0.5..0.51,")):
        text = text.replace(known, fixed)
    found = explore(folder_of(tmp_path, text), question="how_far", worlds=5_000).targets["how_far"]
    assert found.luck is not None
    assert holds(found.luck.total, 1)
    assert {entry.index.high for entry in found.sentences} == {0.0}
    assert found.check_first == ()


def test_a_case_in_which_nothing_is_open(tmp_path: Path) -> None:
    text = CASE[: CASE.index("uncertainties:")] + CASE[CASE.index("auxiliaries:") :]
    text = text.replace("load: heavy + light + loose + tilt + (2 if gust else 0) + 0 * idle", "load: 2 + 1")
    found = explore(folder_of(tmp_path, text), worlds=2_000)
    one = found.targets["how_far"]
    assert (one.mean, one.variance, one.luck, one.factors) == (3.0, 0.0, None, ())
    assert found.regions == {}


def test_a_case_that_asks_nothing_has_nothing_to_explore(tmp_path: Path) -> None:
    text = CASE[: CASE.index("questions:")].replace(", headline: true", "")
    with pytest.raises(RequestError, match="nothing to explore"):
        explore(folder_of(tmp_path, text))


IDLE = """
uncertainties:
  idle_number: {range: 0..1}
auxiliaries:
  idle_part: 0 * idle_number
measures:
  idle_measure: {equals: idle_part, headline: true}
"""
SIMULATED = [
    name
    for name in bundled_cases()
    if any("\nquestions:" in file.read_text(encoding="utf-8") for file in find_case(name).glob("*.yaml"))
]
LONG = {"november_2023"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] if name in LONG else []) for name in SIMULATED]
)
def test_an_idle_number_has_no_share_in_any_case_of_the_catalogue(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    shutil.copytree(find_case(name), folder)
    (folder / "idle.yaml").write_text(IDLE, encoding="utf-8")
    file = folder / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    known = "parts:" in text
    text = text.replace("parts:\n", "parts:\n  - idle.yaml\n").replace("parts: [", "parts: [idle.yaml, ")
    file.write_text(text if known else text + "\nparts: [idle.yaml]\n", encoding="utf-8")
    found = explore(folder, worlds=30_000)
    assert "idle_measure" in found.targets
    for one in found.targets.values():
        for entry in one.factors:
            if entry.name == "idle_number":
                assert entry.index.low <= 0 <= entry.index.high
                assert entry.total is None or entry.total.low <= 0 <= entry.total.high
        assert one.variance == 0 or "idle_number" in named(one.factors)


def test_means_are_those_of_a_run_that_weighs_worlds_alike() -> None:
    from detente.run import run

    whole = run("harbour_truce", worlds=120_000)
    found = explore("harbour_truce", question="captives_by_june", worlds=2**17).targets["captives_by_june"]
    answer = whole.answers["captives_by_june"]
    assert answer.mean == pytest.approx(found.mean, abs=4 * np.sqrt(found.variance / 8_000))


def test_stated_likelihoods_weigh_the_readings(tmp_path: Path) -> None:
    text = CASE
    for says, share in (("Up.", 0.8), ("Down.", 0.2)):
        text = text.replace(
            f"says: {says}, by", f"says: {says}, likelihood: {share}, likelihood_by: a judge in 2031, by"
        )
    found = explore(folder_of(tmp_path, text), question="how_far", worlds=2**16)
    whole = WHOLE - 1 + 0.64  # one above or below in four worlds of five
    assert holds(named(found.targets["how_far"].factors)["sign"].index, 0.64 / whole, 0.01)
    (sign,) = found.contested
    assert sign.settling.value == pytest.approx(0.8 * 0.4 + 0.2 * 1.6, abs=0.01)


def test_an_answer_that_is_no_number_is_refused(tmp_path: Path) -> None:
    text = CASE.replace("0 * idle", "log(idle - 2)")
    with pytest.raises(RequestError, match="is no number in some worlds"):
        explore(folder_of(tmp_path, text), worlds=2_000)


def test_worlds_that_only_wider_ranges_spoil_are_left_out(tmp_path: Path) -> None:
    text = CASE.replace("idle: {range: 0..1}", "idle: {range: -1..1}").replace("0 * idle", "log(idle + 1 + 1 / 2)")
    found = explore(folder_of(tmp_path, text), question="how_far", worlds=2**15).targets["how_far"]
    assert named(found.factors)["idle"].index.value > 0.01
    assert [entry.place for entry in found.factors] == [1, 2, 3, 4, 5, 6]
