"""Ranges against truths that are known: worlds are thrown with chances from a distribution whose ends are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from detente.dynamics.deconvolution import mixing_of_means, mixing_of_shares, tells_draws_apart
from detente.dynamics.ranges import ByDraw, range_of_days, range_of_numbers, range_of_shares

Floats = NDArray[np.float64]
Truth = Callable[[Floats], Floats]

SHARES: dict[str, Truth] = {
    "0 to 0.05": lambda u: 0.05 * u,
    "0 to 0.2": lambda u: 0.2 * u,
    "0.3 to 0.7": lambda u: 0.3 + 0.4 * u,
    "0.9 to 1": lambda u: 0.9 + 0.1 * u,
    "lognormal, 0.002 to 0.2": lambda u: np.minimum(0.02 * np.exp(np.log(10) / 1.645 * ndtri(u)), 1.0),
    "all": lambda u: u,
    "two heaps": lambda u: np.where(u < 0.4, 0.1 + 0.25 * u, 0.6 + 0.5 * (u - 0.4)),
}
"""By name, the inverse distribution function of the chances."""
NUMBERS: dict[str, Truth] = {
    "10 to 20": lambda u: 10 + 10 * u,
    "lognormal": lambda u: np.exp(3 + ndtri(u)),
    "two heaps": lambda u: np.where(u < 0.5, 8 + 8 * u, 30 + 8 * (u - 0.5)),
}
TURNS = 6
DRAWS = 3_000


def thrown(chances: Floats, worlds: int, dice: np.random.Generator) -> NDArray[np.bool_]:
    return dice.random((len(chances), worlds)) < chances[:, None]


def of(values: NDArray[np.generic]) -> ByDraw:
    return ByDraw.of_worlds(values, np.ones(values.shape))


def covered(truth: Truth, ends: tuple[float, float]) -> float:
    """Return the share of a distribution that lies between two values."""
    values = truth((np.arange(100_000) + 0.5) / 100_000)
    return float(((values >= ends[0]) & (values <= ends[1])).mean())


@pytest.mark.parametrize("worlds", [16, 8])
@pytest.mark.parametrize("name", SHARES)
def test_nine_in_ten_lie_in_the_range_of_a_share(name: str, worlds: int) -> None:
    truth, found = SHARES[name], []
    for turn in range(TURNS):
        dice = np.random.default_rng(turn)
        ends = range_of_shares(of(thrown(truth(dice.random(DRAWS)), worlds, dice)))
        if ends is not None:
            found.append((*ends, covered(truth, ends)))
    assert len(found) >= TURNS - (worlds == 8)  # in eight worlds chances below a twentieth hardly differ
    low, high, inside = np.mean(found, axis=0)
    assert 0.85 <= inside <= 0.96, (low, high, inside)
    expected = truth(np.array([0.05, 0.95]))
    assert (low, high) == pytest.approx(expected, abs=0.02 if name != "lognormal, 0.002 to 0.2" else 0.03)
    # Drawn together by the share of their variance that is luck, the draws' means miss such ends by far more.
    if name == "0 to 0.05":
        assert low < 0.008


def test_worlds_of_unequal_weight_count_as_fewer() -> None:
    dice = np.random.default_rng(3)
    chances = SHARES["0.3 to 0.7"](dice.random(6_000))
    worlds = thrown(chances, 16, dice)
    ends = range_of_shares(ByDraw.of_worlds(worlds, dice.exponential(size=worlds.shape)))
    assert ends == pytest.approx((0.32, 0.68), abs=0.03)


@pytest.mark.parametrize("chance", [0.5, 0.41, 0.05, 0.005])
def test_nothing_is_resolved_where_there_is_only_luck(chance: float) -> None:
    told = []
    for turn in range(200):
        draws = of(thrown(np.full(400, chance), 16, np.random.default_rng(turn)))
        told.append(tells_draws_apart(draws.means, draws.noise, draws.weights))
    assert np.mean(told) <= 0.09  # one in twenty is meant


def test_what_luck_hides_is_not_resolved_and_what_it_does_not_is() -> None:
    dice = np.random.default_rng(1)
    hidden = thrown(0.49 + 0.02 * dice.random(300), 16, dice)
    assert range_of_shares(of(hidden)) is None
    wide = thrown(0.3 + 0.4 * dice.random(300), 16, dice)
    assert range_of_shares(of(wide)) is not None
    assert range_of_shares(of(wide[:, :1])) is None  # one world a draw tells nothing of luck
    assert range_of_shares(of(wide[:5])) is None  # nor do five draws


def blurred(expected: Floats, noise: str, dice: np.random.Generator) -> Floats:
    """Return 16 worlds about each expected number, ``[draws, 1]``."""
    shape = (len(expected), 16)
    if noise == "normal":
        return expected + dice.normal(0, 5, shape)
    if noise == "poisson":
        return dice.poisson(expected, shape).astype(np.float64)
    return dice.exponential(expected, shape) if noise == "exponential" else np.repeat(expected, 16, axis=1)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("noise", ["normal", "poisson", "exponential", "none"])
def test_nine_in_ten_lie_in_the_range_of_a_number(name: str, noise: str) -> None:
    truth, found = NUMBERS[name], []
    for turn in range(3):
        dice = np.random.default_rng(turn)
        expected = truth(dice.random(DRAWS))[:, None]
        worlds = blurred(expected, noise, dice)
        ends = range_of_numbers(of(worlds))
        assert ends is not None
        found.append((*ends, covered(truth, ends)))
    low, high, inside = np.mean(found, axis=0)
    # Noise as wide as what it hides is only roughly undone where it is far from normal.
    assert (0.85 <= inside <= 0.95) or (noise == "exponential" and 0.85 <= inside <= 1), (low, high, inside)


def test_a_number_that_luck_does_not_touch_keeps_its_own_quantiles() -> None:
    values = np.random.default_rng(5).gamma(2.0, 10.0, 2_000)
    ends = np.quantile(values, [0.05, 0.95])
    assert range_of_numbers(of(np.repeat(values[:, None], 16, axis=1))) == pytest.approx(ends, rel=0.01)
    mixing = mixing_of_means(values, np.full(2_000, 1e-6), np.ones(2_000))
    assert (mixing.quantile(0.05), mixing.quantile(0.95)) == pytest.approx(ends, abs=1.2)


def test_the_mixing_distribution_keeps_the_mean() -> None:
    dice = np.random.default_rng(2)
    shares = thrown(dice.beta(2, 5, 2_000), 16, dice).mean(axis=1)
    mixing = mixing_of_shares(shares, np.full(2_000, 16.0), np.ones(2_000))
    middle = (mixing.edges[1:] + mixing.edges[:-1]) / 2
    assert float(middle @ mixing.masses) == pytest.approx(shares.mean(), abs=0.005)


def test_the_range_of_a_day_is_that_of_the_draws_own_middle_days() -> None:
    """Every day brings it with the draw's own chance: a draw's middle day follows from the chance, in closed form."""
    dice = np.random.default_rng(4)
    chance = 0.05 + 0.45 * dice.random(DRAWS)
    days = dice.geometric(chance[:, None], (DRAWS, 16)) - 1.0
    middles = np.ceil(np.log(0.5) / np.log1p(-chance)) - 1
    low, high = np.quantile(middles, [0.05, 0.95])
    found = range_of_days(days, np.ones(days.shape), 60)
    assert found is not None
    assert found == pytest.approx((low, high), abs=1)
    # The draws' own medians, as sixteen worlds show them, spread further.
    assert np.ptp(np.quantile(np.median(days, axis=1), [0.05, 0.95])) > found[1] - found[0]
    rare = np.where(days > 6, np.inf, days)
    late = range_of_days(rare, np.ones(days.shape), 6)
    assert late is not None
    assert late[0] == pytest.approx(low, abs=1)
    assert late[1] == np.inf


def test_a_day_on_which_draws_agree_has_no_range() -> None:
    days = np.random.default_rng(6).geometric(0.3, (800, 16)) - 1.0
    assert range_of_days(days, np.ones(days.shape), 60) is None
