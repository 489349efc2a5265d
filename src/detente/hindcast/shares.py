"""What may be scored as a probability, and as shares among alternatives: anything else is refused."""

from __future__ import annotations

import math
from collections.abc import Mapping

__all__ = ["refuse_no_probability", "refuse_no_shares"]

ROUNDING = 1e-6


def refuse_no_probability(probability: float) -> None:
    """Refuse what is no probability.

    Raises
    ------
    ValueError
        If it is no number from 0 to 1.
    """
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"a probability goes from 0 to 1, came {probability}")


def refuse_no_shares(shares: Mapping[str, float], outcome: str) -> None:
    """Refuse shares that do not add up to one, or know nothing of what came.

    Raises
    ------
    ValueError
        If a share is no probability, if they do not add up to 1, or if the outcome is none of the alternatives.
    """
    for share in shares.values():
        refuse_no_probability(share)
    total = math.fsum(shares.values())
    if abs(total - 1.0) > ROUNDING:
        raise ValueError(f"shares of alternatives add up to 1, came {total}")
    if outcome not in shares:
        raise ValueError(f"'{outcome}' came, which is none of the alternatives: {', '.join(shares)}")
