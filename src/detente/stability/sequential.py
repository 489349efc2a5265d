"""Sequential stability: whoever improves meets an answer that the others like to give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Conflict
from detente.stability.sanction_reachability import least_reached

__all__ = ["sequential"]


def sequential(conflict: Conflict, sanctions: str = "legal") -> NDArray[np.bool_]:
    """Find the states that each decision maker stays in for fear of what the others would do for their own good.

    Parameters
    ----------
    conflict
        The conflict.
    sanctions
        The rule of sanctioning sequences, as :func:`detente.stability.sanction_reachability.least_reached` has it.

    Returns
    -------
    array
        Whether each state is stable for each decision maker, ``[makers, states]``.

    Notes
    -----
    1. State :math:`s` is stable for :math:`i` iff for each improvement :math:`s_1` of :math:`i` from :math:`s` the
       others can go from :math:`s_1` to some :math:`s_2` that :math:`i` does not rank above :math:`s`,
    2. by a sequence in which each single move is an improvement for the one who makes it, over the state it leaves.

    References
    ----------
    Fraser and Hipel (1979), "Solving complex conflicts", *IEEE Transactions on Systems, Man, and Cybernetics* 9; for
    several opponents Fang, Hipel and Kilgour (1993), *Interactive Decision Making: The Graph Model for Conflict
    Resolution*, sections 3.3 and 3.5.
    """
    stable = []
    for i, ranks in enumerate(conflict.ranks):
        worst = least_reached(ranks, conflict.improvements, conflict.others([i]), sanctions)
        stable.append(conflict.moves[i].most(np.minimum(ranks, worst)) <= ranks)
    return np.stack(stable)
