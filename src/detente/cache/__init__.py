"""What takes seconds to make, kept for the next time: found by a fingerprint of all that it depends on.

A cache only saves time: what cannot be read is made anew. What cannot be written is held in memory, as long as there is
room, so that one process makes nothing twice. It lies in a folder of the user's own, and only what this user's own
installation has written is read back (:mod:`detente.cache.digest`).
"""

from __future__ import annotations

from detente.cache.entries import holds, load, store
from detente.cache.fingerprints import fingerprint, fingerprint_of_code
from detente.cache.folder import cache_folder, refused
from detente.cache.size import LIMIT, Kept, clear, contents
from detente.cache.values import cached

__all__ = [
    "LIMIT",
    "Kept",
    "cache_folder",
    "cached",
    "clear",
    "contents",
    "fingerprint",
    "fingerprint_of_code",
    "holds",
    "load",
    "refused",
    "store",
]
