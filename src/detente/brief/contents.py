"""Everything a brief shows, gathered from a run and worded once; page, terminal and notebook only lay it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.brief.wording import amount, headline, outside, pooled
from detente.evidence import parse_citations
from detente.dynamics import draw_means, position_of
from detente.exploration import Coverage, Factor, Hanging, coverage, hanging
from detente.results import Answer, Band, Provenance
from detente.run import OutsideView, Run
from detente.scenario import Case

__all__ = [
    "AimRow",
    "Alignment",
    "Brief",
    "ContestedClaim",
    "FactorRow",
    "Pressure",
    "QuestionBrief",
    "ReadingRow",
    "SignRow",
    "TermRow",
    "brief_of",
]


@dataclass(frozen=True)
class FactorRow:
    """One factor of an answer as a reader sees it: what it is, how far it moves the answer, who says so."""

    name: str
    label: str
    kind: str
    effect: float
    effect_text: str
    claims: tuple[str, ...]
    said_by: str
    cites: str
    is_assumption: bool


@dataclass(frozen=True)
class QuestionBrief:
    """One question with everything the brief says about it."""

    id: str
    asks: str
    answer: Answer
    by_account: Mapping[str, Answer]
    headline: str
    pooled: str
    outside: str
    outside_view: OutsideView | None
    course: Band | None
    hanging: Hanging
    factors: tuple[FactorRow, ...]
    through: tuple[str, ...]
    rests_on: str
    bears: str | None
    cites: str


@dataclass(frozen=True)
class AimRow:
    """One aim of one party, with the measure that shows how far it is met: at the cut, and at the horizon's end."""

    actor: str
    actor_name: str
    says: str
    measure: str | None
    measure_says: str
    better: str
    unit: str
    at_cut: str
    at_end: str
    at_cut_value: float | None
    at_end_quantiles: tuple[float, float, float] | None
    cites: str


@dataclass(frozen=True)
class Alignment:
    """How two parties' aims go together over the draws: +1 both better met in the same worlds, -1 one at the other's cost."""

    first_actor: str
    first: str
    second_actor: str
    second: str
    agreement: float


@dataclass(frozen=True)
class Pressure:
    """Who presses whom, derived from the reasons in decisions; nobody draws it."""

    source: str
    target: str
    option: str
    toward: bool
    says: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class ReadingRow:
    """One side of a contested claim."""

    id: str
    says: str
    by: str
    cites: str
    source_kind: str


@dataclass(frozen=True)
class ContestedClaim:
    """A contested claim with all its sides, and which account takes which."""

    id: str
    about: str
    kind: str
    is_switch: bool
    readings: tuple[ReadingRow, ...]
    accounts: Mapping[str, str]
    note: str


@dataclass(frozen=True)
class SignRow:
    """What would have to be seen, by when, and how a question stands where it is seen and where it is not."""

    id: str
    says: str
    share: float
    question: str
    asks: str
    seen: str
    unseen: str


@dataclass(frozen=True)
class TermRow:
    """Something on the table: by whom offered and asked, who verifies it, what counts as a breach."""

    id: str
    says: str
    offered_by: str
    asked_by: str
    on_no_list: bool
    verified_by: str
    breach: str
    cites: str


@dataclass(frozen=True)
class Brief:
    """The whole brief of one run."""

    case: Case
    run: Run
    provenance: Provenance
    title: str
    account_titles: Mapping[str, str]
    questions: tuple[QuestionBrief, ...]
    bands: tuple[Band, ...]
    record_points: Mapping[str, tuple[tuple[str, float, str], ...]]
    aims: tuple[AimRow, ...]
    alignment: tuple[Alignment, ...]
    pressures: tuple[Pressure, ...]
    contested: tuple[ContestedClaim, ...]
    terms: tuple[TermRow, ...]
    signs: tuple[SignRow, ...]
    unanswered: tuple[tuple[str, str, str], ...]
    context: tuple[tuple[str, str], ...]
    coverage: Coverage
    limits: tuple[str, ...]
    effective_draws: float

    @property
    def opportunities(self) -> tuple[QuestionBrief, ...]:
        """Questions on what could go well."""
        return tuple(question for question in self.questions if question.bears == "opportunity")

    @property
    def risks(self) -> tuple[QuestionBrief, ...]:
        """Questions on what could go badly."""
        return tuple(question for question in self.questions if question.bears == "risk")


