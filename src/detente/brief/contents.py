"""Everything a brief shows, gathered from a run and worded once; page, terminal and notebook only lay it out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from detente.brief.borne_out import borne_out_of
from detente.brief.explored import explored_of
from detente.brief.naming import plain
from detente.brief.parties import aims_of, alignment_of, background_of, contested_of, pressures_of, terms_of
from detente.brief.questions import question_of, signs_of
from detente.brief.recorded import recorded_of
from detente.brief.rows import Brief
from detente.brief.supporting import numbers_supported
from detente.brief.wording import fine_percent
from detente.exploration.coverage import coverage
from detente.exploration.effects import hanging
from detente.exploration.expected import Held
from detente.exploration.result import Exploration
from detente.run import Run
from detente.scenario import Case

if TYPE_CHECKING:
    from detente.brief.holding import Holding
    from detente.brief.scored import Scored
    from detente.hindcast.result import Hindcast

__all__ = ["brief_of"]

UNSCORED = "this brief does not hold the model against outcomes"
SCORED = "the model is held below against a few outcomes, which its authors knew"


def brief_of(
    run: Run, exploration: Exploration | None = None, hindcast: Hindcast | None = None, held: Held | None = None
) -> Brief:
    """Gather a run's brief.

    Parameters
    ----------
    run
        The run.
    exploration
        An exploration of the same case, whose shares, sentences to check, tipping points and indicators are then shown.
    hindcast
        A hindcast of the same case: what the model said beside what came is then shown.
    held
        What came of holding the case to its claims: which of them the model bears out is then shown.
    """
    case = run.case
    titles = {name: account.title for name, account in case.elements.accounts.items()}
    covered = coverage(run.simulation, held)
    causes = hanging(run, covered.moved)
    recorded = recorded_of(run, titles)
    return Brief(
        case=case,
        run=run,
        provenance=run.provenance,
        title=case.scenario.title,
        account_titles=titles,
        background=background_of(case),
        questions=tuple(
            question_of(run, name, causes[name], titles, recorded.pooled) for name in case.scenario.questions
        ),
        bands=tuple(run.main.band(name) for name, measure in case.scenario.measures.items() if measure.headline),
        record_points=_record_points(run),
        recorded=recorded,
        aims=aims_of(run),
        alignment=alignment_of(run),
        pressures=pressures_of(case),
        contested=tuple(contested_of(case, name) for name, claim in case.scenario.claims.items() if claim.readings),
        terms=terms_of(case),
        signs=signs_of(run),
        unanswered=tuple((e.asks, e.why, e.cites or "") for e in case.scenario.unanswered.values()),
        context=tuple((entry.says, entry.cites) for entry in case.scenario.context.values()),
        coverage=covered,
        claims_held=borne_out_of(case, held),
        limits=_limits(run, scored=hindcast is not None),
        effective_draws=run.main.effective_draws,
        holding=cache(lambda: _holding(run)),
        explored=None if exploration is None else explored_of(case, exploration),
        scored=None if hindcast is None else _scored(case, hindcast),
    )


def _scored(case: Case, hindcast: Hindcast) -> Scored:
    """Gather what a hindcast adds; a run without one waits for none of it."""
    from detente.brief.scored import scored_of

    return scored_of(case, hindcast)


def _holding(run: Run) -> Holding | None:
    """Analyse the case's conflict as the run tells it, and set the run's worlds beside what could hold."""
    if run.case.elements.conflict is None:
        return None
    from detente.brief.holding import holding_of
    from detente.brief.holding.keeping import kept_stability  # data alone waits for none of it

    told = run.provenance
    found = kept_stability(run.case, account=told.account, readings=dict(told.readings), seed=told.seed)
    return holding_of(found, run)


def _record_points(run: Run) -> dict[str, tuple[tuple[str, float, str], ...]]:
    """Return, for each headline measure, the record's points up to the cut: day, value and who counted."""
    case = run.case
    found: dict[str, list[tuple[str, float, str]]] = {}
    for row in case.observations:
        known = case.scenario.known.get(row.measure)
        if known is None or not isinstance(row.value, float):
            continue
        element = known.measure or known.follow
        if element is None:  # a choice that was taken is no value of a measure
            continue
        for name, measure in case.elements.measures.items():
            node = measure.node
            if getattr(node, "id", None) == element and case.scenario.measures[name].headline:
                found.setdefault(name, []).append((row.about.isoformat(), row.value, row.by))
    return {name: tuple(points) for name, points in found.items()}


def _limits(run: Run, *, scored: bool) -> tuple[str, ...]:
    case = run.case
    found = [
        "Every share is a share of this model's worlds, not a probability of the event: "
        f"{SCORED if scored else UNSCORED}, so no likelihood words are used.",
        numbers_supported(case),
        "Rankings are a property of the ranges chosen; other ranges would give other rankings.",
    ]
    if case.scenario.left_out:
        found.append("Not in the model: " + "; ".join(case.scenario.left_out) + ".")
    if case.scenario.missing_voices:
        found.append("Voices missing from its sources: " + "; ".join(case.scenario.missing_voices) + ".")
    if run.closed:
        left = ", ".join(plain(name) for name in run.closed)
        found.append(f"Not answered, since they close by the moment up to which the posterior was fitted: {left}.")
    found += [
        f"In {fine_percent(one.share)} of worlds {plain(one.element)} goes {one.side} its bound of {one.limit}, first "
        f"on {one.first_day}: there the equations do not hold, and nothing was cut off."
        for one in run.crossed_bounds
    ]
    low = run.main.effective_draws / max(run.main.part.tally.done, 1)
    if low < 0.05:
        found.append(
            f"Only {100 * low:.1f} % of its draws carry the weight: few of its worlds look like what was known, and "
            "every figure is less sure than its interval says."
        )
    return tuple(found)
