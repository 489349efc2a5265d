"""What an answer hangs on: known effects are found, idle numbers are not, sentences get the status they earn."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.dynamics import Simulation
from detente.exploration.coverage import coverage
from detente.exploration.importance import importance_of
from detente.exploration.one_at_a_time import swings
from detente.run import Run, run
from detente.scenario import load
from tests.architecture.pages import blocks
from tests.architecture.policy import REPOSITORY

CASE = """
case: scales
title: Two weights on a scale
authors: [a test]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 5
sources:
  page: {title: A page, published: "2031-04-30T06:00+02:00", sentences: sources/page.csv}
claims:
  heavy_is_heavy: {says: The heavy weight is heavy., by: page, cites: page 1}
  idle_is_idle: {says: The idle weight weighs on nothing., by: page, cites: page 2}
  sign:
    kind: cause
    about: Which way does the scale tip?
    readings:
      up: {says: Up., by: page, cites: page 3}
      level: {says: Not at all., by: page, cites: page 4}
      down: {says: Down., by: page, cites: page 4}
  unread:
    kind: cause
    about: Does anybody read this?
    readings:
      some: {says: Somebody., by: page, cites: page 5}
      nobody: {says: Nobody., by: page, cites: page 5}
accounts:
  as_up_tells_it: {readings: {sign: up, unread: silent}}
  as_down_tells_it: {readings: {sign: down, unread: silent}}
actors:
  keeper:
    is: keeper of the scale
    wants: {level: {says: A level scale., measure: tip, better: less, cites: page 6}}
uncertainties:
  heavy: {range: 0..3, claims: [heavy_is_heavy]}
  light: {range: 0..1}
  idle: {range: 0..1, claims: [idle_is_idle]}
  tilt:
    by_reading:
      - when: {sign: up}
        range: 0.9..1.1
      - when: {sign: level}
        range: -0.1..0.1
      - otherwise: -1.1..-0.9
auxiliaries:
  load: heavy + light + tilt
measures:
  tip: {equals: load, headline: true}
questions:
  how_far:
    asks: How far does the scale tip?
    answer: tip on 2031-05-03
  far:
    asks: Does it tip by more than two?
    answer: (tip > 2) on 2031-05-03
context:
  the_room: {says: The room is quiet., cites: page 7}
"""
PAGE = (
    "The heavy weight is heavy. The idle weight lies beside the scale. Some say that it tips up. Others say it does "
    "not. This nobody reads. The keeper wants it level. The room is quiet. Nobody cites this sentence."
)


@pytest.fixture(scope="module")
def scales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from detente.evidence import add_source

    folder = tmp_path_factory.mktemp("cases") / "scales"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(CASE, encoding="utf-8")
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    add_source(folder, folder / "page.txt", "page")
    return folder


@pytest.fixture(scope="module")
def weighed(scales: Path) -> Run:
    return run(scales, worlds=64_000, other_ranges=False)


def test_effects_of_a_sum_are_two_thirds_of_each_width(weighed: Run) -> None:
    moved = swings(weighed.simulation, ["how_far", "far"])
    found = {factor.name: factor for factor in importance_of(weighed, moved)["how_far"].factors}
    # The middle of the top third lies two thirds of the width above the middle of the bottom third.
    assert found["heavy"].effect == pytest.approx(2.0, abs=0.1)
    assert found["light"].effect == pytest.approx(2 / 3, abs=0.15)
    assert found["sign"].effect == pytest.approx(2.0, abs=0.1)
    assert found["sign"].readings == ("down", "up")
    assert found["light"].is_assumption
    assert not found["heavy"].is_assumption


def test_a_sentence_on_a_dispute_moves_an_answer_only_where_the_readings_do(scales: Path) -> None:
    """Whichever reading holds, the number has the same range: it moves the answer, and what is disputed does not."""
    moot = """
  moot:
    kind: cause
    about: What is the mass made of?
    readings:
      stone: {says: Stone., by: page, cites: page 8}
      brass: {says: Brass., by: page, cites: page 8}
accounts:"""
    mass = """
  mass:
    claims: [heavy_is_heavy]
    by_reading:
      - when: {moot: stone}
        range: 0..3
      - otherwise: 0..3
