"""Rankings drawn from those that a case's claims allow: what no claim settles is settled by luck, keyed by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.equations import unparse
from detente.errors import RequestError
from detente.randomness import bits, name_key, uniform64
from detente.scenario import Case, Draws
from detente.scenario.elements import ConflictElement, MakerElement, StatementElement
from detente.stability.preferences import preference_ranks, unknown_pairs

__all__ = ["DrawnRankings"]

Numbers = NDArray[np.uint32]
Ranks = NDArray[np.int32]
Uniforms = NDArray[np.float64]

SWEEPS = 10
"""How often every state whose place is unknown is taken out and put back."""


@dataclass(frozen=True)
class DrawnRankings:
    """The rankings of a case's decision makers by number: the same seed and number, the same rankings.

    Parameters
    ----------
    case
        A case with a section ``stability``.
    readings
        Switches that are fixed; the others are drawn.
    seed
        The seed.

    Notes
    -----
    For each number and decision maker:

    1. Readings are drawn as for a run. A statement that hangs on other readings is left out.
    2. A statement without any claim, its own or one that it hangs on, is an assumption: it is kept or left out, as
       likely as not.
    3. Statements whose order no claim settles (``any_order``) are shuffled among their places.
    4. States are ranked by the statements. Those that are left equal get a strict order, each as likely.
    5. A ranking given as a list keeps its ties.
    6. Where the preference between two states is unknown, all orders that agree with what is known are as likely: the
       states that such a pair names are in turn taken out and put back in any of the places left to them, ten times;
       a state that is unknown against all others is put anywhere at once.
    """

    case: Case
    readings: Mapping[str, str]
    seed: int

    @cached_property
    def element(self) -> ConflictElement:
        """The conflict as the case describes it.

        Raises
        ------
        RequestError
            If the case has no section ``stability``.
        """
        if self.case.elements.conflict is None:
            raise RequestError(f"{self.case.name} has no section stability; describe the conflict there")
        return self.case.elements.conflict

    @cached_property
    def _makers(self) -> tuple[_Stating | _Listing, ...]:
        states = self.element.states
        found: list[_Stating | _Listing] = []
        for maker in self.element.makers:
            pairs = unknown_pairs(maker.preference, states.count)
            if maker.preference.ranking is None:
                wanted = [s for s in maker.preference.statements if self._possible(s)]
                truths = np.array([states.holds(s.node) for s in wanted], np.float64).reshape(-1, states.count)
                found.append(_Stating(self.case, maker, tuple(wanted), truths, pairs, self.seed, self.readings))
            else:
                ranks, _ = preference_ranks(maker.preference, states, self.readings)
                found.append(_Listing(maker, ranks, pairs, self.seed))
        return tuple(found)

    def _possible(self, statement: StatementElement) -> bool:
        """Say whether a statement can be wanted under the readings that are fixed."""
        return all(self.readings.get(switch, reading) == reading for switch, reading in statement.when)

    @property
    def settled(self) -> bool:
        """Whether the claims leave nothing to draw, so that every number has the same rankings."""
        one = self.take(np.zeros(1, np.uint32))[:, 0]
        return all(maker.settled(ranks) for maker, ranks in zip(self._makers, one, strict=True))

    def take(self, numbers: Numbers) -> Ranks:
        """Return rankings, higher is better, ``[makers, numbers, states]``."""
        drawn = Draws(self.case, self.seed, ()).take(numbers, self.readings).readings
        return np.stack([maker.take(numbers, drawn) for maker in self._makers])


@dataclass(frozen=True)
class _Stating:
    """A decision maker that ranks by statements; ``truths`` is ``[statements, states]``, ``fixed`` are readings."""

    case: Case
    maker: MakerElement
    statements: tuple[StatementElement, ...]
    truths: Uniforms
    pairs: NDArray[np.int32]
    seed: int
    fixed: Mapping[str, str]

    def settled(self, ranks: Ranks) -> bool:
        """Whether no statement can be left out or change its place, all states are told apart, and ``ranks`` is all."""
        loose = any(not s.claims and not s.when for s in self.statements)
        open_ = any(switch not in self.fixed for s in self.statements for switch, _ in s.when)
        tiers = [statement.tier for statement in self.statements]
        told_apart = self._kinds[0].shape[1] == self.truths.shape[1]
        return not (loose or open_) and len(set(tiers)) == len(tiers) and told_apart and self._loose.settled(ranks)

    @cached_property
    def _names(self) -> list[tuple[str, ...]]:
        """What the luck of each statement is named after: what is wanted, and which one it is of several alike."""
        texts = [(unparse(s.node), *(f"{claim}={reading}" for claim, reading in s.when)) for s in self.statements]
        return [(self.maker.name, str(texts[:k].count(text)), *text) for k, text in enumerate(texts)]

    def take(self, numbers: Numbers, drawn: Mapping[str, NDArray[np.int32]]) -> Ranks:
        """Return the ranking of each number, ``[numbers, states]``."""
        kept = self._kept(numbers, drawn)
        place = self._places(numbers)
        first, second = name_key("equal states", self.maker.name, seed=self.seed)
        states = np.arange(self.truths.shape[1], dtype=np.uint32)
        luck = bits(np.uint32(first), np.uint32(second), numbers[:, None], states, np)[0]
        truths, alike = self._kinds
        # What is more important counts for more than all that is less important together: a digit of two each.
        worth = [np.where(kept & (place // 31 == part), 2.0 ** (30 - place % 31), 0.0) for part in self._parts]
        codes = [(weights @ truths).astype(np.int64).take(alike, axis=1) for weights in worth]
        if len(codes) == 1:
            order = np.argsort((codes[0] << 32) | luck, axis=1)
        else:
            order = np.lexsort((luck, *reversed(codes)), axis=1)
        return self._loose.settle(_positions(order), numbers)

    @cached_property
    def _kinds(self) -> tuple[Uniforms, NDArray[np.int64]]:
        """The truths of each kind of state that the statements tell apart, and the kind of each state."""
        kinds, kind_of = np.unique(self.truths, axis=1, return_inverse=True)
        return kinds, kind_of.reshape(-1)

    @cached_property
    def _loose(self) -> _Loose:
        return _Loose.of(self.pairs, self.maker.name, self.seed, self.truths.shape[1])

    @property
    def _parts(self) -> range:
        """Thirty-one statements at a time fit beside the luck of equal states into a number of 64 bits."""
        return range(max(1, -(-len(self.statements) // 31)))

    def _kept(self, numbers: Numbers, drawn: Mapping[str, NDArray[np.int32]]) -> NDArray[np.bool_]:
        """Say which statements are wanted, ``[numbers, statements]``."""
        kept = np.ones((len(numbers), len(self.statements)), bool)
        for k, statement in enumerate(self.statements):
            for switch, reading in statement.when:
                kept[:, k] &= drawn[switch] == list(self.case.switches[switch].readings or {}).index(reading)
            if not statement.claims and not statement.when:
                kept[:, k] &= self._uniform("assumption", k, numbers) < 0.5
        return kept

    def _places(self, numbers: Numbers) -> NDArray[np.int64]:
        """Return the place of each statement, most important first, ``[numbers, statements]``."""
        tiers = [statement.tier for statement in self.statements]
        luck = np.zeros((len(numbers), len(tiers)))
        for k, tier in enumerate(tiers):
            if tiers.count(tier) > 1:
                luck[:, k] = self._uniform("order", k, numbers)
        order = np.lexsort((luck, np.broadcast_to(np.array(tiers, np.int64), luck.shape)), axis=1)
        return _positions(order).astype(np.int64)

    def _uniform(self, kind: str, statement: int, numbers: Numbers) -> Uniforms:
        return _uniform((kind, *self._names[statement]), self.seed, numbers, 0)


@dataclass(frozen=True)
class _Listing:
    """A decision maker whose ranking the case lists; ``ranks`` is ``[states]``."""

    maker: MakerElement
    ranks: Ranks
    pairs: NDArray[np.int32]
    seed: int

    def settled(self, ranks: Ranks) -> bool:
        """Whether what is known of the ties of states allows no other order than ``ranks``."""
        _, tie_of, loose = self._ties
        return loose.settled(ranks[np.unique(tie_of, return_index=True)[1]])

    def take(self, numbers: Numbers, drawn: Mapping[str, NDArray[np.int32]]) -> Ranks:
        """Return the ranking of each number, ``[numbers, states]``."""
        start, tie_of, loose = self._ties
        settled = loose.settle(np.broadcast_to(start, (len(numbers), len(start))), numbers)
        return np.asarray(settled[:, tie_of])

    @cached_property
    def _ties(self) -> tuple[Ranks, NDArray[np.int64], _Loose]:
        """The place of each tie of states as the list has it, the tie of each state, and which ties are loose."""
        tie_of, pairs = _tied(self.ranks, self.pairs)
        base = np.zeros(int(tie_of.max()) + 1, np.int32)
        base[tie_of] = self.ranks
        start = _positions(np.argsort(base, kind="stable")[None, :])[0]
        return start, tie_of, _Loose.of(pairs, self.maker.name, self.seed, len(base))


def _uniform(name: tuple[str, ...], seed: int, numbers: Numbers, step: int) -> Uniforms:
    first, second = name_key(*name, seed=seed)
    zero = np.zeros(1, np.uint32)
    found = uniform64(np.uint32(first), np.uint32(second), numbers, zero, np.full(1, step, np.uint32), np)
    return np.asarray(found, np.float64)


def _positions(order: NDArray[np.int64]) -> Ranks:
    """Return at which place each thing stands, for rows that list things by place."""
    found = np.empty(order.shape, np.int32)
    np.put_along_axis(found, order, np.arange(order.shape[1], dtype=np.int32)[None, :], axis=1)
    return found


def _tied(ranks: Ranks, pairs: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return which states a list ties together, as numbers from 0, and the pairs of ties that are wholly unknown.

    States are tied where they share a rank and the preference between them is known, or through a third. What is known
    between any two states of two ties is known between the ties.
    """
    if not len(pairs):
        return np.unique(ranks, return_inverse=True)[1], pairs
    count = len(ranks)
    unknown = {(int(a), int(b)) for a, b in pairs}
    tie_of = np.full(count, -1, np.int64)
    new = 0
    for rank in range(int(ranks.max()) + 1):
        alike = np.flatnonzero(ranks == rank).tolist()
        while alike:
            tie = [alike.pop(0)]
            for one in tie:
                joined = [other for other in alike if (min(one, other), max(one, other)) not in unknown]
                alike = [other for other in alike if other not in joined]
                tie += joined
            tie_of[tie] = new
            new += 1
    between = np.sort(tie_of[pairs], axis=1)
    between = between[between[:, 0] != between[:, 1]]
    keys, met = np.unique(between[:, 0] * new + between[:, 1], return_counts=True)
    first, second = np.divmod(keys, new)
    sizes = np.bincount(tie_of)
    wholly = met == sizes[first] * sizes[second]
    return tie_of, np.stack([first[wholly], second[wholly]], axis=1).astype(np.int32)


