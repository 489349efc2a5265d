"""Every account of a bundled case has a mark of its own, and every drawing knows each mark."""

from __future__ import annotations

from importlib.resources import files

import pytest

from detente.brief.figures.moves import MARKS
from detente.brief.theme import SHAPES
from detente.scenario import bundled_cases, load


@pytest.mark.parametrize("name", bundled_cases())
def test_no_two_accounts_share_a_mark(name: str) -> None:
    assert len(load(name).scenario.accounts) <= len(set(SHAPES))


def test_every_drawing_knows_every_mark() -> None:
    assert set(MARKS) == set(SHAPES)
    parts = (files("detente.brief") / "templates" / "parts.html").read_text(encoding="utf-8")
    assert all(f"'{mark}':" in parts for mark in SHAPES)
