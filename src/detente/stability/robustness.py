"""How much of what holds hangs on rankings that no claim settles: the share of drawn rankings in which it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError
from detente.requests import Work
from detente.results import clopper_pearson
from detente.scenario import Case
from detente.stability.batched_rankings import GREATEST, LEAST, Steps, reached
from detente.stability.conflict import Conflict
from detente.stability.drawn_rankings import DrawnRankings
from detente.stability.result import Robustness

__all__ = ["ROBUST", "robustness", "stable_columns"]

ROBUST = ("nash", "gmr", "smr", "seq", "sseq")
"""The concepts whose robustness is looked at."""
BLOCK = 256
"""Rankings that are looked at in one go, where the conflict is small."""
ENTRIES = 1 << 25
"""Moves times rankings that are looked at in one go."""

Columns = NDArray[np.signedinteger]
Truths = NDArray[np.bool_]


def robustness(
    case: Case,
    conflict: Conflict,
    *,
    rankings: int = 1_000,
    seed: int = 1,
    readings: Mapping[str, str] | None = None,
    sanctions: str = "legal",
    work: Work | None = None,
) -> Robustness:
    """Give the share of rankings, drawn from those that the claims allow, under which each state holds.

    Parameters
    ----------
    case, conflict
        The case, and its conflict as arrays, of which only the moves count.
    rankings, seed
        How many rankings of every decision maker are drawn; the same seed, the same bits.
    readings
        Switches that are fixed; the others are drawn.
    sanctions
        The rule of sanctioning sequences.
    work
        How the work is watched and stopped: progress is told the number of rankings done since the last call, and where
        it is stopped early, what is done counts.

    Returns
    -------
    Robustness
        Shares by state, numbered from 1. ``rankings`` says how many were drawn; where that is none, nothing is told.
        Where the claims leave nothing to draw there is one ranking, ``settled``, and its shares have no interval.

    Raises
    ------
    RequestError
        If fewer than one ranking is asked for, or the case has no section ``stability``.

    Notes
    -----
    1. Rankings are drawn as :class:`detente.stability.drawn_rankings.DrawnRankings` says.
    2. In each, all states are judged by every concept; moves, and who can answer whom, are the same in all.
    3. The interval of a share of equilibria is that of Clopper and Pearson, at 95 %: it tells how well the number of
       rankings drawn settles the share, and nothing about the world.
    """
    if rankings < 1:
        raise RequestError(f"{rankings} rankings: ask for one or more")
    counts, work = _Counts(conflict, sanctions), work or Work()
    drawn, done = DrawnRankings(case, dict(readings or {}), seed), 0
    if drawn.settled:
        rankings = 1  # all others would be the same
    while done < rankings and not work.stopped:
        numbers = np.arange(done, min(done + counts.block, rankings), dtype=np.uint32)
        counts.add(drawn.take(numbers))
        done += len(numbers)
        if work.progress is not None:
            work.progress(len(numbers))
    return _shares(conflict, counts.stable, counts.everybody, done, drawn.settled)


class _Counts:
    """How often each state held, by concept: for each decision maker, and for everybody."""

    def __init__(self, conflict: Conflict, sanctions: str) -> None:
        shape = (len(conflict.makers), conflict.count)
        self.sanctions, self.steps = sanctions, tuple(Steps(own) for own in conflict.moves)
        self.stable = {concept: np.zeros(shape, np.int64) for concept in ROBUST}
        self.everybody = {concept: np.zeros(conflict.count, np.int64) for concept in ROBUST}
        moves = sum(len(own.targets) for own in conflict.moves)
        self.block = max(1, min(BLOCK, ENTRIES // max(moves, 1)))

    def add(self, ranks: NDArray[np.int32]) -> None:
        """Judge all states by every concept under some rankings, ``[makers, rankings, states]``."""
        for concept, held in stable_columns(self.steps, ranks.transpose(0, 2, 1), ROBUST, self.sanctions).items():
            self.stable[concept] += held.sum(axis=2)
            self.everybody[concept] += held.all(axis=0).sum(axis=1)


def stable_columns(
    steps: Sequence[Steps], ranks: Columns, concepts: Sequence[str] = ROBUST, sanctions: str = "legal"
) -> dict[str, Truths]:
    """Judge every state under many rankings at once.

    Parameters
    ----------
    steps
        Everybody's moves.
    ranks
        Higher is better, ``[makers, states, rankings]``.
    concepts
        Some of :data:`ROBUST`.
    sanctions
        The rule of sanctioning sequences.

    Returns
    -------
    dict
        By concept, whether each state is stable, ``[makers, states, rankings]``.

    Notes
    -----
    1. What a state s1 is worth to a decision maker who moves there is the least of its own rank and of the ranks of
       what others can make of it: by any sequence (GMR), or by one of improvements (SEQ).
    2. Where it may move on afterwards (SMR, SSEQ), each answer s2 counts with the best rank that it can reach from s2,
       s2 itself included.
    3. A state is stable iff none that it can move to is worth more than the state's own rank.
    """
    narrow = np.int16 if ranks.shape[1] < np.iinfo(np.int16).max else np.int32
    values = np.ascontiguousarray(ranks.astype(narrow))
    best = [own.gather(rank, GREATEST) for own, rank in zip(steps, values, strict=True)]
    found: dict[str, list[Truths]] = {concept: [] for concept in concepts}
    # An answer by improvements is a move only in the rankings in which its mover likes it.
    better = [_improving(own, rank) for own, rank in zip(steps, values, strict=True)] if _sequential(concepts) else []
    for i, (own, rank) in enumerate(zip(steps, values, strict=True)):
        left = np.maximum(rank, best[i])
        for concept in concepts:
            if concept == "nash":
                found[concept].append(best[i] <= rank)
                continue
            movers = [other for j, other in enumerate(better if _sequential([concept]) else steps) if j != i]
            answer = reached(movers, left if concept in ("smr", "sseq") else rank, LEAST, sanctions)
            found[concept].append(own.gather(np.minimum(rank, answer), GREATEST) <= rank)
    return {concept: np.stack(each) for concept, each in found.items()}


def _sequential(concepts: Sequence[str]) -> bool:
    return "seq" in concepts or "sseq" in concepts


def _improving(own: Steps, rank: Columns) -> Steps:
    """Bar those moves in each ranking that their mover does not like."""
    moves = own.moves
    likes = rank.take(moves.targets, axis=0) > rank.take(moves.sources, axis=0)
    # 0 where it likes the move, else a one less than nothing cut down to the greatest number.
    return Steps(moves, (likes.astype(rank.dtype) - rank.dtype.type(1)) & np.iinfo(rank.dtype).max)


def _shares(
    conflict: Conflict,
    stable: Mapping[str, NDArray[np.int64]],
    everybody: Mapping[str, NDArray[np.int64]],
    done: int,
    settled: bool,
) -> Robustness:
    if not done:
        return Robustness(0, {maker: {} for maker in conflict.makers}, {}, {})

    def shares(counts: NDArray[np.int64]) -> dict[int, float]:
        return {state + 1: count / done for state, count in enumerate(counts.tolist())}

    met = [] if settled else np.unique(np.stack(list(everybody.values()))).tolist()
    by_count = {count: clopper_pearson(count, done) for count in met}
    return Robustness(
        done,
        {m: {concept: shares(counts[i]) for concept, counts in stable.items()} for i, m in enumerate(conflict.makers)},
        {concept: shares(counts) for concept, counts in everybody.items()},
        {
            concept: {state + 1: by_count[count] for state, count in enumerate(counts.tolist())}
            for concept, counts in everybody.items()
            if not settled
        },
        settled,
    )
