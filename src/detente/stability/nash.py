"""Nash stability: nobody gains by moving alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Conflict

__all__ = ["nash"]


def nash(conflict: Conflict) -> NDArray[np.bool_]:
    """Find the states that each decision maker has no better state to move to.

    Parameters
    ----------
    conflict
        The conflict.

    Returns
    -------
    array
        Whether each state is stable for each decision maker, ``[makers, states]``.

    Notes
    -----
    1. The improvements of decision maker :math:`i` from :math:`s` are the states it can move to and ranks above
       :math:`s`.
    2. State :math:`s` is Nash stable for :math:`i` iff there are none.

    References
    ----------
    Nash (1950), "Equilibrium points in n-person games", *PNAS* 36; as rationality (R) in Fang, Hipel and Kilgour
    (1993), *Interactive Decision Making: The Graph Model for Conflict Resolution*, section 3.3.
    """
    return np.stack([moves.most(ranks) <= ranks for moves, ranks in zip(conflict.moves, conflict.ranks, strict=True)])
