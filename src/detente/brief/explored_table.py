"""The sentences of a case's main source by how much its questions hang on them, and those to check first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from detente.brief.explored_words import claim_says, gradients_line
from detente.brief.naming import plain
from detente.exploration.result import Entry, Exploration, Sensitivity
from detente.exploration.targets import by_alternative
from detente.scenario import Case

__all__ = [
    "MOST_CHECKED",
    "MOST_CLAIMS",
    "Check",
    "SentenceRow",
    "SentenceTable",
    "behind",
    "check",
    "followed",
    "sentence_table",
    "told_of",
]

MOST_CHECKED = 3
MOST_CLAIMS = 2
NONE_TOLD = "–"


@dataclass(frozen=True)
class Check:
    """A sentence to check first: where it stands, and in our words the claims that cite it."""

    place: str
    claims: tuple[str, ...]


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
    note
        Of how many answers there is an exact gradient at the middle of all ranges, and why of the others there is none.
    """

    source: str
    questions: tuple[tuple[str, str], ...]
    asked: int
    rows: tuple[SentenceRow, ...]
    check_first: tuple[Check, ...]
    note: str


def followed(case: Case, found: Exploration, question: str) -> list[str]:
    """Return what was followed of a question: the question, or its alternatives, the commonest first.

    Parameters
    ----------
    case
        The case.
    found
        The exploration.
    question
        The name of the question.

    Returns
    -------
    list
        Names of targets; of an unordered choice one for each alternative that was followed.
    """
    names = [name for name in by_alternative(case, question) if name in found.targets]
    return sorted(names, key=lambda name: -found.targets[name].mean)


def told_of(entries: tuple[Entry, ...]) -> list[Entry]:
    """Return the entries that can be told from nothing, by themselves or in company."""
    return [entry for entry in entries if entry.tells]


def behind(answers: list[Sensitivity], place: str, cited: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the claims on which answers hang and which cite a sentence, the one with the largest share first.

    Parameters
    ----------
    answers
        What was found of the answers that name the sentence.
    place
        Source and number of the sentence.
    cited
        By claim, the places that it cites.

    Returns
    -------
    list
        Names of claims, each once.
    """
    shares: dict[str, float] = {}
    for one in answers:
        for entry in one.claims:
            if place in cited.get(entry.name, ()):
                shares[entry.name] = shares.get(entry.name, 0.0) + entry.index.value
    return sorted(shares, key=lambda name: -shares[name])


def check(case: Case, place: str, answers: list[Sensitivity], cited: Mapping[str, frozenset[str]]) -> Check:
    """Return a sentence to check, with the claims on which the answers hang most and which cite it.

    Parameters
    ----------
    case
        The case.
    place
        Source and number of the sentence.
    answers
        What was found of the answers that name the sentence.
    cited
        By claim, the places that it cites.

    Returns
    -------
    Check
        With :data:`MOST_CLAIMS` claims at most, in words.
    """
    return Check(place, tuple(claim_says(case, name) for name in behind(answers, place, cited)[:MOST_CLAIMS]))


def sentence_table(case: Case, found: Exploration, cited: Mapping[str, frozenset[str]]) -> SentenceTable | None:
    """Rank the main source's sentences: by how many questions name them first, then by their share on the average.

    Parameters
    ----------
    case
        The case.
    found
        The exploration.
    cited
        By claim, the places that it cites.

    Returns
    -------
    SentenceTable or None
        Shares in percent; None where no source has numbered sentences, or none can be told to matter.
    """
    source = next((name for name, entry in case.scenario.sources.items() if entry.sentences), None)
    asked = {
        question: found.targets[names[0]]
        for question in case.scenario.questions
        if (names := followed(case, found, question)) and found.targets[names[0]].variance > 0
    }
    told = {
        question: {e.name: e.index.value for e in one.sentences if e.index.low > 0 and e.name.startswith(f"{source} ")}
        for question, one in asked.items()
    }
    shown = [question for question in asked if told[question]]
    if source is None or not shown:
        return None
    places = dict.fromkeys(sentence for shares in told.values() for sentence in shares)
    average = {name: sum(shares.get(name, 0.0) for shares in told.values()) / len(asked) for name in places}
    first = Counter(name for one in asked.values() for name in one.check_first)
    ranked = sorted(places, key=lambda name: (-first[name], -average[name], int(name.split(" ")[1])))
    answers = list(asked.values())
    rows = tuple(
        SentenceRow(
            name,
            first[name],
            _percent(average[name]),
            tuple(_percent(told[question].get(name)) for question in shown),
            ", ".join(plain(claim) for claim in behind(answers, name, cited)[:MOST_CLAIMS]),
        )
        for name in ranked
    )
    return SentenceTable(
        case.scenario.sources[source].title,
        tuple((question, case.scenario.questions[question].asks) for question in shown),
        len(asked),
        rows,
        tuple(check(case, name, answers, cited) for name in ranked[:MOST_CHECKED]),
        gradients_line(found),
    )


def _percent(value: float | None) -> str:
    if value is None:
        return NONE_TOLD
    return f"{100 * value:.1f}" if value >= 0.0005 else "<0.1"
