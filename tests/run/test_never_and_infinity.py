"""Never and infinity share no code with a count or a number: from the model to the data and the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.cli import main
from detente.errors import CaseError
from detente.run import run

HEAD = """\
case: small
title: A quay
authors: [the Détente authors]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: DAYS
units: [person]
"""
COUNTED = """\
uncertainties: {part: 0..1}
auxiliaries:
  always_on: {equals: "part >= 0"}
  never_on: {equals: "part > 1"}
  some_on: {equals: "part > SHARE"}
measures:
  so_far: {equals: "days(always_on)", headline: true}
questions:
  how_long: {asks: How many days?, answer: days(always_on)}
  how_many: {asks: How many days in some worlds?, answer: days(some_on)}
  since_when: {asks: From when?, answer: first_day(some_on)}
  if_ever: {asks: If ever?, answer: first_day(never_on)}
"""


def case_of(folder: Path, body: str, days: int = 30) -> Path:
    case = folder / "small"
    case.mkdir(exist_ok=True)
    (case / "scenario.yaml").write_text(HEAD.replace("DAYS", str(days)) + body, encoding="utf-8")
    return case


def reported(case: Path, folder: Path) -> dict[str, Any]:
    """Run a case to its page and its data, and return the data: strict JSON, nothing but numbers."""
    data = folder / "brief.json"
    assert main(["run", str(case), "--worlds", "640", "--json", str(data), "--out", str(folder)]) == 0
    assert (folder / "brief.html").is_file()

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} in the data")

    found: dict[str, Any] = json.loads(data.read_text(encoding="utf-8"), parse_constant=refuse)
    return found


@pytest.mark.parametrize("days", [63, 64, 65, 100])
def test_days_over_a_whole_horizon_are_a_count(tmp_path: Path, days: int) -> None:
    found = reported(case_of(tmp_path, COUNTED.replace("SHARE", "0.7"), days), tmp_path)
    answers = {answer["id"]: answer for answer in found["questions"]}
    assert answers["how_long"]["mean"] == days
    assert set(answers["how_long"]["quantiles"].values()) == {days}
    assert answers["how_many"]["quantiles"]["95"] == days
    assert answers["how_many"]["quantiles"]["50"] == 0
    assert answers["since_when"]["quantiles"] == {"5": "2031-05-01", "25": "2031-05-01"} | dict.fromkeys(
        ("50", "75", "95")
    )
    assert answers["since_when"]["never"] == pytest.approx(0.7, abs=0.25)
    assert answers["if_ever"]["never"] == 1
    assert found["measures"][0]["quantiles"]["50"] == list(range(1, days + 1))


def test_more_alternatives_than_levels_are_each_counted(tmp_path: Path) -> None:
    names = [f"way_{number}" for number in range(80)]
    body = f"""\
actors: {{court: {{is: court}}}}
options: {{court: {{rules: {{one_of: [{", ".join(names)}], start: way_79, outside_simulation: It stays.}}}}}}
auxiliaries: {{some: {{equals: "luck > 0"}}}}
uncertainties: {{luck: -1..1}}
questions:
  which: {{asks: Which?, answer: court.rules}}
  other: {{asks: And else?, answer: some}}
"""
    made = run(case_of(tmp_path, body), worlds=640)
    assert made.answers["which"].shares is not None
    assert made.answers["which"].shares["way_79"] == 1
    assert made.answers["other"].probability == pytest.approx(0.5, abs=0.1)


DIVIDED = """\
uncertainties:
  need: {range: 1..3, unit: person}
  part: 0..1
  dry: 0.3
auxiliaries:
  supply: {unit: person, equals: "0 if part < dry else 1 [person]"}
  ratio: {equals: "RATIO"}
measures:
  share_met: {equals: "MEASURE", headline: true}
questions:
  how_much: {asks: How much?, answer: "(ANSWER) on 2031-05-20"}
