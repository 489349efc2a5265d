"""Conditioning is Bayes's: weighted answers are those of the plain worlds that happen to reproduce the record.

The short test takes some 20 seconds on one core, the long one several minutes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from detente.dynamics.kernel import Forced
from detente.scenario import load
from tests.dynamics.occasions import occasional_case
from tests.dynamics.programs import written
from tests.dynamics.rejection import Compared, Conditioned, Row, compared

FEWEST = 200
"""Kept worlds below which a comparison would say little."""
KINDS = ("yes", "rung", "way", "storm")


def told_by(one: Conditioned, program: int, dice: random.Random, outside: Forced) -> list[Row]:
    """Return some rows that one world would have left: choices and shocks, perhaps a stock with an error."""
    series, _, _ = one.run(outside)
    world = dice.randrange(series.shape[2])
    names = [f"p{program}_storm", *(f"p{program}_actor.{kind}" for kind in KINDS[:3])]
    places = dice.sample([(day, name) for day in range(6) for name in names], dice.randint(1, 4))
    rows = [Row(day, name, float(series[day, one.seen.index(name), world])) for day, name in places]
    if dice.random() < 0.4:
        stock, day = f"p{program}_risen", dice.randrange(5)
        rows.append(Row(day, stock, float(series[day, one.seen.index(stock), world]), error=0.5))
    return rows


def set_anyway(one: Conditioned, program: int, dice: random.Random) -> Forced:
    """Return a flow that is followed on some days, and now and then a lever, also where the record tells."""
    table, at = Forced.nothing(one.program), f"p{program}"
    if dice.random() < 0.5:
        table.followed[: dice.randint(1, 4), one.program.follows.index(f"{at}_flow")] = dice.uniform(0, 2)
    if dice.random() < 0.4:
        name = f"{at}_actor.{dice.choice(('yes', 'rung', 'way'))}"
        table.imposed[dice.randint(1, 4) :, one.program.choices.index(name)] = dice.randint(0, 1)
    return table


def comparisons(folder: Path, seed: int, programs: int, records: int, worlds: int) -> Iterator[tuple[str, Compared]]:
    """Yield a comparison for each record of each program of a random case that enough plain worlds reproduce."""
    one = Conditioned(load(written(occasional_case(seed, programs), folder)), worlds)
    yield from compared_in(one, programs, records, str(seed))


def compared_in(one: Conditioned, programs: int, records: int, name: str) -> Iterator[tuple[str, Compared]]:
    """Yield a comparison for each record of each program of one case that enough plain worlds reproduce."""
    dice = random.Random(f"records {name}")
    for program in range(programs):
        for _ in range(records):
            outside = set_anyway(one, program, dice)
            rows = told_by(one, program, dice, outside)
            found = compared(one, rows, outside)
            if found.kept >= FEWEST:
                yield f"{name}, {rows}", found


def held_to(found: list[tuple[str, Compared]]) -> None:
    """Hold comparisons to what sampling alone explains: none beyond four and a half errors, and few beyond two."""
    for told, one in found:
        assert np.abs(one.off).max() < 4.5, f"{told}: {np.round(one.off, 1)}"
    every = np.concatenate([one.off[np.abs(one.differences) > 0] for _, one in found])
    assert (np.abs(every) > 2).mean() < 0.1


def test_weighted_answers_are_those_of_the_worlds_that_reproduce_the_record(tmp_path: Path) -> None:
    found = list(comparisons(tmp_path, seed=1, programs=4, records=4, worlds=32_768))
    assert len(found) >= 12
    held_to(found)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 12))
def test_weighted_answers_are_those_of_the_worlds_that_reproduce_any_record(tmp_path: Path, seed: int) -> None:
    held_to(list(comparisons(tmp_path, seed, programs=6, records=6, worlds=65_536)))
