"""How many strict rankings make a state hold, counted exactly: by enumeration, or by the sets of states that matter."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial

import numpy as np
from numpy.typing import NDArray

from detente.stability.batched_rankings import Steps
from detente.stability.conflict import Conflict
from detente.stability.robustness import stable_columns
from detente.stability.sanction_reachability import reached

__all__ = ["ENUMERATED", "count_by_enumeration", "count_own"]

ENUMERATED = 1_000_000
"""Rankings up to which all are gone through."""
BLOCK = 4_096
UNIONS = 1 << 16
"""Different sets of states beyond which they are not counted."""
LARGEST = 4_096
"""States beyond which it is not worked out one by one which of them answers can reach."""
SETTLING = 20
"""States whose place above or below decides, beyond which the ways to place them are not gone through."""


def count_by_enumeration(
    conflict: Conflict, state: int, vary: Sequence[int], concepts: Sequence[str], sanctions: str = "legal"
) -> dict[str, int] | None:
    """Count the strict rankings under which a state is an equilibrium by going through them all.

    Parameters
    ----------
    conflict, state
        The conflict, and the state, from 0.
    vary
        The decision makers whose rankings are gone through, all with all.
    concepts, sanctions
        As in :func:`detente.stability.robustness.stable_columns`.

    Returns
    -------
    dict
        The count by concept; None where there are more than :data:`ENUMERATED`.
    """
    if factorial(min(conflict.count, 13)) ** len(vary) > ENUMERATED:
        return None
    orders = _permutations(conflict.count)
    total, steps = len(orders) ** len(vary), [Steps(moves) for moves in conflict.moves]
    counts = dict.fromkeys(concepts, 0)
    for begin in range(0, total, BLOCK):
        number = np.arange(begin, min(begin + BLOCK, total))
        ranks = np.repeat(conflict.ranks[:, :, None], len(number), axis=2)
        for i in vary:
            number, place = np.divmod(number, len(orders))
            ranks[i] = orders[place].T
        for concept, held in stable_columns(steps, ranks, concepts, sanctions).items():
            counts[concept] += int(held[:, state].all(axis=0).sum())
    return counts


def _permutations(count: int) -> NDArray[np.int32]:
    """Return every order of some things, ``[orders, things]``."""
    orders = np.zeros((1, 1), np.int32)
    for new in range(1, count):
        orders = np.concatenate([np.insert(orders, place, new, axis=1) for place in range(new + 1)])
    return orders


def count_own(conflict: Conflict, state: int, maker: int, concept: str, sanctions: str = "legal") -> int | None:
    """Count the strict rankings of one decision maker under which a state is stable for itself.

    Parameters
    ----------
    conflict, state, maker
        The conflict; the state and the decision maker, from 0. The others' improvements are what they are.
    concept
        ``nash``, ``gmr``, ``smr``, ``seq`` or ``sseq``.
    sanctions
        The rule of sanctioning sequences.

    Returns
    -------
    int
        The count out of all rankings; None where it would take too long.

    Notes
    -----
    1. Whether the state is stable hangs only on which states are ranked above it.
    2. It is not stable if, for some state s1 that can be moved to, s1 and all answers are ranked above it (Nash: s1
       alone). If u states of n must be above it, that is so in n! / (u + 1) rankings. The rankings in which it is so
       for no s1 follow by inclusion and exclusion, over the sets of states that must be above.
    3. Under SMR and SSEQ each answer must be above it, or lead on to something that is. If r states matter, each set
       of a of them stands for n! a! (r - a)! / (r + 1)! rankings; all sets are gone through.
    """
    if concept != "nash" and conflict.count > LARGEST:
        return None
    moves = conflict.moves[maker].of(state).tolist()
    answers = conflict.improvements if concept in ("seq", "sseq") else conflict.moves
    others = conflict.others([maker])
    after: dict[int, list[int]] = {
        s1: [] if concept == "nash" else reached(s1, answers, others, sanctions).tolist() for s1 in moves
    }
    everything = factorial(conflict.count)
    if concept in ("smr", "sseq"):
        clauses = {
            s1: [{s2, *conflict.moves[maker].of(s2).tolist()} - {state} for s2 in found] for s1, found in after.items()
        }
        share = _share_of_sets(clauses)
    else:
        share = _share_of_unions([{s1, *found} for s1, found in after.items() if state not in found])
    return None if share is None else int(everything * share)


def _share_of_unions(above: list[set[int]]) -> Fraction | None:
    """Return the share of rankings in which no one of these sets lies wholly above the state."""
    place = {one: n for n, one in enumerate(sorted(set().union(*above)))}
    terms: dict[int, int] = {0: 1}
    for some in above:
        bits = sum(1 << place[one] for one in some)
        for union, sign in list(terms.items()):
            joined = union | bits
            terms[joined] = terms.get(joined, 0) - sign
            if not terms[joined]:
                del terms[joined]
        if len(terms) > UNIONS:
            return None
    return sum((Fraction(sign, union.bit_count() + 1) for union, sign in terms.items()), Fraction(0))


def _share_of_sets(clauses: dict[int, list[set[int]]]) -> Fraction | None:
    """Return the share of rankings in which for no s1 both s1 and one of each of its sets lie above the state."""
    needed = {s1: _least(sets) for s1, sets in clauses.items() if all(sets)}
    matter = sorted(set(needed).union(*(one for sets in needed.values() for one in sets)))
    if len(matter) > SETTLING:
        return None
    place = {one: n for n, one in enumerate(matter)}
    ways = np.arange(1 << len(matter), dtype=np.int64)
    left = np.zeros(len(ways), bool)
    for s1, sets in needed.items():
        leaves = (ways >> place[s1] & 1).astype(bool)
        for some in sets:
            leaves &= (ways & sum(1 << place[one] for one in some)) != 0
        left |= leaves
    sizes = np.bincount(np.bitwise_count(ways[~left]), minlength=len(matter) + 1).tolist()
    r = len(matter)
    return sum(
        (Fraction(many * factorial(a) * factorial(r - a), factorial(r + 1)) for a, many in enumerate(sizes)),
        Fraction(0),
    )


def _least(sets: list[set[int]]) -> list[set[int]]:
    """Return the sets that contain no other: what meets these meets all."""
    ordered = sorted({frozenset(some) for some in sets}, key=lambda some: (len(some), sorted(some)))
    kept: list[set[int]] = []
    for some in ordered:
        if not any(other <= some for other in kept):
            kept.append(set(some))
    return kept
