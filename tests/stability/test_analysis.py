"""The door to the method: what is told by account, what is left out, and that the same asked gives the same."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

import detente
from detente.errors import RequestError
from detente.stability import analysis, report, required_preferences, stability
from tests.stability.quarrel import quarrel

DOGS = """\
prefers:
  - wants: ann.fence
    says: A fence keeps the dog in.
    claims: [quiet]
    when: {storms: often}
  - wants: not ann.fence
    claims: [quiet]
"""


def test_a_case_has_the_method_at_hand() -> None:
    result = detente.load("elmira_groundwater").stability(rankings=0)
    assert isinstance(result, detente.Stability)
    assert result.equilibria["gmr"] == (1, 4, 5, 6, 7, 10, 11, 12)
    assert result.concepts == ("nash", "gmr", "smr", "seq", "sseq", "sim", "l2", "l3", "non_myopic")
    assert result.robustness is None


def test_a_statement_under_a_reading_enters_where_it_is_told(tmp_path: Path) -> None:
    result = stability(quarrel(tmp_path, ann=DOGS), rankings=0)
    plain, told = result.stable["ann"]["nash"], result.by_account[0].stable["ann"]["nash"]
    assert plain == (1, 3, 5, 7)
    assert told == (2, 4, 6, 8)
    assert result.by_account[0].readings == {"storms": "often"}
    assert result.by_account[0].title == "As Ann tells it"


def test_one_account_is_told_alone(tmp_path: Path) -> None:
    result = stability(quarrel(tmp_path, ann=DOGS), account="as_ann_tells_it", rankings=10)
    assert result.stable["ann"]["nash"] == (2, 4, 6, 8)
    assert result.by_account == ()
    assert result.robustness is not None
    assert result.robustness.rankings == 10
    assert result.provenance.readings == {"storms": "often"}


def test_a_reading_goes_before_an_account(tmp_path: Path) -> None:
    result = stability(quarrel(tmp_path, ann=DOGS), readings={"storms": "seldom"}, rankings=0)
    assert result.by_account[0].stable["ann"]["nash"] == (1, 3, 5, 7)


def test_the_same_asked_gives_the_same(tmp_path: Path) -> None:
    case = quarrel(tmp_path, ann=DOGS)
    first, again, other = (stability(case, rankings=60, seed=seed) for seed in (1, 1, 2))
    assert first.robustness == again.robustness
    assert first.robustness != other.robustness
    assert first.provenance.worlds == 60
    assert first.provenance.replicates == 1
    assert not first.provenance.partial


def test_stopping_gives_what_is_done_marked_as_partial(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    result = stability(quarrel(tmp_path, ann=DOGS), rankings=60, stop=stop)
    assert result.provenance.partial
    assert result.robustness is None
    assert result.stable["ann"]["nash"] == (1, 3, 5, 7)


def test_progress_adds_up(tmp_path: Path) -> None:
    done: list[int] = []
    stability(quarrel(tmp_path, ann=DOGS), rankings=61, progress=done.append)
    assert sum(done) == 61


def test_horizons_are_those_asked_for() -> None:
    result = stability("prisoners_dilemma", horizons=(5, 2), rankings=0)
    assert result.concepts[-3:] == ("l2", "l5", "non_myopic")


def test_a_table_has_a_row_for_each_state() -> None:
    result = stability("elmira_groundwater", rankings=0, coalitions=False)
    table = result.to_pandas()
    assert list(table.index) == list(range(1, 13))
    assert tuple(table.index[table["nash"]]) == result.equilibria["nash"]
    assert tuple(table.index[table["moe.gmr"]]) == result.stable["moe"]["gmr"]
    assert table.loc[8, "uniroyal.delay"] == "true"
    assert table.loc[1, "name"] == "appeal_goes_on"


def test_a_state_is_found_by_number_and_by_name() -> None:
    result = stability("elmira_groundwater", rankings=0, coalitions=False)
    assert result.state("appeal_goes_on") is result.state(1) is result.state("1")


def test_what_is_too_large_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LARGEST", "MOST_SAMPLED"):
        monkeypatch.setattr(analysis, name, 10)
    monkeypatch.setitem(analysis.MOST, "sim", 10)
    result = stability("elmira_groundwater", rankings=10)
    assert "sim" not in result.concepts
    assert result.coalitions == ()
    assert result.robustness is None
    assert [what.partition(":")[0] for what in result.skipped] == [
        "simultaneous stability", "coalitions", "other rankings"
    ]  # fmt: skip
    assert result.equilibria["nash"] == (5, 6, 7, 10, 11, 12)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sanctions": "any"}, "expected 'legal', 'once' or 'single', and 'any' came"),
        ({"account": "nobody"}, "has no account 'nobody'"),
        ({"readings": {"storms": "never"}}, "storms"),
    ],
)
def test_what_cannot_be_asked_is_said(asked: dict[str, object], said: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=said):
        stability(quarrel(tmp_path, ann=DOGS), **asked)  # type: ignore[arg-type]


def test_a_case_without_a_conflict_is_refused() -> None:
    with pytest.raises(RequestError, match="harbour_truce has no section stability"):
        stability("harbour_truce")


def test_a_case_cut_earlier_keeps_its_methods() -> None:
    case = detente.load("elmira_groundwater")
    cut = case.cut(case.scenario.as_of)
    assert type(cut) is type(case)
    assert cut.stability(rankings=0, coalitions=False).provenance.case_hash != case.hash
    assert replace(case).stability(rankings=0, coalitions=False).provenance.case_hash == case.hash


def test_unknown_preferences_have_four_types_of_equilibria(tmp_path: Path) -> None:
    ann = "ranking: [2, 4, 6, 8, 1, 3, 5, 7]\nclaims: [quiet]\nunknown:\n  - [1, 2]\n"
    ben = "ranking: [[1, 2, 3, 4, 5, 6, 7, 8]]\nclaims: [quiet]\n"
    result = stability(quarrel(tmp_path, ann=ann, ben=ben), rankings=0)
    assert tuple(result.unknown) == ("a", "b", "c", "d")
    # Whether she would leave state 1 for 2 nobody knows: the bold types say that she would, and that she would leave 2.
    assert {kind: held["nash"] for kind, held in result.unknown.items()} == {
        "a": (4, 6, 8), "b": (1, 2, 4, 6, 8), "c": (4, 6, 8), "d": (1, 2, 4, 6, 8),
    }  # fmt: skip
    assert stability(quarrel(tmp_path), rankings=0).unknown == {}


def test_a_strong_preference_parts_strong_from_weak(tmp_path: Path) -> None:
    # Ann would move from 1 to 2; Ben can answer by the hedge (4), which she likes less than 1: a little, or much.
    ann = "ranking: [2, 1, [3, 4, 5, 6, 7, 8]]\nclaims: [quiet]\n"
    ben = "ranking: [[1, 2, 3, 4, 5, 6, 7, 8]]\nclaims: [quiet]\n"
    little = stability(quarrel(tmp_path, ann=ann, ben=ben), rankings=0)
    much = stability(quarrel(tmp_path, ann=ann + "strong_after: [1]\n", ben=ben), rankings=0)
    other = stability(quarrel(tmp_path, ann=ann + "strong_after: [2]\n", ben=ben), rankings=0)
    assert 1 in little.equilibria["gmr"]
    assert little.strong == {}
    assert 1 in much.strong["strong"]["gmr"]
    assert 1 not in much.strong["weak"]["gmr"]
    assert 1 in other.strong["weak"]["gmr"]
    assert 1 not in other.strong["strong"]["gmr"]


def test_who_is_mistaken_sees_another_conflict(tmp_path: Path) -> None:
    # Ben would not plant the hedge; Ann believes that he would, whatever she does.
    ann = "ranking: [2, 1, 4, 3, 6, 5, 8, 7]\nclaims: [quiet]\n"
    sees = "sees:\n  ben:\n    ranking: [[3, 4, 7, 8], [1, 2, 5, 6]]\n    claims: [quiet]\n"
    ben = "ranking: [[1, 2, 5, 6], [3, 4, 7, 8]]\nclaims: [quiet]\n"
    result = stability(quarrel(tmp_path, ann=ann + sees, ben=ben), rankings=0)
    assert result.equilibria["nash"] == (2, 6)
    assert [view.viewer for view in result.views] == ["ann"]
    assert result.views[0].equilibria["nash"] == (4, 8)
    assert result.disputed["nash"] == (2, 4, 6, 8)
    assert result.by_own_view["nash"] == (2, 6)
    assert report(result)["views"][0]["disagrees"]["nash"] == [2, 4, 6, 8]


def test_the_inverse_takes_a_name_and_who_may_change() -> None:
    result = stability("elmira_groundwater", rankings=0, coalitions=False)
    found = required_preferences(result, "order_accepted_as_given", vary=["uniroyal"], concepts=["nash"])
    change = found.alone["nash"]["uniroyal"].change
    assert found.state == 9
    assert change is not None
    assert change.pairs == 6
    assert tuple(required_preferences(result, 7).holds) == ("nash", "gmr", "smr", "seq", "sseq")
