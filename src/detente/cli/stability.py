"""``detente stability``: which outcomes of a case's conflict could hold, and what would move them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from detente.analysis.stability_study import StabilityStudy
from detente.brief.terminal_inverse import print_inverse
from detente.brief.terminal_stability import print_reasons, print_stability, print_state
from detente.cli.answering import kept
from detente.cli.asking import add_cut_argument, add_reading_argument, requested, seed_number
from detente.cli.outputs import Outputs, add_output_arguments
from detente.cli.streams import open_console
from detente.cli.watching import watching
from detente.errors import RequestError, nearest
from detente.requests import StabilityRequest
from detente.requests.kinds import Horizons
from detente.requests.stability import FURTHEST, MOST_RANKINGS, SANCTIONS
from detente.stability import Stability, required_preferences, why_stable
from detente.stability.inverse import INVERTED
from detente.stability.report import report

__all__ = ["add_to", "show"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("stability", help="say which outcomes could hold, and what would move them")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument("--account", metavar="NAME", help="only as this account tells it")
    add_reading_argument(command)
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
    ahead = command.add_mutually_exclusive_group()
    ahead.add_argument(
        "--horizon", type=_up_to, dest="horizons", default=StabilityRequest.horizons, metavar="H",
        help="look 2 to H moves ahead (3)",
    )  # fmt: skip
    ahead.add_argument(
        "--horizons", type=_horizons, dest="horizons", default=StabilityRequest.horizons, metavar="H,H",
        help="look so many moves ahead, such as 2,5",
    )  # fmt: skip
    command.add_argument(
        "--rankings", type=_rankings, default=1_000, metavar="N", help="rankings sampled; 0 for none (%(default)s)"
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same shares (%(default)s)"
    )
    command.add_argument("--no-coalitions", dest="coalitions", action="store_false", help="let no decision makers join")
    add_cut_argument(command)
    add_output_arguments(command, "stability.html")
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


def _up_to(text: str) -> tuple[int, ...]:
    value = _whole(text, 1, FURTHEST)
    if value is None:
        raise argparse.ArgumentTypeError(f"'{text}' is no horizon; write a whole number from 1 to {FURTHEST}")
    return tuple(range(2, value + 1))


def _horizons(text: str) -> tuple[int, ...]:
    try:
        return Horizons(FURTHEST).take(Horizons(FURTHEST).read([text]))
    except ValueError:
        wanted = f"write whole numbers from 2 to {FURTHEST} with commas between them"
        raise argparse.ArgumentTypeError(f"'{text}' are no horizons; {wanted}") from None


def run(arguments: argparse.Namespace) -> int:
    """Analyse, print, write.

    Raises
    ------
    RequestError
        If a reason is asked for and no state is named, or the case has no such state, decision maker or concept.
    """
    request, outputs = requested(StabilityRequest, arguments), Outputs.of(arguments)
    if (arguments.why or arguments.actor or arguments.concept) and arguments.state is None:
        raise RequestError("--why tells of one state; name it with --state, by its number or its name")
    one = arguments.state is not None or arguments.inverse is not None
    whole = not one or outputs != Outputs()
    # One state needs neither coalitions nor rankings.
    asked = request if whole else replace(request, rankings=0, coalitions=False)
    with kept(arguments) as answering:
        with watching() as watch:
            study = answering.study(asked, StabilityStudy, watch.progress if asked.rankings else None, watch.stop)
        console = open_console()
        if arguments.state is not None:
            _one_state(study.found, arguments, console)
        if arguments.inverse is not None:
            _asked_backwards(study.found, arguments.inverse, console)
        if whole:
            show(study, outputs)
    return watch.status(study.partial)


def show(study: StabilityStudy, outputs: Outputs) -> None:
    """Print what could hold, and write its page and its data."""
    found = study.found

    def page(file: Path) -> None:
        from detente.brief.page import write_stability_page  # brings the figures, which data alone does not need

        write_stability_page(found, file)

    outputs.write(
        study,
        open_console(),
        data=lambda: report(found),
        show=lambda console: print_stability(found, console),
        page=("stability.html", page),
    )


def _one_state(result: Stability, arguments: argparse.Namespace, console: Console) -> None:
    """Print one state, and why it holds or not."""
    number = result.state(arguments.state).id
    if not arguments.why:
        print_state(result, number, console)
        return
    makers = [_named(arguments.actor, result)] if arguments.actor else list(result.makers)
    concepts = [arguments.concept] if arguments.concept else list(result.concepts)
    print_reasons(result, [why_stable(result, number, m, c) for m in makers for c in concepts], console)


def _asked_backwards(result: Stability, state: str, console: Console) -> None:
    """Print what would have to be preferred for a state to hold, each concept as soon as it is found."""
    number = result.state(state).id
    found = ((concept, required_preferences(result, number, concepts=[concept])) for concept in INVERTED)
    print_inverse(result, number, found, console)


def _named(text: str, result: Stability) -> str:
    """Return the name of a decision maker given by its name or by what it is called."""
    by_title = {title.casefold(): name for name, title in result.makers.items()}
    found = by_title.get(text.casefold(), text)
    if found not in result.makers:
        mend = nearest(text, set(result.makers)) or "they are " + ", ".join(result.makers)
        raise RequestError(f"{result.case.name} has no decision maker '{text}'; {mend}")
    return found
