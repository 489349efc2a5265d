"""What claims support of a number: the best of its citations, of rows by reading the least supported row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from detente.scenario import examine
from tests.scenario.broken import GOOD

INFLOW = """    by_reading:
      - when: {why_low: drought}
        range: 1..2
        claims: {flow_falls: direction, why_low: direction}
      - otherwise: 2..4
"""
ROW = "      - {when: {why_low: drought}, range: 1..2, claims: {flow_falls: %s}}\n"
OTHER = "{why_low: existence}"
WRITTEN = [
    ("    range: 1..4\n", "assumed"),
    ("    range: 1..4\n    claims: [flow_falls]\n", "not said"),
    ("    range: 1..4\n    claims: {flow_falls: existence, lowland_pays: direction}\n", "direction"),
    ("    range: 1..4\n    claims: {flow_falls: {supports: size, by: A. Reader, date: 2031-05-05}}\n", "size"),
    (INFLOW, "not said"),  # the switch chooses the second row, and nobody says what it supports there
    (f"    by_reading:\n{ROW % 'direction'}      - otherwise: {{range: 2..4, claims: {OTHER}}}\n", "existence"),
    (f"    claims: {{why_low: direction}}\n    by_reading:\n{ROW % 'existence'}      - otherwise: 2..4\n", "direction"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "support"), WRITTEN)
def test_a_number_is_as_well_supported_as_its_weakest_row(number: str, support: str, tmp_path: Path) -> None:
    case = tmp_path / "river"
    shutil.copytree(GOOD / "river", case)
    text = (case / "scenario.yaml").read_text(encoding="utf-8")
    assert INFLOW in text
    (case / "scenario.yaml").write_text(text.replace(INFLOW, number), encoding="utf-8")
    found, findings = examine(case)
    assert found is not None
    assert [finding for finding in findings if finding.severity == "error"] == []
    assert found.elements.parameters["inflow"].support == support


def test_a_reason_supports_its_odds(tmp_path: Path) -> None:
    case = tmp_path / "river"
    shutil.copytree(GOOD / "river", case)
    text = (case / "scenario.yaml").read_text(encoding="utf-8")
    (case / "scenario.yaml").write_text(text.replace("odds: pull", "odds: 1.5..3"), encoding="utf-8")
    found, _ = examine(case)
    assert found is not None
    assert found.elements.parameters["upland.open/lowland"].support == "direction"
    assert found.elements.parameters["lowland.pay/usual.some"].support == "assumed"


def test_a_file_is_warned_of_once(tmp_path: Path) -> None:
    case = tmp_path / "river"
    shutil.copytree(GOOD / "river", case)
    text = (case / "scenario.yaml").read_text(encoding="utf-8")
    for said in ("{flow_falls: existence}", "{lowland_pays: direction}"):
        text = text.replace(said, f"[{said.strip('{}').split(':')[0]}]")
    (case / "scenario.yaml").write_text(text, encoding="utf-8")
    (warning,) = (finding for finding in examine(case)[1] if finding.severity == "warning")
    assert "2 numbers of this file cite claims without saying what they support, first 'flow_falls'" in str(warning)
    assert warning.place.line == 61
