"""Figures over days: which days, the axis under them, and the mark of the cut."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from detente.brief.figure import DAY_FORMAT, milliseconds, moment

__all__ = ["TABLE_STEP", "Days", "along", "over_days"]

TABLE_STEP = 7
MOST_TICKS = 4

Spec = dict[str, Any]


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


def along(field: str) -> Spec:
    """Return an encoding along the days; the axis is said once, by :func:`over_days`."""
    return {"field": field, "type": "temporal"}


def over_days(layers: list[Spec], days: Days, height: int) -> Spec:
    """Return the specification of some layers over days, with the cut over them and one axis of days under them.

    Parameters
    ----------
    layers
        Specifications, the first of which gets the axis.
    days
        The days, with the cut.
    height
        In pixels.

    Returns
    -------
    dict
        A specification of Vega-Lite; it wants a data set named ``cut``.
    """
    first = layers[0]
    layers[0] = {**first, "encoding": {**first["encoding"], "x": {**first["encoding"]["x"], **days.axis}}}
    return {
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": [
            *layers,
            {"data": {"name": "cut"}, "mark": {"type": "rule", "style": "cut"}, "encoding": {"x": along("at")}},
            {
                "data": {"name": "cut"},
                "mark": {"type": "text", "style": "note", "align": "left", "baseline": "bottom", "dx": 0, "dy": -3},
                "encoding": {"x": along("at"), "y": {"value": 0}, "text": {"field": "label"}},
            },
        ],
    }  # fmt: skip
