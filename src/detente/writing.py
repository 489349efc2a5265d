"""Files that are written whole: beside what is there, and renamed when they are done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["written_whole"]


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a path to write to, beside the one wanted; when that is done it takes its place.

    Whatever happens on the way, a file that was there stays as it was, and no part of a new one is left. What is no
    file, such as a terminal or a pipe, is written to as it is.

    Parameters
    ----------
    path
        Where the file is wanted; its folder is made where there is none. Where it is a link, what it leads to.

    Raises
    ------
    OSError
        If it cannot be written; the error names the file that was wanted.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    wanted = path.resolve() if path.is_symlink() else path
    part = wanted.with_name(f".{wanted.name}.{os.getpid()}.part")
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(wanted)
    except OSError as error:
        if error.filename == str(part):
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
