"""The same worlds run in several ways: how far the answers lie apart, and how far sampling alone would have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from detente.scenario import Equation
from detente.validation.result import PairedAnswer
from detente.validation.structure import Structure
from detente.validation.survey import Survey

__all__ = ["difference_of", "paired_answers"]

Floats = NDArray[np.float64]
BEYOND = 3.29
"""Standard errors of a 99.9 % interval: some hundred differences are looked at."""
USUAL_WORLDS = 100_000
"""Worlds of a run, whose sampling error is what a reader sees anyway."""


def paired_answers(structure: Structure, surveys: Mapping[str, Survey], replicates: int) -> tuple[PairedAnswer, ...]:
    """Return every answer in each way, beside the first of them.

    Parameters
    ----------
    structure
        The case.
    surveys
        By way; all of the same draws and the same luck.
    replicates
        Worlds of each draw in every survey.

    Returns
    -------
    tuple
        In the order of the case's questions; each in its own unit.
    """
    return tuple(
        _compared(question.name, label, unit, rows, surveys, replicates)
        for question in structure.case.elements.questions.values()
        for label, unit, rows in _figures(structure, question, surveys)
    )


def difference_of(one: PairedAnswer, own: str) -> str:
    """Say what an answer is in one way, and in the way in which it differs most."""
    others = [way for way in one.answers if way != own]
    worst = max(others, key=lambda way: _apart(one, own, way))
    return f"{_worded(one.answers[own], one.unit)} with {own}, {_worded(one.answers[worst], one.unit)} with {worst}"


def _figures(
    structure: Structure, question: Equation, surveys: Mapping[str, Survey]
) -> Iterator[tuple[str, str, dict[str, Floats]]]:
    """Yield what of a question is compared, with its unit, and its value in each world of each way."""
    answers = {way: survey.answers[question.name] for way, survey in surveys.items()}
    kind = question.kind
    if kind.name == "choice":
        for position, name in enumerate(kind.alternatives):
            yield f"{question.name} = {name}", "%", {way: 100.0 * (one == position) for way, one in answers.items()}
    elif kind.name == "truth":
        yield question.name, "%", {way: 100.0 * one for way, one in answers.items()}
    elif kind.name == "date":
        days = structure.program.days
        yield question.name, "day", {way: np.minimum(one, days) for way, one in answers.items()}
    else:
        unit = kind.unit.text if kind.unit is not None and kind.unit.dimensions else ""
        yield question.name, unit, dict(answers)


def _compared(
    question: str,
    label: str,
    unit: str,
    rows: Mapping[str, Floats],
    surveys: Mapping[str, Survey],
    replicates: int,
) -> PairedAnswer:
    """Return one figure's mean in each way, the largest difference, and what sampling alone explains."""
    # A mean over no day is no number in some worlds; those are left out of all ways alike.
    usable = np.all([np.isfinite(row) for row in rows.values()], axis=0)
    own = next(iter(rows))
    means, residuals = {}, {}
    for way, row in rows.items():
        weight = np.where(usable, surveys[way].weight, 0.0)
        total = float(weight.sum())
        if total <= 0:
            return PairedAnswer(question, label, unit, dict.fromkeys(rows), 0.0, 0.0)
        known, share = np.where(usable, row, 0.0), weight / total
        means[way] = float(known @ share)
        # What each draw adds to the error of a weighted mean (Cochran 1977, section 6.3).
        residuals[way] = ((known - means[way]) * share).reshape(-1, replicates).sum(axis=1)
    usual = _size(residuals[own]) * min(1.0, float(np.sqrt(len(usable) / USUAL_WORLDS)))
    apart = {
        way: (
            abs(means[way] - means[own]),
            BEYOND * float(np.hypot(np.sqrt(2) * usual, _size(residuals[way] - residuals[own]))),
        )
        for way in rows
        if way != own
    }
    difference, tolerance = max(apart.values(), key=lambda one: one[0] - one[1])
    return PairedAnswer(question, label, unit, means, float(difference), float(tolerance))


def _size(residuals: Floats) -> float:
    """Return a standard error from what each draw adds to it."""
    draws = len(residuals)
    return float(np.sqrt((residuals**2).sum() * draws / max(draws - 1, 1)))


def _apart(one: PairedAnswer, own: str, way: str) -> float:
    first, second = one.answers[own], one.answers[way]
    return abs(second - first) if first is not None and second is not None else 0.0


def _worded(value: float | None, unit: str) -> str:
    if value is None:
        return "no answer"
    return f"{value:.4g} {unit}".strip()
