"""Tests of structure find what was planted: sums, loops with their signs, and dead ends."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.equations import parse
from detente.validation.conservation import conserved_sums, terms_of
from detente.validation.feedback_loops import shortest_independent_loops
from detente.validation.structure import structure_of
from detente.validation.unit_consistency import unit_consistency
from tests.validation.planted import planted, tank


def test_a_planted_law_of_conservation_is_found_and_kept(tmp_path: Path) -> None:
    sheet = planted(tmp_path, **tank()).validate(quick=True, worlds=32)
    (found,) = sheet.conserved
    assert found.stocks == {"inside": 1.0, "outside": 1.0}
    assert found.unit == "person"
    assert found.departure is not None
    assert found.departure < 1e-12
    assert sheet.test("conservation").verdict == "passes"


def test_what_leaks_is_no_law(tmp_path: Path) -> None:
    sheet = planted(tmp_path, **tank("to_and_fro * outside")).validate(quick=True, worlds=32)
    assert sheet.conserved == ()
    test = sheet.test("conservation")
    assert test.verdict == "described"
    assert [one.element for one in test.where] == ["outside"]
    assert "to_and_fro * outside (out)" in test.where[0].says


def test_a_sum_may_have_weights(tmp_path: Path) -> None:
    # For each person who leaves, two papers are used up: papers + 2 * people_gone is kept.
    stocks = {
        "papers": {"unit": "person", "start": 50, "change": "-2 * gone"},
        "people_gone": {"unit": "person", "start": 0, "change": "gone"},
        "elsewhere": {"unit": "person", "start": 5, "change": "gone + gone"},
    }
    flows = {"gone": {"unit": "person/day", "equals": "papers / 20 [day]"}}
    questions = {"left": {"asks": "How many?", "answer": "people_gone + elsewhere on 2031-05-15"}}
    case = planted(tmp_path, stocks=stocks, flows=flows, questions=questions)
    kept = {frozenset(one.items()) for one in conserved_sums(structure_of(case).program.stocks)}
    assert kept == {
        frozenset({"papers": 1, "people_gone": 2}.items()),
        frozenset({"papers": 1, "elsewhere": 1}.items()),
    }
    departures = [one.departure for one in case.validate(quick=True, worlds=16).conserved]
    assert all(one is not None and one < 1e-12 for one in departures)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("-(a + b) - c", {"a": -1, "b": -1, "c": -1}),
        ("2 * a - a", {"a": 1}),
        ("a - a", {}),
        ("-(a - 2 * (b - c))", {"a": -1, "b": 2, "c": -2}),
        ("a * b - 0", {"a * b": 1}),
        ("a if c else 0", {"a if c else 0": 1}),
    ],
)
def test_a_change_is_read_as_a_sum_of_terms(text: str, terms: dict[str, int]) -> None:
    assert terms_of(parse(text)) == {term: Fraction(times) for term, times in terms.items()}


# ---- loops


def test_loops_of_known_polarity(tmp_path: Path) -> None:
    case = planted(
        tmp_path,
        uncertainties={
            "fear_grows": {"unit": "1/day", "range": "0.1..0.2"},
            "calms": {"unit": "1/day", "range": "0.05..0.3"},
        },
        stocks={
            "fear": {"start": "0.2..0.4", "change": "fear_grows * arms - calms * fear"},
            "arms": {"start": "0.2..0.4", "change": "fear_grows * (fear - arms)"},
        },
        questions={"how_much": {"asks": "How much fear?", "answer": "fear on 2031-05-10"}},
    )  # fmt: skip
    sheet = case.validate(quick=True, worlds=64)
    told = {loop.elements: loop.polarity for loop in sheet.loops}
    # Each feeds the other; each fades by itself.
    assert told == {("arms", "fear"): "reinforcing", ("fear",): "balancing", ("arms",): "balancing"}
    signs = {(link.source, link.target): link.sign for loop in sheet.loops for link in loop.links}
    assert signs == {("arms", "fear"): "+", ("fear", "arms"): "+", ("fear", "fear"): "-", ("arms", "arms"): "-"}


def test_a_decision_is_signed_by_its_reasons(tmp_path: Path) -> None:
    case = planted(
        tmp_path,
        uncertainties={"dread": {"range": "2..4"}},
        options={"ann": {"leave": {"says": "Leave."}}},
        decisions={"ann.leave": {"usual": "0.2..0.4", "when": "day > 2 [day]", "leans": [
            {"away": "crowd_share", "odds": "dread"}]}},
        stocks={
            "crowd": {
                "unit": "person", "start": "40..60",
                "change": "(0 [person] if ann.leave else 60 [person]) / 10 [day] - crowd / 10 [day]",
            }
        },
        auxiliaries={"crowd_share": {"equals": "share(crowd, 80 [person])"}},
        questions={"left": {"asks": "How many?", "answer": "crowd on 2031-05-10"}},
    )  # fmt: skip
    loops = {loop.elements: loop for loop in case.validate(quick=True, worlds=64).loops}
    around = loops["ann.leave", "crowd", "crowd_share"]
    # Leaving thins the crowd; a crowd keeps from leaving: who leaves makes leaving likelier.
    assert [link.sign for link in around.links] == ["-", "+", "-"]
    assert around.polarity == "reinforcing"
    assert around.links[0].delayed
    assert not around.links[1].delayed


def test_a_link_without_one_sign_says_so(tmp_path: Path) -> None:
    case = planted(
        tmp_path,
        stocks={"x": {"start": "-1..1", "change": "(x * x - x) / 20 [day]"}},
        questions={"how_much": {"asks": "How much?", "answer": "x on 2031-05-10"}},
    )
    (loop,) = case.validate(quick=True, worlds=64).loops
    assert loop.polarity == "either"


names = st.sampled_from("abcdefg")


@given(st.dictionaries(names, st.lists(names, max_size=3, unique=True), max_size=7))
def test_independent_loops_hold_every_link_of_every_loop(graph: dict[str, list[str]]) -> None:
    whole = {name: graph.get(name, []) for name in "abcdefg"}
    loops = shortest_independent_loops(whole)
    in_loops = [set(zip(loop, (*loop[1:], loop[0]), strict=True)) for loop in loops]
    assert all(target in whole[source] for links in in_loops for source, target in links)
    assert all(len(set(loop)) == len(loop) for loop in loops)
    # Brute force: a link is part of a loop where its source can be reached from its target.
    assert set().union(*in_loops) == {
        (source, target) for source, targets in whole.items() for target in targets if source in _reached(whole, target)
    }
    met: set[tuple[str, str]] = set()
    for links in in_loops:
        assert links - met
        met |= links


def _reached(graph: dict[str, list[str]], first: str) -> set[str]:
    found = {first}
    for _ in graph:
        found |= set(itertools.chain.from_iterable(graph[name] for name in found))
    return found


# ---- dead ends, units


def test_what_nothing_reads_is_named_with_its_line(tmp_path: Path) -> None:
    sections = tank()
    sections["auxiliaries"] = {"idle": {"unit": "person", "equals": "inside + outside"}}
    case = planted(tmp_path, **sections)
    test = case.validate(quick=True, worlds=16).test("unused")
    assert test.verdict == "does not pass"
    (one,) = test.where
    assert one.element == "idle"
    file, _, line = one.at.partition(":")
    assert "idle:" in (case.folder / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert planted(tmp_path / "other", **tank()).validate(quick=True, worlds=16).test("unused").verdict == "passes"


def test_a_state_that_nobody_reacts_to_is_told(tmp_path: Path) -> None:
    case = planted(
        tmp_path,
        options={"ann": {"leave": {"says": "Leave."}}},
        decisions={"ann.leave": {"usual": "0.2..0.4", "when": "waited > 3 [day]"}},
        stocks={
            "waited": {"unit": "day", "start": 0, "change": "1"},
            "tired": {"start": 0, "change": "1 / 9 [day] if ann.leave else 0"},
        },
        questions={"how": {"asks": "How tired?", "answer": "tired on 2031-05-10"}},
    )  # fmt: skip
    test = case.validate(quick=True, worlds=16).test("unreacted_to")
    assert test.verdict == "described"
    assert {one.element for one in test.where} == {"tired", "ann.leave"}


def test_units_are_read_again(tmp_path: Path) -> None:
    test = unit_consistency(structure_of(planted(tmp_path, **tank())))
    assert test.verdict == "passes"
    assert "5 expressions were read again: 5 with a unit" in test.says
