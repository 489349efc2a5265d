"""What is asked of a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal, get_args

from detente.errors import RequestError
from detente.requests.kinds import File, Moment, Name, OneOf, Readings, Truth, Whole
from detente.requests.request import Flag, Option, Repeated, Request
from detente.scenario import Case, DecisionRule

__all__ = ["MOST_REPLICATES", "MOST_WORLDS", "PRECISIONS", "RULES", "SEEDS", "RunRequest"]

MOST_WORLDS = 10**10
MOST_REPLICATES = 2**16 - 1
MOST_DRAWS = 2**32
SEEDS = Whole(0, 2**63 - 1)
PRECISIONS = ("float32", "float64")
RULES = get_args(DecisionRule)


@dataclass(frozen=True, kw_only=True, repr=False)
class RunRequest(Request):
    """What is asked of a run, and of the brief that is made of it.

    Parameters
    ----------
    case
        A folder, its ``scenario.yaml``, or the name of a bundled case.
    worlds, seed
        Draws times replicates, over all parts; the same seed, the same bits.
    account, readings
        An account to tell; single readings to fix, by claim.
    rule, as_of
        Another rule of decision than the case's; an earlier moment at which what was known is cut.
    replicates
        Worlds per draw.
    weighted
        Whether worlds are weighted by how well they follow what was known.
    precision
        Of the worlds' numbers.
    posterior
        The file of the draws that are taken in place of the declared ranges.
    other_ranges
        Whether some of the worlds are run with all ranges halved, doubled and triangular.
    explore, hindcast, expectations
        Whether the brief shows what answers hang on, how the model did on what came, and which claims it bears out.
    """

    COMMAND: ClassVar[str] = "run"

    worlds: Annotated[int, Whole(1, MOST_WORLDS), Option("--worlds")] = 100_000
    seed: Annotated[int, SEEDS, Option("--seed")] = 1
    account: Annotated[str | None, Name(), Option("--account")] = None
    readings: Annotated[Mapping[str, str], Readings(), Repeated("--reading")] = field(default_factory=dict, hash=False)
    rule: Annotated[DecisionRule | None, OneOf(RULES), Option("--rule")] = None
    as_of: Annotated[dt.datetime | None, Moment(), Option("--as-of")] = None
    replicates: Annotated[int, Whole(1, MOST_REPLICATES), Option("--replicates")] = 16
    weighted: Annotated[bool, Truth(), Flag("--unweighted")] = True
    precision: Annotated[Literal["float32", "float64"], OneOf(PRECISIONS), Option("--precision")] = "float32"
    posterior: Annotated[Path | None, File(), Option("--posterior")] = None
    other_ranges: Annotated[bool, Truth(), Flag("--declared-ranges")] = True
    explore: Annotated[bool, Truth(), Flag("--explore")] = False
    hindcast: Annotated[bool, Truth(), Flag("--hindcast")] = False
    expectations: Annotated[bool, Truth(), Flag("--expectations")] = False

    def opens_what_came(self, case: Case) -> bool:
        """Whether what came after the cut of a case is looked at, to score the run."""
        return self.hindcast

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.worlds // self.replicates >= MOST_DRAWS:
            raise RequestError(
                f"worlds: {self.worlds:,} worlds of {self.replicates:,} a draw are {self.worlds // self.replicates:,} "
                f"draws; ask for fewer than {MOST_DRAWS:,}"
            )
        part = self.account is not None or bool(self.readings)
        if self.explore and self.posterior is not None:
            raise RequestError("an exploration goes over the declared ranges; leave out --explore, or --posterior")
        if self.explore and part:
            raise RequestError("an exploration goes over all readings; leave out --explore, or --account and --reading")
        if self.hindcast and part:
            raise RequestError("a hindcast goes over all accounts; leave out --hindcast, or --account and --reading")
