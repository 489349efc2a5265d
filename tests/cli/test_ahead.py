"""What a page needs beside its worlds is begun only for a page, kept where the page looks, and never in the way."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from detente import keeping
from detente.analysis.kept_stability import kept_stability
from detente.cli import ahead
from detente.cli.ahead import begin, made_ahead
from detente.requests import RunRequest
from detente.scenario import Case, fixed_readings, load
from detente.stability import Stability, stability


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


@pytest.mark.parametrize("page", [False, True])
def test_what_a_page_shows_is_kept_by_the_time_it_is_made(
    page: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    with made_ahead(load("november_2023"), RunRequest("november_2023"), page):
        pass
    kinds = {"base_rates", "stability"} if page else set()
    assert {folder.name for folder in (tmp_path / "detente").glob("*")} == kinds


def test_where_nothing_can_be_written_the_conflict_is_analysed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As it was found: eleven seconds on a side thread, thrown away, and analysed again for the page.
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("DETENTE_CACHE", str(blocked / "detente"))
    monkeypatch.setattr(keeping, "_unwritten", {})
    analysed: list[str] = []

    def counted(case: Case, **asked: Any) -> Stability:
        analysed.append(threading.current_thread().name)
        return stability(case, **asked | {"rankings": 1})

    monkeypatch.setitem(kept_stability.__kwdefaults__ or {}, "compute", counted)
    case = load("chicken")
    with made_ahead(case, RunRequest("chicken"), True):
        pass
    assert len(analysed) == 1
    found = kept_stability(case, readings=fixed_readings(case, None, {}))
    assert found.equilibria == stability(case, rankings=1).equilibria
    assert len(analysed) == 1


def test_where_a_run_fails_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def analyse(case: object, arguments: object, stop: object) -> None:
        seen.append(stop.wait(60))  # type: ignore[attr-defined]

    monkeypatch.setattr(ahead, "_analyse", analyse)
    with pytest.raises(KeyError, match="gone"), made_ahead(load("harbour_truce"), RunRequest("harbour_truce"), True):
        raise KeyError("gone")
    assert all(seen)
