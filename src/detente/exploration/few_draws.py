"""How far an interval reaches that rests on few draws, or on few that count for much: by Student's t.

The standard error of a weighted mean is estimated from the draws themselves. With few of them it is itself uncertain,
and where some weigh more than others too small on average, so that 1.96 of it on either side hold the truth less
often than they say. Both are mended as Satterthwaite and Bell and McCaffrey do: the estimate is freed of its bias,
and the quantile is that of Student's t with as many degrees of freedom as give the estimate its mean and its
variance, were what is looked at normal and spread alike in all draws. With equal weights these are one fewer than
there are draws, as in every textbook.

References
----------
F. E. Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics Bulletin 2 (1946)
110-114; R. M. Bell and D. F. McCaffrey, "Bias reduction in standard errors for linear regression with multi-stage
samples", Survey Methodology 28 (2002) 169-181; L. Kish, "Survey Sampling" (1965), section 11.7.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

__all__ = ["FEWEST", "draws_worth", "errors_either_side"]

Floats = NDArray[np.float64]

FEWEST = 2.0
"""Draws that what counts must be worth: of a single one nobody can tell how it would be with another."""


def draws_worth(weights: Floats) -> float:
    """Return how many equally weighted draws tell as much as weighted ones do, after Kish.

    Parameters
    ----------
    weights
        The weight of each draw, ``[draws]``; none that does not count has any.
    """
    total = float(weights.sum())
    return total**2 / float((weights**2).sum()) if total > 0 else 0.0


def errors_either_side(weights: Floats, level: float = 0.95) -> float:
    """Return how many standard errors an interval of a weighted mean reaches on either side.

    Parameters
    ----------
    weights
        The weight of each draw, ``[draws]``.
    level
        How often the interval is to hold what it is for.

    Returns
    -------
    float
        In standard errors as :class:`detente.dynamics.estimates.Estimate` reckons them from all these draws; infinite
        where they are worth fewer than two.
    """
    if draws_worth(weights) < FEWEST - 1e-9:
        return math.inf
    # With shares p the estimate is a quadratic form in M = D + UCU', D = diag(p^2), U = [p, p^2]: its mean is the trace
    # of M, and its variance twice that of MM. Of p only sums of powers are in them.
    shares = weights / weights.sum()
    power = [float((shares**k).sum()) for k in range(7)]
    between = np.array([[power[2], -1.0], [-1.0, 0.0]])
    plain = between @ np.array([[power[2], power[3]], [power[3], power[4]]])
    through = between @ np.array([[power[4], power[5]], [power[5], power[6]]])
    mean = power[2] - 2 * power[3] + power[2] ** 2
    half_variance = power[4] + 2 * float(np.trace(through)) + float(np.trace(plain @ plain))
    unbiased = math.sqrt(power[2] / mean * (len(weights) - 1) / len(weights))
    return float(stdtrit(mean**2 / half_variance, 0.5 + level / 2)) * unbiased
