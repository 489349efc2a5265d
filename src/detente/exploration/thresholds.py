"""Tipping points: where along a factor's range an answer crosses even odds, everything else varying as it does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.exploration.result import HALF, Index

__all__ = ["Crossing", "crossing"]

Floats = NDArray[np.float64]
ENDS = (0.02, 0.98)
"""Where along its range a factor counts as low and as high."""


@dataclass(frozen=True)
class Crossing:
    """A share of worlds along one factor.

    Parameters
    ----------
    at_low, at_high
        The share at the low and at the high end of the factor's range.
    at
        The cumulative probability of the factor at which the share crosses one half, with its interval; None where
        both ends lie on one side, or cannot be told from one half.
    """

    at_low: Index
    at_high: Index
    at: Index | None


def crossing(shares: Floats, weights: Floats, uniforms: Floats) -> Crossing | None:
    """Return where a share of worlds crosses one half along a factor.

    A parabola is laid through the points by least squares; its errors allow for points of unequal spread.

    Parameters
    ----------
    shares, weights, uniforms
        Of each point: its answer from 0 to 1, how much it counts, and where it lies along the factor, ``[points]``.

    Returns
    -------
    Crossing or None
        The answer at both ends and, where they lie on two sides of one half, the place between, as a cumulative
        probability of the factor; None where the points do not settle a parabola.
    """
    basis = np.stack([np.ones_like(uniforms), uniforms, uniforms**2])
    gram = (basis * weights) @ basis.T
    if np.linalg.cond(gram) > 1e12:
        return None
    inverse = np.linalg.inv(gram)
    fit = inverse @ ((basis * weights) @ shares)
    left = (shares - fit @ basis) * weights
    spread = inverse @ ((basis * left**2) @ basis.T) @ inverse

    def at(u: float) -> tuple[float, float]:
        row = np.array([1.0, u, u * u])
        return float(row @ fit), float(np.sqrt(max(row @ spread @ row, 0.0)))

    ends = [at(u) for u in ENDS]
    low, high = (Index(min(max(v, 0.0), 1.0), v - HALF * e, v + HALF * e) for v, e in ends)
    sides = [1 if index.low > 0.5 else -1 if index.high < 0.5 else 0 for index in (low, high)]
    if sides[0] * sides[1] >= 0:
        return Crossing(low, high, None)
    even = np.linspace(*ENDS, 2_001)
    curve = fit[0] + fit[1] * even + fit[2] * even**2
    place = int(np.flatnonzero(np.diff(np.sign(curve - 0.5)))[0])
    u = float(even[place])
    error = at(u)[1] / max(abs(float(fit[1] + 2 * fit[2] * u)), 1e-9)
    return Crossing(low, high, Index(u, max(u - HALF * error, 0.0), min(u + HALF * error, 1.0)))
