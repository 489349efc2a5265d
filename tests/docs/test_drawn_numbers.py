"""The page on forty drawn numbers is what its script writes, and no citation in it is left unsaid."""

from __future__ import annotations

import pytest

from detente.scenario import Case, load
from tests.docs.drawn_numbers import DRAWN, PAGE, SEED, drawn, items, page, row
from tests.docs.tables import rows

LAGGING = 4
"""Rows of the page that a change of the case may leave behind until the page is written anew."""


@pytest.fixture(scope="module")
def case() -> Case:
    return load("november_2023")


def test_the_page_is_what_the_script_writes(case: Case) -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert f"the seed {SEED}" in written
    now, then = set(page(case).splitlines()), set(written.splitlines())
    assert len(list(rows(PAGE))) == DRAWN
    assert len(now - then) <= 2 * LAGGING, "write it anew: .venv/bin/python -m tests.docs.drawn_numbers"


def test_each_citation_drawn_says_what_it_supports_and_who_decided(case: Case) -> None:
    assert len(items(case)) > 300
    read = case.scenario.citations_read
    assert read is not None
    for one in drawn(case):
        assert all(cited.supports in ("size", "direction", "existence") for cited in one.cited.values()), one.name
        assert read.date in row(one, read) or not one.cited


def test_a_number_is_as_well_supported_as_the_best_of_its_row(case: Case) -> None:
    """What the table lists and what the page counts come from two readings of the same files."""
    for one in drawn(case):
        number = case.elements.parameters.get(one.name)
        if number is not None and len(number.arms) == 1:
            order = ["size", "direction", "existence"]
            said = [cited.supports or "" for cited in one.cited.values()]
            assert number.support == min(said, key=order.index, default="assumed"), one.name
