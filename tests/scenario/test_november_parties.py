"""november_2023 names who did what, gives each voice its own words, and asks of both sides alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from detente.scenario import Case, load

TRADE = ("bargain", "price of", "lists run out")
"""Words that make people something to trade with."""


@pytest.fixture(scope="module")
def november() -> Case:
    return load("november_2023")


def texts(value: Any) -> Iterator[str]:
    """Yield every text that stands anywhere in a description."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


def test_whoever_tells_of_the_attack_tells_whose_it_was(november: Case) -> None:
    told = [claim.says for claim in november.scenario.claims.values() if claim.says and "7 October" in claim.says]
    attacks = [says for says in told if "attack that" in says or "attack of" in says]
    assert len(attacks) >= 3
    assert [says for says in attacks if "Hamas" not in says] == []


def test_no_number_rests_on_the_fate_of_anyone(november: Case) -> None:
    resting = [name for name, one in november.elements.parameters.items() if "death_claim_unverified" in one.claims]
    assert resting == []
    names = {*november.elements.parameters, *november.scenario.measures, *november.scenario.stocks}
    assert [name for name in names if "fate" in name] == []


def test_nobody_held_is_something_to_trade_with(november: Case) -> None:
    sections = ("stocks", "flows", "auxiliaries", "uncertainties", "decisions", "actors", "stability", "measures")
    said = [text.lower() for section in sections for text in texts(getattr(november.scenario, section))]
    assert len(said) > 500
    assert [text for text in said if any(word in text for word in TRADE)] == []


def test_families_and_hamas_share_no_reading(november: Case) -> None:
    for name, claim in november.scenario.claims.items():
        for reading in (claim.readings or {}).values():
            by = [reading.by] if isinstance(reading.by, str) else reading.by or []
            assert not {"hostage_families", "hamas"} <= set(by), name


def test_both_sides_are_as_likely_to_break_a_truce_when_no_reason_pulls(november: Case) -> None:
    arms = [november.elements.parameters[f"{side}.fire/usual"].arms for side in ("israel", "hamas")]
    assert [arm.range for arm in arms[0]] == [arm.range for arm in arms[1]]


@pytest.mark.parametrize(
    ("actor", "question"),
    [
        ("evacuated_residents", "southerners_away_on_31_january"),
        ("israeli_public", "fire_on_israel_in_january"),
        ("prisoners_and_families", "prisoners_freed_by_31_january"),
        ("israel", "security_of_israel_on_31_january"),
    ],
)
def test_the_main_aim_of_a_party_is_asked_about(november: Case, actor: str, question: str) -> None:
    bears = november.scenario.questions[question].bears
    assert actor in {*bears.opportunity_for, *bears.risk_for}  # type: ignore[union-attr]
