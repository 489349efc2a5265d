"""The commands: one file each, no analysis of their own."""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from detente.cache import refused
from detente.cli.ahead import begin
from detente.cli.streams import guard_streams
from detente.errors import CaseError, DetenteError
from detente.interrupts import STOPPED
from detente.runtime import current

__all__ = ["main"]

COMMANDS = (
    "check", "run", "brief", "why", "explore", "compare", "rules", "hindcast", "fit", "stability", "validate", "cases",
    "source", "schema", "runs", "init", "cache",
)  # fmt: skip
Command = Callable[[argparse.Namespace], int]
YOUNG = 100_000
"""Objects made since the last search for those that nobody can reach, before there is another. A command makes many
that it keeps: searching among them as often as Python does takes a tenth of a short command's time."""


def parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return the parser of the command line, with all commands or some."""
    whole = argparse.ArgumentParser(
        prog="detente", description="Turn a described crisis into an explicit, sourced, runnable model, and ask it."
    )
    added = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in commands:
        import_module(f"detente.cli.{command}").add_to(added)
    return whole


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 faults in what was given, 2 a wrong call, 130 stopped.

    Without ``argv`` the command is that of the process, which ends with it.
    """
    if argv is not None:
        return _done(_needed(argv), argv)
    argv = sys.argv[1:]
    guard_streams()
    # Blocks of worlds keep the cores busy; threads of NumPy's library for products would only wait about beside them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    begin(argv)
    gc.disable()  # nothing that is brought in is ever thrown away
    known = _needed(argv)
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on there is something to end in order
        status = _done(known, argv)
    except KeyboardInterrupt:  # while it was ending
        status = STOPPED
    except SystemExit as ended:  # a wrong call, or one for help
        status = ended.code if isinstance(ended.code, int) else 0
    except BaseException:  # a fault of ours is told in full
        sys.excepthook(*sys.exc_info())
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is over in a moment
        _leave(status)
    return status


def _needed(argv: list[str]) -> argparse.ArgumentParser:
    """Return the parser of the one command named: it waits for what it needs itself, not for the others' libraries."""
    return parser([argv[0]] if argv and argv[0] in COMMANDS else COMMANDS)


def _done(known: argparse.ArgumentParser, argv: list[str]) -> int:
    arguments = known.parse_args(argv)
    command: Command = arguments.does
    try:
        status = command(arguments)
        for warning in (*current().warnings, *refused()):
            print(f"detente: {warning}", file=sys.stderr)
        return status
    except CaseError as error:
        for finding in error.findings:
            print(finding, file=sys.stderr)
        return 1
    except DetenteError as error:
        print(f"detente: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("detente: stopped", file=sys.stderr)
        return STOPPED


def _leave(status: int) -> None:
    """End the process without taking a third of a second to pull down what the system gives back at once anyway.

    What was registered to be done at the end is done, and what was printed is out.
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
