"""``detente run``: a case run in many worlds, printed, and written as a page and as data."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from rich.console import Console

from detente.brief import Brief, brief_of, write_report
from detente.cli.asking import (
    add_explore_argument,
    add_run_arguments,
    asked_exploration,
    asked_run,
    moment_of,
    readings_of,
    refuse_part,
    writing,
)
from detente.cli.scoring import add_hindcast_argument, asked_hindcast, refuse_hindcast
from detente.dynamics import read_ahead, used_for
from detente.errors import RequestError
from detente.scenario import Case, fixed_readings, load

__all__ = ["add_to"]

LATER, LATER_FOR_PAGE = ("scipy.special",), ("detente.brief.page", "detente.brief.terminal")
"""What only the brief needs, and what only its page needs."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("run", help="run a case and write its brief")
    add_run_arguments(command, worlds=100_000)
    add_explore_argument(command, "show on the page what each answer hangs on, down to sentences to check first")
    add_hindcast_argument(command)
    command.add_argument("--json", type=Path, metavar="FILE", help="write the brief as data; alone, no page is made")
    command.add_argument("--out", type=Path, metavar="DIR", help="where brief.html goes (the current folder)")
    command.set_defaults(does=run)


def run(arguments: argparse.Namespace) -> int:
    """Run, print, write."""
    if arguments.explore and arguments.json is not None and arguments.out is None:
        raise RequestError("--explore adds to the page; for data use 'detente explore CASE --json FILE'")
    refuse_part(arguments)
    refuse_hindcast(arguments)
    page = arguments.json is None or arguments.out is not None
    purpose = f"run {arguments.case}"
    read_ahead(purpose)
    arguments.case = load(arguments.case)
    with _ahead(arguments.case, arguments, page):
        made = asked_run(arguments)
        brief = brief_of(made, asked_exploration(arguments, made), asked_hindcast(arguments, made))
    used_for(purpose)
    console = Console()
    with writing(arguments.out):
        if arguments.json is not None:
            arguments.json.parent.mkdir(parents=True, exist_ok=True)
            write_report(brief, arguments.json)
            console.print(f"data: {arguments.json}")
        if page:
            _show(brief, console, arguments.out or Path())
    return 130 if brief.provenance.partial else 0


def _show(brief: Brief, console: Console, folder: Path) -> None:
    """Print the brief and write its page; what that takes is brought in here, since data alone does not need it."""
    from detente.brief.page import write_page
    from detente.brief.terminal import print_brief

    print_brief(brief, console)
    folder.mkdir(parents=True, exist_ok=True)
    write_page(brief, folder / "brief.html")
    console.print(f"page: {folder / 'brief.html'}")


@contextmanager
def _ahead(case: Case, arguments: argparse.Namespace, page: bool) -> Iterator[None]:
    """Meanwhile make ready what the page will need and the run does not: all of it is kept where the page looks for it.

    It takes seconds where the caches are empty, while the compiler leaves a core idle.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(1, initializer=_give_way) as aside:
        aside.submit(_bring_in, LATER + LATER_FOR_PAGE if page else LATER)
        if page:
            from detente.brief.bundle import script_bundle

            aside.submit(script_bundle)
            aside.submit(_analyse, case, arguments, stop)
            aside.submit(_look_up, case)
        try:
            yield
        except BaseException:
            stop.set()
            aside.shutdown(wait=False, cancel_futures=True)
            raise


def _give_way() -> None:
    """Let whatever else wants a core go before this thread, where the system has priorities for threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def _bring_in(modules: Sequence[str]) -> None:
    """Bring in what is needed when all worlds are counted, while the compiled kernel is read back."""
    for module in modules:
        import_module(module)


def _look_up(case: Case) -> None:
    """Estimate how long what the case's questions are compared with lasted."""
    from detente.hindcast.base_rates import survival

    for reference_class in case.elements.reference_classes.values():
        survival(reference_class)


def _analyse(case: Case, arguments: argparse.Namespace, stop: threading.Event) -> None:
    """Analyse the case's conflict as the page will ask for it; what is wrong with the request, the run will say."""
    from detente.brief.holding.keeping import kept_stability

    moment = moment_of(arguments.as_of)
    case = case if moment is None else case.cut(moment)
    fixed = fixed_readings(case, arguments.account, readings_of(arguments.reading))
    if case.elements.conflict is not None:
        kept_stability(case, account=arguments.account, readings=fixed, seed=arguments.seed, stop=stop)
