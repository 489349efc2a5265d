"""What was read from the files of a case: plain data, and the place of every key and value in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from detente.errors import Finding, Place

__all__ = ["Document", "Path_", "Scalar", "dotted"]

Path_ = tuple[str | int, ...]
"""The way to a value: keys and list positions from the top."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """Where a text came from, so that an offset inside it can be traced back to its line and column."""

    text: str
    raw: str
    place: Place
    block: bool

    def locate(self, offset: int) -> Place:
        """Return the place of a character of the text."""
        if self.raw == self.text:
            if "\n" not in self.raw:
                return self.place.moved(offset)
        elif self.raw[1:-1] == self.text and "\n" not in self.raw:
            return self.place.moved(1 + offset)
        return self._counted(offset)

    def _counted(self, offset: int) -> Place:
        """Find the character by counting those that are not blanks, for folding changes the blanks alone."""
        wanted = sum(not character.isspace() for character in self.text[:offset])
        past_the_end = not self.text[offset:].strip()
        # A quoted or a block text begins with marks that are not part of it.
        start = 1 if self.raw[:1] in ("'", '"') else self.raw.find("\n") + 1 if self.block else 0
        line = self.place.line + self.raw.count("\n", 0, start)
        column = 1 if self.block else self.place.column + start
        for character in self.raw[start:]:
            if wanted == 0 and (past_the_end or not character.isspace()):
                break
            wanted -= not character.isspace()
            line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
        return Place(self.place.file, line, column)


@dataclass(slots=True)
class Document:
    """Plain data read from one or more files, with the place of every key and every value.

    Parameters
    ----------
    data
        The sections.
    places
        For each path, the place of its key, or of the item of a list.
    scalars
        For each path of a text, how it stands in the file.
    findings
        What is wrong.
    broken
        Whether a part of the data could not be read at all, so that it makes no sense to go on.
    lost
        Paths of values that were refused and stand for nothing: no more is said of them.
    """

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path_, Place] = field(default_factory=dict)
    scalars: dict[Path_, Scalar] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    broken: bool = False
    lost: set[Path_] = field(default_factory=set)

    def place(self, path: Path_) -> Place:
        """Return the place of a path, or of the nearest part of it that stands in the file."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(Path("scenario.yaml")))

    def locator(self, path: Path_) -> Callable[[int], Place]:
        """Return what turns an offset in the text at a path into a place."""
        scalar = self.scalars.get(path)
        return scalar.locate if scalar is not None else self.place(path).moved

    def finding(
        self,
        path: Path_,
        wrong: str,
        mend: str = "",
        place: Place | None = None,
        severity: Literal["error", "warning", "note"] = "error",
    ) -> Finding:
        """Return a finding at a path."""
        return Finding(place or self.place(path), dotted(path), wrong, mend, severity)

    def fault(self, path: Path_, wrong: str, mend: str = "", place: Place | None = None) -> None:
        """Note an error at a path, unless what stands there was refused already."""
        if not any(path[: len(lost)] == lost for lost in self.lost):
            self.findings.append(self.finding(path, wrong, mend, place))


def dotted(path: Path_) -> str:
    """Write a path as ``decisions.varland.extend.leans[1].odds``."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "file"
