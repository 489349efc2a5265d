"""Swings are computed once; what is spoilt or of another case is computed anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from detente.dynamics import Simulation
from detente.exploration.keeping import kept_swings
from detente.exploration.swings import Swing
from detente.scenario import load
from detente.scenario.posterior import Posterior


def test_swings_are_kept_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    calls: list[Sequence[str]] = []

    def counted(simulation: Simulation, targets: Sequence[str]) -> dict[str, Swing]:
        calls.append(targets)
        return {"x": Swing("x", {"how_long": 1.5}, {"how_long": (2.0, 0.25)})}

    case = load("harbour_truce")
    first = kept_swings(Simulation(case), ["how_long"], counted)
    assert kept_swings(Simulation(case), ["how_long"], counted) == first
    assert len(calls) == 1
    kept_swings(Simulation(case, seed=2), ["how_long"], counted)
    kept_swings(Simulation(case), ["holds_to_friday"], counted)
    assert len(calls) == 3
    for high in (0.4, 0.6):  # fitted to a record, it is another swing, and another one for each fit
        numbers = {name: np.array([high, 0.5]) for name in case.elements.parameters}
        groups = {entry.group or name: np.array([0.2, 0.8]) for name, entry in case.switches.items()}
        posterior = Posterior(case.name, case.hash, case.scenario.as_of, numbers, groups)
        kept_swings(Simulation(case, posterior=posterior), ["how_long"], counted)
    assert len(calls) == 5
    for file in (tmp_path / "detente" / "swings").glob("*.json"):
        file.write_text("{spoilt", encoding="utf-8")
    assert kept_swings(Simulation(case), ["how_long"], counted) == first
    assert len(calls) == 6


def test_a_cache_that_cannot_be_written_is_only_slower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    found = kept_swings(Simulation(load("harbour_truce")), ["how_long"], lambda *_: {})
    assert found == {}
