"""Every row of the later record that an element can observe is mapped; that nothing was announced is a row too."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from detente.hindcast.information_cut import bears
from detente.hindcast.outcomes import outcomes_of
from detente.scenario import Case, Observation, load

NOT_OBSERVED = {
    "event": "told in words",
    "fuel_entered": "no element counts litres",
    "hostages_released": "the sum of two rows that are followed, which would count twice",
    "trucks_counted_by_red_crescent": "another body's count than the one that trucks are held to",
    "trucks_mean_in_truce": "a mean over days, whose evenings are rows of their own",
    "trucks_mean_in_january": "a mean over days, of another body",
}
"""Measures that no element observes, and why."""
STILL = {"truce_in_force": 0.0, "coalition_in_office": 1.0, "normalization_told": 0.0, "zones_joined": 0.0}
"""What went on, or did not come, week after week."""


@pytest.fixture(scope="module")
def case() -> Case:
    return load("november_2023")


@pytest.fixture(scope="module")
def later(case: Case) -> tuple[Observation, ...]:
    return tuple(outcomes_of(case).observations)


def test_what_an_element_can_observe_is_mapped(case: Case, later: tuple[Observation, ...]) -> None:
    assert {row.measure for row in later} - set(case.scenario.known) == set(NOT_OBSERVED)
    units = [kind.unit for kind in case.elements.kinds.values() if kind.name == "number"]
    assert not any("litre" in str(unit) for unit in units)


def test_that_nothing_was_announced_is_known_from_week_to_week(case: Case, later: tuple[Observation, ...]) -> None:
    """So that no stretch of the questions' days passes in which nothing is learned."""
    for measure, value in STILL.items():
        rows = [row for row in later if row.measure == measure and row.about > dt.date(2023, 12, 3)]
        assert {row.value for row in rows} == {value}, measure
        assert all(row.known_at.date() == row.about for row in rows)
        assert len(rows) >= 4
    known = sorted(row.known_at for row in later if bears(case, row) and row.about < dt.date(2024, 2, 1))
    gaps = [after - before for before, after in itertools.pairwise(known)]
    assert max(gaps) <= dt.timedelta(days=8)
