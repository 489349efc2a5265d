"""``detente run``: a case run in many worlds, printed, and written as a page and as data."""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console

from detente.brief import brief_of, write_report
from detente.brief.bundle import script_bundle
from detente.brief.terminal import print_brief
from detente.cli.asking import (
    add_explore_argument,
    add_run_arguments,
    asked_exploration,
    asked_run,
    refuse_part,
    writing,
)
from detente.errors import RequestError

__all__ = ["add_to"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("run", help="run a case and write its brief")
    add_run_arguments(command, worlds=100_000)
    add_explore_argument(command, "show on the page what each answer hangs on, down to sentences to check first")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the brief as data; alone, no page is made")
    command.add_argument("--out", type=Path, metavar="DIR", help="where brief.html goes (the current folder)")
    command.set_defaults(does=run)


def run(arguments: argparse.Namespace) -> int:
    """Run, print, write."""
    if arguments.explore and arguments.json is not None and arguments.out is None:
        raise RequestError("--explore adds to the page; for data use 'detente explore CASE --json FILE'")
    refuse_part(arguments)
    page = arguments.json is None or arguments.out is not None
    with ThreadPoolExecutor(1) as aside:
        if page:
            # Two seconds where the cache is cold, while the compiler leaves a core idle.
            aside.submit(script_bundle)
        made = asked_run(arguments)
    brief = brief_of(made, asked_exploration(arguments, made))
    console = Console()
    with writing(arguments.out):
        if arguments.json is not None:
            arguments.json.parent.mkdir(parents=True, exist_ok=True)
            write_report(brief, arguments.json)
            console.print(f"data: {arguments.json}")
        if page:
            from detente.brief.page import write_page  # brings the figures, which data alone does not need

            print_brief(brief, console)
            folder = arguments.out or Path()
            folder.mkdir(parents=True, exist_ok=True)
            write_page(brief, folder / "brief.html")
            console.print(f"page: {folder / 'brief.html'}")
    return 130 if brief.provenance.partial else 0
