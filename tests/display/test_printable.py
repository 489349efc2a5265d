"""What steers a terminal is written out; everything that people write stays as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("\x9b2J\x00\x07", r"\x9b2J\x00\x07"),
        ("\u202eabc\u2066", r"\u202eabc\u2066"),
        ("one\u2028two", r"one\u2028two"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("هدنة على النهر – שביתת נשק\u200f!", "هدنة على النهر – שביתת נשק\u200f!"),
        ("e\u0301 👍🏽 \u200d", "e\u0301 👍🏽 \u200d"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_control_is_left_and_nothing_else_is_touched(text: str) -> None:
    shown = printable(text)
    controls = {sign for sign in text if unicodedata.category(sign) in ("Cc", "Zl", "Zp") and sign not in "\t\n"}
    assert not controls & set(shown)
    if not controls and not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"):
        assert shown == text
