"""Short names for all that something depends on: another one, and what is kept is not found."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

__all__ = ["fingerprint", "fingerprint_of_code"]

PACKAGE = Path(__file__).resolve().parents[1]


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

    Returns
    -------
    str
        A digest of the sources of all of them.
    """
    digest = hashlib.sha256()
    for room in rooms:
        for file in sorted((PACKAGE / room).glob("*.py" if room == "." else "**/*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()
