"""Reasons that only hindsight may have given are found by their sources; what each moved, by silencing it."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detente.dynamics import Simulation, position_of
from detente.dynamics.forcing import forced_by
from detente.dynamics.kernel import Forced
from detente.errors import Place
from detente.hindcast.reasons import possible_hindsight, reasons, without
from detente.hindcast.resolution import Outcome, Resolution
from detente.hindcast.result import Reason
from detente.requests import Work
from detente.scenario import Case, load

CASE = """\
case: quay
title: A quay that is kept open or not
authors: [a test]
viewpoint: None.
as_of: "2031-05-04T06:00+02:00"
starts: "2031-05-01"
days: 12
record: record.csv
sources:
  gazette: {title: The gazette, publisher: Harbour press, published: "2031-05-01T05:00+02:00"}
  today: {title: Of the very day, publisher: Harbour press, published: "2031-05-04"}
  counts: {title: Counts, publisher: Harbour office, kind: dataset, covers_to: "2031-04-30", compiled_later: true}
  undated: {title: A leaf without a date, publisher: nobody}
  talk: {title: What everybody knows, publisher: the authors, published: "2031-04-01", kind: general knowledge}
claims:
  printed: {says: It pays to keep the quay open., by: varland, cites: gazette}
  counted: {says: The quay was open on most days., by: varland, cites: counts}
  loose: {says: Closing it is costly., by: varland, cites: undated}
  known: {says: Everybody knows it., by: varland, source_kind: "general knowledge, unverified", cites: gazette}
  said: {says: So one hears., by: varland, cites: talk}
  bare: {says: No place is given., by: varland}
  argued:
    kind: responsibility
    about: Whose quay is it?
    readings:
      ours: {says: It is ours., by: varland, cites: today}
      theirs: {says: It is theirs., by: league, cites: undated}
actors:
  varland: {name: Varland, is: government}
  league: {name: The League, is: armed group}
uncertainties:
  habit_odds: {range: 2..6, claims: [counted]}
options:
  varland:
    open: {says: Keep the quay open.}
    patrol: {says: Patrol the bay.}
    lights: {says: Light the quay., is: varland.open}
  league:
    asks: {says: What it asks., one_of: [few, many], start: few}
decisions:
  varland.open:
    when: true
    usual: {chance: 0.2..0.5, claims: [printed]}
    leans:
      - {toward: 1, odds: habit_odds, claims: [printed], label: trade}
      - {toward: varland.patrol, odds: habit_odds, claims: [loose, known], label: calm}
      - {away: "previous(league.asks, few) == many", odds: 4, claims: [counted, bare], label: demands}
  varland.patrol:
    when: true
    usual: {chance: 0.4..0.6}
    leans:
      - {toward: 1, odds: 1..1.5, claims: [], label: custom}
      - {away: 1, odds: 3, claims: [argued], label: cost}
  league.asks:
    leans:
      - {toward: varland.open, to: many, odds: 2..4, claims: [said], label: chance}
    usual: {many: 0.2..0.4}
known:
  quay_open: {choice: varland.open}
questions:
  open_on_8_may: {asks: Is it open on 8 May?, answer: varland.open on 2031-05-08}
  days_open: {asks: On how many days is it open?, answer: days(varland.open) from 2031-05-05}
  closes: {asks: When is it next closed?, answer: first_day(not varland.open) from 2031-05-05}
  asked: {asks: What does the League ask on 8 May?, answer: league.asks on 2031-05-08}
  patrolled: {asks: Is the bay patrolled on 9 May?, answer: varland.patrol on 2031-05-09}
  spread: {asks: How far beyond three?, answer: "sqrt((days(varland.open) - 3 [day]) / 1 [day])"}
