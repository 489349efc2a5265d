"""How a person follows long work and ends it: bars where somebody looks on, and what signals do."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from detente.cli.streams import open_console
from detente.interrupts import KILLED, Interrupted, stopped_by_signals

__all__ = ["Watched", "watching"]

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM") if hasattr(signal, name))


@dataclass(frozen=True)
class Watched:
    """A bar for each stage of the work, and what ends it."""

    bars: Progress
    stop: Interrupted

    def progress(self, doing: str, total: int | None) -> Callable[[int], None]:
        """Show one more bar; give what to call with the number done since the last call."""
        task = self.bars.add_task(doing, total=total)
        return lambda done: self.bars.advance(task, done)

    def status(self, partial: bool) -> int:
        """Return the exit status of a command: 0, or where it was stopped that of the signal."""
        return KILLED + (self.stop.signal or signal.SIGINT) if partial else 0


@contextmanager
def watching() -> Iterator[Watched]:
    """Show bars where a person looks on; a first Ctrl-C, or a wish of the system, ends the work early.

    What is done by then comes back, marked as partial. A second signal ends everything.
    """
    console = open_console(error=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        stopped_by_signals(SIGNALS) as stop,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars,
    ):
        yield Watched(bars, stop)
