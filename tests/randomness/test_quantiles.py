"""The inverse CDFs: against SciPy with stated tolerances, monotone in every argument, finite, and alike in JAX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from detente.randomness import (
    beta,
    binomial,
    chance,
    choice,
    interval90,
    lognormal,
    normal,
    poisson,
    triangular,
    uniform_between,
)

Array = npt.NDArray[Any]
DTYPES = (np.float32, np.float64)


def uniforms(dtype: Any, count: int = 400) -> Array:
    """Return uniforms such as the generator gives, both ends and both tails among them, in order."""
    exponent = 24 if dtype is np.float32 else 53
    random = np.random.default_rng(2)
    tail = 10 ** -random.uniform(0, exponent * 0.29, count)
    u = np.concatenate([random.random(count), tail, 1 - tail, [0.5, 2.0**-exponent, 1 - 2.0**-exponent]])
    odd = 2 * np.floor(np.clip(u, 0, 1 - 2.0**-exponent) * 2.0 ** (exponent - 1)) + 1
    return np.sort((odd * 2.0**-exponent).astype(dtype))


def cumulative_error(u: Array, count: Array, cdf: Callable[[Array], Any]) -> float:
    """Return how far u would have to be moved for the count to be the exact quantile."""
    u = u.astype(np.float64)
    count = count.astype(np.float64)
    return float(np.max(np.maximum(np.maximum(cdf(count - 1) - u, u - cdf(count)), 0)))


@pytest.mark.parametrize("dtype", DTYPES)
def test_continuous_ones_are_scipys(dtype: Any) -> None:
    u = uniforms(dtype)
    exact = u.astype(np.float64)
    close: dict[str, Any] = {"rtol": 2e-6, "atol": 2e-6} if dtype is np.float32 else {"rtol": 1e-12, "atol": 1e-13}
    pairs = [
        (uniform_between(u, -2, 3, np), stats.uniform.ppf(exact, -2, 5)),
        (triangular(u, 1, 2, 5, np), stats.triang.ppf(exact, 0.25, 1, 4)),
        (triangular(u, 1, 1, 5, np), stats.triang.ppf(exact, 0, 1, 4)),
        (triangular(u, 1, 5, 5, np), stats.triang.ppf(exact, 1, 1, 4)),
        (normal(u, 3, 2, np), stats.norm.ppf(exact, 3, 2)),
        (lognormal(u, 3, 0.5, np), stats.lognorm.ppf(exact, 0.5, scale=3)),
    ]
    for ours, theirs in pairs:
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, theirs, **close)


def test_the_normal_rises_over_every_float32_uniform_there_is() -> None:
    for start in range(0, 2**23, 2**20):
        index = np.arange(start, min(start + 2**20 + 1, 2**23), dtype=np.int64)
        u = ((2 * index + 1) * 2.0**-24).astype(np.float32)
        z = normal(u, 0, 1, np)
        assert np.all(np.diff(z) > 0)
        np.testing.assert_array_equal(z, -normal(1 - u, 0, 1, np))


@pytest.mark.parametrize("dtype", DTYPES)
def test_poisson_is_scipys(dtype: Any) -> None:
    """Exact up to a mean of 8, within 0.0001 of cumulative chance above."""
    u = uniforms(dtype)[:, None]
    mean = np.concatenate([np.geomspace(1e-4, 8, 30), np.geomspace(8.0001, 2e4, 30)]).astype(dtype)
    count = poisson(u, mean, np)
    assert count.dtype == dtype
    small = 30
    cdf = stats.poisson(mean[:small].astype(np.float64)).cdf
    assert cumulative_error(u, count[:, :small], cdf) < (1e-8 if dtype is np.float32 else 1e-15)
    assert cumulative_error(u, count[:, small:], stats.poisson(mean[small:].astype(np.float64)).cdf) < 1e-4
    assert np.all(poisson(u, 0, np) == 0)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [1, 2, 3, 8, 40, 1000])
def test_binomial_is_scipys(dtype: Any, n: int) -> None:
    """Exact for one or two trials, else within 0.001 of cumulative chance."""
    u = uniforms(dtype)[:, None]
    half = np.geomspace(1e-6, 0.5, 20)
    p = np.concatenate([half, 1 - half]).astype(dtype)
    count = binomial(u, n, p, np)
    assert count.dtype == dtype
    assert cumulative_error(u, count, stats.binom(n, p.astype(np.float64)).cdf) < (1e-3 if n > 2 else 1e-7)
    assert np.all(binomial(u, n, 0, np) == 0)
    assert np.all(binomial(u, n, 1, np) == n)
    assert np.all(binomial(u, 0, p, np) == 0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_beta_is_scipys(dtype: Any) -> None:
    """Within 0.0004 of cumulative chance, wherever a float can tell the value from 0 and from 1."""
    u = uniforms(dtype, 60)[:, None, None]
    a = np.array([0.1, 0.5, 1, 1.5, 3, 20, 400], dtype)
    value = beta(u, a[:, None], a, np)
    assert value.dtype == dtype
    inner = (value > 1e-30) & (value < 1 - 1e-3)
    cumulative = special.betainc(a[:, None].astype(np.float64), a.astype(np.float64), value.astype(np.float64))
    assert np.max(np.abs(cumulative - u)[inner]) < 4e-4
    assert np.all((value >= 0) & (value <= 1))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_90_percent_interval_has_its_ends_where_they_were_put(dtype: Any) -> None:
    u = np.array([0.05, 0.5, 0.95], dtype)
    np.testing.assert_allclose(interval90(u, 5, 20), [5, 10, 20], rtol=1e-6)
    np.testing.assert_allclose(interval90(u, -5, 20), [-5, 7.5, 20], rtol=1e-6)
    np.testing.assert_allclose(interval90(u, 0, 20), [0, 10, 20], rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(interval90(u[:, None], [5, -5], [20, 20])[1], [10, 7.5], rtol=1e-6)
    assert interval90(u, 5, 20).dtype == dtype


def test_chances_come_up_as_often_as_they_should() -> None:
    u = uniforms(np.float32)
    assert not chance(u, 0, np).any()
    assert chance(u, 1, np).all()
    np.testing.assert_array_equal(chance(u, 0.25, np), u < np.float32(0.25))


def test_choices_follow_their_weights_in_order() -> None:
    u = uniforms(np.float64)
    index = choice(u, [2, 0, 1, 1], np)
    assert index.dtype == np.int32
    np.testing.assert_array_equal(index, np.select([u <= 0.5, u <= 0.75], [0, 2], 3))
    for dtype in DTYPES:
        assert set(choice(uniforms(dtype), [0, 0.3, 0, 0.1, 0], np)) == {1, 3}, "no weight, never taken"
        assert not choice(uniforms(dtype), [0, 0, 0], np).any()
    each = choice(np.full((2, 1), 0.6), [np.array([1, 3]), np.array([1, -1])], np)
    np.testing.assert_array_equal(each, [[1, 0], [1, 0]])


Quantile = Callable[..., Array]
POSITIVE = st.floats(1e-3, 1e3)
ANY = st.floats(-1e3, 1e3)
PARAMETERS: dict[str, tuple[Quantile, tuple[st.SearchStrategy[float], ...], tuple[int, ...]]] = {
    # the quantile, its parameters, and for each whether the value rises (1), falls (-1) or may do either (0) with it
    "uniform_between": (uniform_between, (ANY, ANY), (1, 1)),
    "normal": (normal, (ANY, POSITIVE), (1, 0)),
    "lognormal": (lognormal, (POSITIVE, st.floats(0, 3)), (1, 0)),
    "poisson": (poisson, (st.floats(0, 40) | st.floats(0, 1e4),), (1,)),
    "binomial": (binomial, (st.integers(0, 2000).map(float), st.floats(0, 1)), (1, 1)),
    "beta": (beta, (st.floats(0.1, 300), st.floats(0.1, 300)), (1, -1)),
    "interval90": (interval90, (st.floats(0.01, 10), st.floats(10, 1e4)), (0, 0)),  # an end pulls both ways
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", PARAMETERS)
@settings(max_examples=30)
@given(st.data())
def test_values_are_monotone_in_the_uniform_and_in_each_parameter(name: str, dtype: Any, data: st.DataObject) -> None:
    """Up to rounding: two parameters closer than 1e-5 of each other may round either way."""
    quantile, strategies, signs = PARAMETERS[name]
    parameters = [data.draw(strategy) for strategy in strategies]
    u = uniforms(dtype, 25)
    rounding = {"beta": 2e-4}.get(name, 1e-6) if dtype is np.float32 else 1e-9
    value = quantile(u, *parameters, np)
    assert np.all(np.isfinite(value))
    if name == "uniform_between" and parameters[0] > parameters[1]:
        return
    assert np.all(np.diff(value) >= -rounding * np.maximum(1, np.abs(value[1:])))
    for place, (strategy, sign) in enumerate(zip(strategies, signs, strict=True)):
        other = data.draw(strategy)
        if sign == 0 or abs(other - parameters[place]) <= 1e-5 * abs(other):
            continue
        moved = quantile(u, *parameters[:place], other, *parameters[place + 1 :], np)
        rise = (moved - value) * sign * np.sign(other - parameters[place])
        counts = name in ("poisson", "binomial")
        assert np.all(rise >= (0 if counts else -rounding * np.maximum(1, np.abs(value)))), (parameters, place, other)


@settings(max_examples=60)
@given(st.tuples(ANY, ANY, ANY, ANY).map(sorted), st.sampled_from(DTYPES))
def test_a_triangle_is_monotone_and_keeps_its_bounds(points: list[float], dtype: Any) -> None:
    low, mode, later, high = (float(dtype(point)) for point in points)
    u = uniforms(dtype, 40)
    slack = 1e-6 * max(1.0, high - low, abs(low), abs(high)) if dtype is np.float32 else 1e-9
    value = triangular(u, low, mode, high, np)
    assert np.all(np.diff(value) >= -slack)
    assert np.all((value >= low - slack) & (value <= high + slack))
    assert np.all(triangular(u, low, later, high, np) >= value - slack), "in the mode"
    assert np.all(triangular(u, mode, later, high, np) >= triangular(u, low, later, high, np) - slack), "in the low end"
    assert np.all(triangular(u, low, mode, high, np) >= triangular(u, low, mode, later, np) - slack), "in the high end"


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_poisson_seam_is_monotone_in_the_mean(dtype: Any) -> None:
    mean = np.sort(np.concatenate([np.linspace(7.5, 8.5, 200), np.linspace(0.01, 30, 300)])).astype(dtype)
    assert np.all(np.diff(poisson(uniforms(dtype)[:, None], mean, np), axis=1) >= 0)


EXTREME: list[tuple[Quantile, tuple[float, ...]]] = [
    (uniform_between, (-1e30, 1e30)),
    (triangular, (0, 0, 0)),
    (triangular, (-1e18, 1e18, 1e18)),
    (normal, (0, 1e30)),
    (normal, (5, 0)),
    (lognormal, (1e15, 50)),
    (lognormal, (0, 50)),
    (poisson, (1e-30,)),
    (poisson, (1e9,)),
    (poisson, (-1,)),
    (binomial, (1e6, 1e-9)),
    (binomial, (1e6, 1 - 1e-7)),
    (binomial, (-3, 0.5)),
    (binomial, (10, 1.5)),
    (beta, (0.01, 0.01)),
    (beta, (1e4, 0.01)),
    (beta, (1e4, 1e4)),
]


@pytest.mark.parametrize(("quantile", "parameters"), EXTREME)
@pytest.mark.parametrize("xp", [np, jnp])
def test_float32_never_runs_into_infinity_or_nothing(
    xp: Any, quantile: Quantile, parameters: tuple[float, ...]
) -> None:
    def at(u: Any) -> Any:
        return quantile(u, *parameters, xp)

    value = np.asarray((at if xp is np else jax.jit(at))(xp.asarray(uniforms(np.float32, 40))))
    assert value.dtype == np.float32
    assert np.all(np.isfinite(value))


@pytest.mark.parametrize("dtype", DTYPES)
def test_numpy_and_jax_agree(dtype: Any) -> None:
    """Continuous values to rounding; counts wherever u is not within rounding of a step."""
    u = uniforms(dtype, 100)

    def everything(u: Any, xp: Any) -> list[Any]:
        u = u[:, None]
        p = xp.asarray([0.01, 0.3, 0.9])
        smooth = [
            uniform_between(u, -p, p, xp),
            triangular(u, -p, p, 2, xp),
            normal(u, p, 2, xp),
            lognormal(u, p, 0.7, xp),
            interval90(u, p, 2 * p, xp),
            beta(u, 2 * p, 3 * p, xp),
        ]
        steps = [chance(u, p, xp), choice(u, [p, 0.2, 1 - p], xp), poisson(u, 20 * p, xp), binomial(u, 30, p, xp)]
        return [*smooth, *steps]

    close: dict[str, Any] = {"rtol": 5e-5, "atol": 2e-6} if dtype is np.float32 else {"rtol": 1e-9, "atol": 1e-12}
    with jax.enable_x64(dtype is np.float64):
        theirs = [np.asarray(value) for value in jax.jit(lambda u: everything(u, jnp))(jnp.asarray(u))]
    ours = everything(u, np)
    for number, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        assert mine.dtype == other.dtype
        if number < 6:
            np.testing.assert_allclose(mine, other, **close)
        else:
            assert np.mean(mine != other) < (2e-3 if dtype is np.float32 else 1e-9)
