"""Choices compared in the same worlds, in a case worked out by hand; and robustness on plain arrays."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from detente.dynamics import Simulation
from detente.exploration.comparison import Comparison, compare
from detente.exploration.robustness import luck_averaged, meets, percentiles, regret_from_best, regret_from_middle
from detente.scenario import load
from detente.scenario.model.choices import NO_LEVER

CASE = """
case: pushes
title: A push
authors: [a test]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 4
sources:
  page: {title: A page, published: "2031-04-30T06:00+02:00"}
claims:
  sign:
    kind: cause
    about: Which way does a push go?
    readings:
      up: {says: Up., by: page, cites: page}
      down: {says: Down., by: page, cites: page}
accounts:
  as_up_tells_it: {readings: {sign: up}}
  as_down_tells_it: {readings: {sign: down}}
actors:
  keeper:
    is: keeper
    wants:
      level: {says: A level scale., measure: height, better: less, cites: page}
      fame: {says: Fame., measure: height, better: more, cites: page}
uncertainties:
  base: {range: 0..3}
  force:
    by_reading:
      - when: {sign: up}
        range: 1.9..2.1
      - otherwise: -1.1..-0.9
options:
  keeper:
    push: {says: Push.}
decisions:
  keeper.push:
    when: true
    usual: {chance: 0.2..0.4}
levers:
  pushes:
    sets: {keeper.push: true}
    from: day 2
    pair: holds
  holds:
    sets: {keeper.push: false}
    from: day 2
    pair: pushes
auxiliaries:
  load: base + (force if keeper.push else 0)
measures:
  height: {equals: load, headline: true}
