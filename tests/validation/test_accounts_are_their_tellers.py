"""No account is made to hold what its teller is not shown to hold: the reading it takes is its teller's too."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from detente.scenario import bundled_cases, load

WHO_TELLS_OF_OTHERS = {"article", "cnn_excerpt", "general_knowledge"}
"""Sources that speak for nobody; what they say an account may share."""


def listed(by: str | Sequence[str] | None) -> set[str]:
    return {by} if isinstance(by, str) else set(by or ())


@pytest.mark.parametrize("name", bundled_cases())
def test_a_reading_that_an_account_takes_is_held_by_its_teller(name: str) -> None:
    case = load(name)
    borrowed = [
        f"{account.name}: {claim} {taken} is held by {', '.join(sorted(holders))}"
        for account in case.elements.accounts.values()
        for claim, taken in account.readings.items()
        for reading in [(case.switches[claim].readings or {})[taken]]
        for holders in [listed(reading.by)]
        if account.by not in holders and not holders & WHO_TELLS_OF_OTHERS
    ]
    assert borrowed == []
