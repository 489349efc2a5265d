"""The Brier score: the squared distance of a probability from what came."""

from __future__ import annotations

from collections.abc import Mapping

from detente.hindcast.shares import refuse_no_probability, refuse_no_shares

__all__ = ["brier", "brier_of_shares"]

BACKEND = "numpy"  # the library takes numba where it finds it, which may differ in the last bit


def brier(probability: float, outcome: bool) -> float:
    """Return the squared distance of a probability from what came.

    ``(probability - outcome) ** 2``: 0 for a sure forecast that was right, 0.25 for even odds, 1 for a sure one that
    was wrong. Lower is better.

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
    G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950).
    """
    import scoringrules  # a third of a second that a plain run does not need

    refuse_no_probability(probability)
    return float(scoringrules.brier_score(float(outcome), float(probability), backend=BACKEND))


def brier_of_shares(shares: Mapping[str, float], outcome: str) -> float:
    """Return half the squared distance of shares among alternatives from what came.

    ``sum((share - came) ** 2) / 2`` over the alternatives. The half, which Brier did not take, makes two alternatives
    score as one yes/no, so that both kinds can be averaged. From 0 to 1; lower is better.

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
    G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950).
    """
    refuse_no_shares(shares, outcome)
    return sum(brier(share, name == outcome) for name, share in shares.items()) / 2
