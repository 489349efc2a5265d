"""The record: each row was known by the cut and fits what it bears on; what ``known`` names exists."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from detente.equations import Unit, UnitError
from detente.errors import Finding, nearest
from detente.scenario.checks.view import View
from detente.scenario.document import Path_
from detente.scenario.elements import OptionElement
from detente.scenario.record import Observation, as_they_became_known

__all__ = ["fits", "known_names", "revised", "revisions", "rows", "unmapped", "untimely", "without_rows"]

TRUTHS = ("true", "false", "yes", "no")


def known_names(view: View) -> Iterator[Finding]:
    """Check that each entry of ``known`` names an element of the right role, and the record has rows for it."""
    elements = view.case.elements
    follows = set(elements.variables)
    choices = set(elements.decisions) | set(elements.shocks)
    everything = set(elements.kinds) - set(elements.parameters)
    for name, entry in view.case.scenario.known.items():
        for key, wanted, what in (
            ("follow", follows, "flow or auxiliary"),
            ("choice", choices, "decision or shock"),
            ("measure", everything, "element or measure"),
        ):
            target = getattr(entry, key)
            if target is None or target in wanted:
                continue
            path: Path_ = ("known", name, key)
            option = elements.options.get(target)
            if option is not None and key == "choice":
                if option.equation is None and option.outside is None:
                    continue  # that it has no decision is an error of its own
                yield view.error(path, f"'{target}' has no decision that could be forced", "remove it")
                continue
            mend = nearest(target, wanted) or f"'{key}' takes the name of a {what}".replace("a element", "an element")
            yield view.error(path, f"no {what} is called '{target}'", mend)
        kind = elements.kinds.get(entry.follow or "")
        if entry.error is not None and kind is not None and kind.name != "number":
            wrong = f"'{entry.follow}' is yes or no, and an error is that of a number"
            yield view.error(("known", name, "follow"), wrong, "remove the error")
        # Where a later record is named its rows may be meant, and only who scores may look.
        later = view.case.scenario.hindcast is not None and view.case.scenario.hindcast.record is not None
        if view.case.scenario.record is not None and not later:
            yield from without_rows(view, name, view.record)


def without_rows(view: View, name: str, record: Sequence[Observation]) -> Iterator[Finding]:
    """Check that rows have the measure of an entry of ``known``."""
    measures = {row.measure for row in record}
    if name not in measures:
        wrong = f"the record has no row of the measure '{name}'"
        yield view.warning(("known", name), wrong, nearest(name, measures) or "add rows, or remove it")


def rows(view: View) -> Iterator[Finding]:
    """Check that each row was known by the cut, says what a choice can be, and lies inside the days."""
    as_of = view.case.scenario.as_of
    for row in view.record:
        if row.known_at > as_of:
            wrong = f"became known at {row.known_at.isoformat()}, after as_of ({as_of.isoformat()})"
            yield Finding(row.place, "known_at", wrong, "move the row to record_after.csv")
        else:
            yield from untimely(row, view.case.scenario.as_of.tzinfo)
        yield from fits(view, row)


def untimely(row: Observation, zone: dt.tzinfo | None) -> Iterator[Finding]:
    """Check that a row was not known before the day that it is about, as days are counted in the case's zone."""
    known_on = row.known_at.astimezone(zone).date()
    if known_on < row.about:
        wrong = f"known on {known_on}, before the day it is about"
        yield Finding(row.place, "known_at", wrong, "correct one of the two", "warning")


def revisions(view: View) -> Iterator[Finding]:
    """Check the rows that say several things of one measure and day: what became known last holds, and is told."""
    yield from revised(view, view.record)


def revised(view: View, rows: Sequence[Observation]) -> Iterator[Finding]:
    """Check that of some rows."""
    said: dict[tuple[str, dt.date], Observation] = {}
    for row in as_they_became_known(rows):
        if row.measure not in view.case.scenario.known or row.value is None:
            continue
        before = said.get((row.measure, row.about))
        said[row.measure, row.about] = row
        if before is not None:
            yield _revises(row, before)


