"""A run's wish to be held against what came too; what that takes is brought in only where it is asked for."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING

from detente.errors import RequestError
from detente.run import Run

if TYPE_CHECKING:
    from detente.hindcast.result import Hindcast

__all__ = ["add_hindcast_argument", "asked_hindcast", "refuse_hindcast"]


def add_hindcast_argument(command: argparse.ArgumentParser) -> None:
    """Add the wish to have the case held against what came after its cut too."""
    command.add_argument(
        "--hindcast",
        action="store_true",
        help="show on the page what the model said beside what came, day by day, with its scores",
    )


def refuse_hindcast(arguments: argparse.Namespace) -> None:
    """Refuse to score where no page is made, or only a part is told: scores go over mixtures and all accounts."""
    if not arguments.hindcast:
        return
    if arguments.json is not None and arguments.out is None:
        raise RequestError("--hindcast adds to the page; for data use 'detente hindcast CASE --json FILE'")
    if arguments.account is not None or arguments.reading:
        raise RequestError("a hindcast goes over all accounts; leave out --hindcast, or --account and --reading")


def asked_hindcast(arguments: argparse.Namespace, made: Run) -> Hindcast | None:
    """Score the case of a run, where that is asked for and the run was not stopped on its way.

    Cuts are a day apart; where the run stands at a moment of its own, or draws from a posterior, there is one.
    """
    if not arguments.hindcast or made.provenance.partial:
        return None
    from detente.cli.hindcast import score
    from detente.hindcast.posterior_file import load_posterior

    posterior = None if arguments.posterior is None else load_posterior(arguments.posterior)
    between = dt.timedelta(days=1) if arguments.as_of is None and posterior is None else None
    return score(arguments.case, arguments.as_of, between, None, None, posterior, arguments.worlds, arguments.seed)
