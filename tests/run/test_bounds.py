"""Bounds that a case declares: told with the share of worlds and the first day where crossed, never clipped."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.cli import main
from detente.errors import CaseError
from detente.run import Run, run
from detente.scenario import load

HEAD = """\
case: bounded
title: A store that is emptied
authors: [the Détente authors]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 20
units: [person]
"""
DRAINED = """\
uncertainties:
  rate: {range: 1..11, unit: person/day}
constants:
  room: {value: 110, unit: person}
stocks:
  held: {unit: person, start: 100, change: -rate, never_below: 0, never_above: room}
measures: {left: {equals: held, headline: true}}
questions: {how_many: {asks: How many are left?, answer: held on 2031-05-20}}
"""


def made(folder: Path, body: str) -> Path:
    case = folder / "bounded"
    case.mkdir(exist_ok=True)
    (case / "scenario.yaml").write_text(HEAD + body, encoding="utf-8")
    return case


def drained(folder: Path, worlds: int = 16_000) -> Run:
    return run(made(folder, DRAINED), worlds=worlds)


def test_a_crossed_bound_is_told_with_its_share_and_first_day(tmp_path: Path) -> None:
    (crossed,) = drained(tmp_path).crossed_bounds
    assert (crossed.element, crossed.side, crossed.limit) == ("held", "below", "0")
    # Below 0 within 20 days where more than 5 a day leave: six worlds of ten. The fastest empty it on the tenth day.
    assert crossed.share == pytest.approx(0.6, abs=0.05)
    assert crossed.first_day == "2031-05-10"


def test_nothing_is_clipped(tmp_path: Path) -> None:
    quantiles = drained(tmp_path).answers["how_many"].quantiles
    assert quantiles is not None
    assert quantiles["5"] == pytest.approx(100 - 20 * 10.5, abs=8)


def test_terminal_page_and_data_tell_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "brief.json"
    assert (
        main(["run", str(made(tmp_path, DRAINED)), "--worlds", "1600", "--json", str(data), "--out", str(tmp_path)])
        == 0
    )
    (told,) = json.loads(data.read_text(encoding="utf-8"))["crossed_bounds"]
    assert (told["element"], told["side"], told["limit"]) == ("held", "below", "0")
    words = f"worlds held goes below its bound of 0, first on {told['first_day']}"
    for text in (capsys.readouterr().out, (tmp_path / "brief.html").read_text(encoding="utf-8")):
        assert words in " ".join(text.split())


def test_rounding_at_a_bound_crosses_nothing(tmp_path: Path) -> None:
    body = DRAINED.replace("change: -rate", 'change: "-min(rate, held / 1 [day])"').replace(
        "start: 100", "start: 1..1000000"
    )
    done = run(
        made(tmp_path, body.replace("1..11", "100..900000").replace("value: 110", "value: 1000001")), worlds=8_000
    )
    assert done.crossed_bounds == ()


def test_more_released_than_held_is_told(tmp_path: Path) -> None:
    body = """\
flows: {released: {unit: person/day, equals: "0"}}
stocks:
  held: {unit: person, start: 0, change: -released, never_below: 0}
known: {seen: {follow: released}}
record: record.csv
questions: {how_many: {asks: How many are held?, answer: held}}
"""
    case = made(tmp_path, body)
    text = (case / "scenario.yaml").read_text(encoding="utf-8").replace('"2031-05-01T06', '"2031-05-09T06')
    (case / "scenario.yaml").write_text(text, encoding="utf-8")
    (case / "record.csv").write_text(
        "about,known_at,measure,value,low,high,unit,counts,by,source,certainty,note\n"
        "2031-05-03,2031-05-04T06:00+02:00,seen,73,,,person/day,,us,,,\n"
    )
    (crossed,) = run(case, worlds=160).crossed_bounds
    assert (crossed.share, crossed.first_day) == (1, "2031-05-03")


def test_bounds_of_what_is_computed_daily_and_by_account(tmp_path: Path) -> None:
    """Each share by hand from the courses of the same worlds, and weighted as answers are."""
    body = """\
uncertainties: {height: 0..2, top: 1..1.5}
auxiliaries:
  wave: {equals: "height * (day / 1 [week])", never_above: top}
stocks: {level: {start: 1, change: "(uniform(-1, 1) - height / 2) / 1 [day]", never_below: -2, never_above: 2}}
questions: {where: {asks: Where?, answer: level}}
"""
    done = run(made(tmp_path, body), worlds=3_200)
    found = {(one.element, one.side): one for one in done.crossed_bounds}
    worlds = done.worlds([(draw, replicate) for draw in range(200) for replicate in range(16)], ["wave", "level"])
    values = done.simulation.ensemble.drawing.take(np.arange(200, dtype=np.uint32)).values
    top = np.repeat(values["top"], 16)[:, None]
    for key, beyond in {
        ("wave", "above"): worlds[:, :, 0] > top + 3e-4,
        ("level", "below"): worlds[:, :, 1] < -2 - 3e-4,
        ("level", "above"): worlds[:, :, 1] > 2 + 3e-4,
    }.items():
        first = dt.date(2031, 5, 1) + dt.timedelta(days=int(beyond.any(axis=0).argmax()))
        assert found[key].share == pytest.approx(beyond.any(axis=1).mean(), abs=0.01)
        assert found[key].first_day == first.isoformat()


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("never_below: 1 [week]", "expected a number in person, came a number in day"),
        ("never_below: rate", "expected a number in person"),
        ("never_above: uniform(0 [person], room)", "'uniform' stands in a bound"),
        ("never_above: nothing_such", "no element or option is called 'nothing_such'"),
        ("never_above: room, never_under: 0", "never_under"),
    ],
)
def test_a_bound_is_checked(tmp_path: Path, written: str, wrong: str) -> None:
    key, _, limit = written.partition(": ")
    quoted = f'{key}: "{limit}"' if set(limit) & set("([") else written
    with pytest.raises(CaseError) as raised:
        load(made(tmp_path, DRAINED.replace("never_below: 0, never_above: room", quoted)))
    assert wrong in str(raised.value)


def test_a_yes_or_no_has_no_bounds(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="is a yes/no"):
        load(made(tmp_path, DRAINED + 'auxiliaries: {empty: {equals: "held <= 0 [person]", never_below: 0}}\n'))


def test_a_case_without_bounds_says_nothing(tmp_path: Path) -> None:
    done = run(made(tmp_path, DRAINED.replace(", never_below: 0, never_above: room", "")), worlds=160)
    assert done.crossed_bounds == ()
    assert not any("bound" in limit for limit in brief_of(study_of_run(done)).limits)
