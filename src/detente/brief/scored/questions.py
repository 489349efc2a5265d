"""The questions of a hindcast, worst first: what was asked, what the model said, what came, and why."""

from __future__ import annotations

from collections.abc import Sequence

from detente.brief.figures import Table
from detente.brief.naming import cites_of, label_of, plain
from detente.brief.scored.rows import Asked, ReasonRow
from detente.brief.scored.words import (
    SCORE_NAMES,
    baseline_name,
    came,
    listed,
    loss,
    main_loss,
    moment,
    said,
    spread,
    surprise,
    verdict,
    wording_of,
)
from detente.brief.wording import amount, percent, spoken_date
from detente.hindcast.result import BASELINES, Cut, Forecast, Hindcast, Reason, Standing
from detente.scenario import Case

__all__ = ["asked_of", "first_standing", "what_weighs", "whose"]

MODEL = "This model"
WITHOUT = "This model without possible hindsight"
RUNGS = {"up": "a step up", "down": "a step down"}
FEW_REASONS = 3
LEAST_MOVED = 0.005
"""Half a point: reasons that move a forecast by less are not told."""
NOT_TOLD = 1e-9


def first_standing(found: Hindcast, question: str) -> tuple[Cut, Standing] | None:
    """Return a question's first forecast out of sample, else its first in sample; None where there is none."""
    standing = [(cut, cut.standings[question]) for cut in found.cuts if question in cut.standings]
    return next((one for one in standing if not one[0].in_sample), standing[0] if standing else None)


def asked_of(case: Case, found: Hindcast) -> tuple[Asked, ...]:
    """Gather the questions that were forecast, the one of which the model knew least first."""
    told = [(name, *first) for name in found.resolutions if (first := first_standing(found, name)) is not None]
    ranked = sorted(told, key=lambda one: -surprise(one[2], found.outcome(one[0])))
    return tuple(_asked(case, found, *one) for one in ranked)


def _asked(case: Case, found: Hindcast, name: str, cut: Cut, standing: Standing) -> Asked:
    resolved, outcome = found.resolutions[name], found.outcome(name)
    kind, unit = standing.type, standing.unit
    told = _accounts(case, standing)
    reasons = [_reason(case, one, standing) for one in found.drove.get(name, ()) if _told(one, kind)]
    return Asked(
        id=name,
        listed_as=resolved.listed_as,
        asks=resolved.asks,
        closes=moment(resolved.closes),
        forecast=moment(cut.as_of),
        in_sample=cut.in_sample,
        said=_said(standing),
        briefly=said(standing.model, kind, unit),
        came=came(outcome, kind, unit),
        verdict=verdict(standing, outcome),
        known=spoken_date(resolved.resolved.isoformat()),
        how=resolved.how,
        sources=resolved.sources,
        certainty=resolved.certainty,
        beside=_beside(standing),
        forecasts=_forecasts(standing),
        assumed=_assumed(standing),
        told=_told_line(told, standing),
        accounts=_table(told, standing),
        wording=wording_of(resolved),
        toward=tuple(one for one in reasons if one.toward)[:FEW_REASONS],
        away=tuple(one for one in reasons if not one.toward)[:FEW_REASONS],
        note=resolved.note,
        unmoved=name in found.drove and not reasons,
    )


def _said(standing: Standing) -> str:
    """Write what the model said with its range, in words."""
    model, kind, unit = standing.model, standing.type, standing.unit
    text, ends = said(model, kind, unit), spread(model, kind)
    if kind == "yes/no":
        return f"{text} of its worlds" + (f" ({ends} across its uncertain inputs)" if ends else "")
    if kind == "choice":
        return f"{text} of its worlds"
    share = model.never or 0.0
    never = f"; not within its days in {percent(share)} of worlds" if share > 0.005 else ""
    return f"the middle world {text}" + (f" (nine tenths of worlds: {ends})" if ends else "") + never


def _beside(standing: Standing) -> str:
    """Say which of the simplest forecasts came nearer to what came than the model."""
    own = main_loss(standing.model, standing.type)
    losses = {name: main_loss(one, standing.type) for name, one in standing.baselines.items()}
    told = {baseline_name(name): value for name, value in losses.items() if value is not None}
    if own is None or not told:
        return "No simple forecast stands beside it."
    nearer = [name for name, value in told.items() if value < own - NOT_TOLD]
    same = [name for name, value in told.items() if abs(value - own) <= NOT_TOLD]
    further = [name for name in told if name not in (*nearer, *same)]
    parts = [
        f"{listed(names)} {words}"
        for names, words in (
            (nearer, "came nearer than the model"),
            (same, "came as near"),
            (further, "came less near"),
        )
        if names
    ]
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _forecasts(standing: Standing) -> Table:
    """Set the model's answer beside the simplest forecasts, with the losses of each."""
    rows = [(MODEL, standing.model)]
    if standing.without_hindsight is not None:
        rows.append((WITHOUT, standing.without_hindsight))
    for name, forecast in standing.baselines.items():
        title = baseline_name(name)
        rows.append((f"{title[:1].upper()}{title[1:]}", forecast))
    return _table(rows, standing)


