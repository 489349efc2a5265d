"""A tally as it stands between two blocks, written down and taken up again: what is counted is not counted anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.tally import Scale, Tally
from detente.journal import Journal, arrays_of, written_arrays

__all__ = ["Checkpoints", "taken_up", "written"]

SCALE, COUNTS, NUMBERS = "scale.", "counts.", "numbers"
LOCK = "lock"
_GIVEN = {one.name for one in fields(Tally) if one.init and one.name != "done"}
"""What a tally is made with; the rest is counted."""
UNREADABLE = (ValueError, OSError, KeyError, TypeError)
"""What reading something raises that was not written here."""


def written(tally: Tally, block_draws: int) -> bytes:
    """Return a tally's counts, exactly.

    Parameters
    ----------
    tally
        Which nobody adds to meanwhile.
    block_draws
        How many draws each of its blocks has.
    """
    numbers: dict[str, Any] = {"block_draws": block_draws}
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


def taken_up(content: bytes | None, empty: Callable[[Scale], Tally], block_draws: int) -> Tally | None:
    """Return the tally that was written, to be added to; None where there is none, or its blocks were of another size.

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
        if numbers.pop("block_draws") != block_draws:
            return None
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
    return tally


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
        self._tallies: dict[str, Tally] = {}
        self._written: dict[str, int] = {}

    def taken_up(self, name: str, empty: Callable[[Scale], Tally]) -> Tally | None:
        """Return the tally of a part as it stood at the last writing, to be added to; None where there is none."""
        if self._journal is None:
            return None
        tally = taken_up(self._journal.recall(name), empty, self._block_draws)
        if tally is not None:
            self._written[name] = len(tally.counted)
            self.follow(name, tally)
        return tally

    def follow(self, name: str, tally: Tally) -> None:
        """Write this tally too from now on."""
        self._tallies[name] = tally

    def offer(self, *, last: bool = False) -> None:
        """Write those that grew, if it is time to, or they will not grow any more."""
        if self._journal is not None:
            self._journal.offer(self._grown, last=last)

    def _grown(self) -> dict[str, tuple[int, bytes]]:
        found = {}
        for name, tally in list(self._tallies.items()):
            with tally.lock:
                if len(tally.counted) != self._written.get(name, 0):
                    self._written[name] = len(tally.counted)
                    found[name] = tally.done * tally.replicates, written(tally, self._block_draws)
        return found
