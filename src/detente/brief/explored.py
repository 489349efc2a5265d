"""What an exploration adds to a brief: for each question, and once for all, down to the sentences to check first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from detente.brief.explored_words import claim_says, parts_line, share, tipping, watched
from detente.brief.naming import plain
from detente.exploration.factors import places_of
from detente.exploration.result import Entry, Exploration, Sensitivity
from detente.scenario import Case

__all__ = ["Check", "Explored", "ExploredAnswer", "RankedRow", "SentenceRow", "SentenceTable", "explored_of"]

FEW = 5
MOST_CHECKED = 3
MOST_CLAIMS = 2
LEAST_SKILL = 0.6
"""Of pairs put in the right order; a coin puts one half so."""
NONE_TOLD = "–"


@dataclass(frozen=True)
class RankedRow:
    """A claim or a sentence with the share of an answer's variance that it accounts for; a place only where kept."""

    name: str
    place: str
    says: str
    share: str


@dataclass(frozen=True)
class Check:
    """A sentence to check first: where it stands, and in our words the claims that cite it."""

    place: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class ExploredAnswer:
    """What an exploration says about one question."""

    parts: str
    claims: tuple[RankedRow, ...]
    sentences: tuple[RankedRow, ...]
    check_first: tuple[Check, ...]
    tipping: tuple[str, ...]
    watch: tuple[str, ...]

    @property
    def has_untold_places(self) -> bool:
        """Whether some order depends on our ranges."""
        return any(not row.place for row in (*self.claims, *self.sentences))


@dataclass(frozen=True)
class SentenceRow:
    """One sentence: for how many questions it is among those to check first, and its share of each one's variance.

    ``average`` and ``cells`` are in percent: on the average of the questions, and question by question.
    """

    place: str
    first_for: int
    average: str
    cells: tuple[str, ...]
    cited_by: str


@dataclass(frozen=True)
class SentenceTable:
    """The sentences of the main source by how much the questions hang on them.

    Parameters
    ----------
    source
        Its title.
    questions
        Name and wording of each question that hangs on a sentence at all, in the order of the cells.
    asked
        How many questions have an answer that varies.
    rows
        First what most questions name among their three to check first, so that each question counts alike, however
        much of it is luck; then the largest average.
    check_first
        The first three.
    """

    source: str
    questions: tuple[tuple[str, str], ...]
    asked: int
    rows: tuple[SentenceRow, ...]
    check_first: tuple[Check, ...]


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
    answers = {name: _answer(case, found, name, cited) for name in case.scenario.questions if name in found.targets}
    return Explored(found, answers, _table(case, found, cited))


def _answer(case: Case, found: Exploration, name: str, cited: Mapping[str, frozenset[str]]) -> ExploredAnswer:
    one = found.targets[name]
    tips = [tip for tip in found.tipping if tip.target == name and tip.place is not None]
    seen = [entry for entry in found.indicators.get(name, ()) if entry.skill >= LEAST_SKILL][:MOST_CHECKED]
    return ExploredAnswer(
        parts_line(one),
        tuple(_ranked(entry, claim_says(case, entry.name)) for entry in _told(one.claims)[:FEW]),
        tuple(_ranked(entry, _cited_by(one, entry.name, cited)) for entry in _told(one.sentences)[:FEW]),
        tuple(_check(case, place, [one], cited) for place in one.check_first),
        tuple(tipping(case, tip) for tip in tips),
        tuple(watched(case, entry, one.type) for entry in seen),
    )


def _told(entries: tuple[Entry, ...]) -> list[Entry]:
    """Return the entries that can be told from nothing."""
    return [entry for entry in entries if entry.index.low > 0]


def _ranked(entry: Entry, says: str) -> RankedRow:
    return RankedRow(entry.name, f"{entry.place}." if entry.keeps_place else "", says, share(entry.index))


def _behind(answers: list[Sensitivity], place: str, cited: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the claims on which answers hang and which cite a sentence, the one with the largest share first."""
    shares: dict[str, float] = {}
    for one in answers:
        for entry in one.claims:
            if place in cited.get(entry.name, ()):
                shares[entry.name] = shares.get(entry.name, 0.0) + entry.index.value
    return sorted(shares, key=lambda name: -shares[name])


def _cited_by(one: Sensitivity, place: str, cited: Mapping[str, frozenset[str]]) -> str:
    return ", ".join(plain(name) for name in _behind([one], place, cited)[:MOST_CLAIMS])


def _check(case: Case, place: str, answers: list[Sensitivity], cited: Mapping[str, frozenset[str]]) -> Check:
    return Check(place, tuple(claim_says(case, name) for name in _behind(answers, place, cited)[:MOST_CLAIMS]))


def _table(case: Case, found: Exploration, cited: Mapping[str, frozenset[str]]) -> SentenceTable | None:
    """Rank the main source's sentences: by how many questions name them first, then by their share on the average."""
    source = next((name for name, entry in case.scenario.sources.items() if entry.sentences), None)
    asked = [one for name, one in found.targets.items() if name in case.scenario.questions and one.variance > 0]
    told = {
        one.target: {
            entry.name: entry.index.value for entry in _told(one.sentences) if entry.name.startswith(f"{source} ")
        }
        for one in asked
    }
    shown = [one for one in asked if told[one.target]]
    if source is None or not shown:
        return None
    places = dict.fromkeys(place for shares in told.values() for place in shares)
    average = {place: sum(shares.get(place, 0.0) for shares in told.values()) / len(asked) for place in places}
    first = Counter(place for one in asked for place in one.check_first)
    ranked = sorted(places, key=lambda place: (-first[place], -average[place], int(place.split(" ")[1])))
    rows = tuple(
        SentenceRow(
            place,
            first[place],
            _percent(average[place]),
            tuple(_percent(told[one.target].get(place)) for one in shown),
            ", ".join(plain(name) for name in _behind(asked, place, cited)[:MOST_CLAIMS]),
        )
        for place in ranked
    )
    return SentenceTable(
        case.scenario.sources[source].title,
        tuple((one.target, case.scenario.questions[one.target].asks) for one in shown),
        len(asked),
        rows,
        tuple(_check(case, place, asked, cited) for place in ranked[:MOST_CHECKED]),
    )


def _percent(value: float | None) -> str:
    if value is None:
        return NONE_TOLD
    return f"{100 * value:.1f}" if value >= 0.0005 else "<0.1"
