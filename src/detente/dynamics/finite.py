"""A guard: where an answer is no number, say which element ceased to be one first, and when, instead of an answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from detente.dynamics.ensemble import Ensemble, Part
from detente.dynamics.influence import ancestors
from detente.dynamics.watching import Watch
from detente.equations import Node, names_in, unparse, walk
from detente.equations.syntax import Binary, Call
from detente.errors import CaseError, Finding
from detente.scenario import Case, Equation, StockElement
from detente.scenario.ordering import Step, trees

__all__ = ["refuse_what_is_no_number"]

ASKED_FIRST = ("question", "measure", "sign", "hidden")
OTHERWISE = "let it be 0, or what it was before, on days when it cannot be computed: … if … else …"


def refuse_what_is_no_number(case: Case, watch: Watch, ensemble: Ensemble, part: Part) -> None:
    """Look through the kept draws of a part, and raise where an answer or a band is no number.

    Raises
    ------
    CaseError
        With one finding: the element that ceased to be a number first in the first such world, with its line, the day,
        the question or measure that it spoils, and how to mend it.
    """
    tally = part.tally
    spoilt = np.isnan(tally.within)
    rows = [row for row in np.flatnonzero(spoilt.any(axis=1)) if row < len(watch.program.summaries)]
    if rows:
        roles = [ASKED_FIRST.index(watch.program.summaries[row].role) for row in rows]
        row = min(zip(roles, rows, strict=True))[1]
        draw = int(spoilt[row].argmax())
        raise CaseError([_traced(case, watch, ensemble, part, watch.program.summaries[row], draw)])
    edges = np.isnan(tally.scale.low).any(axis=0) | np.isnan(tally.scale.high).any(axis=0)
    if edges.any():
        name = watch.series[int(edges.argmax())]
        summary = next(one for one in watch.program.summaries if one.name == name)
        raise CaseError([_traced(case, watch, ensemble, part, summary, 0)])


def _traced(case: Case, watch: Watch, ensemble: Ensemble, part: Part, summary: Equation, draw: int) -> Finding:
    """Follow the worlds of one draw day by day, and report what ceases to be a number first."""
    program = watch.program
    upstream = ancestors(program, summary.node) | {summary.name}
    every: tuple[Step | StockElement, ...] = (*program.order, *program.stocks, *program.summaries)
    steps = [step for step in every if step.name in upstream]
    numbers = [(draw, replicate) for replicate in range(ensemble.replicates)]
    worlds = ensemble.worlds(part.design, numbers, [step.name for step in steps])
    spoilt = np.isnan(worlds)
    asked = _called(summary)
    if not spoilt.any():
        # It lies between the days, or in another draw: the answer itself is all that can be named.
        return _finding(case, summary, f"{asked} is no number in some worlds of part '{part.design.name}'")
    world = int(spoilt.any(axis=(1, 2)).argmax())
    day = int(spoilt[world].any(axis=1).argmax())
    # It often begins with infinity: infinity less infinity is no number. Only a date may be infinite, and means never.
    may = np.array([isinstance(step, Equation) and step.kind.name == "date" for step in steps])
    first = steps[int((~np.isfinite(worlds[world, day]) & ~may).argmax())]
    came = f"is no number on {program.date_of(day)}, in world ({draw}, {world}) of part '{part.design.name}'"
    return _finding(case, first, came if first.name == summary.name else f"{came}, and so neither is {asked}")


def _called(summary: Equation) -> str:
    name, _, _ = summary.name.partition("/")
    return f"{'measure' if summary.role == 'hidden' else summary.role} '{name}'"


def _finding(case: Case, step: Step | StockElement, wrong: str) -> Finding:
    at, mend = next((found for tree in trees(step) for found in _suspects(tree)), (None, OTHERWISE))
    return case.document.finding(step.path, wrong, mend, at.place if at is not None else None)


def _suspects(tree: Node) -> Iterator[tuple[Node, str]]:
    """Yield each part of an expression that may give no number, with how to write it so that it does not."""
    for node in walk(tree):
        if isinstance(node, Binary) and node.operator == "/" and names_in(node.right):
            by = unparse(node.right)
            yield node, f"{by} may be 0: divide by max({by}, …)"
        elif isinstance(node, Call) and node.function == "share":
            full = unparse(node.arguments[1])
            yield node, f"share() of a full of 0 is no number: write max({full}, …)"
        elif isinstance(node, Call) and node.function in ("log", "sqrt"):
            yield node, f"{node.function}() takes numbers above 0: write {node.function}(max(…, …))"
