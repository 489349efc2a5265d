"""Does a copy that somebody holds still say what was cited? Each unit is found, moved, changed or not found.

How a unit is known again, in this order:

1. **Its words.** A unit of six words or more is looked for as a run of words, however the copy is divided into
   sentences; a shorter one only where the copy has it as a sentence or a line of its own, since a few words may stand
   anywhere. Only equal fingerprints count.
2. **Order.** Of the places with those words, the series that keeps the units' order and holds most words is *found*,
   and the rest is *moved*. Where a sentence stands several times, that series, and then the nearest position, decide
   which one is meant.
3. **Its sketch.** A sentence of the copy that nothing was found in, about as long, and with two fifths or more of the
   unit's runs of three words is *changed*, and is reported with its likeness. It never takes the unit's place in
   silence.

All else is *not found*; without a copy, *not checked*.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from detente.evidence.fingerprint import SHINGLE_WORDS, PlacedWord, fingerprint, placed_words, shingles, similarity
from detente.evidence.units import SourceUnit, propose_units

__all__ = ["LEAST_SIMILARITY", "MatchState", "UnitMatch", "match_units"]

LEAST_SIMILARITY = 0.4
SHORTEST_ANYWHERE = 6  # words; elsewhere "Linus" was once found in "chines"
LARGEST_RATIO = 2.0  # of two lengths in words, for one sentence to be a changed form of the other
MOST_PLACES = 64  # of one sentence in a copy; the nearest are kept

MatchState = Literal["found", "moved", "changed", "not found", "not checked"]


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """What became of one unit in a copy.

    Parameters
    ----------
    unit
        The unit as the case keeps it.
    state
        ``found`` and ``moved``: the same words; ``changed``: nearly; ``not found``; ``not checked``: no copy.
    similarity
        How much of the unit the place contains, from 0 to 1; 1 for the same words.
    start, end
        The place in the copy, in characters; nothing where there is none.
    text
        The copy's own words there, for display only: kept out of the ``repr`` so that no log holds them.
    """

    unit: SourceUnit
    state: MatchState
    similarity: float = 0.0
    start: int | None = None
    end: int | None = None
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Span:
    """A run of words in the copy, from the word ``first`` to the one before ``last``."""

    first: int
    last: int

    def covered_by(self, used: Sequence[bool]) -> bool:
        """Return whether most of its words are used already."""
        return 2 * sum(used[self.first : self.last]) >= self.last - self.first


class _Copy:
    """A copy of a source: its words with their places, its sentences, and where each run of three words stands."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.placed: list[PlacedWord] = placed_words(text)
        self.words = [word.word for word in self.placed]
        self.used = [False] * len(self.words)
        starts = [word.start for word in self.placed]
        self.sentences = [
            _Span(bisect_left(starts, passage.start), bisect_left(starts, passage.end))
            for passage in propose_units(text, language)
        ]
        self.runs: dict[int, list[int]] = defaultdict(list)
        for at, run in enumerate(shingles(self.words)):
            self.runs[run].append(at)

    def use(self, span: _Span) -> None:
        """Remember that the words of a place belong to a unit."""
        self.used[span.first : span.last] = [True] * (span.last - span.first)

    def match(self, unit: SourceUnit, state: MatchState, span: _Span, likeness: float) -> UnitMatch:
        """Return a match at a place, with the copy's words there up to the punctuation that follows them."""
        start, end = self.placed[span.first].start, self.placed[span.last - 1].end
        limit = self.placed[span.last].start if span.last < len(self.placed) else len(self.text)
        closing = self.text[end:limit]
        end += len(closing.split(maxsplit=1)[0]) if closing[:1].strip() else 0
        return UnitMatch(unit, state, likeness, start, end, self.text[start:end])


def match_units(units: Sequence[SourceUnit], text: str | None, language: str = "en") -> tuple[UnitMatch, ...]:
    """Look for each unit of a source in a copy of it.

    Parameters
    ----------
    units
        What the case keeps of the source, in order.
    text
        The copy; nothing where the user has none.
    language
        The copy's ISO 639-1 code, for finding its sentences.

    Returns
    -------
    tuple of UnitMatch
        One for each unit, in the order given.
    """
    if text is None:
        return tuple(UnitMatch(unit, "not checked") for unit in units)
    copy = _Copy(text, language)
    matches: dict[int, UnitMatch] = {}
    for number, (span, in_order) in _exact(units, copy).items():
        matches[number] = copy.match(units[number], "found" if in_order else "moved", span, 1.0)
    for number, (span, likeness) in _changed(units, copy, matches).items():
        matches[number] = copy.match(units[number], "changed", span, likeness)
    return tuple(matches.get(number, UnitMatch(unit, "not found")) for number, unit in enumerate(units))


