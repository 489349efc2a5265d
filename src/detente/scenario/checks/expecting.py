"""What claims expect: both sides can be set, they differ, and they do so by the day on which they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.errors import Finding, nearest
from detente.scenario.checks.view import View
from detente.scenario.document import Path_
from detente.scenario.elements import ExpectationElement
from detente.scenario.expecting import day_number
from detente.scenario.model import Side
from detente.scenario.telling import tellers

__all__ = ["differences", "holders", "sides"]

PLACES = ("low", "high")


def sides(view: View) -> Iterator[Finding]:
    """Check that what a side sets is there to be set, and to that."""
    for expected in view.case.elements.expectations:
        for key, side in (("with", expected.changed), ("against", expected.against)):
            path = (*expected.path, key)
            yield from _levers(view, path, side)
            yield from _readings(view, (*path, "reading"), side.reading)
            yield from _fixed(view, (*path, "fix"), side.fix)
            accounts = view.case.scenario.accounts
            if side.account is not None and side.account not in accounts:
                mend = nearest(side.account, set(accounts)) or "add it under accounts"
                yield view.error((*path, "account"), f"no account is called '{side.account}'", mend)
        yield from _readings(view, (*expected.path, "under"), dict(expected.under))
        if (expected.changed.account is None) != (expected.against.account is None):
            wrong = "one side is told by an account and the other by none"
            yield view.error(expected.path, wrong, "name an account on both sides, or on neither")


def _levers(view: View, path: Path_, side: Side) -> Iterator[Finding]:
    levers = view.case.scenario.levers
    set_by: dict[str, str] = {}
    for position, name in enumerate(side.lever):
        here: Path_ = (*path, "lever") if (*path, "lever") in view.case.document.places else path
        if name not in levers:
            mend = nearest(name, {*levers, "as_it_stands"}) or "add it under levers, or write as_it_stands"
            yield view.error(view.item(here, position), f"no lever is called '{name}'", mend)
            continue
        for target in levers[name].sets:
            other = set_by.setdefault(target, name)
            if other != name:
                wrong = f"'{other}' and '{name}' both set {target}"
                yield view.error(view.item(here, position), wrong, "name one of the two")
    if side.begins is None or not side.lever:
        return
    day, scenario = day_number(side.begins, view.case.scenario.starts), view.case.scenario
    if day is None:
        mend = "write for example day 10, or 2031-05-09"
        yield view.error((*path, "from"), f"'{side.begins}' is no day", mend)
    elif not 0 <= day < scenario.days:
        wrong = f"'{side.begins}' lies outside the days of the case, {view.first_day} to {view.last_day}"
        yield view.error((*path, "from"), wrong, "choose a day within")
    elif day < (scenario.as_of.date() - view.first_day).days:
        wrong = f"up to {scenario.as_of.date()} the worlds follow what was known, and '{side.begins}' comes before"
        yield view.error((*path, "from"), wrong, "choose that day or a later one")


def _readings(view: View, path: Path_, readings: Mapping[str, str]) -> Iterator[Finding]:
    switches = view.case.switches
    for claim, reading in readings.items():
        if claim not in switches:
            mend = nearest(claim, set(switches)) or "name a contested claim of kind cause, fact or count"
            yield view.error((*path, claim), f"no contested claim that changes the model is called '{claim}'", mend)
        elif reading not in (switches[claim].readings or {}):
            known = list(switches[claim].readings or {})
            mend = nearest(reading, set(known)) or "its readings: " + ", ".join(known)
            yield view.error((*path, claim), f"'{claim}' has no reading '{reading}'", mend)


def _fixed(view: View, path: Path_, fixed: Mapping[str, str]) -> Iterator[Finding]:
    parameters = view.case.elements.parameters
    for name, place in fixed.items():
        if name not in parameters:
            mend = nearest(name, set(parameters)) or "name an uncertainty, or a number such as league.offer/usual"
            yield view.error((*path, name), f"no number is called '{name}'", mend)
        elif not parameters[name].varies:
            yield view.error((*path, name), f"'{name}' is one exact number, with no range to stand in", "name another")
        elif place_in_range(place) is None:
            wrong = f"'{place}' is no place in a range"
            yield view.error((*path, name), wrong, "write low, high, or a share of the range such as 0.9")


def place_in_range(text: str) -> float | None:
    """Return the cumulative probability at which a number is held; None where the text says none."""
    if text in PLACES:
        return float(PLACES.index(text))
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def holders(view: View) -> Iterator[Finding]:
    """Check that who expects something is a claim that a model can bear out, and that somebody tells it."""
    case = view.case
    for expected in case.elements.expectations:
        claim = case.scenario.claims[expected.claim]
        if claim.readings is not None and not claim.is_switch:
            wrong = f"'{expected.claim}' is of kind {claim.kind}: it is shown with all sides, and never put to the test"
            yield view.error(expected.path, wrong, "remove it, or let a claim of kind cause expect it")
        elif not case.scenario.is_simulated:
            yield view.error(expected.path, "nothing is simulated here that could bear it out", "remove it")
        elif dict(expected.under).get(expected.claim) is not None:
            wrong = f"'{expected.claim}' is the claim that expects it"
            mend = "let the reading expect it: put it below that reading"
            yield view.error((*expected.path, "under", expected.claim), wrong, mend)
        elif case.scenario.accounts and not tellers(case, expected):
            wrong = "every account denies this or takes another reading, so that it is held to mixtures of readings"
            yield view.warning(expected.path, wrong, "let an account take the reading, or leave it")


def differences(view: View) -> Iterator[Finding]:
    """Check that the two sides differ, by the day on which they are looked at."""
    for expected in view.case.elements.expectations:
        if any(name not in view.case.scenario.levers for side in _both(expected) for name in side.lever):
            continue
        first, second = (_set(view, expected, side) for side in _both(expected))
        if first == second:
            mend = "name on one side what the claim says makes the difference"
            yield view.error(expected.path, "both sides are the same, so that nothing can differ", mend)
            continue
        begins = _first_day(view, first, second)
        if expected.by < begins:
            wrong = f"the sides differ from day {begins} on, after the day on which they are looked at"
            key = "by" if (*expected.path, "by") in view.case.document.places else "effect_on"
            yield view.error((*expected.path, key), wrong, "look at a later day, or set the lever earlier")


def _both(expected: ExpectationElement) -> tuple[Side, Side]:
    return expected.changed, expected.against


_Settings = tuple[dict[str, tuple[str, str]], dict[str, str], str | None, dict[str, str]]


def _set(view: View, expected: ExpectationElement, side: Side) -> _Settings:
    """Return what holds on a side: options by lever with their day, readings, the account and fixed numbers."""
    levers = view.case.scenario.levers
    options = {
        target: (value, side.begins or levers[name].begins)
        for name in side.lever
        for target, value in levers[name].sets.items()
    }
    readings = dict(expected.under)
    if expected.reading is not None:
        readings[expected.claim] = expected.reading
    return options, {**readings, **side.reading}, side.account, dict(side.fix)


def _first_day(view: View, first: _Settings, second: _Settings) -> int:
    """Return the first day on which two sides can differ; day 0 where more than levers tells them apart."""
    if first[1:] != second[1:]:
        return 0
    apart = {target for target in {*first[0], *second[0]} if first[0].get(target) != second[0].get(target)}
    days = [
        day_number(found[target][1], view.case.scenario.starts)
        for found in (first[0], second[0])
        for target in apart
        if target in found
    ]
    return min((day for day in days if day is not None), default=0)
