"""The continuous ranked probability score: how far a distribution lies from what came, in the unit of the answer."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["crps"]

BACKEND = "numpy"  # the library takes numba where it finds it, which may differ in the last bit
ESTIMATOR = "qd"
"""The quantile decomposition: exact for a weighted sample, and its memory grows with the members, not their square."""


def crps(values: NDArray[Any], weights: NDArray[Any], outcome: float) -> float:
    """Return how far a weighted sample lies from what came, in the sample's unit.

    ``E|X - y| - E|X - X'| / 2``, where ``X`` and ``X'`` are drawn from the sample by weight and ``y`` is what came. For
    a sample of one value it is the distance from it. Lower is better.

    Parameters
    ----------
    values
        The sample, ``[n]``, in the unit of the answer.
    weights
        What each counts for, ``[n]``: none negative, not all zero.
    outcome
        What came, in the same unit.

    Returns
    -------
    float
        0 or more; 0 where the whole sample lies on what came.

    Raises
    ------
    ValueError
        If a value of weight, a weight or the outcome is not finite, a weight is negative, or none is above zero.

    References
    ----------
    J. E. Matheson, R. L. Winkler, "Scoring rules for continuous probability distributions", Management Science 22
    (1976). T. Gneiting, A. E. Raftery, J. American Statistical Association 102 (2007), equation 21.
    """
    import scoringrules  # a third of a second that a plain run does not need

    weight = np.asarray(weights, np.float64)
    if not (np.isfinite(weight).all() and (weight >= 0).all() and weight.sum() > 0):
        raise ValueError("weights are finite, none negative and not all zero")
    counts = weight > 0
    value, weight = np.asarray(values, np.float64)[counts], weight[counts]
    if not (np.isfinite(value).all() and math.isfinite(outcome)):
        raise ValueError("values and what came are finite")
    found = scoringrules.crps_ensemble(
        np.float64(outcome), value, ens_w=weight / weight.sum(), estimator=ESTIMATOR, backend=BACKEND
    )
    return max(float(found), 0.0)  # rounding may leave it a hair below nothing
