"""The course of a question over the days, as a share of worlds: pooled, and as the accounts have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.brief.figure import Figure, Table
from detente.brief.figures.bands import band_figure
from detente.brief.figures.days import TABLE_STEP, Days, along, over_days
from detente.brief.theme import SHAPES
from detente.brief.wording import percent, spoken_date
from detente.results import Band

__all__ = ["course_figure", "survival_figure"]

HEIGHT = 150
MARKS_ACROSS = 23
TAIL = 0.01
"""A survival curve is drawn until fewer worlds than this are left."""

Spec = dict[str, Any]
Rows = list[dict[str, Any]]
Courses = dict[str, NDArray[np.float64]]


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

    Returns
    -------
    Figure
        Shares from 0 to 1, or the number's own unit.
    """
    if band.share is None:
        return band_figure(name, title, band, days, (), height=HEIGHT)
    return _shares(name, title, band.share, _told(accounts), days, "Share of this model's worlds")


def survival_figure(
    name: str, title: str, band: Band, days: Days, accounts: Mapping[str, Band | None] | None = None
) -> Figure:
    """Return the survival curve of something that ends on a first day: the share of worlds in which it has not yet.

    Parameters
    ----------
    name, title
        Of the figure.
    band
        The pooled course, as the share of worlds in which it has come.
    days
        The days it runs over; drawn to where it has come in nearly all worlds.
    accounts
        The courses as accounts have them, by title, in the order declared; drawn thin.

    Returns
    -------
    Figure
        Shares from 1 down to 0.
    """
    assert band.share is not None, "the course of a first day is a share of worlds"
    told = {title: 1 - share for title, share in _told(accounts).items()}
    highest = np.max([1 - band.share, *told.values()], axis=0)
    lasting = int(np.flatnonzero(highest >= TAIL)[-1]) if (highest >= TAIL).any() else 0
    shown = replace(days, count=min(max(lasting + TABLE_STEP, days.after_cut + 2 * TABLE_STEP), days.count))
    told = {title: course[: shown.count] for title, course in told.items()}
    return _shares(name, title, 1 - band.share[: shown.count], told, shown, "Share of worlds not yet there")


def _told(accounts: Mapping[str, Band | None] | None) -> Courses:
    found = {title: band.share for title, band in (accounts or {}).items() if band is not None}
    return {title: share for title, share in found.items() if share is not None}


def _shares(name: str, title: str, shares: NDArray[np.float64], told: Courses, days: Days, what: str) -> Figure:
    fields = [f"account_{number}" for number in range(len(told))]
    rows: Rows = [
        {"day": days.iso(n), "share": _points(share)}
        | {field: _points(course[n]) for field, course in zip(fields, told.values(), strict=True)}
        for n, share in enumerate(shares)
    ]
    marks = [
        {"day": days.iso(n), "share": rows[n][field], "shape": SHAPES[number % len(SHAPES)]}
        for number, (field, n) in enumerate(zip(fields, _apart(list(told.values()), days), strict=True))
    ]
    shown = tuple(
        (spoken_date(days.iso(n)), percent(float(shares[n])), *(percent(float(course[n])) for course in told.values()))
        for n in days.shown
    )
    table = Table(("Day", "Pooled", *told), shown, f"{what}, day by day; every seventh day is given here.")
    words = ", ".join(f"{percent(float(shares[n]))} on {spoken_date(days.iso(n))}" for n in days.shown[::3])
    return Figure(
        name, title, f"Line over days. {what}: {words}.", _shares_spec(fields, days),
        {"course": rows, "marks": marks, "cut": [days.cut_row]}, table, HEIGHT,
    )  # fmt: skip


def _apart(courses: Sequence[NDArray[Any]], days: Days) -> list[int]:
    """Return a day for the mark of each course: after the cut, where they differ most, apart from one another."""
    if not courses:
        return []
    spread = np.std(np.asarray(courses, dtype=np.float64), axis=0)[days.after_cut :]
    wanted = [days.after_cut + int(day) for day in np.argsort(-spread, kind="stable")]
    chosen: list[int] = []
    for gap in range(max(days.count // MARKS_ACROSS, 1), -1, -1):
        chosen = []
        for day in wanted:
            if len(chosen) < len(courses) and all(abs(day - other) >= gap for other in chosen):
                chosen.append(day)
        if len(chosen) == len(courses):
            break
    return sorted(chosen) if len(chosen) == len(courses) else [days.count - 1] * len(courses)


def _points(share: float) -> float:
    return round(100 * float(share), 1)


def _shares_spec(fields: Sequence[str], days: Days) -> Spec:
    up = {
        "field": "share", "type": "quantitative", "scale": {"domain": [0, 100]},
        "axis": {"title": None, "values": [0, 25, 50, 75, 100], "labelExpr": "datum.value + ' %'", "grid": True},
    }  # fmt: skip
    day = along("day")
    layers: list[Spec] = []
    if fields:
        layers.append(
            {
                "data": {"name": "course"},
                "transform": [{"fold": fields, "as": ["account", "share"]}],
                "mark": {"type": "line", "style": "account"},
                "encoding": {"x": day, "y": up, "detail": {"field": "account"}},
            }
        )
    line = {"type": "line", "style": "series"}
    layers.append({"data": {"name": "course"}, "mark": line, "encoding": {"x": day, "y": up}})
    if fields:
        shape = {"field": "shape", "type": "nominal", "scale": None}
        layers.append(
            {
                "data": {"name": "marks"},
                "mark": {"type": "point", "style": "account-point", "size": 55},
                "encoding": {"x": day, "y": up, "shape": shape},
            }
        )
    return over_days(layers, days, HEIGHT)
