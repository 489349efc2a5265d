"""What fitting to a record leaves of the declared ranges: draws to take in place of the case's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.equations import Node
from detente.equations.syntax import Aggregate, Name, On
from detente.errors import RequestError
from detente.scenario.case import Case
from detente.stored import StoredFloats

__all__ = ["UNSAVED", "Posterior", "closed_questions", "closes_on", "file_of"]

UNSAVED = Path("FILE")
"""Stands in a command for a posterior that was never saved: whoever types the command saves it first."""
SAME = 40
"""Characters of a hash that a case keeps when it is cut at another moment."""


@dataclass(frozen=True)
class Posterior:
    """Equally weighted draws of a case's numbers and readings that are consistent with its record up to a moment.

    Parameters
    ----------
    case, case_hash
        The case it was fitted for; it is refused for another.
    until
        The moment up to which the record was used. A question that looks at no day that begins then or later is not
        answered with it.
    parameters
        For each number, its cumulative probability within its declared range, ``[particles]``.
    readings
        For each contested claim, or group of claims that share a draw, the cumulative probability at which its reading
        is taken, ``[particles]``.
    file
        Where it was read from; None where it was not.
    """

    case: str
    case_hash: str
    until: dt.datetime
    parameters: Mapping[str, StoredFloats]
    readings: Mapping[str, StoredFloats]
    file: Path | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        known = f"{len(self.parameters)} numbers and {len(self.readings)} readings"
        return f"Posterior({self.case!r}: {self.particles:,} draws of {known}, until {self.until.isoformat()})"

    @property
    def particles(self) -> int:
        """How many draws it holds."""
        return len(next(iter((*self.parameters.values(), *self.readings.values())), ()))

    def serves(self, case: str, case_hash: str) -> bool:
        """Whether it was fitted for this case, at whatever moment the case is cut.

        Parameters
        ----------
        case, case_hash
            The name and the hash of the case to be run. That of a case cut at a moment begins as the whole one's.
        """
        return self.case == case and self.case_hash[:SAME] == case_hash[:SAME]


def file_of(posterior: Any) -> Path | None:
    """Return the file of a posterior as a request has it: ``FILE`` where it was not read from one.

    Raises
    ------
    RequestError
        If it is no posterior.
    """
    if posterior is None:
        return None
    if not isinstance(posterior, Posterior):
        raise RequestError(
            f"posterior: expected what load_posterior gives back, or the posterior of a fit, and "
            f"{type(posterior).__name__} came"
        )
    return UNSAVED if posterior.file is None else posterior.file


def closed_questions(case: Case, until: dt.datetime) -> tuple[str, ...]:
    """Return the questions that look at no day after the last one that had begun by a moment, in the order of the case.

    Of a day that has begun the record may hold something already, and so it counts. Midnight is the end of a day: none
    of the next has begun.

    Parameters
    ----------
    case
        The case; days are those of the zone of its ``as_of``.
    until
        Up to when the record is used.
    """
    last = (until.astimezone(case.scenario.as_of.tzinfo) - dt.timedelta.resolution).date()
    return tuple(name for name in case.elements.questions if closes_on(case, name) <= last)


def closes_on(case: Case, question: str) -> dt.date:
    """Return the last day that a question looks at, be it through a measure; at the latest the last day of all."""
    last = dt.date.fromisoformat(case.scenario.starts) + dt.timedelta(days=case.scenario.days - 1)
    return _looks_at(case, case.elements.questions[question].node, last) or last


def _looks_at(case: Case, node: Node, by: dt.date) -> dt.date | None:
    """Return the last day up to one that an expression looks at, None where it looks at no day."""
    if isinstance(node, On):
        return _looks_at(case, node.operand, min(by, node.day))
    if isinstance(node, Aggregate):
        return min(by, node.last or by)
    if isinstance(node, Name):
        measure = case.elements.measures.get(node.id)
        return by if measure is None else _looks_at(case, measure.node, by)
    days = [day for child in node.children() if (day := _looks_at(case, child, by)) is not None]
    return max(days, default=None)
