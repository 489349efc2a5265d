"""Stability of coalitions, and under unknown and strong preference, straight from the definitions, with sets."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import combinations

from tests.stability.oracle import Game, closure

Test = Callable[[Game, tuple[int, ...], int, str], bool]


def together(game: Game, members: Collection[int], s: int) -> set[int]:
    """R_H(s); one alone has its own moves."""
    return closure(game, members, s, "legal")


def gains(game: Game, members: Collection[int], s: int) -> set[int]:
    return {t for t in together(game, members, s) if all(game.ranks[i][t] > game.ranks[i][s] for i in members)}


def outside(game: Game, members: Collection[int]) -> set[int]:
    return set(game.makers) - set(members)


def joint_nash(game: Game, members: tuple[int, ...], s: int, rule: str) -> bool:
    return not gains(game, members, s)


def joint_gmr(game: Game, members: tuple[int, ...], s: int, rule: str, *, improving: bool = False) -> bool:
    return all(
        any(
            any(game.ranks[i][s] >= game.ranks[i][s2] for i in members)
            for s2 in closure(game, outside(game, members), s1, rule, improving=improving)
        )
        for s1 in gains(game, members, s)
    )


def joint_smr(game: Game, members: tuple[int, ...], s: int, rule: str) -> bool:
    return all(
        any(
            any(game.ranks[i][s] >= game.ranks[i][s2] for i in members)
            and all(any(game.ranks[j][s] >= game.ranks[j][s3] for j in members) for s3 in together(game, members, s2))
            for s2 in closure(game, outside(game, members), s1, rule)
        )
        for s1 in gains(game, members, s)
    )


def joint_seq(game: Game, members: tuple[int, ...], s: int, rule: str) -> bool:
    return joint_gmr(game, members, s, rule, improving=True)


JOINT: dict[str, Test] = {"nash": joint_nash, "gmr": joint_gmr, "smr": joint_smr, "seq": joint_seq}


def parts(members: Collection[int]) -> list[tuple[int, ...]]:
    ordered = sorted(members)
    return [part for size in range(1, len(ordered) + 1) for part in combinations(ordered, size)]


def merged(game: Game, members: tuple[int, ...]) -> tuple[Game, list[list[set[int]]]]:
    """Make the game in which a coalition is one mover, last; and what counts as an improvement of each."""
    rest = sorted(outside(game, members))
    moves = [game.moves[i] for i in rest] + [[together(game, members, s) for s in game.states]]
    better = [[game.improvements(i, s) for s in game.states] for i in rest]
    better.append([gains(game, members, s) for s in game.states])
    return Game(moves, [game.ranks[i] for i in rest] + [[0 for _ in game.states]]), better


def as_one(game: Game, members: tuple[int, ...], s: int, concept: str, rule: str) -> bool:
    """Whether a state is an equilibrium where the coalition stands in its members' place."""
    if not JOINT[concept](game, members, s, rule):
        return False
    whole, better = merged(game, members)
    last = len(whole.moves) - 1
    for i in range(last):
        answers = Game(better if concept == "seq" else whole.moves, whole.ranks)
        for s1 in better[i][s]:
            after = closure(answers, set(whole.makers) - {i}, s1, rule)
            rank = whole.ranks[i]
            held = [
                s2
                for s2 in after
                if rank[s2] <= rank[s] and (concept != "smr" or all(rank[s3] <= rank[s] for s3 in whole.moves[i][s2]))
            ]
            if concept == "nash" or not held:
                return False
    return True


Pairs = set[frozenset[int]]


def uncertain(game: Game, unknown: list[Pairs], i: int, s: int, concept: str, kind: str, rule: str) -> bool:
    """Whether a state is stable for somebody under type a, b, c or d of unknown preference."""

    def likes(j: int, here: int, there: int) -> bool:
        return game.ranks[j][there] > game.ranks[j][here] and frozenset({here, there}) not in unknown[j]

    def may_like(j: int, here: int, there: int) -> bool:
        return likes(j, here, there) or frozenset({here, there}) in unknown[j]

    def holds(there: int) -> bool:
        """Whether an answer holds it back: it likes s as well, or, under c and d, may like it as well."""
        if frozenset({s, there}) in unknown[i]:
            return kind in "cd"
        return game.ranks[i][there] <= game.ranks[i][s]

    leaves = may_like if kind in "ac" else likes
    perhaps = Game([[{t for t in game.moves[j][u] if may_like(j, u, t)} for u in game.states] for j in game.makers], [])
    answers = perhaps if concept in ("seq", "sseq") else game
    moves_on = concept in ("smr", "sseq")
    for s1 in game.moves[i][s]:
        if not leaves(i, s, s1):
            continue
        after = closure(answers, outside(game, [i]), s1, rule)
        held = any(holds(s2) and (not moves_on or all(holds(s3) for s3 in game.moves[i][s2])) for s2 in after)
        if concept == "nash" or not held:
            return False
    return True


def strongly(game: Game, levels: list[list[int]], i: int, s: int, concept: str, rule: str) -> bool:
    """Whether every improvement can be answered by something much worse."""
    level = levels[i]
    return all(
        any(
            level[s] > level[s2]
            and (concept in ("gmr", "seq") or all(level[s] > level[s3] for s3 in game.moves[i][s2]))
            for s2 in closure(game, outside(game, [i]), s1, rule, improving=concept in ("seq", "sseq"))
        )
        for s1 in game.improvements(i, s)
    )
