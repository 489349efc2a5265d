"""Scores are averaged event by event, compared with the simplest forecasts, and said to prove little where few."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.brief.scored.scores import baseline_line
from detente.errors import Place
from detente.hindcast.brier import brier
from detente.hindcast.resolution import Outcome, Resolution
from detente.hindcast.result import BASELINES, Cut, Forecast, Skill, Standing
from detente.hindcast.skill import ENOUGH_CLUSTERS, MAIN, _beside, skills, summarise, told_apart

MOMENT = dt.datetime.fromisoformat("2031-05-13T06:00+02:00")


def standing(question: str, score: str, model: float, without: float | None = None, **baselines: float) -> Standing:
    return Standing(
        question, "yes/no", "", Forecast(scores={score: model}), {},
        {name: Forecast(scores={score: loss}) for name, loss in baselines.items()},
        None if without is None else Forecast(scores={score: without}),
    )  # fmt: skip


def only(found: tuple[Skill, ...], baseline: str = "even_odds", score: str = "brier") -> Skill:
    (skill,) = [one for one in found if (one.baseline, one.score) == (baseline, score)]
    return skill


def resolution(question: str, cluster: str, outcome: Outcome) -> Resolution:
    closes = MOMENT + dt.timedelta(days=7)
    place = Place(Path("resolutions.yaml"), 1)
    return Resolution(
        question, "?", closes, outcome, closes.date(), "told", ("office",), cluster, "after the event", False, "high",
        "", "", place,
    )  # fmt: skip


def test_means_are_taken_within_questions_then_clusters_then_over_clusters() -> None:
    found = skills(
        [
            ("storm", standing("a", "brier", 0.1, even_odds=0.25)),
            ("storm", standing("a", "brier", 0.3, even_odds=0.25)),
            ("storm", standing("b", "brier", 0.4, even_odds=0.25)),
            ("calm", standing("c", "brier", 0.1, even_odds=0.25)),
        ],
        seed=1,
    )
    skill = only(found)
    assert (skill.questions, skill.clusters) == (3, 2)
    assert skill.model == pytest.approx((0.3 + 0.1) / 2)
    assert skill.baseline_score == pytest.approx(0.25)
    assert skill.skill == pytest.approx(1 - 0.2 / 0.25)
    assert skill.interval is None


def test_only_what_both_forecast_is_compared() -> None:
    found = skills(
        [
            ("one", standing("a", "brier", 0.1, even_odds=0.25, base_rate=0.04)),
            ("two", standing("b", "brier", 0.9, even_odds=0.25)),
            ("two", standing("c", "crps", 3.0, persistence=6.0)),
        ],
        seed=1,
    )
    assert only(found, "base_rate").model == pytest.approx(0.1)
    assert only(found, "base_rate").skill == pytest.approx(-1.5)
    assert only(found, "even_odds").questions == 2
    assert only(found, "persistence", "crps").skill == pytest.approx(0.5)
    assert {(one.baseline, one.score) for one in found} == {
        ("even_odds", "brier"), ("base_rate", "brier"), ("persistence", "crps"),
    }  # fmt: skip


def test_numbers_are_compared_by_ratios_so_that_units_do_not_matter() -> None:
    def compared(trucks: float) -> Skill:
        pairs = [
            ("a", standing("people", "crps", 2.0, persistence=1.0)),
            ("b", standing("trucks", "crps", 50.0 * trucks, persistence=100.0 * trucks)),
        ]
        return only(skills(pairs, seed=1), "persistence", "crps")

    assert compared(1.0).skill == pytest.approx(0.0)  # twice the loss on one, half of it on the other
    assert compared(1000.0) == compared(1.0)
    assert compared(1.0).model == pytest.approx(1.0)
    assert compared(1.0).baseline_score == 1.0


def test_it_does_not_matter_which_of_two_is_called_the_baseline() -> None:
    losses = [(2.0, 1.0), (3.0, 5.0), (0.5, 0.1)]
    one = [(str(n), standing(str(n), "crps", a, persistence=b)) for n, (a, b) in enumerate(losses)]
    other = [(str(n), standing(str(n), "crps", b, persistence=a)) for n, (a, b) in enumerate(losses)]
    first, second = (only(skills(pairs, seed=1), "persistence", "crps") for pairs in (one, other))
    assert (1 - first.skill) * (1 - second.skill) == pytest.approx(1)


def test_a_forecast_that_is_exactly_right_is_at_most_a_hundred_times_better() -> None:
    for model, baseline, skill in ((1.0, 0.0, -99.0), (0.0, 1.0, 0.99), (0.0, 0.0, 0.0)):
        found = skills([("a", standing("a", "crps", model, persistence=baseline))], seed=1)
        assert only(found, "persistence", "crps").skill == pytest.approx(skill)


def test_the_interval_is_that_of_all_resamples_of_three_clusters() -> None:
    losses = [0.05, 0.2, 0.5]
    pairs = [(f"event {n}", standing(f"q{n}", "brier", loss, even_odds=0.25)) for n, loss in enumerate(losses)]
    skill = only(skills(pairs, seed=5))
    every = [1 - (a + b + c) / 3 / 0.25 for a in losses for b in losses for c in losses]
    assert skill.interval is not None
    assert skill.interval[0] == pytest.approx(min(every))  # each end comes in 1 of 27, above 2.5 %
    assert skill.interval[1] == pytest.approx(max(every))


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Known clusters, drawn from a known population: 95 % intervals of 25 events hold it in 85 to 99 %."""
    rng = np.random.default_rng(11)
    held = 0
    for trial in range(60):
        losses = rng.uniform(0, 0.4, 25)
        pairs = [(str(n), standing(str(n), "brier", float(loss), even_odds=0.25)) for n, loss in enumerate(losses)]
        interval = only(skills(pairs, seed=trial)).interval
        assert interval is not None
        held += interval[0] <= 1 - 0.2 / 0.25 <= interval[1]
    assert 51 <= held <= 60


