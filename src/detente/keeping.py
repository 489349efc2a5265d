"""What is kept under the user's cache directory: found by a fingerprint, written in one step, trusted only where whole.

A cache only saves time: what cannot be read is made anew. What cannot be written is held in memory, as long as there is
room, so that one process makes nothing twice.
"""

from __future__ import annotations

import hashlib
import os
import threading
from functools import cache
from pathlib import Path

import platformdirs

from detente.writing import written_whole

__all__ = ["cache_file", "cache_folder", "fingerprint", "fingerprint_of_code", "keep", "kept"]

PACKAGE = Path(__file__).resolve().parent
SUM = 32
"""Bytes of the sum that stands before what is kept."""
ROOM = 256 * 2**20
"""Bytes of what could not be written that are held at most; what was kept first goes first."""
_unwritten: dict[Path, bytes] = {}
_changing = threading.Lock()


def fingerprint(*parts: str) -> str:
    """Return a short name for everything that something kept depends on."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


@cache
def fingerprint_of_code(*rooms: str) -> str:
    """Return the fingerprint of the package's own code: while it is worked on, nothing stale is read.

    Parameters
    ----------
    rooms
        Folders of the package whose code decides about what is kept; ``.`` for the files beside them.
    """
    digest = hashlib.sha256()
    for room in rooms:
        for file in sorted((PACKAGE / room).glob("*.py" if room == "." else "**/*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def cache_file(kind: str, name: str) -> Path:
    """Return where something of a kind is kept under a name."""
    return cache_folder() / kind / name


def cache_folder() -> Path:
    """Return the folder of everything kept: ``DETENTE_CACHE`` where it is set, or that of the user's caches."""
    given = os.environ.get("DETENTE_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("detente")


def kept(file: Path) -> bytes | None:
    """Return what was kept in a file; None where nothing was, or where it is not what was written."""
    try:
        content = file.read_bytes()
    except OSError:
        return _unwritten.get(file)
    return content[SUM:] if hashlib.sha256(content[SUM:]).digest() == content[:SUM] else _unwritten.get(file)


def keep(file: Path, content: bytes) -> None:
    """Keep something in a file, at once, so that another process never reads half of it; else in memory."""
    try:
        with written_whole(file) as part:
            part.write_bytes(hashlib.sha256(content).digest() + content)
    except OSError:
        _hold(file, content)


def _hold(file: Path, content: bytes) -> None:
    """Hold in memory what could not be written, and let the oldest go where there is no room."""
    with _changing:
        _unwritten.pop(file, None)
        _unwritten[file] = content
        while sum(map(len, _unwritten.values())) > ROOM:
            del _unwritten[next(iter(_unwritten))]
