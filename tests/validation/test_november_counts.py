"""In the case the project began with, harm, what is seen of it and what is counted are three things.

The checks read the file alone, by their own hand: which numbers a contested claim decides, and what hangs on those.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from detente.scenario import Case, load
from detente.validation.equation_listing import listed_elements
from detente.validation.structure import structure_of

COUNTS = {"gaza_deaths_count": "deaths_told", "west_bank_deaths_count": "west_bank_deaths_told"}
NEVER_DRAWN = ("responsibility", "duty", "wording", "fate")


@pytest.fixture(scope="module")
def november() -> Case:
    return load("november_2023")


@pytest.fixture(scope="module")
def used_by(november: Case) -> Mapping[str, tuple[str, ...]]:
    return {one.name: one.used_by for one in listed_elements(structure_of(november))}


def decided(case: Case, claim: str) -> set[str]:
    """Return the numbers that differ with the readings of a claim."""
    numbers = case.scenario.uncertainties
    return {
        name
        for name, number in numbers.items()
        for row in number.by_reading or ()
        if row.when is not None and claim in row.when
    }


def downstream(names: set[str], used_by: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return all that hangs on some names, over any number of steps."""
    found: set[str] = set()
    open_names = set(names)
    while open_names:
        found |= open_names
        open_names = {user for name in open_names for user in used_by.get(name, ())} - found
    return found - names


@pytest.mark.parametrize("claim", COUNTS)
def test_whose_count_is_right_changes_the_figure_told_and_nothing_else(
    november: Case, used_by: Mapping[str, tuple[str, ...]], claim: str
) -> None:
    numbers = decided(november, claim)
    assert numbers
    assert downstream(numbers, used_by) == {COUNTS[claim]}


def test_what_is_never_drawn_decides_no_number(november: Case) -> None:
    shown = [name for name, claim in november.scenario.claims.items() if claim.kind in NEVER_DRAWN]
    assert "enough_done_to_spare_civilians" in shown
    assert {name: decided(november, name) for name in shown} == {name: set() for name in shown}


def test_lives_taken_in_the_west_bank_hang_on_what_is_done_there_not_on_unrest(
    used_by: Mapping[str, tuple[str, ...]],
) -> None:
    deaths = {"killed_in_west_bank_ocha", "killed_in_west_bank_ministry", "killed_by_settlers_so_far"}
    for does in ("deadly_raid", "israel.west_bank_raids", "israel.restrain_settlers"):
        assert deaths & downstream({does}, used_by), does
    # Unrest may move what Israel decides to do; no flow of deaths reads it.
    assert not {user for user in used_by["unrest_in_west_bank"] if user.startswith(("killed_", "raids_", "settler_"))}