def _assumed(standing: Standing) -> tuple[str, ...]:
    """Say what each simple forecast takes for granted of this question, and of how many cases."""
    named = ((BASELINES[name][0], forecast.assumes) for name, forecast in standing.baselines.items())
    return tuple(f"{name[:1].upper()}{name[1:]}: {says[:1].lower()}{says[1:]}" for name, says in named if says)


def _accounts(case: Case, standing: Standing) -> list[tuple[str, Forecast]]:
    """Return each account's forecast by its title."""
    return [(case.account(name).title, forecast) for name, forecast in standing.by_account.items()]


def _told_line(told: list[tuple[str, Forecast]], standing: Standing) -> str:
    """Say from where to where the accounts' forecasts go."""
    if not told:
        return ""
    kind, unit = standing.type, standing.unit
    if kind == "choice":
        return "; ".join(f"{title}: {said(one, kind, unit)}" for title, one in told) + "."
    ranked = sorted(told, key=lambda one: _height(one[1], kind))
    (low, least), (high, most) = ranked[0], ranked[-1]
    first, last = said(least, kind, unit), said(most, kind, unit)
    if first == last:
        return f"Every account: {first}."
    return f"Account by account: from {first} ({_lower(low)}) to {last} ({_lower(high)})."


def _height(one: Forecast, kind: str) -> float | str:
    """Return by what forecasts of one question are ordered; a day that does not come is after all others."""
    if kind == "yes/no":
        return one.probability or 0.0
    middle = (one.quantiles or {}).get("50")
    return (middle or "9999") if kind == "date" else float(middle or 0.0)


def _lower(title: str) -> str:
    return f"{title[:1].lower()}{title[1:]}"


def _table(rows: Sequence[tuple[str, Forecast]], standing: Standing) -> Table:
    """Set forecasts out in rows, with their losses."""
    scores = [name for name in SCORE_NAMES if any(name in forecast.scores for _, forecast in rows)]
    kind, unit = standing.type, standing.unit
    return Table(
        ("Told by", "Said", "Range", *(SCORE_NAMES[name] for name in scores)),
        tuple(
            (
                title,
                said(one, kind, unit),
                spread(one, kind) or "–",
                *(loss(one.scores.get(name)) for name in scores),
            )
            for title, one in rows
        ),
        "Scores are losses: the lower, the nearer to what came.",
    )


def _told(reason: Reason, kind: str) -> bool:
    return abs(reason.toward_outcome) > (LEAST_MOVED if kind in ("yes/no", "choice") else 0.0)


def _reason(case: Case, reason: Reason, standing: Standing) -> ReasonRow:
    size = abs(reason.toward_outcome)
    if standing.type in ("yes/no", "choice"):
        points = f"{100 * size:.0f}" if size >= 0.01 else "less than 1"
        moved = f"{points} point{'' if points in ('1', 'less than 1') else 's'}"
    else:
        moved = amount(size, "day" if standing.type == "date" else standing.unit)
    return ReasonRow(
        says=f"{whose(case, reason.decision)} – {what_weighs(case, reason)}",
        moved=moved,
        toward=reason.toward_outcome > 0,
        cites=cites_of(case, list(reason.claims)),
        possible_hindsight=reason.possible_hindsight,
    )


def whose(case: Case, decision: str) -> str:
    """Say whose decision it is, and on what."""
    option = case.elements.options.get(decision)
    if option is None:
        return plain(decision.replace(".", ": "))
    return f"{case.title_of(option.actor)}: {option.says.rstrip('.') or plain(option.name.split('.')[-1])}"


def what_weighs(case: Case, reason: Reason) -> str:
    """Say what weighs in a decision, and which way."""
    decision = case.elements.decisions.get(reason.decision)
    for lean in () if decision is None else decision.leans:
        if lean.label == reason.label:
            labelled = label_of(case, lean.odds) if lean.odds in case.elements.parameters else plain(lean.label)
            way = "for" if lean.sign > 0 else "against"
            whither = f" {RUNGS.get(lean.to, plain(lean.to))}" if lean.to else ""
            return f"{lean.says.rstrip('.') or labelled} ({way}{whither})"
    return plain(reason.label)
