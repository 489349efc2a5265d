"""Contested claims that change nothing though the page says they do, and claims of no arrow that leak into numbers."""

from __future__ import annotations

from collections.abc import Iterator

from detente.scenario import Case
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.structure import Structure

__all__ = ["leaking_claims", "unread_claims"]

UNREAD = Inquiry(
    "unread_claims",
    "Contested claims that nothing reads",
    "structure",
    "Does every contested claim of cause, fact or count, which the page says changes the model, choose a number?",
)
LEAKING = Inquiry(
    "leaking_claims",
    "Contested claims that may change nothing",
    "structure",
    "Does a claim on responsibility, duty, wording or the fate of particular people stand behind a number or a reason?",
)


def unread_claims(structure: Structure) -> ValidationTest:
    """List the switches that no number and no preference of the conflict reads."""
    case = structure.case
    if not case.switches:
        return UNREAD.came_out("does not apply", "The case has no contested claim of cause, fact or count.")
    read = {claim for parameter in case.elements.parameters.values() for claim in parameter.switches}
    read |= set(_of_preferences(case))
    where = [
        Where(
            name, structure.at(("claims", name)), "the page says that it changes the model; no number is chosen by it"
        )
        for name in case.switches
        if name not in read
    ]
    count = len(case.switches)
    if where:
        return UNREAD.came_out("does not pass", f"{len(where)} of {count} such claims choose no number.", where)
    return UNREAD.came_out("passes", f"Each of the {count} such claims chooses a number or a preference.")


def leaking_claims(structure: Structure) -> ValidationTest:
    """List the claims that may change no number and yet stand behind one."""
    case = structure.case
    apart = {name for name, claim in case.scenario.claims.items() if claim.readings and name not in case.switches}
    if not apart:
        return LEAKING.came_out("does not apply", "The case has no such claim.")
    where = [
        Where(
            claim, structure.at(("claims", claim)), f"of {case.scenario.claims[claim].kind}, and stands behind {behind}"
        )
        for claim, behind in _behind_numbers(case)
        if claim in apart
    ]
    if where:
        count = len({one.element for one in where})
        return LEAKING.came_out("does not pass", f"{count} of {len(apart)} such claims leak into numbers.", where)
    return LEAKING.came_out("passes", f"None of the {len(apart)} such claims stands behind a number or a reason.")


def _of_preferences(case: Case) -> Iterator[str]:
    conflict = case.elements.conflict
    for maker in conflict.makers if conflict is not None else ():
        for preference in (maker.preference, *maker.sees.values()):
            for statement in preference.statements:
                yield from (claim for claim, _ in statement.when)


def _behind_numbers(case: Case) -> Iterator[tuple[str, str]]:
    """Yield every claim that a number, a stock, an equation or a reason names, and which."""
    elements = case.elements
    for name, parameter in elements.parameters.items():
        yield from ((claim, name) for claim in parameter.all_claims)
    for table in elements.tables.values():
        yield from ((claim, table.name) for claim in table.claims)
    for decision in elements.decisions.values():
        yield from ((claim, decision.name) for claim in decision.claims)
        for lean in decision.leans:
            yield from ((claim, f"a reason of {decision.name}") for claim in lean.claims)
    for section in (elements.stocks, elements.variables, elements.shocks):
        for name, claims in ((name, one.claims) for name, one in section.items()):
            yield from ((claim, name) for claim in claims)