def brief_of(run: Run) -> Brief:
    """Gather a run's brief."""
    case = run.case
    titles = {name: run.account_title(name) for name in case.scenario.accounts}
    covered = coverage(run.simulation)
    causes = hanging(run, covered.moved)
    return Brief(
        case=case,
        run=run,
        provenance=run.provenance,
        title=case.scenario.title,
        account_titles=titles,
        questions=tuple(_question(run, name, causes[name], titles) for name in case.scenario.questions),
        bands=tuple(run.main.band(name) for name, measure in case.scenario.measures.items() if measure.headline),
        record_points=_record_points(run),
        aims=_aims(run),
        alignment=_alignment(run),
        pressures=_pressures(case),
        contested=tuple(_contested(case, name) for name, claim in case.scenario.claims.items() if claim.readings),
        terms=_terms(case),
        signs=_signs(run),
        unanswered=tuple((e.asks, e.why, e.cites or "") for e in case.scenario.unanswered.values()),
        context=tuple((entry.says, entry.cites) for entry in case.scenario.context.values()),
        coverage=covered,
        limits=_limits(run),
        effective_draws=run.main.effective_draws,
    )


# ---- names and words --------------------------------------------------------------------------------------------------


def plain(name: str) -> str:
    """Write a name of the case as words."""
    return name.replace("_", " ")


def said_by(case: Case, by: str | list[str] | None) -> str:
    """Write who says something."""
    names = [by] if isinstance(by, str) else by or []
    words = [case.scenario.sources[n].title if n in case.scenario.sources else case.title_of(n) for n in names]
    return ", ".join(words)


def effect_text(answer: Answer, effect: float) -> str:
    """Write an effect in points, days or the measure's unit, with its sign."""
    sign = "+" if effect >= 0 else "−"
    size = abs(effect)
    if answer.type == "yes/no":
        return f"{sign}{100 * size:.0f} points"
    if answer.type == "date":
        return f"{sign}{amount(size, 'day')}"
    return f"{sign}{amount(size, answer.unit)}"


def label_of(case: Case, name: str) -> str:
    """Say in words what a factor is: a contested claim, a number, a reason in a decision."""
    claim = case.scenario.claims.get(name)
    if claim is not None and claim.about:
        return claim.about
    parameter = case.elements.parameters[name]
    if parameter.says:
        return parameter.says.rstrip(".")
    owner = plain(parameter.owner.replace(".", ": "))
    if parameter.role == "usual":
        to = name.rpartition("/usual")[2].lstrip(".")
        return f"Usual chance of “{owner}{' — ' + plain(to) if to else ''}”"
    if parameter.role == "odds":
        for lean in case.elements.decisions[parameter.owner].leans:
            if lean.odds == name:
                by = f" by {', '.join(case.title_of(actor) for actor in lean.exerted_by)}" if lean.exerted_by else ""
                return f"Weight of a reason{by} in “{owner}”" + (f": {lean.says.rstrip('.')}" if lean.says else "")
    if parameter.role in ("start", "chance"):
        return f"{'Start' if parameter.role == 'start' else 'Daily chance'} of {owner}"
    return plain(name).capitalize()


# ---- questions --------------------------------------------------------------------------------------------------------


def _question(run: Run, name: str, causes: Hanging, titles: Mapping[str, str]) -> QuestionBrief:
    entry = run.case.scenario.questions[name]
    answer, by_account = run.answers[name], run.by_account(name)
    view = run.outside_view(name)
    return QuestionBrief(
        name, entry.asks, answer, by_account, headline(by_account, titles), pooled(answer), outside(view), view,
        run.main.course(name), causes, tuple(_factor(run.case, answer, factor) for factor in causes.factors),
        _through(run.case, answer, causes), _rests_on(causes), entry.bears, entry.cites or "",
    )  # fmt: skip


def _factor(case: Case, answer: Answer, factor: Factor) -> FactorRow:
    claims = [case.scenario.claims[claim] for claim in factor.claims if claim in case.scenario.claims]
    speakers = [said_by(case, claim.by) for claim in claims if claim.by]
    for claim in claims:
        speakers += [said_by(case, reading.by) for reading in (claim.readings or {}).values() if reading.by]
    cites = [claim.cites for claim in claims if claim.cites]
    for claim in claims:
        cites += [reading.cites for reading in (claim.readings or {}).values() if reading.cites]
    text = effect_text(answer, factor.effect)
    if factor.readings is not None:
        text += f" ({plain(factor.readings[0])} → {plain(factor.readings[1])})"
    return FactorRow(
        factor.name, label_of(case, factor.name), factor.kind, factor.effect, text, factor.claims,
        "; ".join(dict.fromkeys(speakers)), "; ".join(dict.fromkeys(cites)), factor.is_assumption,
    )  # fmt: skip


