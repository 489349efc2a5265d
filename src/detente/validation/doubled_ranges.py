"""All ranges twice as wide at once, within what such numbers can be."""

from __future__ import annotations

import numpy as np

from detente.scenario import Draws
from detente.scenario.stretching import stretched
from detente.validation.limits import KEPT, breaches_of, count_breaches, tell_breach
from detente.validation.result import Inquiry, ValidationTest
from detente.validation.structure import Structure
from detente.validation.survey import Survey, survey_of
from detente.validation.worlds import columns_of

__all__ = ["doubled_ranges", "with_doubled_ranges"]

INQUIRY = Inquiry(
    "doubled_ranges",
    "Ranges twice as wide",
    "behaviour",
    "With all ranges doubled, as an exploration runs them, does everything stay what it can be?",
)

TIMES = 2.0


def with_doubled_ranges(structure: Structure, seed: int, draws: int, replicates: int) -> Survey:
    """Survey worlds whose every range is twice as wide about its middle, in the same draws.

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
        In the same luck as with the declared ranges.
    """
    case, program = structure.case, structure.program
    drawing = Draws(case, seed, program.parameters)
    numbers = np.arange(draws, dtype=np.uint32)
    at = dict(zip(program.parameters, drawing.uniforms(numbers), strict=True))
    groups = {entry.group or name for name, entry in case.switches.items()}
    readings = {group: drawing.uniform("reading", group, numbers) for group in groups}
    wider = {name: stretched(parameter, TIMES) for name, parameter in drawing.parameters.items()}
    drawn = drawing.place(at, readings, wider)
    # Without a number or a claim to place there is no draw to be had from their places.
    if len(drawn.numbers) != draws:
        drawn = drawing.take(numbers)
    return survey_of(case, program, columns_of(drawn, replicates), seed)


def doubled_ranges(structure: Structure, survey: Survey | None, why_not: str) -> ValidationTest:
    """Say whether anything goes where it cannot be with all ranges doubled.

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
    tried = f"{len(survey.log_weight)} worlds were run with every range twice as wide."
    if not breaches:
        return INQUIRY.came_out("passes", KEPT, tried=tried)
    where = [tell_breach(structure, breach, survey.weight) for breach in breaches]
    return INQUIRY.came_out("does not pass", count_breaches(breaches), where, tried=tried)
