"""Nothing is copied: no run of eight words of a source stands in a case, in this repository or in a brief.

A source's runs of eight words are kept as hashes, sorted, so that a copy is noticed where the source itself is not at
hand. The hashes reveal neither words nor order. They do let somebody who holds seven words of a run test guesses at the
eighth, so the runs are no way to keep a text secret; they are there so that it need not be kept at all.

Titles may be named, as any citation names them: a line that stands twice or more in the source counts as a title.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from detente.evidence.files import fault, read_text, write_text
from detente.evidence.fingerprint import words

__all__ = [
    "RUN_WORDS",
    "CopiedRun",
    "find_copied_runs",
    "find_copied_runs_in_page",
    "read_run_hashes",
    "run_hashes",
    "write_run_hashes",
]

RUN_WORDS = 8
HASH_BYTES = 8

_HEADING = "# Hashes of a source's runs of eight words, so that copying is noticed without keeping the text."
_HASH = re.compile(r"[0-9a-f]{16}")
_ESCAPE = re.compile(r"\\u(?P<code>[0-9a-fA-F]{4})|\\[nrt]")
_SHOWN_ATTRIBUTES = frozenset({"alt", "title", "aria-label", "content", "placeholder", "value"})
_INLINE_TAGS = frozenset({"a", "abbr", "b", "cite", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup"})


@dataclass(frozen=True, slots=True, order=True)
class CopiedRun:
    """Words of a text that also stand in a source, eight or more in a row.

    Parameters
    ----------
    line
        The line on which they begin, counted from 1.
    word
        Which word of the text is the first of them, counted from 0.
    words
        How many there are.
    """

    line: int
    word: int
    words: int


def run_hashes(text: str, *, except_titles: Collection[str] = (), length: int = RUN_WORDS) -> frozenset[int]:
    """Return the hashes of a source's runs of eight words, titles apart.

    Parameters
    ----------
    text
        The source. A line that stands in it twice or more is a title.
    except_titles
        Further titles, such as the one a case gives to the source.
    length
        Words of a run, where the text is at hand and shorter runs than those kept are looked for.

    Returns
    -------
    frozenset
        Whole numbers of :data:`HASH_BYTES` bytes, cut from SHA-256 of the words.

    Notes
    -----
    No run crosses a title: somebody who knows the title alone has no seven words from which to guess on.
    """
    lines = [words(line) for line in text.split("\n")]
    times = Counter(tuple(line) for line in lines if line)
    titles = {line for line, count in times.items() if count > 1} | {tuple(words(title)) for title in except_titles}
    hashes: set[int] = set()
    stretch: list[str] = []
    for line in lines:
        if tuple(line) in titles:
            hashes.update(_hashes(stretch, length))
            stretch = []
        else:
            stretch.extend(line)
    hashes.update(_hashes(stretch, length))
    for title in titles:
        hashes.difference_update(_hashes(title, length))
    return frozenset(hashes)


def write_run_hashes(text: str, path: Path, *, except_titles: Collection[str] = ()) -> int:
    """Write the hashes of a source's runs of eight words, sorted, and return how many there are.

    Parameters
    ----------
    text
        The source.
    path
        Where they are written, one a line in hexadecimal.
    except_titles
        Titles, as :func:`run_hashes` takes them.

    Returns
    -------
    int
        How many lines of hashes were written.
    """
    hashes = sorted(run_hashes(text, except_titles=except_titles))
    lines = [_HEADING, *(f"{one:0{2 * HASH_BYTES}x}" for one in hashes)]
    write_text(path, "\n".join(lines) + "\n")
    return len(hashes)


def read_run_hashes(path: Path) -> frozenset[int]:
    """Read hashes that :func:`write_run_hashes` wrote.

    Raises
    ------
    SourceFileError
        If a line is not a hash, with its number.
    """
    hashes: set[int] = set()
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.startswith("#") or not line:
            continue
        if _HASH.fullmatch(line) is None:
            mend = "make the file again with `detente source add`"
            raise fault(path, "hash", f"expected 16 hexadecimal digits, came '{line[:40]}'", mend, number)
        hashes.add(int(line, 16))
    return frozenset(hashes)


def find_copied_runs(text: str, hashes: Collection[int], length: int = RUN_WORDS) -> tuple[CopiedRun, ...]:
    r"""Return every stretch of a text that repeats eight words or more of a source in a row.

    Parameters
    ----------
    text
        Any text: prose, code or data. Escapes such as ``\n`` and ``\u2019`` are read as what they stand for.
    hashes
        The runs of the source, or of several; a set, for speed.
    length
        Words of each of these runs.

    Returns
    -------
    tuple of CopiedRun
        In the order of the text; overlapping runs are one stretch.
    """
    found: list[str] = []
    line_of: list[int] = []
    for number, line in enumerate(text.split("\n"), start=1):
        on_line = words(_ESCAPE.sub(_unescaped, line) if "\\" in line else line)
        found.extend(on_line)
        line_of.extend([number] * len(on_line))
    copied: list[CopiedRun] = []
    for start, one in enumerate(_hashes(found, length)):
        if one not in hashes:
            continue
        if copied and start <= copied[-1].word + copied[-1].words:
            before = copied.pop()
            copied.append(CopiedRun(before.line, before.word, start + length - before.word))
        else:
            copied.append(CopiedRun(line_of[start], start, length))
    return tuple(copied)


def find_copied_runs_in_page(html: str, hashes: Collection[int]) -> tuple[CopiedRun, ...]:
    """Return every stretch of a web page that repeats eight words or more of a source in a row.

    Looks at what a reader sees or hears (text without its tags, alternative texts, titles) and at the data inside
    scripts. Lines are those of the page; words are counted within the part of the page they stand in.
    """
    page = _Page()
    page.feed(html)
    page.close()
    found = {
        CopiedRun(line + run.line - 1, run.word, run.words)
        for line, text in page.parts()
        for run in find_copied_runs(text, hashes)
    }
    return tuple(sorted(found))


class _Page(HTMLParser):
    """Gathers a page's text, keeping its lines, and apart from it what stands in attributes and comments."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.line = 1
        self.apart: list[tuple[int, str]] = []

    def parts(self) -> Iterator[tuple[int, str]]:
        """Yield each text with the line on which it begins."""
        yield 1, "".join(self.text)
        yield from self.apart

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._catch_up(tag)
        for name, value in attrs:
            if value and name in _SHOWN_ATTRIBUTES:
                self.apart.append((self.getpos()[0], value))

    def handle_endtag(self, tag: str) -> None:
        self._catch_up(tag)

    def handle_data(self, data: str) -> None:
        self._catch_up("")
        self.text.append(data)
        self.line += data.count("\n")

    def handle_comment(self, data: str) -> None:
        self.apart.append((self.getpos()[0], data))

    def _catch_up(self, tag: str) -> None:
        """Add the line breaks that stood inside tags, so that lines stay true, and part what a tag parts."""
        missing = self.getpos()[0] - self.line
        if missing > 0:
            self.text.append("\n" * missing)
            self.line += missing
        elif tag and tag not in _INLINE_TAGS:
            self.text.append(" ")


def _hashes(found: Iterable[str], length: int = RUN_WORDS) -> Iterator[int]:
    """Yield the hash of each run of so many words, in order: 64 bits of SHA-256."""
    found = list(found)
    sha256, from_bytes = hashlib.sha256, int.from_bytes
    for start in range(len(found) - length + 1):
        run = " ".join(found[start : start + length])
        yield from_bytes(sha256(run.encode()).digest()[:HASH_BYTES], "big")


def _unescaped(match: re.Match[str]) -> str:
    """Return the character an escape stands for; half a pair of surrogates becomes a space."""
    code = match["code"]
    character = chr(int(code, 16)) if code else " "
    return character if not "\ud800" <= character <= "\udfff" else " "
