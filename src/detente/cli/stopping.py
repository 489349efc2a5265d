"""What Ctrl-C does to long work: the first ends it early and keeps what is done, the second ends everything."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["stopped_by_ctrl_c"]


@contextmanager
def stopped_by_ctrl_c() -> Iterator[threading.Event]:
    """Give an event that a first Ctrl-C sets; a second one ends everything."""
    stop = threading.Event()

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():  # only there can a signal be caught
        yield stop
        return
    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
