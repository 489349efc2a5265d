"""What is explored: questions and measures; of a choice whose alternatives have no order, each alternative by itself.

The mean position of alternatives that stand in no order means nothing. So whether it comes to one of them is asked of
each, as a yes or no of its own, under the name ``question.alternative``.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.errors import RequestError, nearest
from detente.scenario import Case, Equation

__all__ = ["Target", "by_alternative", "target_of", "targets_of"]

TYPES = {"truth": "yes/no", "number": "number", "date": "date", "choice": "choice"}


@dataclass(frozen=True)
class Target:
    """One thing that is followed through all worlds.

    Parameters
    ----------
    name
        Of a question or measure; with an alternative behind a dot where that is what is asked.
    summary
        The question or measure itself.
    type
        ``yes/no``, ``number``, ``date`` or ``choice``: the last for rungs of a ladder, followed by their mean position.
    alternative, position
        The alternative whose coming is asked, and its position among its like; None where nothing is chosen.
    """

    name: str
    summary: str
    type: str
    alternative: str | None = None
    position: int | None = None


def target_of(case: Case, name: str) -> Target:
    """Return a target by its name."""
    equation = _equation(case, name)
    if equation is not None:
        return Target(name, name, TYPES[equation.kind.name])
    summary, _, alternative = name.rpartition(".")
    equation = _equation(case, summary)
    if equation is None or alternative not in equation.kind.alternatives:
        raise KeyError(name)
    return Target(name, summary, "yes/no", alternative, equation.kind.alternatives.index(alternative))


def by_alternative(case: Case, name: str) -> tuple[str, ...]:
    """Return a question's or measure's name; of a choice without order, a name for each alternative.

    Of two alternatives the second is enough: the first is what is left.
    """
    equation = _equation(case, name)
    if equation is None or equation.kind.name != "choice" or equation.kind.ordered:
        return (name,)
    among = equation.kind.alternatives
    return tuple(f"{name}.{alternative}" for alternative in (among[1:] if len(among) == 2 else among))


def targets_of(case: Case, question: str | None) -> list[str]:
    """Return what is explored: one question or measure, or all questions and headline measures.

    Raises
    ------
    RequestError
        If the case has nothing to explore, or no such question.
    """
    measures = case.scenario.measures
    if question is not None:
        known = [*case.scenario.questions, *measures]
        if question not in known:
            mend = nearest(question, set(known)) or "its questions: " + ", ".join(case.scenario.questions)
            raise RequestError(f"{case.name} has no question or measure '{question}'; {mend}")
        return list(by_alternative(case, question))
    asked = [*case.scenario.questions, *(name for name, measure in measures.items() if measure.headline)]
    if not asked:
        raise RequestError(f"{case.name} asks no question that is simulated, so there is nothing to explore")
    return [target for name in asked for target in by_alternative(case, name)]


def _equation(case: Case, name: str) -> Equation | None:
    return case.elements.questions.get(name) or case.elements.measures.get(name)