def _exact(units: Sequence[SourceUnit], copy: _Copy) -> dict[int, tuple[_Span, bool]]:
    """Return, by the unit's index, the place with its words and whether it keeps the order."""
    places = _places(units, copy)
    in_order = _longest_series(units, places, len(copy.words))
    result = {number: (span, True) for number, span in in_order.items()}
    for span in in_order.values():
        copy.use(span)
    by_length = sorted(range(len(units)), key=lambda number: -units[number].words)  # a sentence before what it holds
    for number in by_length:
        free = [span for span in places[number] if not any(copy.used[span.first : span.last])]
        if number not in result and free:
            nearest = min(free, key=lambda span: _distance(units[number], span, len(copy.words)))
            result[number] = (nearest, False)
            copy.use(nearest)
    return result


def _places(units: Sequence[SourceUnit], copy: _Copy) -> list[list[_Span]]:
    """Return for each unit every place in the copy with the same fingerprint, in order."""
    as_sentence: dict[str, list[_Span]] = defaultdict(list)
    for span in copy.sentences:
        as_sentence[fingerprint(copy.words[span.first : span.last])].append(span)
    places: list[list[_Span]] = []
    for unit in units:
        found = set(as_sentence[unit.fingerprint])
        if unit.words >= SHORTEST_ANYWHERE:
            found.update(_anywhere(unit, copy))
        nearest = sorted(found, key=lambda span: (_distance(unit, span, len(copy.words)), span.first))[:MOST_PLACES]
        places.append(sorted(nearest, key=lambda span: span.first))
    return places


def _anywhere(unit: SourceUnit, copy: _Copy) -> list[_Span]:
    """Return the runs of words with the unit's fingerprint, wherever they begin.

    The run of three words with the smallest hash stands somewhere in the unit, so only the windows around its places
    in the copy are tried.
    """
    last_start = len(copy.words) - unit.words
    reach = unit.words - SHINGLE_WORDS
    around = copy.runs.get(unit.sketch[0], []) if unit.sketch else []
    starts = {first for at in around[: MOST_PLACES * 4] for first in range(max(0, at - reach), min(at, last_start) + 1)}
    return [
        _Span(first, first + unit.words)
        for first in sorted(starts)
        if fingerprint(copy.words[first : first + unit.words]) == unit.fingerprint
    ]


def _distance(unit: SourceUnit, span: _Span, length: int) -> float:
    """Return how far a place is from where the unit stood, as a share of the text."""
    return abs(unit.position - span.first / length)


def _longest_series(units: Sequence[SourceUnit], places: Sequence[Sequence[_Span]], length: int) -> dict[int, _Span]:
    """Return the choice of places, one a unit at most, that keeps the order and holds most words.

    Of equal ones it is that nearest the old positions. A heaviest increasing series: a Fenwick tree over word positions
    keeps, for everything up to a position, the best series that ends there.
    """
    ends = sorted({span.last for spans in places for span in spans})
    best: list[tuple[int, float, int]] = [(0, 0.0, -1)] * (len(ends) + 1)
    steps: list[tuple[int, _Span, int]] = []  # unit, place, the step before
    for number, spans in enumerate(places):
        reached: list[tuple[int, tuple[int, float, int]]] = []
        for span in spans:
            before = (0, 0.0, -1)
            slot = bisect_right(ends, span.first)
            while slot:
                before = max(before, best[slot])
                slot &= slot - 1
            steps.append((number, span, before[2]))
            nearness = before[1] - _distance(units[number], span, length)
            reached.append(
                (bisect_left(ends, span.last) + 1, (before[0] + units[number].words, nearness, len(steps) - 1))
            )
        for slot, series in reached:  # only now: a unit has one place
            while slot < len(best):
                best[slot] = max(best[slot], series)
                slot += slot & -slot
    chosen: dict[int, _Span] = {}
    step = max(best)[2]
    while step >= 0:
        number, span, step = steps[step]
        chosen[number] = span
    return chosen


def _changed(units: Sequence[SourceUnit], copy: _Copy, matches: dict[int, UnitMatch]) -> dict[int, tuple[_Span, float]]:
    """Return, by the unit's index, the free sentence of the copy most like it, and how alike they are."""
    free = [span for span in copy.sentences if not span.covered_by(copy.used)]
    runs = [frozenset(shingles(copy.words[span.first : span.last])) for span in free]
    holding: dict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(runs):
        for run in own:
            holding[run].append(place)
    pairs: list[tuple[float, float, int, int]] = []
    for number, unit in enumerate(units):
        if number in matches:
            continue
        for place in {place for run in unit.sketch for place in holding.get(run, ())}:
            size = free[place].last - free[place].first
            likeness = similarity(unit.sketch, runs[place])
            if likeness >= LEAST_SIMILARITY and max(size, unit.words) <= LARGEST_RATIO * min(size, unit.words):
                pairs.append((-likeness, _distance(unit, free[place], len(copy.words)), number, place))
    result: dict[int, tuple[_Span, float]] = {}
    taken: set[int] = set()
    for likeness, _, number, place in sorted(pairs):
        if number not in result and place not in taken:
            result[number] = (free[place], -likeness)
            taken.add(place)
    return result
