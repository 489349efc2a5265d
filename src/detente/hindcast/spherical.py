"""The spherical score: the share given to what came, against the length of all shares."""

from __future__ import annotations

import math
from collections.abc import Mapping

from detente.hindcast.shares import refuse_no_probability, refuse_no_shares

__all__ = ["spherical", "spherical_of_shares"]


def spherical(probability: float, outcome: bool) -> float:
    """Return the spherical score of a yes/no as a loss.

    ``1 - q / sqrt(p ** 2 + (1 - p) ** 2)``, where ``q`` is what the forecast gave to what came: 0 for a sure forecast
    that was right, 0.29 for even odds, 1 for a sure one that was wrong. Lower is better. The library has no such score.

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
    T. Gneiting, A. E. Raftery, "Strictly proper scoring rules, prediction, and estimation", J. American Statistical
    Association 102 (2007), section 3.
    """
    refuse_no_probability(probability)
    return 1.0 - (probability if outcome else 1.0 - probability) / math.hypot(probability, 1.0 - probability)


def spherical_of_shares(shares: Mapping[str, float], outcome: str) -> float:
    """Return the spherical score of shares among alternatives as a loss.

    ``1 - share of what came / sqrt(sum(share ** 2))``; from 0 to 1, lower is better.

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
    T. Gneiting, A. E. Raftery, "Strictly proper scoring rules, prediction, and estimation", J. American Statistical
    Association 102 (2007), section 3.
    """
    refuse_no_shares(shares, outcome)
    return 1.0 - shares[outcome] / math.hypot(*shares.values())
