"""What is asked of a hindcast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from detente.requests.kinds import File, Moment, Names, OneOf, Step, Truth, Whole
from detente.requests.request import Flag, Option, Repeated, Request
from detente.requests.run import MOST_REPLICATES, MOST_WORLDS, PRECISIONS, RULES, SEEDS
from detente.scenario import Case, DecisionRule

__all__ = ["HindcastRequest"]


@dataclass(frozen=True, kw_only=True, repr=False)
class HindcastRequest(Request):
    """What is asked of a hindcast: the case scored on what came after it was cut.

    Parameters
    ----------
    case
        A folder, its ``scenario.yaml``, or the name of a bundled case.
    as_of, step, to
        The first cut, by default the case's own; how far cuts lie apart, by default there is one; none is later.
    questions
        Which to score; None for all whose outcome is known.
    worlds, seed, replicates
        At each cut, over the mixtures and all accounts; the same seed, the same bits; worlds per draw.
    posterior
        The file of the draws that are taken in place of the declared ranges.
    precision
        Of the worlds' numbers.
    reasons
        Whether to look for reasons that moved forecasts, and to score without those that hindsight may have given.
    rule
        Another rule of decision than the case's.
    """

    COMMAND: ClassVar[str] = "hindcast"

    as_of: Annotated[dt.datetime | None, Moment(), Option("--as-of")] = None
    step: Annotated[dt.timedelta | None, Step(), Option("--step")] = None
    to: Annotated[dt.datetime | None, Moment(), Option("--to")] = None
    questions: Annotated[Sequence[str] | None, Names(1), Repeated("--question")] = None
    worlds: Annotated[int, Whole(1, MOST_WORLDS), Option("--worlds")] = 100_000
    seed: Annotated[int, SEEDS, Option("--seed")] = 1
    replicates: Annotated[int, Whole(1, MOST_REPLICATES), Option("--replicates")] = 16
    posterior: Annotated[Path | None, File(), Option("--posterior")] = None
    precision: Annotated[Literal["float32", "float64"], OneOf(PRECISIONS), Option("--precision")] = "float32"
    reasons: Annotated[bool, Truth(), Flag("--no-reasons")] = True
    rule: Annotated[DecisionRule | None, OneOf(RULES), Option("--rule")] = None

    def opens_what_came(self, case: Case) -> bool:
        """Whether what came after the cut of a case is looked at: it is."""
        return True
