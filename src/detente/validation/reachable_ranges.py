"""How far each measure and flow can go, beside what the record shows and what became of cases like this one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np

from detente.scenario import Equation
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.side_by_side import Groups
from detente.validation.structure import Structure
from detente.validation.survey import Survey

__all__ = ["reachable_ranges"]

INQUIRY = Inquiry(
    "reachable_ranges",
    "What can be reached",
    "behaviour",
    "Can every flow stop, and can what was recorded, and what became of cases like this one, come about again?",
)
STOPPED = 0.02
"""Of how high a flow usually goes, what is as good as nothing."""
NEAR = 0.01
"""How near to an extreme of the record counts as reaching it, as a share of its size."""


def reachable_ranges(
    structure: Structure, survey: Survey | None, ends: Groups | None, groups: Groups | None, why_not: str
) -> ValidationTest:
    """List the flows that never stop, and what was recorded or befell other cases and no world can reach.

    Looked at in all worlds: with numbers as drawn, at either end of their ranges, under each reading and each lever.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    survey
        What worlds went through; None where they were not run.
    ends
        Worlds as drawn, then with each number at either end and under each reading; None where they were not run.
    groups
        Worlds as drawn, then under each lever and each reading; None where they were not run.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    if not structure.simulated:
        return INQUIRY.came_out("does not apply", "The case simulates nothing.")
    if survey is None or ends is None or groups is None:
        return INQUIRY.came_out("not tried", why_not)
    surveys = (survey, ends.survey, groups.survey)
    where = [*_never_stops(structure, surveys), *_beyond_record(structure, surveys), *_beyond_cases(structure, surveys)]
    worlds = sum(len(one.log_weight) for one in surveys)
    tried = f"{worlds:,} worlds were run: numbers as drawn and at their ends, every reading, every lever."
    if where:
        return INQUIRY.came_out(
            "does not pass", f"{len(where)} things cannot be reached in any world.", where, tried=tried
        )
    return INQUIRY.came_out("passes", "Every flow can stop, and what was recorded can come about again.", tried=tried)


def _never_stops(structure: Structure, surveys: Sequence[Survey]) -> Iterator[Where]:
    for name, one in structure.case.elements.variables.items():
        if one.role != "flow":
            continue
        low, high, usual = _span(name, surveys)
        if low > STOPPED * usual > 0:
            says = f"is never 0: from {low:.3g} to {high:.3g} in any world from the cut on"
            yield Where(name, structure.at(one.path), says)


def _beyond_record(structure: Structure, surveys: Sequence[Survey]) -> Iterator[Where]:
    """Yield measures of the record whose extremes up to the cut no world reaches from the cut on."""
    case = structure.case
    for measure, known in case.scenario.known.items():
        element = known.follow or known.measure
        told = sorted((row for row in case.observations if row.measure == measure), key=lambda row: row.about)
        begun = structure.program.starts
        rows = [row.value for row in told if isinstance(row.value, float) and row.about >= begun]
        if element is None or len(rows) < 2 or element not in surveys[0].names:
            continue  # one row has no extremes
        least, most = min(rows), max(rows)
        low, high, _ = _span(element, surveys)
        place = structure.at(("known", measure))
        if not np.isfinite(low):
            continue  # nothing comes after the cut
        slack = NEAR * max(abs(least), abs(most), 1e-12)
        # What is counted and only grows comes down no more, nor up what only shrinks.
        grows, shrinks = (rows == sorted(rows, reverse=way) for way in (False, True))
        if high < most - slack and not shrinks:
            yield Where(f"known.{measure}", place, f"the record goes up to {most:.3g}, no world beyond {high:.3g}")
        if low > least + slack and not grows:
            yield Where(f"known.{measure}", place, f"the record goes down to {least:.3g}, no world below {low:.3g}")


def _beyond_cases(structure: Structure, surveys: Sequence[Survey]) -> Iterator[Where]:
    """Yield questions of when whose answers cannot be as late, or as early, as in cases like this one."""
    case, program = structure.case, structure.program
    for name, question in case.elements.questions.items():
        use = case.scenario.questions[name].reference_class
        if use is None or question.kind.name != "date":
            continue
        spells = case.elements.reference_classes[use.name].spells
        began = dt.date.fromisoformat(use.began[:10]) if use.began is not None else program.starts
        already = max(0, program.as_of - program.day_of(began))
        lasted = [one.lasted for one in spells if one.ended and one.lasted > already]
        if lasted:
            yield from _late_or_early(structure, question, surveys, program.day_of(began), lasted)


def _late_or_early(
    structure: Structure, question: Equation, surveys: Sequence[Survey], began: int, lasted: list[float]
) -> Iterator[Where]:
    days = np.concatenate([one.answers[question.name] for one in surveys]) - began
    place, last = structure.at(question.path), structure.program.days - began
    shortest, longest = min(lasted), min(max(lasted), last)
    if days.max() < longest - 1:
        says = f"of cases like it one lasted {max(lasted):.0f} days, no world more than {days.max():.0f}"
        yield Where(question.name, place, says)
    if days.min() > shortest + 1:
        says = f"of cases like it one lasted {shortest:.0f} days, no world fewer than {days.min():.0f}"
        yield Where(question.name, place, says)


def _span(name: str, surveys: Sequence[Survey]) -> tuple[float, float, float]:
    """Return how low and how high an element goes from the cut on in any world, and how high it usually goes."""
    lows, highs = [], []
    for survey in surveys:
        row = survey.names.index(name)
        lows.append(survey.later_lowest[row])
        highs.append(survey.later_highest[row])
    high = np.concatenate(highs)
    return float(np.concatenate(lows).min()), float(high.max()), float(np.median(high))
