"""One door to an exploration: a case in; what each answer hangs on, given the ranges chosen, out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from detente.dynamics import Simulation
from detente.exploration.contested import answers_by_account, contested_claims
from detente.exploration.factors import factors_of
from detente.exploration.gradients import gradients
from detente.exploration.indicators import indicators
from detente.exploration.regions import region_of, tipping_points
from detente.exploration.result import Exploration
from detente.exploration.sampling import Sampler
from detente.exploration.study import RUNS_A_ROW, SCREENING, run_study
from detente.exploration.targets import targets_of
from detente.requests import ExploreRequest, own_cut, own_rule, prepared, refuse_unfit_work, written_case
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
        Called with the number of worlds done since the last call; set to give up.

    Raises
    ------
    CaseError
        If the case has faults.
    RequestError
        If the case has nothing to explore, or no such question.
    Stopped
        Where ``stop`` was set.
    """
    refuse_unfit_work(progress=progress, stop=stop)
    request = ExploreRequest(
        written_case(case), question=question, worlds=worlds, seed=seed, weighted=weighted, rule=own_rule(case),
        as_of=own_cut(case),
    )  # fmt: skip
    return perform_exploration(request, case if isinstance(case, Case) else load(request.case), progress, stop)


def perform_exploration(
    request: ExploreRequest,
    case: Case,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Exploration:
    """Explore what a request asks for.

    Parameters
    ----------
    request, case
        What is asked, and the case that it names, read.
    progress, stop
        As :func:`explore` takes them.

    Raises
    ------
    RequestError
        If the case has nothing to explore, or no such question.
    Stopped
        Where ``stop`` was set.
    """
    whole, seed = prepared(case, request.rule, request.as_of), request.seed
    targets = targets_of(whole, request.question)
    simulation = Simulation(whole, seed=seed, replicates=HELD_REPLICATES, weighted=request.weighted)
    factors = factors_of(simulation)
    sampler = Sampler(simulation, factors, targets, progress, stop)
    left = (request.worlds - SCREENING * len(factors.names)) / (RUNS_A_ROW + HOLDING)
    rows = 2 ** round(np.log2(max(left, SCREENING)))
    study = run_study(sampler, rows, seed)
    draws = max(SCREENING, HOLDING * rows // (max(_parts(whole), 1) * HELD_REPLICATES))
    contested = contested_claims(sampler, draws, HELD_REPLICATES)
    accounts = answers_by_account(sampler, draws, HELD_REPLICATES)
    found = {target: study.sensitivity(target) for target in targets}
    regions = {target: region for target, one in found.items() if (region := region_of(study.paired, one)) is not None}
    tipping = tuple(tip for one in found.values() for tip in tipping_points(study.paired, one))
    watched = indicators(simulation, targets, WATCHED)
    made, slopes = provenance_of(sampler, seed, 1), gradients(simulation, targets)
    return Exploration(request, made, rows, found, contested, accounts, regions, tipping, watched, slopes)


def provenance_of(sampler: Sampler, seed: int, replicates: int) -> Provenance:
    """Return how something was made from worlds that are drawn, no account told and no reading fixed."""
    case, weighted = sampler.simulation.case, sampler.simulation.ensemble.weighted
    moment = case.scenario.as_of.isoformat()
    return Provenance(case.name, case.hash, moment, None, {}, seed, sampler.worlds, replicates, weighted)


def _parts(case: Case) -> int:
    return sum(len(entry.readings or {}) for entry in case.switches.values()) + len(case.scenario.accounts)
