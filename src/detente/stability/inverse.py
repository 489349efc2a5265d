"""What somebody would have to prefer for a state to hold: how many rankings do it, and which is nearest to today's."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import factorial, prod

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError, nearest
from detente.stability.bounded_change import NEVER, bounds, pairs_changed
from detente.stability.concepts import stable_states
from detente.stability.conflict import Conflict, Moves
from detente.stability.counted_rankings import count_by_enumeration, count_own
from detente.stability.minimal_preference_change import (
    SECONDS,
    MinimalPreferenceChange,
    minimal_preference_change,
    span,
)
from detente.stability.result import Stability
from detente.stability.sanction_reachability import SANCTIONS, least_reached

__all__ = ["INVERTED", "Change", "Inverse", "Varied", "inverse", "required_preferences"]

INVERTED = ("nash", "gmr", "smr", "seq", "sseq")
"""The concepts that can be asked backwards."""

Ranks = NDArray[np.signedinteger]


@dataclass(frozen=True)
class Change:
    """A change of preference.

    Parameters
    ----------
    pairs
        How many pairs of states it orders otherwise than at present, over all who change.
    by
        By decision maker that changes, how many of them.
    rankings
        By decision maker that changes, its new ranking: best first, equals together, states from 1.
    least
        Whether it is proven that no smaller change does it.
    """

    pairs: int
    by: Mapping[str, int]
    rankings: Mapping[str, tuple[tuple[int, ...], ...]]
    least: bool = True


@dataclass(frozen=True)
class Varied:
    """What the preferences of some decision makers could do, all others' being as they are.

    Parameters
    ----------
    makers
        Whose preferences may change.
    rankings, of
        Under how many of their strict rankings the state is an equilibrium, of how many; None where that would take
        too long to count. These have thousands of digits where there are a thousand states, more than Python prints;
        ``share`` is the first by the second.
    change
        The least change that makes it one: of no pairs where it is one already; None where none does, or none was
        found.
    settled
        Whether that is the whole truth: the change is the least, or there is none.
    """

    makers: tuple[str, ...]
    rankings: int | None = field(repr=False)
    of: int = field(repr=False)
    change: Change | None
    settled: bool

    @property
    def share(self) -> float | None:
        """Under what share of their strict rankings the state is an equilibrium; None where that is not counted."""
        return None if self.rankings is None else self.rankings / self.of


@dataclass(frozen=True)
class Inverse:
    """What would have to be preferred for a state to be an equilibrium.

    Parameters
    ----------
    state
        Its number, from 1.
    holds
        The concepts under which it is one already.
    alone
        By concept and decision maker, what that one's preferences alone could do.
    jointly
        By concept, what the preferences of all who may change could do together.
    """

    state: int
    holds: tuple[str, ...]
    alone: Mapping[str, Mapping[str, Varied]]
    jointly: Mapping[str, Varied]


def inverse(
    conflict: Conflict,
    state: int,
    *,
    vary: Sequence[str] | None = None,
    concepts: Sequence[str] = INVERTED,
    sanctions: str = "legal",
    seconds: float = SECONDS,
) -> Inverse:
    """Say what somebody would have to prefer for a state to be an equilibrium.

    Parameters
    ----------
    conflict
        The conflict with the present rankings, ties among them.
    state
        The number of the state that is to hold, from 1.
    vary
        The names of those whose preferences may change; default everybody.
    concepts
        Some of ``nash``, ``gmr``, ``smr``, ``seq`` and ``sseq``.
    sanctions
        The rule of sanctioning sequences.
    seconds
        How long the solver may take over all it is asked; what is not proven by then is told as such.

    Returns
    -------
    Inverse
        By concept, what each could do alone and what all could do together: in how many rankings, and by which
        least change.

    Raises
    ------
    RequestError
        If there is no such state, decision maker, concept or rule.

    Notes
    -----
    1. Under Nash, GMR and SMR a decision maker's stability hangs only on which states it ranks above the one in
       question, and the fewer the better. So the nearest ranking that does it lifts this state, just above the best of
       the states that would tempt and are not answered. Each state passed is one pair, and so is each that was equal.
       No change costs less: of each state between the lifted one and the one it must pass, the order with one of the
       two has to change.
    2. Under SEQ and SSEQ others answer by what they like, so that one's ranking also decides what holds others back.
       If the ranking of step 1 makes the state an equilibrium it is the nearest; else the program of
       :mod:`detente.stability.minimal_preference_change` finds it.
    3. Rankings are counted as :mod:`detente.stability.counted_rankings` says.

    References
    ----------
    R. A. Kinsara, D. M. Kilgour, K. W. Hipel, "Inverse approach to the graph model for conflict resolution", IEEE
    Transactions on Systems, Man, and Cybernetics: Systems 45 (2015).
    """
    names = tuple(conflict.makers) if vary is None else tuple(dict.fromkeys(vary))
    _refuse_unknown(conflict, state, names, concepts, sanctions)
    who = tuple(conflict.makers.index(name) for name in names)
    question = _Question(conflict, state - 1, sanctions, time.monotonic() + seconds)
    counted = {some: question.counts(some, concepts) for some in {who, *((i,) for i in who)}}
    # Together first: it is the main thing to know, and what one could do alone may be dearer to find.
    jointly = {concept: question.varied(who, concept, counted[who]) for concept in concepts}
    alone = {
        concept: {conflict.makers[i]: question.varied((i,), concept, counted[i,]) for i in who} for concept in concepts
    }
    return Inverse(state, tuple(concept for concept in concepts if question.holds(concept)), alone, jointly)


def required_preferences(
    result: Stability, state: int | str, *, vary: Sequence[str] | None = None, concepts: Sequence[str] = INVERTED
) -> Inverse:
    """Find what would have to be preferred for a state to be an equilibrium, and the least change that does it.

    Parameters
    ----------
    result
        The analysis, whose rule of sanctions is taken.
    state
        A state's number, from 1, or its name.
    vary
        The names of those whose preferences may change; by default everybody.
    concepts
        Some of ``nash``, ``gmr``, ``smr``, ``seq`` and ``sseq``; by default all.

    Returns
    -------
    Inverse
        What :func:`inverse` finds.

    Raises
    ------
    RequestError
        If there is no such state, decision maker or concept.
    """
    return inverse(
        result.conflict, result.state(state).id, vary=vary, concepts=tuple(concepts), sanctions=result.sanctions
    )


def _refuse_unknown(
    conflict: Conflict, state: int, names: Sequence[str], concepts: Sequence[str], sanctions: str
) -> None:
    if not 1 <= state <= conflict.count:
        raise RequestError(f"there is no state {state}; give a number from 1 to {conflict.count}")
    _known(names, conflict.makers, "decision maker")
    _known(concepts, INVERTED, "concept that can be asked backwards")
    _known([sanctions], tuple(SANCTIONS), "rule of sanctions")


def _known(given: Iterable[str], known: Sequence[str], what: str) -> None:
    given = tuple(given)
    if not given:
        raise RequestError(f"name at least one {what}: {', '.join(known)}")
    for name in given:
        if name not in known:
            mend = nearest(name, list(known)) or "there are " + ", ".join(known)
            raise RequestError(f"there is no {what} '{name}'; {mend}")


@dataclass(frozen=True)
class _Question:
    """A conflict and the state, from 0, that is to hold in it."""

    conflict: Conflict
    state: int
    sanctions: str
    until: float
    _changed: dict[tuple[tuple[int, ...], str], MinimalPreferenceChange] = field(default_factory=dict)

    def holds(self, concept: str) -> bool:
        """Say whether the state is an equilibrium as preferences are now."""
        return bool(self.stable(concept).all())

    def varied(self, who: tuple[int, ...], concept: str, counted: Mapping[str, int | None]) -> Varied:
        """Return what the preferences of some decision makers could do under a concept."""
        found = self.changed(who, concept)
        change = self.told(found) if found.ranks or self.holds(concept) else None
        everything = factorial(self.conflict.count) ** len(who)
        makers = tuple(self.conflict.makers[i] for i in who)
        return Varied(makers, counted[concept], everything, change, found.proven)

    def stable(self, concept: str, conflict: Conflict | None = None) -> NDArray[np.bool_]:
        """Say for whom the state is stable, ``[makers]``."""
        return stable_states(conflict or self.conflict, [concept], self.sanctions)[concept][:, self.state]

    def with_ranks(self, ranks: Mapping[int, Ranks]) -> Conflict:
        """Return the conflict with other rankings of some decision makers."""
        changed = self.conflict.ranks.copy()
        for i, new in ranks.items():
            changed[i] = new
        return replace(self.conflict, ranks=changed)

    # --- counts ---------------------------------------------------------------------------------------------------

    def counts(self, who: tuple[int, ...], concepts: Sequence[str]) -> dict[str, int | None]:
        """Return by concept how many of their rankings make the state an equilibrium; None where not counted."""
        counts: dict[str, int | None] = {}
        for concept in concepts:
            others = list(self.conflict.others(who))
            sure, never = self._whatever(who, concept)
            if never[others].any():
                counts[concept] = 0
            elif concept in ("nash", "gmr", "smr") or (len(who) == 1 and sure[others].all()):
                own = [count_own(self.conflict, self.state, i, concept, self.sanctions) for i in who]
                counts[concept] = None if None in own else prod(count or 0 for count in own)
        left = [concept for concept in concepts if counts.get(concept) is None]
        if left:
            found = count_by_enumeration(self.conflict, self.state, who, left, self.sanctions)
            counts |= dict.fromkeys(left) if found is None else found
        return counts

    def _whatever(self, who: tuple[int, ...], concept: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Say for whom the state is stable, and for whom unstable, whatever those who may change prefer, ``[makers]``.

        It is so if it is with none of their moves as answers, and not with all of them.
        """
        if concept in ("nash", "gmr", "smr"):
            stable = self.stable(concept)
            return stable, ~stable
        none, every = list(self.conflict.improvements), list(self.conflict.improvements)
        for i in who:
            none[i] = none[i].where(np.zeros(len(none[i].targets), bool))
            every[i] = self.conflict.moves[i]
        makers = range(len(self.conflict.makers))
        sure = np.array([self._tempting(i, concept, none) < 0 for i in makers])
        never = np.array([self._tempting(i, concept, every) >= 0 for i in makers])
        return sure, never

    # --- changes --------------------------------------------------------------------------------------------------

    def changed(self, who: tuple[int, ...], concept: str) -> MinimalPreferenceChange:
        """Find the least change of these decision makers' rankings that makes the state an equilibrium, once."""
        if (who, concept) not in self._changed:
            self._changed[who, concept] = self._change(who, concept)
        return self._changed[who, concept]

    def _change(self, who: tuple[int, ...], concept: str) -> MinimalPreferenceChange:
        if self.holds(concept):
            return MinimalPreferenceChange(0, {}, True)
        lifted = {i: self._lifted(i, concept) for i in who}
        moved = MinimalPreferenceChange(
            sum(cost for cost, _ in lifted.values()), {i: ranks for i, (cost, ranks) in lifted.items() if cost}, True
        )
        holds = self.stable(concept, self.with_ranks(moved.ranks)).all()
        if concept in ("nash", "gmr", "smr"):
            return moved if holds else MinimalPreferenceChange(0, {}, True)
        if holds and len(who) == 1:
            return moved
        return self._nearest(who, concept, [moved] if holds else [])

    def _nearest(
        self, who: tuple[int, ...], concept: str, found: list[MinimalPreferenceChange]
    ) -> MinimalPreferenceChange:
        """Find the least change where answers hang on what is changed, given some changes that do it."""
        limits, *alone = (
            bounds(self.conflict, self.state, some, symmetric=concept == "sseq", sanctions=self.sanctions)
            for some in (who, *((i,) for i in who if len(who) > 1))
        )
        if limits.lower >= NEVER:
            return MinimalPreferenceChange(0, {}, True)
        for ranks in (limits.ranks, *(each.ranks for each in alone), self.changed(who, "nash").ranks):
            if ranks and self.stable(concept, self.with_ranks(ranks)).all():
                cost = sum(pairs_changed(self.conflict.ranks[i], new) for i, new in ranks.items())
                found.append(MinimalPreferenceChange(cost, ranks, True))
        best = min(found, key=lambda change: change.cost, default=MinimalPreferenceChange(0, {}, False))
        if best.ranks and best.cost == limits.lower:
            return replace(best, proven=True)
        least = minimal_preference_change(
            self.conflict, self.state, who, symmetric=concept == "sseq", sanctions=self.sanctions,
            seconds=self.until - time.monotonic(), below=best.cost if best.ranks else None,
        )  # fmt: skip
        if least.ranks:
            return self._strict(least, concept)
        return replace(best, proven=least.proven)

    def _strict(self, found: MinimalPreferenceChange, concept: str) -> MinimalPreferenceChange:
        """Turn states round that a change would make equal, where that does it as well: it costs the same."""
        turned = {}
        for i, ranks in found.ranks.items():
            before = np.unique(self.conflict.ranks[i], return_inverse=True)[1]
            turned[i] = np.unique((ranks.astype(np.int64) + 1) * len(ranks) - before, return_inverse=True)[1]
        strict = replace(found, ranks=turned)
        return strict if self.stable(concept, self.with_ranks(turned)).all() else found

    def _lifted(self, i: int, concept: str) -> tuple[int, Ranks]:
        """Lift the state in one ranking until nothing tempts unanswered; return the pairs changed and the ranks."""
        ranks = np.unique(self.conflict.ranks[i], return_inverse=True)[1]
        answers = self.conflict.improvements if concept in ("seq", "sseq") else self.conflict.moves
        best = self._tempting(i, concept, answers)
        if best < 0:
            return 0, ranks
        above, sums = int(ranks[np.flatnonzero(self.conflict.ranks[i] == best)[0]]), span(ranks)
        passed = int(sums[above + 1] - sums[ranks[self.state]]) - 1
        new = 2 * ranks
        new[self.state] = 2 * above + 1
        return passed, np.unique(new, return_inverse=True)[1]

    def _tempting(self, i: int, concept: str, answers: Sequence[Moves]) -> int:
        """Return the best rank that a decision maker is sure of if it moves; -1 where it gains nothing by that."""
        conflict, ranks = self.conflict, self.conflict.ranks[i]
        worth = ranks
        if concept != "nash":
            left = np.maximum(ranks, conflict.moves[i].most(ranks)) if concept in ("smr", "sseq") else ranks
            worth = np.minimum(ranks, least_reached(left, answers, conflict.others([i]), self.sanctions))
        best = int(conflict.moves[i].most(worth)[self.state])
        return best if best > ranks[self.state] else -1

    def told(self, found: MinimalPreferenceChange) -> Change:
        """Word a change by names and numbers from 1."""
        rankings, by = {}, {}
        for i, ranks in found.ranks.items():
            by[self.conflict.makers[i]] = pairs_changed(self.conflict.ranks[i], ranks)
            rankings[self.conflict.makers[i]] = tuple(
                tuple((np.flatnonzero(ranks == rank) + 1).tolist()) for rank in reversed(range(int(ranks.max()) + 1))
            )
        return Change(found.cost, by, rankings, found.proven)
