"""What is kept under the user's cache directory: found by a fingerprint, written in one step, trusted only where whole.

A cache only saves time: what cannot be read is made anew, and what cannot be written is only slower.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

import platformdirs

__all__ = ["cache_file", "fingerprint", "fingerprint_of_code", "keep", "kept"]

PACKAGE = Path(__file__).resolve().parent
SUM = 32
"""Bytes of the sum that stands before what is kept."""


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
    return platformdirs.user_cache_path("detente") / kind / name


def kept(file: Path) -> bytes | None:
    """Return what was kept in a file; None where nothing was, or where it is not what was written."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    return content[SUM:] if hashlib.sha256(content[SUM:]).digest() == content[:SUM] else None


def keep(file: Path, content: bytes) -> None:
    """Keep something in a file, at once, so that another process never reads half of it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(hashlib.sha256(content).digest() + content)
        part.replace(file)
    except OSError:
        pass
