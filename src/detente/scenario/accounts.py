"""The accounts of a case, each with its title and the readings that it takes of what is contested."""

from __future__ import annotations

from detente.scenario.elements import AccountElement
from detente.scenario.model import Scenario
from detente.scenario.model.voices import SILENT

__all__ = ["join_accounts"]


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
