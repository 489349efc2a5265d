"""General metarationality: whoever improves can be made to regret it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Conflict
from detente.stability.sanction_reachability import least_reached

__all__ = ["general_metarational"]


def general_metarational(conflict: Conflict, sanctions: str = "legal") -> NDArray[np.bool_]:
    """Find the states that each decision maker stays in for fear of what the others could do, whatever it costs them.

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
    1. State :math:`s` is stable for :math:`i` iff each improvement :math:`s_1` of :math:`i` from :math:`s` is
       sanctioned: the others can go from :math:`s_1` to some :math:`s_2` that :math:`i` does not rank above :math:`s`.
    2. A sequence of the others that comes back to :math:`s` itself is a sanction like any other.
    3. Only the worst they can bring about counts: :math:`s` is stable iff no state that :math:`i` can move to is, both
       itself and at its worst afterwards, ranked above :math:`s`.

    References
    ----------
    Howard (1971), *Paradoxes of Rationality*; for several opponents Fang, Hipel and Kilgour (1993), *Interactive
    Decision Making: The Graph Model for Conflict Resolution*, sections 3.3 and 3.5.
    """
    stable = []
    for i, ranks in enumerate(conflict.ranks):
        worst = least_reached(ranks, conflict.moves, conflict.others([i]), sanctions)
        stable.append(conflict.moves[i].most(np.minimum(ranks, worst)) <= ranks)
    return np.stack(stable)