def _through(case: Case, answer: Answer, causes: Hanging) -> tuple[str, ...]:
    found = []
    for through in causes.through:
        if through.with_it is None or through.without is None:
            continue
        difference = effect_text(answer, through.with_it - through.without)
        option = case.elements.options[through.decision]
        says = option.says.rstrip(".") or plain(option.name.split(".")[1])
        found.append(f"{case.title_of(option.actor)}: {says} — {difference} where it stands so")
    return tuple(found[:6])


def _rests_on(causes: Hanging) -> str:
    if causes.assumption_share is None or causes.sourced_share is None:
        return "Not resolved: between draws the answer does not vary more than luck alone would make it."
    assumed, sourced, mixed = causes.assumption_share, causes.sourced_share, causes.interactions or 0.0
    return (
        f"Of what makes the answer differ between draws, {100 * assumed:.0f} % rests on numbers that no claim supports, "
        f"{100 * sourced:.0f} % on numbers and readings that a claim supports, {100 * mixed:.0f} % on how they combine. "
        "Where a claim supports a number it mostly gives its direction; the size of the range is our judgement."
    )


# ---- measures and aims ------------------------------------------------------------------------------------------------


def _record_points(run: Run) -> dict[str, tuple[tuple[str, float, str], ...]]:
    """Return, for each headline measure, the record's points up to the cut: day, value and who counted."""
    case = run.case
    found: dict[str, list[tuple[str, float, str]]] = {}
    for row in case.observations:
        known = case.scenario.known.get(row.measure)
        if known is None or not isinstance(row.value, float):
            continue
        element = known.measure or known.follow
        for name, measure in case.elements.measures.items():
            node = measure.node
            if getattr(node, "id", None) == element and case.scenario.measures[name].headline:
                found.setdefault(name, []).append((row.about.isoformat(), row.value, row.by))
    return {name: tuple(points) for name, points in found.items()}


def _aims(run: Run) -> tuple[AimRow, ...]:
    case = run.case
    rows = []
    for actor, entry in case.scenario.actors.items():
        for aim in entry.wants.values():
            measure = case.elements.measures.get(aim.measure or "")
            if measure is None:
                rows.append(
                    AimRow(actor, case.title_of(actor), aim.says, None, "", aim.better, "", "", "", None, None, aim.cites or "")
                )
                continue
            at_cut = run.main.answer(run.main.watch.at_cut[measure.name])
            at_end = run.main.answer(measure.name)
            rows.append(
                AimRow(
                    actor, case.title_of(actor), aim.says, measure.name, measure.says or plain(measure.name), aim.better,
                    at_end.unit, _level(at_cut), _level(at_end), _number(at_cut), _three(at_end), aim.cites or "",
                )
            )  # fmt: skip
    return tuple(rows)


def _level(answer: Answer) -> str:
    if answer.type == "yes/no":
        return f"{100 * (answer.probability or 0):.0f} % of worlds"
    if answer.type == "number" and answer.quantiles is not None:
        low, middle, high = (answer.quantiles[key] for key in ("5", "50", "95"))
        same = abs(high - low) < 1e-6 * max(abs(middle), 1e-9)
        return amount(middle, answer.unit) if same else f"{amount(middle, answer.unit)} ({amount(low)} to {amount(high)})"
    return str(answer.value)


def _number(answer: Answer) -> float | None:
    if answer.type == "yes/no":
        return answer.probability
    return float(answer.quantiles["50"]) if answer.type == "number" and answer.quantiles else None


def _three(answer: Answer) -> tuple[float, float, float] | None:
    if answer.type != "number" or answer.quantiles is None:
        return None
    return answer.quantiles["5"], answer.quantiles["50"], answer.quantiles["95"]


def _alignment(run: Run) -> tuple[Alignment, ...]:
    """Correlate, over draws, the measures of the aims of each pair of decision makers at the horizon's end."""
    case, part = run.case, run.main
    deciders = list(dict.fromkeys(option.actor for option in case.elements.options.values() if option.decision))
    aims = [
        (actor, aim.says, aim.better, aim.measure)
        for actor in deciders
        for aim in case.scenario.actors[actor].wants.values()
        if aim.measure in case.elements.measures
    ]
    weights = part.part.tally.weight.astype(float)
    values = {}
    for _, _, _, measure in aims:
        means = np.nan_to_num(draw_means(part.part.tally, position_of(part.watch.program, str(measure))))
        values[measure] = means - np.average(means, weights=weights)
    found = []
    for number, (actor, says, better, measure) in enumerate(aims):
        for other_actor, other_says, other_better, other_measure in aims[number + 1 :]:
            if actor == other_actor:
                continue
            x, y = values[measure], values[other_measure]
            spread = float(np.sqrt(np.average(x * x, weights=weights) * np.average(y * y, weights=weights)))
            same = 1.0 if (better in ("more", "true")) == (other_better in ("more", "true")) else -1.0
            agreement = same if measure == other_measure else same * float(np.average(x * y, weights=weights)) / spread if spread > 0 else 0.0
            found.append(Alignment(actor, says, other_actor, other_says, agreement))
    return tuple(found)


