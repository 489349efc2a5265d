"""The one way from a request to a study: every command and every program comes through here.

What a method brings is imported when it is asked for: a stability analysis waits for no compiler.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack, overload

from detente.analysis.study import Study
from detente.errors import RequestError
from detente.journal import Journal
from detente.requests import (
    CompareRequest,
    ExploreRequest,
    FitRequest,
    HindcastRequest,
    Request,
    RunRequest,
    StabilityRequest,
    ValidateRequest,
    Work,
    prepared,
)
from detente.scenario import Case, load

if TYPE_CHECKING:
    from detente.analysis.comparison_study import ComparisonStudy
    from detente.analysis.exploration_study import ExplorationStudy
    from detente.analysis.fit_study import FitStudy
    from detente.analysis.hindcast_study import HindcastStudy
    from detente.analysis.run_study import RunStudy
    from detente.analysis.stability_study import StabilityStudy
    from detente.analysis.validation_study import ValidationStudy
    from detente.exploration.expected import Held
    from detente.exploration.result import Exploration
    from detente.hindcast.result import Hindcast
    from detente.run import Run
    from detente.scenario.posterior import Posterior

__all__ = ["Progress", "analyse", "read_kernels_ahead"]

Progress = Callable[[str, int | None], Callable[[int], None]]
"""Called where a stage of the work begins, with what is being done and how many worlds, rankings or stages it has, as
far as that is known; gives what is called with the number done since the last call."""


@dataclass(frozen=True)
class Watching:
    """How a study's work is watched and stopped, and its steps written down, over all its stages."""

    progress: Progress | None
    stop: threading.Event
    journal: Journal | None = None

    def stage(self, doing: str, total: int | None) -> Work:
        """Return how the work of one stage is watched and stopped."""
        progress = None if self.progress is None else self.progress(doing, total)
        return Work(progress=progress, stop=self.stop, journal=self.journal)


class How(TypedDict, total=False):
    """What :func:`analyse` takes beside the request."""

    case: Case | None
    progress: Progress | None
    stop: threading.Event | None
    journal: Journal | None


@overload
def analyse(request: RunRequest, **how: Unpack[How]) -> RunStudy: ...
@overload
def analyse(request: ExploreRequest, **how: Unpack[How]) -> ExplorationStudy: ...
@overload
def analyse(request: CompareRequest, **how: Unpack[How]) -> ComparisonStudy: ...
@overload
def analyse(request: StabilityRequest, **how: Unpack[How]) -> StabilityStudy: ...
@overload
def analyse(request: HindcastRequest, **how: Unpack[How]) -> HindcastStudy: ...
@overload
def analyse(request: FitRequest, **how: Unpack[How]) -> FitStudy: ...
@overload
def analyse(request: ValidateRequest, **how: Unpack[How]) -> ValidationStudy: ...
@overload
def analyse(request: Request, **how: Unpack[How]) -> Study: ...
def analyse(
    request: Request,
    *,
    case: Case | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    journal: Journal | None = None,
) -> Study:
    """Do what a request asks for, and return all that came of it.

    Parameters
    ----------
    request
        What is asked.
    case
        The case that it names, where it is read already.
    progress
        Called where a stage begins, with what is being done and how much of it there is; see :data:`Progress`.
    stop
        Set to end early: what is done by then comes back, marked as partial.
    journal
        Of this very computation: it goes on from what is written there, and writes there how far it comes. Whoever
        gives one sees to it that it was of the same request, case, code and runtime.

    Returns
    -------
    Study
        Of the kind that belongs to the request. Each holds data only, complete for every page.

    Raises
    ------
    CaseError
        If the case has faults, or an answer is no number.
    RequestError
        If the case lacks what is asked for.
    ResultError
        If a file that the request names cannot be read.
    """
    method = METHODS.get(type(request))
    if method is None:
        raise RequestError(f"request: expected what a command asks for, and {type(request).__name__} came")
    watching = Watching(progress, threading.Event() if stop is None else stop, journal)
    read_kernels_ahead(request)
    study = method(request, load(request.case) if case is None else case, watching)
    _note_kernels(request)
    return study


def read_kernels_ahead(request: Request) -> None:
    """Begin to read back the kernels that served such a request last, while its case is read.

    Parameters
    ----------
    request
        What is about to be asked. Asked twice, this is begun once: :func:`analyse` does it itself.
    """
    if not isinstance(request, StabilityRequest):  # which compiles nothing
        from detente.dynamics import read_ahead

        read_ahead(_purpose(request))


def _note_kernels(request: Request) -> None:
    """Note which kernels served a request."""
    if not isinstance(request, StabilityRequest):
        from detente.dynamics import used_for

        used_for(_purpose(request))


def _purpose(request: Request) -> str:
    """Return what is asked, whatever its size and luck."""
    sized = {name for name in ("worlds", "seed") if hasattr(request, name)}
    return " ".join([request.COMMAND, *(f"{k}={v}" for k, v in request.data().items() if k not in sized)])


def _run(request: RunRequest, case: Case, watching: Watching) -> Study:
    """Run, and meanwhile analyse what does not wait for the worlds; then whatever else was asked for."""
    from detente.analysis.alongside import Alongside
    from detente.analysis.study_of_run import study_of_run
    from detente.run import perform_run

    case = prepared(case, request.rule)
    with Alongside(case, request, watching.stop) as alongside:
        posterior, work = _posterior(request.posterior), watching.stage("running", request.worlds)
        made = perform_run(request, case, posterior, work, alongside.counted)
        explored = _explored_beside(request, made, watching)
        scored = _scored_beside(request, case, made, watching)
        held = _held_beside(request, made, watching)
        asked = {
            "the exploration": (request.explore, explored),
            "the hindcast": (request.hindcast, scored),
            "the test of its claims": (request.expectations and bool(made.case.elements.expectations), held),
        }
        unfinished = tuple(
            name for name, (wanted, found) in asked.items() if wanted and (found is None or found.provenance.partial)
        )
        return study_of_run(
            made,
            exploration=None if "the exploration" in unfinished else explored,
            hindcast=scored,
            held=held,
            alongside=alongside,
            unfinished=unfinished,
        )


