"""What of a long computation is done, written down as it goes, so that one that was interrupted goes on from there.

A computation is the same whenever it is asked for, so each of its steps can be called by a name: what stands under the
name is what the step would give. A journal is one file of SQLite, which drops what was half written, and which one
process holds at a time. It is there only from ten seconds on, it takes no more than about a hundredth of the time,
and whoever cannot write it computes without.
"""

from __future__ import annotations

import hashlib
import io
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Arrays", "Journal", "arrays_of", "remembered", "written_arrays"]

Arrays = Mapping[str, NDArray[Any]]
QUIET = 10.0
"""Seconds of work before which nothing is written: a short computation leaves no trace."""
PAUSE = 1.0
"""Seconds between two writings, at least."""
SHARE = 100.0
"""How many times as long as a writing took passes before the next."""
WAITING = 64 * 2**20
"""Bytes that wait to be written, at most."""
TABLE = "CREATE TABLE IF NOT EXISTS steps (name TEXT PRIMARY KEY, worlds INTEGER, digest BLOB, content BLOB)"


class Journal:
    """The steps of one computation that are done.

    Parameters
    ----------
    file
        Where it is written; it is opened where it is there, and else made when there is something to write.
    clock
        Tells seconds.
    """

    def __init__(self, file: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.file, self._clock, self._lock = file, clock, threading.RLock()
        self._waiting: dict[str, tuple[int, bytes]] = {}
        self._connection: sqlite3.Connection | None = None
        self._known: dict[str, int] = {}
        self._closed = False
        self.fault = ""
        """Why nothing is written any more; empty while it can be."""
        if file.is_file():
            self._open()
        self._next = clock() + (PAUSE if self._known else QUIET)

    @property
    def worlds(self) -> int:
        """How many worlds had been run when the computation was interrupted."""
        return sum(self._known.values())

    def recall(self, name: str) -> bytes | None:
        """Return what a step gave before the interruption; None where it was not reached, or is damaged."""
        with self._lock:
            if self._connection is None or name not in self._known:
                return None
            try:
                found = self._connection.execute("SELECT digest, content FROM steps WHERE name = ?", (name,)).fetchone()
            except sqlite3.Error:
                return None
            return found[1] if found is not None and found[0] == _digest(name, found[1]) else None

    def note(self, name: str, worlds: int, content: bytes) -> None:
        """Write down what a step gave, now or with the next ones.

        Parameters
        ----------
        name, worlds
            Of the step, and how many worlds were run for it.
        content
            What :meth:`recall` returns.
        """
        with self._lock:
            if not (self.fault or self._closed):
                self._waiting[name] = worlds, content
                self._write_if_due()

    def offer(self, make: Callable[[], Mapping[str, tuple[int, bytes]]], *, last: bool = False) -> None:
        """Write down how far something has come, in place of what stood under these names, if it is time to.

        Parameters
        ----------
        make
            Gives by name how many worlds were run and what is to be written; called only where it is written.
        last
            Whether nothing more will be offered: it is then written whenever the first seconds have passed.
        """
        if not self._lock.acquire(blocking=last):
            return  # another thread is at it
        try:
            due = self._clock() >= self._next or (last and self._connection is not None)
            if due and not (self.fault or self._closed):
                begun = self._clock()
                self._waiting.update(make())
                self._write(begun)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Write what waits, where there is a file already or the first seconds have passed, and close."""
        with self._lock:
            if self._waiting and (self._connection is not None or self._clock() >= self._next):
                self._write(self._clock())
            self._waiting.clear()
            if self._connection is not None:
                with suppress(sqlite3.Error):
                    self._connection.close()
                self._connection = None
            self._closed = True

    def remove(self) -> None:
        """Close, and remove the file: the result is kept elsewhere."""
        with self._lock:
            held = self._connection is not None
            self._waiting.clear()
            self.close()
            if held:
                _unlink(self.file)

    def _write_if_due(self) -> None:
        waiting = sum(len(content) for _, content in self._waiting.values())
        if self._clock() >= self._next or (self._connection is not None and waiting > WAITING):
            self._write(self._clock())

    def _write(self, begun: float) -> None:
        """Write all that waits, all of it or nothing."""
        if self._connection is None and not self._open():
            return
        assert self._connection is not None
        rows = [(name, worlds, _digest(name, content), content) for name, (worlds, content) in self._waiting.items()]
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany("INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?)", rows)
        except (sqlite3.Error, OverflowError) as error:
            self._give_up(error)
        self._waiting.clear()
        ended = self._clock()
        self._next = ended + max(PAUSE, SHARE * (ended - begun))

    def _open(self) -> bool:
        """Open the file, or make it, and hold it; a damaged one is begun anew."""
        for again in (False, True):
            try:
                self._connection = self._held()
                known = self._connection.execute("SELECT name, worlds FROM steps").fetchall()
                self._known = {str(name): int(worlds) for name, worlds in known}
                return True
            except sqlite3.OperationalError as error:  # another process holds it, or it cannot be written
                self._give_up(error)
                return False
            except (sqlite3.DatabaseError, ValueError, TypeError, OSError) as error:
                if again or isinstance(error, OSError):
                    self._give_up(error)
                    return False
                self._drop()
                _unlink(self.file)
        return False

    def _held(self) -> sqlite3.Connection:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        made = sqlite3.connect(self.file, timeout=0, isolation_level=None, check_same_thread=False)
        self._connection = made
        made.execute("PRAGMA locking_mode = EXCLUSIVE")
        made.execute("PRAGMA synchronous = FULL")
        made.execute("BEGIN IMMEDIATE")
        made.execute(TABLE)
        made.execute("COMMIT")
        return made

    def _give_up(self, error: Exception) -> None:
        self.fault = str(error) or type(error).__name__
        self._waiting.clear()
        self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def remembered(
    journal: Journal | None,
    name: str,
    worlds: int,
    compute: Callable[[], Arrays],
) -> Arrays:
    """Return what a step gives: as a journal has it, else computed and written down.

    Parameters
    ----------
    journal
        Of the computation; None where none is kept.
    name, worlds
        Of the step, and how many worlds are run for it.
    compute
        Computes it.

    Returns
    -------
    dict
        Arrays by name, the same bits whether they were read or computed.
    """
    if journal is None:
        return compute()
    held = journal.recall(name)
    if held is not None:
        with suppress(ValueError, OSError, KeyError):
            return arrays_of(held)
    found = compute()
    journal.note(name, worlds, written_arrays(found))
    return found


def written_arrays(arrays: Arrays) -> bytes:
    """Return arrays of numbers as bytes that :func:`arrays_of` reads back to the last bit."""
    into = io.BytesIO()
    given: dict[str, Any] = dict(arrays)
    np.savez(into, **given)
    return into.getvalue()


def arrays_of(content: bytes) -> Arrays:
    """Return the arrays that :func:`written_arrays` wrote.

    Raises
    ------
    ValueError, OSError, KeyError
        If the bytes are none of that kind.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        return {name: held[name] for name in held.files}


def _digest(name: str, content: bytes) -> bytes:
    return hashlib.blake2b(name.encode() + b"\0" + content, digest_size=16).digest()


def _unlink(file: Path) -> None:
    """Remove a journal, and what SQLite keeps beside it."""
    for one in (file, file.with_name(f"{file.name}-journal")):
        with suppress(OSError):
            one.unlink(missing_ok=True)
