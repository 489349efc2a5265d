"""``detente hindcast``: was it right? A case scored on what came after its cut, beside the simplest forecasts."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from detente.analysis.hindcast_study import HindcastStudy
from detente.brief.scored import scored_of
from detente.brief.terminal_hindcast import print_hindcast
from detente.cli.answering import answer
from detente.cli.asking import (
    add_precision_arguments,
    add_rule_argument,
    moment,
    requested,
    seed_number,
    world_count,
)
from detente.cli.outputs import Outputs, add_output_arguments
from detente.cli.streams import open_console
from detente.hindcast.report import hindcast_data
from detente.requests import HindcastRequest
from detente.requests.kinds import Step

__all__ = ["add_to", "show"]


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
        "--worlds",
        type=world_count,
        default=HindcastRequest.worlds,
        metavar="N",
        help="draws times replicates (%(default)s)",
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
    add_output_arguments(command, "hindcast.html")
    command.set_defaults(does=run)


def step(text: str) -> dt.timedelta:
    """Read how far cuts lie apart."""
    try:
        return Step().read([text])
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"'{text}' is no step; write for example 1d, 12h or 1w") from None


def run(arguments: argparse.Namespace) -> int:
    """Score, print, write."""
    return answer(requested(HindcastRequest, arguments), HindcastStudy, arguments, show)


def show(study: HindcastStudy, outputs: Outputs) -> None:
    """Print how it did, and write its page and its data."""
    case, found = study.case, study.found

    def page(file: Path) -> None:
        from detente.brief.page import write_hindcast_page  # brings the figures, which data alone does not need

        write_hindcast_page(case, found, file)

    outputs.write(
        study,
        open_console(),
        data=lambda: hindcast_data(found),
        show=lambda console: print_hindcast(case, scored_of(case, found), console),
        page=("hindcast.html", page),
    )
