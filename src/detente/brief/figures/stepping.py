"""One question's forecasts as the cut moves on, against what happened, with the events that became known between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.brief.figure import DAY_FORMAT, Figure, Table, milliseconds, moment, rounded
from detente.brief.wording import spoken_date

if TYPE_CHECKING:
    from detente.hindcast.resolution import Outcome
    from detente.hindcast.result import Cut, Standing

__all__ = ["instant", "stepping_figure"]

HEIGHT = 150
MOST_TICKS = 5
FOOT = 9
"""Pixels that the mark of an event rises above the axis."""
HOUR = 3_600_000

Spec = dict[str, Any]
Row = dict[str, Any]


def stepping_figure(
    name: str, title: str, cuts: Sequence[Cut], question: str, outcome: Outcome, table: Table
) -> Figure | None:
    """Return a question's forecast at each cut; None where fewer than two cuts have one.

    Dots of cuts in sample are hollow, later ones filled, with a line between the two kinds. Strokes at the foot are
    events that bear on the model. The broken line is what came.

    Parameters
    ----------
    name, title
        Of the figure.
    cuts
        In the order of their moments.
    question, outcome
        The question, and what became of it.
    table
        The same in words.

    Returns
    -------
    Figure or None
        In percent, days or the question's unit.
    """
    shown = [cut for cut in cuts if question in cut.standings]
    if len(shown) < 2:
        return None
    standings = [cut.standings[question] for cut in shown]
    kind = standings[0].type
    rows = [
        {"at": instant(cut.as_of), "in_sample": cut.in_sample, **_heights(one, outcome)}
        for cut, one in zip(shown, standings, strict=True)
    ]
    came = _came(kind, outcome)
    if kind == "date":
        came = _dated(rows, came)
    datasets = {
        "cuts": rows,
        "came": [{"came": came}],
        "parted": _parted(shown),
        "events": [
            {"at": instant(mover.known_at)} for cut in shown[1:] for mover in cut.movers if mover.bears
        ],
    }  # fmt: skip
    words = "; ".join(f"{row[0]}: {row[1]}" for row in table.rows)
    spec = _spec(kind, standings[0].unit, _ticks(shown))
    return Figure(
        name, title, f"Line over moments. {words}. What came: {_told(kind, outcome, standings[0].unit)}.", spec,
        datasets, table, HEIGHT + 40,
    )  # fmt: skip


def instant(when: dt.datetime) -> int:
    """Return where a moment stands on an axis of days: at its own clock's hour."""
    return milliseconds(when.date()) + int((when.hour + when.minute / 60) * HOUR)


def _heights(one: Standing, outcome: Outcome) -> Row:
    if one.type in ("yes/no", "choice"):
        share = one.model.probability if one.type == "yes/no" else (one.model.shares or {}).get(str(outcome), 0.0)
        low, high = one.model.range if one.model.range is not None and one.type == "yes/no" else (share, share)
        return {"middle": _percent(share), "low": _percent(low), "high": _percent(high)}
    quantiles = one.model.quantiles or {}
    ends = {"middle": "50", "low": "5", "high": "95", "near_low": "25", "near_high": "75"}
    return {name: _value(quantiles.get(end), one.type) for name, end in ends.items()}


def _percent(share: Any) -> float:
    return rounded(100 * float(share or 0.0))


def _value(value: Any, kind: str) -> Any:
    if kind == "date" or value is None:
        return value
    return rounded(float(value))


def _came(kind: str, outcome: Outcome) -> Any:
    if kind == "yes/no":
        return 100 if outcome else 0
    if kind == "choice":
        return 100
    if kind == "date":
        return None if outcome is None else str(outcome)
    return rounded(float(outcome or 0.0))  # type: ignore[arg-type]


def _told(kind: str, outcome: Outcome, unit: str) -> str:
    if kind == "yes/no":
        return "yes" if outcome else "no"
    if kind == "date":
        return spoken_date(None if outcome is None else str(outcome))
    return f"{outcome} {unit}".replace("_", " ").strip()


def _dated(rows: list[Row], came: Any) -> str:
    """Draw a day that does not come just after the last that is drawn; return where what came stands."""
    fields = ("low", "near_low", "middle", "near_high", "high")
    days = [day for day in (came, *(row[field] for row in rows for field in fields)) if day is not None]
    last = max(days, default="2000-01-01")
    after = (dt.date.fromisoformat(last) + dt.timedelta(days=2)).isoformat()
    for row in rows:
        row.update({field: row[field] or after for field in fields})
    return str(came or after)


