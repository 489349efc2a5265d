"""Reads the tables of a page of reference: each under its heading, as rows of plain cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.policy import REPOSITORY

REFERENCE = REPOSITORY / "docs" / "reference"
HEADING = re.compile(r"#+ (?P<title>.+)")
RULE = re.compile(r"\|[-|: ]+\|")
CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Row:
    """One row of a table: the heading it stands under, and its cells without backticks."""

    heading: str
    cells: tuple[str, ...]


def rows(page: Path, under: str | None = None) -> Iterator[Row]:
    """Yield the rows of every table of a page, or of those under one heading; the rows of names are left out."""
    heading, above = "", ""
    for line in page.read_text(encoding="utf-8").splitlines():
        found = HEADING.match(line)
        if found:
            heading = plain(found["title"])
        elif line.startswith("|") and not RULE.fullmatch(line) and above and under in (None, heading):
            cells = tuple(plain(cell) for cell in CELL.split(line.strip().strip("|")))
            yield Row(heading, cells)
        above = line if line.startswith("|") and (above or RULE.fullmatch(line)) else ""


def plain(cell: str) -> str:
    """Return what a cell says, without the signs of Markdown."""
    return cell.replace("`", "").replace("\\|", "|").strip()
