"""Knowing a sentence again without keeping it: its words, a fingerprint of them, and a sketch for edited versions.

A fingerprint answers "are these the same words?" and survives what copying does to a text: other quotation marks,
soft hyphens, dashes, spacing, capitals. A sketch answers "are these nearly the same words?" and survives an edit or
two.
Neither can be turned back into the sentence, though somebody who already guesses it can test the guess.

Measured on news prose: the fingerprint knows every sentence whose quotes, dashes and spaces were changed and none with
a word changed; a sketch at 0.4 or more knows all sentences of eight words or more with one word changed, nine in ten
with two, two in three with four.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple

__all__ = [
    "SKETCH_SIZE",
    "PlacedWord",
    "fingerprint",
    "placed_words",
    "shingles",
    "similarity",
    "sketch",
    "words",
]

FINGERPRINT_BYTES = 16
SHINGLE_WORDS = 3
SHINGLE_BYTES = 4
SKETCH_SIZE = 8

_QUOTES = frozenset("'\"`´\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f«»‹›\u2032\u2033\u02bc")
_PIECE = re.compile(r"\S+")


class _Letters(dict[int, int | str | None]):
    """A translation table, filled as it is used: letters, digits and marks stay, all else becomes a space.

    Quotation marks and invisible characters (soft hyphens, joiners, direction marks) vanish when ``drop`` is set, so
    that words stay whole; otherwise they stay, so that every character keeps its place.
    """

    def __init__(self, *, drop: bool) -> None:
        super().__init__()
        self.drop = drop

    def __missing__(self, code: int) -> int | str | None:
        character = chr(code)
        category = unicodedata.category(character)
        kept: int | str | None
        if character in _QUOTES or category == "Cf":
            kept = None if self.drop else code
        else:
            kept = code if category[0] in "LNM" else " "
        self[code] = kept
        return kept


_DROPPING = _Letters(drop=True)
_PLACING = _Letters(drop=False)


class PlacedWord(NamedTuple):
    """A normalised word and where it stands in the text it came from."""

    word: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """Return the words of a text, normalised: one form of every letter, no capitals, no quotes, no punctuation.

    Unicode's NFKC and case folding, soft hyphens and quotation marks dropped, split at everything that is neither a
    letter, a digit nor a combining mark. ``words(" ".join(words(text)))`` gives the same words.
    """
    text = text.translate(_DROPPING)
    if text.isascii():
        return text.lower().split()
    for _ in range(2):  # folding can undo the normal form and the other way round; twice settles both
        text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", text).translate(_DROPPING).split()


def placed_words(text: str) -> list[PlacedWord]:
    """Return the words of a text as :func:`words` does, each with its place in the text (in characters)."""
    found: list[PlacedWord] = []
    for piece in _PIECE.finditer(text.translate(_PLACING)):
        found.extend(PlacedWord(word, piece.start(), piece.end()) for word in words(piece.group()))
    return found


def fingerprint(normalised: Sequence[str]) -> str:
    """Return 128 bits of SHA-256 over normalised words, as 32 hexadecimal digits."""
    return hashlib.sha256(" ".join(normalised).encode()).digest()[:FINGERPRINT_BYTES].hex()


def shingles(normalised: Sequence[str]) -> list[int]:
    """Return the 32-bit hash of every run of three words, in order; of all the words where there are one or two."""
    runs = max(len(normalised) - SHINGLE_WORDS + 1, 1 if normalised else 0)
    return [_hash32(normalised[start : start + SHINGLE_WORDS]) for start in range(runs)]


def sketch(normalised: Sequence[str]) -> tuple[int, ...]:
    """Return the sketch of normalised words: the eight smallest different hashes of their runs of three words."""
    return tuple(sorted(set(shingles(normalised)))[:SKETCH_SIZE])


def similarity(stored: Collection[int], other: Collection[int]) -> float:
    """Return the share of a stored sketch that stands among the runs of three words of another sentence, from 0 to 1.

    The sketch is a random sample of the stored sentence's runs, so this estimates how much of that sentence the other
    contains [1]_. It is exact for sentences of at most ten words, which have no more runs than a sketch holds.

    Parameters
    ----------
    stored
        A :func:`sketch`.
    other
        All the :func:`shingles` of the other sentence, as a set where many are compared.

    References
    ----------
    .. [1] A. Z. Broder, On the resemblance and containment of documents, Compression and Complexity of Sequences, 1997.
    """
    return sum(shingle in other for shingle in stored) / len(stored) if stored else 0.0


def _hash32(normalised: Sequence[str]) -> int:
    return int.from_bytes(hashlib.sha256(" ".join(normalised).encode()).digest()[:SHINGLE_BYTES], "big")