def _parted(cuts: Sequence[Cut]) -> list[Row]:
    """Return where cuts in sample end and later ones begin, if both are shown."""
    inside = [cut.as_of for cut in cuts if cut.in_sample]
    later = [cut.as_of for cut in cuts if not cut.in_sample]
    if not inside or not later:
        return []
    return [{"at": (instant(max(inside)) + instant(min(later))) // 2, "before": "in sample", "after": "later"}]


def _ticks(cuts: Sequence[Cut]) -> list[dict[str, Any]]:
    """Return days under the axis, few enough for a phone."""
    days = sorted({cut.as_of.date() for cut in cuts})
    step = -(-len(days) // MOST_TICKS)
    return [moment(day) for day in days[::step]]


def _spec(kind: str, unit: str, ticks: list[dict[str, Any]]) -> Spec:
    along = {"field": "at", "type": "temporal"}
    axis: Spec = {"title": None, "values": ticks, "format": DAY_FORMAT, "labelOverlap": True, "grid": False}
    first = {**along, "scale": {"type": "utc", "padding": 12}, "axis": axis}
    cuts = {"data": {"name": "cuts"}}

    def up(field: str) -> Spec:
        return {"field": field, **_up(kind, unit)}

    layers: list[Spec] = [
        {**cuts, "mark": {"type": "area", "style": "far"},
         "encoding": {"x": first, "y": up("low"), "y2": {"field": "high"}}},
        {"data": {"name": "events"}, "mark": {"type": "tick", "style": "event", "size": FOOT, "thickness": 2},
         "encoding": {"x": along, "y": {"value": HEIGHT - FOOT / 2}}},
        {**cuts, "mark": {"type": "line", "style": "series"}, "encoding": {"x": along, "y": up("middle")}},
        {**cuts, "transform": [{"filter": "datum.in_sample"}], "encoding": {"x": along, "y": up("middle")},
         "mark": {"type": "point", "style": "dot-pooled", "shape": "circle", "size": 60}},
        {**cuts, "transform": [{"filter": "!datum.in_sample"}], "encoding": {"x": along, "y": up("middle")},
         "mark": {"type": "point", "style": "dot", "shape": "circle", "size": 70}},
        {"data": {"name": "came"}, "mark": {"type": "rule", "style": "range-outside"},
         "encoding": {"y": up("came")}},
        {"data": {"name": "parted"}, "mark": {"type": "rule", "style": "cut"}, "encoding": {"x": along}},
        *(_side(along, *side) for side in (("before", "right", -5), ("after", "left", 5))),
    ]  # fmt: skip
    if kind in ("number", "date"):
        layers.insert(1, {**cuts, "mark": {"type": "area", "style": "near"},
                          "encoding": {"x": along, "y": up("near_low"), "y2": {"field": "near_high"}}})  # fmt: skip
    return {
        "width": "container", "height": HEIGHT, "autosize": {"type": "fit-x", "contains": "padding"}, "layer": layers,
    }  # fmt: skip


def _side(along: Spec, field: str, align: str, dx: int) -> Spec:
    mark = {"type": "text", "style": "note", "align": align, "baseline": "bottom", "dx": dx, "dy": -3}
    return {
        "data": {"name": "parted"},
        "mark": mark,
        "encoding": {"x": along, "y": {"value": 0}, "text": {"field": field}},
    }


def _up(kind: str, unit: str) -> Spec:
    if kind in ("yes/no", "choice"):
        axis: Spec = {"title": None, "values": [0, 25, 50, 75, 100], "labelExpr": "datum.value + ' %'", "grid": True}
        return {"type": "quantitative", "scale": {"domain": [0, 100]}, "axis": axis}
    if kind == "date":
        axis = {"title": None, "format": DAY_FORMAT, "tickCount": 4, "grid": True, "labelOverlap": True}
        return {"type": "temporal", "scale": {"type": "utc"}, "axis": axis}
    title = unit.replace("_", " ") if unit not in ("", "1") else None
    axis = {"title": title, "tickCount": 4, "grid": True}
    return {"type": "quantitative", "scale": {"zero": False}, "axis": axis}
