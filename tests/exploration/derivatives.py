"""Derivatives of random smooth programs beside differences of the run's own answers; run in a process of its own.

It prints one JSON object. ``python -m tests.exploration.derivatives --cases 3`` needs ``JAX_ENABLE_X64=1``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.ensemble import Ensemble
from detente.dynamics.gradient import obstacle, slopes
from detente.dynamics.kernel import Forced
from detente.dynamics.program import build_program
from detente.scenario import load
from tests.dynamics.programs import random_case, written

STEP = 1e-6
CLOSE = 1e-6
TOGETHER = 8


def compared(seed: int, folder: Path) -> dict[str, Any]:
    """Return how far exact derivatives are from central differences, for every answer, number and point."""
    case = load(written(random_case(seed, TOGETHER, days=20, smooth=True), folder / str(seed)))
    program = build_program(case)
    names = [summary.name for summary in program.summaries if obstacle(program, summary.name) is None]
    rng, rows = np.random.default_rng(seed), [program.summaries.index(s) for s in program.summaries if s.name in names]
    points = Ensemble(case, program, seed=seed).drawing.take(np.arange(3, dtype=np.uint32))
    at = points.matrix(program.parameters, np.float64) + rng.normal(0, 1e-3, (len(program.parameters), 3))
    forced = Forced.nothing(program)
    made = Ensemble(case, program, seed=seed, replicates=1, threads=1, block_worlds=512, dtype=np.float64)

    def answers(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        found, _ = made.answers(matrix, np.zeros(matrix.shape[1], np.uint32), forced, 1)
        return np.asarray(found[rows], np.float64)

    found = {way: slopes(program, names, at, forced, np.float64, way == "forward") for way in ("forward", "backward")}
    exact = found["forward"]
    moved = np.stack([at + STEP * sign * side for side in _sides(program, exact.names) for sign in (1, -1)])
    flat = answers(moved.transpose(1, 0, 2).reshape(len(at), -1)).reshape(len(names), len(exact.names), 2, 3)
    differences = (flat[:, :, 0] - flat[:, :, 1]) / (2 * STEP)
    scale = np.maximum(np.abs(exact.derivatives), np.maximum(np.abs(answers(at))[:, None], 1))
    off = np.abs(exact.derivatives - differences) / scale
    backward = np.abs(exact.derivatives - found["backward"].derivatives) / scale
    return {
        "derivatives": int(off.size),
        "not_zero": int((exact.derivatives != 0).sum()),
        "far": int((off > CLOSE).sum()),
        "ways_differ": float(backward.max()),
        "values_differ": float(np.abs(exact.values - answers(at)).max()),
    }


def _sides(program: Any, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return a unit step along each number, ``[numbers, parameters, 1]``."""
    sides = np.zeros((len(names), len(program.parameters), 1))
    for row, name in enumerate(names):
        sides[row, program.parameters.index(name)] = 1
    return sides


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = [compared(seed, Path(folder)) for seed in range(options.cases)]
    print(json.dumps({name: [one[name] for one in found] for name in found[0]}))


if __name__ == "__main__":
    main()
