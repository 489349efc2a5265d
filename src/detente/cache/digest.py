"""What tells what this user's installation has kept from everything else: a digest made with a key of its own.

Some of what is kept is code: compiled kernels, templates, the script of the figures. It may be run only if this
installation wrote it. A plain sum would not tell, since anybody can make one. The key lies with the user's state and
not with the cache, so that a cache that was copied here, or restored from elsewhere, is not trusted either.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from functools import cache
from pathlib import Path

import platformdirs

from detente.cache.folder import OWNER_ONLY, complain, is_own

__all__ = ["SIZE", "digest", "key", "matches"]

SIZE = 32
"""Bytes of a digest, and of the key."""
ONLY_FILES = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""How a file is opened that must not be a link, and may turn out to be a pipe."""


def digest(key: bytes, place: str, content: bytes) -> bytes:
    """Return the digest of something kept, and of the place where it is kept.

    Parameters
    ----------
    key
        Of this installation, 32 bytes.
    place
        The kind and the name under which it is kept: the same content elsewhere has another digest.
    content
        What is kept.

    Returns
    -------
    bytes
        32 bytes, by BLAKE2b with the key.

    References
    ----------
    M.-J. Saarinen, J.-P. Aumasson, "The BLAKE2 Cryptographic Hash and Message Authentication Code (MAC)", RFC 7693
    (2015).
    """
    made = hashlib.blake2b(place.encode() + b"\0", key=key, digest_size=SIZE)
    made.update(content)
    return made.digest()


def matches(key: bytes, place: str, sealed: bytes) -> bool:
    """Whether something begins with the digest of the rest of it.

    Parameters
    ----------
    key, place
        As :func:`digest` takes them.
    sealed
        A digest of 32 bytes, and what is kept behind it.

    Returns
    -------
    bool
        False too where there are fewer bytes than a digest has.
    """
    return hmac.compare_digest(sealed[:SIZE], digest(key, place, sealed[SIZE:]))


def key() -> bytes | None:
    """Return the key of this user's installation, made where there is none.

    Returns
    -------
    bytes or None
        None where it can be neither read nor made, or is not its user's alone: then nothing is read back or written.
    """
    return _key_in(platformdirs.user_state_path("detente"))


@cache
def _key_in(folder: Path) -> bytes | None:
    file = folder / "cache.key"
    try:
        folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
        if not is_own(folder, folder.stat()):
            return None
        if not file.exists():
            _make(file)
        return _read(file)
    except OSError:
        return None


def _make(file: Path) -> None:
    """Write a new key beside its place and link it there: of two processes that do so at once, one's is kept."""
    part = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as open_part:
            open_part.write(secrets.token_bytes(SIZE))
        try:
            os.link(part, file)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _read(file: Path) -> bytes | None:
    with open(os.open(file, ONLY_FILES), "rb") as opened:
        found = os.fstat(opened.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size != SIZE:
            complain(file, f"it is no key of {SIZE} bytes; remove it, and another one is made")
            return None
        return opened.read(SIZE) if is_own(file, found) else None
