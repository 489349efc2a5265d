"""Chances that can be neither small nor large, whatever holds: worlds made of them cannot hold what is rare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from detente.scenario import DecisionElement, OptionElement
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.side_by_side import Groups
from detente.validation.structure import Structure
from detente.validation.survey import Survey
from detente.validation.watched import reason_of

__all__ = ["chance_extremes", "chances_of"]

INQUIRY = Inquiry(
    "chance_extremes",
    "Chances without extremes",
    "behaviour",
    "Can the chance of every decision and of every yes/no question fall below 5 % or rise above 95 % in some world?",
)
SMALL, LARGE = 0.05, 0.95
Span = tuple[float, float]


def chance_extremes(structure: Structure, survey: Survey | None, groups: Groups | None, why_not: str) -> ValidationTest:
    """List decisions and questions that stay between 5 and 95 %.

    Of a decision: with its usual chance and its odds anywhere in their ranges, and every reason at any strength that it
    had where the decision came up. Of a question: in the worlds of each lever and each reading.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    survey
        What worlds went through; None where they were not run.
    groups
        Worlds as drawn, then under each lever and each reading; None where they were not run.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    elements = structure.case.elements
    questions = [one for one in elements.questions.values() if one.kind.name == "truth"]
    if not structure.simulated or not (elements.decisions or questions):
        return INQUIRY.came_out("does not apply", "The case has no decision and no yes/no question.")
    if survey is None or groups is None:
        return INQUIRY.came_out("not tried", why_not)
    where = []
    for name, option in elements.options.items():
        if option.decision is not None and survey.occasions[name].any():
            spans = chances_of(structure, option, survey.reasons)
            if all(low > SMALL and high < LARGE for low, high in spans.values()):
                told = ", ".join(
                    f"{to or 'yes'} {100 * low:.0f} to {100 * high:.0f} %" for to, (low, high) in spans.items()
                )
                says = f"whatever holds, its chance on an occasion stays within {told}"
                where.append(Where(name, structure.at(option.decision.path), says))
    for question in questions:
        shares = list(_shares(groups, question.name))
        if min(shares) > SMALL and max(shares) < LARGE:
            span = f"{100 * min(shares):.0f} to {100 * max(shares):.0f} %"
            says = f"under each lever and reading it is yes in {span} of worlds"
            where.append(Where(question.name, structure.at(question.path), says))
    count = len(elements.decisions) + len(questions)
    if where:
        says = f"{len(where)} of {count} decisions and yes/no questions can be neither below 5 % nor above 95 %."
        return INQUIRY.came_out("does not pass", says, where)
    return INQUIRY.came_out(
        "passes", f"Each of the {count} decisions and yes/no questions can be below 5 % or above 95 %."
    )


def chances_of(structure: Structure, option: OptionElement, strengths: Mapping[str, Span]) -> dict[str, Span]:
    """Return for each way a decision can fall how small and how large its chance can be on an occasion.

    Parameters
    ----------
    structure, option
        The case, and an option that is decided.
    strengths
        By reason, the weakest and the strongest that it was; one that is not told may have any strength.

    Returns
    -------
    dict
        By way, the least and the greatest chance, from 0 to 1; the way of a yes/no is called by nothing.
    """
    decision = option.decision
    assert decision is not None
    usual = {to: _range(structure, parameter) for to, parameter in decision.usual}
    weights: dict[str, Span] = {}
    if not option.alternatives:
        low, high = usual[""]
        down, up = _factor(structure, option.name, decision, "", strengths)
        return {"": tuple(one * by / (one * by + 1 - one) for one, by in ((low, down), (high, up)))}  # type: ignore[dict-item]
    ways = ("down", "stay", "up") if option.ordered else option.alternatives
    rest = (max(0.0, 1 - sum(high for _, high in usual.values())), max(0.0, 1 - sum(low for low, _ in usual.values())))
    for way in ways:
        low, high = usual.get(way, (0.0, 0.0) if way in ("down", "up") else rest)
        down, up = (1.0, 1.0) if way == "stay" else _factor(structure, option.name, decision, way, strengths)
        weights[way] = (low * down, high * up)
    found = {}
    for way, (low, high) in weights.items():
        others = [span for other, span in weights.items() if other != way]
        least, most = sum(span[0] for span in others), sum(span[1] for span in others)
        found[way] = (low / max(low + most, 1e-300), high / max(high + least, 1e-300))
    if option.ordered:  # at the lowest rung nothing goes down, at the highest nothing up
        found = {way: (0.0, high) if way in ("down", "up") else (low, high) for way, (low, high) in found.items()}
    return found


def _factor(structure: Structure, name: str, decision: DecisionElement, to: str, strengths: Mapping[str, Span]) -> Span:
    """Return the least and the most by which the reasons for one way can multiply its odds."""
    low = high = 0.0
    for number, lean in enumerate(decision.leans):
        if lean.to == to:
            sizes = [lean.sign * s * np.log(o) for s in strengths.get(reason_of(name, number), (0.0, 1.0))
                     for o in _range(structure, lean.odds) if o > 0]  # fmt: skip
            low, high = low + min(sizes, default=0.0), high + max(sizes, default=0.0)
    return float(np.exp(low)), float(np.exp(high))


def _range(structure: Structure, parameter: str) -> Span:
    arms = structure.case.elements.parameters[parameter].arms
    return min(arm.range.low for arm in arms), max(arm.range.high for arm in arms)


def _shares(groups: Groups, question: str) -> Iterator[float]:
    """Yield the share of worlds with yes in each group."""
    for number in range(len(groups.groups)):
        worlds = groups.worlds(number)
        weight = groups.survey.weight[worlds]
        yield float((groups.survey.answers[question][worlds] > 0) @ weight / max(float(weight.sum()), 1e-300))
