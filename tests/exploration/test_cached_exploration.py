"""An exploration is computed once and read back to the last bit; what is spoilt or of another case is computed anew."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from detente.exploration import cached_exploration as module
from detente.exploration.cached_exploration import cached_exploration
from detente.exploration.explore import explore
from detente.exploration.result import Exploration
from detente.requests import ExploreRequest
from detente.runtime import compiling
from detente.scenario import load


@pytest.fixture(scope="module")
def found() -> Exploration:
    return dataclasses.replace(explore("harbour_truce", worlds=5_000), request=ExploreRequest("harbour_truce"))


def test_what_is_kept_is_read_back_to_the_last_bit(
    found: Exploration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    first, again = (cached_exploration(load("harbour_truce"), compute=lambda *_, **__: found) for _ in range(2))
    assert first is not again
    assert dataclasses.replace(again, request=found.request) == found
    assert again.targets["how_long"].factors[0].index == found.targets["how_long"].factors[0].index


def test_an_exploration_is_kept_and_mended(found: Exploration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    calls: list[dict[str, Any]] = []

    def counted(case: object, **asked: Any) -> Exploration:
        calls.append(asked)
        return found

    case = load("harbour_truce")
    assert cached_exploration(case, compute=counted) == found
    assert cached_exploration(case, compute=counted) == found
    assert len(calls) == 1
    cached_exploration(case, seed=2, compute=counted)
    cached_exploration(case, worlds=9, compute=counted)
    assert len(calls) == 3
    cached_exploration(case, weighted=False, compute=counted)
    here = compiling()
    monkeypatch.setattr(module, "compiling", lambda: dataclasses.replace(here, compiler="another"))
    cached_exploration(case, compute=counted)
    assert len(calls) == 5
    monkeypatch.setattr(module, "compiling", lambda: here)
    for file in (tmp_path / "detente" / "explorations").glob("*.json"):
        file.write_text('{"rows": 1}', encoding="utf-8")
    assert cached_exploration(case, compute=counted) == found
    assert len(calls) == 6


def test_a_cache_that_cannot_be_written_is_only_slower(
    found: Exploration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("DETENTE_CACHE", str(blocked / "detente"))
    assert cached_exploration(load("harbour_truce"), compute=lambda *_, **__: found) == found
