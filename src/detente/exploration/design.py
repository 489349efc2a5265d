"""The points at which a sensitivity study runs a model: two independent samples, and mixtures of the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["PairedDesign", "paired_design"]

Floats = NDArray[np.float64]
BITS = 30
"""Binary digits of each coordinate."""
PARTS, FEWEST_IN_A_PART = 16, 8
"""Scramblings of a design, and rows below which it has fewer of them."""


@dataclass(frozen=True)
class PairedDesign:
    """Two independent samples of the same factors, row by row.

    Parameters
    ----------
    first, second
        Cumulative probabilities strictly between 0 and 1, ``[rows, factors]``: Saltelli's A and B.
    parts
        Into how many parts the rows fall, each made independently of the others; rows belong to them in turn.

    References
    ----------
    A. Saltelli and others, "Variance based sensitivity analysis of model output", Computer Physics Communications 181
    (2010).
    """

    first: Floats
    second: Floats
    parts: int = 1

    @property
    def rows(self) -> int:
        """How many pairs of points there are."""
        return len(self.first)

    def mixed(self, columns: Sequence[int], rows: int | None = None) -> Floats:
        """Return the first sample with some factors taken from the second, ``[rows, factors]``: Saltelli's AB.

        It shares all other factors with the first sample, and these factors with the second.
        """
        points = self.first[:rows].copy()
        chosen = list(columns)
        points[:, chosen] = self.second[:rows][:, chosen]
        return points


def paired_design(rows: int, factors: int, seed: int) -> PairedDesign:
    """Return a design of scrambled Sobol numbers, whose points fill the space more evenly than chance would.

    How much more evenly no formula tells. So there are several scramblings, each independent of the others: how far
    they lie apart tells the error of what they say together.

    Parameters
    ----------
    rows
        Pairs of points; a power of 2, or the points lose their evenness.
    factors
        How many numbers the model takes.
    seed
        Of the scrambling.

    Returns
    -------
    PairedDesign
        Two samples of cumulative probabilities, ``[rows, factors]``, strictly between 0 and 1.

    Raises
    ------
    ValueError
        If ``rows`` is no power of 2.

    References
    ----------
    P. L'Ecuyer, C. Lemieux, "Recent advances in randomized quasi-Monte Carlo methods", in Modeling Uncertainty,
    Kluwer (2002).
    """
    if rows < 1 or rows & (rows - 1):
        raise ValueError(f"{rows} rows: Sobol numbers come in powers of 2")
    from scipy.stats import qmc  # half a second that a plain run does not need

    parts = min(max(rows // FEWEST_IN_A_PART, 1), PARTS)
    if not factors:
        empty = np.zeros((rows, 0))
        return PairedDesign(empty, empty, parts)
    made = [
        qmc.Sobol(2 * factors, scramble=True, bits=BITS, rng=luck).random(rows // parts)
        for luck in np.random.default_rng(seed).spawn(parts)
    ]
    points = np.stack(made, axis=1).reshape(rows, -1) + 0.5 ** (BITS + 1)  # the middle of each cell: never 0
    return PairedDesign(points[:, :factors], points[:, factors:], parts)
