"""A guard: where an answer is no number, say which element ceased to be one first, and when, instead of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.chances import refuse_chances
from detente.dynamics.ensemble import Ensemble, Part
from detente.dynamics.influence import ancestors, direct_influences
from detente.dynamics.observables import Observables
from detente.equations import DOMAINS, Node, names_in, unparse, walk
from detente.equations.syntax import Binary, Call, Name
from detente.errors import CaseError, Finding
from detente.scenario import Case, Equation, StockElement
from detente.scenario.ordering import Step, trees

__all__ = ["refuse_what_is_no_number"]

ASKED_FIRST = ("question", "measure", "sign", "hidden")
OTHERWISE = "let it be 0, or what it was before, on days when it cannot be computed: … if … else …"


@dataclass(frozen=True)
class Spoilt:
    """Something that is no number in some worlds: what it is called, what it reads, in how many and in which first."""

    called: str
    name: str
    node: Node
    share: float
    draw: int


def refuse_what_is_no_number(case: Case, watch: Observables, ensemble: Ensemble, part: Part) -> None:
    """Look through the counts of a part, and raise where an answer, a band or a weight is no number in any world.

    Infinity is no number: only a day may be infinite, and then means never.

    Raises
    ------
    CaseError
        With one finding: the element that ceased to be a number first in the first such world, with its line, the day,
        the question or measure that it spoils, in what share of worlds, and how to mend it.
    """
    spoilt = _answer(watch, ensemble, part) or _weight(case, watch, ensemble, part) or _band(watch, ensemble, part)
    if spoilt is not None:
        raise CaseError([_traced(case, watch, ensemble, part, spoilt)])


def _answer(watch: Observables, ensemble: Ensemble, part: Part) -> Spoilt | None:
    """Return the most asked for of the answers that are no number."""
    tally, summaries = part.tally, watch.program.summaries
    rows = np.flatnonzero(tally.spoilt[:-1])
    if not len(rows):
        return None
    row = min(rows, key=lambda at: (ASKED_FIRST.index(summaries[at].role), at))
    share = _share(int(tally.spoilt[row]), ensemble, part)
    return Spoilt(_called(summaries[row]), summaries[row].name, summaries[row].node, share, int(tally.spoilt_draw[row]))


def _weight(case: Case, watch: Observables, ensemble: Ensemble, part: Part) -> Spoilt | None:
    """Return what the record observes, where a world cannot be weighted by it.

    Raises
    ------
    CaseError
        If such a world has no weight because a chance in it lies outside 0 to 1.
    """
    tally = part.tally
    if not tally.spoilt[-1]:
        return None
    draw, share = int(tally.spoilt_draw[-1]), _share(int(tally.spoilt[-1]), ensemble, part)
    refuse_chances(case, ensemble, part.design, draw, f"in {_percent(share)} of worlds")
    elements = [element for _, element, _ in watch.program.observed]
    worlds = ensemble.worlds(part.design, [(draw, replicate) for replicate in range(ensemble.replicates)], elements)
    name = elements[int((~np.isfinite(worlds)).any(axis=(0, 1)).argmax())]
    return Spoilt(f"'{name}', which the record observes", name, Name(name), share, draw)


def _band(watch: Observables, ensemble: Ensemble, part: Part) -> Spoilt | None:
    """Return the first band that is no number in some worlds on some day."""
    tally = part.tally
    missing = tally.banded_w - tally.histogram.sum(axis=2)  # what is no number is counted in no bin
    if not missing.any():
        return None
    number = int(missing.any(axis=0).argmax())
    summary = next(one for one in watch.program.summaries if one.name == watch.series[number])
    draw = _first_draw(ensemble, part, number)
    return Spoilt(_called(summary), summary.name, summary.node, float(missing[:, number].max()) / tally.banded_w, draw)


def _first_draw(ensemble: Ensemble, part: Part, series: int) -> int:
    """Return the first draw in which a banded series is no number on some day."""
    for first in range(0, part.design.draws, ensemble.block_draws):
        numbers = ensemble.block(part.design, first).series[:, series]
        worlds = (~np.isfinite(numbers)).any(axis=0).reshape(-1, ensemble.replicates)
        if worlds.any():
            return first + int(worlds.any(axis=1).argmax())
    return 0


def _share(worlds: int, ensemble: Ensemble, part: Part) -> float:
    return worlds / max(part.tally.done * ensemble.replicates, 1)


def _traced(case: Case, watch: Observables, ensemble: Ensemble, part: Part, spoilt: Spoilt) -> Finding:
    """Follow the worlds of one draw day by day, and report what ceases to be a number first."""
    program = watch.program
    upstream = ancestors(program, spoilt.node) | {spoilt.name}
    every: tuple[Step | StockElement, ...] = (*program.order, *program.stocks, *program.summaries)
    steps = [step for step in every if step.name in upstream]
    numbers = [(spoilt.draw, replicate) for replicate in range(ensemble.replicates)]
    worlds = ensemble.worlds(part.design, numbers, [step.name for step in steps])
    # Only a date may be infinite, and means never.
    may = np.array([isinstance(step, Equation) and step.kind.name == "date" for step in steps])
    no_number = np.isnan(worlds) | (np.isinf(worlds) & ~may)
    place = next(number for number, step in enumerate(steps) if step.name == spoilt.name)
    counted = f"in {_percent(spoilt.share)} of worlds"
    if not no_number[:, :, place].any():
        # It lies between the days: the answer itself is all that can be named.
        wrong = f"{spoilt.called} is no number {counted} of part '{part.design.name}'"
        return _finding(case, steps[place], wrong)
    world = int(no_number[:, :, place].any(axis=1).argmax())
    first, day = _origin(watch, steps, no_number[world], place)
    what = "is infinite" if np.isinf(worlds[world, day, first]) else "is no number"
    where = f"world ({spoilt.draw}, {world}) of part '{part.design.name}'"
    came = f"{what} on {program.date_of(day)} in {where}"
    if first == place:
        return _finding(case, steps[first], f"{came}; {spoilt.called} is no number {counted}")
    return _finding(case, steps[first], f"{came}; so {spoilt.called} is no number {counted}")


def _origin(
    watch: Observables, steps: Sequence[Step | StockElement], no_number: NDArray[np.bool_], place: int
) -> tuple[int, int]:
    """Go back from what is no number, ``[days, steps]``, to what was none before it or on the same day, and its day."""
    program = watch.program
    reads = direct_influences(program) | {summary.name: names_in(summary.node) for summary in program.summaries}
    at = {step.name: number for number, step in enumerate(steps)}
    days = np.where(no_number.any(axis=0), no_number.argmax(axis=0), program.days)
    seen: set[int] = set()
    while place not in seen:
        seen.add(place)
        before = [at[name] for name in reads[steps[place].name] if name in at and at[name] not in seen]
        before = [number for number in before if days[number] <= days[place] and no_number[days[number], number]]
        place = min(before, key=lambda number: (days[number], number), default=place)
    return place, int(days[place])


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.995 else "all"


def _called(summary: Equation) -> str:
    name, _, _ = summary.name.partition("/")
    return f"{'measure' if summary.role == 'hidden' else summary.role} '{name}'"


def _finding(case: Case, step: Step | StockElement, wrong: str) -> Finding:
    at, mend = next((found for tree in trees(step) for found in _suspects(tree)), (None, OTHERWISE))
    return case.document.finding(step.path, wrong, mend, at.place if at is not None else None)


def _suspects(tree: Node) -> Iterator[tuple[Node, str]]:
    """Yield each part of an expression that may give no number, with how to write it so that it does not."""
    for node in walk(tree):
        mend = _mend(node)
        if mend is not None:
            yield node, mend


def _mend(node: Node) -> str | None:
    """Return how to write a part of an expression that may give no number so that it gives one; None of all others."""
    match node:
        case Binary(operator="/") if names_in(node.right):
            by = unparse(node.right)
            return f"{by} may be 0: divide by max({by}, …)"
        case Binary(operator="**") if names_in(node):
            return "a power of 0, or a high power of a large number, may be no number: keep its parts within bounds"
        case Call(function="share"):
            return f"share() of a full of 0 is no number: write max({unparse(node.arguments[1])}, …)"
        case Call(function="log" | "sqrt"):
            return f"{node.function}() takes numbers above 0: write {node.function}(max(…, …))"
        case Call(function="exp"):
            return "exp() of more than 88 is beyond all numbers: write exp(min(…, …))"
        case Call() if node.function in DOMAINS:
            return f"{node.function}() cannot draw from every number: keep its arguments within by max() or clip()"
    return None
