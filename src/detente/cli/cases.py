"""``detente cases``: the cases that come with the package."""

from __future__ import annotations

import argparse

from detente.scenario import Case, bundled_cases, load

__all__ = ["add_to"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("cases", help="list the cases that come with the package")
    command.set_defaults(does=cases)


def cases(arguments: argparse.Namespace) -> int:
    """Print each case's name, the methods that it serves, and its title."""
    names = bundled_cases()
    width = max(map(len, names))
    for name in names:
        case = load(name)
        print(f"{name:{width}}  {', '.join(_methods(case)):24}  {case.scenario.title}")
    return 0


def _methods(case: Case) -> list[str]:
    """Return the commands that have something to say about a case."""
    serves = {
        "run": bool(case.scenario.questions),
        "stability": case.elements.conflict is not None,
        "hindcast": case.scenario.hindcast is not None,
    }
    return [method for method, served in serves.items() if served]
