"""A sheet of any case: it never ends in a traceback, its data fit the schema, its protocol and listing are whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.brief.page import validation_page
from detente.door import load
from detente.results import write_data
from detente.scenario import bundled_cases
from detente.validation import SCHEMA, validate, validation_data
from detente.validation.conservation import conserved_sums
from detente.validation.equation_listing import listed_elements
from detente.validation.odd_overview import SILENT
from detente.validation.odd_protocol import protocol_of
from detente.validation.result import VERDICTS
from detente.validation.structure import structure_of
from detente.validation.unit_consistency import unit_consistency
from tests.brief.test_page import Reader
from tests.dynamics.programs import random_case, written
from tests.validation.planted import planted, tank

MULLER = [
    *("I.i.a", "I.i.b", "I.ii.a", "I.ii.b", "I.ii.c", "I.ii.d", "I.ii.e", "I.iii.a"),
    *("II.i.a", "II.i.b", "II.i.c", "II.i.d", "II.i.e"),
    *(f"II.ii.{letter}" for letter in "abcdefgh"),
    *("II.iii.a", "II.iii.b", "II.iv.a", "II.iv.b", "II.iv.c", "II.iv.d", "II.iv.e", "II.v.a", "II.v.b", "II.v.c"),
    *("II.vi.a", "II.vi.b", "II.vi.c", "II.vi.d", "II.vii.a", "II.vii.b", "II.viii.a", "II.viii.b", "II.ix.a"),
    *("II.x.a", "II.x.b", "III.i.a", "III.i.b", "III.ii.a", "III.ii.b", "III.ii.c", "III.iii.a"),
    *("III.iv.a", "III.iv.b", "III.iv.c"),
]
"""The headings of the published protocol."""
SMALL = [name for name in bundled_cases() if name != "november_2023"]


@pytest.mark.parametrize("name", SMALL)
def test_every_bundled_case_has_a_sheet(name: str) -> None:
    case = load(name)
    sheet = case.validate(quick=True, worlds=32)
    data = json.loads(json.dumps(validation_data(sheet), allow_nan=False))
    jsonschema.validate(data, SCHEMA)
    Reader(validation_page(case, sheet))
    assert all(test.verdict in VERDICTS and test.says and test.asks.endswith("?") for test in sheet.tests)
    assert [heading.number for heading in sheet.protocol] == MULLER
    listed = {one.name for one in sheet.listing if one.type not in ("question", "sign")}
    elements = case.elements
    assert listed == {
        *elements.parameters, *elements.tables, *elements.stocks, *elements.variables, *elements.shocks,
        *elements.options, *elements.measures,
    }  # fmt: skip
    for one in sheet.listing:
        file, _, line = one.at.partition(":")
        written_there = (case.folder / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert written_there.strip()


def test_the_case_the_project_began_with_is_written_out() -> None:
    case = load("november_2023")
    structure = structure_of(case)
    assert unit_consistency(structure).verdict == "passes"
    sums = {frozenset(one) for one in conserved_sums(structure.program.stocks)}
    assert sums == {frozenset({"hostages_held", "hostages_released"})}
    assert [heading.number for heading in protocol_of(structure)] == MULLER
    # Grounds and use stand with each line.
    by_name = {one.name: one for one in listed_elements(structure) if one.type != "question"}
    assert "held_240 [" in " ".join(by_name["hostages_held"].rests_on)
    assert "men_and_soldiers_held" in by_name["hostages_held"].used_by
    assert by_name["hostages_held"].module == "hostages"


@pytest.mark.long
def test_the_case_the_project_began_with_has_a_sheet() -> None:
    case = load("november_2023")
    sheet = validate(case, quick=True, worlds=32)
    jsonschema.validate(validation_data(sheet), SCHEMA)
    assert len(sheet.occasions) == len(case.elements.decisions)
    assert sheet.test("conservation").verdict == "passes"
    assert sheet.test("range_ends").verdict == "passes"


def test_a_case_without_dynamics_says_what_does_not_apply() -> None:
    sheet = load("prisoners_dilemma").validate(worlds=16)
    assert {test.name for test in sheet.having("does not apply")} >= {
        "conservation", "range_ends", "doubled_ranges", "longer_horizon", "time_step", "decision_occasions",
    }  # fmt: skip
    assert sheet.having("not tried") == ()
    assert not sheet.provenance.partial


def test_a_heading_of_which_the_case_says_nothing_says_so(tmp_path: Path) -> None:
    sheet = planted(tmp_path, **tank()).validate(quick=True, worlds=16)
    silent = {one.number for one in sheet.protocol if one.silent}
    assert {"I.i.b", "II.ii.a", "II.ii.c", "II.vi.c", "III.iii.a"} <= silent
    assert all(one.says == (SILENT,) for one in sheet.protocol if one.silent)
    told = {one.number: " ".join(one.says) for one in sheet.protocol}
    assert "How many are outside?" in told["I.i.a"]
    assert "inside, outside" in told["I.ii.b"]
    assert "20 days are simulated, from 2031-05-01 to 2031-05-20" in told["I.ii.e"]
    assert "1 stocks start at one exact number; 1 are drawn" in told["III.ii.b"]


def test_the_listing_says_what_each_is_and_what_uses_it(tmp_path: Path) -> None:
    sheet = planted(tmp_path, **tank()).validate(quick=True, worlds=16)
    inside, outside = (one for one in sheet.listing if one.type == "stock")
    assert (inside.equation, inside.unit, inside.start) == ("change per day: back - out", "person", "80..120")
    assert inside.used_by == ("out",)
    assert outside.used_by == ("back", "left")
    (number,) = (one for one in sheet.listing if one.name == "to_and_fro")
    assert (number.type, number.equation, number.unit, number.rests_on) == ("number", "0.05..0.3", "1/day", ())
    assert number.used_by == ("back", "out")


def asked(seed: int, programs: int, days: int) -> dict[str, Any]:
    """Return random programs with a question for each measure."""
    case = random_case(seed, programs, days=days)
    measures = enumerate(case["measures"])
    return {**case, "questions": {f"q{n}": {"asks": "What?", "answer": measure} for n, measure in measures}}


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_no_program_ends_in_a_traceback(tmp_path: Path, seed: int) -> None:
    case = load(written(asked(seed, 1, 4), tmp_path / str(seed)))
    sheet = case.validate(quick=True, worlds=16)
    write_data(validation_data(sheet), tmp_path / "sheet.json")
    jsonschema.validate(json.loads((tmp_path / "sheet.json").read_text(encoding="utf-8")), SCHEMA)
    Reader(validation_page(case, sheet))


@pytest.mark.long
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_no_program_ends_in_a_traceback_at_length(tmp_path: Path, seed: int) -> None:
    case = load(written(asked(seed, 2, 6), tmp_path / str(seed)))
    sheet = case.validate(worlds=32)
    jsonschema.validate(json.loads(json.dumps(validation_data(sheet), allow_nan=False)), SCHEMA)
    Reader(validation_page(case, sheet))
