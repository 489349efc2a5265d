"""``detente stability``: which outcomes of a case's conflict could hold, and what would move them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from detente.brief.terminal_inverse import print_inverse
from detente.brief.terminal_stability import print_reasons, print_stability, print_state
from detente.cli.asking import readings_of, seed_number, writing
from detente.cli.stopping import stopped_by_ctrl_c
from detente.errors import RequestError, nearest
from detente.scenario import Case, load
from detente.stability import Stability, stability
from detente.stability.reach import SANCTIONS

__all__ = ["add_to"]

MOST_RANKINGS = 10**7
FURTHEST = 100


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("stability", help="say which outcomes could hold, and what would move them")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument("--account", metavar="NAME", help="only as this account tells it")
    command.add_argument(
        "--reading", action="append", default=[], metavar="CLAIM=READING", help="fix a reading; may repeat"
    )
    command.add_argument("--state", metavar="STATE", help="only this state, by its number or its name")
    command.add_argument(
        "--why", action="store_true", help="with --state: why it is stable or not, sentence by sentence"
    )
    command.add_argument("--actor", metavar="ACTOR", help="with --why: for this decision maker only")
    command.add_argument("--concept", metavar="CONCEPT", help="with --why: under this concept only, such as seq")
    command.add_argument("--inverse", metavar="STATE", help="what would have to be preferred for this state to hold")
    command.add_argument(
        "--sanctions", choices=SANCTIONS, default="legal", metavar="RULE", help="legal (as by default), once or single"
    )
    command.add_argument(
        "--horizon", type=_horizon, default=3, metavar="H", help="look up to H moves ahead (%(default)s)"
    )
    command.add_argument(
        "--rankings", type=_rankings, default=1_000, metavar="N", help="rankings sampled; 0 for none (%(default)s)"
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same shares (%(default)s)"
    )
    command.add_argument("--json", type=Path, metavar="FILE", help="write the result as data; alone, no page is made")
    command.add_argument("--out", type=Path, metavar="DIR", help="where stability.html goes (the current folder)")
    command.set_defaults(does=run)


def _whole(text: str, least: int, most: int) -> int | None:
    try:
        value = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        return None
    return value if least <= value <= most else None


def _rankings(text: str) -> int:
    value = _whole(text, 0, MOST_RANKINGS)
    if value is None:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of rankings; write for example 1000, or 0 for none")
    return value


def _horizon(text: str) -> int:
    value = _whole(text, 1, FURTHEST)
    if value is None:
        raise argparse.ArgumentTypeError(f"'{text}' is no horizon; write a whole number from 1 to {FURTHEST}")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Analyse, print, write."""
    case = load(arguments.case)
    if (arguments.why or arguments.actor or arguments.concept) and arguments.state is None:
        raise RequestError("--why tells of one state; name it with --state, by its number or its name")
    one = arguments.state is not None or arguments.inverse is not None
    whole = not one or arguments.json is not None or arguments.out is not None
    result = _asked(case, arguments, whole=whole)
    console = Console()
    if arguments.state is not None:
        _one_state(result, arguments, console)
    if arguments.inverse is not None:
        print_inverse(result, result.state(arguments.inverse).id, console)
    if whole:
        _write(result, arguments, console)
    return 130 if result.provenance.partial else 0


def _asked(case: Case, arguments: argparse.Namespace, *, whole: bool) -> Stability:
    """Analyse as far as the arguments ask for: one state needs neither coalitions nor rankings."""
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rankings"),
        TimeRemainingColumn(),
    )
    rankings = arguments.rankings if whole else 0
    with (
        stopped_by_ctrl_c() as stop,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal or not rankings) as bar,
    ):
        task = bar.add_task("sampling", total=rankings)
        return stability(
            case,
            account=arguments.account,
            readings=readings_of(arguments.reading),
            sanctions=arguments.sanctions,
            horizons=tuple(range(2, arguments.horizon + 1)),
            rankings=rankings,
            seed=arguments.seed,
            coalitions=whole,
            progress=lambda done: bar.advance(task, done),
            stop=stop,
        )


def _one_state(result: Stability, arguments: argparse.Namespace, console: Console) -> None:
    """Print one state, and why it holds or not."""
    number = result.state(arguments.state).id
    if not arguments.why:
        print_state(result, number, console)
        return
    makers = [_named(arguments.actor, result)] if arguments.actor else list(result.makers)
    concepts = [arguments.concept] if arguments.concept else list(result.concepts)
    print_reasons(result, [result.why(number, m, c) for m in makers for c in concepts], console)


def _named(text: str, result: Stability) -> str:
    """Return the name of a decision maker given by its name or by what it is called."""
    by_title = {title.casefold(): name for name, title in result.makers.items()}
    found = by_title.get(text.casefold(), text)
    if found not in result.makers:
        mend = nearest(text, set(result.makers)) or "they are " + ", ".join(result.makers)
        raise RequestError(f"{result.case.name} has no decision maker '{text}'; {mend}")
    return found


def _write(result: Stability, arguments: argparse.Namespace, console: Console) -> None:
    """Write the data and the page, and print what holds where a page is made."""
    with writing(arguments.out):
        if arguments.json is not None:
            arguments.json.parent.mkdir(parents=True, exist_ok=True)
            result.save_json(arguments.json)
            console.print(f"data: {arguments.json}")
        if arguments.json is None or arguments.out is not None:
            from detente.brief.page import write_stability_page  # brings the figures, which data alone does not need

            print_stability(result, console)
            folder = arguments.out or Path()
            folder.mkdir(parents=True, exist_ok=True)
            write_stability_page(result, folder / "stability.html")
            console.print(f"page: {folder / 'stability.html'}")
