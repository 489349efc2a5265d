"""The course of something over the days: a share of worlds, or a band, with the day of the cut marked."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.brief.figures.figure import DAY_FORMAT, Figure, Table, milliseconds, moment, rounded
from detente.brief.figures.theme import SHAPES
from detente.brief.wording import amount, percent, spoken_date
from detente.results import Band

__all__ = ["Days", "RecordPoint", "band_figure", "course_figure", "survival_figure"]

QUANTILES = ("low", "near_low", "middle", "near_high", "high")
TABLE_STEP = 7
MOST_TICKS = 4
MARK_GAP = 3
TAIL = 0.01
"""A survival curve is drawn until fewer worlds than this are left."""
HEIGHT = 150
SMALL_HEIGHT = 130
RecordPoint = tuple[str, float, str]
"""A day, a value, and who counted."""

Spec = dict[str, Any]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Days:
    """The days that a course runs over.

    Parameters
    ----------
    first
        The first day.
    count
        How many there are.
    cut
        The moment up to which worlds follow what was known.
    """

    first: dt.date
    count: int
    cut: dt.datetime

    def iso(self, number: int) -> str:
        """Return a day by its number."""
        return (self.first + dt.timedelta(days=number)).isoformat()

    @property
    def after_cut(self) -> int:
        """The first day on which worlds part."""
        return min(max((self.cut.date() - self.first).days, 0), self.count - 1)

    @property
    def axis(self) -> dict[str, Any]:
        """The encoding of days along: whole weeks apart, few enough for a phone."""
        step = 7 * math.ceil((self.count - 1) / (7 * MOST_TICKS))
        values = [moment(self.first + dt.timedelta(days=number)) for number in range(0, self.count, step)]
        axis = {"title": None, "values": values, "format": DAY_FORMAT, "labelOverlap": True, "grid": False}
        return {"type": "temporal", "scale": {"type": "utc"}, "axis": axis}

    @property
    def shown(self) -> list[int]:
        """Days that a table gives: every seventh, those about the cut, and the last."""
        cut = (self.cut.date() - self.first).days
        wanted = {*range(0, self.count, TABLE_STEP), cut - 1, cut, cut + 1, self.count - 1}
        return sorted(number for number in wanted if 0 <= number < self.count)

    @property
    def cut_row(self) -> dict[str, Any]:
        """The mark of the cut: drawn where that hour of that day is."""
        hours = self.cut.hour + self.cut.minute / 60
        return {"at": milliseconds(self.cut.date()) + int(hours * 3_600_000), "label": "as of"}


def course_figure(
    name: str, title: str, band: Band, days: Days, accounts: Mapping[str, Band | None] | None = None
) -> Figure:
    """Return how a question stands day by day: the share of worlds, or the band of a number.

    Parameters
    ----------
    name, title
        Of the figure.
    band
        The pooled course.
    days
        The days it runs over.
    accounts
        The courses as accounts have them, by title, in the order declared; drawn thin, for shares only.
    """
    if band.share is None:
        return band_figure(name, title, band, days, (), height=HEIGHT)
    told = {title: band.share for title, band in (accounts or {}).items() if band is not None and band.share is not None}
    return _shares(name, title, [float(share) for share in band.share], told, days, "Share of this model's worlds")


def survival_figure(
    name: str, title: str, band: Band, days: Days, accounts: Mapping[str, Band | None] | None = None
) -> Figure:
    """Return the survival curve of something that ends on a first day: the share of worlds in which it has not yet."""
    assert band.share is not None, "the course of a first day is a share of worlds"
    told = {title: 1 - band.share for title, band in (accounts or {}).items() if band is not None and band.share is not None}
    highest = np.max([1 - band.share, *told.values()], axis=0)
    lasting = int(np.flatnonzero(highest >= TAIL)[-1]) if (highest >= TAIL).any() else 0
    shown = replace(days, count=min(max(lasting + TABLE_STEP, days.after_cut + 2 * TABLE_STEP), days.count))
    told = {title: course[: shown.count] for title, course in told.items()}
    left = [1 - float(share) for share in band.share[: shown.count]]
    return _shares(name, title, left, told, shown, "Share of worlds not yet there")


def _shares(
    name: str, title: str, shares: Sequence[float], told: Mapping[str, Any], days: Days, what: str
) -> Figure:
    rows = [{"day": days.iso(n), "share": _points(share)} for n, share in enumerate(shares)]
    lines: Rows = []
    ends: Rows = []
    places = _apart(list(told.values()), days)
    for number, course in enumerate(told.values()):
        line = [
            {"day": days.iso(n), "share": _points(share), "account": number}
            for n, share in enumerate(course)
        ]
        lines += line
        ends.append({**line[places[number]], "shape": SHAPES[number % len(SHAPES)]})
    shown = tuple(
        (spoken_date(days.iso(n)), percent(shares[n]), *(percent(float(course[n])) for course in told.values()))
        for n in days.shown
    )
    table = Table(("Day", "Pooled", *told), shown, f"{what}, day by day; every seventh day is given here.")
    course = ", ".join(f"{percent(shares[n])} on {spoken_date(days.iso(n))}" for n in days.shown[::3])
    return Figure(
        name, title, f"Line over days. {what}: {course}.", _shares_spec(bool(told), days),
        {"course": rows, "accounts": lines, "marks": ends, "cut": [days.cut_row]}, table, HEIGHT,
    )  # fmt: skip


def _apart(courses: Sequence[NDArray[Any]], days: Days) -> list[int]:
    """Return a day for the mark of each course: where the courses differ most, and never two within a day."""
    if not courses:
        return []
    spread = np.std(np.asarray(courses, dtype=np.float64), axis=0)
    spread[: days.after_cut] = -1.0
    chosen: list[int] = []
    gap = MARK_GAP
    while len(chosen) < len(courses):
        for day in np.argsort(-spread, kind="stable"):
            if len(chosen) < len(courses) and all(abs(int(day) - other) >= gap for other in chosen):
                chosen.append(int(day))
        gap = max(gap - 1, 0)
    return sorted(chosen)


_SHORT = "abs(datum.value) >= 1e4 ? format(datum.value, '~s') : format(datum.value, ',~r')"


def _points(share: float) -> float:
    return round(100 * float(share), 1)


def _along(field: str) -> Spec:
    return {"field": field, "type": "temporal"}


def _frame(layers: list[Spec], days: Days, height: int) -> Spec:
    """Put the cut over some layers, and the one axis of days under all of them."""
    first = layers[0]
    layers[0] = {**first, "encoding": {**first["encoding"], "x": {**first["encoding"]["x"], **days.axis}}}
    return {
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": [
            *layers,
            {"data": {"name": "cut"}, "mark": {"type": "rule", "style": "cut"}, "encoding": {"x": _along("at")}},
            {
                "data": {"name": "cut"},
                "mark": {"type": "text", "style": "note", "align": "left", "baseline": "bottom", "dx": 0, "dy": -3},
                "encoding": {"x": _along("at"), "y": {"value": 0}, "text": {"field": "label"}},
            },
        ],
    }  # fmt: skip


def _shares_spec(with_accounts: bool, days: Days) -> Spec:
    up = {
        "field": "share", "type": "quantitative", "scale": {"domain": [0, 100]},
        "axis": {"title": None, "values": [0, 25, 50, 75, 100], "labelExpr": "datum.value + ' %'", "grid": True},
    }  # fmt: skip
    along = _along("day")
    layers: list[Spec] = []
    if with_accounts:
        layers.append(
            {
                "data": {"name": "accounts"},
                "mark": {"type": "line", "style": "account"},
                "encoding": {"x": along, "y": up, "detail": {"field": "account"}},
            }
        )
    layers.append({"data": {"name": "course"}, "mark": {"type": "line", "style": "series"}, "encoding": {"x": along, "y": up}})
    if with_accounts:
        shape = {"field": "shape", "type": "nominal", "scale": None}
        layers.append(
            {
                "data": {"name": "marks"},
                "mark": {"type": "point", "style": "account-point", "size": 55},
                "encoding": {"x": along, "y": up, "shape": shape},
            }
        )
    return _frame(layers, days, HEIGHT)


def band_figure(
    name: str, title: str, band: Band, days: Days, points: Sequence[RecordPoint] = (), *, height: int = SMALL_HEIGHT
) -> Figure:
    """Return a measure day by day: the middle world, half of the worlds, nine tenths of them; and the record to the cut.

    Parameters
    ----------
    name, title
        Of the figure.
    band
        The measure's course.
    days
        The days it runs over.
    points
        The record's points up to the cut.
    height
        In pixels.
    """
    if band.quantiles is None:
        return course_figure(name, title, band, days)
    rows = [
        {"day": days.iso(n), **{key: rounded(float(v)) for key, v in zip(QUANTILES, values, strict=True)}}
        for n, values in enumerate(band.quantiles)
    ]
    record = [{"day": day, "value": rounded(value), "by": by} for day, value, by in points]
    shown = tuple(
        (spoken_date(str(rows[n]["day"])), *(amount(float(rows[n][key])) for key in ("low", "middle", "high")))
        for n in days.shown
    )
    unit = band.unit.replace("_", " ")
    note = f"Worlds by quantile{f', in {unit}' if unit not in ('', '1') else ''}; every seventh day is given here."
    if record:
        note += " The record: " + "; ".join(f"{spoken_date(d)} {amount(v)} ({by})" for d, v, by in points[-6:]) + "."
    ends = [f"{middle} ({low} to {high}) on {day}" for day, low, middle, high in (shown[0], shown[-1])]
    alt = f"Band over days. {title}: the middle world goes from {ends[0]} to {ends[1]}."
    return Figure(
        name, title, alt, _band_spec(bool(record), days, height), {"course": rows, "record": record, "cut": [days.cut_row]},
        Table(("Day", "5th percentile", "Middle world", "95th percentile"), shown, note), height,
    )  # fmt: skip


def _band_spec(with_record: bool, days: Days, height: int) -> Spec:
    along = _along("day")
    axis = {"title": None, "tickCount": 4, "grid": True, "labelExpr": _SHORT}

    def up(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "scale": {"zero": False}, "axis": axis}

    source = {"data": {"name": "course"}}
    layers: list[Spec] = [
        {**source, "mark": {"type": "area", "style": "far"},
         "encoding": {"x": along, "y": up("low"), "y2": {"field": "high"}}},
        {**source, "mark": {"type": "area", "style": "near"},
         "encoding": {"x": along, "y": up("near_low"), "y2": {"field": "near_high"}}},
        {**source, "mark": {"type": "line", "style": "series"}, "encoding": {"x": along, "y": up("middle")}},
    ]  # fmt: skip
    if with_record:
        point = {"type": "point", "style": "record", "size": 34, "shape": "circle"}
        layers.append({"data": {"name": "record"}, "mark": point, "encoding": {"x": along, "y": up("value")}})
    return _frame(layers, days, height)
