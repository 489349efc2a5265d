"""Rows of a strip each: words above, marks on a line below, a figure at the right; readable at any width.

Labels stand over their strips and not beside them, so that a phone shows the whole of both.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["WIDEST_LINE", "height_of", "horizontal", "layer", "lines_of", "strips", "wrapped"]

WIDEST_LINE = 46
"""Letters that stand beside a value in the narrowest figure."""
LINE = 17
STRIP = 31
AXIS = 34

Spec = dict[str, Any]


def wrapped(text: str, lines: int, width: int = WIDEST_LINE) -> list[str]:
    """Break a label into lines, ending in an ellipsis where there is more of it."""
    return textwrap.wrap(text, width, max_lines=lines, placeholder=" …") or [""]


def lines_of(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return how many lines the longest of the labels and values has."""
    texts = [row[field] for row in rows for field in ("label", "value")]
    return max(len(text) if isinstance(text, list) else 1 for text in texts)


def step_of(lines: int) -> int:
    """Return the height of a row whose label has that many lines."""
    return STRIP + LINE * lines


def height_of(rows: int, lines: int) -> int:
    """Return the height of a figure of that many rows, its axis included."""
    return rows * step_of(lines) + AXIS


def horizontal(field: str, kind: str = "quantitative", **rest: Any) -> Spec:
    """Return an encoding along the strip."""
    return {"field": field, "type": kind, **rest}


def layer(
    kind: str, style: str, lines: int, encoding: Mapping[str, Any], *, only: str | None = None, **mark: Any
) -> Spec:
    """Return marks that stand on the strips of rows whose labels have that many lines."""
    below = step_of(lines) / 2 - STRIP / 2 + 2
    found: Spec = {
        "mark": {"type": kind, "style": style, "yOffset": below, **mark},
        "encoding": dict(encoding),
    }
    if only is not None:
        found["transform"] = [{"filter": only}]
    return found


def strips(layers: Sequence[Spec], lines: int, x: Mapping[str, Any]) -> Spec:
    """Return the specification of rows: ``label``, ``value`` and ``position`` are fields of each row.

    Parameters
    ----------
    layers
        Marks on the strips, made by :func:`layer`.
    lines
        Lines that a label may have.
    x
        The axis that all strips share, as an encoding without a field.
    """
    foot = step_of(lines) / 2 - STRIP + 4
    text = {"type": "text", "baseline": "bottom", "yOffset": foot, "lineHeight": LINE}
    words: list[Spec] = [
        {
            "mark": {**text, "style": "label", "align": "left"},
            "encoding": {"x": {"value": 0}, "text": {"field": "label"}},
        },
        {
            "mark": {**text, "style": "value", "align": "right"},
            "encoding": {"x": {"value": "width"}, "text": {"field": "value"}},
        },
    ]
    track = layer("rule", "track", lines, {"x": {"value": 0}, "x2": {"value": "width"}})
    drawn = [{**item, "encoding": dict(item["encoding"])} for item in layers]
    along = [item["encoding"] for item in drawn if {"field", "datum"} & item["encoding"]["x"].keys()]
    for number, encoding in enumerate(along):
        # All strips share one scale: what is said of it once holds for every layer.
        encoding["x"] = {**encoding["x"], **(x if number == 0 else {})}
    return {
        "width": "container",
        "height": {"step": step_of(lines)},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"name": "rows"},
        "encoding": {"y": {"field": "position", "type": "ordinal", "axis": None, "scale": {"padding": 0}}},
        "layer": [track, *drawn, *words],
    }
