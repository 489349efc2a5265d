"""What is kept, as bytes under a kind and a name: written in one step, read back if this installation wrote it."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

from detente.cache.digest import ONLY_FILES, SIZE, digest, key, matches
from detente.cache.folder import cache_folder, own_folder
from detente.cache.size import prune
from detente.writing import written_whole

__all__ = ["holds", "load", "store"]

LARGEST = 2**29
"""Bytes of the largest thing that is read back."""
ROOM = 2**28
"""Bytes of what could not be written that are held at most; what was kept first goes first."""
_unwritten: dict[Path, bytes] = {}
_changing = threading.Lock()


def load(kind: str, name: str) -> bytes | None:
    """Return what is kept under a kind and a name; None where nothing is, or where it is not what was written here.

    Parameters
    ----------
    kind, name
        As :func:`store` was given them.

    Returns
    -------
    bytes or None
        What was stored.
    """
    made_with, folder = key(), own_folder()
    sealed = None if made_with is None or folder is None else _read(folder / kind / name)
    if sealed is None or made_with is None or not matches(made_with, f"{kind}/{name}", sealed):
        return _unwritten.get(cache_folder() / kind / name)
    return sealed[SIZE:]


def store(kind: str, name: str, content: bytes) -> None:
    """Keep something at once, so that another process never reads half of it; in memory where it cannot be written.

    Parameters
    ----------
    kind, name
        Of what is kept: a folder, and a file in it.
    content
        What is kept.
    """
    made_with, folder = key(), own_folder()
    if made_with is not None and folder is not None:
        try:
            with written_whole(folder / kind / name) as part:
                part.write_bytes(digest(made_with, f"{kind}/{name}", content) + content)
        except OSError:
            pass
        else:
            prune(folder)
            return
    _hold(cache_folder() / kind / name, content)


def holds(kind: str, name: str) -> bool:
    """Whether something lies under a kind and a name, in a cache that is used; what it is, only loading it tells."""
    folder = own_folder()
    return key() is not None and folder is not None and (folder / kind / name).is_file()


def _read(file: Path) -> bytes | None:
    """Return what is in a file, and mark it as used now; None where there is none, or where it is no plain file."""
    try:
        with open(os.open(file, ONLY_FILES), "rb") as opened:
            found = os.fstat(opened.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
                return None
            content = opened.read()
    except OSError:
        return None
    with suppress(OSError):
        os.utime(file)
    return content


def _hold(file: Path, content: bytes) -> None:
    """Hold in memory what could not be written, and let the oldest go where there is no room."""
    with _changing:
        _unwritten.pop(file, None)
        _unwritten[file] = content
        while sum(map(len, _unwritten.values())) > ROOM:
            del _unwritten[next(iter(_unwritten))]
