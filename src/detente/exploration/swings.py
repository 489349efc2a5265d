"""Full swings in paired worlds: each number from end to end of its range, each claim from reading to reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Simulation, ancestors, direct_influences, position_of

__all__ = ["Swing", "swings"]

Floats = NDArray[np.float64]
WORLDS = 128_000
"""Worlds that all swings together may take, as far as :data:`FEWEST_DRAWS` allows."""
FEWEST_DRAWS, MOST_DRAWS = 32, 1_024
"""Draws in which each swing is made."""
REPLICATES = 4
"""Worlds of each of these draws: paired worlds share their luck, so more draws tell more than more luck."""
ENDS = (0.01, 0.99)
"""Where in a number's range the swing begins and ends, in cumulative probability."""
BEYOND = 2.576
"""Standard errors of a 99 % interval."""


@dataclass(frozen=True)
class Swing:
    """What one number or contested claim moves when it goes through its whole range, in paired worlds.

    Parameters
    ----------
    name
        A parameter, or a contested claim.
    moved
        For each target that changes beyond its 99 % sampling interval, the change.
    """

    name: str
    moved: Mapping[str, float]


def swings(simulation: Simulation, targets: Sequence[str]) -> dict[str, Swing]:
    """Swing every number and contested claim that reaches a target.

    Parameters
    ----------
    simulation
        The case, ready to run; nothing is compiled anew.
    targets
        Questions and measures.

    Returns
    -------
    dict
        By the name of the parameter or contested claim.
    """
    program = simulation.watch.program
    influences = direct_influences(program)
    upstream: set[str] = set()
    for target in targets:
        node = program.summaries[position_of(program, target)].node
        upstream |= ancestors(program, node, influences)
    plan = list(_plan(simulation, upstream))
    rows = [position_of(program, target) for target in targets]
    outcome = _outcomes(simulation, plan, rows)
    found: dict[str, Swing] = {}
    for name in dict.fromkeys(entry[0] for entry in plan):
        ends = [number for number, entry in enumerate(plan) if entry[0] == name]
        moved = _moved(outcome, ends, targets)
        found[name] = Swing(name, moved)
    return found


def _plan(simulation: Simulation, upstream: set[str]) -> Iterator[tuple[str, str | float]]:
    """Yield both ends of every number's swing, and every reading of every claim that reaches a target."""
    parameters = simulation.case.elements.parameters
    reaching = [name for name in simulation.watch.program.parameters if name in upstream]
    for name in reaching:
        if any(arm.range.shape != "exact" for arm in parameters[name].arms):
            yield from ((name, end) for end in ENDS)
    switches = {claim for name in reaching for claim in parameters[name].switches}
    for claim, entry in simulation.case.switches.items():
        if claim in switches:
            yield from ((claim, reading) for reading in entry.readings or {})


def _outcomes(
    simulation: Simulation, plan: Sequence[tuple[str, str | float]], rows: Sequence[int]
) -> tuple[Floats, Floats]:
    """Return answers ``[plan, targets, draws]`` averaged over luck, and weights ``[plan, draws]``."""
    ensemble, names = simulation.ensemble, simulation.watch.program.parameters
    each = REPLICATES if ensemble.replicates % REPLICATES == 0 else ensemble.replicates
    count = min(max(WORLDS // (max(len(plan), 1) * each), FEWEST_DRAWS), MOST_DRAWS)
    parameters = _ends(simulation, plan, np.arange(count, dtype=np.uint32))
    draws = np.tile(np.arange(count, dtype=np.uint32), len(plan))
    answers, log_weight = ensemble.answers(
        parameters.reshape(len(names), -1), draws, simulation.forced, each, rows=rows
    )
    shape = (len(plan), count, each)
    # At the ends of a range a world may be none, though it is one at every draw of the run: it counts for nothing.
    none = np.isnan(answers).any(axis=0) | np.isnan(log_weight)
    log_weight = np.where(none, -np.inf, log_weight)
    values = np.nan_to_num(answers, nan=0, posinf=simulation.watch.program.days)
    values = values.reshape(len(rows), *shape).astype(np.float64)
    weights = np.exp(log_weight.astype(np.float64) - log_weight.max(initial=-np.inf)).reshape(shape)
    total = weights.sum(axis=2)
    means = (values * weights).sum(axis=3) / np.maximum(total, 1e-300)
    return np.moveaxis(means, 0, 1), total


def _ends(
    simulation: Simulation, plan: Sequence[tuple[str, str | float]], numbers: NDArray[np.uint32]
) -> NDArray[np.floating]:
    """Return the parameters at every end, ``[parameters, plan, draws]``: the same draws, but for what is swung."""
    drawing, names = simulation.ensemble.drawing, simulation.watch.program.parameters
    dtype = simulation.ensemble.kernel.dtype
    base = drawing.take(numbers)
    parameters = np.repeat(base.matrix(names, dtype)[:, None, :], len(plan), axis=1)
    row = {name: number for number, name in enumerate(names)}
    for column, (name, end) in enumerate(plan):
        if isinstance(end, str):
            parameters[:, column] = drawing.take(numbers, {name: end}).matrix(names, dtype)
        else:
            parameters[row[name], column] = drawing.value(name, end, base)
    return parameters


def _moved(outcome: tuple[Floats, Floats], ends: Sequence[int], targets: Sequence[str]) -> dict[str, float]:
    """Return the largest change between two ends for each target that changes beyond its sampling interval."""
    answers, weights = outcome
    moved: dict[str, float] = {}
    for first in ends:
        for second in ends:
            if second <= first:
                continue
            weight = (weights[first] + weights[second]) / 2
            weight = weight / max(weight.sum(), 1e-300)
            change = answers[second] - answers[first]
            mean = (change * weight).sum(axis=1)
            error = np.sqrt((weight**2 * (change - mean[:, None]) ** 2).sum(axis=1))
            for number in np.flatnonzero(np.abs(mean) > BEYOND * error + 1e-9):
                target = targets[int(number)]
                if abs(mean[number]) > abs(moved.get(target, 0.0)):
                    moved[target] = float(mean[number])
    return moved
