"""A measure day by day: the middle world, half of the worlds, nine tenths of them; and the record up to the cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.brief.figure import Figure, Table, rounded
from detente.brief.figures.days import Days, along, over_days
from detente.brief.wording import amount, spoken_date
from detente.results import Band

__all__ = ["band_figure"]

QUANTILES = ("low", "near_low", "middle", "near_high", "high")
HEIGHT = 130
LAST_POINTS = 6
RecordPoint = tuple[str, float, str]
"""A day, a value, and who counted."""

_SHORT = "abs(datum.value) >= 1e4 ? format(datum.value, '~s') : format(datum.value, ',~r')"
"""How an axis writes a number: 0.4, 1,500, 25k."""

Spec = dict[str, Any]


def band_figure(
    name: str, title: str, band: Band, days: Days, points: Sequence[RecordPoint] = (), *, height: int = HEIGHT
) -> Figure:
    """Return a measure day by day: the middle world, half of the worlds, nine tenths; and the record to the cut.

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

    Returns
    -------
    Figure
        In the measure's unit.
    """
    assert band.quantiles is not None, "a measure that holds or not has a course, no band"
    rows = [{key: rounded(float(v)) for key, v in zip(QUANTILES, values, strict=True)} for values in band.quantiles]
    course = [{"day": days.iso(n), **row} for n, row in enumerate(rows)]
    record = [{"day": day, "value": rounded(value), "by": by} for day, value, by in points]
    shown = tuple(
        (spoken_date(days.iso(n)), *(amount(rows[n][key], band.unit, named=False) for key in ("low", "middle", "high")))
        for n in days.shown
    )
    unit = band.unit.replace("_", " ")
    note = f"Worlds by quantile{f', in {unit}' if unit not in ('', '1') else ''}; every seventh day is given here."
    if record:
        note += (
            " The record: "
            + "; ".join(f"{spoken_date(d)} {amount(v)} ({by})" for d, v, by in points[-LAST_POINTS:])
            + "."
        )
    ends = [f"{middle} ({low} to {high}) on {day}" for day, low, middle, high in (shown[0], shown[-1])]
    alt = f"Band over days. {title}: the middle world goes from {ends[0]} to {ends[1]}."
    return Figure(
        name, title, alt, _spec(bool(record), days, height),
        {"course": course, "record": record, "cut": [days.cut_row]},
        Table(("Day", "5th percentile", "Middle world", "95th percentile"), shown, note), height,
    )  # fmt: skip


def _spec(with_record: bool, days: Days, height: int) -> Spec:
    day = along("day")
    axis = {"title": None, "tickCount": 4, "grid": True, "labelExpr": _SHORT}

    def up(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "scale": {"zero": False}, "axis": axis}

    source = {"data": {"name": "course"}}
    layers: list[Spec] = [
        {**source, "mark": {"type": "area", "style": "far"},
         "encoding": {"x": day, "y": up("low"), "y2": {"field": "high"}}},
        {**source, "mark": {"type": "area", "style": "near"},
         "encoding": {"x": day, "y": up("near_low"), "y2": {"field": "near_high"}}},
        {**source, "mark": {"type": "line", "style": "series"}, "encoding": {"x": day, "y": up("middle")}},
    ]  # fmt: skip
    if with_record:
        point = {"type": "point", "style": "record", "size": 34, "shape": "circle"}
        layers.append({"data": {"name": "record"}, "mark": point, "encoding": {"x": day, "y": up("value")}})
    return over_days(layers, days, height)
