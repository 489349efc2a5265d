"""How much is kept, and what goes first where it comes to too much: what was not used for longest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from detente.cache.folder import cache_folder

__all__ = ["KINDS", "LIMIT", "Kept", "clear", "contents", "prune"]

KINDS = {
    "kernels": "compiled models, ready to run",
    "swings": "what each number and each contested claim moves by itself",
    "explorations": "what answers hang on",
    "expectations": "whether models bear their claims out",
    "stability": "what could hold in a conflict",
    "checks": "records held to what models said just before",
    "base_rates": "how long comparable cases lasted",
    "templates": "the pages' templates, compiled",
    "figures": "the script that draws the figures",
}
"""What is kept, by the name of its folder. Nothing else in the cache's folder is touched."""
LIMIT = 2 * 2**30
"""Bytes that everything kept may come to."""
BELOW = 0.9
"""To which share of the limit it is brought where it comes to more, so that this is not done at every turn."""


@dataclass(frozen=True)
class Kept:
    """How much is kept of one kind.

    Parameters
    ----------
    kind
        The name of its folder.
    count
        How many files.
    size
        Bytes in all.
    used
        When one of them was last read or written, in seconds since 1970; 0 where there is none.
    """

    kind: str
    count: int
    size: int
    used: float


def contents() -> tuple[Kept, ...]:
    """Return how much is kept, kind by kind."""
    found = []
    for kind in KINDS:
        seen = [one for _, one in _files(cache_folder(), (kind,))]
        used = max((one.st_mtime for one in seen), default=0.0)
        found.append(Kept(kind, len(seen), sum(one.st_size for one in seen), used))
    return tuple(found)


def clear(kinds: tuple[str, ...] = tuple(KINDS)) -> tuple[int, int]:
    """Remove what is kept of some kinds, by default of all: it is made anew when it is needed.

    Returns
    -------
    tuple of int
        How many files went, and how many bytes they were.
    """
    count = size = 0
    for file, found in list(_files(cache_folder(), kinds)):
        with suppress(OSError):
            file.unlink()
            count, size = count + 1, size + found.st_size
    return count, size


def prune(folder: Path) -> None:
    """Remove what was not used for longest, where all that is kept comes to more than the limit."""
    found = list(_files(folder, tuple(KINDS)))
    total = sum(one.st_size for _, one in found)
    if total <= LIMIT:
        return
    for file, one in sorted(found, key=lambda pair: pair[1].st_mtime):
        if total <= BELOW * LIMIT:
            return
        with suppress(OSError):
            file.unlink()
            total -= one.st_size


def _files(folder: Path, kinds: tuple[str, ...]) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the files of some kinds, with what the system says of each; no link is followed."""
    for kind in kinds:
        try:
            entries = list(os.scandir(folder / kind))
        except OSError:
            continue
        for entry in entries:
            with suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    yield Path(entry.path), entry.stat(follow_symlinks=False)
