"""What the page of a run needs beside its worlds, made ready while a core is idle, and kept where the page looks.

It takes seconds where the caches are empty. The script of the figures is begun before anything else is brought in, the
rest while the kernel is compiled. Little is brought in with this file itself, since the process begins with it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from detente.brief.bundle import begin_script

if TYPE_CHECKING:
    from detente.requests import RunRequest
    from detente.scenario import Case

__all__ = ["begin", "made_ahead"]

LATER, LATER_FOR_PAGE = ("scipy.special",), ("detente.brief.page", "detente.brief.terminal")
"""What only the brief needs, and what only its page needs."""


def begin(argv: Sequence[str]) -> None:
    """Begin to make the script of the figures, if a command line looks as if it asked for a page."""
    given = {word.split("=")[0] for word in argv[1:]}
    if argv[:1] == ["run"] and ("--json" not in given or "--out" in given):
        begin_script()


def _give_way() -> None:
    """Let whatever else wants a core go before this thread, where the system has priorities for threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


@contextmanager
def made_ahead(case: Case, request: RunRequest, page: bool) -> Iterator[None]:
    """Meanwhile make ready what the page will need and the run does not: all of it is kept where the page looks for it.

    It takes seconds where the caches are empty, while the compiler leaves a core idle.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(1, initializer=_give_way) as aside:
        aside.submit(_bring_in, LATER + LATER_FOR_PAGE if page else LATER)
        if page:
            aside.submit(_analyse, case, request, stop)
            aside.submit(_look_up, case)
        try:
            yield
        except BaseException:
            stop.set()
            aside.shutdown(wait=False, cancel_futures=True)
            raise


def _bring_in(modules: Sequence[str]) -> None:
    """Bring in what is needed when all worlds are counted, while the compiled kernel is read back."""
    for module in modules:
        import_module(module)


def _look_up(case: Case) -> None:
    """Estimate how long what the case's questions are compared with lasted."""
    from detente.hindcast.base_rates import survival

    for reference_class in case.elements.reference_classes.values():
        survival(reference_class)


def _analyse(case: Case, request: RunRequest, stop: threading.Event) -> None:
    """Analyse the case's conflict as the page will ask for it; what is wrong with the request, the run will say."""
    from detente.analysis.kept_stability import kept_stability
    from detente.scenario import fixed_readings

    case = case if request.as_of is None else case.cut(request.as_of)
    fixed = fixed_readings(case, request.account, request.readings)
    if case.elements.conflict is not None:
        kept_stability(case, account=request.account, readings=fixed, seed=request.seed, stop=stop)
