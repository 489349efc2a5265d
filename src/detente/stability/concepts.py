"""The stability concepts for single decision makers, by the names that results and commands use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError, nearest
from detente.stability.conflict import Conflict
from detente.stability.general_metarational import general_metarational
from detente.stability.limited_move import limited_move
from detente.stability.nash import nash
from detente.stability.non_myopic import non_myopic
from detente.stability.sanction_reachability import SANCTIONS
from detente.stability.sequential import sequential
from detente.stability.simultaneous import simultaneous
from detente.stability.symmetric_metarational import symmetric_metarational
from detente.stability.symmetric_sequential import symmetric_sequential

__all__ = ["CONCEPTS", "HORIZONS", "Concept", "concept_of", "stable_states"]

Stable = NDArray[np.bool_]


@dataclass(frozen=True)
class Concept:
    """A stability concept: its name in results, its title, and whether sequences of sanctions enter it.

    ``function`` takes a conflict, and a rule of sanctions where these enter, and gives ``[makers, states]``.
    """

    name: str
    title: str
    function: Callable[..., Stable]
    has_sanctions: bool = False


HORIZONS = (2, 3)
"""The horizons of limited moves that are looked at unless others are asked for."""


def _limited(horizon: int) -> Concept:
    return Concept(f"l{horizon}", f"limited moves, horizon {horizon}", partial(limited_move, horizon=horizon))


CONCEPTS: Mapping[str, Concept] = {
    concept.name: concept
    for concept in (
        Concept("nash", "Nash", nash),
        Concept("gmr", "general metarational", general_metarational, has_sanctions=True),
        Concept("smr", "symmetric metarational", symmetric_metarational, has_sanctions=True),
        Concept("seq", "sequential", sequential, has_sanctions=True),
        Concept("sseq", "symmetric sequential", symmetric_sequential, has_sanctions=True),
        Concept("sim", "simultaneous", simultaneous),
        *(_limited(horizon) for horizon in HORIZONS),
        Concept("non_myopic", "non-myopic", non_myopic),
    )
}
"""The concepts that are looked at unless others are asked for, in the order in which they are shown."""


def concept_of(name: str) -> Concept:
    """Return the concept of a name: one of ``CONCEPTS``, or ``l4`` for limited moves of horizon 4, and so on.

    Raises
    ------
    RequestError
        If there is no such concept.
    """
    if name in CONCEPTS:
        return CONCEPTS[name]
    if re.fullmatch("l[1-9][0-9]{0,3}", name):
        return _limited(int(name[1:]))
    guess = nearest(name, list(CONCEPTS))
    raise RequestError(
        f"there is no stability concept '{name}'; "
        + (guess or f"there are {', '.join(CONCEPTS)}, and l4, l5 and so on for longer horizons")
    )


def stable_states(
    conflict: Conflict, concepts: Sequence[str] = tuple(CONCEPTS), sanctions: str = "legal"
) -> dict[str, Stable]:
    """Find which states are stable for which decision makers, under several concepts.

    Parameters
    ----------
    conflict
        The conflict.
    concepts
        The concepts' names.
    sanctions
        The rule of sanctioning sequences: ``legal``, ``once`` or ``single``; see
        :func:`detente.stability.sanction_reachability.least_reached`.

    Returns
    -------
    dict
        By concept, in the order asked for, ``[makers, states]``. What is stable for everybody is an equilibrium.

    Raises
    ------
    RequestError
        If there is no such concept or rule.
    """
    if sanctions not in SANCTIONS:
        raise RequestError(f"there is no rule of sanctions '{sanctions}'; there are {', '.join(SANCTIONS)}")
    found = {}
    for concept in map(concept_of, concepts):
        found[concept.name] = concept.function(conflict, *([sanctions] if concept.has_sanctions else []))
    return found
