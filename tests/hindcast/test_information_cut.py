"""The case as it stood at one moment, and the moments at which it is cut."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from detente.dynamics import build_program, forced_by
from detente.errors import RequestError
from detente.hindcast.information_cut import MOST_CUTS, case_at, moments, movers
from detente.hindcast.outcomes import Outcomes, outcomes_of
from detente.run import run
from detente.scenario import Case, load
from tests.hindcast.synthetic import AS_OF, ZONE, write_world

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Outcomes]:
    case, _ = write_world(tmp_path_factory.mktemp("crisis"))
    return case, outcomes_of(case)


def test_rows_are_known_by_the_moment_and_no_later(world: tuple[Case, Outcomes]) -> None:
    case, outcomes = world
    for moment in (AS_OF - 5 * DAY, AS_OF, AS_OF + 4 * DAY):
        known = case_at(case, outcomes, moment)
        every = [*case.observations, *outcomes.observations]
        assert known.observations == tuple(row for row in every if row.known_at <= moment)
        assert known.scenario.as_of == moment
        assert known.hash != case.hash


def test_an_earlier_cut_is_the_case_s_own(world: tuple[Case, Outcomes]) -> None:
    case, outcomes = world
    earlier = AS_OF - 3 * DAY
    ours, own = case_at(case, outcomes, earlier), case.cut(earlier)
    assert (ours.observations, ours.scenario.as_of, ours.hash) == (own.observations, own.scenario.as_of, own.hash)


def test_of_two_rows_on_one_thing_the_one_known_later_holds(world: tuple[Case, Outcomes]) -> None:
    case, outcomes = world
    first = next(row for row in case.observations if row.measure == "people_counted")
    revised = replace(first, value=1.0, known_at=AS_OF + DAY)
    after = replace(outcomes, observations=(revised,))
    program = build_program(case)
    before, later = (forced_by(case_at(case, after, moment), program) for moment in (AS_OF, AS_OF + DAY))
    day = program.day_of(first.about)
    assert before.observed[day, 0] == first.value
    assert later.observed[day, 0] == 1.0


def test_without_a_step_there_is_one_cut(world: tuple[Case, Outcomes]) -> None:
    case, outcomes = world
    assert moments(case, outcomes) == (AS_OF,)
    naive = dt.datetime(2031, 5, 8, 12)
    assert moments(case, outcomes, naive) == (naive.replace(tzinfo=ZONE),)
    assert case.zoned(naive).tzinfo == AS_OF.tzinfo
    late = dt.datetime(2031, 5, 8, 23, tzinfo=dt.UTC)
    assert case.zoned(late) == late
    assert case.zoned(late).date() == dt.date(2031, 5, 9)  # days are those of the case
    with pytest.raises(RequestError, match="needs a step"):
        moments(case, outcomes, AS_OF, None, AS_OF + DAY)


def test_steps_begin_at_the_case_s_own_cut(world: tuple[Case, Outcomes]) -> None:
    case, outcomes = world
    found = moments(case, outcomes, step=DAY)
    assert found[0] == AS_OF
    closes = max(entry.closes for entry in outcomes.resolutions.values())
    assert found[-1] < closes <= found[-1] + DAY  # the record goes on as long as the questions
    assert {later - earlier for earlier, later in itertools.pairwise(found)} == {DAY}


def test_steps_end_when_all_that_bears_is_known(world: tuple[Case, Outcomes]) -> None:
    case, outcomes = world
    few = replace(outcomes, observations=outcomes.observations[:4])
    found = moments(case, few, step=DAY)
    assert found[-2] < few.observations[-1].known_at <= found[-1]
    nothing = moments(case, replace(outcomes, observations=()), step=DAY)
    assert nothing[-1] == AS_OF


@pytest.mark.parametrize(
    ("first", "step", "last", "says"),
    [
        (None, dt.timedelta(0), None, "does not go forward"),
        (AS_OF, DAY, AS_OF - DAY, "lies before the first"),
        (AS_OF, dt.timedelta(hours=1), AS_OF + 10 * DAY, f"{MOST_CUTS} at most"),
    ],
)
def test_what_makes_no_sense_is_refused(
    world: tuple[Case, Outcomes], first: dt.datetime | None, step: dt.timedelta, last: dt.datetime | None, says: str
) -> None:
    with pytest.raises(RequestError, match=says):
        moments(*world, first, step, last)


def test_movers_are_what_became_known_in_between_what_bears_first(world: tuple[Case, Outcomes]) -> None:
    case, outcomes = world
    row = outcomes.observations[0]
    told = replace(row, measure="event", value=None, note="a storm", by="the office", known_at=AS_OF + DAY / 4)
    beside = replace(row, measure="ships_seen", value=3.0, known_at=AS_OF + DAY / 4)
    after = replace(outcomes, observations=(told, beside, *outcomes.observations))
    found = movers(case, after, AS_OF, AS_OF + DAY)
    assert [mover.measure for mover in found] == ["people_counted", "terms_asked", "truce_kept", "event"]
    assert [mover.bears for mover in found] == [True, True, True, False]
    assert found[-1].says == "a storm (the office)"
    assert found[0].says.endswith(" person (office)")
    assert found[1].says in ("few (office)", "ten (office)", "all (office)")
    assert found[2].says in ("yes (office)", "no (office)")
    assert movers(case, after, None, AS_OF) == ()


def test_the_newest_source_is_what_a_run_calls_in_sample(tmp_path: Path) -> None:
    for name in ("harbour_truce", "november_2023"):
        case = load(name)
        newest = case.newest_source
        assert newest is not None
        for moment in (newest - dt.timedelta(minutes=1), newest + dt.timedelta(minutes=1)):
            if moment <= case.scenario.as_of and name == "harbour_truce":
                assert run(case, worlds=64, as_of=moment).in_sample == (moment < newest)
