"""What can go wrong, drawn as a tree, and how a fault in a case is reported.

::

    DetenteError                 every error a user can cause
    ├── CaseError                the case has faults, or gives answers that are no number; carries the findings
    ├── ExpressionError          an expression that the language does not allow (in equations)
    ├── UnitError                a unit that cannot be read or declared (in equations)
    ├── CitationError            places that cannot be read (in evidence)
    ├── SourceError              a source's text or sentence file cannot be used
    │   └── SourceFileError      the same with its findings (in evidence)
    ├── RequestError             an argument is of the wrong kind, or names something the case does not have
    └── ResultError              a saved result cannot be written or read back

A :class:`Finding` says what is wrong, where it stands and how to mend it. Checks return findings; only the door that
needs a sound case raises :class:`CaseError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

__all__ = [
    "CaseError",
    "DetenteError",
    "Finding",
    "Place",
    "RequestError",
    "ResultError",
    "SourceError",
    "nearest",
]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file: path, line and column, both counted from 1."""

    file: Path
    line: int = 1
    column: int = 1

    def moved(self, columns: int) -> Place:
        """Return the place that many columns further on the same line."""
        return Place(self.file, self.line, self.column + columns)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault or warning in a case: where it stands, what is wrong and how to mend it.

    Parameters
    ----------
    place
        File, line and column.
    field
        The path of keys, dotted: ``uncertainties.regroup_rate.range``.
    wrong
        What was expected and what came.
    mend
        What to do about it.
    severity
        ``error`` stops a run; ``warning`` does not; ``note`` is only information.
    """

    place: Place
    field: str
    wrong: str
    mend: str = ""
    severity: Literal["error", "warning", "note"] = "error"

    def __str__(self) -> str:
        mend = f"; {self.mend}" if self.mend else ""
        label = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.place}: {self.field}: {label}{self.wrong}{mend}"


class DetenteError(Exception):
    """Base of every error that a user can cause and mend."""


class CaseError(DetenteError):
    """The case cannot be run, or gives answers that are no number; ``findings`` says why, all of it in one go."""

    def __init__(self, findings: list[Finding] | tuple[Finding, ...]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class SourceError(DetenteError):
    """A source's text or its sentence file cannot be used."""


class RequestError(DetenteError):
    """An argument is of the wrong kind or out of its bounds, or names what the case does not have."""


class ResultError(DetenteError):
    """A saved result cannot be read back, or was made by something else."""


def nearest(word: str, known: list[str] | tuple[str, ...] | set[str]) -> str:
    """Return ``did you mean 'x'?`` for the known word nearest to a misspelt one, or an empty string."""
    found = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean '{found[0]}'?" if found else ""