# ---- claims, pressures, terms, signs ------------------------------------------------------------------------------------


def _pressures(case: Case) -> tuple[Pressure, ...]:
    found = []
    for name, decision in case.elements.decisions.items():
        option = case.elements.options[name]
        for lean in decision.leans:
            for source in lean.exerted_by:
                says = lean.says or option.says or plain(name)
                found.append(Pressure(source, option.actor, name, lean.sign > 0, says, lean.claims))
    return tuple(found)


def _contested(case: Case, name: str) -> ContestedClaim:
    claim = case.scenario.claims[name]
    readings = tuple(
        ReadingRow(key, reading.says, said_by(case, reading.by), reading.cites or "", reading.source_kind or "")
        for key, reading in (claim.readings or {}).items()
    )
    accounts = {account: entry.get(name) or "silent" for account, entry in case.scenario.accounts.items()}
    return ContestedClaim(
        name, claim.about or "", claim.kind or "", claim.is_switch, readings, accounts if claim.is_switch else {}, claim.note or ""
    )


def _terms(case: Case) -> tuple[TermRow, ...]:
    return tuple(
        TermRow(
            name, term.says or plain(name), ", ".join(map(case.title_of, term.offered_by)),
            ", ".join(map(case.title_of, term.asked_by)), term.on_no_list, term.verified_by or "", term.breach or "",
            cites_of(case, term.claims, term.cites),
        )
        for name, term in case.scenario.terms.items()
    )  # fmt: skip


def cites_of(case: Case, claims: list[str], own: str | None = None) -> str:
    """Return the places that some claims, and an entry itself, rest on."""
    places = [own] if own else []
    places += [case.scenario.claims[name].cites or "" for name in claims if name in case.scenario.claims]
    return "; ".join(dict.fromkeys(place for place in places if place))


def _signs(run: Run) -> tuple[SignRow, ...]:
    rows = []
    for name, sign in run.case.scenario.signs.items():
        for question in sign.bears_on:
            answer = run.answers[question]
            passage = run.main.passage(name, question, name)
            rows.append(
                SignRow(
                    name, sign.says or plain(name), passage.share, question, answer.asks,
                    _passed(answer, passage.with_it), _passed(answer, passage.without),
                )
            )  # fmt: skip
    return tuple(rows)


def _passed(answer: Answer, value: float | None) -> str:
    if value is None:
        return "no such world"
    if answer.type == "yes/no":
        return f"{min(max(round(100 * value), 1), 99)} % of worlds"
    return amount(value, "day" if answer.type == "date" else answer.unit)


def _limits(run: Run) -> tuple[str, ...]:
    case = run.case
    assumed = [p for p in case.elements.parameters.values() if p.varies and p.is_assumption]
    varying = [p for p in case.elements.parameters.values() if p.varies]
    found = [
        "Every share is a share of this model's worlds, not a probability of the event: the model has not yet been scored "
        "against outcomes, so no likelihood words are used.",
        f"{len(assumed)} of its {len(varying)} uncertain numbers rest on no claim: they are assumptions, entered as ranges.",
        "Rankings are a property of the ranges chosen; other ranges would give other rankings.",
    ]
    if case.scenario.left_out:
        found.append("Not in the model: " + "; ".join(case.scenario.left_out) + ".")
    if case.scenario.missing_voices:
        found.append("Voices missing from its sources: " + "; ".join(case.scenario.missing_voices) + ".")
    low = run.main.effective_draws / max(run.main.part.tally.done, 1)
    if low < 0.05:
        found.append(
            f"Only {100 * low:.1f} % of its draws carry the weight: few of its worlds look like what was known, and every "
            "figure is less sure than its interval says."
        )
    return tuple(found)


def units_cited(case: Case, source: str) -> set[int]:
    """Return the sentence numbers of a source that anything in the case cites."""
    found: set[int] = set()
    for claim in case.scenario.claims.values():
        texts = [claim.cites, *(reading.cites for reading in (claim.readings or {}).values())]
        for text in texts:
            for citation in parse_citations(text) if text else ():
                if citation.source == source:
                    found.update(citation.units)
    return found
