"""What a stability analysis gives back: frozen, and it says how it was made. States are numbered from 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.results import Interval, Provenance
from detente.scenario import Case
from detente.stability.conflict import Conflict

__all__ = [
    "AccountStability",
    "CoalitionStability",
    "PathTo",
    "Robustness",
    "Stability",
    "State",
    "Step",
    "ViewStability",
]

Stable = Mapping[str, Mapping[str, tuple[int, ...]]]
"""By decision maker and concept, the states that are stable."""
Equilibria = Mapping[str, tuple[int, ...]]
"""By concept, the states that are stable for everybody."""


@dataclass(frozen=True)
class State:
    """One state: its number, its name if it has one, what each option is in it, and which are taken."""

    id: int
    name: str
    says: str
    values: Mapping[str, str]
    taken: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One move: who goes from which state to which, and whether the mover likes where it goes better."""

    maker: str
    leaves: int
    arrives: int
    improves: bool


@dataclass(frozen=True)
class PathTo:
    """A shortest way from the status quo to an equilibrium.

    ``by`` is ``improvements`` where every mover likes each step, else ``moves``; ``concepts`` are those under which the
    state is an equilibrium.
    """

    state: int
    by: str
    concepts: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class CoalitionStability:
    """How states stand against decision makers who join.

    Parameters
    ----------
    members
        Who joins.
    joint
        By concept, the states from which no joint improvement of all members goes unsanctioned.
    stable
        By concept, the states that are stable also against each part of the coalition, its single members among them.
    equilibria
        By concept, the states that are stable for the coalition with all its parts and for everybody else.
    as_one
        By concept, the states that are stable where the coalition takes its members' place.
    """

    members: tuple[str, ...]
    joint: Equilibria
    stable: Equilibria
    equilibria: Equilibria
    as_one: Equilibria


@dataclass(frozen=True)
class AccountStability:
    """Which states hold as one account tells it."""

    account: str
    title: str
    readings: Mapping[str, str]
    stable: Stable
    equilibria: Equilibria
    robustness: Robustness | None


@dataclass(frozen=True)
class Robustness:
    """The share of sampled rankings under which each state is stable, and an equilibrium.

    Parameters
    ----------
    rankings
        How many were sampled.
    stable
        By decision maker, concept and state, the share.
    equilibria
        By concept and state, the share.
    interval
        By concept and state, the 95 % interval of the share of equilibria.
    """

    rankings: int
    stable: Mapping[str, Mapping[str, Mapping[int, float]]]
    equilibria: Mapping[str, Mapping[int, float]]
    interval: Mapping[str, Mapping[int, Interval]]


@dataclass(frozen=True)
class ViewStability:
    """Which states hold in the conflict as one decision maker sees it; ``disagrees`` by concept, against the rest."""

    viewer: str
    stable: Stable
    equilibria: Equilibria


@dataclass(frozen=True)
class Stability:
    """The stability of every state of a case's conflict.

    Parameters
    ----------
    case, conflict, provenance
        What was analysed, as arrays, and how.
    sanctions
        The rule of sanctioning sequences: ``legal``, ``once`` or ``single``.
    states
        Every state.
    stable, equilibria
        By decision maker and concept, and for everybody.
    unknown
        For type ``a``, ``b``, ``c`` and ``d`` of stability under unknown preference: the equilibria by concept; empty
        where every preference is known.
    strong
        For ``strong`` and ``weak``: equilibria by concept with degrees of preference; empty where none is strong.
    coalitions
        Every coalition of two or more, or those the case names; ``surviving`` are the equilibria that hold against
        all of them, by concept.
    paths
        Shortest ways from the status quo to equilibria.
    by_account, views, robustness
        As each account tells it; as each decision maker sees it; under sampled rankings (None where not asked for).
    """

    case: Case
    conflict: Conflict
    provenance: Provenance
    sanctions: str
    states: tuple[State, ...]
    stable: Stable
    equilibria: Equilibria
    unknown: Mapping[str, Equilibria] = field(default_factory=dict)
    strong: Mapping[str, Equilibria] = field(default_factory=dict)
    coalitions: tuple[CoalitionStability, ...] = ()
    surviving: Equilibria = field(default_factory=dict)
    paths: tuple[PathTo, ...] = ()
    by_account: tuple[AccountStability, ...] = ()
    views: tuple[ViewStability, ...] = ()
    robustness: Robustness | None = None
