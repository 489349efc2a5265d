"""What a question waits for, and from when to when: how the days of a reference class are counted for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from detente.equations import Node
from detente.equations.syntax import Aggregate, On, Unary
from detente.scenario.case import Case
from detente.scenario.model import ClassUse

__all__ = ["Waiting", "waiting_of"]

MIDNIGHT = dt.time()
YES = {"ever": False, "always": True}
"""Summaries of a yes/no question that say themselves whether yes is that something lasts."""


@dataclass(frozen=True)
class Waiting:
    """What a question's reference class is asked for.

    Parameters
    ----------
    reference_class
        The class.
    began
        When what the question is about began: days are counted from here.
    counts_from
        From when on it counts: what had lasted until then is taken as given. None: from the cut on.
    ends
        For yes/no, the end of the last day that counts. None where nothing says which day that is.
    lasts
        For yes/no, whether yes is that it still lasts then; None where nothing says so.
    """

    reference_class: str
    began: dt.datetime
    counts_from: dt.datetime | None
    ends: dt.datetime | None
    lasts: bool | None

    def days_until(self, moment: dt.datetime) -> float:
        """Return how many days lie between the beginning and a moment."""
        return (moment - self.began) / dt.timedelta(days=1)

    def lasted(self, as_of: dt.datetime) -> float:
        """Return for how many days it has lasted at a cut, or will have when it begins to count; none below 0."""
        since = as_of if self.counts_from is None else max(as_of, self.counts_from)
        return max(self.days_until(since), 0.0)


def waiting_of(case: Case, question: str) -> Waiting | None:
    """Return what a question waits for, by its reference class and its answer; None where it names no class.

    ``ever(…) by DATE`` waits for something to happen, ``not ever(…)`` and ``always(…)`` for it to last; of another
    yes/no answer the case says which.

    Parameters
    ----------
    case, question
        The case, and one of its questions.
    """
    entry = case.scenario.questions[question]
    use = entry.reference_class
    if use is None:
        return None
    first, last, lasts = _read(case.elements.questions[question].node)
    zone, starts = case.scenario.as_of.tzinfo, dt.date.fromisoformat(case.scenario.starts)
    end = dt.date.fromisoformat(use.until) if use.until else last
    begins = dt.date.fromisoformat(use.first) if use.first else first
    if end is None and lasts is not None:
        end = starts + dt.timedelta(days=case.scenario.days - 1)
    return Waiting(
        use.name, _began(use, starts, zone),
        None if begins is None else dt.datetime.combine(begins, MIDNIGHT, zone),
        None if end is None else dt.datetime.combine(end + dt.timedelta(days=1), MIDNIGHT, zone),
        use.yes_if == "lasts" if use.yes_if else lasts,
    )  # fmt: skip


def _read(node: Node) -> tuple[dt.date | None, dt.date | None, bool | None]:
    """Return the first and last day an answer names, and whether yes is that something lasts; None where not told."""
    if isinstance(node, On):
        return None, node.day, None
    if isinstance(node, Unary) and node.operator == "not":
        first, last, lasts = _read(node.operand)
        return first, last, None if lasts is None else not lasts
    if isinstance(node, Aggregate):
        return node.first, node.last, YES.get(node.function)
    return None, None, None


def _began(use: ClassUse, starts: dt.date, zone: dt.tzinfo | None) -> dt.datetime:
    written = use.began or starts.isoformat()
    if len(written) == len("2031-05-04"):
        return dt.datetime.combine(dt.date.fromisoformat(written), MIDNIGHT, zone)
    return dt.datetime.fromisoformat(written).astimezone(zone)
