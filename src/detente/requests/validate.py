"""What is asked of a validation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detente.requests.kinds import Moment, OneOf, Truth, Whole
from detente.requests.request import Flag, Option, Request
from detente.requests.run import RULES, SEEDS
from detente.scenario import Case, DecisionRule

__all__ = ["MOST_TESTED", "ValidateRequest"]

MOST_TESTED = 10**6
"""All worlds of a test are held at once, so there is a limit."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ValidateRequest(Request):
    """What is asked of a validation: the tests of a reviewer, each with a verdict.

    Parameters
    ----------
    case
        A folder, its ``scenario.yaml``, or the name of a bundled case.
    quick
        Whether to leave out what takes longest.
    worlds, seed
        Worlds of each test that runs some; the same seed, the same sheet.
    rule, as_of
        Another rule of decision than the case's; an earlier moment at which what was known is cut.
    """

    COMMAND: ClassVar[str] = "validate"

    quick: Annotated[bool, Truth(), Flag("--quick")] = False
    worlds: Annotated[int, Whole(16, MOST_TESTED), Option("--worlds")] = 1_024
    seed: Annotated[int, SEEDS, Option("--seed")] = 1
    rule: Annotated[DecisionRule | None, OneOf(RULES), Option("--rule")] = None
    as_of: Annotated[dt.datetime | None, Moment(), Option("--as-of")] = None

    def opens_what_came(self, case: Case) -> bool:
        """Whether what came after the cut of a case is looked at: it is."""
        return True
