"""Which states are shown: those that say something, the strongest equilibria first; the others are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from detente.brief.holding.words import Words, abbreviation, strength
from detente.stability.result import Equilibria, Stability

__all__ = ["MOST_SHOWN", "Listing", "listing_of"]

MOST_SHOWN = 16
"""Columns that a printed page has room for."""
MOST_NAMED = 6
WEAK = 3


@dataclass(frozen=True)
class Listing:
    """The states that are shown.

    Parameters
    ----------
    shown
        Ascending.
    by_weight
        The same, the most telling first.
    equilibria
        Those that are an equilibrium in the plain analysis or in an account, the strongest first.
    others
        What is left out, in words.
    """

    shown: tuple[int, ...]
    by_weight: tuple[int, ...]
    equilibria: tuple[int, ...]
    others: str


def listing_of(words: Words, frequent: Sequence[int] = ()) -> Listing:
    """Choose the states to show.

    Parameters
    ----------
    words
        The words for the analysis.
    frequent
        States that the worlds of a simulation most often stand in.
    """
    stability = words.stability
    strong, often = _strongest(stability)
    robust = {} if stability.robustness is None else stability.robustness.equilibria.get(words.leading, {})
    ranked = sorted(strong, key=lambda n: (strong[n], -often[n], -robust.get(n, 0.0), n))
    # Of weak equilibria there can be hundreds: any few of them would say nothing.
    telling = [number for number in ranked if strong[number] < WEAK] if len(ranked) > MOST_SHOWN else ranked
    by_state = {path.state: path for path in stability.paths}
    paths = sorted((by_state[number] for number in telling if number in by_state), key=lambda path: len(path.steps))
    passed = [step.arrives for path in paths for step in path.steps]
    start = words.element.start
    named = [state.id for state in stability.states if state.name]
    first = [*([start] if start is not None else []), *frequent]
    wanted = list(dict.fromkeys((*first, *named[:MOST_NAMED], *telling, *named, *passed)))
    if len(stability.states) <= MOST_SHOWN:
        wanted = list(dict.fromkeys((*wanted, *(state.id for state in stability.states))))
    kept = wanted[:MOST_SHOWN]
    held = sorted((number for number in kept if number in strong), key=lambda number: strong[number])
    return Listing(tuple(sorted(kept)), tuple(kept), tuple(held), _others(words, set(kept), set(strong)))


def _told(stability: Stability) -> list[Equilibria]:
    return [stability.equilibria, *(account.equilibria for account in stability.by_account)]


def _strongest(stability: Stability) -> tuple[dict[int, int], Counter[int]]:
    """Return how strong an equilibrium each is, plainly or as an account tells it, and how often it is so strong."""
    strong: dict[int, int] = {}
    often: Counter[int] = Counter()
    for told in _told(stability):
        own: dict[int, int] = {}
        for concept, states in told.items():
            rank = strength((concept,))
            for state in states:
                own[state] = min(rank, own.get(state, rank))
        for state, rank in own.items():
            if rank < strong.get(state, rank + 1):
                strong[state], often[state] = rank, 0
            often[state] += rank == strong[state]
    return strong, often


def _others(words: Words, kept: set[int], equilibria: set[int]) -> str:
    """Say how many states are not shown, and how many of them could hold."""
    count = len(words.stability.states)
    if len(kept) == count:
        return f"All {count} states are shown."
    left = equilibria - kept
    text = f"{len(kept)} of {count:,} states are shown"
    if not left:
        return f"{text}; none of the {count - len(kept):,} others is an equilibrium under any concept or account."
    told = _told(words.stability)
    by_concept = []
    for concept in words.basic:
        number = len(left.intersection(state for one in told for state in one.get(concept, ())))
        if number:
            by_concept.append(f"{number:,} under {abbreviation(concept)}")
    counted = f" ({', '.join(by_concept)})" if by_concept else ""
    return (
        f"{text}, the strongest equilibria first. Of the {count - len(kept):,} others {len(left):,} are an equilibrium "
        f"under some concept or account{counted}."
    )
