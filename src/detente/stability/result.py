"""What a stability analysis gives back: frozen, and it says how it was made. States are numbered from 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from detente.display import Displayed, shortened
from detente.errors import RequestError, nearest
from detente.requests import StabilityRequest
from detente.results import Interval, Provenance
from detente.scenario import Case
from detente.stability.conflict import Conflict
from detente.stored import FromCase

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
        How many were sampled; 1 where the claims allow no other.
    stable
        By decision maker, concept and state, the share.
    equilibria
        By concept and state, the share.
    interval
        By concept and state, the 95 % interval of the share of equilibria; empty where nothing was left to sample.
    settled
        Whether the claims allow one ranking only: its shares are exact, 0 or 1.
    """

    rankings: int
    stable: Mapping[str, Mapping[str, Mapping[int, float]]]
    equilibria: Mapping[str, Mapping[int, float]]
    interval: Mapping[str, Mapping[int, Interval]]
    settled: bool = False


@dataclass(frozen=True)
class ViewStability:
    """Which states hold in the conflict as one decision maker sees it; ``disagrees`` by concept, against the rest."""

    viewer: str
    stable: Stable
    equilibria: Equilibria


@dataclass(frozen=True)
class Stability(Displayed):
    """The stability of every state of a case's conflict.

    Parameters
    ----------
    case, request, conflict, provenance
        What was analysed; what was asked of it, whose ``command()`` asks it again; the conflict as arrays; and how.
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
        Every coalition of two or more, or those the case names.
    surviving
        By concept, the equilibria that hold against all of them.
    paths
        Shortest ways from the status quo to equilibria.
    by_account, views, robustness
        As each account tells it; as each decision maker sees it; under sampled rankings (None where not asked for).
    disputed, by_own_view
        Where views are given, by concept: the states that are equilibria in the eyes of some decision makers and not of
        others; and those in which each is stable as it sees the conflict itself, so that nobody would leave them.
    skipped
        What was left out because the conflict is too large for it, in words.
    """

    case: Annotated[Case, *FromCase]
    request: StabilityRequest
    conflict: Annotated[Conflict, *FromCase]
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
    disputed: Equilibria = field(default_factory=dict)
    by_own_view: Equilibria = field(default_factory=dict)
    skipped: tuple[str, ...] = ()

    def __repr__(self) -> str:
        made, told = self.provenance, f"{len(self.states)} states of {len(self.makers)} decision makers"
        return shortened(f"Stability({made.case!r}: {told}; equilibria {_counted(self.equilibria)})")

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts, in order."""
        return tuple(self.equilibria)

    @property
    def makers(self) -> Mapping[str, str]:
        """The decision makers: how each is called, by name."""
        element = self.case.elements.conflict
        return {} if element is None else {maker.name: maker.title for maker in element.makers}

    def state(self, which: int | str) -> State:
        """Return a state by its number or its name.

        Raises
        ------
        RequestError
            If there is none such.
        """
        by_name = {state.name: state for state in self.states if state.name}
        text = str(which)
        if text in by_name:
            return by_name[text]
        if text.isdecimal() and 1 <= int(text) <= len(self.states):
            return self.states[int(text) - 1]
        mend = nearest(text, set(by_name)) or f"give a number from 1 to {len(self.states)}"
        named = f", or a name: {', '.join(by_name)}" if by_name and "did" not in mend else ""
        raise RequestError(f"{self.case.name} has no state '{text}'; {mend}{named}")

    def to_pandas(self) -> Any:
        """Return a table of states, one a row, as a ``pandas.DataFrame``.

        It is indexed by the states' numbers. Columns: ``name``; each option's value; for each concept whether the state
        is an equilibrium; and ``maker.concept``, whether it is stable for a decision maker.
        """
        import xarray  # brings pandas: half a second that most commands do not need

        numbers = [state.id for state in self.states]
        columns: dict[str, list[Any]] = {"name": [state.name for state in self.states]}
        columns |= {option: [state.values[option] for state in self.states] for option in self.states[0].values}
        columns |= {concept: _marks(numbers, held) for concept, held in self.equilibria.items()}
        columns |= {
            f"{maker}.{concept}": _marks(numbers, held)
            for maker, concepts in self.stable.items()
            for concept, held in concepts.items()
        }
        along = {name: ("state", values) for name, values in columns.items()}
        return xarray.Dataset(along, coords={"state": numbers}).to_dataframe()


def _counted(equilibria: Equilibria) -> str:
    """Say how many states are equilibria under each concept."""
    return ", ".join(f"{concept} {len(held)}" for concept, held in equilibria.items())


def _marks(numbers: list[int], held: tuple[int, ...]) -> list[bool]:
    kept = set(held)
    return [number in kept for number in numbers]
