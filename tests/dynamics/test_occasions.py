"""When a decision without ``when`` comes up: on the days on which what its reasons read changes, the calendar too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.scenario import examine
from tests.dynamics.programs import written
from tests.dynamics.small import HEAD, courses, small

DAYS = 12


def described(strength: str | None, when: str | None = None, **more: Any) -> dict[str, Any]:
    """Describe an option taken by turns: it comes up where it is what it was not, its usual chance as good as sure."""
    decision: dict[str, Any] = {"usual": {"chance": 0.999999}}
    if strength is not None:
        decision["leans"] = [{"toward": strength, "odds": 1}]
    if when is not None:
        decision["when"] = when
    return {
        "uncertainties": {"part": {"range": "0..1"}},
        "tables": {"rising": {"of": "day", "points": [[0, 0], [30, 1]]}},
        "options": {"side": {"act": {}}},
        "decisions": {"side.act": decision},
        "measures": {"acts": {"equals": "side.act"}},
        **more,
    }


def first_taken(folder: Path, **sections: Any) -> int | None:
    """Return the day on which the option is taken, which is the first on which it comes up."""
    acts = courses(small(folder, days=DAYS, **sections), "acts")[0].all(axis=1)
    return int(acts.argmax()) if acts.any() else None


@pytest.mark.parametrize(
    ("strength", "first"),
    [
        ("lookup(day, rising)", 1),
        ("1 if today > 2031-05-06 else 0", 1),  # it reads today, which changes daily, whatever it makes of it
        ("step(1, 2031-05-05)", 4),
        ("pulse(part, 2031-05-05)", 4),
        ("ramp(part / 1 [week], 2031-05-04, 2031-05-08)", 4),
        ("turns", 6),
        ("1 - falling", 1),
        ("part", None),
        ("steady", None),
        ("1 if today >= 2031-05-01 and as_of >= 2031-05-01 else 0", 1),
        ("1 if as_of >= 2031-05-01 else 0", None),
        ("previous(day / 1 [week], 0)", None),
        (None, None),
    ],
)
def test_a_decision_comes_up_where_what_it_reads_changes(
    tmp_path: Path, strength: str | None, first: int | None
) -> None:
    more: dict[str, Any] = {
        "auxiliaries": {"turns": {"equals": "today >= 2031-05-07"}, "steady": {"equals": "2 * part"}},
        "stocks": {"falling": {"start": 1, "change": "-(1 / 1 [week])"}},
    }
    sections = described(strength, **more)
    assert first_taken(tmp_path, **sections) == first
    _, findings = examine(written({**HEAD, "days": DAYS, "actors": {"side": {"is": "someone"}}, **sections}, tmp_path))
    warned = [finding for finding in findings if "never comes up" in finding.wrong]
    assert len(warned) == (first is None)


def test_what_is_said_comes_up_on_the_first_day_too(tmp_path: Path) -> None:
    assert first_taken(tmp_path, **described(None, "true")) == 0


def test_a_fall_of_a_pulse_and_the_end_of_a_ramp_are_changes(tmp_path: Path) -> None:
    """Taken at random, an option shows by its turns on which days it came up."""
    strengths = {"pulse(1, 2031-05-05)": {4, 5}, "ramp(1 / 1 [week], 2031-05-04, 2031-05-08)": {4, 5, 6, 7}}
    for number, (strength, expected) in enumerate(strengths.items()):
        sections = described(strength)
        sections["decisions"]["side.act"]["usual"] = {"chance": 0.5}
        acts = courses(small(tmp_path / str(number), days=DAYS, **sections), "acts", draws=16)[0]
        turned = np.flatnonzero((np.diff(acts, axis=0, prepend=0) != 0).any(axis=1))
        assert set(turned.tolist()) == expected


@pytest.mark.parametrize("when", ["false", "today > 2040-01-01", "day > 2 [week]", "part > 1", "steady < 0"])
def test_an_occasion_that_never_holds_is_told(tmp_path: Path, when: str) -> None:
    sections = described(None, when, auxiliaries={"steady": {"equals": "2 * part"}})
    sections["shocks"] = {"storm": {"when": when, "chance": 0.1}}
    _, findings = examine(written({**HEAD, "days": DAYS, "actors": {"side": {"is": "someone"}}, **sections}, tmp_path))
    assert [f.field for f in findings if "holds on no day" in f.wrong] == [
        "decisions.side.act.when",
        "shocks.storm.when",
    ]
