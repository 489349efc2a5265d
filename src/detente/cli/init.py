"""``detente init``: give a project a store of its own, so that what is computed in it stays with it."""

from __future__ import annotations

import argparse
from pathlib import Path

from detente.store.place import begin_project

__all__ = ["add_to"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("init", help="keep what is computed in a project with the project")
    command.add_argument(
        "folder", type=Path, nargs="?", default=Path(), metavar="DIR", help="the project's folder (the current one)"
    )
    command.set_defaults(does=init)


def init(arguments: argparse.Namespace) -> int:
    """Make the folder of the store, and say where it is."""
    folder, made = begin_project(arguments.folder)
    print(f"studies are kept in {folder}" if made else f"{folder} is there already: studies are kept in it")
    return 0
