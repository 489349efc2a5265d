"""Each number and contested claim moved by itself in paired worlds: through its whole range, and drawn anew.

A number set to the one end of its range and then to the other shows whether the answer leans on it. An answer that is
high at both ends and low between, or that a number moves now up and now down, as something else has it, leans on
nothing: there the mean change is 0 in any number of worlds. So the number is also drawn anew, all else unchanged, and
the changes are squared: half of their mean is the number's total effect, which is 0 only where the number does nothing.

References
----------
M. J. W. Jansen, "Analysis of variance designs for model output", Computer Physics Communications 117 (1999).
F. Campolongo, A. Saltelli, J. Cariboni, "From screening to quantitative sensitivity analysis", Computer Physics
Communications 182 (2011).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Simulation, ancestors, position_of

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
ROUNDING = 1e-6
"""Of an answer's size: what smaller it changes by is the last digit of its numbers."""


@dataclass(frozen=True)
class Swing:
    """What one number or contested claim does by itself, in paired worlds.

    Parameters
    ----------
    name
        A parameter, or a contested claim.
    moved
        For each target whose mean changes beyond its 99 % sampling interval from end to end, the change.
    total
        For each target of which that can be told from 0, the variance that it gives to the answer with luck averaged
        out, its interactions counted, and the standard error of that.
    """

    name: str
    moved: Mapping[str, float]
    total: Mapping[str, tuple[float, float]]

    def moves(self, target: str) -> bool:
        """Whether a target is moved, by itself or in company."""
        return target in self.moved or target in self.total

    @property
    def anything(self) -> bool:
        """Whether any target is moved."""
        return bool(self.moved or self.total)


@dataclass(frozen=True)
class _Way:
    """One way in which the draws are run: nothing changed, or one number or claim set; ``at`` None draws it anew."""

    name: str = ""
    at: float | str | None = None


@dataclass(frozen=True)
class _Outcome:
    """Answers ``[ways, targets, draws, replicates]`` and weights ``[ways, draws, replicates]``."""

    answers: Floats
    weights: Floats

    def change(self, first: int, second: int) -> tuple[Floats, Floats]:
        """Return the mean change of each target's luck-averaged answer between two ways, and its standard error."""
        each = [(self.answers[way] * self.weights[way]).sum(axis=2) for way in (first, second)]
        totals = [self.weights[way].sum(axis=1) for way in (first, second)]
        change = each[1] / np.maximum(totals[1], 1e-300) - each[0] / np.maximum(totals[0], 1e-300)
        weight = np.where((totals[0] > 0) & (totals[1] > 0), totals[0] + totals[1], 0.0)
        weight = weight / max(float(weight.sum()), 1e-300)
        mean = (change * weight).sum(axis=1)
        return mean, np.sqrt((weight**2 * (change - mean[:, None]) ** 2).sum(axis=1))

    def squared(self, first: int, second: int) -> Floats:
        """Return each draw's part in the mean of half the squared change with luck averaged out, ``[targets, draws]``.

        The product of the changes in two worlds of a draw, which differ in their luck, holds none of luck's variance.
        """
        change = self.answers[second] - self.answers[first]
        shared = np.sqrt(self.weights[first] * self.weights[second])
        each = shared / np.maximum(shared.sum(axis=1, keepdims=True), 1e-300)
        apart = 1 - (each**2).sum(axis=1)
        product = (change * each).sum(axis=2) ** 2 - (change**2 * each**2).sum(axis=2)
        weight = self.weights[first].sum(axis=1) + self.weights[second].sum(axis=1)
        weight = np.where((shared.sum(axis=1) > 0) & (apart > 1e-6), weight, 0.0)  # one world tells nothing of luck
        return np.asarray(product / np.maximum(apart, 1e-6) / 2 * weight / max(float(weight.sum()), 1e-300))


