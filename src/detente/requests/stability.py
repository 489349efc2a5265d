"""What is asked of an analysis of stability."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from detente.requests.kinds import Horizons, Moment, Name, OneOf, Readings, Truth, Whole
from detente.requests.request import Flag, Option, Repeated, Request
from detente.requests.run import SEEDS

__all__ = ["FURTHEST", "MOST_RANKINGS", "SANCTIONS", "StabilityRequest"]

FURTHEST = 100
MOST_RANKINGS = 10**7
SANCTIONS = ("legal", "once", "single")


@dataclass(frozen=True)
class UpTo(Option):
    """By the furthest horizon where all from 2 to it are looked at, else by every one."""

    each: str

    def words(self, written: Sequence[str]) -> list[str]:
        """Return the option with the furthest horizon, or the other with all."""
        (text,) = written
        horizons = [int(one) for one in text.split(",") if one]
        furthest = max(horizons, default=1)
        if horizons == list(range(2, furthest + 1)):
            return super().words([str(furthest)])
        return [self.each, text]


@dataclass(frozen=True, kw_only=True, repr=False)
class StabilityRequest(Request):
    """What is asked of an analysis of stability: which states of the case's conflict could hold.

    Parameters
    ----------
    case
        A folder, its ``scenario.yaml``, or the name of a bundled case.
    account, readings
        An account to tell; single readings to fix, by claim.
    sanctions
        The rule of sanctioning sequences.
    horizons
        Of limited-move stability, 2 or more each.
    rankings, seed
        How many rankings to sample, 0 for none; the same seed, the same shares.
    coalitions
        Whether decision makers may join.
    as_of
        An earlier moment at which what was known is cut.
    """

    COMMAND: ClassVar[str] = "stability"

    account: Annotated[str | None, Name(), Option("--account")] = None
    readings: Annotated[Mapping[str, str], Readings(), Repeated("--reading")] = field(default_factory=dict, hash=False)
    sanctions: Annotated[str, OneOf(SANCTIONS), Option("--sanctions")] = "legal"
    horizons: Annotated[Sequence[int], Horizons(FURTHEST), UpTo("--horizon", "--horizons")] = (2, 3)
    rankings: Annotated[int, Whole(0, MOST_RANKINGS), Option("--rankings")] = 1_000
    seed: Annotated[int, SEEDS, Option("--seed")] = 1
    coalitions: Annotated[bool, Truth(), Flag("--no-coalitions")] = True
    as_of: Annotated[dt.datetime | None, Moment(), Option("--as-of")] = None
