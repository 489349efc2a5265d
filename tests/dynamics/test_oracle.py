"""The kernel says what the interpreter says, in a process of its own with 64-bit numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.scenario import load
from tests.dynamics.oracle import pairs, run
from tests.dynamics.programs import FUNCTIONS_COVERED, random_case, written

ROOT = Path(__file__).resolve().parents[2]
# Nearly all the time goes into compiling code that runs once; without optimization it takes a third of it.
SETTINGS = "--xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false"


def oracle(*arguments: str) -> dict[str, Any]:
    environment = os.environ | {
        "JAX_ENABLE_X64": "1", "JAX_ENABLE_COMPILATION_CACHE": "0", "XLA_FLAGS": SETTINGS,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.dynamics.oracle", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def agrees(found: dict[str, Any], programs: int) -> None:
    assert found["faults"] == []
    assert found["programs"] >= programs
    assert found["excused"] <= found["yes_no"] / 1000


def test_kernel_is_the_interpreter_step_by_step() -> None:
    agrees(oracle("--programs", "50", "--together", "50"), 50)


@pytest.mark.long
def test_kernel_is_the_interpreter_on_a_thousand_programs() -> None:
    agrees(oracle("--programs", "1000", "--together", "50"), 1000)


@pytest.mark.parametrize("rule", ["lexicographic", "threshold", "shared_luck"])
def test_kernel_is_the_interpreter_under_every_rule_of_decision(rule: str) -> None:
    agrees(oracle("--programs", "16", "--together", "16", "--rule", rule), 16)


@pytest.mark.long
@pytest.mark.parametrize("rule", ["lexicographic", "threshold", "shared_luck"])
def test_kernel_is_the_interpreter_under_every_rule_on_two_hundred_programs(rule: str) -> None:
    agrees(oracle("--programs", "200", "--together", "50", "--first", "50", "--rule", rule), 200)


@pytest.mark.parametrize("signs", ["+,-", "<,>", "and,or"])
def test_two_operators_exchanged_are_noticed(signs: str) -> None:
    found = oracle("--programs", "4", "--together", "4", "--swap", signs)
    assert found["faults"]


def test_single_precision_is_near_on_smooth_programs() -> None:
    found = oracle("--programs", "20", "--together", "20", "--smooth", "--single", "--close", "1e-4")
    assert found["faults"] == []


def test_random_programs_use_the_whole_language() -> None:
    text = str([random_case(seed, 25) for seed in range(8)])
    missing = [name for name in FUNCTIONS_COVERED if f"{name}(" not in text]
    assert missing == []
    for key in ("'one_of'", "'ladder'", "'lasting'", "'is'", "'follow'", "'measure'", "'when'", "'toward'", "'away'"):
        assert key in text


def test_single_precision_is_near_on_nearly_every_value_of_any_program(tmp_path: Path) -> None:
    """In single precision a yes/no may turn within rounding and take others along; few do."""
    case = load(written(random_case(7, 6), tmp_path))
    found = run(case, np.float32, 7)
    shape = next(iter(found.series.values())).shape
    near = [
        np.isclose(np.asarray(kernel, np.float64), np.broadcast_to(np.asarray(said, np.float64), shape), 1e-3, 1e-3)
        for _, _, kernel, said in pairs(found)
    ]
    assert np.mean(near) > 0.999
