"""Calibration: whether what was given a share came about that often, and where outcomes fell in the forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.brief.figure import Figure, Table, rounded

if TYPE_CHECKING:
    from detente.hindcast.result import Bin

__all__ = ["pit_figure", "reliability_figure"]

HEIGHT = 210
Spec = dict[str, Any]


def reliability_figure(name: str, bins: Sequence[Bin]) -> Figure | None:
    """Return a dot for each bin of yes/no forecasts: along what the model said, up what came, with how many."""
    full = [one for one in bins if one.count and one.mean is not None and one.came is not None]
    if not full:
        return None
    rows = [
        {"mean": _percent(one.mean), "came": _percent(one.came), "count": one.count, "label": f"{one.count}"}
        for one in full
    ]
    table = Table(
        ("Forecasts between", "How many", "On average said", "Came about"),
        tuple(
            (
                f"{100 * one.low:.0f} and {100 * one.high:.0f} %",
                f"{one.count}",
                f"{_percent(one.mean):.0f} %",
                f"{_percent(one.came):.0f} %",
            )
            for one in full
        ),
        "On the line, what was said came about that often. A dot of few forecasts can stand anywhere by luck.",
    )
    words = "; ".join(f"{count} said {mean}, {came} came" for _, count, mean, came in table.rows)
    return Figure(
        name, "Reliability of yes/no forecasts", f"Dots about a rising line. By bin: {words}.", _reliability(),
        {"bins": rows, "line": [{"mean": 0, "came": 0}, {"mean": 100, "came": 100}]}, table, HEIGHT + 50,
    )  # fmt: skip


def pit_figure(name: str, bins: Sequence[Bin]) -> Figure | None:
    """Return how many outcomes fell in each part of the forecasts' distributions; even would be a flat row."""
    total = sum(one.count for one in bins)
    if not total:
        return None
    rows = [
        {
            "low": _percent(one.low),
            "high": _percent(one.high),
            "middle": rounded(50 * (one.low + one.high)),
            "count": one.count,
            "label": f"{one.count}" if one.count else "",
        }
        for one in bins
    ]
    table = Table(
        ("Part of the forecast, from below", "Outcomes"),
        tuple((f"{100 * one.low:.0f} to {100 * one.high:.0f} %", f"{one.count}") for one in bins),
        f"Where {total} outcomes of numbers and days fell in the model's forecasts. Many at the ends: the forecasts "
        "were too narrow; many in the middle: too wide; few outcomes show neither.",
    )
    words = ", ".join(f"{count} in {part}" for part, count in table.rows)
    return Figure(
        name, "Where outcomes fell in the forecasts", f"Bars. Outcomes by part of the forecast: {words}.", _pit(),
        {"bins": rows, "even": [{"even": rounded(total / len(bins))}]}, table, HEIGHT + 50,
    )  # fmt: skip


def _percent(share: float | None) -> float:
    return rounded(100 * (share or 0.0))


def _axis(field: str, title: str) -> Spec:
    return {
        "field": field, "type": "quantitative", "scale": {"domain": [0, 100]},
        "axis": {"title": title, "values": [0, 25, 50, 75, 100], "labelExpr": "datum.value + ' %'", "grid": False},
    }  # fmt: skip


def _whole(layers: list[Spec]) -> Spec:
    return {
        "width": "container", "height": HEIGHT, "autosize": {"type": "fit-x", "contains": "padding"}, "layer": layers,
    }  # fmt: skip


def _reliability() -> Spec:
    x, y = _axis("mean", "What the model said"), _axis("came", "How often it came")
    data = {"name": "bins"}
    size = {"field": "count", "type": "quantitative", "legend": None, "scale": {"domainMin": 0, "range": [30, 420]}}
    return _whole(
        [
            {"data": {"name": "line"}, "mark": {"type": "line", "style": "account"}, "encoding": {"x": x, "y": y}},
            {"data": data, "mark": {"type": "point", "style": "sourced"}, "encoding": {"x": x, "y": y, "size": size}},
            {
                "data": data,
                "mark": {"type": "text", "style": "note", "align": "left", "dx": 13, "dy": -9},
                "encoding": {"x": x, "y": y, "text": {"field": "label"}},
            },
        ]
    )


def _pit() -> Spec:
    x = _axis("low", "Where what came lies in the forecast")
    up = {
        "field": "count", "type": "quantitative", "scale": {"domainMin": 0},
        "axis": {"title": "Outcomes", "tickCount": 4, "tickMinStep": 1, "grid": True},
    }  # fmt: skip
    data = {"name": "bins"}
    return _whole(
        [
            {
                "data": data,
                "mark": {"type": "bar", "style": "sourced", "xOffset": 1, "x2Offset": -1},
                "encoding": {"x": x, "x2": {"field": "high"}, "y": up, "y2": {"datum": 0}},
            },
            {
                "data": {"name": "even"},
                "mark": {"type": "rule", "style": "cut"},
                "encoding": {"y": {**up, "field": "even"}},
            },
            {
                "data": data,
                "mark": {"type": "text", "style": "note", "baseline": "bottom", "dy": -3},
                "encoding": {"x": {**x, "field": "middle"}, "y": up, "text": {"field": "label"}},
            },
        ]
    )  # fmt: skip
