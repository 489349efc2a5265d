"""The units of a source (its sentences, headings and captions): found in a text, or given in a file.

A :class:`Passage` is a unit in a text that somebody holds. A :class:`SourceUnit` is what a case keeps of it: its
number, where it stood, how long it was and how to know it again, and none of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from detente.errors import SourceError
from detente.evidence.fingerprint import fingerprint, sketch, words

__all__ = ["Passage", "SourceUnit", "propose_units", "source_units"]

WIDEST_WRAPPED = 132  # characters; a text with longer lines was not wrapped by hand or by an editor

_LINE = re.compile(r"[^\n]+")
_FIRST_WORD = re.compile(r"\S*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit in a text at hand.

    Parameters
    ----------
    number
        Counted from 1, as citations name it.
    paragraph
        The paragraph it stands in, counted from 1.
    start, end
        Its place in the text, in characters; ``end`` is the first character after it.
    text
        Its words, for display only: kept out of the ``repr`` so that no log holds them.
    """

    number: int
    paragraph: int
    start: int
    end: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SourceUnit:
    """What a case keeps of one unit of a source; not its words.

    Parameters
    ----------
    number
        As citations name it.
    paragraph
        The paragraph it stood in, counted from 1.
    position
        Where it began, from 0 (start of the text) to 1 (its end).
    words
        How many words it has.
    fingerprint
        128 bits of SHA-256 over its normalised words, as hexadecimal digits.
    sketch
        The eight smallest hashes of its runs of three words, ascending.
    """

    number: int
    paragraph: int
    position: float
    words: int
    fingerprint: str
    sketch: tuple[int, ...]


def propose_units(text: str, language: str = "en") -> tuple[Passage, ...]:
    """Divide a text into sentences, headings and captions, numbered from 1.

    Lines are paragraphs, except that lines wrapped at a fixed width are put together again. Within a paragraph the
    sentences are found by pySBD. Nothing with words in it is left out, and no unit is without words.

    Parameters
    ----------
    text
        The source as plain text.
    language
        Its ISO 639-1 code, among those pySBD knows.

    Returns
    -------
    tuple of Passage
        In the order of the text.

    Raises
    ------
    SourceError
        If the language is not among them.

    References
    ----------
    N. Sadvilkar and M. Neumann, PySBD: Pragmatic Sentence Boundary Disambiguation, NLP-OSS 2020.
    """
    from pysbd import Segmenter  # imported here: only authors who add a source and readers who check a copy need it
    from pysbd.languages import LANGUAGE_CODES

    if language not in LANGUAGE_CODES:
        raise SourceError(f"expected a language among {', '.join(sorted(LANGUAGE_CODES))}, came '{language}'")
    segmenter = Segmenter(language=language, clean=False)
    passages: list[Passage] = []
    paragraph = 0
    for start, end in _paragraphs(text):
        unwrapped = text[start:end].replace("\n", " ")
        found = [
            _trimmed(text, start + first, start + last)
            for first, last in _cuts(unwrapped, segmenter.segment(unwrapped))
            if words(unwrapped[first:last])
        ]
        paragraph += bool(found)
        for first, last in found:
            passages.append(Passage(len(passages) + 1, paragraph, first, last, text[first:last]))
    return tuple(passages)


def source_units(passages: Sequence[Passage], length: int) -> tuple[SourceUnit, ...]:
    """Return what a case keeps of the units of a text that is ``length`` characters long."""
    units: list[SourceUnit] = []
    for passage in passages:
        normalised = words(passage.text)
        units.append(
            SourceUnit(
                number=passage.number,
                paragraph=passage.paragraph,
                position=round(passage.start / max(length, 1), 4),
                words=len(normalised),
                fingerprint=fingerprint(normalised),
                sketch=sketch(normalised),
            )
        )
    return tuple(units)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each paragraph: a line, or lines that were wrapped at a fixed width.

    A line break is a wrap where the next line's first word would not have fitted on the line before.
    """
    lines = [match.span() for match in _LINE.finditer(text)]
    widest = max((end - start for start, end in lines), default=0)
    begun = 0
    for number, (start, end) in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if following is not None and following[0] == end + 1 and widest <= WIDEST_WRAPPED:
            word = _FIRST_WORD.match(text, following[0])
            if word is not None and word.end() > word.start() and end - start + 1 + len(word.group()) > widest:
                continue
        yield lines[begun][0], end
        begun = number + 1


def _cuts(paragraph: str, sentences: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence in its paragraph, leaving nothing out.

    The splitting library returns sentences, not places, and now and then drops one that holds a sign it uses for
    itself; such a sentence stays with the one before. No cut parts a word.
    """
    starts = [0]
    reached = 0
    for sentence in map(str.strip, sentences):
        at = paragraph.find(sentence, reached)
        if at > starts[-1] and not _inside_word(paragraph, at):
            starts.append(at)
        reached = max(reached, at + len(sentence))
    return zip(starts, [*starts[1:], len(paragraph)], strict=True)


def _inside_word(paragraph: str, place: int, around: int = 12) -> bool:
    """Return whether a cut would part a word, looking at the characters around it."""
    before, after = paragraph[max(0, place - around) : place], paragraph[place : place + around]
    return len(words(before + after)) < len(words(before)) + len(words(after))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place without the white space around it."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
