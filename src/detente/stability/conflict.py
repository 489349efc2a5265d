"""The object of the stability methods: a conflict as arrays, made from a case under some readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError
from detente.scenario import Case
from detente.scenario.elements import ConflictElement, OptionElement
from detente.stability.memory_limit import refuse_more_than_memory
from detente.stability.moves import Moves, OwnOption, candidates, moves_between
from detente.stability.preferences import preference_ranks, unknown_count, unknown_pairs

__all__ = ["Conflict", "Moves", "conflict_of"]


@dataclass(frozen=True)
class Conflict:
    """A conflict in the graph model: decision makers, states, moves and ordinal preferences. States count from 0.

    Parameters
    ----------
    makers
        The decision makers' names.
    moves
        What each can do alone, ``[makers]``.
    ranks
        How each likes each state: higher is better, equal is indifferent, ``[makers, states]``.
    levels
        State ``s`` is strongly preferred to ``t`` where ``levels[i, s] > levels[i, t]``; all zeros where nothing is
        strong. ``[makers, states]``
    unknown
        For each decision maker, pairs of states ``[k, 2]``, smaller number first, between which its preference is not
        known, whatever the ranks say.
    digits
        The position of each option's alternative in each state, ``[states, options]``.
    owners
        The decision maker that has each option, ``[options]``.
    places
        The worth of one step of each option in a code, ``[options]``.
    codes, state_of
        Codes of all feasible combinations, ascending, and the state each belongs to.
    start
        The status quo.
    """

    makers: tuple[str, ...]
    moves: tuple[Moves, ...]
    ranks: NDArray[np.int32]
    levels: NDArray[np.int32]
    unknown: tuple[NDArray[np.int32], ...]
    digits: NDArray[np.int8]
    owners: NDArray[np.int8]
    places: NDArray[np.int64]
    codes: NDArray[np.int64]
    state_of: NDArray[np.int32]
    start: int | None = None

    @property
    def count(self) -> int:
        """How many states there are."""
        return int(self.ranks.shape[1])

    @cached_property
    def improvements(self) -> tuple[Moves, ...]:
        """The moves of each decision maker to states that it likes better than the one it leaves, ``[makers]``."""
        return tuple(moves.improving(ranks) for moves, ranks in zip(self.moves, self.ranks, strict=True))

    def others(self, makers: Sequence[int]) -> tuple[int, ...]:
        """Return the decision makers that are not among some."""
        return tuple(j for j in range(len(self.makers)) if j not in makers)


def conflict_of(case: Case, readings: Mapping[str, str]) -> Conflict:
    """Build the arrays of a case's conflict as certain readings tell it.

    Parameters
    ----------
    case
        A case with a section ``stability``.
    readings
        The reading of each switch that is settled. What a decision maker wants only under a reading of a switch that
        is not settled is left out.

    Raises
    ------
    RequestError
        If the case has no section ``stability``, or its states and moves would not fit into the machine's memory;
        nothing has been built then.
    """
    element = case.elements.conflict
    if element is None:
        raise RequestError(f"{case.name} has no section stability; describe the conflict there to ask what could hold")
    states = element.states
    position = {option: k for k, option in enumerate(element.options)}
    owned = [sorted(position[option] for option in maker.options) for maker in element.makers]
    steps = [_steps(element, case.elements.options[name]) for name in element.options]
    own = [[OwnOption(states.sizes[k], int(states.places[k]), steps[k]) for k in options] for options in owned]
    _refuse_too_large(element, own)
    forbidden = [
        [
            (states.holds(rule.leaving), states.holds(rule.arriving))
            for rule in element.no_moves
            if rule.maker == maker.name
        ]
        for maker in element.makers
    ]
    moves = tuple(moves_between(states.codes, states.state_of, *each) for each in zip(own, forbidden, strict=True))
    ranked = [preference_ranks(maker.preference, states, readings) for maker in element.makers]
    owners = np.empty(len(element.options), np.int8)
    for number, options in enumerate(owned):
        owners[options] = number
    return Conflict(
        makers=tuple(maker.name for maker in element.makers),
        moves=moves,
        ranks=np.stack([ranks for ranks, _ in ranked]),
        levels=np.stack([levels for _, levels in ranked]),
        unknown=tuple(unknown_pairs(maker.preference, states.count) for maker in element.makers),
        digits=states.digits,
        owners=owners,
        places=states.places,
        codes=states.codes,
        state_of=states.state_of,
        start=None if element.start is None else element.start - 1,
    )


def _steps(element: ConflictElement, option: OptionElement) -> NDArray[np.bool_]:
    """Say from which alternative of an option to which a single move can go, ``[size, size]``."""
    size = len(option.alternatives) or 2
    here, there = np.ogrid[:size, :size]
    allowed = np.ones((size, size), bool)
    if option.ordered:
        allowed &= abs(here - there) <= 1
    lasts = element.irreversible.get(option.name, "")
    if lasts and option.alternatives and not option.ordered:
        # Alternatives without an order: what is irreversible is to have left the first one.
        allowed &= (here == option.start) | (here == there)
    elif lasts:
        allowed &= there >= here if lasts == "taken" else there <= here
    return allowed


def _refuse_too_large(element: ConflictElement, own: Sequence[Sequence[OwnOption]]) -> None:
    """Refuse a conflict whose moves, ranks and unknown pairs do not fit into memory, before any are built."""
    count = len(element.states.codes)
    moves = sum(candidates(element.states.codes, options) for options in own)
    pairs = sum(unknown_count(maker.preference, element.states.count) for maker in element.makers)
    refuse_more_than_memory(
        element.states.count, states=count * len(element.makers) * 64, moves=moves * 12, pairs=pairs * 24
    )
