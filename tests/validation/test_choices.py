"""How far other ranges and other rules of decision move the answers, against what can be worked out."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.validation import validate
from tests.validation.planted import planted, tank


def test_widths_of_a_share_that_can_be_worked_out(tmp_path: Path) -> None:
    # More than 6 of a number between 4 and 8; halved 5 to 7; doubled in its logarithm about the root of 32.
    case = planted(
        tmp_path,
        uncertainties={"x": {"range": "4..8", "unit": "person"}},
        constants={"line": {"value": 6, "unit": "person"}},
        auxiliaries={"many": "x > line"},
        questions={"is_many": {"asks": "Is it many?", "answer": "many on 2031-05-10"}},
    )
    sheet = case.validate(worlds=16)
    (one,) = sheet.widths
    assert set(one.by_range) == {"declared", "halved", "doubled", "triangular"}
    assert one.by_range["declared"] == pytest.approx(50, abs=2)
    assert one.by_range["triangular"] == pytest.approx(50, abs=6)
    assert one.spread == pytest.approx(max(one.by_range.values()) - min(one.by_range.values()))
    assert one.accounts is None
    assert not one.more_than_accounts
    assert sheet.test("range_width").says.startswith("No accounts stand beside the 1 answers.")


def test_answers_that_ranges_move_more_than_accounts_are_counted() -> None:
    sheet = validate("harbour_truce", worlds=16)
    test = sheet.test("range_width")
    more = [one.question for one in sheet.widths if one.more_than_accounts]
    assert test.verdict == "described"
    assert test.says.startswith(f"{len(more)} of 3 answers move more")
    assert [one.element for one in test.where] == more
    assert all(one.accounts is not None for one in sheet.widths)


def test_rules_of_decision_against_what_can_be_worked_out(tmp_path: Path) -> None:
    # Odds of 1, times 4, times 2: 8 to 1 where reasons add up, 4 to 1 where the strongest alone counts.
    case = planted(
        tmp_path,
        options={"ann": {"go": {"says": "Go."}}},
        decisions={
            "ann.go": {
                "when": "day == 3 [day]",
                "usual": 0.5,
                "leans": [{"toward": "1", "odds": 4}, {"toward": "1", "odds": 2}],
            }
        },
        questions={"goes": {"asks": "Does she go?", "answer": "ann.go on 2031-05-10"}},
    )
    sheet = case.validate(worlds=4_096)
    (one,) = sheet.rules
    assert list(one.answers) == ["log_odds", "lexicographic", "threshold", "shared_luck"]
    for rule, share in (("log_odds", 8 / 9), ("lexicographic", 4 / 5), ("threshold", 8 / 9), ("shared_luck", 8 / 9)):
        assert one.answers[rule] == pytest.approx(100 * share, abs=2), rule
    test = sheet.test("decision_rule")
    assert test.says.startswith("1 of 1 answers move with the rule of decision")
    assert one.difference == pytest.approx(100 * (8 / 9 - 4 / 5), abs=2)


def test_without_decisions_no_rule_is_tried(tmp_path: Path) -> None:
    sheet = planted(tmp_path, **tank()).validate(worlds=16)
    assert sheet.test("decision_rule").verdict == "does not apply"
    assert sheet.rules == ()
