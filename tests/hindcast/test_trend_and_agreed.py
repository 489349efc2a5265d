"""That the pace stays, and that what was agreed is kept: by hand, and not before it was known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.dynamics import build_program
from detente.errors import CaseError
from detente.hindcast.agreed import agreed
from detente.hindcast.forecasting import Asked
from detente.hindcast.resolution import Outcome
from detente.hindcast.result import Forecast
from detente.hindcast.trend import trend
from detente.scenario import Case, load
from detente.scenario.record import COLUMNS

CASE = """\
case: pier
title: A pier that fills up
authors: [a test]
viewpoint: None.
as_of: "2031-05-11T06:00+02:00"
starts: "2031-05-01"
days: 30
units: [person]
record: record.csv
actors:
  varland: {{name: Varland, is: government}}
options:
  varland: {{keep: {{says: Keep the truce., start: true}}}}
decisions:
  varland.keep: {{when: true, usual: {{chance: 0.5..0.9}}}}
uncertainties:
  rate: {{unit: person/day, range: 1..5}}
stocks:
  waiting: {{unit: person, start: 0, change: rate}}
known:
  counted: {{measure: waiting, error: {{range: 1..2}}}}
measures:
  people_waiting: {{equals: waiting, unit: person}}
questions:
  asked:
    asks: Well?
    answer: {answer}
    {more}
"""
Make = Callable[..., tuple[Asked, Case]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(answer: str, *rows: str, more: str = "note: no more", came: Outcome = 5.0) -> tuple[Asked, Case]:
        folder = tmp_path / "pier"
        folder.mkdir(exist_ok=True)
        (folder / "scenario.yaml").write_text(CASE.format(answer=answer, more=more), encoding="utf-8")
        full = [",".join(COLUMNS), *(f"{row},,,,,office,,high," for row in rows), ""]
        (folder / "record.csv").write_text("\n".join(full), encoding="utf-8")
        case = load(folder)
        return Asked(build_program(case), case.elements.questions["asked"], came), case

    return made


def counted(about: str, value: float) -> str:
    return f"{about},2031-05-10T08:00+02:00,counted,{value}"


def middle(found: Forecast | None) -> object:
    assert found is not None
    return (found.quantiles or {}).get("50", found.probability)


# ---- the trend


def test_the_last_two_figures_are_drawn_on(make: Make) -> None:
    rows = [counted("2031-04-20", 10), counted("2031-05-02", 40), counted("2031-05-07", 60)]
    found = trend(*make("people_waiting on 2031-05-20", *rows))
    assert middle(found) == pytest.approx(60 + (60 - 40) / 5 * 13)
    assert found is not None
    assert found.scores["crps"] == pytest.approx(60 + 52 - 5)
    assert found.assumes == "It grows at the pace of the last two figures."
    assert middle(trend(*make("waiting", *rows))) == pytest.approx(60 + 4 * 23)  # to the last day of all
    assert middle(trend(*make("waiting on 2031-05-20", *rows[:2]))) == pytest.approx(40 + 30 / 12 * 18)


def test_only_a_count_that_grows_has_a_trend(make: Make) -> None:
    falling = [counted("2031-05-02", 40), counted("2031-05-07", 30)]
    rising = [counted("2031-05-02", 40), counted("2031-05-07", 50)]
    assert trend(*make("waiting on 2031-05-20", *falling)) is None
    assert trend(*make("waiting on 2031-05-20", rising[0])) is None
    assert trend(*make("waiting on 2031-05-20")) is None
    assert trend(*make("peak(waiting)", *rising)) is None
    assert trend(*make("rate * 2", *rising)) is None
    assert trend(*make("waiting > 3 [person] on 2031-05-20", *rising, came=True)) is None


# ---- what was agreed

TERMS = (
    "2031-05-01,2031-05-01T08:00+02:00,agreed_until,2031-05-05",
    "2031-05-05,2031-05-05T08:00+02:00,agreed_until,2031-05-13",
)
AGREED = "agreed: agreed_until"


@pytest.mark.parametrize(
    ("answer", "came", "says"),
    [
        ("varland.keep on 2031-05-12", True, 0.99),
        ("varland.keep on 2031-05-13", True, 0.01),  # it ends on the morning of the day
        ("first_day(not varland.keep)", None, "2031-05-13"),
        ("days(varland.keep)", 5.0, 12.0),
        ("days(varland.keep) from 2031-05-10", 5.0, 3.0),
        ("days(varland.keep) by 2031-05-10", 5.0, 10.0),
    ],
)
def test_a_term_ends_on_its_day(make: Make, answer: str, came: Outcome, says: object) -> None:
    asked, case = make(answer, *TERMS, more=AGREED, came=came)
    found = agreed(asked, case, "asked")
    assert middle(found) == says
    assert found is not None
    assert found.assumes == "It ends as agreed, on 13 May 2031."


def test_a_number_that_was_agreed_is_the_forecast(make: Make) -> None:
    rows = ["2031-05-02,2031-05-02T08:00+02:00,promised,30", "2031-05-04,2031-05-04T08:00+02:00,promised,45"]
    assert middle(agreed(*make("waiting on 2031-05-20", *rows, more="agreed: promised"), "asked")) == 45.0
    asked, case = make("waiting on 2031-05-20", *rows, more="agreed: promised")
    early = case.cut(dt.datetime.fromisoformat("2031-05-03T06:00+02:00"))
    assert middle(agreed(asked, early, "asked")) == 30.0
    assert agreed(asked, case.cut(dt.datetime.fromisoformat("2031-05-01T06:00+02:00")), "asked") is None


def test_a_term_that_has_run_out_says_nothing(make: Make) -> None:
    assert agreed(*make("first_day(not varland.keep)", TERMS[0], more=AGREED, came=None), "asked") is None
    assert agreed(*make("first_day(not varland.keep)", came=None), "asked") is None


@pytest.mark.parametrize(
    ("answer", "row", "wrong"),
    [
        ("varland.keep on 2031-05-12", "2031-05-01,2031-05-01T08:00+02:00,agreed_until,soon", "'soon' is no day"),
        ("waiting", TERMS[0], "a day that was agreed"),
        ("ever(not varland.keep)", TERMS[0], "a day that was agreed"),
        ("first_day(not varland.keep)", "2031-05-01,2031-05-01T08:00+02:00,agreed_until,3", "a number that was agreed"),
    ],
)
def test_what_was_agreed_must_answer_the_question(make: Make, answer: str, row: str, wrong: str) -> None:
    with pytest.raises(CaseError, match=wrong):
        make(answer, row, more=AGREED)


def test_what_was_agreed_must_be_in_the_record(make: Make) -> None:
    with pytest.raises(CaseError, match="the record has no row of the measure 'agreed_untill'"):
        make("varland.keep on 2031-05-12", *TERMS, more="agreed: agreed_untill")
