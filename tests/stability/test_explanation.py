"""Reasons say what the engine found: for every state, decision maker and concept, with moves that can be made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import RequestError
from detente.scenario import load
from detente.stability import Reason, Stability, conflict_of, stability, why_stable
from detente.stability.concepts import CONCEPTS, stable_states
from detente.stability.conflict import Conflict
from detente.stability.explanation import Explainer
from detente.stability.wording import Because, Wording
from tests.stability.conflicts import Pair, as_conflict, graphs, options
from tests.stability.oracle import Game
from tests.stability.quarrel import quarrel

INDIFFERENT = "ranking: [[1, 2, 3, 4, 5, 6, 7, 8]]\nclaims: [quiet]\n"
RULES = ("legal", "once", "single")
CASES = ("prisoners_dilemma", "chicken", "cuban_missile_crisis_1962", "elmira_groundwater", "garrison_diversion")


@dataclass(frozen=True)
class Numbers(Wording):
    """Words for a conflict that no case describes: numbers."""

    @property
    def titles(self) -> tuple[str, ...]:
        return self.conflict.makers

    @property
    def state_names(self) -> dict[int, str]:
        return {}

    def move(self, maker: int, leaves: int, arrives: int, *, gerund: bool) -> str:
        return "moving" if gerund else "move"

    def because(self, maker: int, better: int, worse: int) -> Because:
        assert self.conflict.ranks[maker, better] > self.conflict.ranks[maker, worse]
        return Because("it says so", ())


def reasons(wording: Wording, rule: str, concepts: tuple[str, ...]) -> dict[tuple[int, int, str], Reason]:
    conflict = wording.conflict
    return {
        (maker, state, concept): Explainer(wording, maker, state, rule).reason(concept)
        for maker in range(len(conflict.makers))
        for state in range(conflict.count)
        for concept in concepts
    }


def assert_told_rightly(wording: Wording, rule: str, concepts: tuple[str, ...]) -> None:
    conflict = wording.conflict
    found = stable_states(conflict, concepts, rule)
    for (maker, state, concept), reason in reasons(wording, rule, concepts).items():
        assert reason.stable == found[concept][maker, state], reason.text
        assert_can_be_made(conflict, reason)


def assert_can_be_made(conflict: Conflict, reason: Reason) -> None:
    for sentence in reason.sentences:
        for step in sentence.path:
            maker, leaves, arrives = conflict.makers.index(step.maker), step.leaves - 1, step.arrives - 1
            assert arrives in conflict.moves[maker].of(leaves)
            assert step.improves == (conflict.ranks[maker, arrives] > conflict.ranks[maker, leaves])


@settings(max_examples=40)
@given(graphs(most_states=5), st.sampled_from(RULES))
def test_what_is_told_of_any_graph_is_what_was_found(pair: Pair, rule: str) -> None:
    concepts = tuple(concept for concept in CONCEPTS if concept != "sim")
    assert_told_rightly(Numbers(None, pair[0], {}), rule, concepts)  # type: ignore[arg-type]


@settings(max_examples=40)
@given(options())
def test_what_is_told_of_moves_at_the_same_time_is_what_was_found(pair: Pair) -> None:
    assert_told_rightly(Numbers(None, pair[0], {}), "legal", ("sim",))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CASES)
def test_every_reason_of_a_bundled_case_is_told_in_words(name: str) -> None:
    case = load(name)
    wording = Wording(case, conflict_of(case, {}), {})
    assert_told_rightly(wording, "legal", tuple(CONCEPTS))
    for reason in reasons(wording, "legal", tuple(CONCEPTS)).values():
        assert reason.sentences[0].text.startswith("State ")
        assert all(sentence.text.endswith(".") for sentence in reason.sentences)
        assert set(reason.claims) <= set(case.scenario.claims)
        assert all(claim.replace("_", " ") in reason.text for claim in reason.claims)


@cache
def elmira() -> Stability:
    return stability("elmira_groundwater", rankings=0, coalitions=False)


def test_a_sanction_is_told_with_its_path_and_the_claims() -> None:
    reason = why_stable(elmira(), 1, "local_government", "gmr")
    assert reason.stable
    verdict, gain, answer, worse = reason.sentences
    assert "under general metarational stability" in verdict.text
    assert "would gain by taking up “Insist that the order" in gain.text
    assert [(step.maker, step.leaves, step.arrives, step.improves) for step in gain.path] == [
        ("local_government", 1, 7, True)
    ]
    assert answer.text.startswith("But Ministry of the Environment could then take up")
    assert [(step.maker, step.leaves, step.arrives, step.improves) for step in answer.path] == [("moe", 7, 8, False)]
    assert "would then be worse off than in state 1" in worse.text
    assert worse.claims == ("local_ranking",)
    assert "claim local ranking (coalition_analysis)" in worse.text


def test_a_threat_that_hurts_its_maker_does_not_count_under_sequential() -> None:
    reason = why_stable(elmira(), "appeal_goes_on", "local_government", "seq")
    assert not reason.stable
    assert "None of the others has a move that it would like from state 7" in reason.text


def test_the_longest_answer_of_garrison_is_told_move_by_move() -> None:
    case = load("garrison_diversion")
    wording = Wording(case, conflict_of(case, {}), {})
    makers = wording.conflict.makers
    canada = makers.index("canadian_opposition")
    legal = Explainer(wording, canada, 5).reason("gmr")
    answer = next(sentence for sentence in legal.sentences if sentence.text.startswith("But "))
    assert [(step.leaves, step.arrives) for step in answer.path] == [(2, 1), (1, 4), (4, 3)]
    assert answer.path[0].maker == answer.path[2].maker != answer.path[1].maker
    assert makers[canada] not in {step.maker for step in answer.path}
    assert not Explainer(wording, canada, 5, "once").reason("gmr").stable


def test_the_decisive_statement_is_the_most_important_that_differs(tmp_path: Path) -> None:
    ann = """\
