"""What Ctrl-C does to long work: the first ends it early and keeps what is done, the second ends everything."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

__all__ = ["KILLED", "STOPPED", "Interrupted", "stopped_by_signals"]

KILLED = 128
"""What a shell adds to the number of a signal that ended a command."""
STOPPED = KILLED + signal.SIGINT
"""The exit status of a command that a person stopped."""


class Interrupted(threading.Event):
    """Is set by the first signal that asks for the end; ``signal`` is its number, 0 before."""

    signal: int = 0


@contextmanager
def stopped_by_signals(signals: Sequence[int] = (signal.SIGINT,)) -> Iterator[Interrupted]:
    """Give an event that the first of some signals sets; a second one ends everything.

    Parameters
    ----------
    signals
        Their numbers; by default that of Ctrl-C.

    Raises
    ------
    KeyboardInterrupt
        Inside the block, at the second signal.
    """
    stop = Interrupted()

    def interrupted(number: int, _frame: FrameType | None) -> None:
        stop.signal = number
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():  # only there can a signal be caught
        yield stop
        return
    before = {number: signal.signal(number, interrupted) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
