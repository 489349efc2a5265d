"""A small crisis whose truth is known: records of it are written from its own worlds."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Design, Ensemble, Forced, build_program
from detente.errors import Place
from detente.scenario import Case, Drawn, Observation, load
from detente.scenario.record import COLUMNS

ERROR = 30.0
"""The standard deviation of the error with which people are counted."""
AS_OF = dt.datetime.fromisoformat("2031-05-13T06:00+02:00")
ZONE = AS_OF.tzinfo
TERMS = ("few", "ten", "all")

SCENARIO = """
case: synthetic_truce
title: A truce kept or broken day by day
authors: [a test]
viewpoint: None.
as_of: "2031-05-13T06:00+02:00"
starts: "2031-05-01"
days: 30
units: [person]
record: record.csv
sources:
  office: {title: What the harbour office wrote down, publisher: Harbour office, published: "2031-05-01T05:00+02:00"}
claims:
  past_truces: {says: Truces here were mostly kept for a day more., by: varland, cites: office}
  pause_draws_home:
    kind: cause
    about: Does a truce bring people home?
    readings:
      returns: {says: They go home while it holds., by: varland, cites: office}
      stays: {says: Hardly anybody does., by: league, cites: office}
accounts:
  as_varland_tells_it: {title: As Varland tells it, by: varland, readings: {pause_draws_home: returns}}
  as_the_league_tells_it: {title: As the League tells it, by: league, readings: {pause_draws_home: stays}}
actors:
  varland: {name: Varland, is: government}
  league: {name: The League, is: armed group}
uncertainties:
  leave_rate: {unit: person/day, range: 20..120}
  spread: {unit: person/day, range: 5..20}
  return_rate:
    unit: 1/day
    by_reading:
      - when: {pause_draws_home: returns}
        range: 0.02..0.06
      - otherwise: 0.0..0.01
options:
  varland:
    keep: {says: Keep the truce for a day.}
  league:
    terms: {says: What it asks., one_of: [few, ten, all], start: few}
decisions:
  varland.keep:
    when: true
    usual: {chance: 0.3..0.9, claims: [past_truces]}
    leans:
      - toward: league.terms == ten
        odds: 1..8
        claims: [past_truces]
  league.terms:
    when: true
    usual:
      ten: {chance: 0.1..0.6}
      all: {chance: 0.05..0.3}
stocks:
  away:
    unit: person
    start: {range: 400..600}
    change: left - came_home
flows:
  left:
    unit: person/day
    equals: normal(leave_rate if not varland.keep else 0 [person/day], spread)
  came_home:
    unit: person/day
    equals: return_rate * away if varland.keep else 0
known:
  truce_kept: {choice: varland.keep}
  terms_asked: {choice: league.terms}
  people_counted: {measure: away, error: {value: 30, claims: [past_truces]}}
measures:
  people_away:
    says: People away from home.
    equals: away
    headline: true
outside_views:
  kept_before: {says: Truces of the past kept on such a day, happened: 13, of: 20, claims: [past_truces]}
questions:
  truce_on_20_may:
    asks: Is the truce kept on 20 May?
    answer: varland.keep on 2031-05-20
    outside_view: kept_before
  away_on_30_may:
    asks: How many people are away from home on 30 May?
    answer: people_away on 2031-05-30
  next_break:
    asks: On which day from 14 May is the truce next broken?
    answer: first_day(not varland.keep) from 2031-05-14
  terms_on_16_may:
    asks: What does the League ask on 16 May?
    answer: league.terms on 2031-05-16