prefers:
  - wants: not ben.paint
    says: The gate should stay as it is.
  - wants: ann.fence
    says: A fence keeps the dog in.
    claims: [quiet]
    when: {storms: often}
  - not ann.fence
"""
    case = quarrel(tmp_path, ann=ann)
    often = why_stable(stability(case, readings={"storms": "often"}, rankings=0), 1, "ann", "nash")
    assert not often.stable
    assert "“A fence keeps the dog in”" in often.text
    assert often.claims == ("quiet", "storms")
    assert "claim quiet (letter) and claim storms, read as often (letter)" in often.text
    seldom = why_stable(stability(case, readings={"storms": "seldom"}, rankings=0), 1, "ann", "nash")
    assert seldom.stable
    assert "“not ann.fence” matters most to it of what differs and is met only in state 1" in seldom.text
    assert "which rests on no claim" in seldom.text


def test_a_ranking_rests_on_its_own_claims_and_equals_are_told_as_such(tmp_path: Path) -> None:
    ann = "ranking: [[1, 2], 3, 4, 5, 6, 7, 8]\nclaims: [quiet]\n"
    result = stability(quarrel(tmp_path, ann=ann), rankings=0)
    alike = why_stable(result, 1, "ann", "nash").text
    assert "It would gain nothing by taking up “Put up a fence” (state 2), since it likes what that leads to" in alike
    worse = why_stable(result, 3, "ann", "nash").sentences[1]
    assert worse.claims == ("quiet",)
    assert "it ranks state 3 above state 4, which rests on claim quiet (letter)" in worse.text


def test_many_moves_are_counted_and_not_told_one_by_one() -> None:
    conflict = as_conflict(Game([[set(range(1, 9)), *[set()] * 8], [set()] * 9], [[9, *range(8)], [0] * 9]))
    reason = Explainer(Numbers(None, conflict, {}), 0, 0).reason("nash")  # type: ignore[arg-type]
    assert len(reason.sentences[1].path) == 5
    assert reason.sentences[-1].text == "It likes states 2, 3 and 4 no better either."


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((99, "moe", "nash"), "has no state '99'; give a number from 1 to 12"),
        (("appeal_goes_off", "moe", "nash"), "did you mean 'appeal_goes_on'?"),
        ((1, "mo", "nash"), "did you mean 'moe'?"),
        ((1, "moe", "nahs"), "did you mean 'nash'?"),
        ((1, "moe", "l7"), "they are nash, gmr"),
    ],
)
def test_what_is_not_there_is_said(asked: tuple[int | str, str, str], said: str) -> None:
    with pytest.raises(RequestError, match=re.escape(said)):
        why_stable(elmira(), *asked)


def test_what_is_not_known_is_not_told_as_a_preference(tmp_path: Path) -> None:
    ann = "ranking: [2, 1, 5, 6, [3, 4], 7, 8]\nclaims: [quiet]\nunknown:\n  - [1, 2]\n  - [3, 4]\n"
    result = stability(quarrel(tmp_path, ann=ann, ben=INDIFFERENT), rankings=0, coalitions=False)
    assert "it is taken to like state 2 better than state 1, though which it prefers is not known" in (
        why_stable(result, 1, "ann", "nash").text
    )
    assert "since which of that and this it prefers is not known" in why_stable(result, 3, "ann", "nash").text
    assert "likes" not in why_stable(result, 3, "ann", "nash").text


def test_a_strong_preference_is_told_as_one(tmp_path: Path) -> None:
    ann = "ranking: [2, 1, 4, 3, 6, 5, 8, 7]\nclaims: [quiet]\nstrong_after: [2]\n"
    result = stability(quarrel(tmp_path, ann=ann, ben=INDIFFERENT), rankings=0, coalitions=False)
    assert (
        "it ranks state 2 above state 1, a strong preference, which rests on"
        in why_stable(result, 1, "ann", "nash").text
    )
    assert "strong preference" not in why_stable(result, 3, "ann", "nash").text
