"""Which states hold where decision makers may join: coalitional Nash, GMR, SMR and SEQ stability."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError, nearest
from detente.stability.batched_rankings import GREATEST, LEAST, UNION, Fold, Mover, Steps, pack, reached
from detente.stability.conflict import Conflict
from detente.stability.result import CoalitionStability
from detente.stability.sanction_reachability import SANCTIONS

__all__ = ["COALITIONAL", "LARGEST", "Coalitions", "coalition_stability", "every_coalition", "surviving"]

COALITIONAL = ("nash", "gmr", "smr", "seq")
"""The concepts that are defined for coalitions."""
LARGEST = 32_768
"""States beyond which what a coalition can reach together is too large to hold."""
BLOCK = 1 << 21
"""Pairs of states that are compared in one go."""
COLUMNS = 1 << 18
"""Rows times words of 64 states that bits are carried for in one go."""

Truths = NDArray[np.bool_]
Ranks = NDArray[np.signedinteger[Any]]
Members = tuple[int, ...]


def every_coalition(conflict: Conflict) -> tuple[tuple[str, ...], ...]:
    """Return every coalition of two decision makers or more, small ones first."""
    makers = conflict.makers
    return tuple(some for size in range(2, len(makers) + 1) for some in combinations(makers, size))


def coalition_stability(
    conflict: Conflict,
    coalition: Sequence[str],
    concepts: Sequence[str] = COALITIONAL,
    sanctions: str = "legal",
    known: Coalitions | None = None,
) -> CoalitionStability:
    """Say which states hold where some decision makers join.

    Parameters
    ----------
    conflict, coalition
        The conflict and the names of those who join.
    concepts
        Some of ``nash``, ``gmr``, ``smr`` and ``seq``; others are passed over.
    sanctions
        The rule of sanctioning sequences.
    known
        What was found about this conflict under these sanctions before; it is added to.

    Returns
    -------
    CoalitionStability
        With states numbered from 1.

    Raises
    ------
    RequestError
        If the coalition names nobody, somebody twice or somebody unknown, or the conflict is too large.

    Notes
    -----
    1. A joint improvement from s is a state that members can reach together, by a legal sequence, and each of them
       likes better than s.
    2. A state is jointly stable where joint improvements are sanctioned as :meth:`Coalitions.joint` says.
    3. It is stable for the coalition where it is jointly stable for each part of it, down to single members: who joins
       keeps the moves it has alone.
    4. It is an equilibrium where it is also stable for each decision maker outside.
    5. ``as_one`` leaves the members' own moves out: the coalition stands in their place and makes joint improvements
       only. Some published figures show this.

    References
    ----------
    D. M. Kilgour, K. W. Hipel, L. Fang, X. Peng, "Coalition analysis in group decision support", Group Decision and
    Negotiation 10 (2001). T. Inohara, K. W. Hipel, "Coalition analysis in the graph model for conflict resolution",
    Systems Engineering 11 (2008).
    """
    found = known if known is not None else Coalitions(conflict, sanctions)
    members = found.members(coalition)
    concepts = [concept for concept in concepts if concept in COALITIONAL]
    joint = found.joint(members)
    stable = {concept: _all(found.joint(part)[concept] for part in _parts(members)) for concept in concepts}
    outside = [i for i in range(len(conflict.makers)) if i not in members]
    equilibria = {c: _all((stable[c], *(found.joint((i,))[c] for i in outside))) for c in concepts}
    as_one = found.as_one(members)
    return CoalitionStability(
        tuple(conflict.makers[i] for i in members),
        *({c: _numbers(truths[c]) for c in concepts} for truths in (joint, stable, equilibria, as_one)),
    )


def surviving(
    conflict: Conflict,
    coalitions: Sequence[Sequence[str]] | None = None,
    concepts: Sequence[str] = COALITIONAL,
    sanctions: str = "legal",
    known: Coalitions | None = None,
) -> Mapping[str, tuple[int, ...]]:
    """Return the equilibria that hold against every coalition given, and against everybody alone.

    Parameters
    ----------
    conflict
        The conflict as arrays.
    coalitions
        Whom states must hold against, each with all its parts; default every coalition.
    concepts, sanctions, known
        As in :func:`coalition_stability`.

    Returns
    -------
    dict
        By concept, the states, numbered from 1.
    """
    found = known if known is not None else Coalitions(conflict, sanctions)
    given = every_coalition(conflict) if coalitions is None else coalitions
    parts: set[Members] = {(i,) for i in range(len(conflict.makers))}
    parts |= {part for coalition in given for part in _parts(found.members(coalition))}
    ordered = sorted(parts, key=lambda part: (len(part), part))
    held = [concept for concept in concepts if concept in COALITIONAL]
    return {concept: _numbers(_all(found.joint(part)[concept] for part in ordered)) for concept in held}


def _parts(members: Members) -> Iterator[Members]:
    """Yield every part of a coalition, single members first and the whole last."""
    for size in range(1, len(members) + 1):
        yield from combinations(members, size)


def _all(truths: Iterable[Truths]) -> Truths:
    return np.asarray(np.logical_and.reduce(list(truths)))


def _numbers(truths: Truths) -> tuple[int, ...]:
    """Return the numbers, from 1, of the states for which something holds."""
    return tuple((np.flatnonzero(truths) + 1).tolist())


class Together:
    """Some who move as one: from each state to all that their mask holds, ``[states, states]``, eight to a byte."""

    def __init__(self, mask: NDArray[np.uint8]) -> None:
        self.mask = mask

    def gather(self, values: NDArray[np.int16], fold: Fold) -> NDArray[np.int16]:
        """Return for each state the fold of one column over the states that its mask holds."""
        empty = fold.empty(values.dtype)
        column = values[:, 0]
        folded = np.full_like(values, empty)
        for rows in _blocks(len(column)):
            held = np.unpackbits(self.mask[rows], axis=1, count=len(column)).view(bool)
            folded[rows, 0] = fold.join.reduce(np.where(held, column, empty), axis=1)
        return folded


def _blocks(count: int) -> Iterator[slice]:
    """Cut the rows of a square of states so that a block of whole numbers keeps to some megabytes."""
    rows = max(1, BLOCK // max(count, 1))
    for begin in range(0, count, rows):
        yield slice(begin, min(begin + rows, count))


class Coalitions:
    """What coalitions of one conflict can do together, each found once.

    Parameters
    ----------
    conflict
        The conflict.
    sanctions
        The rule of the sequences by which others answer; a coalition's own sequences are always legal ones.
    """

    def __init__(self, conflict: Conflict, sanctions: str = "legal") -> None:
        if sanctions not in SANCTIONS:
            raise RequestError(f"no rule of sanctions is called '{sanctions}'; {', '.join(SANCTIONS)}")
        self.conflict, self.sanctions = conflict, sanctions
        self._joint: dict[Members, dict[str, Truths]] = {}
        self._reach: dict[Members, NDArray[np.uint8]] = {}

    @cached_property
    def ranks(self) -> Ranks:
        """The ranks from 0 without gaps, in the narrowest type, ``[makers, states]``."""
        narrow = np.int16 if self.conflict.count < np.iinfo(np.int16).max else np.int32
        dense: Ranks = np.stack([np.unique(r, return_inverse=True)[1].astype(narrow) for r in self.conflict.ranks])
        return dense

    @cached_property
    def steps(self) -> tuple[Steps, ...]:
        """Everybody's moves."""
        return tuple(Steps(moves) for moves in self.conflict.moves)

    @cached_property
    def better(self) -> tuple[Steps, ...]:
        """Everybody's improvements."""
        return tuple(Steps(moves) for moves in self.conflict.improvements)

    def members(self, coalition: Sequence[str]) -> Members:
        """Return the positions of the decision makers named, in the conflict's order.

        Raises
        ------
        RequestError
            If there is no such decision maker, one is named twice or nobody, or there are too many states for
            coalitions.
        """
        makers = self.conflict.makers
        for name in coalition:
            if name not in makers:
                mend = nearest(name, makers) or "its decision makers: " + ", ".join(makers)
                raise RequestError(f"the conflict has no decision maker '{name}'; {mend}")
        if not coalition or len(set(coalition)) != len(coalition):
            raise RequestError(f"a coalition names one decision maker or more, each once; came {list(coalition)}")
        if len(coalition) > 1 and self.conflict.count > LARGEST:
            raise RequestError(f"coalitions are found for up to {LARGEST:,} states; there are {self.conflict.count:,}")
        return tuple(sorted(makers.index(name) for name in coalition))

    def joint(self, members: Members) -> Mapping[str, Truths]:
        """Return, by concept, in which states no joint improvement of all members goes unsanctioned, ``[states]``.

        Parameters
        ----------
        members
            Positions of the decision makers who join, ascending; one alone gives the plain concepts.

        Notes
        -----
        H joins, N is everybody, ``R_H(s)`` what H can reach by legal sequences, ``≽`` likes at least as well.

        1. Nash: H has no joint improvement from s.
        2. GMR: for each joint improvement s1, somebody in H likes s at least as well as some s2 in ``R_{N-H}(s1)``.
           As ``s2`` may be another for each member, that is: somebody's least liked state there is no better than s.
        3. SEQ: the same with sequences of improvements of those outside.
        4. SMR: for each joint improvement s1 there is an s2 in ``R_{N-H}(s1)`` that is no joint improvement over s,
           and neither is any s3 in ``R_H(s2)``.
        """
        if members not in self._joint:
            outside = [i for i in range(len(self.conflict.makers)) if i not in members]
            wide = [self.steps[i] for i in outside]
            ranks = self.ranks[list(members)]
            improving = [self.better[i] for i in outside]
            found = {"nash": ~self._leaves(members, ranks), "gmr": self._holds(members, ranks, wide)}
            if len(members) == 1:
                found["smr"] = self._holds(members, self._worst_left(members[0])[None, :], wide)
            else:
                found["smr"] = found["nash"].copy()
                open_ = np.flatnonzero(found["gmr"] & ~found["nash"])
                found["smr"][open_] = self._symmetric(members, wide, open_)
            found["seq"] = self._holds(members, ranks, improving)
            self._joint[members] = found
        return self._joint[members]

    def as_one(self, members: Members) -> Mapping[str, Truths]:
        """Return, by concept, which states are equilibria where a coalition stands in its members' place, ``[states]``.

        Others are answered by its joint moves and, under SEQ, by its joint improvements.
        """
        found = {concept: truths.copy() for concept, truths in self.joint(members).items()}
        outside = [i for i in range(len(self.conflict.makers)) if i not in members]
        if len(members) == 1:
            plain = [self.joint((i,)) for i in outside]
            return {concept: _all((truths, *(p[concept] for p in plain))) for concept, truths in found.items()}
        improving = Together(self._joint_improvements(members)) if outside else None
        moving = Together(self._reached_by(members)) if outside and self.sanctions != "legal" else None
        for i in outside:
            alone, ranks, others = self.joint((i,)), self.ranks[[i]], [j for j in outside if j != i]
            found["nash"] &= alone["nash"]
            if moving is None:  # legal sequences of members one by one lead where those of the coalition as one lead
                found["gmr"] &= alone["gmr"]
                found["smr"] &= alone["smr"]
            else:
                wide: list[Mover] = [*(self.steps[j] for j in others), moving]
                found["gmr"] &= self._holds((i,), ranks, wide)
                found["smr"] &= self._holds((i,), self._worst_left(i)[None, :], wide)
            if improving is not None:
                found["seq"] &= self._holds((i,), ranks, [*(self.better[j] for j in others), improving])
        return found

    def _holds(self, members: Members, values: Ranks, movers: Sequence[Mover]) -> Truths:
        """Say where each joint improvement can be answered by a state of no more value to some member.

        ``values`` is ``[members, states]``: an improvement tempts only while it and all that answers it are worth more.
        """
        least = reached(movers, np.ascontiguousarray(values.T), LEAST, self.sanctions).T
        return ~self._leaves(members, np.minimum(self.ranks[list(members)], least))

    def _worst_left(self, i: int) -> Ranks:
        """Return the rank that a decision maker is left with at best in each state, if it may move on from there."""
        worst: Ranks = np.maximum(self.ranks[i], self._best_of(i, self.ranks[i]))
        return worst

    def _best_of(self, i: int, values: Ranks) -> Ranks:
        """Return for each state the greatest value of where one move of a decision maker leads."""
        best: Ranks = self.steps[i].gather(values[:, None], GREATEST)[:, 0]
        return best

    def _leaves(self, members: Members, values: Ranks) -> Truths:
        """Say from which states members can together reach one whose value to each is above the rank of the state.

        ``values`` is ``[members, states]``.
        """
        if len(members) == 1:
            return np.asarray(self._best_of(members[0], values[0]) > self.ranks[members[0]])
        leaves = np.zeros(self.conflict.count, bool)
        for rows in _blocks(self.conflict.count):
            leaves[rows] = self._gaining(members, values, rows).any(axis=1)
        return leaves

    def _gaining(self, members: Members, values: Ranks, rows: slice | NDArray[np.int64]) -> Truths:
        """Say which states members can reach that are worth more to each than some states, ``[rows, states]``."""
        kept = np.unpackbits(self._reached_by(members)[rows], axis=1, count=self.conflict.count).view(bool)
        for i, value in zip(members, values, strict=True):
            kept &= value > self.ranks[i, rows][:, None]
        return kept

    def _joint_improvements(self, members: Members) -> NDArray[np.uint8]:
        ranks = self.ranks[list(members)]
        return np.concatenate(
            [np.packbits(self._gaining(members, ranks, rows), axis=1) for rows in _blocks(self.conflict.count)]
        )

    def _reached_by(self, members: Members) -> NDArray[np.uint8]:
        """Return for each state those that members can reach together, eight to a byte, ``[states, states / 8]``."""
        if members not in self._reach:
            count = self.conflict.count
            own = np.zeros((count, (count + 63) // 64 * 8), np.uint8)
            states = np.arange(count)
            own[states, states // 8] = 128 >> (states % 8)  # the order of bits that NumPy unpacks
            bits = reached([self.steps[i] for i in members], own.view(np.uint64), UNION)
            self._reach = {members: np.ascontiguousarray(bits).view(np.uint8)}  # one at a time: they are large
        return self._reach[members]

    def _symmetric(self, members: Members, wide: Sequence[Mover], states: NDArray[np.int64]) -> Truths:
        """Say which of some states are jointly SMR: a bit for each of them, carried back along moves."""
        ranks, held = self.ranks[list(members)], np.zeros(len(states), bool)
        width = 64 * max(1, COLUMNS // self.conflict.count)
        for begin in range(0, len(states), width):
            asked = states[begin : begin + width]
            # better[t, s]: t is a joint improvement over s, whether members can reach it from s or not
            better = np.logical_and.reduce([r[:, None] > r[asked] for r in ranks])
            bits = pack(better)
            escape = bits | reached([self.steps[i] for i in members], bits, UNION)
            answered = reached(wide, ~escape, UNION, self.sanctions)
            free = np.unpackbits((bits & ~answered).view(np.uint8), axis=1, count=len(asked)).view(bool)
            reach = np.unpackbits(self._reached_by(members)[asked], axis=1, count=self.conflict.count).view(bool)
            held[begin : begin + len(asked)] = ~(reach & np.ascontiguousarray(free.T)).any(axis=1)
        return held
