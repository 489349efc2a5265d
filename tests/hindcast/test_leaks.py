"""Nothing that came after the cut reaches a method that answers: neither the files nor what they say."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import BaseModel

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.page import brief_page
from detente.brief.report import report
from detente.cli import main
from detente.dynamics import Design, Ensemble, Forced, build_program
from detente.dynamics.forcing import forced_by
from detente.errors import Place
from detente.exploration.comparison import compare
from detente.exploration.explore import explore
from detente.hindcast.analysis import hindcast
from detente.hindcast.information_cut import case_at
from detente.hindcast.outcomes import Outcomes, outcomes_of
from detente.run import run
from detente.scenario import Case, Observation, examine, load
from detente.stability import stability
from tests.scenario.broken import GOOD

LATER = ("record_after.csv", "resolutions.yaml")
WORLDS = 512
_opened: list[str] = []
_listening = False


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    """Note the name of every file that is opened while somebody listens; a hook of the interpreter stays for good."""
    if _listening and event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        _opened.append(os.fsdecode(arguments[0]))


sys.addaudithook(_note)


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Yield the names of the files that are opened from here on."""
    global _listening
    _opened.clear()
    _listening = True
    yield _opened
    _listening = False


def later_files(opened: list[str]) -> list[str]:
    """Return those of the files opened that say what came after."""
    return [name for name in opened if Path(name).name in LATER]


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    """Return a copy of a small case that says what came after."""
    shutil.copytree(GOOD / "tides", tmp_path / "tides")
    return tmp_path / "tides"


# The files


def test_who_answers_never_opens_what_came_after(ferry: Path, opened: list[str]) -> None:
    case, findings = examine(ferry)
    assert case is not None
    assert [str(finding) for finding in findings if finding.severity == "error"] == []
    found = run(ferry, worlds=WORLDS, seed=3)
    explored = explore(ferry, worlds=2 * WORLDS, seed=3)
    compare(ferry, ["kept_running", "stopped"], worlds=WORLDS, seed=3)
    brief = brief_of(study_of_run(found, exploration=explored))
    report(brief)
    brief_page(brief)
    assert any(name.endswith("record.csv") for name in opened), "the hook hears nothing"
    assert later_files(opened) == []


@pytest.mark.parametrize(
    "command",
    [
        ["run", "tides", "--worlds", "512", "--as-of", "2031-05-03T06:00+02:00", "--json", "brief.json"],
        ["why", "tides", "stops", "--worlds", "512"],
        ["cases"],
        ["fit", "tides", "--until", "2031-05-03T06:00+02:00", "--particles", "64", "--json", "fit.json"],
    ],
    ids=lambda command: command[0],
)
def test_no_command_that_answers_opens_it(
    command: list[str], ferry: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ferry.parent)
    assert main(command) == 0
    assert any(name.endswith("scenario.yaml") for name in opened), "the hook hears nothing"
    assert later_files(opened) == []


def test_a_conflict_is_judged_without_what_came_after(opened: list[str]) -> None:
    stability("november_2023")
    assert any(name.endswith("record.csv") for name in opened), "the hook hears nothing"
    assert later_files(opened) == []


def test_whoever_scores_does_open_it(ferry: Path, opened: list[str]) -> None:
    outcomes_of(load(ferry))
    assert {Path(name).name for name in later_files(opened)} == set(LATER)


