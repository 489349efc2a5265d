"""The folder of the cache, and whether it is its user's alone: what others can write to is not read."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

import platformdirs

from detente.machine import own_user

__all__ = ["OWNER_ONLY", "cache_folder", "complain", "is_own", "own_folder", "refused"]

OWNER_ONLY = 0o700
OTHERS_WRITE = 0o022
OTHERS = 0o077
_refused: dict[Path, str] = {}
"""By folder or file that is not used: why, and how to mend it."""


def cache_folder() -> Path:
    """Return the folder of everything kept: ``DETENTE_CACHE`` where it is set, or that of the user's caches."""
    given = os.environ.get("DETENTE_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("detente")


def own_folder() -> Path | None:
    """Return the folder of the cache, made where there is none, if nobody but its user can write to it.

    Returns
    -------
    pathlib.Path or None
        None where it cannot be made, or is not used because it is not the user's alone; the reason is in
        :func:`refused`.
    """
    folder = cache_folder()
    try:
        folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError:
        return None
    return folder if is_own(folder, found) else None


def is_own(path: Path, found: os.stat_result) -> bool:
    """Whether a folder or file is its user's alone, as the system says of it; otherwise note why it is not used.

    What others may only read is closed to them. Systems without owners and modes have other means to the same end.
    """
    user = own_user()
    if user is None:
        return True
    if found.st_uid != user:
        complain(path, f"it belongs to another user (number {found.st_uid}), who can change what is in it")
        return False
    if found.st_mode & OTHERS_WRITE:
        what = "remove what is in it and take" if stat.S_ISDIR(found.st_mode) else "remove it, or take"
        complain(path, f"others may write to it; {what} the permission from them (chmod go-w '{path}')")
        return False
    if found.st_mode & OTHERS:
        with suppress(OSError):
            path.chmod(stat.S_IMODE(found.st_mode) & OWNER_ONLY)
    return True


def complain(path: Path, why: str) -> None:
    """Note why something of the cache is not used."""
    _refused[path] = f"the cache is not used, since {path} cannot be trusted: {why}"


def refused() -> tuple[str, ...]:
    """Return what of the cache was not used because it is not its user's alone, as sentences for a person."""
    return tuple(_refused.values())
