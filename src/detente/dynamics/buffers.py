"""How a block of worlds stands in arrays: what a call of the kernel takes, what it writes down, what it gives back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from detente.dynamics.arrays import Array, Value

__all__ = ["ROWS", "Buffers", "Inputs", "Outputs", "in_turn", "own_lineage", "put"]

ROWS = 4
"""Worlds of one draw that stand in one column, where the replicates can be shared out so: what a column shares is read
from memory once for all its rows."""


class Inputs(NamedTuple):
    """What one call of the kernel takes, arrays only.

    Worlds stand in ``[rows, columns]``; those of a column share their numbers, so ``parameters`` and ``log_odds`` hold
    an array ``[columns]`` for each number: apart, since the compiler would make a kernel of its own for each row that
    it takes out of a table. ``draw``, ``[columns]``, numbers the draws; ``lineage``, ``[days, rows, columns]``, is the
    replicate whose luck each world has on each day, most often its own number throughout; ``keys`` is ``[sites, 2]``.
    """

    parameters: tuple[Array, ...]
    log_odds: tuple[Array, ...]
    keys: Array
    draw: Array
    lineage: Array
    chosen: Array
    imposed: Array
    followed: Array
    observed: Array


class Buffers(NamedTuple):
    """What is written down of a block of worlds, day by day: numbers and yes/no apart.

    ``numbers`` and ``truths`` are the series, ``[days, …, rows, columns]``; ``recorded_numbers`` and
    ``recorded_truths`` are what single days are looked at for, ``[days looked at, …, rows, columns]``.
    """

    numbers: Array
    truths: Array
    recorded_numbers: Array
    recorded_truths: Array


@lru_cache(maxsize=8)
def own_lineage(days: int, each: int, draws: int) -> Array:
    """Return the lineage of worlds that keep their own luck, ``[days, rows, columns]``; one serves every block."""
    rows = math.gcd(each, ROWS)
    own = np.repeat(np.arange(each, dtype=np.uint32), draws).reshape(rows, -1)
    found: Array = jax.device_put(np.ascontiguousarray(np.broadcast_to(own, (days, *own.shape))))
    return found


@dataclass(frozen=True)
class Outputs:
    """What one call gives back, for a block of worlds.

    Parameters
    ----------
    kept
        The series as the kernel wrote them.
    by_world
        Each summary's value, ``[summaries, replicates, draws]``.
    weight_by_world
        The log weight of each world, ``[replicates, draws]``.
    places
        For each series, whether it is a yes/no, and its place among its like.
    """

    kept: Buffers
    by_world: NDArray[np.floating]
    weight_by_world: NDArray[np.floating]
    places: tuple[tuple[bool, int], ...]

    @property
    def answers(self) -> NDArray[np.floating]:
        """Each summary's value, ``[summaries, worlds]``, replicates running fastest."""
        return in_turn(self.by_world)

    @property
    def log_weight(self) -> NDArray[np.floating]:
        """The log weight of each world, ``[worlds]``, replicates running fastest."""
        return in_turn(self.weight_by_world)

    @property
    def series(self) -> NDArray[np.floating]:
        """Every series on every day, ``[days, series, worlds]``, replicates running fastest."""
        numbers, truths = np.asarray(self.kept.numbers), np.asarray(self.kept.truths)
        shape = (len(numbers), len(self.places), *self.weight_by_world.shape)
        found = np.empty(shape, self.by_world.dtype)
        for row, (truth, place) in enumerate(self.places):
            found[:, row] = (truths if truth else numbers)[:, place].reshape(len(numbers), *self.weight_by_world.shape)
        return in_turn(found)


def in_turn(by_world: NDArray[Any]) -> NDArray[Any]:
    """Return ``[…, replicates, draws]`` as ``[…, worlds]``, replicates running fastest."""
    *rest, replicates, draws = by_world.shape
    return np.ascontiguousarray(by_world.swapaxes(-1, -2)).reshape(*rest, draws * replicates)


def put(
    tables: tuple[Array, Array], values: Sequence[Value], places: Sequence[tuple[bool, int]], day: Array
) -> tuple[Array, Array]:
    """Write the numbers and the yes/no of a day into their two tables, ``[days, …, rows, columns]``."""
    found = []
    for table, wanted in zip(tables, (False, True), strict=True):
        mine = [value.astype(table.dtype) for value, (truth, _) in zip(values, places, strict=True) if truth == wanted]
        found.append(lax.dynamic_update_index_in_dim(table, jnp.stack(mine), day, 0) if mine else table)
    return found[0], found[1]
