"""The parties' part of the brief: their aims, who presses whom, what they dispute, what is on the table."""

from __future__ import annotations

from detente.analysis.run_study import RunStudy
from detente.brief.naming import cites_of, plain, said_by
from detente.brief.rows import AimRow, BackgroundRow, ContestedClaim, Pressure, ReadingRow, TermRow
from detente.brief.wording import amount, percent
from detente.results import Answer
from detente.scenario import Case
from detente.scenario.model.voices import SILENT

__all__ = ["aims_of", "background_of", "contested_of", "pressures_of", "terms_of"]


def background_of(case: Case) -> tuple[BackgroundRow, ...]:
    """Gather what had happened before, each with who says so."""
    claims = (case.scenario.claims[name] for name in case.scenario.background)
    return tuple(
        BackgroundRow(claim.says or "", said_by(case, claim.by), said_by(case, claim.disputed_by), claim.cites or "")
        for claim in claims
    )


def aims_of(study: RunStudy) -> tuple[AimRow, ...]:
    """Gather each party's aims with the measures that show how far they are met."""
    case = study.case
    rows = []
    for actor, entry in case.scenario.actors.items():
        for aim in entry.wants.values():
            measure = case.elements.measures.get(aim.measure or "")
            if measure is None:
                rows.append(
                    AimRow(
                        actor,
                        case.title_of(actor),
                        aim.says,
                        None,
                        "",
                        aim.better,
                        "",
                        "",
                        "",
                        None,
                        None,
                        aim.cites or "",
                    )
                )
                continue
            at_cut, at_end = study.measures[measure.name].at_cut, study.measures[measure.name].at_end
            assert at_cut is not None  # it is looked at for each measure of an aim
            rows.append(
                AimRow(
                    actor, case.title_of(actor), aim.says, measure.name,
                    _shown_by(measure.says or plain(measure.name), aim.stand_in),
                    aim.better, at_end.unit, _level(at_cut), _level(at_end), _number(at_cut), _three(at_end),
                    aim.cites or "",
                )
            )  # fmt: skip
    return tuple(rows)


def _shown_by(measure: str, stand_in: str | None) -> str:
    return measure if stand_in is None else f"{measure.rstrip('.')}. Only a stand-in: {stand_in}"


def _level(answer: Answer) -> str:
    if answer.type == "yes/no":
        return f"{percent(answer.probability or 0.0)} of worlds"
    if answer.type == "number" and answer.quantiles is not None:
        low, middle, high = (answer.quantiles[key] for key in ("5", "50", "95"))
        if abs(high - low) < 1e-6 * max(abs(middle), 1e-9):
            return amount(middle, answer.unit)
        ends = (amount(end, answer.unit, named=False) for end in (low, high))
        return f"{amount(middle, answer.unit)} ({' to '.join(ends)})"
    return str(answer.value)


def _number(answer: Answer) -> float | None:
    if answer.type == "yes/no":
        return answer.probability
    return float(answer.quantiles["50"]) if answer.type == "number" and answer.quantiles else None


def _three(answer: Answer) -> tuple[float, float, float] | None:
    if answer.type != "number" or answer.quantiles is None:
        return None
    return answer.quantiles["5"], answer.quantiles["50"], answer.quantiles["95"]


def pressures_of(case: Case) -> tuple[Pressure, ...]:
    """Derive who presses whom from the reasons in decisions."""
    found = []
    for name, decision in case.elements.decisions.items():
        option = case.elements.options[name]
        for lean in decision.leans:
            for source in lean.exerted_by:
                says = lean.says or option.says or plain(name)
                found.append(Pressure(source, option.actor, name, lean.sign > 0, says, lean.claims))
    return tuple(found)


def contested_of(case: Case, name: str) -> ContestedClaim:
    """Gather a contested claim with all its sides."""
    claim = case.scenario.claims[name]
    readings = tuple(
        ReadingRow(key, reading.says, said_by(case, reading.by), reading.cites or "", reading.source_kind or "")
        for key, reading in (claim.readings or {}).items()
    )
    accounts = {account.name: account.readings.get(name, SILENT) for account in case.elements.accounts.values()}
    return ContestedClaim(
        name,
        claim.about or "",
        claim.kind or "",
        claim.is_switch,
        readings,
        accounts if claim.is_switch else {},
        claim.note or "",
    )


def terms_of(case: Case) -> tuple[TermRow, ...]:
    """Gather what is on the table, by party."""
    return tuple(
        TermRow(
            name, term.says or plain(name), ", ".join(map(case.title_of, term.offered_by)),
            ", ".join(map(case.title_of, term.asked_by)), term.on_no_list, term.verified_by or "", term.breach or "",
            term.dispute or "", cites_of(case, term.claims, term.cites),
        )
        for name, term in case.scenario.terms.items()
    )  # fmt: skip
