"""Which figures a brief has, and where each belongs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from detente.brief.figures import (
    Days,
    Figure,
    PressureMap,
    Table,
    accounts_figure,
    aims_figure,
    alignment_figure,
    band_figure,
    closest_pair,
    course_figure,
    hanging_figure,
    pressure_map,
    survival_figure,
)
from detente.brief.outside import Outside, outside_of
from detente.brief.rows import AimRow, Brief, QuestionBrief
from detente.brief.wording import share_of
from detente.results import Band

__all__ = ["AimsPlate", "Plates", "QuestionPlate", "plates_of"]

STRAIN_AND_SUPPORT = ("strain", "support")
"""A headline measure with one of these words in its name stands in a section of its own."""


@dataclass(frozen=True)
class QuestionPlate:
    """One question with its figures; a choice has a table of shares instead of dots.

    ``outside`` is how long cases like it lasted, where the question names a reference class.
    """

    question: QuestionBrief
    accounts: Figure | None
    shares: Table | None
    course: Figure | None
    hanging: Figure | None
    survives: bool
    outside: Outside | None = None


@dataclass(frozen=True)
class AimsPlate:
    """One party's aims: the figure of those that a measure shows, and those that none does."""

    name: str
    figure: Figure | None
    unmeasured: tuple[AimRow, ...]


@dataclass(frozen=True)
class Plates:
    """All figures of a brief."""

    questions: tuple[QuestionPlate, ...]
    survival: tuple[Figure, ...]
    measures: tuple[Figure, ...]
    strain: tuple[Figure, ...]
    aims: tuple[AimsPlate, ...]
    alignment: Figure | None
    pressures: PressureMap | None

    @property
    def figures(self) -> Iterator[Figure]:
        """All that the page's script draws."""
        for plate in self.questions:
            yield from (figure for figure in (plate.accounts, plate.course, plate.hanging) if figure is not None)
            if plate.outside is not None:
                yield plate.outside.figure
        yield from (*self.survival, *self.measures, *self.strain)
        yield from (plate.figure for plate in self.aims if plate.figure is not None)
        if self.alignment is not None:
            yield self.alignment


def plates_of(brief: Brief) -> Plates:
    """Make all figures of a brief."""
    scenario = brief.case.scenario
    days = Days(dt.date.fromisoformat(scenario.starts), scenario.days, scenario.as_of)
    bands = {band.name: _band(brief, band, days) for band in brief.bands}
    strained = [name for name in bands if any(word in name for word in STRAIN_AND_SUPPORT)]
    ends = [question for question in brief.questions if question.answer.type == "date" and question.course is not None]
    return Plates(
        questions=tuple(_question(brief, question, days, question in ends) for question in brief.questions),
        survival=tuple(_survival(brief, question, days) for question in ends),
        measures=tuple(figure for name, figure in bands.items() if name not in strained),
        strain=tuple(bands[name] for name in strained),
        aims=_aims(brief),
        alignment=_alignment(brief),
        pressures=pressure_map(brief.pressures, brief.case.title_of),
    )


def _question(brief: Brief, question: QuestionBrief, days: Days, survives: bool) -> QuestionPlate:
    course = None
    if question.course is not None and not survives:
        told = _courses(brief, question)
        course = course_figure(f"{question.id}-course", f"Day by day: {question.asks}", question.course, days, told)
    return QuestionPlate(
        question,
        accounts_figure(question, brief.account_titles, days.iso(days.count - 1)),
        _shares(brief, question) if question.answer.type == "choice" else None,
        course,
        hanging_figure(question),
        survives,
        outside_of(
            brief.case, question.id, brief.study.lasting.get(question.id), _lasting(question), f"{question.id}-outside"
        ),
    )


def _lasting(question: QuestionBrief) -> list[tuple[float, float]]:
    """Return how long it lasts in this model's worlds, where the question asks for a day: day, share not yet there."""
    course = question.course
    if question.answer.type != "date" or course is None or course.share is None:
        return []
    return [(float(day), 1 - float(share)) for day, share in enumerate(course.share)]


def _courses(brief: Brief, question: QuestionBrief) -> dict[str, Band | None]:
    courses = brief.study.questions[question.id].courses
    return {brief.account_titles[name]: course for name, course in courses.items()}


def _survival(brief: Brief, question: QuestionBrief, days: Days) -> Figure:
    assert question.course is not None
    told = _courses(brief, question)
    return survival_figure(f"{question.id}-survival", f"Not yet: {question.asks}", question.course, days, told)


def _shares(brief: Brief, question: QuestionBrief) -> Table:
    """Return the shares of the alternatives of a choice, as accounts have them and pooled."""
    told = {brief.account_titles[name]: answer for name, answer in question.by_account.items()}
    told["Pooled"] = question.answer
    names = tuple(question.answer.shares or {})
    rows = tuple((title, *(share_of(answer, name) for name in names)) for title, answer in told.items())
    note = (
        "Shares of this model's worlds; after ± half of the 95 % sampling interval, in points, where it is more than "
        "one; in parentheses the 5th to 95th percentile over draws of the inputs, luck taken out, where it is resolved."
    )
    return Table(("Told as", *(name.replace("_", " ") for name in names)), rows, note)


def _band(brief: Brief, band: Band, days: Days) -> Figure:
    says = brief.case.scenario.measures[band.name].says or band.name.replace("_", " ").capitalize()
    name, title = f"band-{band.name}", says.rstrip(".")
    if band.quantiles is None:
        return course_figure(name, title, band, days)
    return band_figure(name, title, band, days, brief.record_points.get(band.name, ()))


def _aims(brief: Brief) -> tuple[AimsPlate, ...]:
    held = {
        aim.measure: answer.probability
        for aim in brief.aims
        if aim.measure is not None and aim.at_cut_value is not None and aim.at_end_quantiles is None
        if (answer := brief.study.measures[aim.measure].at_end).probability is not None
    }
    shares = {name: share for name, share in held.items() if share is not None}
    found = []
    for _, group in groupby(brief.aims, key=lambda aim: aim.actor):
        aims = list(group)
        bare = tuple(aim for aim in aims if aim.measure is None)
        found.append(AimsPlate(aims[0].actor_name, aims_figure(aims, shares), bare))
    return tuple(found)


def _alignment(brief: Brief) -> Figure | None:
    pair = closest_pair(brief.alignment, brief.pressures)
    if pair is None:
        return None
    first, second = pair
    return alignment_figure(brief.alignment, first, second, (brief.case.title_of(first), brief.case.title_of(second)))
