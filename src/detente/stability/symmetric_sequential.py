"""Symmetric sequential stability: whoever improves meets an answer that the others like to give, and no way out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Conflict
from detente.stability.sanction_reachability import least_reached

__all__ = ["symmetric_sequential"]


def symmetric_sequential(conflict: Conflict, sanctions: str = "legal") -> NDArray[np.bool_]:
    """Find the states that each decision maker stays in because the others would answer so that it has no way out.

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
       others can go from :math:`s_1`, each single move an improvement for the one who makes it, to some :math:`s_2`
       that :math:`i` does not rank above :math:`s`,
    2. and from which :math:`i` cannot move to any :math:`s_3` that it ranks above :math:`s`.

    References
    ----------
    Rêgo and Vieira (2017), "Symmetric sequential stability in the graph model for conflict resolution with multiple
    decision makers", *Group Decision and Negotiation* 26.
    """
    stable = []
    for i, (moves, ranks) in enumerate(zip(conflict.moves, conflict.ranks, strict=True)):
        escaped = np.maximum(ranks, moves.most(ranks))
        worst = least_reached(escaped, conflict.improvements, conflict.others([i]), sanctions)
        stable.append(moves.most(np.minimum(ranks, worst)) <= ranks)
    return np.stack(stable)
