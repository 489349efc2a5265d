"""The conflict as each decision maker sees it: what holds where somebody is mistaken about what others want."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.scenario.elements import ConflictElement
from detente.stability.concepts import CONCEPTS, stable_states
from detente.stability.conflict import Conflict
from detente.stability.preferences import preference_ranks, unknown_pairs
from detente.stability.result import Equilibria, ViewStability

__all__ = ["Views", "seen_by", "views"]

Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Views:
    """What holds in the conflict as each decision maker sees it.

    Parameters
    ----------
    views
        For each decision maker that is mistaken about somebody, or may be.
    disputed
        By concept, the states that are equilibria in the eyes of some decision makers and not of others.
    everybody
        By concept, the states in which everybody is stable as it sees the conflict itself: nobody would leave them,
        though somebody may expect another to.
    """

    views: tuple[ViewStability, ...] = ()
    disputed: Equilibria = field(default_factory=dict)
    everybody: Equilibria = field(default_factory=dict)


def seen_by(element: ConflictElement, conflict: Conflict, viewer: str, readings: Mapping[str, str]) -> Conflict:
    """Return the conflict as one decision maker sees it: others have the preferences that it believes them to have.

    Parameters
    ----------
    element, conflict
        The conflict as the case describes it, and as arrays under the readings.
    viewer
        The name of the decision maker.
    readings
        The reading of each switch that is settled.

    Returns
    -------
    Conflict
        With the viewer's own preferences and moves as they are.
    """
    sees = next(maker.sees for maker in element.makers if maker.name == viewer)
    ranks, levels, unknown = conflict.ranks.copy(), conflict.levels.copy(), list(conflict.unknown)
    for i, maker in enumerate(conflict.makers):
        if maker in sees and maker != viewer:
            ranks[i], levels[i] = preference_ranks(sees[maker], element.states, readings)
            unknown[i] = unknown_pairs(sees[maker], conflict.count)
    return replace(conflict, ranks=ranks, levels=levels, unknown=tuple(unknown))


def views(
    element: ConflictElement,
    conflict: Conflict,
    readings: Mapping[str, str],
    concepts: Sequence[str] = tuple(CONCEPTS),
    sanctions: str = "legal",
) -> Views:
    """Say which states hold as each decision maker sees the conflict, and where the views differ.

    Parameters
    ----------
    element, conflict, readings
        As in :func:`seen_by`.
    concepts, sanctions
        As in :func:`detente.stability.concepts.stable_states`.

    Returns
    -------
    Views
        Empty where the case says of nobody what it believes of others. States are numbered from 1.

    Notes
    -----
    1. A decision maker's own preferences are its own; those of others are what the case says that it believes, and
       what they are where it says nothing.
    2. Each view is judged as a conflict by itself.
    3. A decision maker of whom the case says nothing sees the conflict as the case describes it. Its view counts when
       views are compared, and is not listed.

    References
    ----------
    P. G. Bennett, "Toward a theory of hypergames", Omega 5 (1977). M. Wang, K. W. Hipel, N. M. Fraser, "Modeling
    misperceptions in hypergames", Behavioral Science 33 (1988).
    """
    mistaken = [maker.name for maker in element.makers if maker.sees]
    if not mistaken:
        return Views()
    plain = stable_states(conflict, concepts, sanctions)
    seen = {name: stable_states(seen_by(element, conflict, name, readings), concepts, sanctions) for name in mistaken}
    each = [seen.get(name, plain) for name in conflict.makers]
    held = {concept: np.stack([view[concept].all(axis=0) for view in each]) for concept in concepts}
    own = {concept: np.stack([view[concept][i] for i, view in enumerate(each)]) for concept in concepts}
    return Views(
        tuple(_view(conflict, name, found) for name, found in seen.items()),
        {concept: _numbers(truths.any(axis=0) & ~truths.all(axis=0)) for concept, truths in held.items()},
        {concept: _numbers(truths.all(axis=0)) for concept, truths in own.items()},
    )


def _view(conflict: Conflict, viewer: str, found: Mapping[str, Truths]) -> ViewStability:
    return ViewStability(
        viewer,
        {m: {concept: _numbers(truths[i]) for concept, truths in found.items()} for i, m in enumerate(conflict.makers)},
        {concept: _numbers(truths.all(axis=0)) for concept, truths in found.items()},
    )


def _numbers(truths: ArrayLike) -> tuple[int, ...]:
    """Return the numbers, from 1, of the states for which something holds."""
    return tuple((np.flatnonzero(truths) + 1).tolist())
