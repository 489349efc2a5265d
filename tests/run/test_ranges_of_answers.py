"""What answers say of how they range and of how sure they are, from a case to its brief, for every kind of question."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import numpy as np
import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.report import SCHEMA, report
from detente.brief.wording import pooled, sampling_of, spread_of
from detente.results import Answer
from detente.run import Run, run
from tests.dynamics.small import small

QUESTIONS = {
    "opens": {"asks": "Is it open on 5 May?", "answer": "opened on 2031-05-05"},
    "when": {"asks": "When does it open?", "answer": "first_day(opened)"},
    "which": {"asks": "Which way on 10 May?", "answer": "gate.way on 2031-05-10"},
    "how_high": {"asks": "How high on 10 May?", "answer": "height on 2031-05-10"},
}


def gates(
    folder: Path, chance: dict[str, str | float], right: dict[str, str | float], *, worlds: int = 24_000, seed: int = 2
) -> Run:
    """Run a case whose every answer has luck in it: opened with a chance each day, and a way taken each day."""
    case = small(
        folder, days=20,
        options={"gate": {"way": {"says": "Which.", "one_of": ["left", "right", "back"], "start": "left",
                                  "is": "right if lot < to_right else left if lot < to_left else back"}}},
        uncertainties={name: entry for name, entry in (("opening", chance), ("to_right", right)) if "range" in entry},
        constants={"to_left": {"value": 0.9},
                   **{name: entry for name, entry in (("opening", chance), ("to_right", right)) if "value" in entry}},
        auxiliaries={"opened": {"equals": "chance(opening)"}, "lot": {"equals": "uniform(0, 1)"},
                     "height": {"equals": "normal(2 * opening, 1)"}},
        questions=QUESTIONS,
    )  # fmt: skip
    return run(case, worlds=worlds, seed=seed)


@pytest.fixture(scope="module")
def unsure(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return gates(tmp_path_factory.mktemp("unsure"), {"range": "0.1..0.5"}, {"range": "0.2..0.6"})


@pytest.fixture(scope="module")
def sure(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return gates(tmp_path_factory.mktemp("sure"), {"value": 0.41}, {"range": "0.2..0.6"})


def test_each_kind_of_answer_ranges_over_what_its_inputs_do(unsure: Run) -> None:
    """All four truths are known: the chances themselves, the draw's own middle day, twice the chance."""
    answers = unsure.answers
    assert answers["opens"].range == pytest.approx((0.12, 0.48), abs=0.03)
    assert answers["how_high"].range == pytest.approx((0.24, 0.96), abs=0.08)
    ways = answers["which"].share_ranges
    assert ways is not None
    assert ways["right"] == pytest.approx((0.22, 0.58), abs=0.03)
    assert ways["left"] == pytest.approx((0.32, 0.68), abs=0.03)
    assert ways["back"] is None  # always a tenth: only luck
    # With 0.12 a day it has come in half of the worlds on the sixth day, with 0.48 on the second.
    assert answers["when"].range == ("2031-05-02", "2031-05-06")
    assert {answer.no_range for answer in answers.values()} == {None}


def test_where_nothing_is_unknown_but_luck_there_is_no_range_and_the_words_say_so(sure: Run) -> None:
    for name in ("opens", "when", "how_high"):
        answer = sure.answers[name]
        assert answer.range is None, name
        assert answer.no_range == "only luck", name
    assert "no range: nothing is uncertain here but luck" in pooled(sure.answers["opens"])
    assert spread_of(sure.answers["opens"]) == "no range: nothing is uncertain here but luck"
    assert sure.answers["which"].no_range is None


def test_what_so_few_draws_cannot_tell_from_luck_is_not_resolved(tmp_path: Path) -> None:
    found = gates(tmp_path, {"range": "0.3..0.31"}, {"range": "0.2..0.6"}, worlds=4_000).answers["opens"]
    assert found.range is None
    assert found.no_range == "not resolved"
    assert "cannot tell what is uncertain from luck" in pooled(found)


def test_sampling_intervals_hold_the_truth_as_often_as_they_say(tmp_path: Path) -> None:
    """Over seeds, for the share, an alternative's share, the middle day and the middle number."""
    truths = {"opens": 0.3, "which": 0.4, "how_high": 0.6}
    held: dict[str, list[bool]] = {name: [] for name in (*truths, "when")}
    for seed in range(40):
        answers = gates(
            tmp_path / str(seed), {"range": "0.1..0.5"}, {"range": "0.2..0.6"}, worlds=3_200, seed=seed
        ).answers
        for name, truth in truths.items():
            found = answers[name]
            ends = (found.share_intervals or {})["right"] if name == "which" else found.value_interval
            assert ends is not None
            held[name].append(ends[0] <= truth <= ends[1])
        low, high = answers["when"].median_interval or ("", "")
        held["when"].append(low <= "2031-05-03" <= high)
    for name, times in held.items():
        # A day is a step: half of the worlds have it by then with room to spare, and the interval holds it oftener.
        assert 0.85 <= np.mean(times) <= 1, (name, np.mean(times))


def test_every_row_shows_a_figure_inside_its_own_range(unsure: Run) -> None:
    answers = list(unsure.answers.values())
    for name in ("which", "opens", "how_high", "when"):
        answers += unsure.by_account(name).values()
    for answer in answers:
        assert _inside(answer), answer
        assert spread_of(answer)
        assert sampling_of(answer) == "" or " to " in sampling_of(answer)


def _inside(answer: Answer) -> bool:
    if answer.type in ("number", "date"):
        five, middle, ninety_five = ((answer.quantiles or {})[p] or "9999" for p in ("5", "50", "95"))
        return bool(five <= middle <= ninety_five)
    if answer.type == "choice":
        ends = (answer.share_ranges or {})[answer.value]
        return ends is None or bool(ends[0] <= (answer.shares or {})[answer.value] <= ends[1])
    return answer.range is None or bool(answer.range[0] <= answer.value <= answer.range[1])


@pytest.mark.parametrize("which", ["unsure", "sure"])
def test_the_report_of_such_answers_keeps_to_its_schema(which: str, request: pytest.FixtureRequest) -> None:
    jsonschema.validate(report(brief_of(study_of_run(request.getfixturevalue(which)))), SCHEMA)
