"""What is asked of a fit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detente.requests.kinds import Moment, OneOf, Whole
from detente.requests.request import Option, Request
from detente.requests.run import MOST_REPLICATES, RULES, SEEDS
from detente.scenario import Case, DecisionRule

__all__ = ["MOST_PARTICLES", "FitRequest"]

MOST_PARTICLES = 10**6


@dataclass(frozen=True, kw_only=True, repr=False)
class FitRequest(Request):
    """What is asked of a fit: which draws are consistent with the record up to a moment.

    Parameters
    ----------
    case
        A folder, its ``scenario.yaml``, or the name of a bundled case.
    until
        Rows of the record known by then are used; without a zone, in the case's own.
    particles, replicates, seed
        Draws that are left, and worlds for each of them at each step; the same seed, the same bits.
    rule
        Another rule of decision than the case's.
    """

    COMMAND: ClassVar[str] = "fit"

    until: Annotated[dt.datetime, Moment(), Option("--until")]
    particles: Annotated[int, Whole(2, MOST_PARTICLES), Option("--particles")] = 1_024
    replicates: Annotated[int, Whole(1, MOST_REPLICATES), Option("--replicates")] = 16
    seed: Annotated[int, SEEDS, Option("--seed")] = 1
    rule: Annotated[DecisionRule | None, OneOf(RULES), Option("--rule")] = None

    def opens_what_came(self, case: Case) -> bool:
        """Whether what came after the cut of a case is looked at: where the fit goes on beyond it."""
        return case.zoned(self.until) > case.scenario.as_of
