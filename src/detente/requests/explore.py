"""What is asked of an exploration."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, ClassVar

from detente.requests.kinds import Moment, Name, OneOf, Truth, Whole
from detente.requests.request import Flag, Option, Request
from detente.requests.run import RULES, SEEDS
from detente.scenario import DecisionRule

__all__ = ["MOST_RUNS", "ExploreRequest"]

MOST_RUNS = 10**8
"""All answers of an exploration or a comparison are held at once, so there is a limit."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ExploreRequest(Request):
    """What is asked of an exploration: what answers hang on, given the ranges chosen.

    Parameters
    ----------
    case
        A folder, its ``scenario.yaml``, or the name of a bundled case.
    question
        One question or measure; all questions and headline measures by default.
    worlds, seed
        About how many times the model is run, over all parts; the same seed, the same bits.
    weighted
        Whether worlds are weighted by how well they follow what was known.
    rule, as_of
        Another rule of decision than the case's; an earlier moment at which what was known is cut.
    """

    COMMAND: ClassVar[str] = "explore"

    question: Annotated[str | None, Name(), Option("--question")] = None
    worlds: Annotated[int, Whole(1, MOST_RUNS), Option("--worlds")] = 2**18
    seed: Annotated[int, SEEDS, Option("--seed")] = 1
    weighted: Annotated[bool, Truth(), Flag("--unweighted")] = True
    rule: Annotated[DecisionRule | None, OneOf(RULES), Option("--rule")] = None
    as_of: Annotated[dt.datetime | None, Moment(), Option("--as-of")] = None
