"""How choices stand up across draws in which different things are true, luck averaged out first.

Everything is in the own unit of a measure, one at a time: nothing is folded into a score. Whether more or less of a
measure is wanted differs between parties, so what depends on it is given both ways.

References
----------
J. D. Herman, P. M. Reed, H. B. Zeff, G. W. Characklis, "How should robustness be defined for water systems planning
under change?", J. Water Resources Planning and Management 141 (2015).
J. R. Kasprzyk, S. Nataraj, P. M. Reed, R. J. Lempert, "Many objective robust decision making for complex environmental
systems undergoing change", Environmental Modelling & Software 42 (2013).
R. J. Lempert, S. W. Popper, S. C. Bankes, "Shaping the next one hundred years", RAND (2003).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.results import weighted_quantile

__all__ = ["HIGH", "LOW", "luck_averaged", "meets", "percentiles", "regret_from_best", "regret_from_middle"]

Floats = NDArray[np.float64]
LOW, HIGH = 0.1, 0.9
"""The percentiles by which a choice is judged: not by its worst draw, which is a matter of how many are drawn."""


def luck_averaged(answers: Floats, weights: Floats) -> Floats:
    """Return each draw's answer averaged over its replicates, drawn together by the noise that few of them leave.

    Parameters
    ----------
    answers
        ``[choices, draws, replicates]``.
    weights
        Of the draws, ``[draws]``.
    """
    means = answers.mean(axis=2)
    replicates = answers.shape[2]
    if replicates < 2:
        return np.asarray(means)
    share = weights / max(float(weights.sum()), 1e-300)
    noise = answers.var(axis=2, ddof=1) @ share / replicates
    centre = (means @ share)[:, None]
    spread = (means - centre) ** 2 @ share
    kept = np.sqrt(np.clip(1 - noise / np.maximum(spread, 1e-300), 0, 1))
    return np.asarray(centre + kept[:, None] * (means - centre))


def percentiles(values: Floats, weights: Floats) -> tuple[float, float, float]:
    """Return the 10th, 50th and 90th percentile of a choice's answer across draws (Lempert's percentile robustness)."""
    low, middle, high = weighted_quantile(values, weights, (LOW, 0.5, HIGH))
    return float(low), float(middle), float(high)


def regret_from_middle(values: Floats, middle: float, weights: Floats) -> float:
    """Return how far a choice's answer goes from what it is with every number at its middle (regret of type 1).

    It is the 90th percentile across draws (Kasprzyk and others 2013), in the answer's unit.

    Parameters
    ----------
    values
        The choice's answer in each draw, ``[draws]``.
    middle
        Its answer with every number at its middle.
    weights
        Of the draws, ``[draws]``.

    Returns
    -------
    float
        In the answer's unit, 0 or more.
    """
    return float(weighted_quantile(np.abs(values - middle), weights, (HIGH,))[0])


def regret_from_best(values: Floats, weights: Floats, more: bool) -> Floats:
    """Return how much each choice falls short of the one that does best in the same draw (regret of type 2, Savage).

    It is the 90th percentile across draws, in the answer's unit.

    Parameters
    ----------
    values
        ``[choices, draws]``.
    weights
        Of the draws, ``[draws]``.
    more
        Whether more is wanted, or less.

    Returns
    -------
    array
        In the answer's unit, 0 or more, ``[choices]``.
    """
    signed = values if more else -values
    short = signed.max(axis=0) - signed
    return np.array([weighted_quantile(row, weights, (HIGH,))[0] for row in short])


def meets(values: Floats, required: float, weights: Floats, more: bool) -> float:
    """Return in what share of draws a choice meets a requirement (the domain criterion of satisficing, Starr 1962).

    Parameters
    ----------
    values
        The choice's answer in each draw, ``[draws]``.
    required
        The requirement, in the answer's unit.
    weights
        Of the draws, ``[draws]``.
    more
        Whether the answer must be as much or more, or as much or less.

    Returns
    -------
    float
        From 0 to 1.
    """
    met = values >= required if more else values <= required
    return float(weights[met].sum() / max(float(weights.sum()), 1e-300))
