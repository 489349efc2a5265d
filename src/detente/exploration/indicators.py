"""Indicators to watch: which observable measure, on which day, best tells apart the worlds in which an answer comes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Program, Simulation, position_of
from detente.dynamics.ensemble import Design
from detente.equations import Node, walk
from detente.equations.syntax import Aggregate, On
from detente.exploration.result import Indicator
from detente.exploration.targets import target_of
from detente.scenario.model.voices import MIXTURES

__all__ = ["indicators", "settled_on", "told_apart"]

Floats = NDArray[np.float64]
AFTER = (1, 3, 7, 14, 28)
"""Days after the cut on which one looks."""
FEW = 5
PLAIN = 0.55
"""Pairs told apart beyond which an indicator is worth naming: one half is what a coin tells."""


def indicators(simulation: Simulation, targets: Sequence[str], draws: int) -> dict[str, tuple[Indicator, ...]]:
    """Return the best indicators of each answer: for each measure its best day, the best measures first.

    What is counted in something (persons, trucks, days) can be seen; a pure number, such as an index of strain, is the
    model's own. A number or date counts as come where it lies above its middle. Only days after the cut and before the
    answer is settled are looked at.

    Parameters
    ----------
    simulation, targets
        The case, ready to run, and the questions or measures asked about.
    draws
        How many draws are followed, in whole blocks.

    Returns
    -------
    dict
        By target; empty where none tells its outcome apart.
    """
    ensemble, watch, program = simulation.ensemble, simulation.watch, simulation.watch.program
    names = [name for name in watch.series if _can_be_seen(program, name)]
    columns = [watch.series.index(name) for name in names]
    cut = program.day_of(simulation.case.scenario.as_of.date())
    days = [cut + after for after in AFTER if 0 <= cut + after < program.days - 1]
    design = Design(MIXTURES, {}, draws, simulation.forced)
    blocks = [ensemble.block(design, first) for first in range(0, draws, ensemble.block_draws)]
    followed = [target_of(simulation.case, target) for target in targets]
    rows = [position_of(program, one.summary) for one in followed]
    answers = np.concatenate([block.answers[rows].reshape(len(rows), -1) for block in blocks], axis=1)
    log = np.concatenate([np.asarray(block.log_weight).reshape(-1) for block in blocks]).astype(np.float64)
    weights = np.exp(log - log.max(initial=-np.inf))
    seen = np.concatenate([np.asarray(block.series)[days][:, columns] for block in blocks], axis=2)
    order = np.argsort(seen, axis=2, kind="stable")
    found: dict[str, tuple[Indicator, ...]] = {}
    for row, target in enumerate(targets):
        here, position = answers[row].astype(np.float64), followed[row].position
        comes = _comes(here, weights) if position is None else here == position
        settled = settled_on(program, program.summaries[rows[row]].node)
        best: list[Indicator] = []
        for column, name in enumerate(names):
            if name == followed[row].summary or not days or days[0] >= settled:
                continue
            skills = [
                (told_apart(seen[place, column], order[place, column], comes, weights), day)
                for place, day in enumerate(days)
                if day < settled
            ]
            skill, day = max(skills, key=lambda one: (abs(one[0] - 0.5), -one[1]))
            if abs(skill - 0.5) > PLAIN - 0.5:
                best.append(Indicator(name, day, max(skill, 1 - skill), skill > 0.5))
        found[target] = tuple(sorted(best, key=lambda one: (-one.skill, one.measure))[:FEW])
    return found


def told_apart(values: Floats, order: NDArray[np.intp], comes: NDArray[np.bool_], weights: Floats) -> float:
    """Return the share of pairs that a measure puts in the right order, ties counting half: the area under the curve.

    Parameters
    ----------
    values, order
        The measure in each world, and the order that sorts it.
    comes, weights
        Whether the answer comes in each world, and how much the world counts.

    Returns
    -------
    float
        From 0 to 1; 0.5 where the measure tells nothing, or the answer comes in all worlds or in none.
    """
    sorted_values, hit = values[order], (weights * comes)[order]
    miss = (weights * ~comes)[order]
    starts = np.flatnonzero(np.concatenate([[True], sorted_values[1:] != sorted_values[:-1]]))
    hits, misses = np.add.reduceat(hit, starts), np.add.reduceat(miss, starts)
    below = np.concatenate([[0.0], np.cumsum(misses)[:-1]])
    pairs = float(hits.sum() * misses.sum())
    return float((hits * (below + misses / 2)).sum() / pairs) if pairs > 0 else 0.5


def settled_on(program: Program, node: Node) -> int:
    """Return the day on which an answer is settled: the last that its expression names, or the last of the case."""
    last, named = program.days - 1, []
    for part in walk(node):
        if isinstance(part, On):
            named.append(program.day_of(part.day))
        elif isinstance(part, Aggregate):
            named.append(program.day_of(part.last) if part.last is not None else last)
    return min(max(named, default=last), last)


def _can_be_seen(program: Program, name: str) -> bool:
    measure = program.elements.measures.get(name)
    return measure is not None and (measure.kind.unit is None or bool(measure.kind.unit.dimensions))


def _comes(answers: Floats, weights: Floats) -> NDArray[np.bool_]:
    if set(np.unique(answers)) <= {0.0, 1.0}:
        return answers > 0
    order = np.argsort(answers, kind="stable")
    reached = np.cumsum(weights[order])
    middle = answers[order][int(np.searchsorted(reached, reached[-1] / 2))]
    return np.asarray(answers > middle)
