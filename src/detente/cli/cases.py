"""``detente cases``: the cases that come with the package."""

from __future__ import annotations

import argparse

from detente.scenario import bundled_cases, load

__all__ = ["add_to"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("cases", help="list the cases that come with the package")
    command.set_defaults(does=cases)


def cases(arguments: argparse.Namespace) -> int:
    """Print each case's name and title."""
    for name in bundled_cases():
        print(f"{name:20} {load(name).scenario.title}")
    return 0
