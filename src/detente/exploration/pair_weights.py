"""How much a pair of points counts, where worlds are weighted by how well they follow what was known.

Weights make the factors' distribution another one than the declared. As far as a weight is a product of one part for
each factor, the factors stay independent under it, and a pair that shares some of them counts as much as a draw of the
shared ones, times one draw of the rest for each of its two points.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.exploration.given_data import BINS, between_cells, bins_for, bins_of, cells, means_of_groups

__all__ = ["PairWeights", "pair_weights"]

Floats = NDArray[np.float64]
Sides = NDArray[np.bool_]
TELLING = 3.0
"""Standard errors beyond which weights are taken to depend on a factor."""


@dataclass(frozen=True)
class PairWeights:
    """What each factor contributes to the logarithm of a world's weight.

    Parameters
    ----------
    first, second
        At the points of a design's two samples, ``[factors, rows]``.
    """

    first: Floats
    second: Floats

    @cached_property
    def spread(self) -> Floats:
        """How much each factor makes weights differ, ``[factors]``."""
        return np.asarray(self.first.var(axis=1))

    def weights(self, one: Floats, other: Floats, sides: tuple[Sides, Sides]) -> Floats:
        """Return how much each pair counts, ``[rows]``.

        Parameters
        ----------
        one, other
            The two worlds' log weights.
        sides
            For each of the two worlds, which factors come from the second sample, ``[factors]``: where the two agree,
            a factor is shared.

        Returns
        -------
        array
            Relative to the pair that counts most, which is 1.
        """
        rows = len(one)
        if not rows:
            return np.zeros(0)
        apart = sides[0] != sides[1]
        first, second = self.first[:, :rows], self.second[:, :rows]
        spread = self.spread
        if spread[apart].sum() <= spread[~apart].sum():
            # sqrt(w w') holds what is shared once, and half of each side of the rest: the other halves are added.
            log = (one + other + first[apart].sum(axis=0) + second[apart].sum(axis=0)) / 2
        else:
            shared = first[~apart & ~sides[0]].sum(axis=0) + second[~apart & sides[0]].sum(axis=0)
            log = one + other - shared  # w w' holds what is shared twice
        return np.asarray(np.exp(log - log.max()))


def pair_weights(points: tuple[Floats, Floats], log_weights: tuple[Floats, Floats], parts: int) -> PairWeights:
    """Return what each factor contributes to the weights, by the mean weight in bins of its range.

    Parameters
    ----------
    points
        A design's two samples, each ``[rows, factors]``.
    log_weights
        Of the worlds there.
    parts
        Into how many independent parts the rows fall, to which they belong in turn.

    Returns
    -------
    PairWeights
        0 for factors on which weights do not depend beyond chance.
    """
    rows, columns = points[0].shape
    log = np.concatenate(log_weights)
    weights = np.exp(log - log.max(initial=-np.inf))
    found = np.zeros((2, columns, rows))
    if np.ptp(weights) > 0:
        ones, count = np.ones(2 * rows), min(bins_for(2 * rows), 2 * BINS)
        for column in range(columns):
            where = bins_of(np.concatenate([points[0][:, column], points[1][:, column]]), count)
            told = between_cells(*cells(weights[:, None], ones, where, count, parts), ordered=False)
            if told.value[0] > TELLING * told.error[0]:
                means = means_of_groups(weights, ones, where, count)
                part = np.log(np.maximum(means, 1e-12) / weights.mean())
                found[:, column] = part[where].reshape(2, rows)
    return PairWeights(found[0], found[1])
