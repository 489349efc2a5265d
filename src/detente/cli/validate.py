"""``detente validate``: the tests that a reviewer of a model asks for, each with a verdict."""

from __future__ import annotations

import argparse
from pathlib import Path

from detente.analysis import analyse
from detente.analysis.validation_study import ValidationStudy
from detente.brief.terminal_validation import print_validation
from detente.brief.validated import sheet_of
from detente.cli.asking import add_cut_argument, add_rule_argument, requested, seed_number, world_count
from detente.cli.outputs import Outputs, add_output_arguments
from detente.cli.streams import open_console
from detente.cli.watching import watching
from detente.requests import ValidateRequest
from detente.requests.validate import MOST_TESTED
from detente.validation import validation_data

__all__ = ["add_to", "show"]


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
        "--worlds", type=_worlds, default=ValidateRequest.worlds, metavar="N", help="worlds of each test (%(default)s)"
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same sheet (%(default)s)"
    )
    add_rule_argument(command)
    add_cut_argument(command)
    add_output_arguments(command, "validation.html", saved=False)
    command.set_defaults(does=run)


def _worlds(text: str) -> int:
    """Read how many worlds a test runs; all of them are held at once, so there is a limit."""
    return world_count(text, MOST_TESTED)


def run(arguments: argparse.Namespace) -> int:
    """Validate, print, write."""
    request = requested(ValidateRequest, arguments)
    with watching() as watch:
        study = analyse(request, progress=watch.progress, stop=watch.stop)
    show(study, Outputs.of(arguments))
    return watch.status(study.partial)


def show(study: ValidationStudy, outputs: Outputs) -> None:
    """Print the sheet, and write its page and its data."""
    case, found = study.case, study.found

    def page(file: Path) -> None:
        from detente.brief.page import write_validation_page  # brings the templates, which data alone does not need

        write_validation_page(case, found, file)

    outputs.write(
        study,
        open_console(),
        data=lambda: validation_data(found),
        show=lambda console: print_validation(case, sheet_of(found), console),
        page=("validation.html", page),
    )
