"""Gradients at the centre: how smooth answers move where every number stands at the middle of its range.

Indices tell what makes answers differ over the whole of the ranges; a gradient tells, exactly, what one number more or
less does at one place. It is offered for smooth answers only: where decisions, shocks or draws are upstream, a
derivative with these held as they fell would be no gradient of the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Program, Simulation, ancestors, position_of
from detente.dynamics.gradient import Slopes, obstacle, slopes
from detente.exploration.result import CentralSlopes, Gradient, Slope
from detente.exploration.targets import target_of
from detente.scenario import Parameter, fixed_readings
from detente.scenario.ranges import Range

__all__ = ["TENTH", "gradients", "middle_readings"]

Floats = NDArray[np.float64]
TENTH = 0.1
"""The part of its declared range by which a number is said to be more."""
STEPS = (1e-3, 1e-4)
"""How far to either side of the middle it is tried whether the answer has an edge there, in parts of the range."""
EDGE = 1e-3
"""Relative difference of the slopes on two sides below which they are one: rounding in 32 bits."""
LEAP = 1e-4
"""Part of an answer, or of its change over the range, by which it must leap for that to be told from rounding."""
STAYS = 0.5
"""What stays of the difference between two sides where the step is a tenth: of a bend a tenth, of an edge all."""


@dataclass(frozen=True)
class _Around:
    """Points about the centre, as one telling has it: the centre, then each number to either side of its middle.

    Parameters
    ----------
    names, ranges
        The numbers that vary in this telling, and their ranges in it.
    points
        ``[parameters, points]``: the centre; above and below at the larger step; above and below at the smaller.
    """

    names: tuple[str, ...]
    ranges: Mapping[str, Range]
    points: Floats

    def sides(self, name: str) -> list[tuple[int, int]]:
        """Return the columns above and below the middle of a number, at the larger and at the smaller step."""
        count, place = len(self.names), self.names.index(name)
        return [(1 + 2 * step * count + place, 1 + (2 * step + 1) * count + place) for step in range(len(STEPS))]


def gradients(simulation: Simulation, targets: Sequence[str]) -> dict[str, Gradient]:
    """Return each target's derivatives at the centre of all ranges, by telling, or why it has none.

    The readings are those of each account; for what it leaves open, and for the mixtures, the likeliest reading of each
    contested claim, the first in the case where they are equally likely.

    Parameters
    ----------
    simulation, targets
        The case, ready to run, and the questions and measures asked about.
    """
    case, program = simulation.case, simulation.watch.program
    obstacles = {target: obstacle(program, target_of(case, target).summary) for target in targets}
    smooth = [target for target, what in obstacles.items() if what is None]
    found: dict[str, list[CentralSlopes]] = {target: [] for target in smooth}
    for account in (None, *case.scenario.accounts) if smooth else ():
        fixed = fixed_readings(case, account) if account is not None else {}
        readings = {**middle_readings(simulation), **fixed}
        around = _around(simulation, readings)
        slopes_there = slopes(program, smooth, around.points, simulation.forced, simulation.ensemble.kernel.dtype)
        for row, target in enumerate(smooth):
            upstream = ancestors(program, program.summaries[position_of(program, target)].node)
            varying = [name for name in around.names if name in upstream]
            entries = [_slope(program, around, slopes_there, row, name) for name in varying]
            ranked = tuple(sorted(entries, key=lambda one: (-_size(one), one.factor)))
            switches = {claim for one in ranked for claim in case.elements.parameters[one.factor].switches}
            mattering = {claim: reading for claim, reading in readings.items() if claim in switches}
            found[target].append(CentralSlopes(account, mattering, float(slopes_there.values[row, 0]), ranked))
    return {target: Gradient(target, obstacles[target], tuple(found.get(target, ()))) for target in targets}


def middle_readings(simulation: Simulation) -> dict[str, str]:
    """Return the likeliest reading of each contested claim: the first where they are equally likely, or not stated."""
    found = {}
    for claim, entry in simulation.case.switches.items():
        stated = simulation.ensemble.drawing.likelihoods[claim]
        middle = np.full(1, 0.5)
        likely = [0.0] if stated is None else [float(width.at(middle)[0]) for width in stated]
        found[claim] = list(entry.readings or {})[int(np.argmax(likely))]
    return found


def _around(simulation: Simulation, readings: Mapping[str, str]) -> _Around:
    """Return the centre of all ranges under some readings, and points to either side of it."""
    program, ensemble = simulation.watch.program, simulation.ensemble
    names = program.parameters
    drawn = ensemble.drawing.take(np.zeros(1, np.uint32), readings, dict.fromkeys(names, 0.5))
    centre = drawn.matrix(names, np.float64)
    known = simulation.case.elements.parameters
    ranges = {name: _range_in(known[name], readings) for name in names}
    vary = tuple(name for name in names if ranges[name].shape != "exact")
    rows = [names.index(name) for name in vary]
    widths = np.array([ranges[name].high - ranges[name].low for name in vary])
    points = np.repeat(centre, 1 + 2 * len(STEPS) * len(vary), axis=1)
    for place, step in enumerate(sign * step for step in STEPS for sign in (1, -1)):
        points[rows, 1 + place * len(vary) + np.arange(len(vary))] += step * widths
    # What the kernel rounds away is no step.
    rounded = points.astype(ensemble.kernel.dtype).astype(np.float64)
    return _Around(vary, {name: ranges[name] for name in vary}, rounded)


def _range_in(parameter: Parameter, readings: Mapping[str, str]) -> Range:
    """Return the range of a number where certain readings hold: the first that fits, as when it is drawn."""
    return next(arm.range for arm in parameter.arms if all(readings[claim] == held for claim, held in arm.when))


def _slope(program: Program, around: _Around, found: Slopes, row: int, name: str) -> Slope:
    """Return an answer's slope along one number at the centre, tried from both sides.

    The two sides of a bend come nearer as the step gets smaller; those of an edge or a leap do not.
    """
    values, along = found.values[row], found.derivatives[row, found.names.index(name)]
    x, declared = around.points[program.parameters.index(name)], around.ranges[name]
    width, at, value = declared.high - declared.low, float(x[0]), float(values[0])
    tenth, apart, leaps = TENTH * width, [], []
    for above, below in around.sides(name):
        apart.append(abs(along[above] - along[below]))
        expected = (along[above] + along[below]) / 2 * (x[above] - x[below])
        leaps.append(abs(values[above] - values[below] - expected))
    above, below = around.sides(name)[-1]
    steepest, farthest = (float(np.abs(some[[above, below]]).max()) for some in (along, values))
    if not np.isfinite(along[[0, above, below]]).all() or (
        leaps[1] > LEAP * max(farthest, steepest * width) and leaps[1] > STAYS * leaps[0]
    ):
        return Slope(name, at, None, None, None, None)
    if apart[1] > EDGE * max(steepest, EDGE * farthest / width) and apart[1] > STAYS * apart[0]:
        return Slope(name, at, None, None, None, (float(along[below]) * tenth, float(along[above]) * tenth))
    derivative = float(along[0])
    elastic = derivative * at / value if at != 0 and value != 0 else None
    return Slope(name, at, derivative, derivative * tenth, elastic, None)


def _size(one: Slope) -> float:
    return abs(one.per_tenth) if one.per_tenth is not None else max(map(abs, one.sides or (0.0,)))
