"""Choices without order are followed alternative by alternative; ladders by their rungs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.exploration.comparison import compare
from detente.exploration.explore import explore
from detente.exploration.report import explored_data
from detente.exploration.result import Exploration
from detente.exploration.targets import by_alternative, target_of, targets_of
from detente.scenario import load

CASE = """
case: turns
title: Where to turn
authors: [a test]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 6
sources:
  page: {title: A page, published: "2031-04-30T06:00+02:00"}
actors:
  walker:
    is: walker
    wants: {home: {says: To be home., measure: loud, better: less, cites: page}}
options:
  walker:
    way:
      one_of: [left, ahead, right]
      start: ahead
    gait:
      one_of: [walks, runs]
      start: walks
    voice:
      ladder: [silent, speaks, shouts]
      start: speaks
decisions:
  walker.way:
    when: true
    usual:
      left: {chance: 0.02..0.08}
      right: {chance: 0.1..0.9}
  walker.gait:
    when: true
    usual:
      runs: {chance: 0.2..0.8}
  walker.voice:
    when: true
    usual:
      up: {chance: 0.1..0.3}
      down: {chance: 0.1..0.3}
levers:
  goes_left:
    sets: {walker.way: left}
    from: day 2
measures:
  loud: {equals: rung(walker.voice), headline: true}
questions:
  turned:
    asks: Where does it turn?
    answer: walker.way on 2031-05-03
  gait:
    asks: How does it go?
    answer: walker.gait on 2031-05-03
  voice:
    asks: How does it speak?
    answer: walker.voice on 2031-05-03
"""
FOLLOWED = ["turned.left", "turned.ahead", "turned.right", "gait.runs", "voice", "loud"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases") / "turns"
    path.mkdir()
    (path / "scenario.yaml").write_text(CASE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def explored(folder: Path) -> Exploration:
    return explore(folder, worlds=30_000)


def test_alternatives_without_order_are_asked_about_one_by_one(folder: Path) -> None:
    case = load(folder)
    assert targets_of(case, None) == FOLLOWED
    assert targets_of(case, "turned") == FOLLOWED[:3]
    assert by_alternative(case, "gait") == ("gait.runs",)  # whether it walks is what is left
    left = target_of(case, "turned.left")
    assert (left.summary, left.alternative, left.position, left.type) == ("turned", "left", 0, "yes/no")
    assert target_of(case, "voice").type == "choice"
    for wrong in ("turned.back", "nothing", "loud.left"):
        with pytest.raises(KeyError):
            target_of(case, wrong)


def test_their_means_are_shares_of_worlds(explored: Exploration) -> None:
    assert list(explored.targets) == FOLLOWED
    found = {name: one.mean for name, one in explored.targets.items()}
    assert sum(found[name] for name in FOLLOWED[:3]) == pytest.approx(1)
    assert found["turned.left"] == pytest.approx(0.05, abs=0.01)
    assert found["turned.right"] == pytest.approx(0.5, abs=0.02)


def test_each_hangs_on_its_own_chance(explored: Exploration) -> None:
    for name, chance in (("turned.right", "right"), ("turned.ahead", "right"), ("gait.runs", "runs")):
        first = explored.targets[name].factors[0]
        assert first.name.endswith(chance), name
        assert first.index.low > 0
        assert explored.targets[name].type == "yes/no"


def test_they_have_regions_and_tipping_points_as_any_yes_or_no(explored: Exploration) -> None:
    assert explored.regions["turned.right"].above is None
    assert "voice" not in explored.regions
    tipped = next(one for one in explored.tipping if one.target == "turned.right")
    assert tipped.place is not None
    assert tipped.value == pytest.approx(0.5, abs=0.06)


def test_the_report_names_question_and_alternative(folder: Path, explored: Exploration) -> None:
    data = explored_data(load(folder), explored)
    assert [(one["id"], one["alternative"]) for one in data["questions"]] == [
        ("turned", "left"), ("turned", "ahead"), ("turned", "right"), ("gait", "runs"), ("voice", None),
    ]  # fmt: skip
    assert {one["gradient"]["obstacle"] for one in data["questions"]} == {"steps"}
    assert json.loads(json.dumps(data)) == data


def test_a_comparison_follows_them_too(folder: Path) -> None:
    found = {one.target: one for one in compare(folder, ["goes_left"], worlds=20_000).effects if one.account is None}
    assert list(found) == FOLLOWED
    assert found["turned.left"].with_it.value == 1
    assert found["turned.right"].with_it.value == 0
    assert found["turned.right"].difference.value == pytest.approx(-0.5, abs=0.05)
