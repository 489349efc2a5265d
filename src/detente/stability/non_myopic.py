"""Non-myopic stability: however far everybody looks ahead, from some distance on."""

from __future__ import annotations

from hashlib import blake2b
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Conflict
from detente.stability.limited_move import STAYS, foresights

__all__ = ["non_myopic"]


def non_myopic(conflict: Conflict) -> NDArray[np.bool_]:
    """Find the states that each decision maker would not leave, however far ahead everybody looks from some horizon on.

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
    1. State :math:`s` is non-myopically stable for :math:`i` iff there is some horizon such that it is stable in
       limited moves for this and for every greater horizon.
    2. What is foreseen at one horizon follows from what is foreseen at the one before. Sooner or later it is as it was
       at an earlier horizon, and from there on it repeats itself.
    3. So :math:`s` is stable iff it is stable at every horizon from one occurrence to the next.

    References
    ----------
    Brams and Wittman (1981), "Nonmyopic equilibria in 2×2 games", *Conflict Management and Peace Science* 6; Kilgour
    (1984), "Equilibria for far-sighted players", *Theory and Decision* 16; Fang, Hipel and Kilgour (1993), *Interactive
    Decision Making: The Graph Model for Conflict Resolution*, chapter 4.
    """
    seen: dict[bytes, int] = {}
    coming = foresights(conflict)
    for horizon, foresight in enumerate(coming):
        before = seen.setdefault(blake2b(foresight.tobytes(), digest_size=16).digest(), horizon)
        if before < horizon:
            # Only what tells horizons apart was kept; one more round gives what is stable in it.
            stable = np.ones((len(conflict.makers), conflict.count), bool)
            for again in islice(coming, horizon - before):
                stable &= again[:, 0] == STAYS
            return stable
    raise AssertionError("foresight has no end")
