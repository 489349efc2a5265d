"""What the readings of a contested cause expect: each of them something, and no two of them the same."""

from __future__ import annotations

from collections.abc import Iterator

from detente.errors import Finding
from detente.scenario.checks.view import View
from detente.scenario.document import Path_
from detente.scenario.elements import ExpectationElement
from detente.scenario.model import Side

__all__ = ["alike", "unheld"]


def unheld(view: View) -> Iterator[Finding]:
    """Check that every reading of a contested cause expects something, or says why it does not."""
    mend = "write under 'expects' what the model has to show there, or why nothing: expects_nothing_because"
    for name, claim in view.case.scenario.claims.items():
        silent = []
        for reading, told in (claim.readings or {}).items():
            path: Path_ = ("claims", name, "readings", reading)
            if told.expects_nothing_because is None:
                silent += [] if told.expects else [reading]
            elif claim.kind != "cause" or told.expects:
                wrong = "it expects something" if told.expects else f"'{name}' is of kind {claim.kind}, not a cause"
                yield view.error((*path, "expects_nothing_because"), wrong, "remove the reason")
        if claim.kind != "cause" or claim.readings is None or not view.case.scenario.is_simulated:
            continue
        held = [reading for reading, told in claim.readings.items() if told.expects]
        if not held and silent:
            wrong = "no reading of this cause expects anything, so that nobody can tell whether the model says either"
            yield view.warning(("claims", name), wrong, mend)
        for reading in silent if held else ():
            wrong = f"the reading '{reading}' expects nothing and '{held[0]}' does, so that one side is tested alone"
            yield view.error(("claims", name, "readings", reading), wrong, mend)


def alike(view: View) -> Iterator[Finding]:
    """Check that what a reading of a contested cause expects tells it from each other reading."""
    for name, claim in view.case.scenario.claims.items():
        if claim.kind != "cause" or claim.readings is None:
            continue
        own = {reading: _expected_of(view, name, reading) for reading in claim.readings}
        before: list[str] = []
        for reading, expected in own.items():
            like = [other for other in own if other != reading and _tells_no_more(own, reading, other)]
            like = [other for other in like if own[other].keys() != expected.keys() or other in before]
            before.append(reading)
            if not expected or not like:
                continue
            wrong = f"all that '{reading}' expects '{like[0]}' expects too, so that the two cannot be told apart"
            mend = f"write what holds where '{reading}' does and not where '{like[0]}' does, as its side says it"
            yield view.error(("claims", name, "readings", reading, "expects"), wrong, mend)


def _tells_no_more(own: dict[str, dict[str, set[str]]], reading: str, other: str) -> bool:
    """Whether a reading expects nothing that another does not expect, and neither is held beside the other."""
    if any(other in beside for beside in own[reading].values()) or any(reading in one for one in own[other].values()):
        return False
    return own[reading].keys() <= own[other].keys()


def _expected_of(view: View, claim: str, reading: str) -> dict[str, set[str]]:
    """Return what a reading expects, comparable between readings, each with the readings that it is held beside."""
    return {
        _comparable(one, claim, reading): _beside(one, claim) - {reading}
        for one in view.case.elements.expectations
        if (one.claim, one.reading) == (claim, reading)
    }


def _beside(expected: ExpectationElement, claim: str) -> set[str]:
    """Return the readings of its own claim that an expectation names."""
    return {side.reading[claim] for side in (expected.changed, expected.against) if claim in side.reading}


def _comparable(expected: ExpectationElement, claim: str, reading: str) -> str:
    """Write an expectation so that it reads the same whichever reading has it; its own stands without its name."""
    both = expected.changed, expected.against
    held = [side.reading.get(claim, reading) for side in both]
    beside = ["", ""] if held[0] == held[1] else ["" if one == reading else one for one in held]
    sides = [_without(side, claim) for side in both]
    under = sorted(pair for pair in expected.under if pair[0] != claim)
    found = expected.finds, expected.bound
    return repr((sides, beside, expected.node, expected.by, expected.during, under, found))


def _without(side: Side, claim: str) -> tuple[object, ...]:
    """Return what a side sets, but for the reading of one claim."""
    readings = sorted(pair for pair in side.reading.items() if pair[0] != claim)
    return sorted(side.lever), side.begins, readings, side.account, sorted(side.fix.items())
