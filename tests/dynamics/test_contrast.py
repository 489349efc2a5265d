"""Figures with their errors, and what is said of accounts: against brute force, and over many worlds thrown anew."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.dynamics.contrast import contrast_of, leads_differ
from detente.dynamics.estimates import Estimate, interval_of_median, ratio

Floats = NDArray[np.float64]
DRAWS, WORLDS = 300, 16


def thrown(chances: Floats, dice: np.random.Generator, spread: float = 0.25) -> Estimate:
    """Return a share of worlds whose draws have chances of their own about the one given."""
    own = np.clip(chances + dice.uniform(-spread, spread, DRAWS), 0, 1)
    shares = (dice.random((DRAWS, WORLDS)) < own[:, None]).mean(axis=1)
    return ratio(shares, np.ones(DRAWS))


def jackknife(answered: Floats, weights: Floats, others: tuple[Floats, Floats] | None = None) -> float:
    """Return the standard error of a ratio, or of a difference of two, by leaving out one draw after the other."""
    left = np.arange(len(weights))
    found = np.array([_value(answered, weights, others, left != one) for one in left])
    return float(np.sqrt(((found - found.mean()) ** 2).sum() * (len(left) - 1) / len(left)))


def _value(answered: Floats, weights: Floats, others: tuple[Floats, Floats] | None, kept: NDArray[np.bool_]) -> float:
    value = answered[kept].sum() / weights[kept].sum()
    return float(value if others is None else value - others[0][kept].sum() / others[1][kept].sum())


def test_errors_are_those_of_leaving_out_one_draw_after_the_other() -> None:
    dice = np.random.default_rng(1)
    weights, others = dice.exponential(1, 200), dice.exponential(1, 200)
    answered = weights * dice.random(200)
    beside = others * (answered / weights + dice.normal(0, 0.05, 200))
    one, two = ratio(answered, weights), ratio(beside, others)
    assert one.value == pytest.approx(answered.sum() / weights.sum())
    assert one.error == pytest.approx(jackknife(answered, weights), rel=0.03)
    assert (one - two).value == pytest.approx(one.value - two.value)
    assert (one - two).error == pytest.approx(jackknife(answered, weights, (beside, others)), rel=0.03)
    # What both have from the same draws falls out of a difference.
    assert (one - one).error == 0


def test_figures_of_fewer_draws_are_set_against_those_of_more() -> None:
    dice = np.random.default_rng(2)
    short, long = ratio(dice.random(50), np.ones(50)), ratio(dice.random(400), np.ones(400))
    apart = np.hypot(short.error, long.error)
    assert (short - long).error == pytest.approx(apart, rel=0.3)  # their first draws happen to go together a little
    part = ratio(dice.random(50), np.ones(50), of=200)
    assert part.error == pytest.approx(short.error / 2, rel=0.3)


@pytest.mark.parametrize("shared", [True, False], ids=["paired", "each by itself"])
@pytest.mark.parametrize("rest", [0.5, 0.3], ids=["all even", "one far below"])
def test_accounts_that_are_even_are_hardly_ever_said_to_be_divided(shared: bool, rest: float) -> None:
    said = []
    for turn in range(300):
        figures = {
            str(n): thrown(
                np.full(DRAWS, rest if n == 0 else 0.5), np.random.default_rng(turn if shared else [turn, n])
            )
            for n in range(6)
        }
        said.append(contrast_of(figures, even=0.5).divided)
    assert np.mean(said) <= 0.08  # one in twenty at most is meant


def test_accounts_on_both_sides_of_even_odds_are_divided_and_told_apart() -> None:
    for turn in range(50):
        dice = np.random.default_rng(turn)
        found = contrast_of({"low": thrown(np.full(DRAWS, 0.4), dice), "high": thrown(np.full(DRAWS, 0.6), dice)}, 0.5)
        assert (found.least, found.most) == ("low", "high")
        assert found.divided
        assert found.apart
        assert found.spread.value == pytest.approx(0.2, abs=0.08)
    both_above = {"low": thrown(np.full(DRAWS, 0.6), dice), "high": thrown(np.full(DRAWS, 0.8), dice)}
    assert contrast_of(both_above, 0.5).apart
    assert not contrast_of(both_above, 0.5).divided
    assert not contrast_of({"alone": both_above["low"]}, 0.5).apart


def test_accounts_that_do_not_differ_are_hardly_ever_told_apart() -> None:
    told = [
        contrast_of({str(n): thrown(np.full(DRAWS, 0.4), np.random.default_rng([turn, n])) for n in range(6)}).apart
        for turn in range(300)
    ]
    assert np.mean(told) <= 0.08


def test_alternatives_in_the_lead_differ_only_beyond_sampling_error() -> None:
    said = {0.0: 0, 0.15: 0}
    for lead in said:
        for turn in range(100):
            dice = np.random.default_rng([turn, round(100 * lead)])
            shares = {}
            for account, sign in (("one", 1), ("two", -1)):
                worlds = dice.random((DRAWS, WORLDS)) < 0.5 + sign * lead / 2
                left = worlds.mean(axis=1)
                shares[account] = {"left": ratio(left, np.ones(DRAWS)), "right": ratio(1 - left, np.ones(DRAWS))}
            said[lead] += leads_differ(shares)
    assert said[0.0] <= 5
    assert said[0.15] == 100


def test_the_interval_of_a_median_holds_it() -> None:
    held = []
    for turn in range(200):
        dice = np.random.default_rng(turn)
        worlds = dice.normal(0, 1, (DRAWS, 1)) + dice.normal(0, 2, (DRAWS, 8))
        middle = float(np.median(worlds))
        below = ratio((worlds <= middle).mean(axis=1), np.ones(DRAWS))
        ends = interval_of_median(below, lambda shares, worlds=worlds: np.quantile(worlds, shares).tolist())  # type: ignore[misc]
        assert ends is not None
        held.append(ends[0] <= 0 <= ends[1])
    assert 0.91 <= np.mean(held) <= 0.99
