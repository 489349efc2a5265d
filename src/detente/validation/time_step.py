"""Whether answers depend on how a day is stepped through: Euler with 1, 2, 4 and 8 steps, and Runge and Kutta's way.

The same worlds are run each way, so that a difference is the step's and not the luck's (Sterman 2000: integration error
test).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Program
from detente.dynamics.reading import expressions
from detente.equations import names_in, unparse, walk
from detente.equations.syntax import Binary, Call, Number
from detente.scenario import Draws, Equation
from detente.validation.result import Inquiry, Stepped, ValidationTest, Where
from detente.validation.structure import Structure
from detente.validation.survey import Survey, survey_of
from detente.validation.worlds import columns_of

__all__ = ["time_step", "ways_of", "with_steps"]

INQUIRY = Inquiry(
    "time_step",
    "Steps within a day",
    "behaviour",
    "Do the answers stay the same when a day is stepped through more finely?",
)

Floats = NDArray[np.float64]
WAYS: dict[str, tuple[str, int]] = {
    "Euler, 1 step": ("euler", 1),
    "Euler, 2 steps": ("euler", 2),
    "Euler, 4 steps": ("euler", 4),
    "Euler, 8 steps": ("euler", 8),
    "Runge–Kutta": ("rk4", 1),
}
BEYOND = 3.29
"""Standard errors of a 99.9 % interval: some hundred differences are looked at."""
USUAL_WORLDS = 100_000
"""Worlds of a run, whose sampling error is what a reader sees anyway."""


def ways_of(program: Program) -> dict[str, tuple[str, int]]:
    """Return the ways to try, the case's own first."""
    own = (program.method, program.substeps)
    named = {way: of for way, of in WAYS.items() if of == own} or {"the case's own steps": own}
    return {**named, **WAYS}


def with_steps(structure: Structure, way: str, seed: int, draws: int, replicates: int) -> Survey:
    """Survey worlds that step through a day in one of :func:`ways_of`."""
    method, substeps = ways_of(structure.program)[way]
    program = replace(structure.program, method=method, substeps=substeps)
    drawn = Draws(structure.case, seed, program.parameters).take(np.arange(draws, dtype=np.uint32))
    return survey_of(structure.case, program, columns_of(drawn, replicates), seed)


def time_step(
    structure: Structure, surveys: Mapping[str, Survey], replicates: int, why_not: str
) -> tuple[ValidationTest, tuple[Stepped, ...]]:
    """Compare the answers of all ways with those of the way that the case itself goes."""
    program = structure.program
    if not program.stocks and not _lags(structure):
        return INQUIRY.came_out("does not apply", "The case has nothing that flows through a day."), ()
    if not surveys:
        return INQUIRY.came_out("not tried", why_not), ()
    own = next(iter(surveys))
    found, where = [], []
    for question in structure.case.elements.questions.values():
        for label, unit, rows in _figures(structure, question, surveys):
            one = _compared(label, unit, rows, surveys, own, replicates)
            found.append(one)
            if not one.difference <= one.tolerance:
                worst = max((way for way in rows if way != own), key=lambda way: _apart(one, own, way))
                says = f"{_worded(one.answers[own], unit)} with {own}, {_worded(one.answers[worst], unit)} with {worst}"
                where.append(Where(label, structure.at(question.path), says))
    worlds = len(next(iter(surveys.values())).log_weight)
    ways = "; ".join(surveys)
    tried = f"{worlds} worlds were run in {len(surveys)} ways: {ways}."
    if not found:
        return INQUIRY.came_out("does not apply", "The case asks nothing that could differ."), ()
    if where:
        says = (
            f"{len(where)} of {len(found)} answers {'differs' if len(where) == 1 else 'differ'} by more than "
            "sampling explains."
        )
        because = tuple(_emptied_in_a_day(structure, {one.element.partition(" = ")[0] for one in where}))
        if because:
            rates = "1 rate empties or resets" if len(because) == 1 else f"{len(because)} rates empty or reset"
            says += (
                f" Behind {'it' if len(where) == 1 else 'them'} {rates} a stock within a day, which goes by the step."
            )
        return INQUIRY.came_out("does not pass", says, (*where, *because), tried=tried), tuple(found)
    says = f"All {len(found)} answers agree within sampling error."
    return INQUIRY.came_out("passes", says, tried=tried), tuple(found)


def _emptied_in_a_day(structure: Structure, questions: set[str]) -> Iterator[Where]:
    """Yield what upstream of some questions divides a stock by a day or less."""
    upstream = structure.upstream(questions)
    stocks = {stock.name for stock in structure.program.stocks}
    for one in structure.elements.values():
        quick = {
            unparse(node): node
            for tree in expressions(one)
            for node in walk(tree)
            if isinstance(node, Binary)
            and node.operator == "/"
            and names_in(node.left) & stocks
            and isinstance(node.right, Number)
            and node.right.value * _days(structure, node.right.unit) <= 1
        }
        if one.name in upstream and quick:
            yield Where(one.name, structure.at(one.path), f"moves a stock by {'; '.join(quick)}")


def _days(structure: Structure, unit: str | None) -> float:
    return structure.program.units.parse(unit).factor if unit else np.inf


def _lags(structure: Structure) -> bool:
    trees = [tree for one in structure.elements.values() for tree in expressions(one)]
    return any(
        isinstance(node, Call) and node.function[:-1] in ("delay", "smooth") for tree in trees for node in walk(tree)
    )


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
    label: str, unit: str, rows: Mapping[str, Floats], surveys: Mapping[str, Survey], own: str, replicates: int
) -> Stepped:
    """Return one figure's mean in each way, the largest difference, and what sampling alone explains."""
    # A mean over no day is no number in some worlds; those are left out of all ways alike.
    usable = np.all([np.isfinite(row) for row in rows.values()], axis=0)
    means, residuals = {}, {}
    for way, row in rows.items():
        weight = np.where(usable, surveys[way].weight, 0.0)
        total = float(weight.sum())
        if total <= 0:
            return Stepped(label, unit, dict.fromkeys(rows), 0.0, 0.0)
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
    return Stepped(label, unit, means, float(difference), float(tolerance))


def _size(residuals: Floats) -> float:
    """Return a standard error from what each draw adds to it."""
    draws = len(residuals)
    return float(np.sqrt((residuals**2).sum() * draws / max(draws - 1, 1)))


def _apart(one: Stepped, own: str, way: str) -> float:
    first, second = one.answers[own], one.answers[way]
    return abs(second - first) if first is not None and second is not None else 0.0


def _worded(value: float | None, unit: str) -> str:
    if value is None:
        return "no answer"
    return f"{value:.3g} {unit}".strip()
