"""Which accounts of a case tell a claim: those that neither dispute it nor leave it out."""

from __future__ import annotations

from detente.scenario.case import Case
from detente.scenario.elements import ExpectationElement

__all__ = ["tellers"]


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
