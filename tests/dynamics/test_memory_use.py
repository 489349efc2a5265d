"""Memory does not grow with worlds: the peak of a process that runs many times as many is the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the peak of a process is asked of a module that Windows does not have")
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import resource, sys
from detente.dynamics.ensemble import Design, Ensemble
from detente.dynamics.forcing import forced_by
from detente.dynamics.program import build_program
from detente.scenario import load
case = load("harbour_truce")
program = build_program(case)
made = Ensemble(case, program, seed=1, series=["captives_home", "truce"], banded=1, threads=2)
part = made.run(Design("all", {}, int(sys.argv[1]) // 16, forced_by(case, program)))
assert not part.partial
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(worlds: int) -> int:
    """Return the smallest peak of two runs: what the allocator leaves lying about differs from run to run."""
    return min(measured(worlds) for _ in range(2))


def measured(worlds: int) -> int:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", PROGRAM, str(worlds)]
    return int(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


def test_ten_times_the_worlds_take_the_same_memory() -> None:
    assert peak(1_000_000) <= 1.1 * peak(100_000)


@pytest.mark.long
def test_fifty_times_the_worlds_take_the_same_memory() -> None:
    assert peak(5_000_000) <= 1.1 * peak(100_000)
