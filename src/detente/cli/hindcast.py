"""``detente hindcast``: was it right? A case scored on what came after its cut, beside the simplest forecasts."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from rich.console import Console

from detente.brief.scored import scored_of
from detente.brief.terminal_hindcast import print_hindcast
from detente.cli.asking import (
    add_precision_arguments,
    add_rule_argument,
    moment,
    posterior_in,
    progress_bar,
    requested,
    seed_number,
    world_count,
    writing,
)
from detente.cli.stopping import stopped_by_ctrl_c
from detente.hindcast.afterwards import afterwards_of
from detente.hindcast.analysis import perform_hindcast
from detente.hindcast.cutting import moments
from detente.hindcast.report import hindcast_data
from detente.hindcast.result import Hindcast
from detente.requests import HindcastRequest, prepared
from detente.requests.kinds import Step
from detente.results import write_data
from detente.scenario import Case, load

__all__ = ["add_to", "score"]

WORLDS = HindcastRequest.worlds


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("hindcast", help="say whether it was right: scores on what came after the cut")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument(
        "--as-of", type=moment, metavar="MOMENT", help="the first cut, a day or a moment; by default the case's own"
    )
    command.add_argument(
        "--step", type=step, metavar="STEP", help="cut again each 1d, 12h or 1w, conditioned on what was known by then"
    )
    command.add_argument("--to", type=moment, metavar="MOMENT", help="with --step: no cut later than this")
    command.add_argument(
        "--question", action="append", dest="questions", metavar="ID", help="only this question; may repeat"
    )
    command.add_argument(
        "--worlds", type=world_count, default=WORLDS, metavar="N", help="draws times replicates (%(default)s)"
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same bits (%(default)s)"
    )
    command.add_argument(
        "--posterior", type=Path, metavar="FILE", help="draw numbers and readings as 'detente fit' left them"
    )
    add_precision_arguments(command)
    add_rule_argument(command)
    command.add_argument(
        "--no-reasons", dest="reasons", action="store_false",
        help="do not look for reasons that moved forecasts, nor score without those that hindsight may have given",
    )  # fmt: skip
    command.add_argument("--json", type=Path, metavar="FILE", help="write the result as data; alone, no page is made")
    command.add_argument("--out", type=Path, metavar="DIR", help="where hindcast.html goes (the current folder)")
    command.set_defaults(does=run)


def step(text: str) -> dt.timedelta:
    """Read how far cuts lie apart."""
    try:
        return Step().read([text])
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"'{text}' is no step; write for example 1d, 12h or 1w") from None


def run(arguments: argparse.Namespace) -> int:
    """Score, print, write."""
    request = requested(HindcastRequest, arguments)
    case = prepared(load(request.case), request.rule)
    found = score(request, case)
    console = Console()
    with writing(arguments.out):
        if arguments.json is not None:
            write_data(hindcast_data(found), arguments.json)
            console.print(f"data: {arguments.json}")
        if arguments.json is None or arguments.out is not None:
            from detente.brief.page import write_hindcast_page  # brings the figures, which data alone does not need

            print_hindcast(case, scored_of(case, found), console)
            folder = arguments.out or Path()
            folder.mkdir(parents=True, exist_ok=True)
            write_hindcast_page(case, found, folder / "hindcast.html")
            console.print(f"page: {folder / 'hindcast.html'}")
    return 130 if found.provenance.partial else 0


def score(request: HindcastRequest, case: Case) -> Hindcast:
    """Score a case with a progress bar; a first Ctrl-C keeps the cuts that are done."""
    posterior = posterior_in(request.posterior)
    cuts = len(moments(case, afterwards_of(case), request.as_of, request.step, request.to))
    with stopped_by_ctrl_c() as stop, progress_bar("scoring", cuts * request.worlds) as progress:
        return perform_hindcast(request, case, posterior=posterior, progress=progress, stop=stop)
