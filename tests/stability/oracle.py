"""Stability written straight from the definitions, with sets and recursion: slow, plain, and sharing nothing with src.

A game is given by ``moves[i][s]``, the set of states that decision maker ``i`` can move to from ``s``, and by
``ranks[i][s]``, higher being better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product


@dataclass
class Game:
    moves: list[list[set[int]]]
    ranks: list[list[int]]
    codes: list[tuple[int, ...]] = field(default_factory=list)
    """What each option is in each state, for simultaneous stability."""
    owners: tuple[int, ...] = ()
    known: dict[tuple[frozenset[int], int, str, bool], set[int]] = field(default_factory=dict, compare=False)
    """What movers have been found to reach, so that it is found once."""

    @property
    def makers(self) -> range:
        return range(len(self.moves))

    @property
    def states(self) -> range:
        return range(len(self.ranks[0]))

    def improvements(self, i: int, s: int) -> set[int]:
        return {t for t in self.moves[i][s] if self.ranks[i][t] > self.ranks[i][s]}

    def others(self, i: int) -> set[int]:
        return set(self.makers) - {i}


def closure(game: Game, movers: Iterable[int], s: int, rule: str, *, improving: bool = False) -> set[int]:
    """R_H(s), or R_H^+(s), as Fang, Hipel and Kilgour define it: with the set of last movers for each state reached."""
    key = (frozenset(movers), s, rule, improving)
    if key not in game.known:
        game.known[key] = _closure(game, *key)
    return game.known[key]


def _closure(game: Game, movers: frozenset[int], s: int, rule: str, improving: bool) -> set[int]:
    step = game.improvements if improving else lambda j, t: game.moves[j][t]
    if rule == "single":
        return {t for j in movers for t in step(j, s)}
    if rule == "once":
        first = {(j, t) for j in movers for t in step(j, s)}
        return {u for j, t in first for u in {t} | closure(game, movers - {j}, t, rule, improving=improving)}
    last: dict[int, set[int]] = {}
    for j in movers:
        for t in step(j, s):
            last.setdefault(t, set()).add(j)
    grown = True
    while grown:
        grown = False
        for t in list(last):
            for j in movers:
                if last[t] != {j}:
                    for u in step(j, t):
                        if j not in last.setdefault(u, set()):
                            last[u].add(j)
                            grown = True
    return set(last)


def nash(game: Game, i: int, s: int, rule: str) -> bool:
    return not game.improvements(i, s)


def gmr(game: Game, i: int, s: int, rule: str, *, improving: bool = False, symmetric: bool = False) -> bool:
    rank = game.ranks[i]
    return all(
        any(
            rank[s2] <= rank[s] and (not symmetric or all(rank[s3] <= rank[s] for s3 in game.moves[i][s2]))
            for s2 in closure(game, game.others(i), s1, rule, improving=improving)
        )
        for s1 in game.improvements(i, s)
    )


def smr(game: Game, i: int, s: int, rule: str) -> bool:
    return gmr(game, i, s, rule, symmetric=True)


def seq(game: Game, i: int, s: int, rule: str) -> bool:
    return gmr(game, i, s, rule, improving=True)


def sseq(game: Game, i: int, s: int, rule: str) -> bool:
    return gmr(game, i, s, rule, improving=True, symmetric=True)


def sim(game: Game, i: int, s: int, rule: str) -> bool:
    """Fraser and Hipel: the others leave the state at the same moment, each for an improvement of its own."""

    def sanctioned(s1: int) -> bool:
        choices = [[(j, t) for t in {s} | game.improvements(j, s)] for j in game.others(i)]
        for chosen in product(*choices):
            if all(t == s for _, t in chosen):
                continue
            takes = dict(chosen) | {i: s1}
            both = tuple(game.codes[takes[owner]][k] for k, owner in enumerate(game.owners))
            if both in game.codes and game.ranks[i][game.codes.index(both)] <= game.ranks[i][s]:
                return True
        return False

    return all(sanctioned(s1) for s1 in game.improvements(i, s))


Table = dict[tuple[int, int], frozenset[int]]
"""A_h(i, s): where the conflict may end up if i has the move and everybody looks h moves ahead."""


def nothing_ahead(game: Game) -> Table:
    return {(i, s): frozenset({s}) for i in game.makers for s in game.states}


def further(game: Game, before: Table) -> Table:
    after = {}
    for i, s in before:
        outcome = {}
        for s1 in game.moves[i][s]:
            leave = [before[j, s1] for j in game.others(i) if before[j, s1] != {s1}]
            outcome[s1] = frozenset().union(*leave) if leave else frozenset({s1})
        worth = {s1: min(game.ranks[i][t] for t in found) for s1, found in outcome.items()}
        best = max(worth.values(), default=game.ranks[i][s])
        if best > game.ranks[i][s]:
            after[i, s] = frozenset().union(*(outcome[s1] for s1 in worth if worth[s1] == best))
        else:
            after[i, s] = frozenset({s})
    return after


def limited_move(game: Game, horizon: int) -> list[list[bool]]:
    """Whether each state is stable for each decision maker if everybody looks some moves ahead."""
    table = nothing_ahead(game)
    for _ in range(horizon):
        table = further(game, table)
    return [[table[i, s] == {s} for s in game.states] for i in game.makers]


def non_myopic(game: Game) -> list[list[bool]]:
    """Say the same from some horizon on: for all tables between one and its next occurrence."""
    tables = [nothing_ahead(game)]
    while tables[-1] not in tables[:-1]:
        tables.append(further(game, tables[-1]))
    cycle = tables[tables.index(tables[-1]) + 1 :]
    return [[all(table[i, s] == {s} for table in cycle) for s in game.states] for i in game.makers]


CONCEPTS: dict[str, Callable[[Game, int, int, str], bool]] = {
    "nash": nash,
    "gmr": gmr,
    "smr": smr,
    "seq": seq,
    "sseq": sseq,
    "sim": sim,
}


def stable(game: Game, concept: str, rule: str = "legal") -> list[list[bool]]:
    """Whether each state is stable for each decision maker, by the names that results use."""
    if concept == "non_myopic":
        return non_myopic(game)
    if concept not in CONCEPTS:
        return limited_move(game, int(concept[1:]))
    return [[CONCEPTS[concept](game, i, s, rule) for s in game.states] for i in game.makers]
