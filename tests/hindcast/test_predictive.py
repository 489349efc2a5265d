"""What a class foretells of something that has lasted for a while: closed forms by hand, and a sampler beside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from detente.hindcast.predictive import Predictive, predictive
from detente.scenario import ReferenceClass
from tests.hindcast.classes import REMISSION, cases, curve


def told(reference_class: ReferenceClass, lasted: float = 0.0) -> Predictive:
    found = predictive(reference_class, lasted)
    assert found is not None
    return found


# ---- by hand ---------------------------------------------------------------------------------------------------------


def test_one_case_foretells_no_single_moment() -> None:
    """Of two truces one outlasted six days and ended after ten: its middle further time is four days."""
    found = told(cases([(1.0, 1), (10.0, 1)]), 6.0)
    assert (found.cases, found.of, found.scale) == (1.0, 2, 4.0)
    assert found.at_least(6.0) == 1.0
    assert found.at_least(8.0) == pytest.approx((1 + 4 / (4 + 2)) / 2)
    assert found.at_least(10.0) == pytest.approx((1 + 1 / 2) / 2)  # it lasted so long, and half a case more
    assert found.at_least(10.0001) == pytest.approx((0 + 1 / 2) / 2, abs=1e-4)
    assert found.at_least(18.0) == pytest.approx((4 / (4 + 12)) / 2)


def test_at_the_middle_further_time_it_is_jeffreys_beta_binomial() -> None:
    """There the imagined case is half in and half out: (k + 1/2) / (n + 1), of Beta(k + 1/2, n - k + 1/2)."""
    found = told(cases([(days, 1) for days in (2.0, 5.0, 6.0, 9.0, 11.0, 14.0)]), 4.0)
    assert (found.cases, found.scale) == (5.0, 5.0)  # 5, 6, 9, 11 and 14 lasted longer: the middle one ends after 9
    assert found.at_least(9.0) == pytest.approx((3 + 0.5) / 6)
    assert found.interval(9.0) == pytest.approx(beta(3.5, 2.5).ppf([0.05, 0.95]))
    assert found.interval(9.0, 0.5) == pytest.approx(beta(3.5, 2.5).ppf([0.25, 0.75]))


def test_conditioned_it_is_the_product_of_what_came_later() -> None:
    """Kaplan and Meier by hand: of the trial, after week 10, eleven were watched at 13 and ten at 16."""
    watched = {week: sum(weeks >= week for weeks, _ in REMISSION) for week in (13, 16)}
    assert watched == {13: 12, 16: 11}
    share = (1 - 1 / 12) * (1 - 1 / 11)
    found = told(cases([(float(weeks), ended) for weeks, ended in REMISSION]), 10.0)
    n = sum(weeks > 10 for weeks, _ in REMISSION)
    assert (found.cases, found.of) == (n, 21)
    # Half have ended when 0.753 has fallen to 0.376, which it has not by week 35: 0.448 are left.
    left = 0.448 / 0.753
    beyond = (n * left + 0.5) / (n + 1)
    assert found.scale == pytest.approx(25 * beyond / (1 - beyond), rel=2e-3)
    imagined = found.scale / (found.scale + 10)
    assert found.at_least(20.0) == pytest.approx((n * share + imagined) / (n + 1), rel=1e-9)


def test_published_points_are_joined_by_straight_lines() -> None:
    found = told(curve([(10, 0.2), (20, 0.6)], of=50), 15.0)
    assert found.cases == pytest.approx(50 * 0.6)
    assert found.scale == pytest.approx(5 * ((30 * 0.4 / 0.6 + 0.5) / 31) / (1 - (30 * 0.4 / 0.6 + 0.5) / 31))
    share, imagined = (0.8 - 0.4 * 0.7) / 0.6, found.scale / (found.scale + 2)
    assert found.at_least(17.0) == pytest.approx((30 * share + imagined) / 31)
    half = told(curve([(10, 0.2), (20, 0.6)], of=50))
    assert half.scale == pytest.approx(17.5)  # the day by which half had happened


def test_what_nobody_knows_the_end_of_is_left_open() -> None:
    found = told(cases([(4.0, 0), (10.0, 0)]))
    assert found.scale == pytest.approx(10 * (2.5 / 3) / (0.5 / 3))  # Jeffreys: 2.5 of 3 last beyond all that is known
    assert 0.9 < found.at_least(10.0) < 1.0
    assert found.at_least(1e6) == pytest.approx(2 / 3, abs=1e-3)


def test_a_class_that_this_one_has_outlasted_says_nothing() -> None:
    assert predictive(cases([(1.0, 1), (9.0, 1)]), 9.0) is None
    assert predictive(cases([(1.0, 1), (9.0, 0)]), 9.0) is None
    assert predictive(curve([(7, 0.1), (30, 0.3)]), 31.0) is None


def test_a_case_of_no_length_counts_while_nothing_has_lasted() -> None:
    found = told(cases([(0.0, 1), (0.0, 1), (2.0, 1)]))
    assert (found.cases, found.scale) == (3.0, 0.0)
    assert found.at_least(0.0) == 1.0
    assert found.at_least(1.0) == pytest.approx(1 / 4)
    assert told(curve([(0, 0.5), (5, 0.8)])).at_least(1e-9) == pytest.approx((100 * 0.5 + 1) / 101, abs=0.02)


# ---- whatever the cases ----------------------------------------------------------------------------------------------

ENDED = st.lists(st.floats(0.05, 60.0).map(lambda days: round(days, 2)), min_size=1, max_size=12)


@settings(max_examples=15)
@given(lasted=ENDED, so_far=st.floats(0.0, 30.0), further=st.floats(0.01, 40.0))
def test_it_is_the_mean_of_a_bayesian_bootstrap_with_one_case_more(
    lasted: list[float], so_far: float, further: float
) -> None:
    """Weights drawn from Dirichlet's distribution over the cases and one imagined: its mean and quantiles are these."""
    kept = np.array([days for days in lasted if days > so_far] if so_far > 0 else lasted)
    assume(len(kept))
    found = told(cases([(days, 1) for days in lasted]), so_far)
    rng = np.random.default_rng(5)
    weights = rng.dirichlet(np.ones(len(kept) + 1), 40_000)
    middle = np.sort(kept)[(len(kept) + 1) // 2 - 1] - so_far
    # Of a case whose further time has the odds of its middle one against it: u / (1 - u) of the middle time.
    tail = rng.uniform(size=40_000)
    imagined = middle * (1 - tail) / tail >= further
    shares = weights[:, :-1] @ (kept >= so_far + further) + weights[:, -1] * imagined
    # What comes once in some ten thousand draws may not have come in these at all, and then they show no spread.
    assert found.at_least(so_far + further) == pytest.approx(shares.mean(), abs=5 * shares.std() / 200 + 3e-4)


@settings(max_examples=30)
@given(
    lasted=st.lists(st.tuples(st.floats(0.0, 40.0), st.booleans()), min_size=1, max_size=12),
    so_far=st.floats(0.0, 40.0),
    by_points=st.booleans(),
    offset=st.floats(-5.0, 5.0),
)
@example(lasted=[(0.0, False)], so_far=1.0, by_points=True, offset=0.0)  # a curve that ends before this one's day
def test_it_falls_stays_inside_and_days_add_up(
    lasted: list[tuple[float, bool]], so_far: float, by_points: bool, offset: float
) -> None:
    days = sorted({round(days, 1) for days, _ in lasted})
    known = (
        curve([(day, (n + 1) / (len(days) + 1)) for n, day in enumerate(days)])
        if by_points
        else cases([(round(days, 1), ended) for days, ended in lasted])
    )
    found = predictive(known, so_far)
    if found is None:
        return
    at = np.linspace(0, 80, 161)
    chances = np.array([found.at_least(day) for day in at])
    assert (np.diff(chances) <= 1e-12).all()
    assert chances[0] == 1.0
    assert chances[-1] >= 0.0
    low, high = found.interval(60.0)
    assert 0.0 <= low <= found.at_least(60.0) + 1e-9
    assert found.at_least(60.0) <= high + 0.5 / (found.cases + 1) + 1e-9
    per_day = found.per_day(offset, 50)
    assert len(per_day) == 51
    assert per_day.min() >= -1e-12
    assert per_day.sum() == pytest.approx(1.0)
    if found.at_least(-offset) == 1.0:
        assert per_day[-1] == pytest.approx(found.at_least(50 - offset))


@settings(max_examples=15)
@given(lasted=ENDED, so_far=st.floats(0.0, 20.0), day=st.floats(0.0, 60.0), times=st.sampled_from([2.0, 8.0, 0.25]))
def test_the_unit_of_time_does_not_matter(lasted: list[float], so_far: float, day: float, times: float) -> None:
    one = predictive(cases([(days, 1) for days in lasted]), so_far)
    other = predictive(cases([(days * times, 1) for days in lasted]), so_far * times)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.at_least(day) == pytest.approx(other.at_least(day * times))


def test_many_cases_leave_little_to_the_imagined_one() -> None:
    lasted = np.random.default_rng(3).exponential(10.0, 4_000).round(3)
    found = told(cases([(float(days), 1) for days in lasted]), 5.0)
    for day in (6.0, 12.0, 30.0):
        assert found.at_least(day) == pytest.approx(np.exp(-(day - 5) / 10), abs=0.03)
