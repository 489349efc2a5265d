"""The door of a hindcast: cut a case, run it, hold its forecasts against what came."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Simulation, forced_by
from detente.errors import RequestError, nearest
from detente.hindcast.agreed import agreed
from detente.hindcast.baselines import base_rate, base_rate_sample, even_odds
from detente.hindcast.checkpoint import cut_remembered, reasons_remembered
from detente.hindcast.filtering import Worlds
from detente.hindcast.forecasting import KINDS, Asked, forecast, score_forecast
from detente.hindcast.information_cut import case_at, moments, movers
from detente.hindcast.lasting import lasting_by_question
from detente.hindcast.outcomes import Outcomes, outcomes_of
from detente.hindcast.persistence import as_it_stood, last_day_over, persistence
from detente.hindcast.reasons import possible_hindsight, without
from detente.hindcast.reasons import reasons as reasons_that_moved
from detente.hindcast.resolution import Resolution
from detente.hindcast.result import Cut, Forecast, Hindcast, Reason, Standing
from detente.hindcast.rolling_origin import Batches, deal_batches, few_left, is_settled, open_at
from detente.hindcast.skill import summarise
from detente.hindcast.trend import trend
from detente.journal import Journal
from detente.requests import HindcastRequest, Work, interruptible, own_cut, own_rule, prepared, written_case
from detente.results import Provenance
from detente.run import MIXTURES, refuse_unasked
from detente.scenario import Case, load
from detente.scenario.posterior import Posterior, closed_questions, file_of

__all__ = ["hindcast", "perform_hindcast"]

Progress = Callable[[int], None]


@dataclass(frozen=True)
class _Work:
    """What a hindcast is made from.

    ``unled`` are the worlds without the reasons that only hindsight may have given; None where there are none such, or
    nobody asked.
    """

    request: HindcastRequest
    case: Case
    outcomes: Outcomes
    resolutions: Mapping[str, Resolution]
    batches: Batches
    unled: Batches | None
    posterior: Posterior | None
    progress: Progress | None
    stop: threading.Event
    journal: Journal | None = None

    def asked(self, name: str) -> Asked:
        """Return a question as forecasts see it."""
        program = self.batches.simulation.watch.program
        return Asked(program, self.case.elements.questions[name], self.resolutions[name].outcome)

    def in_sample(self, moment: dt.datetime) -> bool:
        """Whether whoever wrote the case, or fitted the posterior, had read what came next."""
        newest = self.case.newest_source
        fitted = self.posterior is not None and moment < self.posterior.until
        return fitted or (newest is not None and moment < newest)


def hindcast(
    case: Case | str | Path,
    *,
    as_of: dt.datetime | None = None,
    step: dt.timedelta | None = None,
    to: dt.datetime | None = None,
    questions: Sequence[str] | None = None,
    worlds: int = 100_000,
    seed: int = 1,
    replicates: int = 16,
    posterior: Posterior | None = None,
    precision: Literal["float32", "float64"] = "float32",
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
    reasons: bool = True,
) -> Hindcast:
    """Score a case on what came after it was cut, beside the simplest forecasts.

    At each cut worlds follow what was known by then, and each question still open is forecast. All cuts share draws and
    luck: a forecast moves only for what became known.

    Parameters
    ----------
    case
        A case, its folder, or the name of a bundled one. Under ``hindcast`` it says what came after.
    as_of, step, to
        The first cut, how far cuts lie apart, the last: as in :func:`detente.hindcast.information_cut.moments`.
    questions
        Which to score; by default all whose outcome is known.
    worlds, seed, replicates
        At each cut, over the mixtures and all accounts; the same seed, the same bits; worlds per draw.
    posterior
        Draws fitted up to some moment: no cut may lie after it, those before it count as in sample, and questions that
        closed by then are left out.
    precision, threads
        Of the numbers of worlds; how the work is shared, which changes no bit.
    progress, stop
        Called with the number of worlds done since the last call; set to stop early, marked as partial.
    reasons
        Look also for reasons that moved forecasts, and score without those that hindsight may have given.

    Returns
    -------
    Hindcast
        Forecasts by cut and question with their scores, beside those of the baselines; what became known in
        between; skill.

    Raises
    ------
    CaseError
        If the case, or what came after, has faults.
    RequestError
        If it lacks what is asked for, or no world follows the record.
    """
    given = Work(threads, None, progress, stop)
    request = HindcastRequest(
        written_case(case), as_of=own_cut(case) if as_of is None else as_of, step=step, to=to, questions=questions,
        worlds=worlds, seed=seed, replicates=replicates, posterior=file_of(posterior), precision=precision,
        reasons=reasons, rule=own_rule(case),
    )  # fmt: skip
    whole = case if isinstance(case, Case) else load(request.case)
    with interruptible(given) as work:
        return perform_hindcast(request, whole, posterior, work)


def perform_hindcast(
    request: HindcastRequest,
    case: Case,
    posterior: Posterior | None = None,
    work: Work | None = None,
) -> Hindcast:
    """Score what a request asks for.

    Parameters
    ----------
    request, case, posterior
        What is asked; the case and the draws that it names, read.
    work
        How the work is shared, watched and stopped.

    Returns
    -------
    Hindcast
        As :func:`hindcast` gives it; ``partial`` in its provenance where cuts were not reached.

    Raises
    ------
    CaseError
        If what came after has faults.
    RequestError
        If the case lacks what is asked for, or no world follows the record.
    """
    work = work or Work()
    refuse_unasked(whole := prepared(case, request.rule))
    outcomes, step = outcomes_of(whole), request.step
    begins = request.as_of or (posterior.until if posterior is not None and step is None else None)
    whole = replace(whole, first_cut=(at := moments(whole, outcomes, begins, step, request.to))[0])
    asked = _asked_of(whole, outcomes, request.questions, posterior, at)
    led = possible_hindsight(whole)

    def batches(case: Case, accounts: bool) -> Batches:
        """Compile a case and share its draws out."""
        simulation = Simulation(
            case, seed=request.seed, replicates=request.replicates, threads=work.threads, posterior=posterior,
            dtype=np.float64 if request.precision == "float64" else np.float32,
        )  # fmt: skip
        draws = max(1, request.worlds // request.replicates)
        return deal_batches(simulation, list(asked), draws, request.seed, accounts)

    every = batches(whole, True)
    unled = batches(without(whole, led), False) if request.reasons and led else None
    made = _Work(
        request,
        whole,
        outcomes,
        asked,
        every,
        unled,
        posterior,
        work.progress,
        work.stop or threading.Event(),
        work.journal,
    )
    return _held_against(made, at, led)


def _held_against(work: _Work, at: Sequence[dt.datetime], led: tuple[Reason, ...]) -> Hindcast:
    """Make every cut, and gather them."""
    cuts: list[Cut] = []
    for moment in at:
        if cuts and work.stop.is_set():
            break
        cut = _cut_of(work, moment, cuts[-1].as_of if cuts else None)
        if cuts and work.stop.is_set():
            break  # only the first cut is kept with fewer worlds than were asked for
        cuts.append(cut)
    case, request = work.case, work.request
    kinds = [kind for kind in (False, True) if any(cut.in_sample == kind for cut in cuts)]
    provenance = Provenance(
        case.name, case.hash, at[0].isoformat(), None, {}, request.seed,
        work.batches.draws * request.replicates, request.replicates, True, work.stop.is_set(), request.precision,
        posterior_until=None if work.posterior is None else work.posterior.until.isoformat(),
    )  # fmt: skip
    forecast_at_all = {name for cut in cuts for name in cut.standings}
    return Hindcast(
        request, provenance, tuple(cuts), work.resolutions, work.outcomes.not_answerable,
        tuple(summarise(cuts, work.resolutions, kind, request.seed) for kind in kinds), led,
        _drove(work, cuts) if request.reasons and not work.stop.is_set() else {},
        None if work.posterior is None else work.posterior.until,
        {name: _why_left_out(work, name, at[0]) for name in work.outcomes.resolutions if name not in forecast_at_all},
        lasting_by_question(case, work.resolutions),
    )  # fmt: skip


def _asked_of(
    case: Case,
    outcomes: Outcomes,
    questions: Sequence[str] | None,
    posterior: Posterior | None,
    at: Sequence[dt.datetime],
) -> dict[str, Resolution]:
    """Return the resolutions of the questions to score.

    Raises
    ------
    RequestError
        If a question has no resolution, or, asked for by name, closed before it could be forecast.
    """
    if posterior is not None and at[-1] > posterior.until:
        until = posterior.until.isoformat()
        raise RequestError(
            f"the posterior was fitted up to {until}, and the cut at {at[-1].isoformat()} lies after it; "
            "fit until then, or cut earlier"
        )
    resolutions = outcomes.resolutions
    closed = _closed(case, resolutions, posterior)
    for name in questions or ():
        if name not in resolutions:
            mend = nearest(name, set(resolutions)) or "its resolutions: " + ", ".join(resolutions)
            raise RequestError(f"nothing says what became of a question '{name}' of {case.name}; {mend}")
        if name in closed:
            assert posterior is not None
            raise RequestError(
                f"'{name}' closed by {posterior.until.isoformat()}, up to which the posterior was fitted; "
                "a forecast of it with that posterior would be none"
            )
        if name not in open_at(resolutions, at[0]):
            raise RequestError(f"'{name}' was closed, or its outcome known, by {at[0].isoformat()}; cut earlier")
    wanted = questions if questions is not None else [name for name in resolutions if name not in closed]
    return {name: resolutions[name] for name in wanted}


def _closed(case: Case, resolutions: Mapping[str, Resolution], posterior: Posterior | None) -> set[str]:
    """Return the questions that closed while the record lasted that a posterior was fitted to."""
    if posterior is None:
        return set()
    late = {name for name, entry in resolutions.items() if entry.closes <= posterior.until}
    return late | set(closed_questions(case, posterior.until))


def _why_left_out(work: _Work, name: str, first: dt.datetime) -> str:
    if name in _closed(work.case, work.outcomes.resolutions, work.posterior):
        assert work.posterior is not None
        return f"It closed by {work.posterior.until.isoformat()}, up to which the posterior was fitted."
    if name not in work.resolutions:
        return "It was not asked for."
    if name not in open_at(work.resolutions, first):
        return f"It was closed, or its outcome known, by {first.isoformat()}."
    return "In no world was there an answer, or what was known settled it."


def _cut_of(work: _Work, moment: dt.datetime, since: dt.datetime | None) -> Cut:
    """Return a cut: as a journal has it, or made."""
    worlds = work.batches.draws * work.request.replicates
    made = partial(_cut, work, moment, since)
    cut, known = cut_remembered(work.journal, moment.isoformat(), worlds, work.stop, made)
    if known and work.progress is not None:
        work.progress(worlds)
    return replace(cut, as_of=moment)


def _cut(work: _Work, moment: dt.datetime, since: dt.datetime | None) -> Cut:
    """Bring the worlds to a moment and forecast what is open then."""
    case, simulation = case_at(work.case, work.outcomes, moment), work.batches.simulation
    forced = forced_by(case, simulation.watch.program)
    found = work.batches.at(forced, work.progress, work.stop)
    warning = few_left(moment, found, {name: account.title for name, account in work.case.elements.accounts.items()})
    unled = work.unled.at(forced_by(case, work.unled.simulation.watch.program), None, work.stop) if work.unled else {}
    day = last_day_over(simulation, moment)
    stood = as_it_stood(simulation, forced, day) if day is not None else {}
    standings = {}
    for name in open_at(work.resolutions, moment):
        row = work.batches.questions.index(name)
        if is_settled(work.asked(name), work.resolutions[name], moment, found[MIXTURES], row):
            continue
        standing = _standing(work, case, name, found, unled, stood.get(name))
        if standing.model.unanswered > 0:
            share = 100 * standing.model.unanswered
            warning += f" In {share:.3g} % of worlds '{name}' has no answer; it is forecast from the others."
        if standing.model.unanswered < 1:
            standings[name] = standing
    main = found[MIXTURES]
    return Cut(
        moment, work.in_sample(moment), main.effective_draws, main.values.shape[1], len(main.resampled),
        movers(work.case, work.outcomes, since, moment), warning.strip(), standings,
    )  # fmt: skip


def _standing(
    work: _Work,
    case: Case,
    name: str,
    found: Mapping[str, Worlds],
    unled: Mapping[str, Worlds],
    stood: NDArray[np.float64] | None,
) -> Standing:
    """Return everybody's forecast of one question at a cut."""
    asked, row = work.asked(name), work.batches.questions.index(name)
    by_part = {part: forecast(asked, worlds.values[row], worlds.weights) for part, worlds in found.items()}
    model, fell = by_part.pop(MIXTURES)
    worlds = unled.get(MIXTURES)
    some = worlds is not None and worlds.weights.any()
    return Standing(
        name, KINDS[asked.kind], asked.unit, model,
        {account: said for account, (said, _) in by_part.items() if said.unanswered < 1},
        _baselines(asked, case, work.resolutions[name], stood),
        forecast(asked, worlds.values[row], worlds.weights)[0] if worlds is not None and some else None,
        fell,
    )  # fmt: skip