@given(losses=st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.01, 1.0)), min_size=1, max_size=8), data=st.data())
def test_the_order_of_questions_changes_nothing(losses: list[tuple[float, float]], data: st.DataObject) -> None:
    pairs = [
        (f"event {n % 4}", standing(f"q{n}", "brier", model, even_odds=baseline))
        for n, (model, baseline) in enumerate(losses)
    ]
    found = only(skills(pairs, seed=3))
    again = only(skills(data.draw(st.permutations(pairs)), seed=3))
    assert again.skill == pytest.approx(found.skill)
    if found.interval is not None:
        assert again.interval == pytest.approx(found.interval)
        assert found.interval[0] <= found.interval[1]


def test_the_same_seed_gives_the_same_interval_and_another_another() -> None:
    rng = np.random.default_rng(2)
    pairs = [(str(n), standing(str(n), "brier", float(rng.uniform()), even_odds=0.25)) for n in range(9)]
    assert skills(pairs, seed=1) == skills(pairs, seed=1)
    assert skills(pairs, seed=1) != skills(pairs, seed=2)


def test_without_hindsight_the_other_forecast_is_scored_where_there_is_one() -> None:
    pairs = [
        ("a", standing("a", "brier", 0.1, without=0.3, even_odds=0.25)),
        ("b", standing("b", "brier", 0.2, even_odds=0.25)),
    ]
    assert only(skills(pairs, seed=1)).model == pytest.approx(0.15)
    assert only(skills(pairs, seed=1, without_hindsight=True)).model == pytest.approx(0.25)


def cut(days: int, in_sample: bool, said: dict[str, float], came: dict[str, bool], hindsight: bool = False) -> Cut:
    standings = {}
    for name, probability in said.items():
        model = Forecast(probability=probability, scores={"brier": brier(probability, came[name])})
        baselines = {"even_odds": Forecast(probability=0.5, scores={"brier": 0.25})}
        standings[name] = Standing(name, "yes/no", "", model, {}, baselines, model if hindsight else None)
    number = Forecast(quantiles={"50": 3.0}, scores={"crps": 1.0})
    standings["many"] = Standing("many", "number", "day", number, {}, {}, None, 0.7)
    return Cut(MOMENT + dt.timedelta(days=days), in_sample, 10.0, 10, 0, (), "", standings)


