"""Skill: how the model's scores compare with the simplest forecasts', and how little few events prove."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.hindcast.calibration import pit_histogram, reliability
from detente.hindcast.resolution import Resolution
from detente.hindcast.result import BASELINES, Cut, Forecast, Skill, Standing, Summary
from detente.randomness import name_key
from detente.results import Interval

__all__ = [
    "ENOUGH_CLUSTERS",
    "FEWEST_CLUSTERS",
    "IN_UNITS",
    "MAIN",
    "MOST",
    "SCORES",
    "skills",
    "summarise",
    "told_apart",
]

SCORES = ("brier", "log", "spherical", "crps", "interval_90", "interval_50")
IN_UNITS = ("crps", "interval_90", "interval_50")
"""Scores in the unit of each question: they cannot be averaged, only their ratios can."""
MAIN = {"brier": "yes/no questions and choices", "crps": "numbers and days"}
"""The scores that questions are told by, and what questions these are."""
FEWEST_CLUSTERS = 3
"""Below this many events there is nothing to resample."""
ENOUGH_CLUSTERS = 6
"""Below this many events luck puts one of two equals ahead on all of them more often than once in 20 times."""
RESAMPLED = 2_000
MOST = 100.0
"""No single question makes the model more than a hundred times better or worse than a baseline."""


@dataclass(frozen=True)
class _Pair:
    """One question of one cluster: the model's and a baseline's score, averaged over cuts at which both forecast."""

    cluster: str
    question: str
    model: float
    baseline: float


def skills(
    standings: Sequence[tuple[str, Standing]], seed: int, *, without_hindsight: bool = False
) -> tuple[Skill, ...]:
    """Return how the model's mean score compares with each baseline's, for each score.

    Only questions that both forecast count. Scores are averaged over the cuts of a question, then over the questions of
    a cluster, then over clusters, so that an event that decides many questions, or was asked about on many days, counts
    once. The skill is ``1 - model / baseline``.

    Scores of numbers and dates stand in the units of their questions: people, trucks, days. Here the ratio
    ``model / baseline`` is taken question by question and averaged by its logarithm, so that half the loss on one and
    twice the loss on another cancel out whichever forecast is called the baseline; a mean of plain ratios would favour
    the one in the numerator. A ratio is kept within 1/100 and 100, and so a skill within -99 and 0.99: a point forecast
    that is exactly right has a loss of nothing. Such a comparison says 1 for the baseline and the mean ratio for the
    model.

    Parameters
    ----------
    standings
        Pairs of a cluster and a question's standing at one cut; a question that is open at several comes several times.
    seed
        Of the resampling of clusters that gives the intervals: 95 %, percentiles; None with fewer than three clusters.
    without_hindsight
        Score the model without reasons that only hindsight may have given, where a standing has that.

    Returns
    -------
    tuple of Skill
        By baseline, then by score; a pair that no question has is left out.

    References
    ----------
    A. H. Murphy, "Skill scores based on the mean square error", Monthly Weather Review 116 (1988), for the ratio.
    P. J. Fleming, J. J. Wallace, "How not to lie with statistics", Communications of the ACM 29 (1986), for the mean of
    ratios. B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13.
    """
    found = []
    for baseline in BASELINES:
        for score in SCORES:
            pairs = _pairs(standings, baseline, score, without_hindsight)
            if pairs:
                found.append(_skill(pairs, baseline, score, seed))
    return tuple(found)


def _pairs(
    standings: Sequence[tuple[str, Standing]], baseline: str, score: str, without_hindsight: bool
) -> list[_Pair]:
    """Gather the scores of every question that both forecast, each averaged over its cuts."""
    gathered: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for cluster, standing in standings:
        model: Forecast | None = standing.model
        if without_hindsight and standing.without_hindsight is not None:
            model = standing.without_hindsight
        other = standing.baselines.get(baseline)
        if model is None or other is None or score not in model.scores or score not in other.scores:
            continue
        pair = (model.scores[score], other.scores[score])
        gathered.setdefault((cluster, standing.question), []).append(pair)
    found = []
    for (cluster, question), scores in gathered.items():
        own, others = zip(*scores, strict=True)
        found.append(_Pair(cluster, question, math.fsum(own) / len(own), math.fsum(others) / len(others)))
    return found


def _skill(pairs: Sequence[_Pair], baseline: str, score: str, seed: int) -> Skill:
    ratios = score in IN_UNITS
    clusters: dict[str, list[tuple[float, float]]] = {}
    for pair in pairs:
        both = (math.log(_ratio(pair.model, pair.baseline)), 0.0) if ratios else (pair.model, pair.baseline)
        clusters.setdefault(pair.cluster, []).append(both)
    # In a fixed order: a resampled interval does not depend on the order in which questions come.
    means = np.array([np.mean(clusters[name], axis=0) for name in sorted(clusters)])
    model, other = (float(mean) for mean in (np.exp(means.mean(axis=0)) if ratios else means.mean(axis=0)))
    return Skill(
        baseline, score, len({pair.question for pair in pairs}), len(means), model, other,
        1.0 - _ratio(model, other), _interval(means, ratios, name_key("skill", baseline, score, seed=seed)),
    )  # fmt: skip


def _ratio(model: float, baseline: float) -> float:
    """Return how many times the baseline's loss the model's is; two losses of nothing are equal."""
    if baseline == 0.0:
        return 1.0 if model == 0.0 else MOST
    return min(max(model / baseline, 1 / MOST), MOST)


def _interval(means: NDArray[np.float64], ratios: bool, key: tuple[int, int]) -> Interval | None:
    """Return the 2.5th and 97.5th percentile of the skill over clusters drawn with replacement."""
    if len(means) < FEWEST_CLUSTERS:
        return None
    chosen = np.random.default_rng(key).integers(0, len(means), (RESAMPLED, len(means)))
    resampled = means[chosen].mean(axis=1)
    if ratios:
        resampled = np.exp(resampled)
    found = [1.0 - _ratio(float(model), float(baseline)) for model, baseline in resampled]
    low, high = np.percentile(found, (2.5, 97.5))
    return float(low), float(high)


def told_apart(one: Skill) -> Literal["ahead", "behind", "alike", "few"]:
    """Say whether the model can be told from a baseline: everything that is said of it anywhere goes by this.

    Parameters
    ----------
    one
        The comparison.

    Returns
    -------
    str
        ``ahead`` or ``behind`` where the interval lies on one side of 0, ``alike`` where it reaches across, and ``few``
        with fewer than six events, of whatever interval: luck alone often enough puts one of two equally good
        forecasters ahead on all of so few.
    """
    if one.interval is None or one.clusters < ENOUGH_CLUSTERS:
        return "few"
    low, high = one.interval
    return "ahead" if low > 0 else "behind" if high < 0 else "alike"


def summarise(cuts: Sequence[Cut], resolutions: Mapping[str, Resolution], in_sample: bool, seed: int) -> Summary:
    """Gather the scores of all cuts that may be pooled: those in sample, or those out of sample, never both.

    Parameters
    ----------
    cuts
        All cuts; those of the other kind are left out.
    resolutions
        What became of the questions: which event decides each, and what came.
    in_sample
        Which of the two to gather.
    seed
        Of the resampling of clusters.

    Returns
    -------
    Summary
        In calibration pictures the standings of one cluster weigh as one together.
    """
    pooled = [cut for cut in cuts if cut.in_sample == in_sample]
    standings = [
        (resolutions[name].cluster, standing)
        for cut in pooled
        for name, standing in cut.standings.items()
        if name in resolutions
    ]
    yes_no = [(cluster, one) for cluster, one in standings if one.model.probability is not None]
    placed = [(cluster, one) for cluster, one in standings if one.pit is not None]
    found = skills(standings, seed)
    questions, clusters = {one.question for _, one in standings}, {cluster for cluster, _ in standings}
    hindsight = any(one.without_hindsight is not None for _, one in standings)
    return Summary(
        in_sample=in_sample,
        cuts=len(pooled),
        questions=len(questions),
        clusters=len(clusters),
        skills=found,
        skills_without_hindsight=skills(standings, seed, without_hindsight=True) if hindsight else (),
        reliability=reliability(
            [one.model.probability or 0.0 for _, one in yes_no],
            [bool(resolutions[one.question].outcome) for _, one in yes_no],
            _weights([cluster for cluster, _ in yes_no]),
        ),
        pit=pit_histogram([one.pit or 0.0 for _, one in placed], _weights([cluster for cluster, _ in placed])),
        says=_says(len(questions), len(clusters), found, in_sample),
    )


def _weights(clusters: Sequence[str]) -> list[float]:
    """Return weights by which all standings of a cluster count as one."""
    return [1.0 / clusters.count(cluster) for cluster in clusters]


def _says(questions: int, clusters: int, found: Sequence[Skill], in_sample: bool) -> str:
    """Say in plain words how little so many questions prove."""
    if not questions:
        return "No question that was open at these cuts has been resolved, so nothing is scored."
    asked = "1 question" if questions == 1 else f"{questions} questions"
    decided = "a single event" if clusters == 1 else f"{clusters} events"
    said = [f"{asked}, decided by {decided}."]
    if clusters < FEWEST_CLUSTERS:
        said.append("So few can neither confirm the model nor refute it, and no interval is given.")
    else:
        said.append(_luck(clusters))
        said += _beside(found)
    if in_sample:
        said.append(
            "These cuts lie before the newest source that the case was written from: its authors had read what came "
            "next, so the scores test the machinery and show no foresight."
        )
    return " ".join(said)


def _beside(found: Sequence[Skill]) -> list[str]:
    """Say which baselines the model can be told from, in the scores that questions are told by."""
    words = {
        "ahead": "By its intervals the model does better than {}.",
        "behind": "By its intervals the model does worse than {}.",
        "alike": "It cannot be told from {}: an interval reaches across 0.",
        "beaten": "Better than the model did {}: on fewer than six events, too few to tell it from luck.",
        "few": "It did no worse than {}: on fewer than six events, too few to tell it from luck.",
    }
    said: list[str] = []
    named: set[str] = set()
    for verdict, sentence in words.items():
        parts = []
        for score, which in MAIN.items():
            names = [_name(one, named) for one in found if one.score == score and _standing(one) == verdict]
            if names:
                parts.append(f"{_listed(names)} on {which}")
        if parts:
            said.append(sentence.format(", and ".join(parts)))
    if any(one.baseline == "even_odds" and one.score in MAIN and told_apart(one) == "ahead" for one in found):
        said.append("Even odds are a low bar: most of what can be asked about does not happen.")
    return said


def _standing(one: Skill) -> str:
    """Return the verdict, and of too few events who did better on them."""
    verdict = told_apart(one)
    return "beaten" if verdict == "few" and one.skill < 0 else verdict


def _name(one: Skill, named: set[str]) -> str:
    """Return how a baseline is called, the first time with what it assumes."""
    name, assumes = BASELINES[one.baseline]
    text = name if name in named else f"{name} ({assumes})"
    named.add(name)
    return text


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _luck(clusters: int) -> str:
    """Say how far ahead luck alone would put one of two equally good forecasters: the sign test, both ways."""

    def chance(wins: int) -> float:
        return sum(math.comb(clusters, won) for won in range(wins, clusters + 1)) / float(2 ** (clusters - 1))

    if chance(clusters) > 0.05:
        often = 2 ** (clusters - 1)
        return (
            f"Of two forecasters who are equally good, luck alone puts one ahead on all {clusters} events once in "
            f"{often} times: whatever came out, so few events prove little."
        )
    needed = next(wins for wins in range(clusters // 2 + 1, clusters + 1) if chance(wins) <= 0.05)
    return (
        f"Of two forecasters who are equally good, luck alone readily puts one ahead on {needed - 1} of "
        f"{clusters} events; only from {needed} on is that rarer than once in 20 times."
    )
