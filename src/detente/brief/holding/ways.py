"""Ways from the status quo, coalitions that break an equilibrium, views that disagree, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.brief.holding.rows import Topic, Way
from detente.brief.holding.words import Words, abbreviation, listing, opened
from detente.stability.result import CoalitionStability, Step
from detente.stability.wording import Wording, concept_title

__all__ = ["topics_of", "ways_lead", "ways_of"]

MOST_WAYS = 5
UNKNOWN = {
    "a": "leaves also for what it may like, and is deterred only by what is surely no better",
    "b": "leaves only for what it surely likes, and is deterred only by what is surely no better",
    "c": "leaves also for what it may like, and is deterred also by what may be worse",
    "d": "leaves only for what it surely likes, and is deterred also by what may be worse",
}


def ways_of(words: Words, shown: Sequence[int]) -> tuple[Way, ...]:
    """Word the shortest ways from the status quo to the equilibria that are shown, by weight."""
    by_state: dict[int, list[Way]] = {}
    moves = Wording(words.stability.case, words.stability.conflict, words.readings)
    for path in words.stability.paths:
        if path.state not in shown or not path.steps:
            continue
        if len(path.steps) == 1:
            kind = "liked by who makes it" if path.by == "improvements" else "not liked by who makes it"
        else:
            kind = "each liked by who makes it" if path.by == "improvements" else "not each liked by who makes it"
        title = f"To {words.state(path.state)}: {len(path.steps)} {_moves(path.steps)}, {kind}"
        letters = listing([abbreviation(concept) for concept in path.concepts])
        end = f"An equilibrium ({letters}). {opened(words.told(path.state))}."
        by_state.setdefault(path.state, []).append(Way(title, end, tuple(_step(words, moves, s) for s in path.steps)))
    ordered = [way for number in shown for way in by_state.get(number, ())]
    return tuple(ordered[:MOST_WAYS])


def _moves(steps: Sequence[Step]) -> str:
    return "move" if len(steps) == 1 else "moves"


def _step(words: Words, moves: Wording, step: Step) -> str:
    maker = words.stability.conflict.makers.index(step.maker)
    told = moves.move(maker, step.leaves - 1, step.arrives - 1, gerund=False)
    liked = "which it likes better" if step.improves else "which it does not like better"
    return f"{words.makers[step.maker]}: {told}; that is {words.state(step.arrives)}, {liked}."


def ways_lead(words: Words, shown: Sequence[int]) -> str:
    """Say what the status quo is, and whether it could hold itself."""
    start = words.element.start
    if start is None:
        return "The case names no status quo, or it is no state of the conflict: no ways are drawn."
    under = words.under(start, words.stability.equilibria)
    told = f"The status quo is {words.state(start)} ({words.told(start)})."
    if under:
        return f"{told} It is itself an equilibrium ({listing([abbreviation(c) for c in under])})."
    if not words.stability.paths:
        return f"{told} It is no equilibrium, and no sequence of moves leads from it to one."
    reached = [path.state for path in words.stability.paths if path.by == "improvements"]
    if not any(number in reached for number in shown):
        return f"{told} It is no equilibrium; none of those shown is reached by steps that each mover likes."
    return f"{told} It is no equilibrium."


def topics_of(words: Words, shown: Sequence[int]) -> tuple[Topic, ...]:
    """Word what coalitions, views, unknown and strong preferences change about the equilibria shown."""
    found = (
        Topic("If decision makers join", tuple(_joined(words, shown))),
        Topic("As each sees it", tuple(_views(words))),
        Topic("Where a preference is not known", tuple(_unknown(words))),
        Topic("Where a preference is strong", tuple(_strong(words))),
    )
    return tuple(topic for topic in found if topic.lines)


def _joined(words: Words, shown: Sequence[int]) -> Iterable[str]:
    stability = words.stability
    if not stability.coalitions:
        return
    alike: dict[str, list[str]] = {}
    for concept in words.basic:
        held = [number for number in shown if number in stability.equilibria[concept]]
        if not held or concept not in stability.surviving:
            continue
        surviving = sorted(set(held) & set(stability.surviving[concept]))
        kept = f"against every coalition {_holds(words, surviving)}" if surviving else "none holds against them all"
        if len(surviving) == len(held):
            kept = "every equilibrium shown also holds against every coalition"
        broken = _broken(words, [n for n in held if n not in surviving], concept)
        alike.setdefault(kept + (f"; {broken}." if broken else "."), []).append(concept_title(concept))
    for told, concepts in alike.items():
        yield f"{opened(listing(concepts))} stability: {told}"


def _holds(words: Words, numbers: Sequence[int]) -> str:
    return f"{words.states(numbers, 8)} {'holds' if len(numbers) == 1 else 'hold'}"


def _broken(words: Words, numbers: Sequence[int], concept: str) -> str:
    """Name the coalitions that would leave states together, those that leave the same states in one clause."""
    together: dict[tuple[int, ...], list[CoalitionStability]] = {}
    for coalition in words.stability.coalitions:
        left = tuple(n for n in sorted(numbers) if n not in coalition.joint.get(concept, ()))
        if left:
            together.setdefault(left, []).append(coalition)
    # Of coalitions that leave the same states the smallest say the most.
    clauses = []
    for left, coalitions in together.items():
        least = min(len(coalition.members) for coalition in coalitions)
        names = [_members(words, c) for c in coalitions if len(c.members) == least]
        clauses.append(f"{words.states(left, 5)} would be left by {' or by '.join(names)}")
    return "; ".join(clauses[:6])


def _members(words: Words, coalition: CoalitionStability) -> str:
    return listing([words.makers.get(name, name) for name in coalition.members]) + " together"


def _views(words: Words) -> Iterable[str]:
    told = words.stability.equilibria
    for view in words.stability.views:
        who = words.makers.get(view.viewer, view.viewer)
        own = {concept: set(view.equilibria.get(concept, ())) for concept in words.basic}
        more = {concept: tuple(states - set(told[concept])) for concept, states in own.items()}
        fewer = {concept: tuple(set(told[concept]) - states) for concept, states in own.items()}
        parts = [f"{text} would hold too" for text in words.grouped(more, words.basic)]
        parts += [f"{text} would not" for text in words.grouped(fewer, words.basic)]
        if parts:
            yield f"As {who} sees the preferences of others: {'; '.join(parts)}."
        else:
            yield f"As {who} sees the preferences of others, the same states hold."


def _unknown(words: Words) -> Iterable[str]:
    for kind, equilibria in words.stability.unknown.items():
        parts = words.grouped(equilibria, words.basic)
        yield f"Type {kind} ({UNKNOWN[kind]}): {'; '.join(parts) or 'no equilibrium'}."


def _strong(words: Words) -> Iterable[str]:
    for degree, equilibria in words.stability.strong.items():
        parts = words.grouped(equilibria, words.concepts)
        how = "deterred by much worse states" if degree == "strong" else "deterred, but only by somewhat worse states"
        yield f"{degree.capitalize()}ly stable ({how}): {'; '.join(parts) or 'no equilibrium'}."
