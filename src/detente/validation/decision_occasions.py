"""How often each decision comes up, and how often it then changes something."""

from __future__ import annotations

from detente.validation.result import Inquiry, Occasions, ValidationTest, Where
from detente.validation.structure import Structure
from detente.validation.survey import Survey

__all__ = ["decision_occasions"]

INQUIRY = Inquiry(
    "decision_occasions",
    "Decisions that come up",
    "behaviour",
    "Does every decision come up at all, and how often?",
)

RARE = 0.01
"""Share of worlds below which a decision is said to come up rarely."""


def decision_occasions(
    structure: Structure, survey: Survey | None, why_not: str
) -> tuple[ValidationTest, tuple[Occasions, ...]]:
    """Count how often each decision comes up; one that never does is as good as not there.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    survey
        What worlds went through; None where they were not run.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    tuple
        The test, ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is
        about; and of each decision the share of worlds in which it comes up, how often on average, and the share of
        occasions on which it changes its option.
    """
    decisions = structure.case.elements.decisions
    if not decisions:
        return INQUIRY.came_out("does not apply", "The case has no decisions."), ()
    if survey is None:
        return INQUIRY.came_out("not tried", why_not), ()
    found = []
    for name in decisions:
        count, taken = survey.occasions[name], survey.taken[name]
        weight = survey.weight
        mean = float(count @ weight)
        share = float(taken @ weight) / mean if mean > 0 else None
        found.append(Occasions(name, float((count > 0) @ weight), mean, share))
    never = [one for one in found if one.mean == 0]
    rare = [one for one in found if 0 < one.ever < RARE]
    worlds = len(survey.log_weight)
    where = [
        Where(one.decision, structure.at(decisions[one.decision].path), f"never comes up in {worlds} worlds")
        for one in never
    ]
    where += [
        Where(
            one.decision,
            structure.at(decisions[one.decision].path),
            f"comes up in {100 * one.ever:.2g} % of worlds",
            True,
        )
        for one in rare
    ]
    if never:
        says = (
            f"{len(never)} of {len(found)} decisions never come up in {worlds} worlds, so that their reasons "
            "count for nothing."
        )
    else:
        mean = sum(one.mean for one in found) / len(found)
        says = (
            f"Each of the {len(found)} decisions comes up in some worlds, {mean:.1f} times in a world on the average."
        )
    if rare:
        says += f" {len(rare)} {'comes' if len(rare) == 1 else 'come'} up in fewer than 1 % of worlds."
    return INQUIRY.came_out("does not pass" if never else "passes", says, tuple(where)), tuple(found)
