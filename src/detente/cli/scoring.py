"""A run's wish to be held against what came too; what that takes is brought in only where it is asked for."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING

from detente.requests import HindcastRequest, RunRequest
from detente.run import Run
from detente.scenario import Case

if TYPE_CHECKING:
    from detente.hindcast.result import Hindcast

__all__ = ["add_hindcast_argument", "asked_hindcast"]


def add_hindcast_argument(command: argparse.ArgumentParser) -> None:
    """Add the wish to have the case held against what came after its cut too."""
    command.add_argument(
        "--hindcast",
        action="store_true",
        help="show on the page what the model said beside what came, day by day, with its scores",
    )


def asked_hindcast(request: RunRequest, case: Case, made: Run) -> Hindcast | None:
    """Score the case of a run, where that is asked for and the run was not stopped on its way.

    Cuts are a day apart; where the run stands at a moment of its own, or draws from a posterior, there is one.
    """
    if not request.hindcast or made.provenance.partial:
        return None
    from detente.cli.hindcast import score

    between = dt.timedelta(days=1) if request.as_of is None and request.posterior is None else None
    asked = HindcastRequest(
        request.case, as_of=request.as_of, step=between, worlds=request.worlds, seed=request.seed,
        replicates=request.replicates, posterior=request.posterior, precision=request.precision, rule=request.rule,
    )  # fmt: skip
    return score(asked, case)