def _explored_beside(request: RunRequest, made: Run, watching: Watching) -> Exploration | None:
    """Explore the case of a run, where that is asked for and nobody has asked to stop."""
    if not request.explore or watching.stop.is_set():
        return None
    from detente.exploration.cached_exploration import cached_exploration
    from detente.exploration.explore import WORLDS

    work = watching.stage("exploring", WORLDS)
    return cached_exploration(
        made.case, worlds=WORLDS, seed=request.seed, weighted=request.weighted, progress=work.progress, stop=work.stop
    )


def _scored_beside(request: RunRequest, case: Case, made: Run, watching: Watching) -> Hindcast | None:
    """Score the case of a run, where that is asked for and nobody has asked to stop.

    Cuts are a day apart; where the run stands at a moment of its own, or draws from a posterior, there is one.
    """
    if not request.hindcast or watching.stop.is_set():
        return None
    between = dt.timedelta(days=1) if request.as_of is None and request.posterior is None else None
    asked = HindcastRequest(
        request.case, as_of=request.as_of, step=between, worlds=request.worlds, seed=request.seed,
        replicates=request.replicates, posterior=request.posterior, precision=request.precision, rule=request.rule,
    )  # fmt: skip
    return _scored(asked, case, made.simulation.ensemble.posterior, watching)


def _held_beside(request: RunRequest, made: Run, watching: Watching) -> Held | None:
    """Hold the case of a run to its claims, where that is asked for and nobody has asked to stop."""
    if not request.expectations or watching.stop.is_set():
        return None
    from detente.exploration.cached_exploration import cached_expectations
    from detente.exploration.expectations import worlds_to_run
    from detente.exploration.expected import WORLDS

    work = watching.stage("holding to claims", worlds_to_run(made.case, WORLDS))
    return cached_expectations(made.case, worlds=WORLDS, seed=request.seed, progress=work.progress, stop=work.stop)


def _explore(request: ExploreRequest, case: Case, watching: Watching) -> Study:
    from detente.analysis.exploration_study import ExplorationStudy
    from detente.exploration.explore import perform_exploration

    found = perform_exploration(request, case, watching.stage("exploring", request.worlds))
    return ExplorationStudy(request=request, case=prepared(case, request.rule, request.as_of), found=found)


def _compare(request: CompareRequest, case: Case, watching: Watching) -> Study:
    from detente.analysis.comparison_study import ComparisonStudy
    from detente.exploration.comparison import perform_comparison

    found = perform_comparison(request, case, watching.stage("comparing", request.worlds))
    return ComparisonStudy(request=request, case=prepared(case, request.rule, request.as_of), found=found)


def _stability(request: StabilityRequest, case: Case, watching: Watching) -> Study:
    from detente.analysis.stability_study import StabilityStudy
    from detente.stability.analysis import perform_stability

    found = perform_stability(request, case, watching.stage("sampling rankings", request.rankings))
    return StabilityStudy(request=request, case=prepared(case, None, request.as_of), found=found)


def _hindcast(request: HindcastRequest, case: Case, watching: Watching) -> Study:
    from detente.analysis.hindcast_study import HindcastStudy

    found = _scored(request, case, _posterior(request.posterior), watching)
    return HindcastStudy(request=request, case=prepared(case, request.rule), found=found)


def _scored(request: HindcastRequest, case: Case, posterior: Posterior | None, watching: Watching) -> Hindcast:
    from detente.hindcast.analysis import perform_hindcast
    from detente.hindcast.information_cut import moments
    from detente.hindcast.outcomes import outcomes_of

    cuts = len(moments(case, outcomes_of(case), request.as_of, request.step, request.to))
    return perform_hindcast(request, case, posterior, watching.stage("scoring", cuts * request.worlds))


def _fit(request: FitRequest, case: Case, watching: Watching) -> Study:
    from detente.analysis.fit_study import FitStudy
    from detente.hindcast.contraction import contraction_of
    from detente.hindcast.fitting import perform_fit

    case = prepared(case, request.rule)
    found = perform_fit(request, case, watching.stage("fitting", None))
    return FitStudy(request=request, case=case, found=found, narrowing=contraction_of(case, found))


def _validate(request: ValidateRequest, case: Case, watching: Watching) -> Study:
    from detente.analysis.validation_study import ValidationStudy
    from detente.validation.validate import perform_validation, stage_count

    case = prepared(case, request.rule, request.as_of)
    found = perform_validation(request, case, watching.stage("validating", stage_count(case, request.quick)))
    return ValidationStudy(request=request, case=case, found=found)


def _posterior(file: Path | None) -> Posterior | None:
    """Return the posterior that is named, read.

    Raises
    ------
    ResultError
        If it cannot be read.
    """
    if file is None:
        return None
    from detente.hindcast.posterior_file import load_posterior  # a plain run does not need it

    return load_posterior(file)


METHODS: dict[type[Request], Callable[..., Study]] = {
    RunRequest: _run,
    ExploreRequest: _explore,
    CompareRequest: _compare,
    StabilityRequest: _stability,
    HindcastRequest: _hindcast,
    FitRequest: _fit,
    ValidateRequest: _validate,
}
"""What does what each kind of request asks for."""