def _baselines(
    asked: Asked, case: Case, resolution: Resolution, stood: NDArray[np.float64] | None
) -> dict[str, Forecast]:
    """Return the simplest forecasts of a question, scored; those that it has."""
    name = resolution.question
    even, rate = even_odds(case, name), base_rate(case, name)
    found = {
        "even_odds": score_forecast(asked, even) if even is not None else None,
        "base_rate": score_forecast(asked, rate, base_rate_sample(case, name)) if rate is not None else None,
        "persistence": persistence(asked, case, resolution, stood),
        "trend": trend(asked, case),
        "agreed": agreed(asked, case, name),
    }
    return {baseline: said for baseline, said in found.items() if said is not None}


def _drove(work: _Work, cuts: Sequence[Cut]) -> dict[str, tuple[Reason, ...]]:
    """Return the reasons that moved each forecast of the first cut out of sample, else of the first."""
    return dict(reasons_remembered(work.journal, work.stop, lambda: _moved(work, cuts)))


def _moved(work: _Work, cuts: Sequence[Cut]) -> dict[str, tuple[Reason, ...]]:
    chosen = next((cut for cut in cuts if not cut.in_sample), cuts[0])
    case = case_at(work.case, work.outcomes, chosen.as_of)
    return reasons_that_moved(
        work.batches.simulation, case, work.resolutions, list(chosen.standings),
        within_draws=work.posterior is not None, work=Work(stop=work.stop),
    )  # fmt: skip
