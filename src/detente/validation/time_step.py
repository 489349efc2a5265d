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
from detente.dynamics.evaluator import expressions
from detente.equations import names_in, unparse, walk
from detente.equations.syntax import Binary, Call, Number
from detente.scenario import Draws
from detente.validation.paired_answers import difference_of, paired_answers
from detente.validation.result import Inquiry, PairedAnswer, ValidationTest, Where
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


def ways_of(program: Program) -> dict[str, tuple[str, int]]:
    """Return the ways to try, the case's own first."""
    own = (program.method, program.substeps)
    named = {way: of for way, of in WAYS.items() if of == own} or {"the case's own steps": own}
    return {**named, **WAYS}


def with_steps(structure: Structure, way: str, seed: int, draws: int, replicates: int) -> Survey:
    """Survey worlds that step through a day in one of :func:`ways_of`.

    Parameters
    ----------
    structure
        The case with its ordered equations.
    way
        One of the names that :func:`ways_of` gives.
    seed
        The seed of draws and luck.
    draws, replicates
        How many draws, and worlds of each.

    Returns
    -------
    Survey
        In the same draws and luck as in any other way.
    """
    method, substeps = ways_of(structure.program)[way]
    program = replace(structure.program, method=method, substeps=substeps)
    drawn = Draws(structure.case, seed, program.parameters).take(np.arange(draws, dtype=np.uint32))
    return survey_of(structure.case, program, columns_of(drawn, replicates), seed)


def time_step(
    structure: Structure, surveys: Mapping[str, Survey], replicates: int, why_not: str
) -> tuple[ValidationTest, tuple[PairedAnswer, ...]]:
    """Compare the answers of all ways with those of the way that the case itself goes.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    surveys
        By way, what the same draws with the same luck went through, the case's own way first; empty where none were
        run.
    replicates
        Worlds of each draw.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    tuple
        The test, ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is
        about; and every answer in each way, in its own unit.
    """
    program = structure.program
    if not program.stocks and not _lags(structure):
        return INQUIRY.came_out("does not apply", "The case has nothing that flows through a day."), ()
    if not surveys:
        return INQUIRY.came_out("not tried", why_not), ()
    own = next(iter(surveys))
    found = paired_answers(structure, surveys, replicates)
    questions = structure.case.elements.questions
    where = [
        Where(one.answer, structure.at(questions[one.question].path), difference_of(one, own))
        for one in found
        if not one.difference <= one.tolerance
    ]
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
        because = tuple(_emptied_in_a_day(structure, {one.question for one in found if one.difference > one.tolerance}))
        if because:
            rates = "1 rate empties or resets" if len(because) == 1 else f"{len(because)} rates empty or reset"
            says += (
                f" Behind {'it' if len(where) == 1 else 'them'} {rates} a stock within a day, which goes by the step."
            )
        return INQUIRY.came_out("does not pass", says, (*where, *because), tried=tried), found
    says = f"All {len(found)} answers agree within sampling error."
    return INQUIRY.came_out("passes", says, tried=tried), found


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
