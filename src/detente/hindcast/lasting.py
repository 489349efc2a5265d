"""How long the cases of the reference classes lasted that questions name, and what that foretells of this one."""

from __future__ import annotations

from collections.abc import Iterable

from detente.hindcast.base_rates import survival
from detente.hindcast.baselines import foretold
from detente.hindcast.result import Lasting
from detente.scenario import Case

__all__ = ["lasting_by_question"]


def lasting_by_question(case: Case, questions: Iterable[str]) -> dict[str, Lasting]:
    """Return how long the cases of the classes lasted that questions name, by question; of any other there is none."""
    return {name: found for name in questions if (found := _lasting(case, name)) is not None}


def _lasting(case: Case, question: str) -> Lasting | None:
    """Return how long the cases of the class that a question names lasted; None where it names none."""
    entry = case.scenario.questions.get(question)
    named = entry.reference_class.name if entry and entry.reference_class else ""
    reference_class = case.elements.reference_classes.get(named)
    if reference_class is None:
        return None
    told = foretold(case, question)
    return Lasting(named, survival(reference_class), None if told is None else told[0])
