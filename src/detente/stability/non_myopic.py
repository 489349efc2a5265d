"""Non-myopic stability: however far everybody looks ahead, from some distance on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Conflict
from detente.stability.limited_move import STAYS, Foresight, foresights

__all__ = ["non_myopic"]

SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""An odd number whose multiples lie evenly among 64-bit numbers."""


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
    shape = (len(conflict.makers), len(conflict.makers), conflict.count)
    weights = (np.arange(1, np.prod(shape) + 1, dtype=np.uint64) * SPREAD | np.uint64(1)).view(np.int64).reshape(shape)
    seen: dict[int, int] = {}
    again: Foresight | None = None
    length, stable = 0, np.empty(0, bool)
    for horizon, foresight in enumerate(foresights(conflict)):
        if again is None:
            # Horizons are told apart by a number, which is quick and may mistake one for another.
            number = int((foresight * weights).sum())
            before = seen.setdefault(number, horizon)
            if before < horizon:
                again, length, stable = foresight, horizon - before, np.ones_like(foresight[:, 0], bool)
            continue
        # So a second round has to confirm it, and its stable states are those looked for.
        stable &= foresight[:, 0] == STAYS
        if horizon - seen[number] == 2 * length:
            if np.array_equal(foresight, again):
                return stable
            again = None
    raise AssertionError("foresight has no end")
