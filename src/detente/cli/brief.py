"""``detente brief``: the page of a saved study, without anything computed anew."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from detente.analysis.study import Study
from detente.cli.outputs import Outputs
from detente.interrupts import STOPPED

__all__ = ["add_to", "shown"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("brief", help="make the page of a saved study")
    command.add_argument("study", type=Path, metavar="FILE", help="what 'detente run CASE --save FILE' wrote")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the result as data; alone, no page is made")
    command.add_argument("--out", type=Path, metavar="DIR", help="where the page goes (the current folder)")
    command.set_defaults(does=brief)


def brief(arguments: argparse.Namespace) -> int:
    """Read, print, write."""
    from detente.analysis.study_file import load_study  # other commands begin without it

    return shown(load_study(arguments.study), Outputs.of(arguments))


def shown(study: Study, outputs: Outputs) -> int:
    """Lay a study out as the command did that made it, and return the exit status."""
    import_module(f"detente.cli.{study.request.COMMAND}").show(study, outputs)
    return STOPPED if study.partial else 0
