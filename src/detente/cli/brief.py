"""``detente brief``: the page of a saved study, without anything computed anew."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from detente.cli.asking import writing

__all__ = ["add_to"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("brief", help="make the page of a saved study")
    command.add_argument("study", type=Path, metavar="FILE", help="what 'detente run CASE --save FILE' wrote")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the brief as data; alone, no page is made")
    command.add_argument("--out", type=Path, metavar="DIR", help="where brief.html goes (the current folder)")
    command.set_defaults(does=brief)


def brief(arguments: argparse.Namespace) -> int:
    """Read, print, write."""
    # What a brief takes is brought in here: other commands begin without it.
    from detente.analysis.study_file import load_study
    from detente.brief.contents import brief_of
    from detente.brief.report import write_report
    from detente.cli.run import show

    made, console = brief_of(load_study(arguments.study)), Console()
    with writing(arguments.out):
        if arguments.json is not None:
            write_report(made, arguments.json)
            console.print(f"data: {arguments.json}")
        if arguments.json is None or arguments.out is not None:
            show(made, console, arguments.out or Path())
    return 130 if made.provenance.partial else 0
