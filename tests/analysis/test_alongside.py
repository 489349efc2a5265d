"""What waits for no world is computed beside the run, once, handed on in memory, and never in the way."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from detente.analysis import alongside, analyse
from detente.analysis.alongside import Alongside
from detente.analysis.cached_stability import cached_stability
from detente.cache import entries
from detente.cli import ahead
from detente.cli.ahead import begin
from detente.requests import RunRequest
from detente.scenario import Case, load
from detente.stability import Stability, stability
from tests.brief.conflicted import conflicted


@pytest.mark.parametrize(
    ("line", "begun"),
    [
        ("run harbour_truce", True),
        ("run harbour_truce --out folder", True),
        ("run harbour_truce --json=data.json", False),
        ("run harbour_truce --json data.json --out=folder", True),
        ("why harbour_truce how_long", False),
        ("", False),
    ],
)
def test_the_script_is_begun_for_a_page_alone(line: str, begun: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[bool] = []
    monkeypatch.setattr(ahead, "begin_script", lambda: calls.append(True))
    begin(line.split())
    assert bool(calls) == begun


def test_where_nothing_can_be_written_the_conflict_is_analysed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As it was found: eleven seconds on a side thread, thrown away, and analysed again for the page.
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("DETENTE_CACHE", str(blocked / "detente"))
    monkeypatch.setattr(entries, "_unwritten", {})
    analysed: list[str] = []

    def counted(case: Case, **asked: Any) -> Stability:
        analysed.append(threading.current_thread().name)
        return stability(case, **asked | {"rankings": 1})

    monkeypatch.setitem(cached_stability.__kwdefaults__ or {}, "compute", counted)
    case = conflicted(tmp_path)
    study = analyse(RunRequest(str(case.folder), worlds=256))
    assert study.conflict is not None
    assert study.conflict.stability.equilibria == stability(case, rankings=1).equilibria
    assert len(analysed) == 1
    assert analysed[0] != threading.current_thread().name, "it is done beside the run"


def test_a_conflict_that_was_not_analysed_to_its_end_is_told_and_not_kept_as_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The worlds were all run: only the rankings were stopped, and a store would have kept them as the whole.
    def stopped(case: Case, **asked: Any) -> Stability:
        found = stability(case, **asked | {"rankings": 1})
        return replace(found, provenance=replace(found.provenance, partial=True))

    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setitem(cached_stability.__kwdefaults__ or {}, "compute", stopped)
    study = analyse(RunRequest(str(conflicted(tmp_path).folder), worlds=256))
    assert not study.provenance.partial
    assert study.unfinished == ("what could hold under other rankings",)
    assert study.partial


def test_where_a_run_fails_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def waiting(case: object, request: object, stop: threading.Event) -> None:
        seen.append(stop.wait(60))

    monkeypatch.setattr(alongside, "_asked_of_case", waiting)
    asked = load("harbour_truce"), RunRequest("harbour_truce"), threading.Event()
    with pytest.raises(KeyError, match="gone"), Alongside(*asked):
        raise KeyError("gone")
    assert all(seen)
