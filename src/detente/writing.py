"""Files that are written whole: beside what is there, and renamed when they are done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["written_whole"]


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a path to write to, beside the one wanted; when that is done it takes its place.

    Whatever happens on the way, a file that was there stays as it was, and no part of a new one is left.

    Parameters
    ----------
    path
        Where the file is wanted; its folder is made where there is none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
