"""What is asked: names that exist, days inside the horizon, aims that a measure shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from detente.equations import walk
from detente.equations.syntax import Aggregate, Call, Conditional, Date, Node, On
from detente.errors import Finding, nearest
from detente.scenario.checks.view import View

__all__ = ["aims", "days_inside", "names"]


def names(view: View) -> Iterator[Finding]:
    """Check that a question's outside view and reference class, and the questions that a sign bears on, exist."""
    scenario = view.case.scenario
    for name, question in scenario.questions.items():
        if question.outside_view is not None and question.outside_view not in scenario.outside_views:
            mend = nearest(question.outside_view, set(scenario.outside_views)) or "add it under outside_views"
            wrong = f"no outside view is called '{question.outside_view}'"
            yield view.error(("questions", name, "outside_view"), wrong, mend)
        times = question.reference_class
        if times is not None and times not in scenario.reference_classes:
            mend = nearest(times, set(scenario.reference_classes)) or "add it under reference_classes"
            wrong = f"no reference class is called '{times}'"
            yield view.error(("questions", name, "reference_class"), wrong, mend)
    for name, sign in scenario.signs.items():
        for position, asked in enumerate(sign.bears_on):
            if asked not in scenario.questions:
                mend = nearest(asked, set(scenario.questions)) or "add it under questions"
                path = view.item(("signs", name, "bears_on"), position)
                yield view.error(path, f"no question is called '{asked}'", mend)


def days_inside(view: View) -> Iterator[Finding]:
    """Check that every day that a summary looks at is simulated."""
    for path, tree in view.summaries:
        looked_at = (node for node in walk(tree) if isinstance(node, On | Aggregate))
        for node in (*looked_at, *_given(tree)):
            for day in _days(node):
                if not view.first_day <= day <= view.last_day:
                    wrong = f"{day} lies outside the days of the case, {view.first_day} to {view.last_day}"
                    yield view.error(path, wrong, "choose a day within, or raise 'days'", node.place)


def _given(node: Node) -> Iterator[Node]:
    """Yield the dates that an expression may give as its value; those that it compares with may lie anywhere."""
    if isinstance(node, Date):
        yield node
    elif isinstance(node, Conditional):
        yield from (*_given(node.then), *_given(node.otherwise))
    elif isinstance(node, On):
        yield from _given(node.operand)
    elif isinstance(node, Call) and node.function in ("previous", "initial"):
        yield from (date for argument in node.arguments for date in _given(argument))


def _days(node: Node) -> tuple[dt.date, ...]:
    if isinstance(node, On | Date):
        return (node.day,)
    if isinstance(node, Aggregate):
        return tuple(day for day in (node.first, node.last) if day is not None)
    return ()


def aims(view: View) -> Iterator[Finding]:
    """Check that an aim's measure exists, and is of the kind that it is wanted to be."""
    measures = view.case.elements.measures
    for actor, entry in view.case.scenario.actors.items():
        for aim, wish in entry.wants.items():
            path = ("actors", actor, "wants", aim)
            if wish.measure is None:
                if wish.full is not None:
                    yield view.error((*path, "full"), "'full' belongs to a measure", "add measure:, or remove it")
                continue
            if wish.measure not in measures:
                mend = nearest(wish.measure, set(measures)) or "add it under measures"
                yield view.error((*path, "measure"), f"no measure is called '{wish.measure}'", mend)
                continue
            truth = measures[wish.measure].kind.name == "truth"
            if wish.better in ("true", "false") and not truth:
                wrong = f"'{wish.measure}' is a number, which is not better {wish.better}"
                yield view.error((*path, "better"), wrong, "write more or less")
