"""Five times the days: what a case does after it was meant to end shows what nothing holds back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.scenario import Draws
from detente.validation.limits import KEPT, breaches_of, count_breaches, tell_breach
from detente.validation.result import Inquiry, ValidationTest
from detente.validation.structure import Structure
from detente.validation.survey import Survey, survey_of
from detente.validation.worlds import columns_of

__all__ = ["longer_horizon", "with_longer_horizon"]

INQUIRY = Inquiry(
    "longer_horizon",
    "Five times the days",
    "behaviour",
    "Long after the case's last day, is everything still what it can be?",
)

TIMES = 5
MOST_DAYS = 3_660


def with_longer_horizon(structure: Structure, seed: int, draws: int, replicates: int) -> Survey:
    """Survey worlds that go on for five times as long.

    Parameters
    ----------
    structure
        The case with its ordered equations.
    seed
        The seed of draws and luck.
    draws, replicates
        How many draws, and worlds of each.

    Returns
    -------
    Survey
        Over as many days as :func:`days_of_test` says.
    """
    program = replace(structure.program, days=days_of_test(structure))
    drawn = Draws(structure.case, seed, program.parameters).take(np.arange(draws, dtype=np.uint32))
    return survey_of(structure.case, program, columns_of(drawn, replicates), seed)


def days_of_test(structure: Structure) -> int:
    """Return how many days the test runs: no more than a case may have."""
    return min(TIMES * structure.program.days, max(MOST_DAYS, structure.program.days))


def longer_horizon(structure: Structure, survey: Survey | None, why_not: str) -> ValidationTest:
    """Say whether anything goes where it cannot be long after the case's last day.

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
    if not structure.simulated:
        return INQUIRY.came_out("does not apply", "The case simulates nothing.")
    if survey is None:
        return INQUIRY.came_out("not tried", why_not)
    breaches = list(breaches_of(structure, survey))
    days = days_of_test(structure)
    tried = f"{len(survey.log_weight)} worlds were run for {days} days in place of {structure.program.days}."
    if not breaches:
        return INQUIRY.came_out("passes", KEPT, tried=tried)
    where = [tell_breach(structure, breach, survey.weight) for breach in breaches]
    return INQUIRY.came_out("does not pass", count_breaches(breaches), where, tried=tried)
