"""What a case is held to beyond its shape: one file per concern, each a function from a case to findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.errors import Finding

if TYPE_CHECKING:
    from detente.scenario.case import Case
    from detente.scenario.record import Observation

__all__ = ["check"]


def check(case: Case, record: list[Observation]) -> list[Finding]:
    """Run every check on a case.

    Parameters
    ----------
    case
        The case, as far as it could be built.
    record
        Every row of the record file, those after the cut among them.
    """
    return []
