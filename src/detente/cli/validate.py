"""``detente validate``: the tests that a reviewer of a model asks for, each with a verdict."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from detente.brief.terminal_validation import print_validation
from detente.brief.validated import sheet_of
from detente.cli.asking import (
    add_cut_argument,
    add_rule_argument,
    requested,
    seed_number,
    world_count,
    writing,
)
from detente.cli.stopping import stopped_by_ctrl_c
from detente.requests import ValidateRequest, prepared
from detente.requests.validate import MOST_TESTED
from detente.results import write_data
from detente.scenario import Case, load
from detente.validation import Validation, validation_data
from detente.validation.validate import WORLDS, perform_validation, stage_count

__all__ = ["add_to"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("validate", help="hold a case to the tests that a reviewer of a model asks for")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument(
        "--quick",
        action="store_true",
        help="leave out what takes longest: five times the days, other steps, scores, ranges, rules",
    )
    command.add_argument(
        "--worlds", type=_worlds, default=WORLDS, metavar="N", help="worlds of each test (%(default)s)"
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same sheet (%(default)s)"
    )
    add_rule_argument(command)
    add_cut_argument(command)
    command.add_argument("--json", type=Path, metavar="FILE", help="write the sheet as data; alone, no page is made")
    command.add_argument("--out", type=Path, metavar="DIR", help="where validation.html goes (the current folder)")
    command.set_defaults(does=run)


def _worlds(text: str) -> int:
    """Read how many worlds a test runs; all of them are held at once, so there is a limit."""
    return world_count(text, MOST_TESTED)


def run(arguments: argparse.Namespace) -> int:
    """Validate, print, write."""
    request = requested(ValidateRequest, arguments)
    case = prepared(load(request.case), request.rule, request.as_of)
    found = _asked(request, case)
    console = Console()
    with writing(arguments.out):
        if arguments.json is not None:
            write_data(validation_data(found), arguments.json)
            console.print(f"data: {arguments.json}")
        if arguments.json is None or arguments.out is not None:
            from detente.brief.page import write_validation_page  # brings the templates, which data alone does not need

            print_validation(case, sheet_of(found), console)
            folder = arguments.out or Path()
            folder.mkdir(parents=True, exist_ok=True)
            write_validation_page(case, found, folder / "validation.html")
            console.print(f"page: {folder / 'validation.html'}")
    return 130 if found.provenance.partial else 0


def _asked(request: ValidateRequest, case: Case) -> Validation:
    """Validate with a progress bar; a first Ctrl-C keeps the tests that are done."""
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total} stages"),
        TimeElapsedColumn(),
    )
    with (
        stopped_by_ctrl_c() as stop,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        task = bar.add_task("validating", total=stage_count(case, request.quick))
        return perform_validation(request, case, lambda done: bar.advance(task, done), stop)
