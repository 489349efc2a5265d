"""Where the worlds of a run stand on one day: the combinations of a conflict's options, with the share of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.run import Run
from detente.scenario.elements import ConflictElement
from detente.scenario.states import States
from detente.stored import StoredFloats, StoredInts

__all__ = ["WORLDS", "Standing", "Standings", "standings_of"]

WORLDS = 2_048
"""Worlds of each part that are looked at, a few of each draw: draws differ more than the luck inside one."""
FREQUENT = 3
"""How many of the states in which most worlds stand are told."""


@dataclass(frozen=True)
class Standing:
    """The combinations of options that the worlds of one part stand in.

    Parameters
    ----------
    digits
        Each combination, as positions of its options' alternatives, ``[combinations, options]``.
    states
        The number of the state that each is, from 1; 0 where it is no state of the conflict.
    shares
        The weighted share of worlds in each, falling; they sum to 1.
    """

    digits: StoredInts
    states: StoredInts
    shares: StoredFloats

    def share_of(self, state: int) -> float:
        """Return the share of worlds that stand in a state."""
        return float(self.shares[self.states == state].sum())

    def share_with(self, option: int, digit: int) -> float:
        """Return the share of worlds in which an option has one of its alternatives."""
        return float(self.shares[self.digits[:, option] == digit].sum())


@dataclass(frozen=True)
class Standings:
    """Where the worlds of each part of a run stand on the conflict's day.

    Parameters
    ----------
    day
        ISO.
    parts
        By part, the run's main one first.
    """

    day: str
    parts: Mapping[str, Standing]

    @property
    def main(self) -> Standing:
        """The part that pooled figures come from."""
        return next(iter(self.parts.values()))

    @property
    def frequent(self) -> tuple[int, ...]:
        """The states that worlds most often stand in: of the main part, then of each account the first."""
        main = [int(state) for state in self.main.states[:FREQUENT] if state]
        return tuple(dict.fromkeys((*main, *(int(part.states[0]) for part in self.parts.values() if part.states[0]))))


def standings_of(run: Run, conflict: ConflictElement, worlds: int = WORLDS) -> Standings | None:
    """Return where the worlds of each part of a run stand; None where the simulation decides about no option.

    Parameters
    ----------
    run
        The run: its parts, and the luck of its worlds.
    conflict
        The conflict: its states, and the day on which they are looked at.
    worlds
        How many of each part to look at.

    Returns
    -------
    Standings or None
        By part, the share of its worlds in each combination of options, on the conflict's day.
    """
    options = run.case.elements.options
    if all(options[name].outside is not None for name in conflict.options):
        return None
    found = {}
    for name, part in run.parts.items():
        values, log_weight = part.stands(worlds)
        found[name] = count_combinations(conflict.states, values, np.exp(log_weight - log_weight.max()))
    return Standings(run.main.watch.program.date_of(conflict.day).isoformat(), found)


def count_combinations(states: States, values: NDArray[np.float64], weights: NDArray[np.float64]) -> Standing:
    """Count the combinations of options among some worlds, ``[worlds, options]``, by weight.

    Parameters
    ----------
    states
        The conflict's states.
    values
        Positions of the options, ``[worlds, options]``.
    weights
        What each world counts for, ``[worlds]``.

    Returns
    -------
    Standing
        Combinations, the most frequent first, ``[combinations, options]``, with their states and their shares of
        the weight.
    """
    digits = np.rint(values).astype(np.int64)
    combinations, which = np.unique(digits, axis=0, return_inverse=True)
    shares = np.bincount(which.reshape(-1), weights, minlength=len(combinations)) / weights.sum()
    order = np.argsort(-shares, kind="stable")
    return Standing(combinations[order], state_numbers(states, combinations[order]), shares[order])


def state_numbers(states: States, digits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of the state that each combination is, from 1; 0 where it is none."""
    codes = digits @ states.places
    at = np.minimum(np.searchsorted(states.codes, codes), len(states.codes) - 1)
    return np.where(states.codes[at] == codes, states.state_of[at].astype(np.int64) + 1, 0)


def values_of(states: States, digits: Sequence[int]) -> Mapping[str, str]:
    """Return what each option is in a combination: ``true``, ``false`` or an alternative."""
    words = (names or ("false", "true") for names in states.alternatives)
    return {o: w[int(d)] for o, w, d in zip(states.options, words, digits, strict=True)}
