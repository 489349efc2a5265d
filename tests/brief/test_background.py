"""What had happened before stands first on the page, with who says so; people are written as whole people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.brief.naming import effect_text
from detente.brief.page import brief_page
from detente.brief.parties import background_of
from detente.brief.rows import Brief
from detente.brief.wording import amount, spread_of
from detente.results import Answer
from detente.scenario import load


def test_the_background_opens_the_page(brief: Brief) -> None:
    case = brief.case
    claim = next(name for name, one in case.scenario.claims.items() if one.says and one.by)
    told = replace(case, scenario=case.scenario.model_copy(update={"background": [claim]}))
    page = brief_page(replace(brief, case=told, background=background_of(told)))
    says = case.scenario.claims[claim].says
    assert says is not None
    assert page.index(says[:40]) < page.index(case.scenario.viewpoint[:40])
    assert says not in brief_page(brief)[: brief_page(brief).index(case.scenario.viewpoint[:40])]


def test_november_opens_with_who_did_what_and_whose_count_it_is() -> None:
    rows = background_of(load("november_2023"))
    attack, taken, _, gaza, west_bank = rows
    assert "attack that Hamas led" in attack.says
    assert "1,200" in attack.says
    assert "Hamas" in taken.says
    assert "14,800" in gaza.says
    assert (attack.by, taken.by) == ("Government of Israel",) * 2
    assert (gaza.by, gaza.disputed_by) == ("Government Media Office in Gaza", "Government of Israel")
    assert west_bank.by == "Palestinian Ministry of Health in Ramallah"


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (99.1, "person", "99 persons"),
        (41.7, "prisoner", "42 prisoners"),
        (0.84, "person", "less than one person"),
        (1.2, "person", "1 person"),
        (0.2, "death_health_ministry", "less than one death (health ministry)"),
        (0.0, "person", "0 persons"),
        (1234.4, "evacuee", "1,234 evacuees"),
        (0.84, "person/day", "0.84 persons a day"),
        (0.5, "day", "0.5 days"),
        (0.25, "1", "0.25"),
    ],
)
def test_people_come_whole(value: float, unit: str, written: str) -> None:
    assert amount(value, unit) == written


def test_ends_and_effects_of_people_come_whole() -> None:
    quantiles = {"5": 25.3, "25": 80.0, "50": 117.2, "75": 130.0, "95": 137.4}
    answer = Answer("home", "How many?", "number", unit="person", quantiles=quantiles)
    assert spread_of(answer) == "25 to 137"
    assert effect_text(answer, 12.6) == "+13 persons"
    assert effect_text(answer, 0.52) == "less than one person more"
    assert effect_text(answer, -0.52) == "less than one person fewer"
