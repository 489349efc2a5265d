"""The accounts of a case, joined, and which of them tell a claim: those that neither dispute it nor leave it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.scenario.elements import AccountElement, ExpectationElement
from detente.scenario.model import Scenario
from detente.scenario.model.voices import SILENT

if TYPE_CHECKING:
    from detente.scenario.case import Case

__all__ = ["join_accounts", "tellers"]


def join_accounts(scenario: Scenario) -> dict[str, AccountElement]:
    """Build the accounts of a case, each with its title and the readings of switches that it takes."""
    switches = [name for name, claim in scenario.claims.items() if claim.is_switch]
    return {
        name: AccountElement(
            name,
            account.title or name.replace("_", " ").capitalize(),
            account.by,
            account.says or "",
            account.note or "",
            {claim: account.readings[claim] for claim in switches if account.readings.get(claim, SILENT) != SILENT},
            ("accounts", name),
        )
        for name, account in scenario.accounts.items()
    }


def tellers(case: Case, expected: ExpectationElement) -> tuple[str, ...]:
    """Return the accounts to which an expectation is put, in the order of the case.

    An account is left out where its teller disputes the claim, and where it takes another reading than the expectation
    has: of the claim itself, where one reading of it expects this, or of a claim under ``under``. One that is silent on
    a claim denies nothing.

    Parameters
    ----------
    case
        The case.
    expected
        What one of its claims expects.
    """
    claim = case.scenario.claims[expected.claim]
    disputed = claim.disputed_by or ()
    disputing = {disputed} if isinstance(disputed, str) else set(disputed)
    wanted = dict(expected.under)
    if expected.reading is not None:
        wanted[expected.claim] = expected.reading
    return tuple(
        name
        for name, account in case.elements.accounts.items()
        if account.by not in disputing
        and all(account.readings.get(other, reading) == reading for other, reading in wanted.items())
    )
