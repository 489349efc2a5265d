"""How far the answers of several runs differ, by question and by who tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detente.analysis.run_study import RunStudy
from detente.errors import RequestError
from detente.results import Answer
from detente.scenario.model.voices import MIXTURES

__all__ = ["AnswerDifference", "differences_of"]


@dataclass(frozen=True)
class AnswerDifference:
    """One figure of one question, as it stands in each of several runs.

    Parameters
    ----------
    question, told_by
        The question; the account that tells it, or :data:`MIXTURES` for all of them pooled.
    figure
        What is compared: ``share`` of worlds, ``median`` of a number or a day, or the share of an alternative by its
        name.
    unit
        Of a number; empty for shares and days.
    values
        In each run: a share, a number, a day as ISO text, ``never``, or None where the run does not tell it.
    differences
        Of each run from the first, in points of share, in the unit, or in days; None where there is none to tell.
    """

    question: str
    told_by: str
    figure: str
    unit: str
    values: tuple[Any, ...]
    differences: tuple[float | None, ...]


def differences_of(studies: Sequence[RunStudy]) -> list[AnswerDifference]:
    """Set the answers of runs side by side, those pooled first, then each account's.

    Raises
    ------
    RequestError
        If no question is answered by two of them.
    """
    found: list[AnswerDifference] = []
    told = {name: None for study in studies for name in study.questions}
    shared = [name for name in told if sum(name in study.questions for study in studies) > 1]
    if not shared:
        raise RequestError("these runs answer no question in common: there is nothing to set side by side")
    for question in shared:
        tellers = {MIXTURES: None} | {name: None for study in studies for name in study.accounts}
        for teller in tellers:
            answers = [_answer(study, question, teller) for study in studies]
            known = [answer for answer in answers if answer is not None]
            for figure in dict.fromkeys(figure for answer in known for figure in _figures(answer)):
                values = tuple(None if one is None else _figures(one).get(figure) for one in answers)
                away = tuple(_difference(values[0], value) for value in values[1:])
                unit = known[0].unit if known[0].type == "number" else ""
                found.append(AnswerDifference(question, teller, figure, unit, values, away))
    return found


def _answer(study: RunStudy, question: str, teller: str) -> Answer | None:
    entry = study.questions.get(question)
    if entry is None:
        return None
    if teller == MIXTURES:
        return entry.answer if study.request.account is None else None
    return entry.answer if study.request.account == teller else entry.by_account.get(teller)


def _figures(answer: Answer) -> dict[str, Any]:
    if answer.probability is not None:
        return {"share": answer.probability}
    if answer.quantiles is not None:
        return {"median": "never" if answer.quantiles["50"] is None else answer.quantiles["50"]}
    return dict(answer.shares or {})


def _difference(first: Any, other: Any) -> float | None:
    """Return how far a value lies from the first; None where one is not told, or never comes."""
    if isinstance(first, str) and isinstance(other, str):
        if "never" in (first, other):
            return 0.0 if first == other else None
        return float((dt.date.fromisoformat(other) - dt.date.fromisoformat(first)).days)
    if first is None or other is None or isinstance(first, str) or isinstance(other, str):
        return None
    return float(other) - float(first)
