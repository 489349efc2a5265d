"""From what a decision maker wants to how it ranks the states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.scenario.elements import PreferenceElement, StatementElement
from detente.scenario.states import States

__all__ = ["applies", "listed_ranks", "preference_ranks", "statement_ranks", "unknown_count", "unknown_pairs"]

Ranked = tuple[NDArray[np.int32], NDArray[np.int32]]


def preference_ranks(preference: PreferenceElement, states: States, readings: Mapping[str, str]) -> Ranked:
    """Rank all states as a decision maker likes them under certain readings.

    Parameters
    ----------
    preference
        Its statements, most important first, or its list of states.
    states
        The states of the conflict.
    readings
        The reading of each switch that is settled.

    Returns
    -------
    ranks, levels
        Higher is better, from 0 without gaps; and the level of each state, two of which are strongly preferred to one
        another where they differ. ``[states]`` each.
    """
    if preference.ranking is not None:
        return listed_ranks(preference.ranking, preference.strong_after, states.count)
    wanted = [statement for statement in preference.statements if applies(statement, readings)]
    truths = np.zeros((len(wanted), states.count), bool)
    for row, statement in enumerate(wanted):
        truths[row] = states.holds(statement.node)
    return statement_ranks(truths, [statement.strong for statement in wanted])


def applies(statement: StatementElement, readings: Mapping[str, str]) -> bool:
    """Say whether a thing is wanted under certain readings: it is left out where what it hangs on is not settled."""
    return all(readings.get(switch) == reading for switch, reading in statement.when)


def statement_ranks(truths: NDArray[np.bool_], strong: Sequence[bool]) -> Ranked:
    """Rank states by statements: the one that satisfies the more important statement is better.

    Parameters
    ----------
    truths
        Whether each statement, most important first, holds in each state, ``[statements, states]``.
    strong
        Whether what each statement decides is strongly preferred, ``[statements]``.

    Returns
    -------
    ranks, levels
        As :func:`preference_ranks` gives them.

    Notes
    -----
    A strong step lies between two neighbouring ranks if the first statement on which they differ is strong; the level
    of a state counts the strong steps below it.

    References
    ----------
    Fraser and Hipel (1988) and Peng, Hipel and Fang (1997) on preference trees and their weights, of which only the
    order is kept: there is no limit to the number of statements.
    """
    count = truths.shape[1]
    ranks = np.zeros(count, np.int64)
    for truth in truths:
        # The numbers are made dense after each statement, so that they stay below twice the number of states.
        present = np.zeros(2 * count, bool)
        ranks = 2 * ranks + truth
        present[ranks] = True
        ranks = (np.cumsum(present) - 1)[ranks]
    dense = ranks.astype(np.int32)
    if not any(strong):
        return dense, np.zeros(count, np.int32)
    example = np.zeros(int(dense.max()) + 1, np.int64)
    example[dense] = np.arange(count)
    differ = truths[:, example[1:]] != truths[:, example[:-1]]
    steps = np.asarray(strong, bool)[differ.argmax(axis=0)]
    levels = np.concatenate(([0], np.cumsum(steps))).astype(np.int32)
    return dense, levels[dense]


def listed_ranks(ranking: Sequence[Sequence[int]], strong_after: Sequence[int], count: int) -> Ranked:
    """Rank states by a list, best first, numbers from 1; those it leaves out come last, together.

    The step down from the states of ``strong_after`` is a strong one. The results are those of
    :func:`preference_ranks`.

    Parameters
    ----------
    ranking
        States, best first, those of one tier liked equally.
    strong_after
        The states below which a strong step down begins.
    count
        How many states there are.

    Returns
    -------
    tuple
        The rank of each state, the higher the better, ``[states]``; and its level, which only a strong step raises,
        ``[states]``.
    """
    listed = sum(len(tier) for tier in ranking)
    below = int(listed < count)
    ranks, levels = np.zeros(count, np.int32), np.zeros(count, np.int32)
    level = 0
    for number, tier in enumerate(reversed(ranking)):
        level += not set(strong_after).isdisjoint(tier) and (number > 0 or bool(below))
        at = np.asarray(tier, np.int64) - 1
        ranks[at], levels[at] = number + below, level
    return ranks, levels


def unknown_count(preference: PreferenceElement, count: int) -> int:
    """Return the greatest number of pairs of states between which a preference may be unknown."""
    left_out = _left_out(preference, count)
    return len(left_out) * count + sum(len(one) * len(other) for one, other in preference.unknown)


def unknown_pairs(preference: PreferenceElement, count: int) -> NDArray[np.int32]:
    """Return the pairs of states, from 0 and the smaller first, between which a preference is unknown, ``[k, 2]``.

    They are those the case names and, of a partial list, each state left out with every other.
    """
    groups = [(np.asarray(one) - 1, np.asarray(other) - 1) for one, other in preference.unknown]
    groups.append((_left_out(preference, count), np.arange(count)))
    pairs = np.concatenate(
        [np.stack(np.meshgrid(one, other, indexing="ij"), -1).reshape(-1, 2) for one, other in groups]
    )
    pairs = np.sort(pairs.astype(np.int64), axis=1)
    keys = np.unique(pairs[:, 0] * count + pairs[:, 1])
    found = np.stack(np.divmod(keys, count), axis=1).astype(np.int32)
    kept: NDArray[np.int32] = found[found[:, 0] != found[:, 1]]
    return kept


def _left_out(preference: PreferenceElement, count: int) -> NDArray[np.int64]:
    """Return the states that a partial list leaves out, from 0."""
    if preference.ranking is None or not preference.partial:
        return np.empty(0, np.int64)
    kept = np.ones(count, bool)
    kept[[state - 1 for tier in preference.ranking for state in tier]] = False
    return np.flatnonzero(kept)
