"""Rows of a record that say several things of one measure and day: what became known last holds, and both are named.

The inputs are like those that were once taken in the order of the file, without a word.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pytest

from detente.dynamics import build_program, forced_by
from detente.errors import Finding
from detente.scenario import Case, examine

RIVER = Path(__file__).parent / "good" / "river"
FIRST = "2031-05-02,2031-05-02T20:00+02:00,level,25,,,litre,,gauge,gauge,high,"
OPENED = "2031-05-02,2031-05-02T20:00+02:00,gate_open,1,,,,,upland,bulletin,high,"


def recorded(folder: Path, *rows: str) -> tuple[Case | None, list[Finding]]:
    """Return the river's case with more rows at the end of its record, and what is found in the record."""
    shutil.copytree(RIVER, folder / "river")
    with (folder / "river" / "record.csv").open("a", encoding="utf-8") as record:
        record.writelines(f"{row}\n" for row in rows)
    case, findings = examine(folder / "river")
    return case, [one for one in findings if one.place.file.name == "record.csv"]


def row(value: str, known_at: str, by: str = "gauge") -> str:
    return FIRST.replace("T20:00", known_at).replace(",25,", f",{value},").replace("gauge,gauge", f"{by},gauge")


@pytest.mark.parametrize(
    ("added", "severity", "field", "part"),
    [
        (row("40", "T21:00"), "warning", "value", "says '40' of 'level' on 2031-05-02 where line 4 says '25'"),
        (row("40", "T20:00"), "error", "value", "both became known at the same moment"),
        (row("25", "T21:00"), "warning", "about", "says again what line 4 says of 'level'"),
        (row("40", "T21:00", "office"), "warning", "by", "another body counted (gauge)"),
        (OPENED.replace(",1,", ",0,"), "error", "value", "says '0' of 'gate_open' on 2031-05-02 where line 3 says '1'"),
    ],
)
def test_both_lines_are_named(added: str, severity: str, field: str, part: str, tmp_path: Path) -> None:
    _, found = recorded(tmp_path, added)
    told = [one for one in found if "line" in one.wrong]
    assert [(one.severity, one.field, one.place.line) for one in told] == [(severity, field, 5)]
    assert part in told[0].wrong


@pytest.mark.parametrize("known_at", ["T19:00", "T21:00"])
def test_what_became_known_last_holds_wherever_it_stands(known_at: str, tmp_path: Path) -> None:
    case, _ = recorded(tmp_path, OPENED.replace("T20:00", known_at).replace(",1,", ",0,"))
    assert case is not None
    program = build_program(case)
    chosen = forced_by(case, program).chosen[program.day_of(dt.date(2031, 5, 2)), program.choices.index("upland.open")]
    assert chosen == (0.0 if known_at == "T21:00" else 1.0)
    assert not np.isnan(chosen)


@pytest.mark.parametrize(
    ("known_at", "warned"),
    [
        ("2031-05-01T23:30+00:00", False),  # the second of May in the case's zone, two hours further east
        ("2031-05-02T00:30+05:00", True),  # still the first of May there
    ],
)
def test_days_are_those_of_the_case_s_zone(known_at: str, warned: bool, tmp_path: Path) -> None:
    _, found = recorded(tmp_path, row("25", "T21:00").replace("2031-05-02T21:00+02:00", known_at))
    assert any("before the day it is about" in one.wrong for one in found) == warned
