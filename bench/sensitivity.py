"""One sensitivity study three ways, in one run: Détente, SALib and the EMA workbench with a plain Python model.

First-order and total indices of eighteen numbers on three answers of ``bench/ten_stocks``, by Saltelli's design. The
other two run fewer rows of it, and are compared by model runs a second, the making of indices counted. They are
measured where they are installed; the project needs neither. The last line is JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import random
import sys
import time
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from detente.dynamics import Simulation
from detente.exploration.design import paired_design
from detente.exploration.factors import factors_of
from detente.exploration.sampling import Sampler
from detente.exploration.sensitivity import Paired
from detente.scenario import load

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from plain_ten_stocks import BOUNDS, NAMES, OUTCOMES, world  # noqa: E402


def ours(rows: int) -> tuple[float, dict[str, float]]:
    """Run the study through the kernel; return model runs a second, and the total indices of one answer."""
    simulation = Simulation(load(HERE / "ten_stocks"), replicates=4)
    factors = factors_of(simulation)
    sampler = Sampler(simulation, factors, OUTCOMES)
    single = [frozenset({column}) for column in range(len(factors.names))]
    Paired(sampler, paired_design(64, len(factors.names), 1)).at(frozenset())  # compiles, or fetches what is compiled
    sampler.worlds = 0
    begun = time.perf_counter()
    paired = Paired(sampler, paired_design(rows, len(factors.names), 1))
    paired.run(dict.fromkeys([paired.none, paired.everything - paired.luck, *single], rows))
    totals = [paired.total(columns) for columns in single]
    for columns in single:
        paired.index([(paired.everything - paired.luck, columns)])
    taken = time.perf_counter() - begun
    return sampler.worlds / taken, {n: float(t.value[0]) for n, t in zip(factors.names, totals, strict=True)}


def salib(rows: int) -> tuple[float, dict[str, float]]:
    """Run it through SALib and the plain model, luck being that of the row."""
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    problem = {"num_vars": len(NAMES), "names": list(NAMES), "bounds": [list(ends) for ends in BOUNDS]}
    begun = time.perf_counter()
    points = sampling.sample(problem, rows, calc_second_order=False, seed=1)
    each = len(NAMES) + 2
    found = np.array([world(dict(zip(NAMES, p, strict=True)), random.Random(n // each)) for n, p in enumerate(points)])
    indices = [analysis.analyze(problem, column, calc_second_order=False, seed=1) for column in found.T]
    taken = time.perf_counter() - begun
    return len(points) / taken, dict(zip(NAMES, (float(v) for v in indices[0]["ST"]), strict=True))


def workbench(rows: int) -> float:
    """Run it through the EMA workbench and the plain model; return model runs a second."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator, ema_logging
        from ema_workbench.em_framework.evaluators import Samplers

    ema_logging.log_to_stderr(logging.ERROR)

    def run(**values: float) -> dict[str, float]:
        return dict(zip(OUTCOMES, world(values, random.Random(1)), strict=True))

    model: Any = Model("tenstocks", function=run)
    model.uncertainties = [RealParameter(name, *ends) for name, ends in zip(NAMES, BOUNDS, strict=True)]
    model.outcomes = [ScalarOutcome(name) for name in OUTCOMES]
    begun = time.perf_counter()
    with SequentialEvaluator(model) as evaluator, contextlib.redirect_stderr(io.StringIO()):
        _, outcomes = evaluator.perform_experiments(scenarios=rows, uncertainty_sampling=Samplers.SOBOL)
    taken = time.perf_counter() - begun
    return len(outcomes[OUTCOMES[0]]) / taken


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=8_192, help="rows of our design; a power of 2")
    arguments.add_argument("--their-rows", type=int, default=64, help="rows of theirs; a power of 2")
    asked = arguments.parse_args()
    speed, totals = ours(asked.rows)
    result: dict[str, Any] = {"runs_per_s": round(speed)}
    print(f"Détente: {speed:,.0f} model runs a second")
    if find_spec("SALib") is not None:
        theirs, their_totals = salib(asked.their_rows)
        result |= {"salib_runs_per_s": round(theirs), "ratio_to_salib": round(speed / theirs, 1)}
        print(f"SALib and plain Python: {theirs:,.0f} a second")
        largest = max(totals, key=lambda name: totals[name])
        print(f"largest total index: {largest} {totals[largest]:.2f}; SALib: {max(their_totals.values()):.2f}")
    if find_spec("ema_workbench") is not None:
        theirs = workbench(asked.their_rows)
        result |= {"ema_runs_per_s": round(theirs), "ratio_to_ema": round(speed / theirs, 1)}
        print(f"EMA workbench and plain Python: {theirs:,.0f} a second")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
