"""``detente compare`` as a person types it, and what a comparison finds in a case worked out by hand."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import jsonschema
import pytest

from detente.cli import compare
from detente.errors import RequestError
from detente.exploration.comparison_report import COMPARISON_SCHEMA
from tests.docs.schemas import fields
from tests.docs.tables import REFERENCE, rows

PAIR = ("brightland_limits", "brightland_adds")


def asked(*words: str) -> int:
    whole = argparse.ArgumentParser()
    compare.add_to(whole.add_subparsers(required=True))
    arguments = whole.parse_args(["compare", *words])
    return int(arguments.does(arguments))


def test_it_says_what_goes_with_a_choice_and_calls_none_best(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("harbour_truce", "league_offers", "--worlds", "12000") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "In this model, setting “league offers” from" in printed
    assert "goes with …" in printed
    assert "no choice is called best" in printed
    assert "would save" not in printed
    assert "points (" in printed
    assert "Across accounts" in printed
    assert "(As Varland tells it) to" in printed
    assert (
        "short of the choice with most: nowhere that can be told; with least: 23 points (As Brightland tells it)"
        in printed
    )


def test_its_data_keep_to_their_schema(tmp_path: Path) -> None:
    file = tmp_path / "compared.json"
    assert asked("harbour_truce", *PAIR, "--from-day", "2031-05-20", "--worlds", "6000", "--json", str(file)) == 0
    data = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.validate(data, COMPARISON_SCHEMA)
    assert [lever["from"] for lever in data["levers"]] == ["2031-05-20"] * 2
    answer = next(one for one in data["answers"] if one["id"] == "captives_home")
    assert {"by": "varland", "better": "more"} in answer["wanted"]
    assert [one["choice"] for one in answer["robustness"]] == ["no_lever", *PAIR]
    across = answer["across_accounts"]
    assert [one["choice"] for one in across] == ["no_lever", *PAIR]
    for one in across:
        assert {told["account"] for told in one["by_account"]} == {"as_varland_tells_it", "as_brightland_tells_it"}
        assert one["lowest"]["value"] <= one["highest"]["value"]
        assert one["short_of_most"]["interval"][0] <= one["short_of_most"]["value"]
    for lever in answer["levers"]:
        told = lever["more_under"] + lever["less_under"] + lever["untold_under"]
        assert sorted(told) == ["as_brightland_tells_it", "as_varland_tells_it"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("no_such_lever",), "no lever 'no_such_lever'"),
        (("brightland_limits", "--from-day", "tomorrow"), "'tomorrow' is no day"),
        (("brightland_limits", "--from-day", "day 900"), "is no day of harbour_truce"),
        (("brightland_limits", "--from-day", "day 0"), "follow what was known"),
        (("brightland_limits", "--worlds", "600", "--json", f"{__file__}/x.json"), "cannot be written"),
    ],
)
def test_what_cannot_be_is_named(words: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(RequestError, match=complaint):
        asked("harbour_truce", *words)


def test_every_field_is_described_with_its_type_and_meaning() -> None:
    described = {row.cells[0]: row for row in rows(REFERENCE / "comparison-report.md")}
    assert {name: row.cells[1] for name, row in described.items()} == dict(fields(COMPARISON_SCHEMA))
    assert [name for name, row in described.items() if len(row.cells[2]) < 8] == []