def test_another_outcome_changes_neither_the_hash_nor_a_bit_of_an_answer(ferry: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "tides"
    shutil.copytree(ferry, other)
    for name, changes in {
        "record_after.csv": [
            ("ran,1,", "ran,0,"),
            ("crossed_by_day,31", "crossed_by_day,3"),
            ("2031-05-08", "2031-05-20"),
        ],
        "resolutions.yaml": [("outcome: false", "outcome: true"), ("217", "3"), ("outcome: high", "outcome: low")],
    }.items():
        text = (other / name).read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (other / name).write_text(text, encoding="utf-8")
    assert outcomes_of(load(other)) != outcomes_of(load(ferry))
    assert load(other).hash == load(ferry).hash
    first, second = (report(brief_of(study_of_run(run(folder, worlds=WORLDS, seed=5)))) for folder in (ferry, other))
    assert first["questions"] == second["questions"]
    assert first["questions"]
    for name in LATER:
        (other / name).unlink()
    assert load(other).hash == load(ferry).hash, "the case is the same where nobody wrote down what came after"
    text = (other / "scenario.yaml").read_text(encoding="utf-8")
    named = "hindcast:\n  record: record_after.csv\n  resolutions: resolutions.yaml\n"
    (other / "scenario.yaml").write_text(text.replace(named, ""), encoding="utf-8")
    assert load(other).scenario.hindcast is None
    assert load(other).hash == load(ferry).hash


def test_the_tables_of_reference_classes_are_in_the_hash(ferry: Path) -> None:
    before = load(ferry).hash
    table = ferry / "base_rates" / "ferries.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",21,", ",22,"), encoding="utf-8")
    assert load(ferry).hash != before


# What a case holds


def pieces(value: Any, seen: set[int]) -> Iterator[Any]:
    """Yield everything that can be reached from a value: texts, moments, numbers."""
    if isinstance(value, str | int | float | dt.date) or value is None:
        yield value
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, dict) or hasattr(value, "items"):
        for key, below in value.items():
            yield from pieces(key, seen)
            yield from pieces(below, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for below in value:
            yield from pieces(below, seen)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from pieces(getattr(value, field.name), seen)
    elif isinstance(value, BaseModel):
        yield from pieces(vars(value), seen)
    elif isinstance(value, Path):
        yield str(value)


def told_only_later(case: Case, outcomes: Outcomes) -> set[str]:
    """Return the texts that only what came after holds, long enough to be told from any other text."""
    resolved = outcomes.resolutions.values()
    texts = {text for one in resolved for text in (one.how, one.note, one.asks)}
    texts |= {text for one in outcomes.not_answerable.values() for text in (one.asks, one.why)}
    texts |= {row.note for row in outcomes.observations}
    # A question may be worded in the list as in the case.
    asked = {question.asks for question in case.scenario.questions.values()}
    return {text for text in texts if len(text) > 12} - asked


@pytest.mark.parametrize("name", ["november_2023", "tides"])
def test_a_case_holds_nothing_of_what_came_after(name: str) -> None:
    case = load(GOOD / name if name == "tides" else name)
    outcomes = outcomes_of(case)
    later = told_only_later(case, outcomes)
    assert len(later) > len(outcomes.resolutions)
    held = list(pieces(case, set()))
    texts = [piece for piece in held if isinstance(piece, str)]
    assert len(texts) > 300, "the walk goes nowhere"
    joined = "\n".join(texts)
    assert [text for text in later if text in joined] == []
    assert max(row.known_at for row in case.observations) <= case.scenario.as_of
    assert max(piece for piece in held if isinstance(piece, dt.datetime)) <= case.scenario.as_of
    planted = replace(case, scenario=case.scenario.model_copy(update={"note": sorted(later)[0]}))
    assert sorted(later)[0] in [piece for piece in pieces(planted, set()) if isinstance(piece, str)]


def test_november_knows_no_count_of_after_its_cut() -> None:
    case = load("november_2023")
    held = list(pieces(case, set()))
    texts = "\n".join(piece for piece in held if isinstance(piece, str))
    for figure in ("21822", "21,822", "20057", "26900", "15207", "105 since"):
        assert figure not in texts
    numbers = {float(piece) for piece in held if isinstance(piece, int | float)}
    assert not numbers & {21822.0, 20057.0, 26900.0, 15207.0}


# Cuts

STARTS = dt.date(2031, 5, 1)
ZONE = dt.timezone(dt.timedelta(hours=2))
ROWS = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.integers(4, 60),
        st.sampled_from([("ran", 0.0), ("ran", 1.0), ("fare_asked", "low"), ("fare_asked", "high")])
        | st.tuples(st.just("crossed_by_day"), st.floats(0, 90, width=32)),
    ),
    max_size=8,
)
CUTS = st.integers(0, 13 * 24)


def observed(day: int, hours: int, what: tuple[str, float | str]) -> Observation:
    """Return a row about a day that became known so many hours after its midnight."""
    about = STARTS + dt.timedelta(days=day)
    known_at = dt.datetime.combine(about, dt.time(0), ZONE) + dt.timedelta(hours=hours)
    return Observation(
        about, known_at, what[0], what[1], None, None, "", "", "", "", "high", "", Place(Path("rows.csv"))
    )


