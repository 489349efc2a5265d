"""Whether a conflict fits into the machine's memory: asked before anything is built."""

from __future__ import annotations

import os
from pathlib import Path

from detente.errors import RequestError

__all__ = ["machine_memory", "refuse_more_than_memory"]

LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where Linux says how much of the machine this process may have."""


def machine_memory() -> int:
    """Return how many bytes of memory this process may use in all."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in LIMITS:
        try:
            memory = min(memory, int(path.read_text(encoding="ascii")))
        except (OSError, ValueError):  # not there, or "max"
            continue
    return memory


def refuse_more_than_memory(count: int, **needed: int) -> None:
    """Refuse what does not fit, and say how large it would be.

    Parameters
    ----------
    count
        How many states there are.
    needed
        The bytes that each part would take, by what it is called in the message.

    Raises
    ------
    RequestError
        If the parts together take more than the machine has.
    """
    memory = machine_memory()
    total = sum(needed.values())
    if total <= memory:
        return
    most = max(needed, key=lambda part: needed[part])
    raise RequestError(
        f"{count:,} states are too many for this machine: they would take about {total / 2**30:,.0f} GiB, "
        f"most of it for their {most}, and there are {memory / 2**30:,.0f}; add rules that leave fewer states, "
        "or call states the same"
    )
