"""From a run to a study: all that is shown of it is computed here, once, and nowhere above."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from detente.analysis.alignment import alignment_of
from detente.analysis.alongside import Alongside, OfCase, of_case
from detente.analysis.other_ranges import other_ranges
from detente.analysis.outside import seen_from_outside
from detente.analysis.run_study import ConflictStudied, MeasureStudied, QuestionStudied, RunStudy
from detente.analysis.standing import standings_of
from detente.exploration.coverage import coverage
from detente.exploration.expected import Held
from detente.exploration.importance import Importance, importance_of
from detente.exploration.result import Exploration
from detente.hindcast.predictive_check import PredictiveCheck, cached_predictive_check
from detente.run import Run

if TYPE_CHECKING:
    from detente.hindcast.result import Hindcast

__all__ = ["study_of_run"]


def study_of_run(
    run: Run,
    *,
    exploration: Exploration | None = None,
    hindcast: Hindcast | None = None,
    held: Held | None = None,
    alongside: Alongside | None = None,
    unfinished: tuple[str, ...] = (),
) -> RunStudy:
    """Compute everything that is shown of a run.

    Parameters
    ----------
    run
        The run.
    exploration, hindcast, held
        An exploration and a hindcast of the same case, and what came of holding it to its claims, to be shown with it.
    alongside
        What was computed of it while it ran.
    unfinished
        What was asked for beside the run and not finished, in words.

    Returns
    -------
    RunStudy
        Data only, complete for every page.
    """
    case = run.case
    covered = coverage(run.simulation, held)
    causes = (alongside.causes() if alongside is not None else None) or importance_of(run, covered.moved)
    questions = {name: _question(run, name, causes[name]) for name in case.scenario.questions}
    told = run.provenance
    asked_of_case = case, told.account, told.readings, told.seed
    alone = alongside.of_case() if alongside is not None else of_case(*asked_of_case)
    asked = replace(
        run.request,
        explore=run.request.explore or exploration is not None,
        hindcast=run.request.hindcast or hindcast is not None,
        expectations=run.request.expectations or held is not None,
    )
    return RunStudy(
        request=asked,
        case=case,
        provenance=run.provenance,
        accounts=tuple(run.accounts),
        questions=questions,
        measures=_measures(run),
        closed=run.closed,
        crossed_bounds=run.crossed_bounds,
        effective_draws=run.main.effective_draws,
        draws=run.main.part.tally.done,
        in_sample=run.in_sample,
        has_other_ranges=bool(run.other_ranges),
        alignment=alignment_of(run),
        evidence=run.evidence,
        check=_check(run),
        coverage=covered,
        lasting={name: found for name, found in alone.lasting.items() if name in questions},
        conflict=_conflict(run, alone),
        exploration=exploration,
        hindcast=hindcast,
        held=held,
        unfinished=(*unfinished, *_unfinished_of_case(alone)),
    )


def _question(run: Run, name: str, causes: Importance) -> QuestionStudied:
    signs = (sign for sign, entry in run.case.scenario.signs.items() if name in entry.bears_on)
    return QuestionStudied(
        answer=run.answers[name],
        by_account=run.by_account(name),
        contrast=run.contrast(name),
        other_ranges=other_ranges(run, name),
        outside=seen_from_outside(run, name),
        course=run.main.course(name),
        courses={account: part.course(name) for account, part in run.accounts.items()},
        hanging=causes,
        passages={sign: run.main.passage(sign, name, sign) for sign in signs},
    )


def _measures(run: Run) -> dict[str, MeasureStudied]:
    """Return the measures that show an aim, and the headlines."""
    main, scenario = run.main, run.case.scenario
    shown = {aim.measure for actor in scenario.actors.values() for aim in actor.wants.values()}
    found = {}
    for name in run.case.elements.measures:
        headline = name in scenario.measures and scenario.measures[name].headline
        if name not in shown and not headline:
            continue
        at_cut = main.answer(main.watch.at_cut[name]) if name in main.watch.at_cut else None
        found[name] = MeasureStudied(main.answer(name), at_cut, main.band(name) if headline else None)
    return found


def _check(run: Run) -> PredictiveCheck | None:
    """Hold the record to what the model said just before it; draws that were fitted to it already tell nothing more."""
    if run.provenance.posterior_until is not None:
        return None
    return cached_predictive_check(run.case, seed=run.provenance.seed, readings=run.provenance.readings)


def _conflict(run: Run, alone: OfCase) -> ConflictStudied | None:
    """Set the run's worlds beside what could hold in the case's conflict."""
    conflict = run.case.elements.conflict
    if conflict is None or alone.stability is None:
        return None
    return ConflictStudied(alone.stability, standings_of(run, conflict))


def _unfinished_of_case(alone: OfCase) -> tuple[str, ...]:
    """Name the analysis of the conflict where it was stopped on the way."""
    partial = alone.stability is not None and alone.stability.provenance.partial
    return ("what could hold under other rankings",) if partial else ()
