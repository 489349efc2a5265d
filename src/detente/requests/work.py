"""How the work is cut and watched, which changes no bit of a result and so is no part of a request."""

from __future__ import annotations

from typing import Any

from detente.errors import RequestError
from detente.requests.kinds import Whole, checked

__all__ = ["refuse_unfit_work"]

MOST_THREADS = 4_096
MOST_AT_ONCE = 2**31 - 1


def refuse_unfit_work(*, threads: Any = None, block_worlds: Any = None, progress: Any = None, stop: Any = None) -> None:
    """Refuse numbers of threads or worlds that are none, and what cannot be called or set.

    Parameters
    ----------
    threads, block_worlds
        Whole numbers, or None.
    progress, stop
        A function of one number; a ``threading.Event``; or None.

    Raises
    ------
    RequestError
        With what was expected and what came.
    """
    if threads is not None:
        checked("threads", Whole(1, MOST_THREADS), threads)
    if block_worlds is not None:
        checked("block_worlds", Whole(1, MOST_AT_ONCE), block_worlds)
    if progress is not None and not callable(progress):
        raise RequestError(f"progress: expected a function of one number, and {type(progress).__name__} came")
    if stop is not None and not callable(getattr(stop, "is_set", None)):
        raise RequestError(f"stop: expected a threading.Event, and {type(stop).__name__} came")
