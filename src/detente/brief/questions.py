"""A question's part of the brief: its answer worded, its factors with who says so, what it runs through."""

from __future__ import annotations

from collections.abc import Mapping

from detente.analysis.run_study import RunStudy
from detente.brief.naming import effect_text, label_of, plain, said_by
from detente.brief.other_ranges import other_ranges_of
from detente.brief.outside import outside_words
from detente.brief.rows import FactorRow, QuestionBrief, SignRow
from detente.brief.supporting import of_which, who_gives
from detente.brief.wording import POOLED, amount, headline, percent, pooled
from detente.exploration.importance import BENDS, BOTH_WAYS, TOGETHER, Factor, Importance
from detente.results import Answer
from detente.run import OutsideView
from detente.scenario import Case
from detente.scenario.model import Bearing

__all__ = ["question_of", "signs_of"]

ONLY_LUCK = "No number and no reading that is uncertain reaches this answer: where worlds differ it is by luck."
NOT_RESOLVED = "Not resolved: in this run what numbers and readings do to the answer cannot be told from luck."
LEAST = 0.02
"""The smallest share of what factors do that is told from nothing in words."""


def question_of(study: RunStudy, name: str, titles: Mapping[str, str], mixed: str = POOLED) -> QuestionBrief:
    """Gather what the brief says about one question; ``mixed`` words of what the pooled figure is a mixture.

    Parameters
    ----------
    study
        The study of the run.
    name
        The name of the question.
    titles
        How the accounts are called.
    mixed
        Words of what the pooled figure is a mixture.

    Returns
    -------
    QuestionBrief
        Its answer, in words and figures, with what it hangs on and for whom it bears.
    """
    case, found = study.case, study.questions[name]
    entry, answer, causes = case.scenario.questions[name], found.answer, found.hanging
    view = found.outside if isinstance(found.outside, OutsideView) else None
    others = other_ranges_of(study, name)
    leads = headline(found.by_account, titles, found.contrast)
    if others is not None and others.opening:
        leads = f"{others.opening} {leads}"
    return QuestionBrief(
        name, entry.asks, answer, found.by_account, leads, others, pooled(answer, mixed), outside_words(found.outside),
        view, found.course, causes, tuple(_factor(case, answer, factor) for factor in causes.factors),
        _through(case, answer, causes), _rests_on(answer, causes), *_for_whom(case, entry.bears), entry.cites or "",
    )  # fmt: skip


def _for_whom(case: Case, bears: Bearing | None) -> tuple[str, str]:
    """Return the names of those for whom an answer is an opportunity, and of those for whom it is a risk."""
    if bears is None:
        return "", ""
    hoping, fearing = (", ".join(map(case.title_of, names)) for names in (bears.opportunity_for, bears.risk_for))
    return hoping, fearing


def _factor(case: Case, answer: Answer, factor: Factor) -> FactorRow:
    number = case.elements.parameters.get(factor.name) if factor.kind == "number" else None
    cited = factor.claims if number is None else number.supporters
    claims = [case.scenario.claims[claim] for claim in cited if claim in case.scenario.claims]
    speakers = [said_by(case, claim.by) for claim in claims if claim.by]
    for claim in claims:
        speakers += [said_by(case, reading.by) for reading in (claim.readings or {}).values() if reading.by]
    cites = [claim.cites for claim in claims if claim.cites]
    for claim in claims:
        cites += [reading.cites for reading in (claim.readings or {}).values() if reading.cites]
    return FactorRow(
        factor.name, label_of(case, factor.name), factor.kind, factor.acts, factor.effect,
        _effect(case, answer, factor), factor.claims, who_gives(factor.support, "; ".join(dict.fromkeys(speakers))),
        "; ".join(dict.fromkeys(cites)), factor.is_assumption, factor.support, factor.together,
    )  # fmt: skip


def _effect(case: Case, answer: Answer, factor: Factor) -> str:
    """Say what a factor does to an answer: how much, and in what way where it is not simply more or less of it."""
    text = effect_text(answer, factor.effect)
    either = f"±{text[1:]}" if text[:1] in "+−" else text.rpartition(" ")[0]
    if factor.acts == BENDS:
        return f"{text} (in the middle of its range, against both ends)"
    if factor.acts == BOTH_WAYS:
        return f"{either} (up and down along its range)"
    if factor.acts == TOGETHER:
        company = [f"“{label_of(case, name)}”" for name in factor.together]
        return f"{either} (only together with {' or '.join(company) or 'others'})"
    if factor.readings is not None:
        return f"{text} ({plain(factor.readings[0])} → {plain(factor.readings[1])})"
    return text


def _through(case: Case, answer: Answer, causes: Importance) -> tuple[str, ...]:
    """Say of the decisions nearest to an answer how often they stand taken; only equals are compared."""
    found = []
    for through in causes.through[:6]:
        option = case.elements.options[through.decision]
        says = option.says.rstrip(".") or plain(option.name.split(".")[1])
        text = f"{case.title_of(option.actor)}: {says} — so in {percent(through.share)} of worlds"
        if through.with_it is not None and through.without is not None:
            text += f"; the answer differs there by {effect_text(answer, through.with_it - through.without)}"
        found.append(text)
    return tuple(found)


def _rests_on(answer: Answer, causes: Importance) -> str:
    """Say how much of the answer rests on assumptions, how much on what a claim supports, and how much on neither."""
    if causes.assumption_share is None or causes.sourced_share is None:
        return ONLY_LUCK if answer.no_range == "only luck" else NOT_RESOLVED
    assumed, sourced, mixed = causes.assumption_share, causes.sourced_share, causes.interactions or 0.0
    unsourced = " No claim supports any number that moves it." if causes.only_assumptions and mixed >= LEAST else ""
    if max(assumed, sourced) < LEAST:
        return (
            "What makes the answer differ between draws, numbers and readings do only in combination: each by itself "
            f"leaves it about where it is.{unsourced}"
        )
    return (
        f"Of what makes the answer differ between draws, {100 * assumed:.0f} % rests on numbers that no claim "
        f"supports and {100 * sourced:.0f} % on numbers and readings that a claim supports, each by itself"
        f"{of_which(causes.sourced_by)}; "
        f"{100 * mixed:.0f} % on what they do only in combination, or is too small to tell.{unsourced}"
    )


def signs_of(study: RunStudy) -> tuple[SignRow, ...]:
    """Gather what would have to be seen, and how the questions stand where it is seen and where not."""
    rows = []
    for name, sign in study.case.scenario.signs.items():
        for question in sign.bears_on:
            answer, passage = study.questions[question].answer, study.questions[question].passages[name]
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