CAME = {"a": True, "b": False, "c": True}
RESOLUTIONS = {
    "a": resolution("a", "first", True), "b": resolution("b", "first", False), "c": resolution("c", "second", True),
    "many": resolution("many", "third", 4.0),
}  # fmt: skip


def test_cuts_in_sample_are_never_pooled_with_later_ones() -> None:
    cuts = [
        cut(-1, True, {"a": 0.9, "b": 0.1, "c": 0.9}, CAME),
        cut(1, False, {"a": 0.6, "b": 0.3}, CAME),
        cut(2, False, {"a": 0.8, "c": 0.2}, CAME),
    ]
    later, earlier = (summarise(cuts, RESOLUTIONS, in_sample, seed=1) for in_sample in (False, True))
    assert (later.cuts, later.questions, later.clusters) == (2, 4, 3)
    assert (earlier.cuts, earlier.questions, earlier.clusters) == (1, 4, 3)
    assert earlier.skills[0].model == pytest.approx((0.01 + 0.01) / 2)
    a = (0.16 + 0.04) / 2
    assert later.skills[0].model == pytest.approx(((a + 0.09) / 2 + 0.64) / 2)
    assert later.skills_without_hindsight == ()
    assert "no foresight" in earlier.says
    assert "no foresight" not in later.says
    assert [bar.count for bar in later.reliability] == [0, 2, 0, 1, 1]
    assert [bar.count for bar in later.pit] == [0, 0, 0, 2, 0]


def test_calibration_weighs_each_event_once() -> None:
    summary = summarise([cut(1, False, {"a": 0.9, "b": 0.9, "c": 0.9}, CAME)], RESOLUTIONS, False, seed=1)
    bar = summary.reliability[-1]
    assert bar.count == 3
    assert bar.came == pytest.approx(0.75)  # half of the first event's two, and the second's


def test_scores_without_hindsight_stand_beside_the_others_where_there_are_any() -> None:
    summary = summarise([cut(1, False, {"a": 0.9}, CAME, hindsight=True)], RESOLUTIONS, False, seed=1)
    assert summary.skills_without_hindsight == summary.skills != ()


def test_nothing_open_is_said_to_be_nothing() -> None:
    summary = summarise([], RESOLUTIONS, False, seed=1)
    assert (summary.cuts, summary.questions, summary.clusters, summary.skills) == (0, 0, 0, ())
    assert "nothing is scored" in summary.says


def says(clusters: int) -> str:
    """Say what so many events prove, each deciding one question on which the model is a little better."""
    came = {f"q{n}": n % 2 == 0 for n in range(clusters)}
    said = {name: 0.55 if outcome else 0.45 for name, outcome in came.items()}
    one = cut(1, False, said, came)
    del one.standings["many"]  # type: ignore[attr-defined]  # a dict underneath
    known = {name: resolution(name, f"event of {name}", outcome) for name, outcome in came.items()}
    return summarise([one], known, False, seed=1).says


@pytest.mark.parametrize(("clusters", "said"), [
    (1, "1 question, decided by a single event. So few can neither confirm the model nor refute it"),
    (2, "2 questions, decided by 2 events. So few can neither"),
    (4, "ahead on all 4 events once in 8 times: whatever came out, so few events prove little"),
    (5, "once in 16 times"),
    (6, "luck alone readily puts one ahead on 5 of 6 events; only from 6 on is that rarer than once in 20 times"),
    (20, "ahead on 14 of 20 events; only from 15 on"),
])  # fmt: skip
def test_how_little_so_few_prove_is_said_in_plain_words(clusters: int, said: str) -> None:
    assert said in says(clusters)


