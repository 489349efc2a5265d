"""The logarithmic score: how surprising what came was to the forecast."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.hindcast.shares import refuse_no_probability, refuse_no_shares

__all__ = ["logarithmic", "logarithmic_of_shares"]

BACKEND = "numpy"  # the library takes numba where it finds it, which may differ in the last bit


def logarithmic(probability: float, outcome: bool) -> float:
    """Return how surprising what came was: minus the natural logarithm of the probability it had been given.

    ``-log(probability if outcome else 1 - probability)``: 0 for a sure forecast that was right, 0.69 for even odds,
    infinite for a sure one that was wrong. Lower is better.

    Parameters
    ----------
    probability
        That the answer is yes, from 0 to 1.
    outcome
        Whether it was.

    Raises
    ------
    ValueError
        If the probability is no number from 0 to 1.

    References
    ----------
    I. J. Good, "Rational decisions", J. Royal Statistical Society B 14 (1952).
    """
    import scoringrules  # a third of a second that a plain run does not need

    refuse_no_probability(probability)
    with np.errstate(divide="ignore"):  # the logarithm of nothing is the infinity that is meant
        return float(scoringrules.log_score(float(outcome), float(probability), backend=BACKEND)) + 0.0


def logarithmic_of_shares(shares: Mapping[str, float], outcome: str) -> float:
    """Return minus the natural logarithm of the share that the alternative which came had been given.

    Parameters
    ----------
    shares
        For each alternative its share; together 1.
    outcome
        The alternative that came.

    Raises
    ------
    ValueError
        If the shares are none, or the outcome is no alternative.

    References
    ----------
    I. J. Good, "Rational decisions", J. Royal Statistical Society B 14 (1952).
    """
    refuse_no_shares(shares, outcome)
    return logarithmic(shares[outcome], True)
