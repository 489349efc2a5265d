"""One rule for what kind of evidence a claim of november_2023 is, whichever side makes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from detente.scenario import Case, load
from detente.scenario.model import Claim, Reading

MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
DATED = re.compile(rf"\b\d{{1,2}} (?:{MONTH})\b|\b(?:19|20)\d\d\b|\b\d{{1,2}}:\d\d\b")
JUDGED = re.compile(
    r"\b(?:may|might|could|would|will|almost|sensed|feared|fears?|disturbing|brought|caused|because|likely)\b"
)
"""Words of causes, forecasts, motives and feelings: a judgement of whoever writes them."""
FACTS = {"first_phase_deadly", "fate_of_others_unknown"}
"""Statements of fact in which such a word stands."""


@pytest.fixture(scope="module")
def case() -> Case:
    return load("november_2023")


def told(case: Case) -> Iterator[tuple[str, Claim | Reading]]:
    """Yield every claim, and every reading of a contested one."""
    for name, claim in case.scenario.claims.items():
        yield name, claim
        yield from ((f"{name}.{reading}", entry) for reading, entry in (claim.readings or {}).items())


def speakers(entry: Claim | Reading) -> list[str]:
    return [entry.by] if isinstance(entry.by, str) else list(entry.by or ())


def test_a_party_s_own_figure_is_official_whichever_party(case: Case) -> None:
    """Israel's as the Palestinian bodies': a figure of a body's own is ``official``, and disputed where it is."""
    sides: dict[str, set[str]] = {"israel": set(), "palestinian": set()}
    for name, entry in told(case):
        figures = re.search(r"\d", DATED.sub("", entry.says or ""))
        by = speakers(entry)
        if not figures or not by or set(by) - set(case.scenario.actors):
            continue
        side = "israel" if "israel" in by else "palestinian" if set(by) & PALESTINIAN else ""
        if side:
            sides[side].add(name)
            assert entry.source_kind in ("official", "independent record"), name
    assert min(map(len, sides.values())) >= 3, sides


PALESTINIAN = {"palestinian_ministry", "gaza_health_ministry", "gaza_media_office", "palestinian_authority", "hamas"}


def test_what_the_article_says_itself_is_held_to_one_standard(case: Case) -> None:
    """States and events that anybody could look up are a record; causes, forecasts and feelings are its judgement."""
    wrong = [
        name
        for name, entry in told(case)
        if speakers(entry) == ["article"]
        and entry.source_kind == "independent record"
        and JUDGED.search(entry.says or "")
        and name not in FACTS
    ]
    assert wrong == []
    kinds = {entry.source_kind for _, entry in told(case) if speakers(entry) == ["article"]}
    assert kinds <= {"independent record", "analyst's assumption"}