auxiliaries:"""
    text = CASE.replace("\naccounts:", moot).replace("\nauxiliaries:", mass).replace("heavy + light", "mass + light")
    folder = scales.parent / "moot" / "scales"
    shutil.copytree(scales, folder)
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    covered = coverage(Simulation(load(folder)))
    assert covered.moved["mass"].anything
    assert 1 in covered.numbers("moves"), "the claim on the mass"
    assert 8 in covered.numbers("feeds"), "what it is made of changes nothing"
    assert {3, 4} <= set(covered.numbers("moves")), "which way it tips does"


def test_what_enters_nothing_is_not_listed(weighed: Run) -> None:
    moved = swings(weighed.simulation, ["how_far", "far"])
    for answer in importance_of(weighed, moved).values():
        assert {"idle", "unread"}.isdisjoint(factor.name for factor in answer.factors)
    assert "idle" not in moved
    assert "unread" not in moved


def test_shares_of_variance_equal_the_closed_form(weighed: Run) -> None:
    shares = importance_of(weighed, swings(weighed.simulation, ["how_far"]))["how_far"]
    # Variances: 9/12 of heavy, 1/12 of light, 2/3 between readings and a little of tilt within them.
    total = 9 / 12 + 1 / 12 + 2 / 3 + 0.04 / 12
    assert shares.assumption_share == pytest.approx((1 / 12) / total, abs=0.02)
    assert shares.sourced_share == pytest.approx((9 / 12 + 2 / 3) / total, abs=0.05)
    assert shares.interactions == pytest.approx(0, abs=0.06)


def test_with_few_draws_shares_are_not_resolved(scales: Path) -> None:
    few = run(scales, worlds=400)
    assert importance_of(few, swings(few.simulation, ["far"]))["far"].assumption_share is None


def test_a_full_swing_is_the_width_of_the_range_in_the_same_worlds(weighed: Run) -> None:
    moved = swings(weighed.simulation, ["how_far"])
    assert moved["heavy"].moved["how_far"] == pytest.approx(0.98 * 3, abs=1e-4)
    # Between readings the same cumulative probability is taken in either range.
    assert moved["sign"].moved["how_far"] == pytest.approx(-2, abs=1e-4)


def test_sentences_have_the_highest_status_that_applies(scales: Path) -> None:
    covered = coverage(Simulation(load(scales)))
    assert covered.numbers("moves") == (1, 3, 4)
    assert covered.numbers("feeds") == (6,)
    assert covered.numbers("context") == (7,)
    # A claim on a number that nobody reads, and one on a switch that switches nothing, leave their sentences unused.
    assert covered.numbers("missing") == (2, 5, 8)


def test_the_brief_words_effects_in_the_answers_own_unit(weighed: Run) -> None:
    brief = brief_of(study_of_run(weighed))
    by_question = {question.id: question for question in brief.questions}
    heavy = next(factor for factor in by_question["how_far"].factors if factor.name == "heavy")
    assert heavy.effect_text == f"+{heavy.effect:.2f}".rstrip("0").rstrip(".")
    assert "points" in by_question["far"].factors[0].effect_text
    sign = next(factor for factor in by_question["how_far"].factors if factor.name == "sign")
    assert "down → up" in sign.effect_text
    assert sign.label == "Which way does the scale tip?"


def test_reasons_need_no_numbered_sentences(tmp_path: Path) -> None:
    """The README's own case has no source at all, and its page promises what its brief says."""
    case = next(block for block in blocks(REPOSITORY / "README.md") if block.file == "river_truce/scenario.yaml")
    (tmp_path / "river_truce").mkdir()
    (tmp_path / case.file).write_text(case.text, encoding="utf-8")
    brief = brief_of(study_of_run(run(tmp_path / "river_truce", worlds=2_000)))
    asked = brief.questions[0]
    assert [factor.label for factor in asked.factors] == ["Usual chance of “upland: extend”"]
    assert asked.factors[0].is_assumption
    assert asked.hanging.assumption_share is not None
    assert asked.hanging.assumption_share > 0.85
    assert "too few draws" not in asked.rests_on
    assert brief.coverage.source == ""
