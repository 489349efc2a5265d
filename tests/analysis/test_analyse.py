"""One way from a request to a study: for every method, with what it says kept in a file, and stopped in one way."""

from __future__ import annotations

import ast
import datetime as dt
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import detente
from detente.analysis import Study, analyse
from detente.analysis.study_file import STUDIES, load_study, save_study, study_class
from detente.errors import RequestError
from detente.requests import (
    CompareRequest,
    ExploreRequest,
    FitRequest,
    HindcastRequest,
    Request,
    RunRequest,
    StabilityRequest,
    ValidateRequest,
)
from tests.brief.conflicted import conflicted

UNTIL = dt.datetime.fromisoformat("2031-05-04T06:00+02:00")
LEVER = next(iter(detente.load("harbour_truce").scenario.levers))
PACKAGE = Path(detente.__file__).parent


def requests_of(tmp_path: Path) -> dict[str, Request]:
    truce = "harbour_truce"
    return {
        "run": RunRequest(truce, worlds=1_024),
        "explore": ExploreRequest(truce, worlds=10_000, question="how_long"),
        "compare": CompareRequest(truce, levers=(LEVER,), worlds=4_000),
        "stability": StabilityRequest(str(conflicted(tmp_path).folder), rankings=200),
        "hindcast": HindcastRequest(truce, worlds=800, step=dt.timedelta(days=1), reasons=False),
        "fit": FitRequest(truce, until=UNTIL, particles=64, replicates=4),
        "validate": ValidateRequest(truce, worlds=64, quick=True),
    }


COMMANDS = [*STUDIES, "validate"]


@pytest.mark.parametrize("command", list(STUDIES))
def test_a_study_of_every_method_is_read_back_as_it_was(command: str, tmp_path: Path) -> None:
    request = requests_of(tmp_path)[command]
    study = analyse(request)
    assert type(study) is study_class(command)
    assert study.request == request
    assert not study.partial
    save_study(study, tmp_path / "one.study")
    again = load_study(tmp_path / "one.study")
    assert type(again) is type(study)
    assert again.request == request
    assert again.case.hash == study.case.hash
    assert again.made == study.made
    assert repr(again) == repr(study)
    assert len(repr(study)) < 200


@pytest.mark.parametrize("command", COMMANDS)
def test_whoever_asks_to_stop_gets_what_is_done_marked_as_partial(command: str, tmp_path: Path) -> None:
    stop, begun = threading.Event(), []

    def progress(doing: str, total: int | None) -> Callable[[int], None]:
        begun.append(doing)
        return lambda done: stop.set()

    request = requests_of(tmp_path)[command]
    if isinstance(request, RunRequest):
        request = replace(request, worlds=200_000)
    if isinstance(request, StabilityRequest):
        request = replace(request, rankings=200_000)
    study = analyse(request, progress=progress, stop=stop)
    assert begun
    assert stop.is_set()
    assert study.partial


@pytest.mark.parametrize("method", ["run", "explore", "compare", "hindcast", "fit", "stability", "expectations"])
def test_in_a_notebook_ctrl_c_does_the_same(method: str, tmp_path: Path) -> None:
    case = detente.load(conflicted(tmp_path).folder if method == "stability" else "harbour_truce")
    sent: list[int] = []

    def progress(done: int) -> None:
        if not sent:
            sent.append(done)
            signal.raise_signal(signal.SIGINT)

    asked: dict[str, Callable[[], Any]] = {
        "run": lambda: case.run(worlds=1_000_000, progress=progress),
        "explore": lambda: case.explore(worlds=10_000, progress=progress),
        "compare": lambda: case.compare([LEVER], worlds=20_000, progress=progress),
        "hindcast": lambda: case.hindcast(worlds=100_000, step=dt.timedelta(days=1), progress=progress),
        "fit": lambda: case.fit(UNTIL, particles=64, replicates=4, progress=progress),
        "stability": lambda: case.stability(rankings=100_000, progress=progress),
        "expectations": lambda: case.expectations(worlds=100_000, progress=progress),
    }
    before = signal.getsignal(signal.SIGINT)
    assert asked[method]().provenance.partial
    assert signal.getsignal(signal.SIGINT) is before


def test_what_is_no_request_is_refused() -> None:
    with pytest.raises(RequestError, match="expected what a command asks for, and Request came"):
        analyse(Request("harbour_truce"))


def test_nothing_above_computes() -> None:
    """No command and no page performs a method, or runs a model, by itself: all come through the one way."""
    allowed = {
        ("cli", "check.py"): {"cached_expectations", "Simulation", "coverage"},  # holds a case to its claims
        ("cli", "rules.py"): {"under_rules"},
        ("cli", "auditing.py"): {"structure_audit"},
    }
    computing = {
        "run", "perform_run", "explore", "perform_exploration", "cached_exploration", "compare", "perform_comparison",
        "stability", "perform_stability", "cached_stability", "hindcast", "perform_hindcast", "fit", "perform_fit",
        "validate", "perform_validation", "structure_audit", "under_rules", "cached_expectations", "hold_to_claims",
        "Simulation", "coverage", "importance_of", "swings", "study_of_run", "survival", "standings_of",
    }  # fmt: skip
    found = []
    for room in ("cli", "brief"):
        for file in sorted((PACKAGE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("detente."):
                    taken = {alias.name for alias in node.names} & computing
                    found += sorted((room, file.name, name) for name in taken - allowed.get((room, file.name), set()))
    assert found == []


def test_stages_are_named_with_their_size() -> None:
    stages: list[tuple[str, int | None]] = []

    def progress(doing: str, total: int | None) -> Callable[[int], None]:
        stages.append((doing, total))
        return lambda done: None

    found: Study = analyse(RunRequest("harbour_truce", worlds=1_024, hindcast=True), progress=progress)
    assert stages[0] == ("running", 1_024)
    assert [doing for doing, _ in stages] == ["running", "scoring"]
    assert not found.partial
