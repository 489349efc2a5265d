"""A tally as it stands between two blocks, written down and taken up again: what is counted is not counted anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.accumulators import Accumulators, Block, Scale
from detente.journal import Journal, arrays_of, written_arrays

__all__ = ["Checkpoints", "taken_up", "written"]

SCALE, COUNTS, NUMBERS = "scale.", "counts.", "numbers"
BLOCK_DRAWS, BLOCKS = "block_draws", "blocks"
LOCK = "lock"
_GIVEN = {one.name for one in fields(Accumulators) if one.init and one.name != "done"}
"""What a tally is made with; the rest is counted."""
UNREADABLE = (ValueError, OSError, KeyError, TypeError)
"""What reading something raises that was not written here."""


def written(tally: Accumulators, blocks: Sequence[int], block_draws: int) -> bytes:
    """Return a tally's counts, exactly.

    Parameters
    ----------
    tally
        Which nobody adds to meanwhile.
    blocks, block_draws
        The first draw of each block that is in it, and how many draws each of them has.
    """
    numbers: dict[str, Any] = {BLOCK_DRAWS: block_draws, BLOCKS: list(blocks)}
    arrays: dict[str, NDArray[Any]] = {}
    for name, value in vars(tally).items():
        if name in _GIVEN or name == LOCK:
            continue
        if isinstance(value, np.ndarray) and value.dtype != object:
            arrays[COUNTS + name] = value
        else:  # whole numbers of any size, alone, in a list or in a table
            numbers[name] = value.tolist() if isinstance(value, np.ndarray) else value
    for one in fields(Scale):
        arrays[SCALE + one.name] = np.asarray(getattr(tally.scale, one.name))
    arrays[NUMBERS] = np.frombuffer(json.dumps(numbers).encode(), np.uint8)
    return written_arrays(arrays)


def taken_up(
    content: bytes | None, empty: Callable[[Scale], Accumulators], block_draws: int
) -> tuple[Accumulators, list[int]] | None:
    """Return the tally that was written, to be added to, and the first draws of the blocks that are in it.

    None where there is none, or its blocks were of another size.

    Parameters
    ----------
    content
        What :func:`written` gave, if anything.
    empty
        Gives a tally of the same part, with a scale and nothing in it.
    block_draws
        How many draws a block has now.
    """
    if content is None:
        return None
    try:
        arrays = arrays_of(content)
        numbers = json.loads(arrays[NUMBERS].tobytes())
        if numbers.pop(BLOCK_DRAWS) != block_draws:
            return None
        blocks = [int(first) for first in numbers.pop(BLOCKS)]
        scale: dict[str, Any] = {one.name: arrays[SCALE + one.name] for one in fields(Scale)}
        tally = empty(Scale(**scale | {"log_weight": float(scale["log_weight"])}))
        for name, value in numbers.items():
            was = getattr(tally, name)
            setattr(tally, name, np.array(value, object).reshape(was.shape) if isinstance(was, np.ndarray) else value)
        for name in arrays:
            if name.startswith(COUNTS):
                setattr(tally, name.removeprefix(COUNTS), arrays[name])
    except UNREADABLE:
        return None
    return tally, blocks


class Checkpoints:
    """Writes the tallies of some parts into a journal as they grow, and takes them up from there.

    Parameters
    ----------
    journal
        Of the computation; None where none is kept.
    block_draws
        How many draws each block has.
    """

    def __init__(self, journal: Journal | None, block_draws: int) -> None:
        self._journal, self._block_draws = journal, block_draws
        self._parts: dict[str, tuple[Accumulators, list[int]]] = {}
        self._written: dict[str, int] = {}

    def taken_up(self, name: str, empty: Callable[[Scale], Accumulators]) -> Accumulators | None:
        """Return the tally of a part as it stood at the last writing, to be added to; None where there is none."""
        held = None if self._journal is None else taken_up(self._journal.recall(name), empty, self._block_draws)
        if held is None:
            return None
        self._parts[name], self._written[name] = held, len(held[1])
        return held[0]

    def follow(self, name: str, tally: Accumulators) -> None:
        """Write this tally too from now on; there is nothing in it yet."""
        self._parts[name] = tally, []

    def blocks(self, name: str) -> list[int]:
        """Return the first draws of the blocks that are in the tally of a part."""
        return list(self._parts[name][1])

    def add(self, name: str, block: Block) -> Accumulators:
        """Count a block of a part, and write the tallies that grew, if it is time to; return its tally."""
        tally, blocks = self._parts[name]
        tally.add(block, blocks)
        self.offer()
        return tally

    def offer(self, *, last: bool = False) -> None:
        """Write those that grew, if it is time to, or they will not grow any more."""
        if self._journal is not None:
            self._journal.offer(self._grown, last=last)

    def _grown(self) -> dict[str, tuple[int, bytes]]:
        found = {}
        for name, (tally, blocks) in list(self._parts.items()):
            with tally.lock:
                if len(blocks) != self._written.get(name, 0):
                    self._written[name] = len(blocks)
                    found[name] = tally.done * tally.replicates, written(tally, blocks, self._block_draws)
        return found
