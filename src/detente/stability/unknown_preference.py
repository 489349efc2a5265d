"""Stability where what somebody prefers is not known for some pairs of states: from bold to cautious, four types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError
from detente.stability.batched_rankings import UNION, Steps, pack, reached
from detente.stability.conflict import Conflict, Moves
from detente.stability.sanction_reachability import SANCTIONS

__all__ = ["LARGEST", "TYPES", "UNCERTAIN", "unknown_preference"]

TYPES: Mapping[str, tuple[bool, bool]] = {
    "a": (True, False),
    "b": (False, False),
    "c": (True, True),
    "d": (False, True),
}
"""By type: whether a move is made where the preference is unknown, and whether an answer counts where it is."""
UNCERTAIN = ("nash", "gmr", "smr", "seq", "sseq")
"""The concepts that are defined where preference is partly unknown."""
LARGEST = 32_768
"""States beyond which there are too many pairs of them to look at."""
COLUMNS = 1 << 18
"""Rows times words of 64 states that are looked at in one go."""

Truths = NDArray[np.bool_]
Words = NDArray[np.uint64]


def unknown_preference(conflict: Conflict, sanctions: str = "legal") -> Mapping[str, Mapping[str, Truths]]:
    """Find the stable states where the preference between some pairs of states is unknown.

    Parameters
    ----------
    conflict
        The conflict. The pairs of ``conflict.unknown`` are unknown whatever the ranks say.
    sanctions
        The rule of sanctioning sequences.

    Returns
    -------
    dict
        For the types ``a`` to ``d``, by concept, whether each state is stable for each decision maker,
        ``[makers, states]``. Without unknown pairs all types are the plain concept.

    Raises
    ------
    RequestError
        If there are more than :data:`LARGEST` states, or there is no such rule.

    Notes
    -----
    1. Types ``a`` and ``c`` describe a decision maker who leaves a state for one that it likes better, or may: the
       preference is unknown. ``b`` and ``d``: one who leaves only for what it surely likes better.
    2. Types ``a`` and ``b`` describe one who is held only by an answer that it surely likes no better than the state
       it left; ``c`` and ``d``: also by one of which that is unknown.
    3. The concepts are the plain ones with these moves and answers. Under SMR and SSEQ the states that it can move on
       to are judged as the answer is.
    4. Under SEQ and SSEQ others answer by improvements, sure ones and such as may be ones, in all four types.
    5. So what is stable under ``a`` is stable under all types, and what is under any is under ``d``.

    References
    ----------
    K. W. Li, K. W. Hipel, D. M. Kilgour, L. Fang, "Preference uncertainty in the graph model for conflict resolution",
    IEEE Transactions on Systems, Man, and Cybernetics A 34 (2004).
    """
    if conflict.count > LARGEST:
        raise RequestError(
            f"unknown preferences are looked at for up to {LARGEST:,} states; there are {conflict.count:,}"
        )
    if sanctions not in SANCTIONS:
        raise RequestError(f"there is no rule of sanctions '{sanctions}'; there are {', '.join(SANCTIONS)}")
    relations = tuple(_Relation(conflict, i) for i in range(len(conflict.makers)))
    found: dict[str, dict[str, list[Truths]]] = {kind: {concept: [] for concept in UNCERTAIN} for kind in TYPES}
    for i, own in enumerate(relations):
        others = [other for j, other in enumerate(relations) if j != i]
        for kind, (bold, _) in TYPES.items():
            found[kind]["nash"].append(np.diff(own.leaving(bold).first) == 0)
        for lenient in (False, True):
            for concept in UNCERTAIN[1:]:
                movers = [Steps(o.leaving(True) if concept in ("seq", "sseq") else o.moves) for o in others]
                kinds = {kind: bold for kind, (bold, counts) in TYPES.items() if counts == lenient}
                held = own.held(movers, kinds, lenient, concept in ("smr", "sseq"), sanctions)
                for kind, truths in held.items():
                    found[kind][concept].append(truths)
    return {kind: {c: np.stack(each) for c, each in concepts.items()} for kind, concepts in found.items()}


@dataclass(frozen=True)
class _Relation:
    """What one decision maker prefers, as far as it is known."""

    conflict: Conflict
    maker: int

    @property
    def moves(self) -> Moves:
        """Its moves."""
        return self.conflict.moves[self.maker]

    @cached_property
    def _sure(self) -> Moves:
        return self.moves.where(self._gains & ~self._open)

    @cached_property
    def _perhaps(self) -> Moves:
        return self.moves.where(self._gains | self._open)

    @cached_property
    def _gains(self) -> Truths:
        ranks = self.conflict.ranks[self.maker]
        return np.asarray(ranks[self.moves.targets] > ranks[self.moves.sources])

    @cached_property
    def _open(self) -> Truths:
        """Which moves lead between states whose preference is unknown."""
        pairs, count = self.conflict.unknown[self.maker].astype(np.int64), self.conflict.count
        ends = np.sort(np.stack([self.moves.sources, self.moves.targets]), axis=0).astype(np.int64)
        return np.isin(ends[0] * count + ends[1], pairs[:, 0] * count + pairs[:, 1])

    def leaving(self, bold: bool) -> Moves:
        """Return the moves that it makes: to what it likes better, and if bold to what it may like better."""
        return self._perhaps if bold else self._sure

    def held(
        self, movers: list[Steps], kinds: Mapping[str, bool], lenient: bool, moves_on: bool, sanctions: str
    ) -> dict[str, Truths]:
        """Say from which states every move is answered, for bold and cautious movers, ``[states]`` each.

        A column stands for the state that is left, a bit in each row for whether an answer there holds the mover back.
        """
        free = {kind: np.zeros(self.conflict.count, bool) for kind in kinds}
        for begin, end in self._blocks():
            stays = self._packed(begin, end, lenient)
            if moves_on:
                stays &= ~Steps(self.moves).gather(~stays, UNION)
            answered = reached(movers, stays, UNION, sanctions)
            for kind, bold in kinds.items():
                own = self.leaving(bold)
                chosen = slice(int(own.first[begin]), int(own.first[end]))
                left, went = own.sources[chosen], own.targets[chosen]
                column = left - begin
                held = answered.view(np.uint8)[went, column // 8] >> (7 - column % 8) & 1
                free[kind][left[held == 0]] = True
        return {kind: ~truths for kind, truths in free.items()}

    def _blocks(self) -> Iterator[tuple[int, int]]:
        count = self.conflict.count
        width = 64 * max(1, COLUMNS // count)
        for begin in range(0, count, width):
            yield begin, min(begin + width, count)

    def _packed(self, begin: int, end: int, lenient: bool) -> Words:
        """Say by bits which states, in rows, are no better than others, in columns; if lenient, perhaps no better."""
        ranks = self.conflict.ranks[self.maker]
        no_better = ranks[:, None] <= ranks[begin:end]
        pairs = self.conflict.unknown[self.maker]
        for one, other in (pairs.T, pairs[:, ::-1].T):
            here = (other >= begin) & (other < end)
            no_better[one[here], other[here] - begin] = lenient
        return pack(no_better)