questions:
  high:
    asks: Is it high?
    answer: (height > 2) on 2031-05-03
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases") / "pushes"
    path.mkdir()
    (path / "scenario.yaml").write_text(CASE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def compared(folder: Path) -> Comparison:
    return compare(folder, ["pushes", "holds"], worlds=100_000)


def test_a_choice_goes_with_what_it_adds_where_it_was_not_made(compared: Comparison) -> None:
    found = {(e.lever, e.account): e for e in compared.effects if e.target == "height"}
    for account, force in (("as_up_tells_it", 2.0), ("as_down_tells_it", -1.0), (None, 0.5)):
        for lever, share in (("pushes", 0.7), ("holds", -0.3)):
            effect = found[lever, account]
            assert effect.difference.value == pytest.approx(share * force, abs=0.05)
            assert effect.difference.low < share * force < effect.difference.high
            assert effect.difference.value == pytest.approx(effect.with_it.value - effect.without.value, abs=1e-9)


def test_a_lever_gives_the_worlds_of_a_run_with_that_lever(folder: Path, compared: Comparison) -> None:
    draws = int(100_000 / (16 * 3 * (3 + 3 / 4)))
    alone = Simulation(load(folder), replicates=16).lever("pushes", {}, draws).answer("high")
    effect = next(e for e in compared.effects if (e.lever, e.target, e.account) == ("pushes", "high", None))
    assert effect.with_it.value == pytest.approx(alone.probability, abs=1e-6)


def test_worlds_that_choose_of_themselves_are_told_apart(compared: Comparison) -> None:
    made = next(one for one in compared.as_chosen if (one.lever, one.target) == ("pushes", "height"))
    # It comes up on the last two days, and pushes on either with a chance of about 0.3.
    assert made.share == pytest.approx(1 - 0.7**2, abs=0.03)
    assert made.with_it > made.without


def test_who_wants_what_is_told_for_every_side(compared: Comparison) -> None:
    assert compared.wanted["height"] == (("keeper", "less"), ("keeper", "more"))
    assert [choice.begins for choice in compared.choices] == [dt.date(2031, 5, 3)] * 2
    assert compared.choices[0].pair == "holds"


def test_regret_is_given_both_ways(compared: Comparison) -> None:
    found = {one.choice: one for one in compared.robustness if (one.target, one.account) == ("height", None)}
    assert set(found) == {NO_LEVER, "pushes", "holds"}
    # In half of the draws a push lifts by 2, in half it lowers by 1; the other way of it is the regret.
    assert found["holds"].short_of_most == pytest.approx(2, abs=0.15)
    assert found["pushes"].short_of_most == pytest.approx(1, abs=0.15)
    assert found["pushes"].short_of_least == pytest.approx(2, abs=0.15)
    assert found["holds"].short_of_least == pytest.approx(1, abs=0.15)
    assert found[NO_LEVER].low < found[NO_LEVER].middle < found[NO_LEVER].high


def test_each_account_is_a_state_of_affairs_of_its_own(compared: Comparison) -> None:
    found = {one.choice: one for one in compared.across if one.target == "height"}
    up, down = "as_up_tells_it", "as_down_tells_it"
    # The base is 1.5 on the average; a push adds 2 as the one tells it, and takes 1 as the other does; three in ten
    # push of themselves.
    for choice, high, low in (("pushes", 3.5, 0.5), ("holds", 1.5, 1.5), (NO_LEVER, 2.1, 1.2)):
        one = found[choice]
        if choice != "holds":
            assert (one.highest.account, one.lowest.account) == (up, down)
        assert one.highest.value.value == pytest.approx(high, abs=0.1)
        assert one.lowest.value.value == pytest.approx(low, abs=0.1)
    # Savage: a push falls short where it lowers, holding where it lifts, and the other way round for who wants less.
    for choice, most, least in (
        ("pushes", (down, 1.0), (up, 2.0)),
        ("holds", (up, 2.0), (down, 1.0)),
        (NO_LEVER, (up, 1.4), (down, 0.7)),
    ):
        for under, told in ((found[choice].short_of_most, most), (found[choice].short_of_least, least)):
            assert under.account == told[0]
            assert under.value.value == pytest.approx(told[1], abs=0.08)
            assert under.value.low <= under.value.value <= under.value.high
    assert found["pushes"].from_pooled.value.value == pytest.approx(1.5, abs=0.1)
    assert found["holds"].from_pooled.value.value == pytest.approx(0, abs=1e-6)  # no account changes it


def test_satisficing_is_told_for_the_account_in_which_it_is_rarest(compared: Comparison) -> None:
    required = next(
        o for o in compared.robustness if (o.target, o.choice, o.account) == ("height", NO_LEVER, None)
    ).middle
    pushes = next(one for one in compared.across if (one.target, one.choice) == ("height", "pushes"))
    # The base is even from 0 to 3, and a push takes 1.
    assert pushes.seldom_at_least.account == "as_down_tells_it"
    assert pushes.seldom_at_least.value.value == pytest.approx((2 - required) / 3, abs=0.05)
    assert pushes.seldom_at_most.account == "as_up_tells_it"
    own = {o.account: o for o in compared.robustness if (o.target, o.choice) == ("height", "pushes")}
    assert own["as_down_tells_it"].at_least == pushes.seldom_at_least.value.value
    assert own["as_up_tells_it"].low == pytest.approx(2.3, abs=0.1)
    assert own["as_up_tells_it"].from_middle == pytest.approx(1.35, abs=0.1)
    assert set(own) == {None, "as_up_tells_it", "as_down_tells_it"}


def test_without_accounts_there_is_nothing_across_them(tmp_path: Path) -> None:
    alone = tmp_path / "pushes"
    alone.mkdir()
    text = CASE[: CASE.index("accounts:")] + CASE[CASE.index("actors:") :]
    (alone / "scenario.yaml").write_text(text, encoding="utf-8")
    assert compare(alone, ["pushes"], worlds=6_000).across == ()


def test_the_day_can_be_set(folder: Path) -> None:
    later = compare(folder, ["pushes"], from_day="2031-05-04", worlds=6_000)
    assert later.choices[0].begins == dt.date(2031, 5, 4)
    high = next(e for e in later.effects if e.target == "high" and e.account is None)
    assert high.difference.value == 0  # it asks about the day before
    assert not high.difference.differs_from_zero


def test_regret_from_the_best_is_what_the_other_choice_had_more() -> None:
    values = np.array([[1.0, 5.0, 2.0], [3.0, 4.0, 2.0]])
    weights = np.ones(3)
    assert regret_from_best(values, weights, more=True).tolist() == [2.0, 1.0]
    assert regret_from_best(values, weights, more=False).tolist() == [1.0, 2.0]


def test_regret_from_the_middle_and_percentiles() -> None:
    values = np.arange(101.0)
    assert percentiles(values, np.ones(101)) == (10.0, 50.0, 90.0)
    assert regret_from_middle(values, 50.0, np.ones(101)) == 45.0
    heavy = np.where(values == 100, 1e9, 1.0)
    assert percentiles(values, heavy)[0] == 100.0


def test_meeting_a_requirement_counts_weighted_draws() -> None:
    values, weights = np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 2.0])
    assert meets(values, 2.0, weights, more=True) == 0.75
    assert meets(values, 2.0, weights, more=False) == 0.5


def test_the_noise_of_few_replicates_is_taken_out() -> None:
    rng = np.random.default_rng(1)
    truth = rng.uniform(0.2, 0.8, 4_000)
    answers = (rng.random((1, 4_000, 8)) < truth[:, None]).astype(float)
    found = luck_averaged(answers, np.ones(4_000))[0]
    assert found.std() == pytest.approx(truth.std(), rel=0.03)
    assert answers.mean(axis=2)[0].std() > 1.2 * truth.std()
