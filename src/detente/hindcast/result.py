"""What a hindcast gives back: forecasts at each cut, their scores beside the simplest ones, and how it was made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.display import Displayed, shortened
from detente.hindcast.base_rates import Survival
from detente.hindcast.predictive import Predictive
from detente.hindcast.resolution import NotAnswerable, Outcome, Resolution
from detente.requests import HindcastRequest
from detente.results import Interval, Provenance, data_frame

__all__ = [
    "BASELINES",
    "Bin",
    "Cut",
    "Forecast",
    "Hindcast",
    "Lasting",
    "Mover",
    "Reason",
    "Skill",
    "Standing",
    "Summary",
]

BASELINES = {
    "even_odds": ("even odds", "nothing is known"),
    "base_rate": ("the base rate", "it goes as in cases like it"),
    "persistence": ("persistence", "nothing changes"),
    "trend": ("the trend", "the pace stays as it was"),
    "agreed": ("the agreed term", "what was agreed is kept"),
}
"""The simplest forecasts, in the order in which they are shown: how each is called, and what it assumes."""


@dataclass(frozen=True)
class Forecast:
    """What one forecaster said of one question, and its scores: losses, so lower is better.

    Parameters
    ----------
    probability
        For yes/no.
    quantiles
        For a number or a date, by percent (5, 25, 50, 75, 95); days as ISO text, None for never.
    never
        For a date: how likely it is not to come by the end of the days.
    shares
        For a choice, by alternative.
    range
        5th to 95th percentile over draws of parameters and readings, luck taken out, of the share, the expected number
        or a draw's own middle day; None where it cannot be told from luck that draws differ, and for choices. Of a base
        rate, of the share among all cases like this one.
    scores
        ``brier``, ``log``, ``spherical`` for yes/no and choices; ``crps``, ``interval_90``, ``interval_50`` for numbers
        and, in days, for dates.
    unanswered
        The share of worlds without an answer, such as the mean over no day: they are left out.
    assumes
        Of a simple forecast, what it takes for granted; empty for the model.
    cases
        Of a base rate, how many cases stand behind it: those that lasted as long as this one has.
    """

    probability: float | None = None
    quantiles: Mapping[str, Any] | None = None
    never: float | None = None
    shares: Mapping[str, float] | None = None
    range: tuple[Any, Any] | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    unanswered: float = 0.0
    assumes: str = ""
    cases: float | None = None


@dataclass(frozen=True)
class Standing:
    """One question at one cut: the model's forecast, each account's, the simplest ones, and what came.

    ``pit`` is where the outcome fell in the forecast's distribution, from 0 to 1, for numbers and dates.
    ``without_hindsight`` is the model without the reasons that only hindsight may have given, where there are any.
    """

    question: str
    type: str
    unit: str
    model: Forecast
    by_account: Mapping[str, Forecast]
    baselines: Mapping[str, Forecast]
    without_hindsight: Forecast | None = None
    pit: float | None = None


@dataclass(frozen=True)
class Mover:
    """Something that became known between one cut and the next, and bears on the model or is told as an event."""

    about: dt.date
    known_at: dt.datetime
    measure: str
    says: str
    bears: bool


@dataclass(frozen=True)
class Cut:
    """The case as it stood at one moment, conditioned on what was known by then, and its open questions.

    Parameters
    ----------
    as_of
        The moment.
    in_sample
        Whether it lies before the newest source that the case was written from; such cuts are never pooled with later
        ones.
    effective_draws, draws
        How many equally weighted draws the worlds were worth, and how many were drawn.
    resampled
        On how many days worlds were resampled by how well they followed the record.
    movers
        What became known since the cut before.
    warning
        What to beware of, or an empty text.
    standings
        Each question still open, by question.
    """

    as_of: dt.datetime
    in_sample: bool
    effective_draws: float
    draws: int
    resampled: int
    movers: tuple[Mover, ...]
    warning: str
    standings: Mapping[str, Standing]

    @property
    def learned(self) -> bool:
        """Whether anything that bears on the model became known since the cut before."""
        return any(mover.bears for mover in self.movers)


@dataclass(frozen=True)
class Skill:
    """How the model's mean score compares with a baseline's, over clusters of questions both forecast.

    ``skill`` is 1 less the ratio of the two: 0 is no better, below 0 is worse. ``interval`` resamples clusters, 95 %.
    """

    baseline: str
    score: str
    questions: int
    clusters: int
    model: float
    baseline_score: float
    skill: float
    interval: Interval | None


@dataclass(frozen=True)
class Bin:
    """One bar of a calibration picture: forecasts from ``low`` to ``high``, how many, their mean and what came."""

    low: float
    high: float
    count: int
    mean: float | None
    came: float | None


@dataclass(frozen=True)
class Summary:
    """The scores of cuts that may be pooled: all in sample, or all out of sample.

    Parameters
    ----------
    in_sample
        Which of the two.
    cuts, questions, clusters
        How many.
    skills
        Against each baseline, by score.
    skills_without_hindsight
        The same without the reasons that only hindsight may have given.
    reliability
        Yes/no forecasts binned by probability.
    pit
        Where outcomes of numbers and dates fell in the forecasts' distributions.
    says
        How little, or how much, so many questions prove, in a sentence.
    """

    in_sample: bool
    cuts: int
    questions: int
    clusters: int
    skills: tuple[Skill, ...]
    skills_without_hindsight: tuple[Skill, ...]
    reliability: tuple[Bin, ...]
    pit: tuple[Bin, ...]
    says: str


@dataclass(frozen=True)
class Reason:
    """A reason in a decision, and how it moved a forecast: points of probability or the question's unit.

    ``decision`` and ``label`` name it; ``toward_outcome`` is how far the forecast comes nearer to what came with the
    reason than without it (negative: it drove the call wrong).
    """

    decision: str
    label: str
    claims: tuple[str, ...]
    possible_hindsight: bool
    toward_outcome: float


@dataclass(frozen=True)
class Lasting:
    """How long the cases of the reference class that a question names lasted.

    Parameters
    ----------
    reference_class
        Its name.
    survival
        The share still going, day by day.
    foretold
        How long those of them last that had lasted as long as this one; None where none had.
    """

    reference_class: str
    survival: Survival
    foretold: Predictive | None


@dataclass(frozen=True)
class Hindcast(Displayed):
    """A case scored on what came after.

    Parameters
    ----------
    request
        What was asked; its ``command()`` asks it again.
    provenance
        How it was made; ``as_of`` is that of the first cut.
    cuts
        In the order of their moments.
    resolutions, not_answerable
        What became of the questions, and those that no equation answers.
    summaries
        Of the cuts out of sample and of those in sample, where there are any.
    possible_hindsight
        Reasons in decisions that have no source dated before the cut.
    drove
        For each question of the first cut out of sample (else the first cut), the reasons that moved its forecast most,
        by size.
    posterior_until
        Up to when the posterior that was applied had been fitted.
    left_out
        Questions with a known outcome that were not forecast at any cut, by name, and why.
    lasting
        By question that names a reference class: how long its cases lasted.
    """

    request: HindcastRequest
    provenance: Provenance
    cuts: tuple[Cut, ...]
    resolutions: Mapping[str, Resolution]
    not_answerable: Mapping[str, NotAnswerable]
    summaries: tuple[Summary, ...]
    possible_hindsight: tuple[Reason, ...]
    drove: Mapping[str, tuple[Reason, ...]]
    posterior_until: dt.datetime | None = None
    left_out: Mapping[str, str] = field(default_factory=dict)
    lasting: Mapping[str, Lasting] = field(default_factory=dict)

    def __repr__(self) -> str:
        made, told = self.provenance, f"{len(self.resolutions)} questions"
        return shortened(f"Hindcast({made.case!r}: {told}, {len(self.cuts)} cuts from {made.as_of}, seed {made.seed})")

    def to_pandas(self) -> Any:
        """Return every score of every forecast, as a ``pandas.DataFrame``.

        Columns: ``as_of``, ``in_sample``, ``question``, ``forecaster`` (the model, its accounts, the simplest
        forecasts), ``score`` and ``loss``, of which lower is better.
        """
        rows = []
        for cut in self.cuts:
            for name, standing in cut.standings.items():
                said = {"model": standing.model, **standing.by_account, **standing.baselines}
                at = {"as_of": cut.as_of, "in_sample": cut.in_sample, "question": name}
                for forecaster, forecast in said.items():
                    for score, loss in forecast.scores.items():
                        rows.append({**at, "forecaster": forecaster, "score": score, "loss": loss})
        return data_frame(rows)

    def outcome(self, question: str) -> Outcome:
        """Return what became of a question."""
        return self.resolutions[question].outcome
