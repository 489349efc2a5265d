"""``detente hindcast``: was it right? A case scored on what came after its cut, beside the simplest forecasts."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from pathlib import Path

from rich.console import Console

from detente.brief.scored import scored_of
from detente.brief.terminal_hindcast import print_hindcast
from detente.cli.asking import moment, progress_bar, seed_number, world_count, writing
from detente.cli.stopping import stopped_by_ctrl_c
from detente.hindcast.afterwards import afterwards_of
from detente.hindcast.analysis import hindcast
from detente.hindcast.cutting import moments
from detente.hindcast.posterior_file import load_posterior
from detente.hindcast.report import hindcast_data
from detente.hindcast.result import Hindcast
from detente.results import write_data
from detente.scenario import Case, load
from detente.scenario.posterior import Posterior

__all__ = ["add_to", "score"]

WORLDS = 100_000
STEP = re.compile(r"(?P<number>[1-9]\d{0,3})\s*(?P<unit>[dhw])")
HOURS = {"h": 1, "d": 24, "w": 168}


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
    command.add_argument("--question", action="append", default=[], metavar="ID", help="only this question; may repeat")
    command.add_argument(
        "--worlds", type=world_count, default=WORLDS, metavar="N", help="draws times replicates (%(default)s)"
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same bits (%(default)s)"
    )
    command.add_argument(
        "--posterior", type=Path, metavar="FILE", help="draw numbers and readings as 'detente fit' left them"
    )
    command.add_argument("--json", type=Path, metavar="FILE", help="write the result as data; alone, no page is made")
    command.add_argument("--out", type=Path, metavar="DIR", help="where hindcast.html goes (the current folder)")
    command.set_defaults(does=run)


def step(text: str) -> dt.timedelta:
    """Read how far cuts lie apart."""
    found = STEP.fullmatch(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"'{text}' is no step; write for example 1d, 12h or 1w")
    return dt.timedelta(hours=int(found["number"]) * HOURS[found["unit"]])


def run(arguments: argparse.Namespace) -> int:
    """Score, print, write."""
    case = load(arguments.case)
    found = _asked(case, arguments)
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


def _asked(case: Case, arguments: argparse.Namespace) -> Hindcast:
    """Score what the arguments ask for."""
    return score(
        case, arguments.as_of, arguments.step, arguments.to, arguments.question or None,
        None if arguments.posterior is None else load_posterior(arguments.posterior), arguments.worlds, arguments.seed,
    )  # fmt: skip


def score(
    case: Case,
    first: dt.datetime | None,
    between: dt.timedelta | None,
    last: dt.datetime | None,
    questions: list[str] | None,
    posterior: Posterior | None,
    worlds: int,
    seed: int,
) -> Hindcast:
    """Score a case with a progress bar; a first Ctrl-C keeps the cuts that are done."""
    cuts = len(moments(case, afterwards_of(case), first, between, last))
    with stopped_by_ctrl_c() as stop, progress_bar("scoring", cuts * worlds) as progress:
        return hindcast(
            case,
            as_of=first,
            step=between,
            to=last,
            questions=questions,
            worlds=worlds,
            seed=seed,
            posterior=posterior,
            progress=progress,
            stop=stop,
        )
