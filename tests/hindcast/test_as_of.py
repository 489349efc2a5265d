"""What may happen only from the cut on, where the cut moves: freed by ``--as-of``, conditioned on between two cuts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from detente.hindcast.analysis import hindcast
from detente.hindcast.result import Hindcast
from detente.scenario import Case, load
from detente.scenario.record import COLUMNS

CASE = """\
case: storms
title: Storms that nobody foretold before the cut
authors: [a test]
viewpoint: None.
as_of: "2031-05-06T00:00+02:00"
starts: "2031-05-01"
days: 10
record: record.csv
hindcast: {record: after.csv, resolutions: resolutions.yaml}
actors:
  office: {name: The office, is: office}
shocks:
  storm: {when: today >= as_of, chance: {value: 0.2, claims: [books]}}
sources:
  books: {title: The books, kind: dataset, covers_to: "2030-12-31"}
claims:
  books: {says: A storm in each fifth night., by: office, source_kind: estimate, cites: books}
known:
  storm_seen: {choice: storm}
questions:
  a_storm:
    asks: Does a storm come by 10 May?
    answer: ever(storm) by 2031-05-10
"""
CAME = """\
written: before the event
resolutions:
  a_storm:
    asks: Does a storm come by 10 May?
    closes: "2031-05-10T23:59+02:00"
    outcome: true
    resolved: "2031-05-10"
    how: The office saw it.
    sources: [the books]
    certainty: high
    cluster: storm
    mentions_outcome: false
"""
CALM = tuple(f"2031-05-{day:02},2031-05-{day:02}T23:00+02:00,storm_seen,0,,,,,office,,high," for day in range(1, 10))
"""Calm on each of the first nine days, as it became known in the evening."""


def storms(where: Path, seen: bool) -> Case:
    folder = where / ("seen" if seen else "unseen") / "storms"
    folder.mkdir(parents=True)
    rows = CALM if seen else ()
    (folder / "scenario.yaml").write_text(CASE if seen else CASE.replace("storm_seen", "never_seen"), encoding="utf-8")
    (folder / "record.csv").write_text("\n".join([",".join(COLUMNS), *rows[:5], ""]), encoding="utf-8")
    (folder / "after.csv").write_text("\n".join([",".join(COLUMNS), *rows[5:], ""]), encoding="utf-8")
    (folder / "resolutions.yaml").write_text(CAME, encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module", params=[True, False], ids=["observed", "unobserved"])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, bool]:
    return storms(tmp_path_factory.mktemp("storms"), request.param), request.param


def at(day: int) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2031-05-{day:02}T00:00+02:00")


def said(found: Hindcast) -> list[float]:
    return [cut.standings["a_storm"].model.probability or 0.0 for cut in found.cuts]


def of_days(days: int) -> object:
    """Chance of a storm in so many nights, within what 16,000 worlds can tell."""
    return pytest.approx(1 - 0.8**days, abs=0.02)


WORLDS = {"worlds": 16_000, "threads": 1, "reasons": False}


def test_an_earlier_cut_frees_the_days_from_it_on(case: tuple[Case, bool]) -> None:
    """From 3 May eight days are left to 10 May; from the case's own cut, five; later ones are as recorded."""
    whole, observed = case
    for day, left in ((3, 8), (6, 5), (8, 3 if observed else 5)):
        assert said(hindcast(whole, as_of=at(day), **WORLDS)) == [of_days(left)]  # type: ignore[arg-type]


def test_days_between_two_cuts_are_conditioned_on_and_not_assumed(case: tuple[Case, bool]) -> None:
    """Where calm was recorded, only the days after each cut are open; where nothing was, it may have come unseen."""
    whole, observed = case
    found = said(hindcast(whole, as_of=at(3), step=dt.timedelta(days=3), to=at(9), **WORLDS))  # type: ignore[arg-type]
    assert found == [of_days(8), of_days(5 if observed else 8), of_days(2 if observed else 8)]


def test_the_own_cut_says_the_same_whether_more_cuts_follow(case: tuple[Case, bool]) -> None:
    """As ``detente hindcast``, which makes one cut, and ``detente run --hindcast``, which makes one each day."""
    whole, _ = case
    alone = hindcast(whole, **WORLDS).cuts  # type: ignore[arg-type]
    daily = hindcast(whole, step=dt.timedelta(days=1), to=at(9), **WORLDS).cuts  # type: ignore[arg-type]
    assert len(daily) > 1
    assert daily[0].as_of == whole.scenario.as_of
    assert daily[0].standings == alone[0].standings


def test_simple_forecasts_at_a_cut_do_not_depend_on_the_first(case: tuple[Case, bool]) -> None:
    whole, _ = case
    stepped = hindcast(whole, as_of=at(3), step=dt.timedelta(days=3), to=at(9), **WORLDS)  # type: ignore[arg-type]
    for cut in stepped.cuts:
        (alone,) = hindcast(whole, as_of=cut.as_of, **WORLDS).cuts  # type: ignore[arg-type]
        assert alone.standings["a_storm"].baselines == cut.standings["a_storm"].baselines
        persistence = cut.standings["a_storm"].baselines["persistence"]
        assert persistence.probability == 0.01  # none has come
