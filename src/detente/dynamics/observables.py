"""What a run looks at besides what the case asks: courses of questions, aims at the cut, decisions passed through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from detente.dynamics.bounds import any_crossing
from detente.dynamics.influence import Influences, ancestors, direct_influences, weighing_ancestors
from detente.dynamics.occasions import same_occasions
from detente.dynamics.program import Program, with_summaries
from detente.equations import Kind, Node
from detente.equations.syntax import Aggregate, Compare, Name, On, walk
from detente.scenario import Case, Equation, OptionElement

__all__ = ["Observables", "watch"]


@dataclass(frozen=True)
class Observables:
    """A program with everything that a brief looks at, and where to find it.

    Parameters
    ----------
    program
        The program, hidden summaries added.
    series, banded
        Names whose value is counted on every day, the first ``banded`` of them numbers.
    courses
        For each question, the series that shows its course, if it has one.
    at_cut
        For each measure of an aim, the summary of its value when the last day before the cut was over.
    passed
        For each question, the decisions it can run through, and the summary that says whether each stood taken.
    markers
        Signs and decisions whose joint counts with the questions are wanted.
    stands
        Where the case has a conflict: the summaries that say what each of its options is on its day.
    """

    program: Program
    series: tuple[str, ...]
    banded: int
    courses: dict[str, str]
    at_cut: dict[str, str]
    passed: dict[str, dict[str, str]]
    markers: tuple[str, ...]
    stands: tuple[str, ...] = ()

    @cached_property
    def influences(self) -> Influences:
        """For each element and measure, the names that it depends on directly."""
        return direct_influences(self.program)

    @cached_property
    def weighing(self) -> frozenset[str]:
        """What is upstream of the weights of worlds."""
        return frozenset(weighing_ancestors(self.program, self.influences))

    @cached_property
    def same_occasions(self) -> frozenset[str]:
        """The decisions that come up on the same days whatever is drawn and decided."""
        return same_occasions(self.program, self.influences)


def watch(case: Case, program: Program) -> Observables:
    """Add to a program what the brief looks at."""
    hidden: dict[str, Equation] = {}
    headline = [name for name, measure in case.scenario.measures.items() if measure.headline]
    courses = _courses(program, hidden, headline)
    at_cut = _aims_at_cut(case, program, hidden)
    passed = _decisions_passed(program, hidden)
    stands = _options_of_conflict(program, hidden)
    crossing = any_crossing(program)
    if crossing is not None:
        hidden[crossing.name] = crossing
    whole = with_summaries(program, tuple(hidden.values()))
    kinds = {summary.name: summary.kind.name for summary in whole.summaries}
    wanted = list(dict.fromkeys([*headline, *courses.values()]))
    numbers = [name for name in wanted if kinds[name] == "number"]
    truths = [name for name in wanted if kinds[name] == "truth"]
    signs = list(program.elements.signs)
    markers = list(dict.fromkeys([*signs, *(name for stages in passed.values() for name in stages.values())]))
    return Observables(whole, (*numbers, *truths), len(numbers), courses, at_cut, passed, tuple(markers), stands)


def _hide(hidden: dict[str, Equation], name: str, kind: Kind, node: Node) -> str:
    hidden[name] = Equation(name, "hidden", kind, node, ("hidden", name))
    return name


def _courses(program: Program, hidden: dict[str, Equation], headline: Sequence[str]) -> dict[str, str]:
    """Find for each question what shows its course: the share of worlds or the value, day by day.

    Two questions of the same thing on different days, or a question of a headline measure, share one course.
    """
    found = {}
    shown = {node: name for name in headline for node in (Name(name), program.elements.measures[name].node)}
    for name, question in program.elements.questions.items():
        node = question.node
        course: Node
        if isinstance(node, Aggregate) and node.function == "first_day":
            course, kind = Aggregate("ever", node.operand, node.first, node.last), Kind("truth")
        elif question.kind.name in ("truth", "number"):
            course, kind = node.operand if isinstance(node, On) else node, question.kind
        else:
            continue
        if course not in shown:
            shown[course] = name if course is node else _hide(hidden, f"{name}/course", kind, course)
        found[name] = shown[course]
    return found


def _aims_at_cut(case: Case, program: Program, hidden: dict[str, Equation]) -> dict[str, str]:
    eve = case.scenario.as_of.date() - dt.timedelta(days=1)
    day = max(program.starts, min(eve, program.date_of(program.days - 1)))
    found = {}
    for actor in case.scenario.actors.values():
        for aim in actor.wants.values():
            measure = program.elements.measures.get(aim.measure or "")
            if measure is not None and measure.name not in found:
                node = On(Name(measure.name), day)
                found[measure.name] = _hide(hidden, f"{measure.name}/at_cut", measure.kind, node)
    return found


def _decisions_passed(program: Program, hidden: dict[str, Equation]) -> dict[str, dict[str, str]]:
    """For each question, mark how the decisions upstream of it stood on the day it looks at."""
    found: dict[str, dict[str, str]] = {}
    influences = direct_influences(program)
    for name, question in program.elements.questions.items():
        upstream = ancestors(program, question.node, influences)
        day = _looks_at(program, question.node)
        stages = {}
        for option in program.elements.options.values():
            if option.decision is None or option.name not in upstream:
                continue
            marker = f"{option.name}@{day.isoformat()}"
            if marker not in hidden:
                _hide(hidden, marker, Kind("truth"), On(_taken(option), day))
            stages[option.name] = marker
        found[name] = stages
    return found


def _options_of_conflict(program: Program, hidden: dict[str, Equation]) -> tuple[str, ...]:
    """For each option of the conflict, ask what it is on the day on which simulation and conflict are compared."""
    conflict = program.elements.conflict
    if conflict is None:
        return ()
    day, kinds = program.date_of(conflict.day), program.elements.kinds
    return tuple(_hide(hidden, f"{name}/stands", kinds[name], On(Name(name), day)) for name in conflict.states.options)


def _taken(option: OptionElement) -> Node:
    """Whether an option stands taken: yes, or anything but what it was at the start."""
    if not option.alternatives:
        return Name(option.name)
    return Compare(("!=",), (Name(option.name), Name(option.alternatives[option.start])))


def _looks_at(program: Program, node: Node) -> dt.date:
    """Return the last day that a question looks at."""
    last = program.date_of(program.days - 1)
    dates = [item.day for item in walk(node) if isinstance(item, On)]
    dates += [item.last or last for item in walk(node) if isinstance(item, Aggregate)]
    return min(max(dates, default=last), last)
