"""A small decision tree: the space of assumptions cut in two, and each part again, where the outcome parts most.

Unlike a box, its leaves cover the whole space: they tell where the outcome is rare as well as where it is frequent.

References
----------
L. Breiman, J. H. Friedman, R. A. Olshen, C. J. Stone, "Classification and Regression Trees", Wadsworth (1984).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.exploration.discovery import Table

__all__ = ["Leaf", "grow"]

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Sides = dict[int, tuple[bool, ...]]
DEPTH = 3
LEAST_MASS = 0.05
"""The share of all points that a leaf holds at least."""
SURE = 3.0
"""Standard errors by which two parts must differ among points that the cut was not made from."""


@dataclass(frozen=True)
class Leaf:
    """A part of the space of assumptions that is not cut further.

    Parameters
    ----------
    sides
        For each factor that was cut, which of its bins are inside.
    mass
        The share of all points inside.
    share
        In what share of the points inside the outcome came, judged by points from which no cut was made.
    """

    sides: Sides
    mass: float
    share: float


def grow(found: Table, tested: Table, depth: int = DEPTH) -> tuple[Leaf, ...]:
    """Return the leaves of a tree, those in which the outcome is most frequent first.

    Parameters
    ----------
    found
        The points from which cuts are made.
    tested
        Other points, which must bear each cut out, and from which shares are told.
    depth
        Cuts from the root to a leaf at most.

    Returns
    -------
    tuple
        Shares and counts are those of the points tested.
    """
    leaves = _leaves(found, tested, np.ones(len(found.weights), bool), np.ones(len(tested.weights), bool), {}, depth)
    return tuple(sorted(leaves, key=lambda leaf: -leaf.share))


def _leaves(found: Table, tested: Table, here: Truths, there: Truths, sides: Sides, depth: int) -> list[Leaf]:
    cut = _best_cut(found, here, LEAST_MASS * float(found.weights.sum())) if depth else None
    if cut is not None:
        factor, left = cut
        inner, other = left[tested.bins[factor]], left[found.bins[factor]]
        parts = [_share(tested, there & inner), _share(tested, there & ~inner)]
        apart = abs(parts[0][0] - parts[1][0])
        if apart > SURE * np.hypot(parts[0][1], parts[1][1]):
            count = found.counts[factor]
            before = np.array(sides.get(factor, (True,) * count))
            both = []
            for kept, mine, theirs in ((left, other, inner), (~left, ~other, ~inner)):
                inside = {**sides, factor: tuple(bool(one) for one in before & kept[:count])}
                both += _leaves(found, tested, here & mine, there & theirs, inside, depth - 1)
            return both
    mass = float(tested.weights[there].sum() / tested.weights.sum())
    return [Leaf(sides, mass, _share(tested, there)[0])]


def _share(table: Table, inside: Truths) -> tuple[float, float]:
    """Return the outcome's share among some points, and its standard error; no cut is borne out by no points."""
    weights, outcome = table.weights[inside], table.outcome[inside]
    total = float(weights.sum())
    if total <= 0:
        return 0.0, float("inf")
    share = float(weights[outcome].sum() / total)
    return share, float(np.sqrt((weights**2 * (outcome - share) ** 2).sum())) / total


def _best_cut(table: Table, inside: Truths, least: float) -> tuple[int, Truths] | None:
    """Return the factor and the bins on one side of the cut that parts the outcome most."""
    points = np.flatnonzero(inside)
    weights = table.weights[points]
    hits = weights * table.outcome[points]
    whole, every = float(weights.sum()), float(hits.sum())
    best: tuple[float, int, Truths] | None = None
    for factor, (count, ordered) in enumerate(zip(table.counts, table.ordered, strict=True)):
        where = table.bins[factor, points]
        mass, hit = np.bincount(where, weights, count), np.bincount(where, hits, count)
        order = np.arange(count) if ordered else np.argsort(hit / np.maximum(mass, 1e-300), kind="stable")
        low, low_hit = np.cumsum(mass[order])[:-1], np.cumsum(hit[order])[:-1]
        may = (low >= least) & (whole - low >= least)
        if not may.any():
            continue
        rest, rest_hit = np.maximum(whole - low, 1e-300), every - low_hit
        gain = np.where(may, low_hit**2 / np.maximum(low, 1e-300) + rest_hit**2 / rest, -np.inf)
        place = int(gain.argmax())
        if best is None or gain[place] > best[0]:
            left = np.zeros(256, bool)
            left[order[: place + 1]] = True
            best = (float(gain[place]), factor, left)
    return None if best is None else (best[1], best[2])
