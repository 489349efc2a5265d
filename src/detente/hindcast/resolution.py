"""What became of one question, and why another is not answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from detente.errors import Place
from detente.stored import StoredOutcome

__all__ = ["NotAnswerable", "Outcome", "Resolution"]

Outcome = StoredOutcome
"""Yes or no, a number in the question's unit, an alternative, or a day; None for a day that never came."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of one question.

    Parameters
    ----------
    question
        The question of the case.
    asks
        The wording that was resolved.
    closes
        When it closes: a forecast made later is none.
    outcome
        What came.
    resolved
        The day on which that was known.
    how
        What decides it.
    sources
        Where it is said.
    cluster
        What single event decides it: questions of one cluster are scored as one.
    written
        ``before the event`` or ``after the event``.
    mentions_outcome
        Whether the wording gives away what came.
    certainty
        How sure it is: ``high``, ``medium`` or ``low``.
    listed_as
        Its name in the list of questions it was taken from.
    note
        A remark, above all on how the wording differs from what the equation computes.
    place
        Where it stands.
    """

    question: str
    asks: str
    closes: dt.datetime
    outcome: Outcome
    resolved: dt.date
    how: str
    sources: tuple[str, ...]
    cluster: str
    written: str
    mentions_outcome: bool
    certainty: str
    listed_as: str
    note: str
    place: Place


@dataclass(frozen=True, slots=True)
class NotAnswerable:
    """A question with a known outcome that no equation of the case answers, and why."""

    name: str
    asks: str
    why: str
