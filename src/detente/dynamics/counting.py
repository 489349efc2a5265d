"""Counting a block of worlds in bins and at levels: the compiled part of the tally.

What is no number stands in no bin and at no level.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, partial, wraps
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from detente.dynamics.buffers import Buffers
from detente.dynamics.executables import Executable

__all__ = ["ANSWER_BINS", "BINS", "counting_answers", "counting_days", "preparations", "shapes_of"]

BINS, ANSWER_BINS = 256, 1_024
"""Into how many equal parts the values of a series on one day, and of an answer, are sorted."""
NOWHERE = 1 << 30
"""The place of a value that is no number: it is counted by itself, in no bin and at no level."""


def _daily(numbers: Any, truths: Any, weights: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """Return the histogram of each banded series and the weight where each yes/no holds, on each day.

    Day by day, so that the counts stay near at hand. Bands are counted in the first row of worlds only.
    """
    columns = numbers.shape[-1]
    numbers, truths = numbers[:, :, 0], truths.reshape(*truths.shape[:2], len(weights))

    def day(item: tuple[Any, ...]) -> tuple[Any, Any]:
        values, holds, lowest, highest = item
        true = jnp.where(holds, weights, 0).sum(axis=1, dtype=jnp.uint32)
        return _histogram(values, weights[:columns], lowest, highest, BINS), true

    found: tuple[Any, Any] = lax.map(day, (numbers, truths, low, high))
    return found


def _of_answers(
    answers: Any, weights: Any, low: Any, high: Any, *, levelled: tuple[bool, ...], never: int
) -> tuple[Any, Any]:
    """Return the weight of each level of the answers that take few values, and the histograms of the others."""
    few = np.array(levelled, np.bool_)
    values = answers.reshape(len(few), len(weights))
    chosen = values[np.flatnonzero(few)]
    counted = jnp.logical_and(chosen >= 0, chosen < never)
    place = jnp.where(counted, chosen, jnp.where(jnp.isposinf(chosen), never, NOWHERE)).astype(jnp.int32)
    rest = np.flatnonzero(~few)
    return _summed(place, weights, never + 1), _histogram(values[rest], weights, low[rest], high[rest], ANSWER_BINS)


@cache
def counting_days() -> Executable:
    """Return the code that counts series and yes/no day by day."""
    return Executable(_daily, [])


@cache
def counting_answers(levelled: tuple[bool, ...], never: int) -> Executable:
    """Return the code that counts answers, those that take few values at their levels and the others in bins."""
    function = wraps(_of_answers)(partial(_of_answers, levelled=levelled, never=never))
    return Executable(function, [str(never), *map(str, levelled)])


def preparations(
    kept: Buffers, by_world: Any, levelled: NDArray[np.bool_], never: int
) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return what makes the compiled code for counting ready, which can be done before there is a block to count.

    Parameters
    ----------
    kept, by_world
        Arrays like those of a block; only their shapes and types count.
    levelled, never
        As a tally has them.
    """
    struct: Any = jax.ShapeDtypeStruct
    weights = struct((math.prod(by_world.shape[1:]),), np.dtype(np.uint32))
    daily, single = (struct(shape, np.dtype(np.float32))
                     for shape in (kept.numbers.shape[:2], by_world.shape[:1]))  # fmt: skip
    days, answers = counting_days(), counting_answers(tuple(map(bool, levelled)), never)
    series = (kept.numbers, kept.truths)
    return (
        partial(days.prepare, shapes_of(*series), *series, weights, daily, daily),
        partial(answers.prepare, shapes_of(by_world), by_world, weights, single, single),
    )


def shapes_of(*arrays: Any) -> tuple[Any, ...]:
    """Return what tells apart arrays that need code of their own."""
    return tuple((array.shape, str(array.dtype)) for array in arrays)


def _histogram(values: Any, weights: Any, low: Any, high: Any, bins: int) -> Any:
    """Return the weight below the lowest edge, in each bin, and above the highest, for each row."""
    low, high = low[:, None], high[:, None]
    width = high - low
    part = (values - low) * (bins / jnp.where(width > 0, width, 1))
    place = 1 + jnp.clip(part, 0, bins - 1).astype(jnp.int32)
    place = jnp.where(values < low, 0, jnp.where(values > high, bins + 1, place))
    place = jnp.where(jnp.isfinite(values), place, NOWHERE)
    return _summed(place, weights, bins + 2)


def _summed(place: Any, weights: Any, levels: int) -> Any:
    """Return the weight at each level of each row; what stands nowhere is left out.

    Adding whole numbers at their places takes 2 ns a value.
    """
    rows = len(place)
    offset = (jnp.arange(rows, dtype=jnp.int32) * levels)[:, None]
    spread = jnp.broadcast_to(weights, place.shape)
    empty = jnp.zeros(rows * levels, jnp.uint32)
    at = jnp.where(place < NOWHERE, place + offset, rows * levels).reshape(-1)
    return empty.at[at].add(spread.reshape(-1), mode="drop").reshape(rows, levels)
