"""What is asked: names that exist, days inside the horizon, aims that a measure shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from detente.equations import walk
from detente.equations.syntax import Aggregate, Call, Conditional, Date, Node, On
from detente.errors import Finding, nearest
from detente.scenario.checks.view import View
from detente.scenario.model import Question
from detente.scenario.waiting import waiting_of

__all__ = ["aims", "days_inside", "headlines", "names"]


def names(view: View) -> Iterator[Finding]:
    """Check that a question's outside view and reference class, and the questions that a sign bears on, exist."""
    scenario = view.case.scenario
    unread = {finding.field for finding in view.case.document.findings}
    for name, question in scenario.questions.items():
        readable = name in view.case.elements.questions and f"questions.{name}.answer" not in unread
        if question.outside_view is not None and question.outside_view not in scenario.outside_views:
            mend = nearest(question.outside_view, set(scenario.outside_views)) or "add it under outside_views"
            wrong = f"no outside view is called '{question.outside_view}'"
            yield view.error(("questions", name, "outside_view"), wrong, mend)
        if question.outside_view is not None and readable:
            yield from _counted(view, name, question)
        times = question.reference_class
        if times is not None and times.name not in scenario.reference_classes:
            mend = nearest(times.name, set(scenario.reference_classes)) or "add it under reference_classes"
            wrong = f"no reference class is called '{times.name}'"
            yield view.error(("questions", name, "reference_class"), wrong, mend)
        elif times is not None and readable:
            yield from _timed(view, name)
        if question.agreed is not None and readable:
            yield from _agreed(view, name, question.agreed)
    for name, sign in scenario.signs.items():
        for position, asked in enumerate(sign.bears_on):
            if asked not in scenario.questions:
                mend = nearest(asked, set(scenario.questions)) or "add it under questions"
                path = view.item(("signs", name, "bears_on"), position)
                yield view.error(path, f"no question is called '{asked}'", mend)


def _counted(view: View, name: str, question: Question) -> Iterator[Finding]:
    """Check that a count of cases stands beside a question that it answers, and alone."""
    path = ("questions", name, "outside_view")
    kind = view.case.elements.questions[name].kind
    if kind.name != "truth":
        wrong = f"counts in how many cases it happened, which answers yes/no; '{name}' asks for {_article(kind.name)}"
        yield view.error(path, wrong, "name a reference_class with days, or remove it")
    elif question.reference_class is not None:
        wrong = "stands beside a reference class, which answers for the question's own days"
        yield view.error(path, wrong, "keep one of the two")


def _timed(view: View, name: str) -> Iterator[Finding]:
    """Check that a reference class with days can answer a question, and that the case says how."""
    case, path = view.case, ("questions", name, "reference_class")
    kind = case.elements.questions[name].kind
    is_time = kind.name == "number" and kind.unit is not None
    is_time = is_time and case.units.compatible(kind.unit, case.units.parse("day"))  # type: ignore[arg-type]
    if kind.name not in ("truth", "date") and not is_time:
        wrong = f"says how many days it took; '{name}' asks for {_article(kind.name)}"
        yield view.error(path, wrong, "name it for a yes/no question, a day or a length of time")
        return
    waiting = waiting_of(case, name)
    if kind.name == "truth" and waiting is not None:
        if waiting.lasts is None:
            wrong = "nothing says whether yes is that it lasts, or that it has happened"
            mend = f"write {{name: {waiting.reference_class}, yes_if: lasts}}, or yes_if: happens"
            yield view.error(path, wrong, mend)
        elif waiting.ends is None:
            yield view.error(path, "nothing says which day is the last that counts", "add until: with a day")


def _agreed(view: View, name: str, measure: str) -> Iterator[Finding]:
    """Check that rows of the record say what was agreed, in a form that answers the question."""
    path, kind = ("questions", name, "agreed"), view.case.elements.questions[name].kind
    if kind.name == "choice":
        yield view.error(path, f"'{name}' asks for one of several, which is no term", "remove it")
        return
    later = view.case.scenario.hindcast is not None and view.case.scenario.hindcast.record is not None
    found = [row for row in view.record if row.measure == measure and row.value is not None]
    if not found and not later:
        mend = nearest(measure, {row.measure for row in view.record}) or "add rows to the record, or remove it"
        yield view.error(path, f"the record has no row of the measure '{measure}'", mend)
    node = view.case.elements.questions[name].node
    term = kind.name == "date" or (isinstance(node, On) and kind.name == "truth")
    term = term or (isinstance(node, Aggregate) and node.function == "days")
    for row in found:
        day = isinstance(row.value, str)
        if isinstance(row.value, str) and not _is_day(row.value):
            wrong = f"'{row.value}' is no day, and '{name}' takes what was agreed from it"
            yield Finding(row.place, "value", wrong, "write YEAR-MONTH-DAY, or a number")
        elif day and not term:
            wrong = f"a day that was agreed does not answer '{name}'"
            yield Finding(row.place, "value", wrong, "take another measure: a day is for when, how long, and x on DATE")
        elif not day and kind.name == "date":
            wrong = f"a number that was agreed is no day, for which '{name}' asks"
            yield Finding(row.place, "value", wrong, "write the day")


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _article(kind: str) -> str:
    return {"truth": "yes or no", "number": "a number", "date": "a day", "choice": "one of several"}[kind]


def headlines(view: View) -> Iterator[Finding]:
    """Check that a headline measure has a course: a number or a yes/no, which stands at something on every day."""
    for name, measure in view.case.elements.measures.items():
        entry = view.case.scenario.measures.get(name)
        if entry is not None and entry.headline and measure.kind.name not in ("number", "truth"):
            wrong = f"a headline measure is drawn day by day, and '{name}' is {measure.kind}, which has no course"
            yield view.error(("measures", name, "headline"), wrong, "ask for it as a question, or remove 'headline'")


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
