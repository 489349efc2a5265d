"""Everything a brief shows, gathered from a run and worded once; page, terminal and notebook only lay it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.analysis.run_study import RunStudy
from detente.brief.borne_out import borne_out_of
from detente.brief.explored import explored_of
from detente.brief.naming import plain
from detente.brief.parties import aims_of, background_of, contested_of, pressures_of, terms_of
from detente.brief.questions import question_of, signs_of
from detente.brief.recorded import recorded_of
from detente.brief.rows import Brief
from detente.brief.supporting import numbers_supported
from detente.brief.wording import fine_percent
from detente.scenario import Case

if TYPE_CHECKING:
    from detente.brief.scored import Scored

__all__ = ["brief_of"]

UNSCORED = "this brief does not hold the model against outcomes"
SCORED = "the model is held below against a few outcomes, which its authors knew"


def brief_of(study: RunStudy) -> Brief:
    """Word a study: everything that is shown, gathered once. Nothing is computed here."""
    case = study.case
    titles = {name: case.account(name).title for name in case.scenario.accounts}
    recorded = recorded_of(study, titles)
    bands = (measure.band for measure in study.measures.values())
    return Brief(
        case=case,
        study=study,
        provenance=study.provenance,
        title=case.scenario.title,
        account_titles=titles,
        background=background_of(case),
        questions=tuple(question_of(study, name, titles, recorded.pooled) for name in study.questions),
        bands=tuple(band for band in bands if band is not None),
        record_points=_record_points(case),
        recorded=recorded,
        aims=aims_of(study),
        alignment=study.alignment,
        pressures=pressures_of(case),
        contested=tuple(contested_of(case, name) for name, claim in case.scenario.claims.items() if claim.readings),
        terms=terms_of(case),
        signs=signs_of(study),
        unanswered=tuple((e.asks, e.why, e.cites or "") for e in case.scenario.unanswered.values()),
        context=tuple((entry.says, entry.cites) for entry in case.scenario.context.values()),
        coverage=study.coverage,
        claims_held=borne_out_of(case, study.held),
        limits=_limits(study),
        effective_draws=study.effective_draws,
        explored=None if study.exploration is None else explored_of(case, study.exploration),
        scored=_scored(study),
    )


def _scored(study: RunStudy) -> Scored | None:
    """Word what a hindcast adds; a study without one waits for none of it."""
    if study.hindcast is None:
        return None
    from detente.brief.scored import scored_of

    return scored_of(study.case, study.hindcast)


def _record_points(case: Case) -> dict[str, tuple[tuple[str, float, str], ...]]:
    """Return, for each headline measure, the record's points up to the cut: day, value and who counted."""
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


def _limits(study: RunStudy) -> tuple[str, ...]:
    case = study.case
    found = [
        "Every share is a share of this model's worlds, not a probability of the event: "
        f"{UNSCORED if study.hindcast is None else SCORED}, so no likelihood words are used.",
        numbers_supported(case),
        "Rankings are a property of the ranges chosen; other ranges would give other rankings.",
    ]
    if case.scenario.left_out:
        found.append("Not in the model: " + "; ".join(case.scenario.left_out) + ".")
    if case.scenario.missing_voices:
        found.append("Voices missing from its sources: " + "; ".join(case.scenario.missing_voices) + ".")
    if study.closed:
        left = ", ".join(plain(name) for name in study.closed)
        found.append(f"Not answered, since they close by the moment up to which the posterior was fitted: {left}.")
    found += [
        f"In {fine_percent(one.share)} of worlds {plain(one.element)} goes {one.side} its bound of {one.limit}, first "
        f"on {one.first_day}: there the equations do not hold, and nothing was cut off."
        for one in study.crossed_bounds
    ]
    low = study.effective_draws / max(study.draws, 1)
    if low < 0.05:
        found.append(
            f"Only {100 * low:.1f} % of its draws carry the weight: few of its worlds look like what was known, and "
            "every figure is less sure than its interval says."
        )
    return tuple(found)
