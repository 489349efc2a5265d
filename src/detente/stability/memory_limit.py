"""Whether a conflict fits into the machine's memory: asked before anything is built."""

from __future__ import annotations

from detente.errors import RequestError
from detente.machine import machine_memory

__all__ = ["refuse_more_than_memory"]


def refuse_more_than_memory(count: int, **needed: int) -> None:
    """Refuse what does not fit, and say how large it would be; nothing is refused where the system does not tell.

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
    if memory is None or total <= memory:
        return
    most = max(needed, key=lambda part: needed[part])
    raise RequestError(
        f"{count:,} states are too many for this machine: they would take about {total / 2**30:,.0f} GiB, "
        f"most of it for their {most}, and there are {memory / 2**30:,.0f}; add rules that leave fewer states, "
        "or call states the same"
    )