def _revises(row: Observation, before: Observation) -> Finding:
    """Say what a row does to another on the same measure and day that was known no later."""
    line, other = f"line {before.place.line}", f"'{_shown(before.value)}'"
    at_once = row.known_at == before.known_at
    if row.value == before.value:
        return Finding(row.place, "about", f"says again what {line} says of '{row.measure}'", "keep one", "warning")
    wrong = f"says '{_shown(row.value)}' of '{row.measure}' on {row.about} where {line} says {other}"
    if at_once:
        mend = "keep one of the two, or say when the later became known"
        return Finding(row.place, "value", f"{wrong}, and both became known at the same moment", mend)
    if row.by != before.by:
        mend = "give each body a measure of its own and map one of them; as it is, what became known last holds"
        return Finding(row.place, "by", f"{wrong}, and another body counted ({before.by})", mend, "warning")
    return Finding(row.place, "value", wrong, "what became known last holds", "warning")


def _shown(value: float | str | None) -> str:
    return f"{value:,g}" if isinstance(value, float) else str(value)


def fits(view: View, row: Observation) -> Iterator[Finding]:
    """Check that a row lies inside the days, and its value and unit are those of what it bears on."""
    known = view.case.scenario.known.get(row.measure)
    if known is None:
        return
    if known.measure is not None and row.about < view.first_day:
        wrong = f"{row.about} lies before the days of the case, which begin on {view.first_day}: it weighs no world"
        yield Finding(row.place, "about", wrong, "it says how things stood, for the simplest forecasts alone", "note")
    elif not view.first_day <= row.about <= view.last_day:
        wrong = f"{row.about} lies outside the days of the case, {view.first_day} to {view.last_day}"
        yield Finding(row.place, "about", wrong, "the row is not used", "warning")
    if known.choice is not None:
        yield from _choice(view, row, known.choice)
    elif isinstance(row.value, str):
        wrong = f"expected a number, came '{row.value}'"
        yield Finding(row.place, "value", wrong, "write digits, or leave it blank")
    else:
        yield from _unit(view, row, known.follow or known.measure or "")


def _choice(view: View, row: Observation, name: str) -> Iterator[Finding]:
    option: OptionElement | None = view.case.elements.options.get(name)
    alternatives = option.alternatives if option is not None else ()
    if row.value is None:
        return
    if alternatives:
        if row.value not in alternatives:
            mend = nearest(str(row.value), set(alternatives)) or "one of " + ", ".join(alternatives)
            yield Finding(row.place, "value", f"'{row.value}' is none of the alternatives of {name}", mend)
    elif row.value not in (0, 1, *TRUTHS):
        shown = _shown(row.value)
        yield Finding(row.place, "value", f"expected 1 or 0, came '{shown}'", "write 1 for yes and 0 for no")


def _unit(view: View, row: Observation, name: str) -> Iterator[Finding]:
    kind = view.case.elements.kinds.get(name)
    if kind is None or kind.unit is None or not row.unit:
        return
    try:
        unit: Unit = view.case.units.parse(row.unit)
    except UnitError as error:
        yield Finding(row.place, "unit", error.wrong, error.mend)
        return
    if unit.factor != 1 or not view.case.units.compatible(unit, kind.unit):
        wrong = f"'{name}' is in {kind.unit}, came {row.unit}"
        yield Finding(row.place, "unit", wrong, "convert the value, or map the row to what it counts")


def unmapped(view: View) -> Iterator[Finding]:
    """Check that say which measures of the record bear on nothing."""
    used = {*view.case.scenario.known, *(question.agreed for question in view.case.scenario.questions.values())}
    loose = Counter(row.measure for row in view.record if row.measure not in used)
    if loose:
        listed = ", ".join(f"{name} ({number})" for name, number in sorted(loose.items()))
        yield view.note(("record",), f"measures that 'known' does not map, with their rows: {listed}", "shown only")
