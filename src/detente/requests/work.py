"""How the work is cut, watched and stopped, which changes no bit of a result and so is no part of a request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from detente.errors import RequestError
from detente.interrupts import stopped_by_signals
from detente.journal import Journal
from detente.requests.kinds import Whole, checked

__all__ = ["Work", "interruptible"]

MOST_THREADS = 4_096
MOST_AT_ONCE = 2**31 - 1


@dataclass(frozen=True)
class Work:
    """How the work is cut, watched and stopped.

    Parameters
    ----------
    threads, block_worlds
        How many threads share the work, and how many worlds are run at once; None leaves it to the machine.
    progress
        Called with the number of worlds done since the last call.
    stop
        Set to end early: what is done by then comes back, marked as partial.
    journal
        Has what was done before an interruption, and takes what is done now; None where none is kept.

    Raises
    ------
    RequestError
        If one of them is of the wrong kind or out of its bounds.
    """

    threads: int | None = None
    block_worlds: int | None = None
    progress: Callable[[int], None] | None = None
    stop: threading.Event | None = None
    journal: Journal | None = None

    def __post_init__(self) -> None:
        if self.threads is not None:
            checked("threads", Whole(1, MOST_THREADS), self.threads)
        if self.block_worlds is not None:
            checked("block_worlds", Whole(1, MOST_AT_ONCE), self.block_worlds)
        if self.progress is not None and not callable(self.progress):
            came = type(self.progress).__name__
            raise RequestError(f"progress: expected a function of one number, and {came} came")
        if self.stop is not None and not callable(getattr(self.stop, "is_set", None)):
            raise RequestError(f"stop: expected a threading.Event, and {type(self.stop).__name__} came")

    @property
    def stopped(self) -> bool:
        """Whether it was asked to end."""
        return self.stop is not None and self.stop.is_set()


@contextmanager
def interruptible(work: Work) -> Iterator[Work]:
    """Let a first Ctrl-C end work early that nobody else can stop: a notebook then keeps what is done, as a command."""
    if work.stop is not None:
        yield work
        return
    with stopped_by_signals() as stop:
        yield replace(work, stop=stop)
