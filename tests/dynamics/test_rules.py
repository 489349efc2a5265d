"""Rules of decision: alike where no reason pulls, and different as their descriptions say, worked out by hand."""

from __future__ import annotations

import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.dynamics.ensemble import Design
from detente.dynamics.kernel import Forced
from detente.dynamics.program import build_program
from detente.errors import RequestError
from detente.scenario import Case, load
from tests.dynamics.occasions import occasional_case
from tests.dynamics.programs import written
from tests.dynamics.rejection import Conditioned
from tests.dynamics.small import courses, ensemble, small
from tests.dynamics.test_conditioning import compared_in, held_to

RULES = ("log_odds", "lexicographic", "threshold", "shared_luck")
DRAWS = 1_024
CLOSE = 0.02
"""Four standard errors of a share of 16,384 worlds, and a little."""


def two_sides(folder: Path, rule: str, leans: list[dict[str, Any]], usual: float = 0.3) -> Case:
    decision = {"when": "true", "usual": {"chance": usual}, "leans": leans}
    ladder: dict[str, Any] = {"when": "true", "usual": {"up": {"chance": 0.25}, "down": {"chance": 0.25}}}
    return small(
        folder, days=3, rule=rule,
        options={"north": {"talk": {}},
                 "south": {"talk": {}, "way": {"ladder": ["a", "b", "c", "d", "e"], "start": "c"}}},
        decisions={"north.talk": decision, "south.talk": deepcopy(decision), "south.way": ladder},
        measures={"north": {"equals": "north.talk"}, "south": {"equals": "south.talk"},
                  "place": {"equals": "rung(south.way)"}},
        questions={"last": {"asks": "Do they talk?", "answer": "north.talk on 2031-05-03"}},
    )  # fmt: skip


def talks(case: Case) -> NDArray[np.float64]:
    """Return whether each side talks, and the rung, on each day in each world, ``[3, days, worlds]``."""
    return courses(case, "north", "south", "place", draws=DRAWS)


@pytest.mark.parametrize("rule", RULES)
def test_with_no_reason_every_rule_gives_the_usual_chance_on_each_occasion(tmp_path: Path, rule: str) -> None:
    north, south, rung = talks(two_sides(tmp_path, rule, []))
    np.testing.assert_allclose([north.mean(axis=1), south.mean(axis=1)], 0.3, atol=CLOSE)
    shares = [(rung[0] == place).mean() for place in (1, 2, 3)]
    np.testing.assert_allclose(shares, [0.25, 0.5, 0.25], atol=CLOSE)


@pytest.mark.parametrize("rule", RULES)
def test_one_reason_alone_multiplies_the_odds_under_every_rule(tmp_path: Path, rule: str) -> None:
    north, _, _ = talks(two_sides(tmp_path, rule, [{"toward": "1", "odds": 3}], usual=0.5))
    np.testing.assert_allclose(north.mean(axis=1), 0.75, atol=CLOSE)


def test_reasons_add_up_or_the_strongest_alone_decides(tmp_path: Path) -> None:
    """Odds of 2 and 3 for it and 4 against: together 6/4 of even odds; alone the strongest leaves a quarter."""
    leans = [{"toward": "1", "odds": 2}, {"toward": "1", "odds": 3}, {"away": "1", "odds": 4}]
    for rule, odds in (("log_odds", 1.5), ("threshold", 1.5), ("shared_luck", 1.5), ("lexicographic", 0.25)):
        north, _, _ = talks(two_sides(tmp_path / rule, rule, leans, usual=0.5))
        np.testing.assert_allclose(north.mean(axis=1), odds / (1 + odds), atol=CLOSE, err_msg=rule)


def test_of_reasons_as_strong_the_first_written_decides(tmp_path: Path) -> None:
    leans = [{"toward": "1", "odds": 3}, {"away": "1", "odds": 3}]
    north, _, _ = talks(two_sides(tmp_path, "lexicographic", leans, usual=0.5))
    np.testing.assert_allclose(north.mean(axis=1), 0.75, atol=CLOSE)


