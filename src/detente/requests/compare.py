"""What is asked of a comparison."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detente.requests.explore import MOST_RUNS
from detente.requests.kinds import Moment, Names, OneOf, Text, Truth, Whole
from detente.requests.request import Argument, Flag, Option, Request
from detente.requests.run import RULES, SEEDS
from detente.scenario import DecisionRule

__all__ = ["CompareRequest"]


@dataclass(frozen=True, kw_only=True, repr=False)
class CompareRequest(Request):
    """What is asked of a comparison: levers in the same worlds as no lever.

    Parameters
    ----------
    case
        A folder, its ``scenario.yaml``, or the name of a bundled case.
    levers
        Names of its levers, one or more.
    from_day
        ``day 10`` or a date, in place of each lever's own day.
    worlds, seed
        About how many times the model is run, over all choices and accounts; the same seed, the same bits.
    weighted
        Whether worlds are weighted by how well they follow what was known.
    rule, as_of
        Another rule of decision than the case's; an earlier moment at which what was known is cut.
    """

    COMMAND: ClassVar[str] = "compare"

    levers: Annotated[Sequence[str], Names(1), Argument()]
    from_day: Annotated[str | None, Text(), Option("--from-day")] = None
    worlds: Annotated[int, Whole(1, MOST_RUNS), Option("--worlds")] = 2**17
    seed: Annotated[int, SEEDS, Option("--seed")] = 1
    weighted: Annotated[bool, Truth(), Flag("--unweighted")] = True
    rule: Annotated[DecisionRule | None, OneOf(RULES), Option("--rule")] = None
    as_of: Annotated[dt.datetime | None, Moment(), Option("--as-of")] = None
