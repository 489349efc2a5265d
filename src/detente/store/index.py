"""The list of the studies in a store, in SQLite: what was asked, when, and how large it came out.

The studies themselves are files that stand by themselves, so an index that is lost or damaged is made anew from them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from detente.errors import ResultError

__all__ = ["FORM", "Entry", "Index"]

FORM = 1
"""Of the store: raised where an older Détente could not use it any more."""
PATIENCE = 10.0
"""Seconds to wait for another process that writes."""


@dataclass(frozen=True)
class Entry:
    """One study that is kept.

    Parameters
    ----------
    key
        Its name in the store; a few of its first letters will do.
    command
        Which command asked it: ``run``, ``explore`` and so on.
    case, asked
        The case's name, and the whole command.
    made
        When it was kept, in UTC, ISO.
    worlds, seed
        How many worlds were run, and the seed.
    version
        Of Détente.
    size
        Bytes of its file.
    """

    key: str
    command: str
    case: str
    asked: str
    made: str
    worlds: int
    seed: int
    version: str
    size: int

    @property
    def short(self) -> str:
        """The first letters of its key, by which it is called."""
        return self.key[:10]


COLUMNS = tuple(one.name for one in fields(Entry))
TABLE = f"""CREATE TABLE IF NOT EXISTS studies (
    key TEXT PRIMARY KEY, command TEXT NOT NULL, {'"case"'} TEXT NOT NULL, asked TEXT NOT NULL, made TEXT NOT NULL,
    worlds INTEGER NOT NULL, seed INTEGER NOT NULL, version TEXT NOT NULL, size INTEGER NOT NULL)"""


class Index:
    """The list, in one file.

    Parameters
    ----------
    file
        Where it is; made where there is none.

    Raises
    ------
    ResultError
        If it was made by a version of another form.
    OSError, sqlite3.Error
        If it can be neither read nor written.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._begin()
        except sqlite3.OperationalError:  # busy, full, read-only: nothing is wrong with the file
            raise
        except sqlite3.DatabaseError:  # damaged: it is put aside, and made anew from the studies
            for one in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
                with suppress(FileNotFoundError):
                    one.replace(one.with_name(f"{one.name}.damaged"))
            self._begin()

    def _begin(self) -> None:
        with self._opened() as connection:
            (form,) = connection.execute("PRAGMA user_version").fetchone()
            if form not in (0, FORM):
                raise ResultError(
                    f"{self.file.parent}: this store was made by another version of detente, in form {form}; this one "
                    f"reads form {FORM}: use that version, or name another folder in DETENTE_STORE"
                )
            if form == 0:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(TABLE)
                connection.execute(f"PRAGMA user_version = {FORM}")
            connection.execute("SELECT count(*), max(made) FROM studies").fetchone()

    def entries(self) -> list[Entry]:
        """Return all entries, the newest first."""
        with self._opened() as connection:
            rows = connection.execute(f"SELECT {_columns()} FROM studies ORDER BY made DESC, key").fetchall()
        return [Entry(*row) for row in rows]

    def add(self, entry: Entry) -> None:
        """Add an entry, in place of the one with its key."""
        marks = ", ".join("?" * len(COLUMNS))
        with self._opened() as connection:
            connection.execute(f"INSERT OR REPLACE INTO studies ({_columns()}) VALUES ({marks})", astuple(entry))

    def remove(self, keys: Sequence[str]) -> None:
        """Remove entries."""
        with self._opened() as connection:
            connection.executemany("DELETE FROM studies WHERE key = ?", [(key,) for key in keys])

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.file, timeout=PATIENCE, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()


def _columns() -> str:
    return ", ".join(f'"{name}"' for name in COLUMNS)
