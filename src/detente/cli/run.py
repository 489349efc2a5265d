"""``detente run``: a case run in many worlds, printed, and written as a page and as data."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from detente.analysis import RunStudy
from detente.cli.ahead import brought_in
from detente.cli.answering import kept
from detente.cli.asking import add_explore_argument, add_hindcast_argument, add_run_arguments, requested
from detente.cli.outputs import Outputs, add_output_arguments
from detente.cli.streams import open_console
from detente.cli.watching import watching
from detente.errors import RequestError
from detente.requests import RunRequest

__all__ = ["add_to", "show", "tell_closed"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("run", help="run a case and write its brief")
    add_run_arguments(command, worlds=100_000)
    add_explore_argument(command, "show on the page what each answer hangs on, down to sentences to check first")
    add_hindcast_argument(command)
    command.add_argument(
        "--expectations",
        action="store_true",
        help="hold the model to what its claims expect too, and show which of them it bears out",
    )
    add_output_arguments(command, "brief.html")
    command.set_defaults(does=run)


def run(arguments: argparse.Namespace) -> int:
    """Run, print, write."""
    request, outputs = requested(RunRequest, arguments), Outputs.of(arguments)
    if not outputs.shown and outputs.save is None:
        _refuse_without_page(request)
    with brought_in(outputs.shown), kept(arguments) as answering:
        with watching() as watch:
            study = answering.study(request, RunStudy, watch.progress, watch.stop)
        tell_closed(study)
        show(study, outputs)
    return watch.status(study.partial)


def _refuse_without_page(request: RunRequest) -> None:
    """Refuse to work for a page where none is made."""
    if request.explore:
        raise RequestError("--explore adds to the page; for data use 'detente explore CASE --json FILE'")
    if request.hindcast:
        raise RequestError("--hindcast adds to the page; for data use 'detente hindcast CASE --json FILE'")


def tell_closed(study: RunStudy) -> None:
    """Say on the error stream which questions are not answered, since they close while a posterior's record lasts."""
    if study.closed:
        until = study.provenance.posterior_until
        print(f"detente: not answered, since they close by {until}: {', '.join(study.closed)}", file=sys.stderr)


def show(study: RunStudy, outputs: Outputs) -> None:
    """Print the brief, and write its page and its data; what they take is brought in where they are asked for."""
    from detente.brief.contents import brief_of

    brief = brief_of(study)

    def data() -> dict[str, Any]:
        from detente.brief.report import report

        return report(brief)

    def printed(console: Console) -> None:
        from detente.brief.terminal import print_brief

        print_brief(brief, console)

    def page(file: Path) -> None:
        from detente.brief.page import write_page

        write_page(brief, file)

    outputs.write(study, open_console(), data=data, show=printed, page=("brief.html", page))
