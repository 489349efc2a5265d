"""``detente explore`` as a person types it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import jsonschema
import pytest

from detente.brief import explored_words
from detente.brief.explored_words import tipping
from detente.brief.wording import HANGS_ON
from detente.cli import explore
from detente.errors import RequestError
from detente.exploration.report import HEADING, SCHEMA
from detente.exploration.result import Contested, Index, Slope, Tipping
from detente.scenario import load
from tests.docs.schemas import fields
from tests.docs.tables import REFERENCE, rows

RISING = """
case: rising
title: Water that rises
authors: [a test]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 12
units: [litre]
sources:
  page: {title: A page, published: "2031-04-30T06:00+02:00"}
claims:
  slope:
    kind: cause
    about: Which way does the ground slope?
    readings:
      to_us: {says: To us., by: page, cites: page}
      away: {says: Away., by: page, cites: page}
uncertainties:
  rain: {unit: litre/day, range: 0..10}
  our_part:
    by_reading:
      - when: {slope: to_us}
        range: 0.9..1.1
      - otherwise: 0.2..0.3
stocks:
  water:
    unit: litre
    start: 0
    change: rain * our_part
questions:
  floods:
    asks: Does it flood?
    answer: (water > 40 [litre]) on 2031-05-08
  when_wet:
    asks: When is there more than ten?
    answer: first_day(water > 10 [litre])
  dry:
    asks: Is it dry before the rain?
    answer: (water < 1000 [litre]) on 2031-05-01
"""


def asked(*words: str) -> int:
    whole = argparse.ArgumentParser()
    explore.add_to(whole.add_subparsers(required=True))
    arguments = whole.parse_args(["explore", *words])
    return int(arguments.does(arguments))


def test_it_prints_what_an_answer_hangs_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("harbour_truce", "--question", "how_long", "--worlds", "60000") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert HEADING in printed
    assert "with all it does through others" in printed
    assert "luck" in printed
    assert "assumed, of it" in printed
    assert "To check first: gazette 34" in printed
    assert "Contested claims, in the same worlds" in printed
    assert "days more (±" in printed
    assert "model runs" in printed


def test_boxes_claims_and_dates_are_worded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "rising"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(RISING, encoding="utf-8")
    assert asked(str(folder), "--worlds", "60000") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "“Which way does the ground slope?” is answered to us" in printed
    assert ": there it comes in" in printed
    assert "there it is later than" in printed
    assert "The same in every world: it hangs on nothing that varies." in printed
    assert "As each account tells it" not in printed  # there is none


SMOOTH = """
measures:
  depth: {equals: water, headline: true}
"""


def test_a_smooth_answer_is_told_with_its_slopes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "rising"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(RISING + SMOOTH, encoding="utf-8")
    assert asked(str(folder), "--question", "depth", "--worlds", "20000") == 0
    printed = " ".join(capsys.readouterr().out.split())
    # Twelve evenings of five litres; a tenth of the range is one litre a day.
    under = "under the readings “Which way does the ground slope?” to us: 60 litres"
    assert f"With every number at the middle of its range, {under}" in printed
    assert "Rain: +12 litres for a tenth of its range more; +1 % for 1 % more" in printed
    assert "Our part: +1.2 litres for a tenth of its range more; +1 % for 1 % more" in printed
    assert "Of 1 answer 1 has an exact gradient." in printed
    assert asked(str(folder), "--worlds", "5000") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert f"depth With every number at the middle of its range, {under}" in printed  # a measure, beside the questions
    assert "Of 4 answers 1 has an exact gradient: 3 go in steps" in printed


def test_where_nothing_is_smooth_a_line_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("harbour_truce", "--worlds", "5000") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "answers none has an exact gradient:" in printed
    assert "go in steps (yes or no, dates, choices, counts of days)" in printed
    assert "decisions, shocks or draws are upstream of" in printed
    assert "With every number at the middle" not in printed


def test_slopes_edges_and_leaps_are_worded() -> None:
    case = load("harbour_truce")
    name = "league.offer/usual"
    told = [
        explored_words.slope(case, one, "person")
        for one in (
            Slope(name, 0.5, None, None, None, (0.0, 1.5)),
            Slope(name, 0.5, None, None, None, None),
            Slope(name, 0.5, -20.0, -0.012, None, None),
        )
    ]
    title = "Usual chance of “league: offer”: "
    assert told == [
        f"{title}its middle lies on an edge, +0 persons for a tenth just below and +1.5 persons just above",
        f"{title}the answer leaps at its middle",
        f"{title}−0.012 persons for a tenth of its range more",
    ]


def test_what_tips_is_worded(capsys: pytest.CaptureFixture[str]) -> None:
    case = load("harbour_truce")
    low, high, place = (Index(value, value, value) for value in (0.2, 0.8, 0.5))
    tip = Tipping("holds_to_friday", "league.offer/usual", low, high, place, 0.85)
    told = (
        "Usual chance of “league: offer”: at 0.85 (50 % of its range); the share goes from 20 % at its low end to 80 %"
    )
    assert tipping(case, tip) == f"{told} at its high end"


def test_one_point_is_one_point() -> None:
    case, point = load("harbour_truce"), Index(0.01, 0.0, 0.02)
    claim = Contested("what_varland_heeds", "x", (), point, ("its_own_voters", "limits"), point)
    told = explored_words.swing(case, claim, "yes/no")
    moved = "would move the answer by 1 point on the average"
    assert f"From “its own voters” to “limits”: 1 point more (± 1); to know which holds {moved}" in told


def test_a_measure_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("harbour_truce", "--question", "captives_home", "--worlds", "10000") == 0
    assert "captives home" in capsys.readouterr().out


def test_its_data_keep_to_their_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "deep" / "explored.json"
    assert asked("harbour_truce", "--worlds", "20000", "--json", str(file)) == 0
    assert "data:" in capsys.readouterr().out
    data = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.validate(data, SCHEMA)
    assert data["heading"] == HANGS_ON
    question = next(one for one in data["questions"] if one["id"] == "how_long")
    assert [entry["place"] for entry in question["factors"]] == list(range(1, len(question["factors"]) + 1))
    assert question["luck"]["interval"][0] <= question["luck"]["index"] <= question["luck"]["interval"][1]
    assert {entry["name"] for entry in question["accounts"]} == {"as_varland_tells_it", "as_brightland_tells_it"}
    assert data["measures"]


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(RequestError, match="no question or measure 'how_lng'"):
        asked("harbour_truce", "--question", "how_lng")
    with pytest.raises(RequestError, match="cannot be written"):
        asked("harbour_truce", "--question", "how_long", "--worlds", "5000", "--json", f"{__file__}/x.json")


@pytest.mark.parametrize("worlds", ["0", "many", "-5"])
def test_a_number_of_worlds_is_a_number(worlds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        asked("harbour_truce", "--worlds", worlds)
    assert "is no number of worlds" in capsys.readouterr().err


def test_every_field_is_described_with_its_type_and_meaning() -> None:
    described = {row.cells[0]: row for row in rows(REFERENCE / "exploration-report.md")}
    assert {name: row.cells[1] for name, row in described.items()} == dict(fields(SCHEMA))
    assert [name for name, row in described.items() if len(row.cells[2]) < 8] == []
