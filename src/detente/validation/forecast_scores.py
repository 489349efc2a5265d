"""How the case's forecasts scored on what came after its cut, beside the simplest forecasts."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from detente.hindcast.analysis import hindcast
from detente.hindcast.result import Hindcast, Summary
from detente.scenario import Case
from detente.validation.result import Calibrated, Inquiry, Scored, ValidationTest, Where
from detente.validation.structure import Structure

__all__ = ["forecast_scores", "forecasts_of", "reliability_of", "scores_of"]

INQUIRY = Inquiry(
    "forecast_scores",
    "Forecasts scored",
    "record",
    "Where it is known what came, did the model come nearer to it than the simplest forecasts?",
)
ENOUGH = 6
"""Events below which scores are told and judged by nobody."""
WORLDS = 20_000


def forecasts_of(case: Case, seed: int, stop: threading.Event) -> Hindcast | None:
    """Score a case at its own cut; None where it says nothing of what came after.

    Parameters
    ----------
    case
        The case.
    seed
        The seed of draws and luck.
    stop
        Set to end early, marked as partial.

    Returns
    -------
    Hindcast or None
        Of :data:`WORLDS` worlds.
    """
    return None if case.scenario.hindcast is None else hindcast(case, worlds=WORLDS, seed=seed, stop=stop)


def forecast_scores(structure: Structure, found: Hindcast | None, why_not: str) -> ValidationTest:
    """Say how the model did beside each simple forecast, and whether so few events allow a verdict.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    found
        The case scored at its own cut; None where that was not done.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``described``, ``not tried`` or ``does not apply``, with the places that it
        is about.
    """
    if not structure.simulated or structure.case.scenario.hindcast is None:
        return INQUIRY.came_out("does not apply", "The case has no record of what came after its cut.")
    summary = None if found is None else _summary(found)
    if found is None or (summary is None and found.provenance.partial):
        return INQUIRY.came_out("not tried", why_not)
    if summary is None or not summary.skills:
        return INQUIRY.came_out("described", "No forecast could be compared with a simple one.")
    scores = scores_of(found)
    where = [Where(f"{one.baseline}, {one.score}".replace("_", " "), "", _worded(one)) for one in scores]
    asked = f"{summary.questions} questions, which {summary.clusters} events decide, were forecast at the case's cut."
    tried = f"{asked} {summary.says}"
    judged = [one for one in scores if one.events >= ENOUGH]
    against, few = _against(judged), [one for one in scores if one.events < ENOUGH]
    told = f"{against} of {len(judged)} comparisons that rest on six events or more go against the model."
    if few:
        told += f" On fewer events, too few to judge by, {_against(few)} of {len(few)} do."
    if summary.in_sample:
        told += " They are in sample: the model's authors had read what came."
    if not judged or summary.in_sample:
        return INQUIRY.came_out("described", told, where, tried=tried)
    return INQUIRY.came_out("does not pass" if against else "passes", told, where, tried=tried)


def _against(scores: Sequence[Scored]) -> int:
    """Return how often a simple forecast came as near as the model, or nearer."""
    return sum(one.skill <= 0 for one in scores)


def scores_of(found: Hindcast | None) -> tuple[Scored, ...]:
    """Return every comparison with a simple forecast."""
    summary = None if found is None else _summary(found)
    if summary is None:
        return ()
    return tuple(
        Scored(one.baseline, one.score, one.questions, one.clusters, one.skill, summary.in_sample)
        for one in summary.skills
    )


def reliability_of(found: Hindcast | None) -> tuple[Calibrated, ...]:
    """Return how often what was forecast with each probability came, where there are enough events."""
    summary = None if found is None else _summary(found)
    if summary is None or summary.clusters < ENOUGH:
        return ()
    return tuple(
        Calibrated(one.low, one.high, one.count, one.mean, one.came) for one in summary.reliability if one.count
    )


def _summary(found: Hindcast) -> Summary | None:
    """Return the scores out of sample; those in sample where there are no others."""
    return next(iter(sorted(found.summaries, key=lambda one: one.in_sample)), None)


def _worded(one: Scored) -> str:
    came = "the model came nearer" if one.skill > 0 else "it came as near" if one.skill == 0 else "it came nearer"
    counts = (f"{one.questions} question{'s' * (one.questions != 1)}", f"{one.events} event{'s' * (one.events != 1)}")
    return f"{came}: skill {one.skill:.2f}, {', '.join(counts)}"
