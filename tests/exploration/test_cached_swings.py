"""Swings are computed once; what is spoilt or of another case is computed anew."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.dynamics import Simulation
from detente.exploration import cached_swings as module
from detente.exploration.cached_swings import cached_swings
from detente.exploration.one_at_a_time import Swing
from detente.runtime import Runtime, compiling
from detente.scenario import load
from detente.scenario.posterior import Posterior


def test_swings_are_kept_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    calls: list[Sequence[str]] = []

    def counted(simulation: Simulation, targets: Sequence[str]) -> dict[str, Swing]:
        calls.append(targets)
        return {"x": Swing("x", {"how_long": 1.5}, {"how_long": (2.0, 0.25)})}

    case = load("harbour_truce")
    first = cached_swings(Simulation(case), ["how_long"], counted)
    assert cached_swings(Simulation(case), ["how_long"], counted) == first
    assert len(calls) == 1
    cached_swings(Simulation(case, seed=2), ["how_long"], counted)
    cached_swings(Simulation(case), ["holds_to_friday"], counted)
    assert len(calls) == 3
    for high in (0.4, 0.6):  # fitted to a record, it is another swing, and another one for each fit
        numbers = {name: np.array([high, 0.5]) for name in case.elements.parameters}
        groups = {entry.group or name: np.array([0.2, 0.8]) for name, entry in case.switches.items()}
        posterior = Posterior(case.name, case.hash, case.scenario.as_of, numbers, groups)
        cached_swings(Simulation(case, posterior=posterior), ["how_long"], counted)
    assert len(calls) == 5
    for file in (tmp_path / "detente" / "swings").glob("*.json"):
        file.write_text("{spoilt", encoding="utf-8")
    assert cached_swings(Simulation(case), ["how_long"], counted) == first
    assert len(calls) == 6


def other_runtime(field: str) -> Runtime:
    other: dict[str, Any] = {"versions": {"numpy": "1.0"}, "processor": "another", "features": "another",
                             "options": {}, "flags": (), "applied": None, "compiler": "another"}  # fmt: skip
    return dataclasses.replace(compiling(), **{field: other[field]})


@pytest.mark.parametrize("field", ["versions", "processor", "features", "options", "flags", "applied", "compiler"])
def test_swings_of_another_runtime_are_computed_anew(
    field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    simulation = Simulation(load("harbour_truce"))
    cached_swings(simulation, ["how_long"], lambda *_: {})
    other = other_runtime(field)
    monkeypatch.setattr(module, "compiling", lambda: other)
    cached_swings(simulation, ["how_long"], lambda *_: {})
    assert len(list(tmp_path.rglob("*.json"))) == 2


def test_swings_of_another_question_are_computed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    case = load("harbour_truce")
    asked = [
        Simulation(case),
        Simulation(case, weighted=False),
        Simulation(case, replicates=8),
        Simulation(case, dtype=np.float64),
        Simulation(dataclasses.replace(case, hash="another")),
    ]
    for count, simulation in enumerate(asked, start=1):
        cached_swings(simulation, ["how_long"], lambda *_: {})
        assert len(list(tmp_path.rglob("*.json"))) == count


def test_swings_that_cannot_be_written_are_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("DETENTE_CACHE", str(blocked / "detente"))
    calls: list[Sequence[str]] = []

    def counted(simulation: Simulation, targets: Sequence[str]) -> dict[str, Swing]:
        calls.append(targets)
        return {}

    simulation = Simulation(load("harbour_truce"))
    assert [cached_swings(simulation, ["how_long"], counted) for _ in range(2)] == [{}, {}]
    assert len(calls) == 1
