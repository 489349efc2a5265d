"""What cases like this one say of a question: how often, how long they lasted, and what that foretells of this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.run import OutsideView, Run

__all__ = ["OutsideDays", "seen_from_outside"]


@dataclass(frozen=True)
class OutsideDays:
    """How long, or until when, it goes in cases like this one that lasted as long as this one has.

    Parameters
    ----------
    quantiles
        By percent (5, 25, 50, 75, 95): numbers of days, or days as ISO text, None for never.
    is_day
        Whether these are days of the calendar.
    assumes
        What is taken for granted.
    """

    quantiles: Mapping[str, Any]
    is_day: bool
    assumes: str


def seen_from_outside(run: Run, question: str) -> OutsideView | OutsideDays | None:
    """Return what cases like this one foretell of a question, in its own kind of answer and for its own days.

    Returns
    -------
    OutsideView, OutsideDays or None
        A share, with how many cases it is of; days; None where the question names no such cases, or none of them tells.
    """
    case = run.case
    counted = run.outside_view(question)
    if counted is not None or case.scenario.questions[question].reference_class is None:
        return counted
    from detente.hindcast.baselines import base_rate, foretold  # only a case with such classes waits for it

    told, found = base_rate(case, question), foretold(case, question)
    if told is None or found is None:
        return None
    predicted, waiting = found
    if told.probability is None or waiting.ends is None:
        return OutsideDays(told.quantiles or {}, told.never is not None, told.assumes)
    named = case.elements.reference_classes[waiting.reference_class]
    ends = predicted.interval(waiting.days_until(waiting.ends), 0.95)
    ends = ends if waiting.lasts else (1 - ends[1], 1 - ends[0])
    cases = max(round(predicted.cases), 1)
    happened, says = round(told.probability * cases), f"{named.says.rstrip('. ')}. {told.assumes}"
    return OutsideView(says, happened, cases, told.probability, ends, named.claims)