class Answering:
    """The small case, its kernel compiled once from the plain case, and forecasts at cuts of it."""

    def __init__(self) -> None:
        self.case = load(GOOD / "tides")
        self.program = build_program(self.case)
        self.ensemble = Ensemble(self.case, self.program, seed=7, replicates=4, threads=1, block_worlds=128)
        drawn = self.ensemble.drawn(Design("cut", {}, 32, Forced.nothing(self.program)), 0, 32)
        self.numbers, self.parameters = drawn.numbers, drawn.matrix(self.program.parameters, np.float32)

    def at(self, rows: list[Observation], moment: dt.datetime) -> tuple[Case, Forced, list[NDArray[np.float32]]]:
        """Return the case as it stood, what is forced, and answers with their weights."""
        cut = case_at(self.case, Outcomes(tuple(rows), {}, {}), moment)
        forced = forced_by(cut, self.program)
        return cut, forced, list(self.ensemble.answers(self.parameters, self.numbers, forced, 4))


@pytest.fixture(scope="module")
def answering() -> Answering:
    return Answering()


def same(first: Forced, second: Forced) -> bool:
    """Say whether two tables force the same."""
    names = ("chosen", "imposed", "followed", "observed")
    return all(np.array_equal(getattr(first, name), getattr(second, name), equal_nan=True) for name in names)


@settings(max_examples=60)
@given(rows=ROWS, others=ROWS, hours=CUTS)
def test_what_comes_after_a_cut_changes_no_forecast_at_it(
    answering: Answering, rows: Any, others: Any, hours: int
) -> None:
    moment = dt.datetime.combine(STARTS, dt.time(0), ZONE) + dt.timedelta(hours=hours)
    written = [observed(*row) for row in rows]
    known = [row for row in written if row.known_at <= moment]
    otherwise = known + [row for row in (observed(*row) for row in others) if row.known_at > moment]
    cut, forced, found = answering.at(written, moment)
    assert all(row.known_at <= moment for row in cut.observations)
    assert cut.scenario.as_of == moment
    assert cut.hash != answering.case.hash
    _, forced_otherwise, found_otherwise = answering.at(otherwise, moment)
    assert same(forced, forced_otherwise)
    for one, other in zip(found, found_otherwise, strict=True):
        np.testing.assert_array_equal(one, other)
    # Of a day that has not come nothing is set, and of one that is not over only a choice already taken.
    today = (moment.date() - STARTS).days
    assert np.isnan(forced.followed[max(today, 0) :]).all()
    assert np.isnan(forced.observed[max(today, 0) :]).all()


def test_what_was_known_at_a_cut_does_change_forecasts(answering: Answering) -> None:
    moment = dt.datetime.fromisoformat("2031-05-08T06:00+02:00")
    stopped = [observed(6, 20, ("ran", 0.0))]
    _, forced, found = answering.at(stopped, moment)
    _, unforced, ran = answering.at([], moment)
    assert not same(forced, unforced)
    assert not np.array_equal(found[0], ran[0], equal_nan=True)


@pytest.mark.parametrize("reasons", [False, True])
def test_a_forecast_that_is_scored_does_not_know_its_outcome(reasons: bool, ferry: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "tides"
    shutil.copytree(ferry, other)
    text = (other / "resolutions.yaml").read_text(encoding="utf-8")
    for old, new in (("outcome: false", "outcome: true"), ("217", "3"), ('outcome: "2031-05-08"', "outcome: never")):
        text = text.replace(old, new)
    (other / "resolutions.yaml").write_text(text, encoding="utf-8")
    rows = (other / "record_after.csv").read_text(encoding="utf-8")
    (other / "record_after.csv").write_text(rows.replace("ran,0,", "ran,1,").replace(",31,", ",13,"), encoding="utf-8")
    (first,), (second,) = (hindcast(one, worlds=WORLDS, seed=3, reasons=reasons).cuts for one in (ferry, other))
    assert first.standings.keys() == second.standings.keys()
    scores = []
    for name, standing in first.standings.items():
        twin = second.standings[name]
        pairs = [(standing.model, twin.model)]
        pairs += [(standing.baselines[key], twin.baselines[key]) for key in standing.baselines]
        for one, same_one in pairs:
            assert replace(one, scores={}) == replace(same_one, scores={}), name
        scores.append(standing.model.scores != twin.model.scores)
    assert any(scores), "the outcomes differ, and no score does"


def test_the_kernel_is_built_without_what_came_after(opened: list[str]) -> None:
    Answering()
    assert later_files(opened) == []
