"""The inverse question in a terminal: what somebody would have to prefer for a state to hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from detente.brief.holding.words import Words, abbreviation, listing
from detente.stability.inverse import Change, Inverse, Varied
from detente.stability.result import Stability
from detente.stability.wording import concept_title

__all__ = ["print_inverse"]

MOST = 6
COUNTABLE = 10**9
"""Beyond this many rankings a share is read more easily than a count."""


def print_inverse(result: Stability, number: int, by_concept: Iterable[tuple[str, Inverse]], console: Console) -> None:
    """Print for each concept the least change of preference, by whom, that would make a state an equilibrium.

    Parameters
    ----------
    result
        The analysis.
    number
        The state's number, from 1.
    by_concept
        Each concept with what was found under it. One is printed before the next is taken, since each can take minutes
        where there are many states.
    console
        Where to print.
    """
    words = Words(result)
    console.print(Text(f"What would have to be preferred for {words.state(number)} to hold", style="bold"))
    console.print(Padding(Text(words.told(number)), (0, 0, 0, 2)))
    for concept, found in by_concept:
        title = f"Under {concept_title(concept)} stability ({abbreviation(concept)})"
        console.print()
        if concept in found.holds:
            console.print(Text(f"{title} it holds already.", style="bold"))
            continue
        console.print(Text(title, style="bold"))
        for line in _lines(words, found, concept):
            console.print(Padding(Text(line), (0, 0, 0, 2)))


def _lines(words: Words, found: Inverse, concept: str) -> Iterator[str]:
    """Yield what each could do alone, and what all could do together where one alone cannot do it, or not as easily."""
    alone = found.alone[concept]
    helpless = [maker for maker, varied in alone.items() if varied.change is None and varied.settled]
    for maker, varied in alone.items():
        if maker not in helpless:
            yield f"{words.makers[maker]} alone: {_told(words, varied)}"
    if helpless:
        names = listing([words.makers[maker] for maker in helpless])
        yield f"Whatever {names} alone preferred, it would not hold."
    together = found.jointly[concept]
    least = min((v.change.pairs for v in alone.values() if v.change is not None), default=None)
    if len(together.makers) > 1 and (together.change is None or least is None or together.change.pairs < least):
        yield f"All together: {_told(words, together)}"


def _told(words: Words, varied: Varied) -> str:
    counted = _counted(varied)
    if varied.change is None:
        return ("no ranking does it" if varied.settled else "no change was found; there may be one") + f"{counted}."
    change = varied.change
    pairs = f"{change.pairs} pair{'s' if change.pairs != 1 else ''} of states"
    least = "the least change orders" if change.least else "a change, perhaps not the least, orders"
    who = (f"{words.makers[maker]} would have to like {listing(_wishes(words, change, maker))}" for maker in change.by)
    return f"{least} {pairs} otherwise: {'; '.join(who)}{counted}."


def _wishes(words: Words, change: Change, maker: str) -> list[str]:
    """Word the pairs of states that a decision maker would have to order otherwise, by the better of the two."""
    conflict = words.stability.conflict
    before = conflict.ranks[conflict.makers.index(maker)]
    after = {state: -place for place, tier in enumerate(change.rankings[maker]) for state in tier}
    better: dict[int, list[int]] = {}
    equal: list[str] = []
    for one, other in combinations(sorted(after), 2):
        was, now = int(before[one - 1]) - int(before[other - 1]), after[one] - after[other]
        if (was > 0) - (was < 0) == (now > 0) - (now < 0):
            continue
        if now == 0:
            equal.append(f"{words.state(one)} as well as {words.state(other)}")
        else:
            better.setdefault(one if now > 0 else other, []).append(other if now > 0 else one)
    lifted = [f"{words.state(state)} better than {words.states(worse)}" for state, worse in better.items()]
    return lifted[:MOST] + [f"as much for {len(lifted) - MOST} more states"] * (len(lifted) > MOST) + equal[:MOST]


def _counted(varied: Varied) -> str:
    """Say under how many of the rankings of those who may change the state is an equilibrium."""
    if varied.rankings is None:
        return ""
    if varied.of > COUNTABLE:
        return f" ({100 * varied.rankings / varied.of:.2g} % of all strict rankings do it)"
    whose = "its" if len(varied.makers) == 1 else "their"
    return f" ({varied.rankings:,} of {whose} {varied.of:,} strict rankings do it)"
