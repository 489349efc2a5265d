"""The page on what the claims of november_2023 expect lists every expectation and no other, and how it was made."""

from __future__ import annotations

import re

import pytest

from detente.scenario import Case, load
from tests.docs.claims_held import COUNTED, NAMES, NOT_NAMED, PAGE, SEED, WORLDS, before
from tests.docs.tables import rows


@pytest.fixture(scope="module")
def case() -> Case:
    return load("november_2023")


def listed() -> dict[str, tuple[str, ...]]:
    """Return the rows of the page by the name of their expectation."""
    return {row.cells[0].partition("<br>")[0]: row.cells for row in rows(PAGE)}


def test_every_expectation_stands_on_the_page_and_none_else(case: Case) -> None:
    names = [one.name for one in case.elements.expectations]
    assert sorted(listed()) == sorted(names), "write it anew: .venv/bin/python -m tests.docs.claims_held"
    assert len(list(rows(PAGE))) == len(names)


def test_each_says_what_is_to_be_found_as_the_case_does_and_what_came_of_it(case: Case) -> None:
    page, verdicts = listed(), "|".join(word.strip("*") for word in NAMES.values())
    for one in case.elements.expectations:
        _, asked, was, now = page[one.name]
        assert one.finds.replace("_", " ") in asked, one.name
        assert was
        assert re.match(rf"\**({verdicts})\**: ", now), one.name


def test_it_says_when_and_how_it_was_made(case: Case) -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert re.search(rf"--worlds {WORLDS} --seed {SEED}` found on \d{{4}}-\d\d-\d\d, with Détente \S+", text)
    words = [row.cells[3].partition(":")[0].strip("*") for row in rows(PAGE)]
    counted = ", ".join(f"{words.count(verdict)} {COUNTED[verdict]}" for verdict in NAMES if words.count(verdict))
    assert f"Of {len(words)} expectations {counted}." in text


def test_what_the_review_found_is_told_of_claims_that_are_there(case: Case) -> None:
    holders = {one.name for one in case.elements.expectations}
    holders |= {name.partition("#")[0] for name in holders} | {one.claim for one in case.elements.expectations}
    found = before()
    assert set(found) <= holders
    shown = [row.cells[2] for row in rows(PAGE)]
    assert set(found.values()) == set(shown) - {NOT_NAMED}
