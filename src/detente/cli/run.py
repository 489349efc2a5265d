"""``detente run``: a case run in many worlds, printed, and written as a page and as data."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from detente.analysis import study_of_run
from detente.analysis.kept_stability import kept_stability
from detente.analysis.study_file import save_study
from detente.brief.contents import brief_of
from detente.brief.report import write_report
from detente.brief.rows import Brief
from detente.cli.ahead import made_ahead
from detente.cli.asking import (
    add_explore_argument,
    add_run_arguments,
    asked_exploration,
    asked_run,
    requested,
    writing,
)
from detente.cli.expecting import asked_expectations
from detente.cli.scoring import add_hindcast_argument, asked_hindcast
from detente.dynamics import read_ahead, used_for
from detente.errors import RequestError
from detente.requests import RunRequest, prepared
from detente.scenario import load

__all__ = ["add_to", "show"]


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
    command.add_argument("--json", type=Path, metavar="FILE", help="write the brief as data; alone, no page is made")
    command.add_argument("--out", type=Path, metavar="DIR", help="where brief.html goes (the current folder)")
    command.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="save all that was computed, with the case, for 'detente brief FILE'; alone, no page is made",
    )
    command.set_defaults(does=run)


def run(arguments: argparse.Namespace) -> int:
    """Run, print, write."""
    request = requested(RunRequest, arguments)
    page = arguments.out is not None or (arguments.json is None and arguments.save is None)
    if not page and arguments.save is None:
        _refuse_without_page(request)
    purpose = f"run {request.case} explored={request.explore} scored={request.hindcast}"
    purpose += "" if request.rule is None else f" rule={request.rule}"
    read_ahead(purpose)
    case = prepared(load(request.case), request.rule)
    with made_ahead(case, request, page):
        made = asked_run(request, case)
        study = study_of_run(
            made,
            exploration=asked_exploration(request, made),
            hindcast=asked_hindcast(request, case, made),
            held=asked_expectations(request, made),
            stability=kept_stability if page or arguments.save is not None else None,
        )
    brief = brief_of(study)
    used_for(purpose)
    console = Console()
    with writing(arguments.out):
        if arguments.json is not None:
            arguments.json.parent.mkdir(parents=True, exist_ok=True)
            write_report(brief, arguments.json)
            console.print(f"data: {arguments.json}")
        if page:
            show(brief, console, arguments.out or Path())
        if arguments.save is not None:
            save_study(study, arguments.save)
            console.print(f"study: {arguments.save}")
    return 130 if brief.provenance.partial else 0


def _refuse_without_page(request: RunRequest) -> None:
    """Refuse to work for a page where none is made."""
    if request.explore:
        raise RequestError("--explore adds to the page; for data use 'detente explore CASE --json FILE'")
    if request.hindcast:
        raise RequestError("--hindcast adds to the page; for data use 'detente hindcast CASE --json FILE'")


def show(brief: Brief, console: Console, folder: Path) -> None:
    """Print the brief and write its page; what that takes is brought in here, since data alone does not need it."""
    from detente.brief.page import write_page
    from detente.brief.terminal import print_brief

    print_brief(brief, console)
    folder.mkdir(parents=True, exist_ok=True)
    write_page(brief, folder / "brief.html")
    console.print(f"page: {folder / 'brief.html'}")
