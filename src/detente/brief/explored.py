"""What an exploration adds to a brief: for each question, and once for all, down to the sentences to check first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from detente.brief.explored_table import (
    MOST_CHECKED,
    MOST_CLAIMS,
    Check,
    SentenceTable,
    behind,
    check,
    followed,
    sentence_table,
    told_of,
)
from detente.brief.explored_words import (
    MARKS,
    WATCHING,
    centre_line,
    claim_says,
    leaf,
    lives,
    parts_line,
    place,
    share_of,
    slope,
    swing,
    swinging,
    tipping,
    unit_of,
    untold,
    watched,
    whether,
)
from detente.brief.naming import plain
from detente.exploration.factors import places_of
from detente.exploration.result import Entry, Exploration, Region, Sensitivity
from detente.scenario import Case

__all__ = ["Centre", "Check", "Explored", "ExploredAnswer", "RankedRow", "SentenceTable", "explored_of"]

FEW = 5
LEAST_SKILL = 0.6
"""Of pairs put in the right order; a coin puts one half so."""


@dataclass(frozen=True)
class RankedRow:
    """A claim or a sentence with the share of an answer's variance that it accounts for.

    ``place`` is empty where it is not kept; ``untold`` then says why, and ``mark`` stands for it.
    """

    name: str
    place: str
    says: str
    share: str
    untold: str

    @property
    def mark(self) -> str:
        """What is written in its place."""
        return self.place or MARKS[self.untold]


@dataclass(frozen=True)
class Centre:
    """A smooth answer at the middle of all ranges, and how it moves there with the numbers that move it most."""

    says: str
    slopes: tuple[str, ...]


@dataclass(frozen=True)
class ExploredAnswer:
    """What an exploration says about one question.

    Of a question that chooses among alternatives without order it says what the commonest of them hangs on: ``whether``
    names it and ``others`` follow; both are empty for any other question.
    """

    parts: str
    claims: tuple[RankedRow, ...]
    sentences: tuple[RankedRow, ...]
    check_first: tuple[Check, ...]
    tipping: tuple[str, ...]
    watch: tuple[str, ...]
    disputed: tuple[str, ...] = ()
    lives: str = ""
    tree: tuple[str, ...] = ()
    centre: Centre | None = None
    whether: str = ""
    watching: str = WATCHING
    others: tuple[ExploredAnswer, ...] = ()

    @property
    def untold(self) -> tuple[tuple[str, str], ...]:
        """What stands where an entry has no place, and why."""
        reasons = dict.fromkeys(row.untold for row in (*self.claims, *self.sentences) if row.untold)
        return tuple((MARKS[reason], reason) for reason in reasons)


@dataclass(frozen=True)
class Explored:
    """What an exploration adds to a brief.

    Parameters
    ----------
    exploration
        The exploration itself.
    answers
        By question.
    table
        Sentences by questions; None where no answer hangs on a sentence of the main source.
    """

    exploration: Exploration
    answers: Mapping[str, ExploredAnswer]
    table: SentenceTable | None


def explored_of(case: Case, found: Exploration) -> Explored:
    """Gather what a brief says of an exploration of its case."""
    cited = {name: frozenset(places_of(case, [name])) for name in case.scenario.claims}
    answers = {}
    for question in case.scenario.questions:
        names = followed(case, found, question)
        if names:
            first, *others = (_answer(case, found, name, cited) for name in names)
            answers[question] = replace(first, others=tuple(others))
    return Explored(found, answers, sentence_table(case, found, cited))


def _answer(case: Case, found: Exploration, name: str, cited: Mapping[str, frozenset[str]]) -> ExploredAnswer:
    """Gather what is said of one target; of an alternative, how often it comes stands before all else."""
    one = found.targets[name]
    asked, region = whether(case, name, one.mean), found.regions.get(name)
    tips = [tip for tip in found.tipping if tip.target == name and tip.place is not None]
    seen = [entry for entry in found.indicators.get(name, ()) if entry.skill >= LEAST_SKILL][:MOST_CHECKED]
    return ExploredAnswer(
        f"{asked}: {parts_line(one)}" if asked else parts_line(one),
        tuple(_ranked(entry, claim_says(case, entry.name)) for entry in told_of(one.claims)[:FEW]),
        tuple(_ranked(entry, _cited_by(one, entry.name, cited)) for entry in told_of(one.sentences)[:FEW]),
        tuple(check(case, place, [one], cited) for place in one.check_first),
        tuple(tipping(case, tip) for tip in tips),
        tuple(watched(case, entry, one.type) for entry in seen),
        tuple(swing(case, claim, one.type) for claim in swinging(found, name, one.type)[:MOST_CHECKED]),
        lives(case, region, one.type) if region is not None and region.sides else "",
        _tree(case, region, one.type),
        _centre(case, found, name),
        asked,
    )


def _tree(case: Case, region: Region | None, kind: str) -> tuple[str, ...]:
    """Write the leaves of a decision tree; nothing where it has not grown."""
    if region is None or len(region.tree) < 2:
        return ()
    return tuple(leaf(case, region, branch, kind) for branch in region.tree)


def _centre(case: Case, found: Exploration, name: str) -> Centre | None:
    tellings = found.gradients[name].tellings
    if not tellings:
        return None
    told, unit = tellings[0], unit_of(case, name)
    moving = [one for one in told.slopes if one.derivative != 0][:FEW]
    return Centre(centre_line(case, told, unit), tuple(slope(case, one, unit) for one in moving))


def _ranked(entry: Entry, says: str) -> RankedRow:
    return RankedRow(entry.name, place(entry), says, share_of(entry), untold(entry))


def _cited_by(one: Sensitivity, place: str, cited: Mapping[str, frozenset[str]]) -> str:
    return ", ".join(plain(name) for name in behind([one], place, cited)[:MOST_CLAIMS])
