"""Reads the pages people read: their fenced blocks, the marks before them, and the paths they name.

A mark is an HTML comment on the line before a block:

``<!-- not a case -->``
    the YAML below describes something other than a case
``<!-- file: truce/scenario.yaml -->``
    the block is written to that file, for the commands further down the page
``<!-- exit 1 -->``
    the commands below end with that status
``<!-- not run -->``
    the commands below need what a test has not got (a network, a person)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.policy import REPOSITORY

FENCE = re.compile(
    r"^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^ *(?P=ticks)[ ]*$", re.M | re.S
)
MARK = re.compile(r"<!-- *(?P<mark>.+?) *-->\s*\Z")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str
    mark: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"

    @property
    def file(self) -> str:
        """The file the block is written to, or nothing."""
        return self.mark.removeprefix("file:").strip() if self.mark.startswith("file:") else ""

    @property
    def status(self) -> int:
        """The exit status its commands end with."""
        return int(self.mark.removeprefix("exit")) if self.mark.startswith("exit") else 0


def read_pages() -> list[Path]:
    """Return every page of the repository that a person reads from."""
    return [*sorted(REPOSITORY.glob("*.md")), *sorted((REPOSITORY / "docs").rglob("*.md"))]


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        mark = MARK.search(text[: found.start()])
        indent = len(found["indent"])
        body = "".join(line[indent:] if line.strip() else line for line in found["text"].splitlines(keepends=True))
        line = text.count("\n", 0, found.start()) + 1
        yield Block(page, line, found["language"], body, mark["mark"] if mark else "")


def without_blocks(page: Path) -> str:
    """Return a page's text with its fenced blocks blanked, every line kept in its place."""
    return FENCE.sub(lambda found: "\n" * found[0].count("\n"), page.read_text(encoding="utf-8"))
