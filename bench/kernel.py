"""The kernel beside a hand-written C version of one representative model, in one run.

Ten stocks, five draws a day, the generator of ``detente.randomness``. The C keeps a block of worlds in the innermost
loop, so that its compiler turns it into vector code, and shares the blocks among two threads. It is compiled twice: by
the rules of arithmetic, as the kernel is, and with ``-ffast-math``, which lets the compiler break them. The last line
is JSON.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

# Whoever's turn is over must not wait about on the cores of the next.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from detente.dynamics.ensemble import BLOCK_WORLDS, Design, Ensemble
from detente.dynamics.kernel import Forced
from detente.dynamics.program import Program, build_program
from detente.scenario import load

HERE = Path(__file__).resolve().parent
REPLICATES, SEED, THREADS = 16, 7, 2
FLAGS = ["-O3", "-march=native", "-fopenmp", "-fPIC", "-shared"]
EXACT = ["-fno-math-errno", "-fno-trapping-math"]
"""What it takes to vectorise the loop without changing a value: no error numbers, no traps."""
FAST = ["-ffast-math"]


def compiled(folder: Path, more: list[str]) -> tuple[Any, list[str]]:
    """Compile the C version; return it and what its compiler says it has vectorised."""
    library = folder / f"model{more[0]}.so"
    command = ["gcc", *FLAGS, *more, "-fopt-info-vec-optimized", "-o", str(library), str(HERE / "model.c")]
    done = subprocess.run([*command, "-lmvec", "-lm"], capture_output=True, text=True, check=True)
    return ctypes.CDLL(str(library)), [line for line in done.stderr.splitlines() if "loop vectorized" in line]


def c_run(library: Any, program: Program, luck: Any, parameters: Any, draws: int) -> Any:
    """Run the C version on the same worlds; return the three answers, ``[answers, worlds]``."""
    answers = np.zeros((len(program.summaries), draws * REPLICATES), np.float32)
    pointer = ctypes.c_void_p
    library.run(
        parameters.ctypes.data_as(pointer), luck.ctypes.data_as(pointer), answers.ctypes.data_as(pointer),
        ctypes.c_int(draws), ctypes.c_int(program.days), ctypes.c_int(THREADS),
    )  # fmt: skip
    return answers


def best(works: list[Any], repeats: int) -> list[float]:
    """Return the shortest time of each piece of work; they take turns, so that a busy moment hits them all."""
    times = [[float("inf")] for _ in works]
    for _ in range(repeats):
        for work, taken in zip(works, times, strict=True):
            begun = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begun)
    return [min(taken) for taken in times]


def main() -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=1_048_576)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--block", type=int, default=4 * BLOCK_WORLDS, help="worlds in a block of the kernel")
    options = parser.parse_args()
    draws = options.worlds // REPLICATES
    case = load(HERE / "ten_stocks")
    program = build_program(case)
    series = ["in_camps", "talks_hold"]
    shared: dict[str, Any] = {"seed": SEED, "replicates": REPLICATES, "block_worlds": options.block}
    ensemble = Ensemble(case, program, series=series, banded=1, **shared)
    bare = Ensemble(case, program, **shared)
    design = Design("all", {}, draws, Forced.nothing(program))
    numbers = np.arange(draws, dtype=np.uint32)
    parameters = np.ascontiguousarray(bare.drawn(design, 0, draws).matrix(program.parameters, np.float32))
    begun = time.perf_counter()
    answers, _ = bare.answers(parameters, numbers, design.forced, REPLICATES)
    first = time.perf_counter() - begun
    ensemble.run(design)
    with tempfile.TemporaryDirectory() as folder:
        library, vectorised = compiled(Path(folder), EXACT)
        fast, _ = compiled(Path(folder), FAST)
        by_c = c_run(library, program, ensemble.luck, parameters, draws)
        kernel, counted, plain, quick = best(
            [
                lambda: bare.answers(parameters, numbers, design.forced, REPLICATES),
                lambda: ensemble.run(design),
                lambda: c_run(library, program, ensemble.luck, parameters, draws),
                lambda: c_run(fast, program, ensemble.luck, parameters, draws),
            ],
            options.repeats,
        )
    never = np.isinf(answers) | (by_c > program.days * 1e6)
    with np.errstate(invalid="ignore"):
        off = np.abs(by_c - answers) > 1e-3 * np.maximum(1, np.abs(answers))
    differs = np.where(never, np.isinf(by_c) != np.isinf(answers), off)
    worlds = draws * REPLICATES
    print(f"{len(program.stocks)} stocks, {len(program.sites)} draws a day, {program.days} days, {worlds:,} worlds")
    print(f"order of parameters: {', '.join(program.parameters)}")
    print(f"order of sites: {', '.join('/'.join(site) for site in program.sites)}")
    print(f"first call of the kernel, compilation included: {first:.2f} s")
    print(f"loops that the C compiler has vectorised: {len(vectorised)}")
    print(f"answers: kernel {answers.mean(axis=1)}, C {by_c.mean(axis=1)}; {differs.mean():.2%} of them differ")
    return {
        "worlds": worlds, "days": program.days, "processors": os.cpu_count(), "vectorised": len(vectorised),
        "answers_that_differ": round(float(differs.mean()), 6),
        "worlds_per_s": round(worlds / kernel), "with_statistics_per_s": round(worlds / counted),
        "c_worlds_per_s": round(worlds / plain), "ratio_to_c": round(plain / kernel, 3),
        "c_fast_math_worlds_per_s": round(worlds / quick), "ratio_to_c_fast_math": round(quick / kernel, 3),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main()))