def swings(simulation: Simulation, targets: Sequence[str]) -> dict[str, Swing]:
    """Move every number and contested claim that reaches a target.

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
    influences = simulation.watch.influences
    upstream: set[str] = set()
    for target in targets:
        node = program.summaries[position_of(program, target)].node
        upstream |= ancestors(program, node, influences)
    ways = [_Way(), *_ways(simulation, upstream)]
    if len(ways) == 1:
        return {}
    outcome = _outcomes(simulation, ways, [position_of(program, target) for target in targets])
    least = ROUNDING * np.abs(outcome.answers).max(axis=(0, 2, 3), initial=0.0) + 1e-12
    places: dict[str, list[int]] = {}
    for place, way in enumerate(ways[1:], 1):
        places.setdefault(way.name, []).append(place)
    found = {}
    for name, mine in places.items():
        anew = [(0, place) for place in mine if ways[place].at is None]
        ends = [place for place in mine if ways[place].at is not None]
        # Two readings drawn independently differ in 2 (n (n - 1) / 2) of n^2 cases.
        squared = _summed(outcome, anew) if anew else 2 / len(ends) ** 2 * _summed(outcome, combinations(ends, 2))
        found[name] = Swing(name, _moved(outcome, ends, targets, least), _told(squared, targets, least))
    return found


def _ways(simulation: Simulation, upstream: set[str]) -> Iterator[_Way]:
    """Yield both ends of every number and that it is drawn anew; every reading of every claim that reaches a target."""
    parameters = simulation.case.elements.parameters
    reaching = [name for name in simulation.watch.program.parameters if name in upstream]
    for name in reaching:
        if any(arm.range.shape != "exact" for arm in parameters[name].arms):
            yield from (_Way(name, at) for at in (*ENDS, None))
    switches = {claim for name in reaching for claim in parameters[name].switches}
    for claim, entry in simulation.case.switches.items():
        if claim in switches:
            yield from (_Way(claim, reading) for reading in entry.readings or {})


def _outcomes(simulation: Simulation, ways: Sequence[_Way], rows: Sequence[int]) -> _Outcome:
    ensemble, names = simulation.ensemble, simulation.watch.program.parameters
    each = REPLICATES if ensemble.replicates % REPLICATES == 0 else ensemble.replicates
    count = min(max(WORLDS // (len(ways) * each), FEWEST_DRAWS), MOST_DRAWS)
    numbers = np.arange(count, dtype=np.uint32)
    parameters = _parameters(simulation, ways, numbers)
    answers, log_weight = ensemble.answers(
        parameters.reshape(len(names), -1), np.tile(numbers, len(ways)), simulation.forced, each, rows=rows
    )
    shape = (len(ways), count, each)
    # At the ends of a range a world may be none, though it is one at every draw of the run: it counts for nothing.
    none = np.isnan(answers).any(axis=0) | np.isnan(log_weight)
    log_weight = np.where(none, -np.inf, log_weight)
    values = np.nan_to_num(answers, nan=0, posinf=simulation.watch.program.days)
    exact = values.reshape(len(rows), *shape).astype(np.float64)
    weights = np.exp(log_weight.astype(np.float64) - log_weight.max(initial=-np.inf)).reshape(shape)
    return _Outcome(np.moveaxis(exact, 0, 1), weights)


def _parameters(simulation: Simulation, ways: Sequence[_Way], numbers: NDArray[np.uint32]) -> NDArray[np.floating]:
    """Return the parameters of every way, ``[parameters, ways, draws]``: the same draws, but for what is moved."""
    drawing, names = simulation.ensemble.drawing, simulation.watch.program.parameters
    dtype = simulation.ensemble.kernel.dtype
    base = drawing.take(numbers)
    parameters = np.repeat(base.matrix(names, dtype)[:, None, :], len(ways), axis=1)
    others = dict(zip(drawing.parameters, drawing.uniforms(numbers + np.uint32(len(numbers))), strict=True))
    row = {name: number for number, name in enumerate(names)}
    for column, way in enumerate(ways):
        if isinstance(way.at, str):
            parameters[:, column] = drawing.take(numbers, {way.name: way.at}).matrix(names, dtype)
        elif way.name:
            at = others[way.name] if way.at is None else way.at
            parameters[row[way.name], column] = drawing.value(way.name, at, base)
    return parameters


def _moved(outcome: _Outcome, ends: Sequence[int], targets: Sequence[str], least: Floats) -> dict[str, float]:
    """Return the largest change between two ends for each target that changes beyond its sampling interval."""
    moved: dict[str, float] = {}
    for first, second in combinations(ends, 2):
        mean, error = outcome.change(first, second)
        for number in np.flatnonzero(np.abs(mean) > BEYOND * error + least):
            target = targets[int(number)]
            if abs(mean[number]) > abs(moved.get(target, 0.0)):
                moved[target] = float(mean[number])
    return moved


def _summed(outcome: _Outcome, pairs: Iterable[tuple[int, int]]) -> Floats:
    """Return each draw's part in half the squared change, summed over pairs of ways, ``[targets, draws]``."""
    return np.asarray(sum(outcome.squared(first, second) for first, second in pairs))


def _told(each: Floats, targets: Sequence[str], least: Floats) -> dict[str, tuple[float, float]]:
    """Return the total effects that can be told from 0, with their errors, from each draw's part in them."""
    value, count = each.sum(axis=1), max(each.shape[1], 2)
    error = np.sqrt(((each - each.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) * count / (count - 1))
    told = np.flatnonzero(value > BEYOND * error + least**2)
    return {targets[int(number)]: (float(value[number]), float(error[number])) for number in told}