"""
RECORD = """\
about,known_at,measure,value,low,high,unit,counts,by,source,certainty,note
2031-05-01,2031-05-01T20:00+02:00,quay_open,1,,,,,office,office,high,
2031-05-02,2031-05-02T20:00+02:00,quay_open,0,,,,,office,office,high,
2031-05-03,2031-05-03T20:00+02:00,quay_open,1,,,,,office,office,high,
"""
CAME: dict[str, Outcome] = {
    "open_on_8_may": True, "days_open": 2.0, "closes": dt.date(2031, 5, 6), "asked": "many", "patrolled": False,
}  # fmt: skip
DRAWS, REPLICATES = 256, 16


@pytest.fixture(scope="module")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder: Path = tmp_path_factory.mktemp("cases") / "quay"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(CASE, encoding="utf-8")
    (folder / "record.csv").write_text(RECORD, encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def simulation(quay: Case) -> Simulation:
    return Simulation(quay, seed=7, replicates=REPLICATES, threads=1, block_worlds=1_024)


@pytest.fixture(scope="module")
def resolutions() -> dict[str, Resolution]:
    return {name: resolution(name, outcome) for name, outcome in CAME.items()}


@pytest.fixture(scope="module")
def found(
    simulation: Simulation, quay: Case, resolutions: dict[str, Resolution]
) -> dict[str, dict[tuple[str, str], Reason]]:
    listed = reasons(simulation, quay, resolutions, list(CAME), size=(DRAWS, REPLICATES))
    return {name: {(one.decision, one.label): one for one in moved} for name, moved in listed.items()}


def resolution(question: str, outcome: Outcome) -> Resolution:
    closes = dt.datetime.fromisoformat("2031-05-12T20:00+02:00")
    place = Place(Path("resolutions.yaml"), 1)
    return Resolution(
        question, "?", closes, outcome, closes.date(), "told", ("office",), question, "after the event", False, "high",
        "", "", place,
    )  # fmt: skip


def labels(found: tuple[Reason, ...]) -> set[str]:
    return {reason.label for reason in found}


def weighted_mean(
    case: Case, question: str, forced: Forced | None = None, within: bool = False, alternative: int | None = None
) -> float:
    """Return the mean of an answer over the worlds of a case of its own, run and weighted here."""
    simulation = Simulation(case, seed=7, replicates=REPLICATES, threads=1, block_worlds=1_024)
    program, ensemble = simulation.watch.program, simulation.ensemble
    drawn = ensemble.drawing.take(np.arange(DRAWS, dtype=np.uint32))
    matrix = drawn.matrix(program.parameters, np.float32)
    answers, log_weight = ensemble.answers(matrix, drawn.numbers, forced or simulation.forced, REPLICATES)
    values = answers[position_of(program, question)].astype(np.float64)
    if alternative is not None:
        values = (values == alternative).astype(np.float64)
    weights = np.exp(log_weight.astype(np.float64))
    if within:
        weights = (weights.reshape(DRAWS, -1) / weights.reshape(DRAWS, -1).sum(axis=1, keepdims=True)).ravel()
    return float(np.average(np.where(np.isinf(values), program.days, values), weights=weights))


def test_reasons_without_a_dated_source_are_listed(quay: Case) -> None:
    found = possible_hindsight(quay)
    assert [(one.decision, one.label) for one in found] == [
        ("varland.open", "calm"), ("varland.patrol", "custom"), ("league.asks", "chance"),
    ]  # fmt: skip
    assert all(one.possible_hindsight and one.toward_outcome == 0 for one in found)
    assert found[0].claims == ("loose", "known")


def test_a_source_counts_from_the_moment_it_was_public(quay: Case) -> None:
    def at(moment: str) -> set[str]:
        as_of = dt.datetime.fromisoformat(moment)
        return labels(possible_hindsight(replace(quay, scenario=quay.scenario.model_copy(update={"as_of": as_of}))))

    assert at("2031-05-04T06:00+02:00") == {"calm", "custom", "chance"}
    assert at("2031-05-03T23:00+02:00") == {"calm", "custom", "chance", "cost"}
    assert at("2031-04-30T06:00+02:00") == {"calm", "custom", "chance", "cost", "trade"}
    assert at("2031-04-29T06:00+02:00") == {"calm", "custom", "chance", "cost", "trade", "demands"}


def test_a_silenced_reason_pulls_nowhere_and_leaves_the_rest(quay: Case) -> None:
    silent = without(quay, [one for one in possible_hindsight(quay) if one.label == "calm"])
    before, after = (case.elements.decisions["varland.open"].leans for case in (quay, silent))
    assert [lean.label for lean in after] == [lean.label for lean in before]
    assert after[0] == before[0]  # it shares the name of its odds with the silenced one
    assert silent.elements.parameters[after[1].odds].arms[0].range.low == 1
    assert not silent.elements.parameters[after[1].odds].varies
    assert after[1].strength == before[1].strength
    assert quay.elements.parameters["habit_odds"].varies


def test_a_case_with_silenced_reasons_has_a_hash_of_its_own(quay: Case) -> None:
    one, two, three = (Reason("varland.open", label, (), True, 0.0) for label in ("calm", "trade", "demands"))
    hashes = {without(quay, chosen).hash for chosen in ([], [one], [two], [one, two], [three])}
    assert len(hashes) == 5
    assert without(quay, []) is quay
    assert without(quay, [one, two]).hash == without(quay, [two, one, one]).hash
    assert without(quay, [one]).hash.startswith(quay.hash)  # what was fitted for the case serves it too


@pytest.mark.parametrize("label", ["calm", "trade", "demands"])
def test_what_a_reason_moved_is_what_running_the_case_without_it_shows(
    quay: Case, found: dict[str, dict[tuple[str, str], Reason]], label: str
) -> None:
    silent = without(quay, [Reason("varland.open", label, (), False, 0.0)])
    for question, came, little in (("open_on_8_may", 1.0, 0.02), ("days_open", 2.0, 0.2), ("closes", 5.0, 0.2)):
        with_it, without_it = (abs(weighted_mean(case, question) - came) for case in (quay, silent))
        moved = found[question].get(("varland.open", label))
        if moved is not None:
            assert moved.toward_outcome == pytest.approx(without_it - with_it, abs=1e-4)
        else:
            assert abs(without_it - with_it) < little
    assert ("varland.open", "trade") in found["open_on_8_may"]


def test_for_a_choice_it_is_the_share_of_what_came(quay: Case, found: dict[str, dict[tuple[str, str], Reason]]) -> None:
    silent = without(quay, [Reason("league.asks", "chance", (), False, 0.0)])
    with_it, without_it = (weighted_mean(case, "asked", alternative=1) for case in (quay, silent))
    assert found["asked"]["league.asks", "chance"].toward_outcome == pytest.approx(with_it - without_it, abs=1e-4)


def test_only_reasons_upstream_that_move_an_answer_are_listed_by_size(
    simulation: Simulation, quay: Case, resolutions: dict[str, Resolution]
) -> None:
    listed = reasons(simulation, quay, resolutions, ["patrolled", "days_open"], size=(DRAWS, REPLICATES))
    assert labels(listed["patrolled"]) <= {"custom", "cost"}
    (cost,) = [one for one in listed["patrolled"] if one.label == "cost"]
    assert cost.toward_outcome > 0.1  # it pulls from what did not come
    assert not cost.possible_hindsight
    assert cost.claims == ("argued",)
    sizes = [abs(one.toward_outcome) for one in listed["days_open"]]
    assert sizes == sorted(sizes, reverse=True)
    by_label = {one.label: one for one in listed["days_open"]}
    assert by_label["trade"].toward_outcome < 0  # two days came, and trade makes it more
    assert by_label["calm"].possible_hindsight


def test_the_record_at_the_cut_weights_the_worlds(
    simulation: Simulation, quay: Case, resolutions: dict[str, Resolution]
) -> None:
    known_later = replace(quay, observations=())
    silent = without(known_later, [Reason("varland.open", "trade", (), False, 0.0)])
    listed = reasons(simulation, known_later, resolutions, ["open_on_8_may"], size=(DRAWS, REPLICATES))
    (trade,) = [one for one in listed["open_on_8_may"] if one.label == "trade"]
    nothing = forced_by(known_later, simulation.watch.program)
    expected = weighted_mean(known_later, "open_on_8_may", nothing) - weighted_mean(silent, "open_on_8_may", nothing)
    assert trade.toward_outcome == pytest.approx(expected, abs=1e-4)


def test_with_a_posterior_worlds_are_weighted_within_their_draw(
    simulation: Simulation, quay: Case, resolutions: dict[str, Resolution]
) -> None:
    silent = without(quay, [Reason("varland.open", "trade", (), False, 0.0)])
    listed = reasons(simulation, quay, resolutions, ["open_on_8_may"], size=(DRAWS, REPLICATES), within_draws=True)
    (trade,) = [one for one in listed["open_on_8_may"] if one.label == "trade"]
    with_it, without_it = (weighted_mean(case, "open_on_8_may", within=True) for case in (quay, silent))
    assert trade.toward_outcome == pytest.approx(with_it - without_it, abs=1e-4)


def test_it_counts_its_worlds_and_stops_when_told(
    simulation: Simulation, quay: Case, resolutions: dict[str, Resolution]
) -> None:
    done: list[int] = []
    reasons(simulation, quay, resolutions, ["patrolled"], size=(32, REPLICATES), work=Work(progress=done.append))
    assert sum(done) == 3 * 32 * REPLICATES  # the worlds with every reason, and without either of two
    stop = threading.Event()
    stop.set()
    assert reasons(simulation, quay, resolutions, ["patrolled"], size=(32, REPLICATES), work=Work(stop=stop)) == {
        "patrolled": ()
    }


def test_a_question_nobody_resolved_is_left_out(simulation: Simulation, quay: Case) -> None:
    assert reasons(simulation, quay, {}, ["patrolled"], size=(32, REPLICATES)) == {}


def test_worlds_without_an_answer_are_left_out(simulation: Simulation, quay: Case) -> None:
    known = {"spread": resolution("spread", 0.0)}
    listed = reasons(simulation, quay, known, ["spread"], size=(DRAWS, REPLICATES))
    (trade,) = [one for one in listed["spread"] if one.label == "trade"]
    assert -2 < trade.toward_outcome < -0.1
