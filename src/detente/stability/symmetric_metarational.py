"""Symmetric metarationality: whoever improves can be made to regret it, and has no way out afterwards."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Conflict
from detente.stability.sanction_reachability import least_reached

__all__ = ["symmetric_metarational"]


def symmetric_metarational(conflict: Conflict, sanctions: str = "legal") -> NDArray[np.bool_]:
    """Find the states that each decision maker stays in because the others could answer so that it has no way out.

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
    2. and from which :math:`i` cannot move to any :math:`s_3` that it ranks above :math:`s`.
    3. So the worth of :math:`s_2` to :math:`i` is the best of :math:`s_2` and of what it can move to from there, and
       the least such worth is compared, as in general metarationality.

    References
    ----------
    Howard (1971), *Paradoxes of Rationality*; for several opponents Fang, Hipel and Kilgour (1993), *Interactive
    Decision Making: The Graph Model for Conflict Resolution*, sections 3.3 and 3.5.
    """
    stable = []
    for i, (moves, ranks) in enumerate(zip(conflict.moves, conflict.ranks, strict=True)):
        escaped = np.maximum(ranks, moves.most(ranks))
        worst = least_reached(escaped, conflict.moves, conflict.others([i]), sanctions)
        stable.append(moves.most(np.minimum(ranks, worst)) <= ranks)
    return np.stack(stable)
