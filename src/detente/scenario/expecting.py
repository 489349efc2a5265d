"""Join what claims expect: what is looked at is parsed, its day and the size of what is to be found are read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from detente.equations import Kind, Node, walk
from detente.equations.syntax import Aggregate, Number, On, Unary
from detente.errors import nearest
from detente.scenario.document import Path_
from detente.scenario.elements import Equation, ExpectationElement
from detente.scenario.model import Expectation
from detente.scenario.model.expectations import FINDINGS
from detente.scenario.naming import TRUTH, Naming

__all__ = ["day_number", "join_expectations"]

SIZED = ("at_least", "at_most")
_DAY = re.compile(r"day (\d{1,5})")


def day_number(text: str, starts: str) -> int | None:
    """Return the number of a day, counted from 0, from ``day 21`` or a date; None if it is neither."""
    match = _DAY.fullmatch(text)
    if match:
        return int(match[1])
    try:
        return (dt.date.fromisoformat(text) - dt.date.fromisoformat(starts)).days
    except ValueError:
        return None


def join_expectations(naming: Naming, questions: Mapping[str, Equation]) -> tuple[ExpectationElement, ...]:
    """Build what the claims of a case expect; every fault becomes a finding of its document.

    Parameters
    ----------
    naming
        The names of the case, its document and its description.
    questions
        The questions of the case: an expectation may look at one by its name.
    """
    found = []
    for claim, reading, number, entry, path in _written(naming):
        element = _Expecting(naming, questions, path).joined(claim, reading, number, entry)
        if element is not None:
            found.append(element)
    return tuple(found)


def _written(naming: Naming) -> Iterator[tuple[str, str | None, int, Expectation, Path_]]:
    """Yield every expectation with its claim, its reading, its number among theirs, and its path."""
    for claim, entry in naming.scenario.claims.items():
        for position, expected in enumerate(entry.expects):
            yield claim, None, position + 1, expected, ("claims", claim, "expects", position)
        for reading, told in (entry.readings or {}).items():
            for position, expected in enumerate(told.expects):
                path: Path_ = ("claims", claim, "readings", reading, "expects", position)
                yield claim, reading, position + 1, expected, path


class _Expecting:
    """Reads one expectation."""

    def __init__(self, naming: Naming, questions: Mapping[str, Equation], path: Path_) -> None:
        self.naming, self.questions, self.path = naming, questions, path

    def joined(self, claim: str, reading: str | None, number: int, entry: Expectation) -> ExpectationElement | None:
        """Return it as an element; None where a fault keeps it from being one."""
        looked_at = self.looked_at(entry.effect_on)
        finds = self.finds(entry.finds, None if looked_at is None else looked_at[1])
        by = self.by(entry.by)
        during = None if entry.during is None else self.condition(entry.during)
        if looked_at is None or finds is None or by is None or (entry.during is not None and during is None):
            return None
        node, kind = looked_at
        dated = node if entry.during is not None else self.on_its_day(node, entry, by)
        if dated is None or (entry.during is not None and not self.is_daily(node, kind)):
            return None
        return ExpectationElement(
            claim, reading, number, entry.with_, entry.against, entry.effect_on, dated, kind, by, *finds, self.path,
            during, entry.during or "", tuple(entry.under.items()), entry.fails_because, entry.says or "",
        )  # fmt: skip

    def fault(self, key: str, wrong: str, mend: str) -> None:
        """Note an error under one of its keys."""
        self.naming.fault((*self.path, key), wrong, mend)

    def looked_at(self, text: str) -> tuple[Node, Kind] | None:
        """Return what is looked at and of what kind it is: a question by its name, or an expression."""
        path = (*self.path, "effect_on")
        question = self.questions.get(text.strip())
        if question is not None:
            node, kind = question.node, question.kind
        else:
            node = self.naming.tree(text, path)
            given = self.naming.checked(node, path, None, summaries=True)
            if given is None:
                return None
            kind = given
        if kind.name == "choice" and not kind.ordered:
            first = kind.alternatives[0]
            mend = f"compare it with one of them: {text.strip()} == {first}"
            self.fault("effect_on", f"'{text.strip()}' is one of several without order, neither higher nor lower", mend)
            return None
        return node, kind

    def finds(self, text: str, kind: Kind | None) -> tuple[str, float] | None:
        """Return what is to be found: a word, and the number that goes with two of them."""
        word, _, size = text.strip().partition(" ")
        if word not in FINDINGS:
            known = ", ".join(FINDINGS[:-2])
            mend = nearest(word, set(FINDINGS)) or f"write {known}, at_least NUMBER or at_most NUMBER"
            self.fault("finds", f"'{text}' is nothing that can be found", mend)
            return None
        if (word in SIZED) != bool(size.strip()):
            wrong, mend = f"'{word}' needs a number", f"write for example {word} 5 [point]"
            if word not in SIZED:
                wrong = f"'{word}' takes no number, came '{size.strip()}'"
                mend = "write at_least and the number, or the word alone"
            self.fault("finds", wrong, mend)
            return None
        if word not in SIZED:
            return word, 0.0
        value = self.size(size.strip(), kind)
        return None if value is None else (word, value)

    def size(self, text: str, kind: Kind | None) -> float | None:
        """Read a number with its unit, and hold it to the unit of what is looked at."""
        path = (*self.path, "finds")
        node = self.naming.tree(text, path)
        if path in self.naming.failed:
            return None
        sign, number = (-1.0, node.operand) if isinstance(node, Unary) and node.operator == "-" else (1.0, node)
        if not isinstance(number, Number):
            self.fault("finds", f"expected one number, came '{text}'", "write for example at_least 5 [point]")
            return None
        units = self.naming.units
        wanted = units.NONE if kind is None or kind.name in ("truth", "choice") else kind.unit
        if kind is not None and kind.name == "date":
            wanted = units.parse("day")
        given = self.naming.checked(number, path, None)
        if given is None or given.unit is None or kind is None:
            return None
        if wanted is not None and number.value != 0 and not units.compatible(given.unit, wanted):
            what = "a share" if kind.name == "truth" else f"in {wanted}" if wanted.dimensions else "without a unit"
            mend = "write points of a share: 5 [point]" if kind.name == "truth" else "write the number in its unit"
            came = f"in {number.unit}" if number.unit else "a plain number"
            self.fault("finds", f"what is looked at is {what}, and {text} is {came}", mend)
            return None
        return sign * number.value * (units.parse(number.unit).factor if number.unit else 1.0)

    def by(self, text: str | None) -> int | None:
        """Return the day at whose end it is looked at, inside the days of the case."""
        scenario = self.naming.scenario
        if text is None:
            return scenario.days - 1
        day = day_number(text, scenario.starts)
        if day is None:
            self.fault("by", f"'{text}' is no day", "write for example day 21, or 2031-05-09")
        elif not 0 <= day < scenario.days:
            wrong = (
                f"'{text}' lies outside the days of the case, {scenario.starts} to {self.date_of(scenario.days - 1)}"
            )
            self.fault("by", wrong, f"choose one from day 0 to day {scenario.days - 1}")
        else:
            return day
        return None

    def date_of(self, day: int) -> dt.date:
        """Return the date of a day of the case."""
        try:
            return dt.date.fromisoformat(self.naming.scenario.starts) + dt.timedelta(days=day)
        except OverflowError:
            return dt.date.max

    def condition(self, text: str) -> Node | None:
        """Read the condition on days."""
        path = (*self.path, "during")
        node = self.naming.tree(text, path)
        return None if self.naming.checked(node, path, TRUTH, summaries=True) is None else node

    def on_its_day(self, node: Node, entry: Expectation, by: int) -> Node | None:
        """Return what is looked at with its day in it."""
        days = [part for part in walk(node) if isinstance(part, On | Aggregate)]
        if not days:
            return On(node, self.date_of(by), place=node.place)
        if entry.by is None:
            return node
        if isinstance(node, Aggregate) and node.last is None and len(days) == 1:
            return replace(node, last=self.date_of(by))
        wrong = f"'{entry.effect_on.strip()}' has days of its own, and 'by' names another"
        self.fault("by", wrong, "remove one of the two")
        return None

    def is_daily(self, node: Node, kind: Kind) -> bool:
        """Whether what is looked at has a value on each day, as a condition on days asks."""
        own = next((part for part in walk(node) if isinstance(part, On | Aggregate)), None)
        if own is None and kind.name in ("number", "truth"):
            return True
        wrong = "a mean over days needs a number or a yes/no of each day"
        self.fault("during", wrong, "look at what it is made of, or remove 'during'")
        return False