"""


@dataclass(frozen=True)
class Truth:
    """One world of the crisis, and what was written down of it.

    ``parameters`` and ``readings`` are those of the world (a reading by its name); ``observations`` its record of all
    days; ``outcomes`` the true answer to each question, as the kernel gives it.
    """

    parameters: Mapping[str, float]
    readings: Mapping[str, str]
    observations: tuple[Observation, ...]
    outcomes: Mapping[str, float]


def crisis(where: Path) -> Path:
    """Write the crisis, with an empty record, into a folder of its own there, and return it."""
    folder = where / "synthetic_truce"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.yaml").write_text(SCENARIO.lstrip(), encoding="utf-8")
    _write(folder / "record.csv", ())
    return folder


def synthetic_records(case: Case, seed: int, count: int) -> list[Truth]:
    """Return so many worlds of the crisis with what was written down of them: each of another draw.

    A record holds every day's choices, known in the morning, and a count of people with an error, known in the evening.
    """
    program = build_program(case)
    series = ("varland.keep", "league.terms", "away")
    ensemble = Ensemble(case, program, seed=seed, replicates=4, threads=1, block_worlds=256)
    design = Design("truth", {}, count, Forced.nothing(program))
    drawn = ensemble.drawn(design, 0, count)
    courses = ensemble.worlds(design, [(draw, 0) for draw in range(count)], series)
    asked = [summary.name for summary in program.summaries]
    answers, _ = ensemble.answers(
        drawn.matrix(program.parameters, np.float32), drawn.numbers, Forced.nothing(program), 4
    )
    noise = np.random.default_rng([seed, 20310501]).normal(0, ERROR, (count, program.days))
    return [
        Truth(
            {name: float(drawn.values[name][draw]) for name in program.parameters},
            _readings(case, drawn, draw),
            _rows(program.starts, courses[draw], noise[draw]),
            {name: float(answers[asked.index(name), draw * 4]) for name in case.scenario.questions},
        )
        for draw in range(count)
    ]


def known_to(case: Case, truth: Truth, moment: dt.datetime | None = None) -> Case:
    """Return the crisis with the part of a record that was known at a moment, its own cut unless said otherwise."""
    at = moment or case.scenario.as_of
    rows = tuple(row for row in truth.observations if row.known_at <= at)
    scenario = case.scenario.model_copy(update={"as_of": at})
    return replace(case, scenario=scenario, observations=rows)


def write_world(where: Path, seed: int = 5) -> tuple[Case, Truth]:
    """Write the crisis with the record of one of its worlds, what came after and what became of its questions."""
    folder = crisis(where)
    truth = synthetic_records(load(folder), seed, 1)[0]
    _write(folder / "record.csv", [row for row in truth.observations if row.known_at <= AS_OF])
    _write(folder / "record_after.csv", [row for row in truth.observations if row.known_at > AS_OF])
    (folder / "resolutions.yaml").write_text(_resolutions(truth), encoding="utf-8")
    said = SCENARIO.lstrip() + "hindcast: {record: record_after.csv, resolutions: resolutions.yaml}\n"
    (folder / "scenario.yaml").write_text(said, encoding="utf-8")
    return load(folder), truth


def _readings(case: Case, drawn: Drawn, draw: int) -> dict[str, str]:
    return {name: list(claim.readings or {})[int(drawn.readings[name][draw])] for name, claim in case.switches.items()}


def _rows(starts: dt.date, course: NDArray[np.float64], noise: NDArray[np.float64]) -> tuple[Observation, ...]:
    found = []
    for day, (kept, terms, away) in enumerate(course):
        about = starts + dt.timedelta(days=day)
        morning, evening = (dt.datetime.combine(about, dt.time(hour), ZONE) for hour in (5, 22))
        found += [
            _row(about, morning, "terms_asked", TERMS[int(terms)]),
            _row(about, morning, "truce_kept", float(kept)),
            _row(about, evening, "people_counted", round(float(away + noise[day]), 3)),
        ]
    return tuple(found)


def _row(about: dt.date, known_at: dt.datetime, measure: str, value: float | str) -> Observation:
    unit = "person" if measure == "people_counted" else ""
    place = Place(Path("synthetic_truce/record.csv"))
    return Observation(about, known_at, measure, value, None, None, unit, "", "office", "office", "high", "", place)


def _write(file: Path, rows: Sequence[Observation]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(COLUMNS)
        for row in rows:
            told = [getattr(row, column) for column in COLUMNS]
            told[1] = row.known_at.isoformat(timespec="minutes")
            table.writerow(["" if value is None else value for value in told])


def _resolutions(truth: Truth) -> str:
    """Say what became of the questions, as the world has it."""
    came = truth.outcomes
    starts = dt.date(2031, 5, 1)
    broken = came["next_break"]
    date = "never" if np.isinf(broken) else f'"{starts + dt.timedelta(days=int(broken))}"'
    known = "2031-05-30" if np.isinf(broken) else date.strip('"')
    entries = [
        ("truce_on_20_may", "2031-05-20T23:00+02:00", str(came["truce_on_20_may"] > 0).lower(), "2031-05-20"),
        ("away_on_30_may", "2031-05-30T23:00+02:00", f"{came['away_on_30_may']:.1f}", "2031-05-30"),
        ("next_break", "2031-05-30T23:00+02:00", date, known),
        ("terms_on_16_may", "2031-05-16T23:00+02:00", TERMS[int(came["terms_on_16_may"])], "2031-05-16"),
    ]
    lines = ["written: before the event", "resolutions:"]
    for name, closes, outcome, resolved in entries:
        lines += [
            f"  {name}:", f"    asks: What became of {name}?", f'    closes: "{closes}"', f"    outcome: {outcome}",
            f'    resolved: "{resolved}"', "    how: The harbour office wrote it down.",
            "    sources: [the office's book]", "    certainty: high", f"    cluster: {name}",
            "    mentions_outcome: false",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"
