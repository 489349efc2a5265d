"""Where an answer lives among a case's own factors: boxes and tipping points, read from the worlds of a study."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.exploration.discovery import Table, find_box, score_box
from detente.exploration.result import Branch, Entry, Region, Sensitivity, Side, Tipping
from detente.exploration.sampling import Outcome
from detente.exploration.sensitivity import Paired
from detente.exploration.thresholds import crossing
from detente.exploration.tree import grow
from detente.results import weighted_quantile

__all__ = ["region_of", "tipping_points"]

Floats = NDArray[np.float64]
SLICES = 20
"""Bins of a number's range when boxes are looked for."""
MOST = 16
"""Factors among which a box is looked for: the first of the ranking that can be told, by themselves or in company."""
TIPPED = 8
"""Leading numbers whose tipping point is looked for."""
UPPER = 0.75
"""A number or a date counts as high in its upper quarter."""


def region_of(paired: Paired, one: Sensitivity) -> Region | None:
    """Return the box in which an answer lives; None for a choice, and where it does not vary."""
    factors, sampler = paired.factors, paired.sampler
    row = sampler.targets.index(one.target)
    if one.variance <= 0 or one.type == "choice":
        return None
    told = [factors.names.index(entry.name) for entry in one.factors if entry.tells][:MOST]
    luck, everything = paired.luck, paired.everything
    seen = [paired.at(paired.none), paired.at(luck)]
    unseen = [paired.at(everything), paired.at(everything - luck)]
    above = None
    if one.type != "yes/no":
        values = np.concatenate([part.answers[row] for part in seen])
        above = float(weighted_quantile(values, _weights(seen), (UPPER,))[0])
        if not (values > above).any():
            above = float(np.max(values[values < above], initial=above - 1))
    found = _table(paired, paired.design.first, seen, row, told, above)
    tested = _table(paired, paired.design.second, unseen, row, told, above)
    whole = score_box({}, tested)
    box = find_box(found, tested) if told and 0 < whole.density < 1 else whole
    sides = tuple(_side(paired, told[place], kept, box.quasi_p[place]) for place, kept in sorted(box.sides.items()))
    tree = []
    for leaf in grow(found, tested):
        cuts = tuple(_side(paired, told[place], kept, None) for place, kept in sorted(leaf.sides.items()))
        tree.append(Branch(cuts, leaf.mass, leaf.share))
    return Region(one.target, above, sides, box.mass, box.density, whole.density, box.coverage, tuple(tree))


def _weights(parts: list[Outcome]) -> Floats:
    log = np.concatenate([part.log_weight for part in parts])
    return np.asarray(np.exp(log - log.max()))


def _table(
    paired: Paired, points: Floats, parts: list[Outcome], row: int, told: list[int], above: float | None
) -> Table:
    """Return worlds as a table of bins: each point as often as it has worlds."""
    columns, counts = [], []
    for column in told:
        if column < paired.factors.parameters:
            where, count = np.minimum((points[:, column] * SLICES).astype(np.uint8), SLICES - 1), SLICES
        else:
            position, count = paired.sampler.readings_at(column, points[:, column])
            where = position.astype(np.uint8)
        columns.append(np.tile(where, len(parts)))
        counts.append(count)
    answers = np.concatenate([part.answers[row] for part in parts])
    ordered = tuple(column < paired.factors.parameters for column in told)
    bins = np.stack(columns) if columns else np.zeros((0, len(answers)), np.uint8)
    outcome = answers > (0.5 if above is None else above)
    return Table(bins, tuple(counts), ordered, outcome, _weights(parts))


def _side(paired: Paired, column: int, kept: tuple[bool, ...], quasi_p: float | None) -> Side:
    name, inside = paired.factors.names[column], np.flatnonzero(kept)
    if column >= paired.factors.parameters:
        case = paired.sampler.simulation.case
        claims = paired.factors.switches[name]
        claim = max(claims, key=lambda one: len(case.switches[one].readings or {}))
        readings = list(case.switches[claim].readings or {})
        return Side(name, None, None, None, None, tuple(readings[int(place)] for place in inside), quasi_p)
    low, high = float(inside[0] / SLICES), float((inside[-1] + 1) / SLICES)
    return Side(name, low, high, _value_at(paired, name, low), _value_at(paired, name, high), (), quasi_p)


def _value_at(paired: Paired, name: str, u: float) -> float | None:
    """Return a number at a cumulative probability; None where its range hangs on readings."""
    parameter = paired.sampler.simulation.case.elements.parameters[name]
    if len(parameter.arms) != 1:
        return None
    inside = min(max(u, 1e-3), 1 - 1e-3)
    return float(parameter.arms[0].range.at(np.array([inside]))[0])


def tipping_points(paired: Paired, one: Sensitivity) -> tuple[Tipping, ...]:
    """Return where a yes/no answer crosses even odds along each leading number, the ranking's order kept."""
    if one.type != "yes/no" or one.variance <= 0:
        return ()
    luck, everything = paired.luck, paired.everything
    parts = [paired.at(columns) for columns in (paired.none, luck, everything, everything - luck)]
    row = paired.sampler.targets.index(one.target)
    points = np.concatenate([paired.design.first] * 2 + [paired.design.second] * 2)
    shares, weights = np.concatenate([part.answers[row] for part in parts]), _weights(parts)
    found = []
    for entry in _leading_numbers(paired, one.factors):
        where = crossing(shares, weights, points[:, paired.factors.names.index(entry.name)])
        if where is not None:
            value = None if where.at is None else _value_at(paired, entry.name, where.at.value)
            found.append(Tipping(one.target, entry.name, where.at_low, where.at_high, where.at, value))
    return tuple(found)


def _leading_numbers(paired: Paired, entries: tuple[Entry, ...]) -> list[Entry]:
    numbers = set(paired.factors.names[: paired.factors.parameters])
    return [entry for entry in entries if entry.name in numbers and entry.index.low > 0][:TIPPED]