"""


def refused(case: Path) -> Any:
    with pytest.raises(CaseError) as raised:
        run(case, worlds=1_600)
    (finding,) = raised.value.findings
    return finding


def dry(folder: Path, ratio: str = "need / supply", measure: str = "part", answer: str = "ratio") -> Path:
    """Return a case in which nothing is supplied in three worlds of ten."""
    body = DIVIDED.replace("RATIO", ratio).replace("MEASURE", measure).replace("ANSWER", answer)
    return case_of(folder, body)


def test_a_division_by_zero_is_refused_with_its_place_day_and_share(tmp_path: Path) -> None:
    finding = refused(dry(tmp_path))
    assert finding.field == "auxiliaries.ratio"
    assert "is infinite on 2031-05-01" in finding.wrong
    assert "question 'how_much'" in finding.wrong
    assert 0.25 < float(finding.wrong.split(" in ")[-1].split()[0]) / 100 < 0.35
    assert finding.mend == "supply may be 0: divide by max(supply, …)"


@pytest.mark.parametrize(
    ("ratio", "mend"),
    [
        ("-(need / supply)", "max(supply, …)"),
        ("exp(400 * (1 if supply <= 0 else 0))", "exp(min(…, …))"),
        ("(need / 1 [person] * 10) ** (100 * (1 if supply <= 0 else 0))", "a high power"),
    ],
)
def test_what_is_beyond_all_numbers_is_refused(tmp_path: Path, ratio: str, mend: str) -> None:
    finding = refused(dry(tmp_path, ratio))
    assert finding.field == "auxiliaries.ratio"
    assert mend in finding.mend


def test_an_infinite_band_is_refused_where_no_answer_shows_it(tmp_path: Path) -> None:
    finding = refused(dry(tmp_path, measure="0 if day > 20 [day] else ratio", answer="part"))
    assert finding.field == "auxiliaries.ratio"
    assert "measure 'share_met'" in finding.wrong


def test_what_never_reaches_an_answer_is_nobodys_fault(tmp_path: Path) -> None:
    # Twice as much as is needed, however little that is: infinity is cut here, and is right.
    made = run(dry(tmp_path, answer="min(ratio, 2)"), worlds=1_600)
    assert made.answers["how_much"].quantiles is not None
    assert made.answers["how_much"].quantiles["95"] == pytest.approx(2, abs=0.01)


def test_the_element_on_the_way_is_named_not_one_that_is_cut(tmp_path: Path) -> None:
    body = DIVIDED.replace("MEASURE", "part").replace("ANSWER", "worth").replace("RATIO", "need / supply")
    worth = '  met: {equals: "share(ratio, 2)"}\n  worth: {equals: log(1 - met)}\n'
    finding = refused(case_of(tmp_path, body.replace("measures:", f"{worth}measures:")))
    assert finding.field == "auxiliaries.worth"


def test_a_world_beyond_the_draws_that_are_kept_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.dynamics.accumulators.KEPT_DRAWS", 8)
    finding = refused(dry(tmp_path))
    assert finding.field == "auxiliaries.ratio"


def test_a_weight_that_is_no_number_is_refused(tmp_path: Path) -> None:
    case = dry(tmp_path, answer="part")
    text = (case / "scenario.yaml").read_text(encoding="utf-8").replace('"2031-05-01T06', '"2031-05-09T06')
    text += "known: {seen_ratio: {measure: ratio, error: 1}}\nrecord: record.csv\n"
    (case / "scenario.yaml").write_text(text.replace("need / supply", "need / supply - need / supply"))
    (case / "record.csv").write_text(
        "about,known_at,measure,value,low,high,unit,counts,by,source,certainty,note\n"
        "2031-05-03,2031-05-04T06:00+02:00,seen_ratio,2,,,,,us,,,\n"
    )
    finding = refused(case)
    assert finding.field == "auxiliaries.ratio"
    assert "the record observes" in finding.wrong


def test_days_outside_the_horizon_are_no_answer(tmp_path: Path) -> None:
    body = "uncertainties: {part: 0..1}\nquestions:\n  when: {asks: When?, answer: 2031-12-01 if part > 0 else today}\n"
    with pytest.raises(CaseError) as raised:
        run(case_of(tmp_path, body), worlds=64)
    assert "2031-12-01 lies outside the days of the case" in str(raised.value)


def test_numbers_are_counted_by_themselves(tmp_path: Path) -> None:
    """What is no number takes no weight from what is one, at whatever level or in whatever bin that lies."""
    from detente.dynamics.counting import NOWHERE, _histogram, _summed

    place = np.array([[0, 1, NOWHERE], [2, 2, 2]], np.int32)
    assert np.asarray(_summed(place, np.array([1, 2, 4], np.uint32), 3)).tolist() == [[1, 2, 0], [0, 0, 7]]
    values = np.array([[0.0, np.nan, np.inf, -np.inf, 1.0]], np.float32)
    counts = np.asarray(_histogram(values, np.ones(5, np.uint32), np.zeros(1), np.ones(1), 4))
    assert counts.sum() == 2


def test_a_headline_without_a_course_is_refused(tmp_path: Path) -> None:
    body = COUNTED.replace("days(always_on)", "first_day(some_on)", 1).replace("SHARE", "0.7")
    with pytest.raises(CaseError, match="a headline measure is drawn day by day, and 'so_far' is a date"):
        run(case_of(tmp_path, body), worlds=64)
