"""Luck looks like luck in every direction a case can look at it: draw, replicate, step, site, name and seed.

The numbers are always the same, so a test that passes once passes always; limits are those that a fair generator
would miss about once in ten thousand such tests. The last test shows that the battery can tell a bad generator.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from detente import randomness
from detente.randomness import bits, keys

Words = npt.NDArray[np.uint32]
RARE = 1e-4
DIRECTIONS = ("draw", "replicate", "step", "site", "name", "seed")
SHAPE = (128, 8, 32, 4, 4, 4)  # two million numbers, six ways to step to a neighbour


def luck() -> tuple[Words, Words]:
    """Return both words of the block for a grid over the six directions, in that order of axes."""
    named = [keys([("luck", f"x{name}", site)], seed)[0] for site in range(4) for name in range(4) for seed in range(4)]
    key = np.array(named, np.uint32).reshape(4, 4, 4, 2)
    draw, replicate, step = np.ogrid[: SHAPE[0], : SHAPE[1], : SHAPE[2]]
    worlds = (draw + 0 * step).astype(np.uint32)[..., None, None, None]
    days = (replicate * 65536 + step).astype(np.uint32)[..., None, None, None]
    return bits(key[..., 0], key[..., 1], worlds, days, np)


@pytest.fixture(scope="module")
def words() -> tuple[Words, Words]:
    return luck()


def uniforms(word: Words) -> npt.NDArray[np.float64]:
    return (word.astype(np.float64) + 0.5) * 2.0**-32


def neighbours(array: npt.NDArray[Any], direction: str, lag: int = 1) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    axis = DIRECTIONS.index(direction)
    return array.take(range(array.shape[axis] - lag), axis), array.take(range(lag, array.shape[axis]), axis)


def chi_square(counts: npt.NDArray[Any]) -> float:
    return float(stats.chisquare(counts.reshape(-1)).pvalue)


def two_sided(score: float) -> float:
    return float(2 * stats.norm.sf(abs(score)))


def serial(word: Words, direction: str) -> float:
    """Return the p-value of neighbours falling evenly into 32 by 32 cells."""
    here, there = neighbours(word, direction)
    cells = (here >> np.uint32(27)) * np.uint32(32) + (there >> np.uint32(27))
    return chi_square(np.bincount(cells.reshape(-1), minlength=1024))


def flipped_bits(word: Words, direction: str) -> float:
    """Return the p-value of the numbers of bits in which neighbours differ: binomial, 32 fair coins."""
    here, there = neighbours(word, direction)
    apart = np.bitwise_count(here ^ there).reshape(-1)
    expected = stats.binom.pmf(np.arange(7, 26), 32, 0.5)
    counts = np.bincount(np.clip(apart, 7, 25), minlength=26)[7:]
    expected[0], expected[-1] = stats.binom.cdf(7, 32, 0.5), stats.binom.sf(24, 32, 0.5)
    return float(stats.chisquare(counts, expected * counts.sum()).pvalue)


@pytest.mark.parametrize("which", [0, 1])
def test_every_value_is_as_likely(words: tuple[Words, Words], which: int) -> None:
    word = words[which].reshape(-1)
    assert chi_square(np.bincount(word >> np.uint32(20), minlength=4096)) > RARE
    assert chi_square(np.bincount(word & np.uint32(4095), minlength=4096)) > RARE
    assert stats.kstest(uniforms(word), "uniform").pvalue > RARE


@pytest.mark.parametrize("which", [0, 1])
def test_every_bit_is_a_fair_coin(words: tuple[Words, Words], which: int) -> None:
    word = words[which].reshape(-1)
    ones = np.array([np.count_nonzero(word >> np.uint32(bit) & np.uint32(1)) for bit in range(32)])
    scores = (ones - word.size / 2) / np.sqrt(word.size / 4)
    assert np.max(np.abs(scores)) < stats.norm.isf(RARE / 64)


def test_both_tails_are_as_thick_as_they_should_be(words: tuple[Words, Words]) -> None:
    u = uniforms(words[0]).reshape(-1)
    for exponent in (8, 12, 16):
        p = 2.0**-exponent
        for count in (np.count_nonzero(u < p), np.count_nonzero(u > 1 - p)):
            assert stats.binomtest(count, u.size, p).pvalue > RARE


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_neighbours_have_nothing_in_common(words: tuple[Words, Words], direction: str) -> None:
    for word in words:
        assert serial(word, direction) > RARE
        assert flipped_bits(word, direction) > RARE
        for lag in (1, 2, 3):
            here, there = neighbours(uniforms(word) - 0.5, direction, lag)
            assert two_sided(12 * float(np.sum(here * there)) / np.sqrt(here.size)) > RARE


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_tails_of_neighbours_do_not_cling(words: tuple[Words, Words], direction: str) -> None:
    """Whether a rare thing happens says nothing of whether it happens next door."""
    here, there = neighbours(uniforms(words[0]) < 2.0**-6, direction)
    both = np.count_nonzero(here & there)
    assert stats.binomtest(both, here.size, 2.0**-12).pvalue > RARE


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_sums_along_a_line_spread_as_they_should(words: tuple[Words, Words], direction: str) -> None:
    """The sum over a line of n has variance n / 12: a drift over many neighbours would show here."""
    axis = DIRECTIONS.index(direction)
    n = SHAPE[axis]
    sums = (uniforms(words[0]).sum(axis) - n / 2).reshape(-1) / np.sqrt(n / 12)
    spread = np.sqrt((2 - 1.2 / n) / sums.size)  # the sum of n uniforms has an excess kurtosis of -1.2 / n
    assert two_sided((float(np.mean(sums**2)) - 1) / spread) > RARE


def test_the_two_words_have_nothing_in_common(words: tuple[Words, Words]) -> None:
    x, y = (uniforms(word) - 0.5 for word in words)
    assert two_sided(12 * float(np.sum(x * y)) / np.sqrt(x.size)) > RARE


def avalanche(samples: int) -> npt.NDArray[np.float64]:
    """Return how often each output bit flips when one input bit flips: 128 by 64, from inputs as a case has them."""
    key = keys([("luck", f"element_{number}", 0) for number in range(64)], seed=5)
    number = np.arange(samples, dtype=np.uint32)
    days = (number % 16) << np.uint32(16) | number % 61
    inputs = [key[number % 64, 0], key[number % 64, 1], number // 64, days]
    before = bits(inputs[0], inputs[1], inputs[2], inputs[3], np)
    rates = np.empty((128, 64))
    for flipped in range(128):
        changed = list(inputs)
        changed[flipped // 32] = inputs[flipped // 32] ^ np.uint32(1 << flipped % 32)
        after = bits(changed[0], changed[1], changed[2], changed[3], np)
        for which in (0, 1):
            flips = (before[which] ^ after[which]).astype("<u4").view(np.uint8).reshape(samples, 4)
            spread = np.unpackbits(flips, axis=1, bitorder="little")
            rates[flipped, 32 * which : 32 * which + 32] = spread.mean(axis=0)
    return rates


def test_each_input_bit_flips_each_output_bit_half_the_time() -> None:
    rates = avalanche(65536)
    assert rates.min() > 0.49
    assert rates.max() < 0.51


@pytest.mark.parametrize("direction", ["draw", "step", "name"])
def test_birthdays_are_spaced_as_they_should_be(direction: str) -> None:
    """Marsaglia's test: of 4,096 birthdays in a year of 2^32 days, spacings that recur number 4 on average."""
    days, years = 4096, 64
    index = np.arange(days * years, dtype=np.uint32)
    if direction == "name":
        key = keys([("luck", f"element_{number}", 0) for number in range(days)], seed=9)
        word = bits(key[index % days, 0], key[index % days, 1], index // days, 0, np)[0]
    elif direction == "step":
        word = bits(3, 4, index // 65536, index % 65536, np)[0]
    else:
        word = bits(3, 4, index, 0, np)[0]
    spacings = np.sort(np.diff(np.sort(word.reshape(years, days)), axis=1), axis=1)
    recurring = np.count_nonzero(np.diff(spacings, axis=1) == 0)
    expected = years * days**3 / 2**34
    assert two_sided((recurring - expected) / np.sqrt(expected)) > RARE


def test_the_battery_can_tell_a_bad_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(randomness, "_ROUNDS", 6)
    weak = luck()[0]
    assert min(flipped_bits(weak, direction) for direction in DIRECTIONS) < 1e-9
    assert min(serial(weak, direction) for direction in DIRECTIONS) < 1e-9
    rates = avalanche(4096)
    assert rates.min() < 0.3
