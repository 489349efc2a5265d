"""One door to an exploration: a case in; what each answer hangs on, given the ranges chosen, out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from detente.dynamics import Simulation
from detente.exploration.factors import factors_of
from detente.exploration.gradients import gradients
from detente.exploration.indicators import indicators
from detente.exploration.regions import region_of, tipping_points
from detente.exploration.result import Exploration
from detente.exploration.sampling import Sampler, Stopped
from detente.exploration.sobol_study import RUNS_A_ROW, SCREENING, run_sobol_study
from detente.exploration.switch_effects import answers_by_account, contested_claims
from detente.exploration.targets import targets_of
from detente.requests import ExploreRequest, Work, interruptible, own_cut, own_rule, prepared, written_case
from detente.results import Provenance
from detente.scenario import Case, load

__all__ = ["WORLDS", "explore", "perform_exploration"]

WORLDS = ExploreRequest.worlds
HOLDING = 8
"""Model runs, for each row of the design, under all readings and accounts together."""
HELD_REPLICATES = 4
WATCHED = 2_048
"""Draws, each with those replicates, whose measures are followed day by day."""


def explore(
    case: Case | str | Path,
    *,
    question: str | None = None,
    worlds: int = WORLDS,
    seed: int = 1,
    weighted: bool = True,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Exploration:
    """Find what the answers of a case hang on, given the ranges chosen.

    Parameters
    ----------
    case
        A case, its folder, or the name of a bundled one.
    question
        One question or measure; all questions and headline measures by default.
    worlds
        About how many times the model is run, over all parts.
    seed, weighted
        As :func:`detente.run.run` takes them.
    progress, stop
        Called with the number of worlds done since the last call; set to stop early, marked as partial: what was not
        reached by then is empty.

    Returns
    -------
    Exploration
        Shares, contested claims, accounts, regions, thresholds and indicators by question or measure.

    Raises
    ------
    CaseError
        If the case has faults.
    RequestError
        If the case has nothing to explore, or no such question.
    """
    given = Work(progress=progress, stop=stop)
    request = ExploreRequest(
        written_case(case), question=question, worlds=worlds, seed=seed, weighted=weighted, rule=own_rule(case),
        as_of=own_cut(case),
    )  # fmt: skip
    whole = case if isinstance(case, Case) else load(request.case)
    with interruptible(given) as work:
        return perform_exploration(request, whole, work)


def perform_exploration(request: ExploreRequest, case: Case, work: Work | None = None) -> Exploration:
    """Explore what a request asks for.

    Parameters
    ----------
    request, case
        What is asked, and the case that it names, read.
    work
        How the work is watched and stopped.

    Returns
    -------
    Exploration
        As :func:`explore` gives it; ``partial`` in its provenance where it was stopped on the way.

    Raises
    ------
    RequestError
        If the case has nothing to explore, or no such question.
    """
    work, whole, seed = work or Work(), prepared(case, request.rule, request.as_of), request.seed
    targets = targets_of(whole, request.question)
    simulation = Simulation(whole, seed=seed, replicates=HELD_REPLICATES, weighted=request.weighted)
    factors = factors_of(simulation)
    sampler = Sampler(simulation, factors, targets, work.progress, work.stop, work.journal)
    left = (request.worlds - SCREENING * len(factors.names)) / (RUNS_A_ROW + HOLDING)
    rows = 2 ** round(np.log2(max(left, SCREENING)))
    found = Exploration(request, provenance_of(sampler, seed, 1), rows, {}, (), {})
    partial = False
    try:
        for fields in _found(sampler, rows, seed):
            found = replace(found, **fields)
    except Stopped:
        partial = True
    return replace(found, provenance=replace(provenance_of(sampler, seed, 1), partial=partial))


def _found(sampler: Sampler, rows: int, seed: int) -> Iterator[dict[str, Any]]:
    """Give one part of an exploration after the other, those first that take least: each stands by itself."""
    simulation, targets = sampler.simulation, sampler.targets
    draws = max(SCREENING, HOLDING * rows // (max(_parts(simulation.case), 1) * HELD_REPLICATES))
    yield {"contested": contested_claims(sampler, draws, HELD_REPLICATES)}
    yield {"accounts": answers_by_account(sampler, draws, HELD_REPLICATES)}
    study = run_sobol_study(sampler, rows, seed)
    found = {target: study.sensitivity(target) for target in targets}
    regions = {target: region for target, one in found.items() if (region := region_of(study.paired, one)) is not None}
    tipping = tuple(tip for one in found.values() for tip in tipping_points(study.paired, one))
    watched, slopes = indicators(simulation, targets, WATCHED), gradients(simulation, targets)
    yield {"targets": found, "regions": regions, "tipping": tipping, "indicators": watched, "gradients": slopes}


def provenance_of(sampler: Sampler, seed: int, replicates: int) -> Provenance:
    """Return how something was made from worlds that are drawn, no account told and no reading fixed.

    Parameters
    ----------
    sampler
        What was run; it counts the worlds.
    seed
        The seed of the design and of luck.
    replicates
        Worlds of each draw.

    Returns
    -------
    Provenance
        With the case's hash and cut, and what was computed with.
    """
    case, weighted = sampler.simulation.case, sampler.simulation.ensemble.weighted
    moment = case.scenario.as_of.isoformat()
    return Provenance(case.name, case.hash, moment, None, {}, seed, sampler.worlds, replicates, weighted)


def _parts(case: Case) -> int:
    return sum(len(entry.readings or {}) for entry in case.switches.values()) + len(case.scenario.accounts)