def test_a_resistance_is_held_through_the_world_and_is_each_ones_own(tmp_path: Path) -> None:
    north, south, _ = talks(two_sides(tmp_path, "threshold", [], usual=0.5))
    assert (north == north[:1]).all()
    assert (north[0] * south[0]).mean() == pytest.approx(0.25, abs=CLOSE)
    fresh, _, _ = talks(two_sides(tmp_path / "fresh", "log_odds", [], usual=0.5))
    assert (fresh[0] * fresh[1]).mean() == pytest.approx(0.25, abs=CLOSE)


def test_a_resistance_gives_way_where_reasons_grow(tmp_path: Path) -> None:
    """Of those who say no to a chance of 0.3, (0.5 - 0.3) / 0.7 say yes to 0.5; nobody turns from yes to no."""
    grows = [{"toward": "1 if day >= 1 [day] else 0", "odds": 7 / 3}]
    north, _, _ = talks(two_sides(tmp_path, "threshold", grows))
    assert north[1].mean() == pytest.approx(0.5, abs=CLOSE)
    assert (north[1] >= north[0]).all()
    assert north[1][north[0] == 0].mean() == pytest.approx(0.2 / 0.7, abs=CLOSE)


def test_shared_luck_makes_decisions_of_a_day_fall_one_way(tmp_path: Path) -> None:
    """Sheppard: two normals with correlation r are both below 0 with 1/4 + arcsin(r) / 2π; here 1/3. Days are apart."""
    north, south, _ = talks(two_sides(tmp_path, "shared_luck", [], usual=0.5))
    together = 0.25 + math.asin(0.5) / (2 * math.pi)
    np.testing.assert_allclose((north * south).mean(axis=1), together, atol=CLOSE)
    assert (north[0] * south[1]).mean() == pytest.approx(0.25, abs=CLOSE)


@pytest.mark.parametrize("rule", RULES[1:])
def test_a_record_conditions_as_bayes_says_under_every_rule(tmp_path: Path, rule: str) -> None:
    described = {**occasional_case(1, 3), "rule": rule}
    one = Conditioned(load(written(described, tmp_path)), 32_768)
    found = list(compared_in(one, programs=3, records=3, name=f"{rule} 1"))
    assert len(found) >= 6
    held_to(found)


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES[1:])
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_any_record_conditions_as_bayes_says_under_every_rule(tmp_path: Path, rule: str, seed: int) -> None:
    described = {**occasional_case(seed, 6), "rule": rule}
    one = Conditioned(load(written(described, tmp_path)), 65_536)
    held_to(list(compared_in(one, programs=6, records=4, name=f"{rule} {seed}")))


def test_another_rule_leaves_all_other_luck_as_it_was(tmp_path: Path) -> None:
    described = occasional_case(3, 1)
    case = load(written(described, tmp_path))
    names = ["p0_a_asked", "p0_b_asked", "p0_lucky"]
    told = [courses(case.under_rule(rule), *names) for rule in ("log_odds", "threshold", "shared_luck")]
    np.testing.assert_array_equal(told[0], told[1])
    np.testing.assert_array_equal(told[0], told[2])


def test_the_same_worlds_whatever_the_block(tmp_path: Path) -> None:
    case = two_sides(tmp_path, "threshold", [])
    program = build_program(case)
    design = Design("all", {}, 64, Forced.nothing(program))
    first, second = (ensemble(case, block_worlds=size).run(design).tally.sum_y for size in (64, 512))
    assert list(first) == list(second)


def test_a_rule_is_one_of_those_there_are(tmp_path: Path) -> None:
    case = two_sides(tmp_path, "log_odds", [])
    assert case.under_rule("log_odds") is case
    assert case.under_rule("threshold").hash != case.hash
    with pytest.raises(RequestError, match="no rule of decision"):
        case.under_rule("treshold")  # type: ignore[arg-type]
