"""What of a request is already in a case that was cut or put under a rule before it was asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from detente.scenario import Case, DecisionRule
from detente.scenario.catalog import BUNDLED

__all__ = ["own_cut", "own_rule", "prepared", "written_case"]


def written_case(case: Any) -> Any:
    """Return a case as a request has it: a bundled one by its name, another by its folder, what is no case as it is."""
    if not isinstance(case, Case):
        return case
    return case.folder.name if case.folder.parent == BUNDLED else str(case.folder)


def own_cut(case: Any) -> dt.datetime | None:
    """Return the moment at which a case was cut, as :meth:`Case.cut` does it; None where it stands at its own."""
    return case.scenario.as_of if isinstance(case, Case) and "@" in case.hash else None


def own_rule(case: Any) -> DecisionRule | None:
    """Return the rule that a case was put under, as :meth:`Case.under_rule` does it; None where it has its own."""
    return case.scenario.rule if isinstance(case, Case) and "+" in case.hash.partition("@")[0] else None


def prepared(case: Case, rule: DecisionRule | None, as_of: dt.datetime | None = None) -> Case:
    """Return a case under the rule of decision, and cut at the moment, that are asked for; None leaves it as it is.

    Parameters
    ----------
    case
        The case, as it was read.
    rule
        The rule of decision.
    as_of
        The moment, with a zone.

    Returns
    -------
    Case
        Another one, where anything is asked for.
    """
    case = case if rule is None else case.under_rule(rule)
    return case if as_of is None else case.cut(as_of)
