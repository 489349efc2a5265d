"""The head of what is printed: a short title does not cut the moment."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from detente.brief.terminal_heading import heading
from tests.architecture.policy import REPOSITORY

AS_OF = "2023-12-31T23:59:00+02:00"


@given(title=st.text(st.characters(codec="ascii", categories=("L", "N")), max_size=60), width=st.integers(60, 160))
def test_the_moment_is_whole_however_short_the_title(title: str, width: int) -> None:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(heading(title, AS_OF))
    printed = console.export_text()
    assert f"as of {AS_OF}" in printed
    assert title in printed


def test_nothing_else_in_a_terminal_puts_a_moment_into_a_frame() -> None:
    for file in (REPOSITORY / "src" / "detente").rglob("*.py"):
        if file.name != "terminal_heading.py":
            assert "Panel(" not in file.read_text(encoding="utf-8"), file


@pytest.mark.parametrize("title", ["A truce [with] brackets", "[/] & co"])
def test_what_looks_like_markup_is_text(title: str) -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(heading(title, AS_OF))
    assert title in console.export_text()
