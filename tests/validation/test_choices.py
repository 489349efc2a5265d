"""How far other ranges move the answers, against what can be worked out."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.validation import validate
from tests.validation.planted import planted


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
