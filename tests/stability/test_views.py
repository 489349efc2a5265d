from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from detente.scenario.elements import ConflictElement
from detente.stability.concepts import CONCEPTS, stable_states
from detente.stability.conflict import Conflict, conflict_of
from detente.stability.misperception import Views, seen_by, views
from tests.stability.quarrel import SETTLED, quarrel

# States: 1 nothing, 2 fence, 3 hedge, 4 both, and 5 to 8 the same with the paint.
ANN = "ranking: [2, 6, 4, 8, 1, 5, 3, 7]\nclaims: [quiet]\n"  # a fence, if she may
BEN = "ranking: [3, 7, 1, 5, 4, 8, 2, 6]\nclaims: [quiet]\n"  # no fence, and then a hedge
SPITEFUL = "ranking: [8, 4, 7, 3, 6, 2, 5, 1]\nclaims: [quiet]\n"


def believing(who: str, of: str, prefers: str) -> str:
    inside = "".join(f"    {line}\n" for line in prefers.splitlines())
    return {"ann": ANN, "ben": BEN}[who] + f"sees:\n  {of}:\n{inside}"


def read(folder: Path, ann: str, ben: str) -> tuple[ConflictElement, Conflict]:
    case = quarrel(folder, ann=ann, ben=ben)
    assert case.elements.conflict is not None
    return case.elements.conflict, conflict_of(case, {})


def numbers(truths: ArrayLike) -> tuple[int, ...]:
    return tuple((np.flatnonzero(truths) + 1).tolist())


def test_nobody_mistaken_gives_no_views(tmp_path: Path) -> None:
    element, conflict = read(tmp_path, ANN, BEN)
    assert views(element, conflict, {}) == Views()


def test_a_view_has_the_viewers_own_wants_and_what_it_believes_of_others(tmp_path: Path) -> None:
    element, conflict = read(tmp_path, believing("ann", "ben", SPITEFUL), BEN)
    spiteful = read(tmp_path, ANN, SPITEFUL)[1]
    seen = seen_by(element, conflict, "ann", {})
    assert np.array_equal(seen.ranks, spiteful.ranks)
    assert seen_by(element, conflict, "ben", {}).ranks.tolist() == conflict.ranks.tolist()
    found = views(element, conflict, {})
    plain = stable_states(spiteful)
    assert [view.viewer for view in found.views] == ["ann"]
    for concept in CONCEPTS:
        assert found.views[0].equilibria[concept] == numbers(plain[concept].all(axis=0))
        assert found.views[0].stable["ben"][concept] == numbers(plain[concept][1])


def test_where_views_differ_and_what_everybody_stays_in(tmp_path: Path) -> None:
    element, conflict = read(tmp_path, believing("ann", "ben", SPITEFUL), believing("ben", "ann", SETTLED))
    found = views(element, conflict, {}, ["nash", "seq"])
    ann, ben = (stable_states(seen_by(element, conflict, name, {}), ["nash", "seq"]) for name in ("ann", "ben"))
    for concept in ("nash", "seq"):
        hers, his = ann[concept].all(axis=0), ben[concept].all(axis=0)
        assert found.disputed[concept] == numbers(hers ^ his)
        assert found.everybody[concept] == numbers(ann[concept][0] & ben[concept][1])
    assert found.views[0].equilibria["nash"] == (8,)  # she builds, and expects a hedge and paint whatever she does
    assert found.views[1].equilibria["nash"] == (3,)  # he believes that she would rather have nothing
    assert found.disputed["nash"] == (3, 8)
    assert found.everybody["nash"] == (4,)  # she builds and he plants: neither expected it, neither leaves


def test_who_is_not_mistaken_sees_the_conflict_as_it_is(tmp_path: Path) -> None:
    element, conflict = read(tmp_path, believing("ann", "ben", SPITEFUL), BEN)
    found = views(element, conflict, {}, ["nash"])
    plain = stable_states(conflict, ["nash"])["nash"]
    assert set(found.disputed["nash"]) == set(found.views[0].equilibria["nash"]) ^ set(numbers(plain.all(axis=0)))


def test_a_belief_may_hang_on_a_reading(tmp_path: Path) -> None:
    often = "prefers:\n  - {wants: ben.hedge, when: {storms: often}}\n"
    element, conflict = read(tmp_path, believing("ann", "ben", often), BEN)
    hedge = [0, 0, 1, 1, 0, 0, 1, 1]
    assert seen_by(element, conflict, "ann", {"storms": "often"}).ranks[1].tolist() == hedge
    assert not seen_by(element, conflict, "ann", {"storms": "seldom"}).ranks[1].any()


def test_beliefs_about_oneself_and_levels_and_pairs(tmp_path: Path) -> None:
    belief = "ranking: [1, 2, 3, 4, 5, 6, 7, 8]\nstrong_after: [2]\nunknown: [[1, 8]]\nclaims: [quiet]\n"
    element, conflict = read(tmp_path, believing("ann", "ben", belief), BEN)
    seen = seen_by(element, conflict, "ann", {})
    assert seen.levels[1].tolist() == [1, 1, 0, 0, 0, 0, 0, 0]
    assert seen.unknown[1].tolist() == [[0, 7]]
    ann = element.makers[0]
    of_herself = replace(element, makers=(replace(ann, sees={"ann": ann.sees["ben"]}), element.makers[1]))
    assert np.array_equal(seen_by(of_herself, conflict, "ann", {}).ranks, conflict.ranks)
