"""What cannot be drawn from is refused: by the check where ranges decide, else by the run, with day and share."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from detente.equations import UnitSystem, interval, parse
from detente.errors import CaseError, Finding
from detente.run import run
from detente.scenario import examine

CASE = """\
case: small
title: A quay
authors: [the Détente authors]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 12
SUBSTEPS
uncertainties:
  part: 0..1
  wide: -1.5..2
stocks:
  falling: {start: 1, change: "-(part / 1 [week])"}
auxiliaries:
  drawn: {equals: "DRAWN"}
questions:
  which: {asks: Which?, answer: ANSWER}
"""


def case_of(folder: Path, drawn: str, answer: str = "drawn", substeps: int = 1) -> Path:
    case = folder / "small"
    case.mkdir(exist_ok=True)
    text = CASE.replace("DRAWN", drawn).replace("ANSWER", answer).replace("SUBSTEPS", f"substeps: {substeps}")
    (case / "scenario.yaml").write_text(text, encoding="utf-8")
    return case


def told(folder: Path, drawn: str, answer: str = "drawn", substeps: int = 1) -> list[Finding]:
    _, findings = examine(case_of(folder, drawn, answer, substeps))
    return [finding for finding in findings if "takes" in finding.wrong]


@pytest.mark.parametrize(
    ("drawn", "wrong"),
    [
        ("beta(-1.5, 1)", "beta() takes a number above 0, and -1.5 is -1.5"),
        ("beta(wide, 1)", "beta() takes a number above 0, and wide can be -1.5 to 2"),
        ("beta(part, 0)", "beta() takes a number above 0, and 0 is 0"),
        ("lognormal(-2, 1)", "lognormal() takes a number of 0 or more, and -2 is -2"),
        ("lognormal(2, wide)", "lognormal() takes a number of 0 or more, and wide can be -1.5 to 2"),
        ("normal(wide, -2)", "normal() takes a number of 0 or more, and -2 is -2"),
        ("poisson(-2)", "poisson() takes a number of 0 or more, and -2 is -2"),
        ("binomial(2, 1 + part)", "binomial() takes a chance from 0 to 1, and 1 + part can be 1 to 2"),
        ("uniform(2, 1)", "uniform() takes the lower end first"),
        ("1 if chance(2 * part) else 0", "chance() takes a chance from 0 to 1, and 2 * part can be 0 to 2"),
    ],
)
def test_the_check_finds_what_ranges_decide(tmp_path: Path, drawn: str, wrong: str) -> None:
    (finding,) = told(tmp_path, drawn)
    assert finding.severity == "error"
    assert finding.wrong.startswith(wrong)
    assert finding.place.line == 15


@pytest.mark.parametrize(
    "drawn",
    [
        "beta(1 + part, 2 - part)", "lognormal(part, abs(wide))", "normal(wide, part)", "poisson(max(wide, 0))",
        "binomial(2 + part, share(wide, 2))", "uniform(part, 1 + part)", "1 if chance(clip(wide, 0, 1)) else 0",
        "poisson(falling)",
    ],
)  # fmt: skip
def test_the_check_lets_pass_what_may_be(tmp_path: Path, drawn: str) -> None:
    assert told(tmp_path, drawn) == []


def test_what_may_cancel_is_a_warning(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, "poisson(wide - wide)")
    assert finding.severity == "warning"


# The stock falls below 0 within 12 days in the worlds with part above 7/12: 42 % of them.
FALLS = ["poisson(falling)", "normal(0, falling)", "lognormal(falling, 1)", "beta(falling, 1)", "binomial(2, falling)"]


@pytest.mark.parametrize("drawn", [*FALLS, "uniform(0, falling)", "uniform(1 - falling, 1 - falling - falling)"][:-1])
def test_a_run_refuses_what_cannot_be_drawn_from(tmp_path: Path, drawn: str) -> None:
    with pytest.raises(CaseError) as raised:
        run(case_of(tmp_path, drawn), worlds=1_600)
    (finding,) = raised.value.findings
    assert finding.field == "auxiliaries.drawn"
    assert "is no number on 2031-05-" in finding.wrong
    share = float(finding.wrong.rpartition(" in ")[2].split()[0]) / 100
    assert share == pytest.approx(0.36, abs=0.15)  # on the last morning the stock has fallen for 11 days


@pytest.mark.parametrize("weighted", [True, False])
def test_a_run_refuses_chances_that_are_none(tmp_path: Path, weighted: bool) -> None:
    with pytest.raises(CaseError) as raised:
        run(case_of(tmp_path, "1 if chance(falling) else 0"), worlds=1_600, weighted=weighted)
    (finding,) = raised.value.findings
    assert finding.field == "auxiliaries.drawn"
    assert "falling is -" in finding.wrong
    assert "clip(falling, 0, 1)" in finding.mend


@pytest.mark.parametrize(
    "drawn",
    [
        "1 if (chance(falling) if falling > 0 else false) else 0",
        "1 if falling > 0 and chance(falling) else 0",
        "1 if falling <= 0 or chance(falling) else 0",
        "poisson(falling) if falling > 0 else 0",
    ],
)
def test_what_is_not_asked_for_is_not_refused(tmp_path: Path, drawn: str) -> None:
    done = run(case_of(tmp_path, drawn), worlds=320)
    assert done.answers["which"].quantiles is not None


def test_a_delay_shorter_than_a_step_is_told_with_the_steps_that_would_do(tmp_path: Path) -> None:
    def warned(drawn: str, substeps: int) -> list[str]:
        _, findings = examine(case_of(tmp_path, drawn, substeps=substeps))
        return [finding.mend for finding in findings if "takes a step" in finding.wrong]

    assert "substeps: 6" in warned("smooth3(part, 0.5 [day])", 1)[0]
    assert warned("smooth3(part, 0.5 [day])", 6) == []
    assert warned("delay1(part, (1 + part) * 1 [day])", 1) == []
    assert "make it longer" in warned("delay1(part, part * 1 [day])", 4)[0]


def test_a_start_beyond_its_bounds_is_told(tmp_path: Path) -> None:
    case = case_of(tmp_path, "part")
    text = (case / "scenario.yaml").read_text(encoding="utf-8")
    text = text.replace("start: 1,", "start: -1..2, never_below: 0, never_above: 1,")
    (case / "scenario.yaml").write_text(text, encoding="utf-8")
    _, findings = examine(case)
    assert [finding.wrong for finding in findings if "starts at" in finding.wrong] == [
        "'falling' starts at -1 to 2, below its bound of 0",
        "'falling' starts at -1 to 2, above its bound of 1",
    ]


TEXTS = (
    "a + b", "a - b * c", "a / (2 + b * b)", "-a ** 2", "abs(a) ** b", "min(a, b, c)", "max(a, -b)",
    "clip(a, b, 1 + abs(c))",
    "share(a, 1 + abs(b))", "exp(a) - log(1 + abs(b))", "sqrt(abs(c))", "logistic(a)", "a if b > c else -a",
    "1 if a < b and b <= c or not (a != c) else 0", "abs(a - b) / max(abs(c), 1)", "(a - 1) ** 2 / (1 + b ** 2)",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_intervals_hold_every_value(text: str) -> None:
    """Against brute force: no value at random points within the ranges lies outside the interval."""
    dice, tree, system = random.Random(text), parse(text), UnitSystem()
    python = text.replace("min(", "np_min(").replace("max(", "np_max(")
    names = {
        "np_min": min, "np_max": max, "abs": abs, "clip": lambda x, low, high: min(max(x, low), high),
        "share": lambda x, full: min(max(x / full, 0), 1), "exp": np.exp, "log": np.log, "sqrt": np.sqrt,
        "logistic": lambda x: 1 / (1 + np.exp(-x)),
    }  # fmt: skip
    for _ in range(40):
        ranges = {name: (low := dice.uniform(-3, 3), low + dice.uniform(0, 4)) for name in "abc"}
        low, high = interval(tree, ranges.__getitem__, system, {})
        for _ in range(40):
            values = {name: dice.uniform(*ends) for name, ends in ranges.items()}
            value = eval(python, names | values)
            assert low - 1e-9 <= value <= high + 1e-9, (text, ranges, values)
