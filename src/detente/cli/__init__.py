"""The commands: one file each, no analysis of their own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from detente.cli import cases, check, compare, explore, run, schema, source, stability, why
from detente.errors import CaseError, DetenteError

__all__ = ["main"]

COMMANDS = (check, run, why, explore, compare, stability, cases, source, schema)
Command = Callable[[argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    whole = argparse.ArgumentParser(
        prog="detente", description="Turn a described crisis into an explicit, sourced, runnable model, and ask it."
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    return whole


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 faults in what was given, 2 a wrong call, 130 stopped."""
    arguments = parser().parse_args(argv)
    command: Command = arguments.does
    try:
        return command(arguments)
    except CaseError as error:
        for finding in error.findings:
            print(finding, file=sys.stderr)
        return 1
    except DetenteError as error:
        print(f"detente: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print("detente: stopped", file=sys.stderr)
        return 130
