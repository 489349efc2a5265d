"""The forecast that all stays as it stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detente.dynamics import Forced, Simulation, build_program, forced_by
from detente.errors import Place
from detente.hindcast.analysis import hindcast
from detente.hindcast.forecasting import Asked
from detente.hindcast.persistence import as_it_stood, last_day_over, persistence
from detente.hindcast.resolution import Outcome, Resolution
from detente.hindcast.result import Forecast
from detente.scenario import Case, load
from detente.scenario.record import COLUMNS
from tests.hindcast.synthetic import AS_OF, Truth, crisis, write_world

Quiet = Callable[[str], Forecast | None]
STRENGTH = """\
  league_strength:
    unit: person
    start: 1
    change: 0 [person/day]
"""


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Quiet:
    """Return what stands of a question of the crisis on 13 May, by its answer: with a few figures and no books."""
    folder = crisis(tmp_path_factory.mktemp("quiet"))
    file = folder / "scenario.yaml"
    text = file.read_text(encoding="utf-8").replace("stocks:\n", f"stocks:\n{STRENGTH}")
    rows = [f"2031-05-{n:02},2031-05-{n:02}T05:00+02:00,truce_kept,1,,,,,office,,high," for n in range(1, 13)]
    for n, away in ((1, 400), (6, 300)):
        rows.append(f"2031-05-{n:02},2031-05-{n:02}T22:00+02:00,people_counted,{away},,,person,,office,,high,")
    (folder / "record.csv").write_text("\n".join([",".join(COLUMNS), *rows, ""]), encoding="utf-8")

    def stands(answer: str) -> Forecast | None:
        asked = f"\nquestions:\n  added:\n    asks: Well?\n    answer: {answer}\n"
        file.write_text(text.replace("\nquestions:\n", asked, 1), encoding="utf-8")
        case = load(folder).cut(AS_OF)
        kind = case.elements.questions["added"].kind.name
        came: Outcome = {"truth": True, "number": 5.0, "date": None}[kind]
        program = build_program(case)
        late = dt.date(2031, 5, 30)
        resolution = Resolution(
            "added", "?", AS_OF, came, late, "", (), "one", "after the event", False, "high", "", "", Place(file, 1)
        )
        return persistence(Asked(program, case.elements.questions["added"], came), case, resolution, None)

    return stands


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Truth, Simulation]:
    case, truth = write_world(tmp_path_factory.mktemp("crisis"))
    return case, truth, Simulation(case, threads=1)


def test_the_last_day_is_one_that_was_over(world: tuple[Case, Truth, Simulation]) -> None:
    simulation = world[2]
    assert last_day_over(simulation, AS_OF) == 11  # 12 May, on the morning of the 13th
    assert last_day_over(simulation, dt.datetime.fromisoformat("2031-05-01T23:00+02:00")) is None
    assert last_day_over(simulation, dt.datetime.fromisoformat("2031-05-02T00:00+02:00")) == 0
    assert last_day_over(simulation, dt.datetime.fromisoformat("2032-01-01T00:00+02:00")) == 29


def test_what_the_record_fixes_is_the_same_in_every_world_and_nothing_else_is_told(
    world: tuple[Case, Truth, Simulation],
) -> None:
    case, truth, simulation = world
    forced = forced_by(case, simulation.watch.program)
    kept = {row.about: float(row.value or 0) for row in truth.observations if row.measure == "truce_kept"}
    stood = as_it_stood(simulation, forced, 11)
    assert stood["truce_on_20_may"].tolist() == [kept[dt.date(2031, 5, 1 + day)] for day in range(12)]
    assert stood["next_break"].tolist() == [0.0] * 12  # it asks from 14 May on
    assert np.isnan(stood["away_on_30_may"]).all()  # how many are away differs between worlds: the model's own
    assert "terms_on_16_may" not in stood  # a choice has no course


def test_where_nothing_is_known_nothing_stands(world: tuple[Case, Truth, Simulation]) -> None:
    simulation = world[2]
    assert as_it_stood(simulation, Forced.nothing(simulation.watch.program), 11) == {}


def asked_of(case: Case, simulation: Simulation, question: str, came: Outcome) -> tuple[Asked, Resolution]:
    asked = Asked(simulation.watch.program, case.elements.questions[question], came)
    known = dt.date(2031, 5, 30)
    closes = AS_OF + dt.timedelta(days=20)
    return asked, Resolution(
        question, "?", closes, came, known, "told", ("office",), "one", "after the event", False, "high", "", "",
        Place(Path("resolutions.yaml"), 1),
    )  # fmt: skip


def test_each_kind_stays_as_it_was_last_told(world: tuple[Case, Truth, Simulation]) -> None:
    case, truth, simulation = world
    last = {row.measure: row.value for row in truth.observations if row.about <= dt.date(2031, 5, 12)}
    now = replace(case, observations=tuple(row for row in truth.observations if row.known_at <= AS_OF))
    kept = persistence(*_in(asked_of(case, simulation, "truce_on_20_may", False), now), None)
    assert kept is not None
    today = next(row.value for row in now.observations if row.measure == "truce_kept" and row.about == AS_OF.date())
    assert kept.probability == (0.99 if today else 0.01)
    number = persistence(*_in(asked_of(case, simulation, "away_on_30_may", 500.0), now), None)
    assert number is not None
    assert number.scores["crps"] == pytest.approx(abs(500 - float(last["people_counted"] or 0)))
    assert number.assumes == "It stays as the record last has it."
    never = persistence(*_in(asked_of(case, simulation, "next_break", dt.date(2031, 5, 20)), now), None)
    assert never is not None
    assert (never.never, never.assumes) == (1.0, "It had not happened, and does not.")
    assert never.scores["crps"] == pytest.approx(11)
    assert persistence(*_in(asked_of(case, simulation, "terms_on_16_may", "ten"), now), None) is None


def _in(pair: tuple[Asked, Resolution], case: Case) -> tuple[Asked, Case, Resolution]:
    return pair[0], case, pair[1]


def test_where_nothing_is_observed_there_is_none(world: tuple[Case, Truth, Simulation]) -> None:
    case, _, simulation = world
    bare = replace(case, observations=())
    unknown = np.full(12, np.nan)
    for question, came in (("truce_on_20_may", False), ("away_on_30_may", 500.0)):
        for stood in (None, unknown):
            assert persistence(*_in(asked_of(case, simulation, question, came), bare), stood) is None
    asked, resolution = asked_of(case, simulation, "next_break", dt.date(2031, 5, 20))
    known = replace(resolution, resolved=AS_OF.date())  # it may have come this morning: openness says nothing more
    assert persistence(asked, bare, known, None) is None
    assert persistence(asked, bare, known, np.ones(12)) is None


@pytest.mark.parametrize(
    ("answer", "stands"),
    [
        ("ever(not varland.keep) by 2031-05-25", 0.01),
        ("not ever(not varland.keep) from 2031-05-14", 0.99),
        ("always(away < 5000 [person]) by 2031-05-25", 0.99),
        ("varland.keep on 2031-05-20", 0.99),
        ("not varland.keep on 2031-05-20", 0.01),
        ("(away > 100 [person] and varland.keep) on 2031-05-20", 0.99),
        ("away > 2 * away on 2031-05-03", 0.01),
        ("away on 2031-05-20", 300.0),
        ("mean(away) between 2031-05-20 and 2031-05-25", 300.0),
        ("peak(away)", 400.0),
        ("peak(away) from 2031-05-11", 300.0),
        ("days(away > 350 [person])", 5.0),
        ("days(away < 350 [person])", 25.0),
        ("total(away)", 5 * 400.0 + 25 * 300.0),
        ("first_day(away < 100 [person])", "never"),
        ("league_strength on 2031-05-20", None),
        ("away + league_strength on 2031-05-20", None),
        ("(away if varland.keep else 0 [person]) on 2031-05-20", None),
    ],
)
def test_an_expression_is_answered_from_the_record_alone(answer: str, stands: float | str | None, quiet: Quiet) -> None:
    """Kept on every day, 400 away from the first day on and 300 from the sixth; nothing after 12 May is known."""
    forecast = quiet(answer)
    if stands is None:
        assert forecast is None
    else:
        assert forecast is not None
        told = (forecast.probability, (forecast.quantiles or {}).get("50"), "never" if forecast.never else None)
        assert stands in [value if isinstance(value, str | None) else pytest.approx(value) for value in told]


# ---- nothing of the model


def test_no_baseline_moves_with_the_ranges_of_the_model(tmp_path: Path) -> None:
    """Stepping with ranges ten times as high leaves every simple forecast of every question as it was."""
    day = dt.timedelta(days=3)
    found = []
    for name, times in (("one", 1), ("other", 10)):
        case, _ = write_world(tmp_path / name)
        file = case.folder / "scenario.yaml"
        text = file.read_text(encoding="utf-8")
        assert "20..120" in text
        file.write_text(text.replace("20..120", f"{20 * times}..{120 * times}"), encoding="utf-8")
        asked = {"as_of": AS_OF, "step": day, "to": AS_OF + 2 * day, "worlds": 3_200, "reasons": False}
        found.append(hindcast(load(case.folder), **asked))  # type: ignore[arg-type]
    for one, other in zip(found[0].cuts, found[1].cuts, strict=True):
        assert {name: standing.baselines for name, standing in one.standings.items()} == {
            name: standing.baselines for name, standing in other.standings.items()
        }
        assert any(standing.model != other.standings[name].model for name, standing in one.standings.items())
