"""The arguments that commands share, and the run and exploration that they lead to, with a progress bar."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from detente.errors import RequestError
from detente.scenario import Case, DecisionRule, load

if TYPE_CHECKING:
    from detente.exploration.result import Exploration
    from detente.run import Run

__all__ = [
    "add_explore_argument",
    "add_run_arguments",
    "asked_exploration",
    "asked_run",
    "moment",
    "progress_bar",
    "readings_of",
    "refuse_part",
    "seed_number",
    "under_asked_rule",
    "world_count",
    "writing",
]

MOST_WORLDS = 10**10


def add_run_arguments(command: argparse.ArgumentParser, worlds: int) -> None:
    """Add what says which worlds are run."""
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument(
        "--worlds", type=world_count, default=worlds, metavar="N", help="draws times replicates (%(default)s)"
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same bits (%(default)s)"
    )
    command.add_argument("--account", metavar="NAME", help="run only as this account tells it")
    command.add_argument(
        "--reading", action="append", default=[], metavar="CLAIM=READING", help="fix a reading; may repeat"
    )
    command.add_argument(
        "--rule", choices=get_args(DecisionRule), metavar="RULE", help="decide by another rule than the case's"
    )
    command.add_argument("--as-of", type=moment, metavar="MOMENT", help="cut what was known at an earlier moment")
    command.add_argument(
        "--precision",
        choices=("float32", "float64"),
        default="float32",
        metavar="P",
        help="float32 or float64, of the worlds' numbers",
    )
    command.add_argument("--unweighted", action="store_true", help="do not weight worlds by what was known")
    command.add_argument(
        "--posterior", type=Path, metavar="FILE", help="draw from what 'detente fit' left of the declared ranges"
    )


def add_explore_argument(command: argparse.ArgumentParser, shows: str) -> None:
    """Add the wish to have the case explored too."""
    command.add_argument(
        "--explore",
        action="store_true",
        help=f"{shows}; takes 10 to 30 seconds more the first time, for a case of hundreds of numbers",
    )


def world_count(text: str, most: int = MOST_WORLDS) -> int:
    """Read how many worlds are asked for."""
    try:
        value = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        value = 0
    if not 1 <= value <= most:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of worlds; write for example 100000")
    return value


def seed_number(text: str) -> int:
    """Read a seed."""
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 0 <= value < 2**63:
        raise argparse.ArgumentTypeError(f"'{text}' is no seed; write a whole number of 0 or more")
    return value


def readings_of(written: list[str]) -> dict[str, str]:
    """Read what ``--reading`` gives: ``CLAIM=READING``, any number of times."""
    found = {}
    for text in written:
        claim, sign, reading = text.partition("=")
        if not sign:
            raise RequestError(f"'{text}' is no reading; write CLAIM=READING")
        found[claim.strip()] = reading.strip()
    return found


def moment(text: str) -> dt.datetime:
    """Read a day, at its beginning, or a moment; without a zone it is in the case's own."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no moment; write for example 2023-11-28 or 2023-11-28T07:30+02:00"
        ) from None


def asked_run(arguments: argparse.Namespace) -> Run:
    """Run what the arguments ask for; Ctrl-C stops early and gives back what is done.

    Raises
    ------
    RequestError
        If the one question that is asked for by name closes while the record lasts that a posterior was fitted to.
    ResultError
        If the posterior cannot be read.
    """
    from detente.run import run  # brings JAX, which commands that run nothing do not need

    posterior = None
    if arguments.posterior is not None:
        from detente.hindcast.posterior_file import load_posterior  # a plain run does not need it

        posterior = load_posterior(arguments.posterior)
    with progress_bar("running", arguments.worlds) as progress:
        made = run(
            under_asked_rule(arguments),
            worlds=arguments.worlds,
            seed=arguments.seed,
            account=arguments.account,
            readings=readings_of(arguments.reading),
            as_of=arguments.as_of,
            weighted=not arguments.unweighted,
            precision=arguments.precision,
            progress=progress,
            stop=threading.Event(),
            posterior=posterior,
        )
    made.refuse_closed(getattr(arguments, "question", ""))
    if made.closed:
        left_out = f"not answered, since they close by {made.provenance.posterior_until}: {', '.join(made.closed)}"
        print(f"detente: {left_out}", file=sys.stderr)
    return made


def under_asked_rule(arguments: argparse.Namespace) -> Case:
    """Return the case that is asked for, with the rule of decision that is asked for."""
    case = arguments.case if isinstance(arguments.case, Case) else load(arguments.case)
    return case if arguments.rule is None else case.under_rule(arguments.rule)


def refuse_part(arguments: argparse.Namespace) -> None:
    """Refuse to explore where only a part is told: an exploration goes over all readings and the declared ranges."""
    if arguments.explore and arguments.posterior is not None:
        raise RequestError("an exploration goes over the declared ranges; leave out --explore, or --posterior")
    if arguments.explore and (arguments.account is not None or arguments.reading):
        raise RequestError("an exploration goes over all readings; leave out --explore, or --account and --reading")


def asked_exploration(arguments: argparse.Namespace, made: Run) -> Exploration | None:
    """Explore the case of a run, where that is asked for and the run was not stopped on its way."""
    if not arguments.explore or made.provenance.partial:
        return None
    from detente.exploration.explore import WORLDS  # these bring SciPy, which a plain run does not need
    from detente.exploration.storing import kept_exploration

    with progress_bar("exploring", WORLDS) as progress:
        return kept_exploration(
            made.case, worlds=WORLDS, seed=arguments.seed, weighted=not arguments.unweighted, progress=progress
        )


@contextmanager
def writing(where: Path | None) -> Iterator[None]:
    """Turn a failure to write into an error that names the file.

    Raises
    ------
    RequestError
        If something cannot be written; ``where`` is named where the failure itself names no file.
    """
    try:
        yield
    except OSError as error:
        raise RequestError(f"{error.filename or where}: cannot be written ({error.strerror})") from None


@contextmanager
def progress_bar(doing: str, worlds: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar where a person looks on; give what to call with the number of worlds done since the last call."""
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} worlds"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=worlds)
        yield lambda done: bar.advance(task, done)