@dataclass(frozen=True)
class _Loose:
    """The things of a ranking whose place is not wholly known, and what each is unknown against."""

    maker: str
    seed: int
    count: int
    against: Mapping[int, NDArray[np.int64]]

    @staticmethod
    def of(pairs: NDArray[np.int32], maker: str, seed: int, count: int) -> _Loose:
        """Sort pairs by the things they name."""
        both = np.concatenate([pairs, pairs[:, ::-1]]).astype(np.int64)
        both = both[np.lexsort((both[:, 1], both[:, 0]))]
        things, first = np.unique(both[:, 0], return_index=True)
        return _Loose(maker, seed, count, dict(zip(things.tolist(), np.split(both[:, 1], first[1:]), strict=False)))

    def settled(self, place: Ranks) -> bool:
        """Whether no other order agrees with what is known: in this one, ``[things]``, neighbours are all known."""
        near = [(thing, other) for thing, others in self.against.items() for other in others.tolist()]
        return not any(abs(int(place[thing]) - int(place[other])) == 1 for thing, other in near)

    def settle(self, place: Ranks, numbers: Numbers) -> Ranks:
        """Draw a place for each loose thing, from rankings that are right in what is known, ``[numbers, things]``."""
        if not self.against:
            return place
        free = [thing for thing, others in self.against.items() if len(others) == self.count - 1]
        bound = [thing for thing in self.against if len(self.against[thing]) < self.count - 1]
        place = place.copy()
        for sweep in range(SWEEPS if len(bound) > 1 else 0):
            for thing in bound:
                self._put_back(place, thing, _uniform(("place", self.maker, str(thing)), self.seed, numbers, sweep))
        return self._scatter(place, free, numbers) if free else place

    def _put_back(self, place: Ranks, thing: int, luck: Uniforms) -> None:
        """Move a thing to any place between its nearest neighbours against which it is known, each as likely."""
        known = np.ones(self.count, bool)
        known[self.against[thing]] = known[thing] = False
        here = place[:, thing].copy()
        others = place[:, known]
        low = np.where(others < here[:, None], others, -1).max(axis=1, initial=-1)
        high = np.where(others > here[:, None], others, self.count).min(axis=1, initial=self.count)
        there = low + 1 + (luck * (high - low - 1)).astype(np.int32)
        old, new = here[:, None], there[:, None]
        place -= (place > old) & (place <= new)
        place += (place < old) & (place >= new)
        place[:, thing] = there

    def _scatter(self, place: Ranks, free: list[int], numbers: Numbers) -> Ranks:
        """Put things anywhere: the others take, in their order, the places of as many numbers drawn evenly."""
        first, second = name_key("anywhere", self.maker, seed=self.seed)
        things = np.arange(self.count, dtype=np.uint32)
        high, low = things >> np.uint32(16), things & np.uint32(0xFFFF)
        luck = np.array(uniform64(np.uint32(first), np.uint32(second), numbers[:, None], high, low, np))
        bound = np.setdiff1d(np.arange(self.count), free)
        order = np.argsort(place[:, bound], axis=1)
        np.put_along_axis(luck, bound[order], np.sort(luck[:, bound], axis=1), axis=1)
        return _positions(np.argsort(luck, axis=1))
