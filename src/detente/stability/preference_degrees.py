"""Strong and weak stability: whether an improvement is answered by something much worse, or merely by no better."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from detente.stability.concepts import stable_states
from detente.stability.conflict import Conflict
from detente.stability.sanction_reachability import least_reached

__all__ = ["DEGREES", "SANCTIONED", "preference_degrees"]

DEGREES = ("strong", "weak")
SANCTIONED = ("gmr", "smr", "seq", "sseq")
"""The concepts under which improvements can be answered, and so more or less strongly."""


def preference_degrees(conflict: Conflict, sanctions: str = "legal") -> Mapping[str, Mapping[str, NDArray[np.bool_]]]:
    """Tell states that are held by something much worse from those that are held by something no better.

    Parameters
    ----------
    conflict
        The conflict, with the levels of each decision maker.
    sanctions
        The rule of sanctioning sequences.

    Returns
    -------
    dict
        For ``strong`` and ``weak``, by concept, whether each state is stable in that way for each decision maker,
        ``[makers, states]``. A state is a strong equilibrium where it is strongly stable for everybody, and a weak one
        where it is stable for everybody and weakly for somebody.

    Raises
    ------
    RequestError
        If there is no such rule.

    Notes
    -----
    Write s ≫ t where s lies on a higher level than t.

    1. s is strongly GMR for i if each improvement s1 of i can be answered by some s2 in ``R_{N-i}(s1)`` with s ≫ s2.
    2. It is strongly SMR if also s ≫ s3 for all s3 that i can move to from s2.
    3. It is strongly SEQ or SSEQ if the same can be done by a sequence of improvements of the others.
    4. It is weakly stable under a concept if it is stable and not strongly. Where i has no improvement there is
       nothing to answer, and it is strongly stable.

    References
    ----------
    L. Hamouda, D. M. Kilgour, K. W. Hipel, "Strength of preference in the graph model for conflict resolution", Group
    Decision and Negotiation 13 (2004); for several decision makers, the same authors, "Strength of preference in graph
    models for multiple-decision-maker conflicts", Applied Mathematics and Computation 179 (2006).
    """
    plain = stable_states(conflict, SANCTIONED, sanctions)
    strong: dict[str, list[NDArray[np.bool_]]] = {concept: [] for concept in SANCTIONED}
    for i, (moves, levels) in enumerate(zip(conflict.moves, conflict.levels, strict=True)):
        others = conflict.others([i])
        left = np.maximum(levels, moves.most(levels))
        for concept in SANCTIONED:
            answers = conflict.moves if concept in ("gmr", "smr") else conflict.improvements
            worst = least_reached(levels if concept in ("gmr", "seq") else left, answers, others, sanctions)
            strong[concept].append(conflict.improvements[i].most(worst) < levels)
    strongly = {concept: np.stack(each) for concept, each in strong.items()}
    return {"strong": strongly, "weak": {concept: plain[concept] & ~strongly[concept] for concept in SANCTIONED}}
