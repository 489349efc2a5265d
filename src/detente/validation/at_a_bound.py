"""Curves that lie at an end for most of the days: what is cut off there can say no more, whatever happens.

Where an index is clipped, more of a cause has no more effect, and a reading that would move it further cannot be seen.
"""

from __future__ import annotations

from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.structure import Structure
from detente.validation.survey import Survey
from detente.validation.watched import ends_of

__all__ = ["at_a_bound"]

INQUIRY = Inquiry(
    "at_a_bound",
    "Curves at a bound",
    "behaviour",
    "Does a stock, flow, auxiliary or measure lie at 0, at 1, at a declared bound or at the end of a clip, for more "
    "than half of the days after the cut in more than a tenth of worlds?",
)
MOST_WORLDS = 0.1
MOST_DAYS = 0.5


def at_a_bound(structure: Structure, survey: Survey | None, why_not: str) -> ValidationTest:
    """List the curves that lie at an end in too many worlds, each end with the share of worlds.

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
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    ends = ends_of(structure.program) if structure.simulated else ()
    if not ends:
        return INQUIRY.came_out("does not apply", "The case has no curve with an end.")
    if survey is None:
        return INQUIRY.came_out("not tried", why_not)
    row = {name: number for number, name in enumerate(survey.names)}
    where = []
    for end in ends:
        if end.element in row and end.says in ("0", "1") and _comes_whole(survey, row[end.element]):
            continue
        at = survey.held[end.name] > MOST_DAYS * survey.later_days
        share = float(survey.weight[at].sum())
        if share > MOST_WORLDS:
            says = f"lies at {end.says} on more than half of the days after the cut in {100 * share:.0f} % of worlds"
            where.append(Where(end.element, structure.place_of(end.element), says))
    tried = f"{len(ends)} ends of curves were watched in {len(survey.log_weight)} worlds."
    if where:
        count = len({one.element for one in where})
        return INQUIRY.came_out(
            "does not pass", f"{count} curve{'s' if count > 1 else ''} lie at an end for most of the days.", where,
            tried=tried,
        )  # fmt: skip
    return INQUIRY.came_out("passes", "No curve lies at an end for most of the days.", tried=tried)


def _comes_whole(survey: Survey, row: int) -> bool:
    """Whether a number says yes or no, or on which rung something stands: several whole numbers and no other."""
    values = {*survey.lowest[row].tolist(), *survey.highest[row].tolist()}
    return len(values) > 1 and all(value == round(value) for value in values)