def test_the_words_of_the_sign_test_are_true() -> None:
    """Both ways: the chance that one of two equal forecasters is ahead on so many of twenty events."""

    def chance(wins: int) -> float:
        return 2 * sum(math.comb(20, won) for won in range(wins, 21)) / 2**20

    assert chance(14) > 0.05 >= chance(15)


def compared(better: dict[str, list[float]]) -> str:
    """Say how a model stands whose loss is so much less than each baseline's, event by event."""
    events = max(map(len, better.values()))
    standings = {}
    for event in range(events):
        losses = {name: by[event] + 0.3 for name, by in better.items() if event < len(by)}
        standings[f"q{event}"] = standing(f"q{event}", "brier", 0.3, **losses)
    one = Cut(MOMENT, False, 1.0, 1, 0, (), "", standings)
    known = {name: resolution(name, f"event of {name}", True) for name in standings}
    return summarise([one], known, False, seed=1).says


def test_it_says_which_baselines_the_model_can_be_told_from() -> None:
    said = compared({"even_odds": [0.1] * 6, "base_rate": [-0.1] * 6, "persistence": [0.1, -0.1] * 3})
    assert "does better than even odds (nothing is known) on yes/no questions and choices." in said
    assert "does worse than the base rate (it goes as in cases like it) on yes/no" in said
    assert (
        "cannot be told from persistence (nothing changes) on yes/no questions and choices: an interval reaches" in said
    )
    assert "Even odds are a low bar" in said
    said = compared({"even_odds": [-0.1] * 6, "base_rate": [0.1] * 5, "persistence": [-0.1] * 6, "trend": [-0.1] * 4})
    assert "does worse than even odds (nothing is known) and persistence (nothing changes) on yes/no" in said
    assert (
        "did no worse than the base rate (it goes as in cases like it) on yes/no questions and choices: on fewer"
        in said
    )
    assert "Better than the model did the trend (the pace stays as it was) on yes/no questions" in said
    assert "low bar" not in said


def test_luck_alone_gives_five_events_on_one_side_too_often_for_strong_words() -> None:
    """The sign test, both ways: six are the fewest that all fall on one side less often than once in 20 times."""
    assert 2 / 2**5 > 0.05 >= 2 / 2**6
    assert ENOUGH_CLUSTERS == 6


INTERVALS = st.none() | st.tuples(st.floats(-99, 0.99), st.floats(-99, 0.99)).map(lambda ends: (min(ends), max(ends)))
COMPARISONS = st.builds(
    Skill, st.sampled_from(list(BASELINES)), st.sampled_from(["brier", "crps"]), st.integers(1, 20), st.integers(1, 20),
    st.floats(0, 1), st.floats(0, 1), st.floats(-99, 0.99), INTERVALS,
)  # fmt: skip


@given(found=st.lists(COMPARISONS, max_size=8, unique_by=lambda one: (one.baseline, one.score)))
def test_the_head_never_says_what_a_line_denies(found: list[Skill]) -> None:
    """What the head says of each baseline and kind of question is what the line on it says, and the other way round."""
    said = " ".join(_beside(found))
    sentences = {
        "ahead": "does better than",
        "behind": "does worse than",
        "alike": "cannot be told from",
        "few": "too few to tell",
    }
    for one in found:
        line, (name, _), which = baseline_line(one), BASELINES[one.baseline], MAIN[one.score]
        strong = "larger than resampling the events explains" in line
        wanted = [part for part in said.split(". ") if sentences[told_apart(one)] in part]
        assert any(name in part and which in part for part in wanted), (said, line)
        if told_apart(one) == "few":
            assert any(name in part and ("Better than the model" in part) == (one.skill < 0) for part in wanted)
        assert strong == (told_apart(one) in ("ahead", "behind"))
        assert ("cannot be told from none (" in line) == (told_apart(one) == "alike")
        if one.clusters < 6:
            assert not strong
        if one.interval is not None and min(one.skill, *one.interval) <= -99:
            assert "kept within 1/100 and 100" in line
