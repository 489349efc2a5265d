"""Scenario discovery: in what part of the space of assumptions an outcome lives, as a box with few sides.

The patient rule induction method on binned columns. A box begins as the whole space. Step by step a thin slice is
peeled off one side of one factor, always where the outcome's share in what is left rises most for what is given up.
Each point is counted once when it is there and once when it goes, so a million rows take seconds. Where an outcome
comes only with two things together, no slice of either alone makes it more frequent; so the peeling begins a second
time, in the best quarter that two factors cut.

References
----------
J. H. Friedman, N. I. Fisher, "Bump hunting in high-dimensional data", Statistics and Computing 9 (1999).
B. P. Bryant, R. J. Lempert, "Thinking inside the box", Technological Forecasting & Social Change 77 (2010).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "Table", "find_box", "quasi_p", "score_box"]

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
PEEL = 0.05
"""How much of a box a slice of a number takes at least."""
LEAST_MASS = 0.05
"""The share of all points that a box keeps at least."""
SURE = 0.05
"""The quasi-p value beyond which a side may be there by chance, and is dropped."""


@dataclass(frozen=True)
class Table:
    """Points with their factors in bins, ready to be cut.

    Parameters
    ----------
    bins
        Which bin each point is in, ``[factors, points]``, small whole numbers.
    counts
        How many bins each factor has.
    ordered
        Whether a factor's bins have an order; a contested claim's readings have none.
    outcome
        Whether the outcome came, ``[points]``.
    weights
        How much each point counts, ``[points]``.
    """

    bins: NDArray[np.uint8]
    counts: tuple[int, ...]
    ordered: tuple[bool, ...]
    outcome: Truths
    weights: Floats


@dataclass(frozen=True)
class Box:
    """A part of the space of assumptions.

    Parameters
    ----------
    sides
        For each restricted factor, which of its bins are inside.
    mass
        The share of all points inside.
    density
        In what share of the points inside the outcome came.
    coverage
        What share of all points with the outcome lie inside.
    quasi_p
        For each side, the chance of so many outcomes if that side made no difference.
    """

    sides: dict[int, tuple[bool, ...]]
    mass: float
    density: float
    coverage: float
    quasi_p: dict[int, float]


def find_box(found: Table, tested: Table) -> Box:
    """Return the box that holds the outcome best: along the peelings, the largest coverage times rise of density.

    Sides that may be there by chance are dropped, judged by points that the peeling has not seen.

    Parameters
    ----------
    found
        The points from which slices are peeled.
    tested
        Other points, by which the box is chosen and scored.
    """
    best = score_box({}, tested)
    base, worth = best.density, 0.0
    corner = _best_corner(found)
    for sides in chain(_peelings(found, {}), [corner] if corner else (), _peelings(found, corner) if corner else ()):
        box = score_box(sides, tested)
        lift = box.coverage * (box.density - base)  # the whole space covers all, and is no denser than itself
        if lift > worth:
            best, worth = box, lift
    return _pruned(_with_quasi_p(best, tested), tested)


def score_box(sides: dict[int, tuple[bool, ...]], table: Table) -> Box:
    """Return a box with its mass, density and coverage among some points."""
    inside = _inside(sides, table)
    weight, hit = table.weights * inside, table.weights * (inside & table.outcome)
    mass, hits, every = float(weight.sum()), float(hit.sum()), float((table.weights * table.outcome).sum())
    total = max(float(table.weights.sum()), 1e-300)
    return Box(sides, mass / total, hits / max(mass, 1e-300), hits / max(every, 1e-300), {})


def _with_quasi_p(box: Box, table: Table) -> Box:
    return replace(box, quasi_p={factor: quasi_p(box.sides, factor, table) for factor in box.sides})


def quasi_p(sides: dict[int, tuple[bool, ...]], factor: int, table: Table) -> float:
    """Return the chance of as many outcomes as there are in a box, if one of its sides made no difference.

    The box without that side gives the share to be expected (Bryant and Lempert 2010); weighted points count as so many
    equal ones.

    Parameters
    ----------
    sides
        By factor, which bins of its range the box keeps.
    factor
        The factor of the side that is tested.
    table
        The points, with their bins, outcomes and weights.

    Returns
    -------
    float
        A probability: small where the side is needed; 1 where less than one point is left.
    """
    from scipy.stats import binom  # half a second that a plain run does not need

    wider = _inside({other: kept for other, kept in sides.items() if other != factor}, table)
    inner = wider & np.array(sides[factor])[table.bins[factor]]
    weights = table.weights
    effective = float(weights[inner].sum() ** 2 / max(float((weights[inner] ** 2).sum()), 1e-300))
    if effective < 1:
        return 1.0
    share = float(weights[wider & table.outcome].sum() / weights[wider].sum())
    density = float(weights[inner & table.outcome].sum() / weights[inner].sum())
    return float(binom.sf(np.ceil(density * effective) - 1, round(effective), share))


def _inside(sides: dict[int, tuple[bool, ...]], table: Table) -> Truths:
    inside = np.ones(table.bins.shape[1], bool)
    for factor, kept in sides.items():
        inside &= np.array(kept)[table.bins[factor]]
    return inside


def _pruned(box: Box, table: Table) -> Box:
    """Drop the sides that may be there by chance, the least sure first."""
    while box.sides:
        worst = max(box.quasi_p, key=lambda factor: box.quasi_p[factor])
        if box.quasi_p[worst] <= SURE:
            break
        left = {factor: kept for factor, kept in box.sides.items() if factor != worst}
        box = _with_quasi_p(score_box(left, table), table)
    return box


def _best_corner(table: Table) -> dict[int, tuple[bool, ...]]:
    """Return the quarter of two factors in which the outcome's share rises most for what lies in it; {} for one factor.

    A number is cut at its middle, a contested claim at each of its readings.
    """
    halves = [
        half for factor, count in enumerate(table.counts) for half in _halves(factor, count, table.ordered[factor])
    ]
    inside = np.stack([np.array(kept, np.float64)[table.bins[factor]] for factor, kept in halves])
    weights, hits = table.weights / table.weights.sum(), table.weights * table.outcome / table.weights.sum()
    mass, hit = (inside * weights) @ inside.T, (inside * hits) @ inside.T
    lift = hit - mass * hits.sum()  # coverage times rise of density, but for the outcome's share
    owner = np.array([factor for factor, _ in halves])
    lift[(owner[:, None] == owner[None, :]) | (mass < LEAST_MASS)] = -np.inf
    one, other = np.unravel_index(int(lift.argmax()), lift.shape)
    return {} if np.isneginf(lift[one, other]) else dict(sorted((halves[int(one)], halves[int(other)])))


def _halves(factor: int, count: int, ordered: bool) -> Iterator[tuple[int, tuple[bool, ...]]]:
    """Yield a factor's halves; of a contested claim each reading and the rest."""
    for place in (count // 2,) if ordered else range(count):
        side = tuple(number < place if ordered else number == place for number in range(count))
        yield factor, side
        yield factor, tuple(not one for one in side)


def _peelings(table: Table, start: dict[int, tuple[bool, ...]]) -> Sequence[dict[int, tuple[bool, ...]]]:
    """Return the boxes along the peeling, from some box on."""
    most = max(table.counts)
    hits = table.weights * table.outcome
    left = np.flatnonzero(_inside(start, table))
    kept = np.arange(most) < np.array(table.counts)[:, None]
    for factor, sides in start.items():
        kept[factor, : len(sides)] = sides
    mass, hit = (_counted(table, left, column, most) for column in (table.weights, hits))
    least = LEAST_MASS * float(table.weights.sum())
    boxes: list[dict[int, tuple[bool, ...]]] = []
    while True:
        cut = _best_slice(table, kept, mass, hit, least)
        if cut is None:
            return boxes
        factor, gone = cut
        going = gone[table.bins[factor, left]]
        removed, left = left[going], left[~going]
        mass -= _counted(table, removed, table.weights, most)
        hit -= _counted(table, removed, hits, most)
        kept[factor] &= ~gone
        boxes.append(
            {
                number: tuple(bool(one) for one in kept[number, :count])
                for number, count in enumerate(table.counts)
                if not kept[number, :count].all()
            }
        )


def _counted(table: Table, points: NDArray[np.intp], column: Floats, most: int) -> Floats:
    """Return the sums of a column over the bins of every factor, ``[factors, bins]``."""
    some = column[points]
    return np.stack([np.bincount(bins[points], some, most) for bins in table.bins])


def _best_slice(table: Table, kept: Truths, mass: Floats, hit: Floats, least: float) -> tuple[int, Truths] | None:
    """Return the factor and bins to peel off: the largest rise of the outcome's share for what is given up."""
    whole, hits = float(mass[0].sum()), float(hit[0].sum())
    best: tuple[float, int, Truths] | None = None
    for factor, ordered in enumerate(table.ordered):
        for gone in _slices(kept[factor], mass[factor], whole, ordered):
            lost, lost_hits = float(mass[factor, gone].sum()), float(hit[factor, gone].sum())
            if lost <= 0 or whole - lost < least:
                continue
            rise = (hits - lost_hits) / (whole - lost) - hits / whole
            if rise > 1e-12 and (best is None or rise / lost > best[0]):
                best = (rise / lost, factor, gone)
    return None if best is None else (best[1], best[2])


def _slices(kept: Truths, mass: Floats, whole: float, ordered: bool) -> list[Truths]:
    """Return the slices that may be peeled off one factor: from either end, or one reading."""
    places = np.flatnonzero(kept & (mass > 0))
    if len(places) < 2:
        return []
    if not ordered:
        return [np.arange(len(kept)) == place for place in places]
    found, every = [], np.arange(len(kept))
    for order in (places, places[::-1]):
        enough = int(np.searchsorted(np.cumsum(mass[order]), PEEL * whole)) + 1
        if enough < len(order):
            edge = order[enough - 1]
            found.append(kept & (every <= edge if order is places else every >= edge))
    return found
