"""The rows that a hindcast's section is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.brief.figures import Figure, Table
from detente.brief.outside import Outside
from detente.hindcast.result import Hindcast

__all__ = ["Asked", "Became", "Hindsight", "ReasonRow", "Scored", "Scores", "Stepped"]


@dataclass(frozen=True)
class ReasonRow:
    """A reason in a decision and how far it moved a forecast toward what came, or away from it."""

    says: str
    moved: str
    toward: bool
    cites: str
    possible_hindsight: bool


@dataclass(frozen=True)
class Hindsight:
    """A decision with its reasons that have no source dated before the cut."""

    says: str
    reasons: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.reasons)


@dataclass(frozen=True)
class Asked:
    """One question as it was first forecast: what was asked, what the model said, what came, and why.

    Parameters
    ----------
    id, listed_as, asks, closes
        The question.
    forecast
        From which moment the forecast shown is.
    in_sample
        Whether that lies before the newest source the case was written from.
    said, briefly, came, verdict
        What the model said, with its range and without; what came; and how the two stand to one another.
    known, how, sources, certainty
        When it was known, what decides it, where that is said, and how sure it is.
    beside
        Which of the simplest forecasts came nearer, in a sentence.
    forecasts
        The model's answer and the simplest ones, with their losses.
    assumed
        What each of the simplest forecasts takes for granted, and of how many cases.
    told, accounts
        What the accounts said, in a sentence and in rows.
    wording
        When it was written, and whether its wording gives away what came.
    toward, away
        Reasons that moved the forecast most, by which way.
    note
        A remark of whoever resolved it.
    unmoved
        Whether reasons were looked for and none moved the answer noticeably.
    """

    id: str
    listed_as: str
    asks: str
    closes: str
    forecast: str
    in_sample: bool
    said: str
    briefly: str
    came: str
    verdict: str
    known: str
    how: str
    sources: tuple[str, ...]
    certainty: str
    beside: str
    forecasts: Table
    assumed: tuple[str, ...]
    told: str
    accounts: Table
    wording: str
    toward: tuple[ReasonRow, ...]
    away: tuple[ReasonRow, ...]
    note: str
    unmoved: bool


@dataclass(frozen=True)
class Scores:
    """The scores of cuts that may be pooled: in words, as a picture and as a table; and the calibration."""

    in_sample: bool
    title: str
    says: str
    lines: tuple[str, ...]
    skills: Figure | None
    table: Table
    reliability: Figure | None
    pit: Figure | None


@dataclass(frozen=True)
class Became:
    """What became known between one cut and the next: each event, and whether it bears on the model."""

    cut: str
    in_sample: bool
    draws: str
    events: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Stepped:
    """One question's forecasts cut by cut, what came, and when the forecast moved most."""

    id: str
    asks: str
    came: str
    moved: str
    figure: Figure


@dataclass(frozen=True)
class Scored:
    """Everything that the section on a hindcast shows.

    Parameters
    ----------
    hindcast
        The hindcast itself.
    opening
        What it tests and what it is no evidence of.
    proves
        How little so many questions prove.
    summary
        The scores in a few sentences, where a baseline beats the model first.
    asked
        The questions, worst first.
    scores
        Out of sample, and in sample; never pooled.
    stepped
        The scores cut by cut, where there is more than one cut.
    learns
        From which cut on nothing more is learned, in words; empty where something is up to the last.
    became
        What became known from cut to cut, where there is more than one cut.
    outside
        Reference classes beside the model.
    not_answerable, left_out
        Questions that no equation answers, and those that were not forecast, with why.
    hindsight
        Reasons without a source dated before the cut.
    cautions
        Effective draws, warnings, what is in sample, and up to when a posterior had been fitted.
    """

    hindcast: Hindcast
    opening: str
    proves: tuple[str, ...]
    summary: tuple[str, ...]
    asked: tuple[Asked, ...]
    scores: tuple[Scores, ...]
    stepped: tuple[Stepped, ...]
    learns: str
    became: tuple[Became, ...]
    outside: tuple[Outside, ...]
    not_answerable: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    hindsight: tuple[Hindsight, ...]
    cautions: tuple[str, ...]

    @property
    def figures(self) -> Iterator[Figure]:
        """All that the page's script draws."""
        for scores in self.scores:
            yield from (one for one in (scores.skills, scores.reliability, scores.pit) if one is not None)
        yield from (one.figure for one in self.stepped)
        yield from (one.figure for one in self.outside)
