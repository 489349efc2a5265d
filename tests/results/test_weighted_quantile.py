"""Quantiles of weighted values, held to their definition in fractions, which do not round."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.results import weighted_quantile

VALUES = st.sampled_from([-math.inf, -2.5, 0.0, 1.0, 2.0, 3.0, math.inf])  # few, so that many are tied
WEIGHTED = st.lists(st.tuples(VALUES, st.integers(0, 4) | st.integers(0, 2**40)), min_size=1, max_size=120)


def by_definition(pairs: list[tuple[float, int]], percent: int) -> float:
    """Return the least value up to which a share of the weight lies."""
    whole, wanted = sum(weight for _, weight in pairs), Fraction(percent, 100)
    kept = sorted(value for value, weight in pairs if weight)
    return next(v for v in kept if Fraction(sum(w for value, w in pairs if value <= v), whole) >= wanted)


@given(WEIGHTED, st.lists(st.integers(0, 100), min_size=1, max_size=5), st.sampled_from([np.float64, np.float32]))
def test_they_are_the_definition_with_ties_infinities_and_what_weighs_nothing(
    pairs: list[tuple[float, int]], percents: list[int], dtype: type[np.floating]
) -> None:
    values, weights = np.array([value for value, _ in pairs], dtype), np.array([weight for _, weight in pairs])
    found = weighted_quantile(values, weights, [percent / 100 for percent in percents])
    if not weights.any():
        assert np.isnan(found).all()
    else:
        assert found == [by_definition(pairs, percent) for percent in percents]


@pytest.mark.parametrize("count", [29, 30, 32, 38, 50, 58, 60, 100, 1_000])
def test_a_share_that_ends_exactly_at_a_value_gives_that_value(count: int) -> None:
    values = np.arange(count, dtype=np.float64)
    found = weighted_quantile(values, np.ones(count), [percent / 100 for percent in range(1, 101)])
    assert found == [-(-percent * count // 100) - 1.0 for percent in range(1, 101)]


def test_what_weighs_nothing_may_be_no_number() -> None:
    assert weighted_quantile(np.array([math.nan, 1.0, 2.0]), np.array([0.0, 1.0, 1.0]), (0.0, 0.5, 1.0)) == [1, 1, 2]
