"""Citations as an author writes them: ``gazette 12, 14, 21-22; harbour_office``.

A citation names a source and, where the source has numbered units (sentences and headings), the units meant. Several
sources are separated by semicolons; units by commas; a range by a hyphen. This module reads and writes that line and
knows nothing of the sources themselves: whether ``gazette`` exists and has a unit 12 is for the case's checks to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detente.errors import DetenteError

__all__ = ["Citation", "CitationError", "parse_citations"]

HIGHEST_UNIT = 99_999  # a longer document than any case will cite
MOST_UNITS = 1_000
"""Sentences of one source that one place may cite: counted before any is listed, so that no range fills the memory."""

_NAME = re.compile(r"[a-z][a-z0-9_]*(?![^\s;,])")
_UNITS = re.compile(r"(?P<first>[0-9]+)(?:\s*[-\u2013]\s*(?P<last>[0-9]+))?(?=\s*(?:,|$))")


class CitationError(DetenteError, ValueError):
    """A citation cannot be read.

    Parameters
    ----------
    message
        What was expected and what came.
    column
        How many characters stand before the fault, so that ``place.moved(error.column)`` points at it.
    mend
        What to do about it.
    """

    def __init__(self, message: str, column: int, mend: str = "") -> None:
        self.message = message
        self.column = column
        self.mend = mend
        super().__init__(f"{message}; {mend}" if mend else message)


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """One source and the units of it that are meant.

    Parameters
    ----------
    source
        The source's name in the case.
    units
        Numbers of units, ascending, none twice; empty where the source as a whole is meant.
    """

    source: str
    units: tuple[int, ...] = ()

    def __str__(self) -> str:
        runs: list[list[int]] = []
        for unit in self.units:
            if runs and unit == runs[-1][-1] + 1:
                runs[-1].append(unit)
            else:
                runs.append([unit])
        written = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
        return f"{self.source} {written}" if written else self.source


def parse_citations(text: str) -> tuple[Citation, ...]:
    """Read a line of citations such as ``gazette 12, 14, 21-22; harbour_office``.

    Parameters
    ----------
    text
        Sources separated by semicolons, each with the numbers of its units, if any.

    Returns
    -------
    tuple of Citation
        In the order written; the units of each in ascending order.

    Raises
    ------
    CitationError
        With the column of the fault, what was expected there and how to mend it.

    Examples
    --------
    >>> parse_citations("gazette 12, 14, 21-22; harbour_office")
    (Citation(source='gazette', units=(12, 14, 21, 22)), Citation(source='harbour_office', units=()))
    """
    citations: list[Citation] = []
    named: set[str] = set()
    for start, part in _pieces(text, ";", 0):
        name = _NAME.match(part)
        if name is None:
            came = f"'{_shown(part)}'" if part else "nothing"
            raise CitationError(
                f"expected the name of a source, came {came}",
                start,
                "write a source's name, then the numbers of its sentences: gazette 12, 14",
            )
        source = name.group()
        if source in named:
            raise CitationError(f"source '{source}' is named twice", start, "put its sentences in one list")
        named.add(source)
        rest = part[name.end() :]
        after = start + name.end() + len(rest) - len(rest.lstrip())
        citations.append(Citation(source, _units(rest.strip(), after, source)))
    return tuple(citations)


def _units(text: str, start: int, source: str) -> tuple[int, ...]:
    """Return the unit numbers of ``12, 14, 21-22``, ascending; ``start`` is its column in the whole citation."""
    if not text:
        return ()
    units: set[int] = set()
    for column, piece in _pieces(text, ",", start):
        match = _UNITS.match(piece)
        if match is None:
            mend = "write numbers and ranges, such as 12, 14, 21-22"
            if _NAME.match(piece):
                mend = "put a semicolon before the next source"
            elif not piece:
                mend = "take out the comma or write the number it waits for"
            came = f"'{_shown(piece)}'" if piece else "nothing"
            raise CitationError(f"expected the number of a sentence of '{source}', came {came}", column, mend)
        first, last = _number(match["first"], column), _number(match["last"] or match["first"], column)
        if last < first:
            raise CitationError(f"the range {first}-{last} runs backwards", column, f"write {last}-{first}")
        if len(units) + last - first >= MOST_UNITS:
            raise CitationError(
                f"cites more than {MOST_UNITS:,} sentences of '{source}'",
                column,
                "cite those that say it, or the source as a whole, without numbers",
            )
        for unit in range(first, last + 1):
            if unit in units:
                raise CitationError(f"sentence {unit} of '{source}' is cited twice", column, "name it once")
            units.add(unit)
    return tuple(sorted(units))


def _number(digits: str, column: int) -> int:
    """Return a unit's number, refusing 0 and numbers no document reaches."""
    if len(digits.lstrip("0")) > len(str(HIGHEST_UNIT)) or not 1 <= int(digits[-6:]) <= HIGHEST_UNIT:
        raise CitationError(
            f"expected a sentence number from 1 to {HIGHEST_UNIT}, came {_shown(digits)}",
            column,
            "sentences are counted from 1 as in the source's csv file",
        )
    return int(digits)


def _pieces(text: str, separator: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield each piece between separators, stripped, with the column at which it begins."""
    column = start
    for piece in text.split(separator):
        yield column + len(piece) - len(piece.lstrip()), piece.strip()
        column += len(piece) + 1


def _shown(text: str) -> str:
    """Return at most 30 characters of what came, for a message."""
    return text if len(text) <= 30 else f"{text[:29]}…"
