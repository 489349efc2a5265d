"""Which uniform numbers a case takes: the names under which luck is keyed are part of what a seed gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from detente.dynamics.program import build_program
from detente.equations import Kind
from detente.equations.syntax import Binary
from detente.scenario import Equation
from tests.dynamics.small import small

SECTIONS: dict[str, Any] = {
    "auxiliaries": {
        "rain": {"equals": "uniform(0, 1) + normal(uniform(0, 1), 1) if chance(0.5) else previous(rain_before, 0)"},
        "rain_before": {"equals": "smooth1(uniform(0, 2), 2 [day])"},
    },
    "stocks": {"lake": {"start": "1", "change": "(poisson(2) - initial(rain)) / 1 [day]"}},
    "options": {"town": {"pump": {}}},
    "decisions": {"town.pump": {"usual": {"chance": "0.2"}, "when": "chance(0.5)",
                                "leans": [{"toward": "binomial(2, 0.5) / 2", "odds": "2"}]}},
    "shocks": {"storm": {"when": "chance(0.1)", "chance": "0.3"}},
}  # fmt: skip


def test_every_draw_has_the_name_of_its_element_and_its_number_there(tmp_path: Path) -> None:
    program = build_program(small(tmp_path, **SECTIONS))
    assert set(program.sites) == {
        *(("rain", number) for number in "1234"), ("rain_before", "1"), ("lake", "1"),
        ("town.pump", "choice"), ("town.pump", "1"), ("town.pump", "2"), ("storm", "choice"), ("storm", "1"),
    }  # fmt: skip
    assert len(set(program.sites)) == len(program.sites)


def test_a_part_that_becomes_an_element_of_its_own_draws_at_sites_of_its_own(tmp_path: Path) -> None:
    program = build_program(small(tmp_path, **SECTIONS))
    rain = next(step for step in program.order if step.name == "rain")
    assert isinstance(rain, Equation)
    part = next(rain.node.children())
    assert isinstance(part, Binary)
    more = Equation("part", "hidden", Kind("number"), part.right, ("part",))
    larger = replace(program, order=(*program.order, more))
    assert [site for site in larger.sites if site[0] == "part"] == [("part", "1"), ("part", "2")]
    assert [site for site in larger.sites if site[0] != "part"] == list(program.sites)
