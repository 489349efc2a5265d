"""What stands beside an answer answers the same question: its own kind of answer, for its own days."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from detente.analysis import study_of_run
from detente.analysis.outside import OutsideDays, seen_from_outside
from detente.brief.contents import brief_of
from detente.brief.outside import outside_words
from detente.brief.report import report
from detente.hindcast.baselines import base_rate, foretold
from detente.run import OutsideView, Run, run
from detente.scenario import load
from tests.brief.hindcasted import classed

LASTS = """  holds_to_june:
    asks: Does the truce hold on 1 June?
    answer: truce on 2031-06-01
    reference_class: {name: short_truces_before, yes_if: lasts}
"""
GONE = LASTS.replace("holds_to_june", "gone_by_june").replace("yes_if: lasts", "yes_if: happens")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = classed(tmp_path_factory.mktemp("outside"))
    file = folder / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\nquestions:\n", f"\nquestions:\n{LASTS}{GONE}", 1), encoding="utf-8")
    return run(load(folder), worlds=800, seed=2)


def test_a_class_beside_yes_or_no_is_a_share_with_the_number_of_cases(made: Run) -> None:
    view = seen_from_outside(made, "holds_to_june")
    says = outside_words(view)
    told, found = base_rate(made.case, "holds_to_june"), foretold(made.case, "holds_to_june")
    assert isinstance(view, OutsideView)
    assert told is not None
    assert found is not None
    assert view.share == told.probability
    assert view.interval[0] < view.share < view.interval[1]
    assert view.of == round(found[0].cases)
    assert re.match(rf"Outside view \d+ % \(\d+ to \d+, n = {view.of}\): ", says)
    assert "that had lasted as long as this one" in says
    other = seen_from_outside(made, "gone_by_june")
    assert isinstance(other, OutsideView)
    assert other.share == pytest.approx(1 - view.share)
    assert other.interval == pytest.approx((1 - view.interval[1], 1 - view.interval[0]))


def test_beside_a_day_stands_a_day(made: Run) -> None:
    view = seen_from_outside(made, "how_long")
    assert isinstance(view, OutsideDays)
    says = outside_words(view)
    assert re.match(r"Outside view: (\d+ May|\d+ Jun|not within)", says)
    assert "5th to 95th percentile" in says
    assert "%" not in says


def test_a_count_stands_as_it_is_and_nothing_beside_a_question_that_names_none(made: Run) -> None:
    view = seen_from_outside(made, "holds_to_friday")
    assert isinstance(view, OutsideView)
    says = outside_words(view)
    assert (view.happened, view.of) == (2, 9)
    assert says.startswith("Outside view 22 %")
    assert seen_from_outside(made, "captives_by_june") is None
    assert outside_words(None) == ""


def test_the_report_has_the_share_of_the_class(made: Run) -> None:
    questions = {one["id"]: one for one in report(brief_of(study_of_run(made)))["questions"]}
    view = questions["holds_to_june"]["outside_view"]
    assert view["share"] == pytest.approx(base_rate(made.case, "holds_to_june").probability, abs=1e-5)  # type: ignore[union-attr]
    assert questions["how_long"]["outside_view"] is None
