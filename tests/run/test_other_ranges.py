"""Answers with other ranges than the declared ones against closed forms; and what the headline says of accounts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.rows import QuestionBrief
from detente.run import Run, run
from detente.scenario import Case
from tests.dynamics.small import small

CLAIMS = {
    "dispute": {
        "kind": "cause", "about": "How likely is it?",
        "readings": {"much": {"says": "Likely.", "by": "gate"}, "little": {"says": "Hardly.", "by": "gate"}},
    }
}  # fmt: skip
ACCOUNTS = {
    "as_one_tells_it": {"readings": {"dispute": "much"}},
    "as_another_tells_it": {"readings": {"dispute": "little"}},
}
QUESTIONS = {
    "opens": {"asks": "Is it open on 3 May?", "answer": "opened on 2031-05-03"},
    "square": {"asks": "How high on 3 May?", "answer": "height on 2031-05-03"},
    "way_then": {"asks": "Which way on 3 May?", "answer": "gate.way on 2031-05-03"},
    "when": {"asks": "When does it open?", "answer": "first_day(opened)"},
}


def disputed(folder: Path, much: str, little: str, wide: str = "-1..3") -> Case:
    """Write a case with two accounts: opened with the chance that each has, and the square of a number none knows."""
    by_reading: list[dict[str, Any]] = [{"when": {"dispute": "much"}, "range": much}, {"otherwise": little}]
    return small(
        folder, days=4, claims=CLAIMS, accounts=ACCOUNTS,
        options={"gate": {"way": {"says": "Which.", "one_of": ["left", "right"], "start": "left",
                                  "is": "left if lot < opening else right"}}},
        uncertainties={"opening": {"by_reading": by_reading}, "wide": {"range": wide}},
        auxiliaries={"opened": {"equals": "chance(opening)"}, "lot": {"equals": "uniform(0, 1)"},
                     "height": {"equals": "wide * wide"}},
        questions=QUESTIONS,
    )  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(disputed(tmp_path_factory.mktemp("told"), "0.3..0.7", "0.2..0.6"), worlds=60_000, seed=3)


def question(found: Run, name: str) -> QuestionBrief:
    return next(one for one in brief_of(study_of_run(found)).questions if one.id == name)


def stretched(low: float, high: float, times: float) -> float:
    """Return the middle of a range of chances that is stretched in its log odds."""
    ends = [math.log(end / (1 - end)) for end in (low, high)]
    middle, half = sum(ends) / 2, times * (ends[1] - ends[0]) / 2
    return sum(1 / (1 + math.exp(-end)) for end in (middle - half, middle + half)) / 2


def test_a_share_with_other_ranges_is_what_these_ranges_make_it(told: Run) -> None:
    found = told.other_ranges
    assert set(found) == {"halved", "doubled", "triangular"}
    for account, low, high in (("as_one_tells_it", 0.3, 0.7), ("as_another_tells_it", 0.2, 0.6)):
        for name, expected in (("halved", stretched(low, high, 0.5)), ("doubled", stretched(low, high, 2.0)),
                               ("triangular", (low + high) / 2)):  # fmt: skip
            one = found[name][account]["opens"]
            assert one.value == pytest.approx(expected, abs=0.03), (account, name)
            assert one.interval[0] - 0.02 <= expected <= one.interval[1] + 0.02
            assert one.interval[1] - one.interval[0] < 0.12
            assert one.left_out == 0
            way = (
                expected if told.answers["way_then"].value == "left" else 1 - expected
            )  # what leads pooled is followed
            assert found[name][account]["way_then"].value == pytest.approx(way, abs=0.03)


def test_a_number_with_other_ranges_is_what_these_ranges_make_it(told: Run) -> None:
    means = {"halved": 4 / 3, "doubled": 19 / 3, "triangular": 5 / 3}  # of x², x from 0 to 2, -3 to 5, peaked at 1
    for name, expected in means.items():
        one = told.other_ranges[name]["mixtures"]["square"]
        assert one.mean.value == pytest.approx(expected, abs=3 * one.mean.error), name
        assert one.mean.error < 0.08 * expected
    # In the middle world x² is 1 where x runs from 0 to 2; 4 where it runs from -3 to 5 (half of it within -2 to 2).
    assert told.other_ranges["halved"]["mixtures"]["square"].value == pytest.approx(1.0, abs=0.15)
    assert told.other_ranges["doubled"]["mixtures"]["square"].value == pytest.approx(4.0, abs=1.0)


def test_intervals_with_other_ranges_hold_the_truth_as_often_as_they_say(tmp_path: Path) -> None:
    case, held = disputed(tmp_path, "0.3..0.7", "0.2..0.6"), []
    expected = {"halved": stretched(0.3, 0.7, 0.5), "doubled": stretched(0.3, 0.7, 2), "triangular": 0.5}
    for seed in range(40):
        found = run(case, worlds=8_000, seed=seed).other_ranges
        for name, truth in expected.items():
            low, high = found[name]["as_one_tells_it"]["opens"].interval
            held.append(low <= truth <= high)
    assert 0.88 <= sum(held) / len(held) <= 1


def test_the_worlds_of_other_ranges_come_out_of_those_asked_for(told: Run) -> None:
    assert told.provenance.worlds == 60_000
    done = 16 * sum(part.part.tally.done for part in told.parts.values())
    assert 0.7 < done / 60_000 < 0.8
    counts = [part.part.tally.done for part in told.parts.values()]
    assert max(counts) - min(counts) < 64 * len(counts)
    again = run(told.case, worlds=60_000, seed=3, block_worlds=1_024, threads=1)
    assert (
        again.other_ranges["doubled"]["mixtures"]["opens"].value
        == told.other_ranges["doubled"]["mixtures"]["opens"].value
    )
    assert run(told.case, worlds=800, seed=3).other_ranges == {}  # too few to tell anything


def test_where_ranges_move_an_answer_more_than_accounts_the_first_sentence_says_so(told: Run) -> None:
    square = question(told, "square")
    assert square.headline.startswith(
        "The authors' choice of ranges moves this answer more than whose account holds: pooled, "
    )
    assert "with all ranges halved" in square.headline
    assert "with all ranges doubled" in square.headline
    opens = question(told, "opens")
    assert not opens.headline.startswith("The authors'")
    for one in (square, opens):
        assert one.other_ranges is not None
        assert [row[0] for row in one.other_ranges.table.rows] == [
            "As declared", "All halved", "All doubled", "Triangular between the same ends"
        ]  # fmt: skip
        assert one.other_ranges.line.startswith("With all ranges halved ")
    way = question(told, "way_then").other_ranges
    assert way is not None
    assert way.line.startswith(("Right: with", "Left: with"))


def test_a_case_of_even_accounts_does_not_depend_on_them_and_one_of_uneven_does(tmp_path: Path) -> None:
    even = disputed(tmp_path / "even", "0.4..0.6", "0.4..0.6")
    uneven = disputed(tmp_path / "uneven", "0.5..0.7", "0.3..0.5")
    said = {"even": 0, "uneven": 0}
    for seed in range(25):
        for name, case in (("even", even), ("uneven", uneven)):
            found = run(case, worlds=8_000, seed=seed).contrast("opens")
            assert found is not None
            said[name] += found.divided
    assert said["even"] <= 2  # once in twenty at most
    assert said["uneven"] == 25
    assert question(run(uneven, worlds=8_000), "opens").headline.startswith("Depends on whose account holds: from ")
    assert "Depends" not in question(run(even, worlds=8_000), "opens").headline


def test_one_account_alone_is_shown_with_other_ranges_too(tmp_path: Path) -> None:
    alone = run(disputed(tmp_path, "0.3..0.7", "0.2..0.6"), worlds=8_000, account="as_one_tells_it")
    found = question(alone, "opens").other_ranges
    assert found is not None
    assert found.table.columns == ("Ranges", "Answer", "Sampling, 95 %")
    assert not found.figures.move_more
    assert run(alone.case, worlds=8_000, other_ranges=False).widths("opens") is None
