"""From a case's section to the arrays that methods work on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.errors import RequestError
from detente.scenario import Case, load
from detente.stability import memory_limit
from detente.stability.concepts import CONCEPTS, stable_states
from detente.stability.conflict import Conflict, conflict_of
from detente.stability.memory_limit import refuse_more_than_memory

CASE = """\
case: ferry
title: A ferry across the sound
authors: [the Détente authors]
viewpoint: Invented.
as_of: "2031-05-04T06:00+02:00"
sources:
  letter: {title: A letter, publisher: The quay, published: "2031-05-01T08:00+02:00"}
claims:
  told: {says: Both said so., by: letter, cites: letter}
  ice:
    kind: cause
    about: Will there be ice?
    readings:
      much: {says: Much., by: letter, cites: letter}
      little: {says: Little., by: letter, cites: letter}
accounts:
  as_told: {title: As told, by: ann, ice: much}
actors:
  ann: {name: Ann, is: captain, wants: {peace: {says: Quiet., cites: letter}}}
  ben: {name: Ben, is: harbour master, wants: {peace: {says: Quiet., cites: letter}}}
options:
  ann:
    trips: {says: How often it sails., ladder: [few, some, many], start: some, cites: letter}
    sell: {says: Sell the ferry., lasting: true, cites: letter}
  ben:
    berth: {says: Where it lies., one_of: [north, south, none], start: north, lasting: true, cites: letter}
stability:
  says: How often the ferry sails, and from where.
  decision_makers:
    ann:
      prefers:
        - {wants: not ann.sell, says: Keep it., claims: [told], when: {ice: much}, strong: true}
        - {wants: ann.trips == many, says: Sail., claims: [told]}
    ben:
      prefers:
        - {wants: ben.berth == north, says: North., claims: [told]}
        - {wants: ann.trips == few, says: Quiet., claims: [told]}
"""
# Codes: trips few, some, many count 0, 1, 2; sell 3; berth north, south, none 0, 6, 12.


def ferry(folder: Path, more: str = "") -> Case:
    (folder / "ferry").mkdir()
    (folder / "ferry" / "scenario.yaml").write_text(CASE + more, encoding="utf-8")
    return load(folder / "ferry")


def steps(conflict: Conflict, maker: int, state: int) -> list[int]:
    return [int(target) for target in conflict.moves[maker].of(state)]


def test_moves_keep_to_rungs_and_to_what_is_irreversible(tmp_path: Path) -> None:
    conflict = conflict_of(ferry(tmp_path), {})
    assert conflict.makers == ("ann", "ben")
    assert conflict.count == 18
    assert conflict.owners.tolist() == [0, 0, 1]
    assert steps(conflict, 0, 0) == [1, 3, 4]  # a rung up, selling, or both; not two rungs
    assert steps(conflict, 0, 4) == [3, 5]  # sold: only the trips are left
    assert steps(conflict, 1, 0) == [6, 12]
    assert steps(conflict, 1, 7) == []  # it has left the north, and stays
    assert conflict.start == 1


def test_what_is_forbidden_and_what_is_the_same(tmp_path: Path) -> None:
    more = """\
  same:
    - ann.sell
  no_moves:
    - by: ben
      from: ann.trips == few
      to: ben.berth == none
      says: No crane.
"""
    conflict = conflict_of(ferry(tmp_path, more), {})
    assert conflict.count == 10  # nine unsold, and one of all that are sold
    assert conflict.state_of.tolist() == [0, 1, 2, 3, 3, 3, 4, 5, 6, 3, 3, 3, 7, 8, 9, 3, 3, 3]
    assert steps(conflict, 0, 0) == [1, 3]
    assert steps(conflict, 0, 3) == []
    assert steps(conflict, 1, 0) == [4]
    assert steps(conflict, 1, 1) == [5, 8]


def test_each_concept_can_be_asked_of_a_case(tmp_path: Path) -> None:
    conflict = conflict_of(ferry(tmp_path), {})
    found = stable_states(conflict)
    assert list(found) == list(CONCEPTS)
    assert all(stable.shape == (2, 18) for stable in found.values())
    # From few trips to many is two rungs, and the first of them is no gain.
    assert [s for s in range(18) if found["nash"][:, s].all()] == [s for s in range(18) if s % 3 != 1]


def test_preferences_follow_the_readings(tmp_path: Path) -> None:
    case = ferry(tmp_path)
    silent, much = conflict_of(case, {}), conflict_of(case, {"ice": "much"})
    assert silent.ranks[0].max() == 1  # what hangs on the ice is left out
    assert much.ranks[0].max() == 3
    assert np.array_equal(much.levels[0] > 0, much.ranks[0] > 1)
    assert not silent.levels.any()
    assert np.array_equal(silent.ranks[1], much.ranks[1])


def test_a_case_without_the_section_is_named() -> None:
    with pytest.raises(RequestError, match="harbour_truce has no section stability"):
        conflict_of(load("harbour_truce"), {})


def test_a_conflict_beyond_memory_is_refused_with_its_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = ferry(tmp_path)
    monkeypatch.setattr(memory_limit, "machine_memory", lambda: 1_000)
    with pytest.raises(RequestError, match=r"^18 states are too many for this machine: .* add rules"):
        conflict_of(case, {})


def test_what_fits_or_cannot_be_told_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_limit, "machine_memory", lambda: 1_000)
    refuse_more_than_memory(3, states=500, moves=500)
    monkeypatch.setattr(memory_limit, "machine_memory", lambda: None)
    refuse_more_than_memory(3, states=1 << 60)
