"""Rows of a strip each: words above, marks on a line below, a figure at the right; readable at any width.

Labels stand over their strips and not beside them, so that a phone shows the whole of both.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["WIDEST_LINE", "height_of", "horizontal", "layer", "lines_of", "strips", "wrapped"]

WIDEST_LINE = 36
"""Letters that stand beside a value in the narrowest figure."""
WIDE_LETTER = 8
GAP = 8
LINE = 17
STRIP = 31
AXIS = 34

Spec = dict[str, Any]


def wrapped(text: str, lines: int, width: int = WIDEST_LINE) -> list[str]:
    """Break a label into lines, ending in an ellipsis where there is more of it.

    Parameters
    ----------
    text
        The label.
    lines
        How many it may have.
    width
        Letters in a line.

    Returns
    -------
    list
        One line at least.
    """
    return textwrap.wrap(text, width, max_lines=lines, placeholder=" …") or [""]


def lines_of(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return how many lines the longest of the labels and values has."""
    return max(len(_lines(row[field])) for row in rows for field in ("label", "value"))


def _lines(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text


def step_of(lines: int) -> int:
    """Return the height of a row whose label has that many lines."""
    return STRIP + LINE * lines


def height_of(rows: int, lines: int) -> int:
    """Return the height of a figure of that many rows, its axis included."""
    return rows * step_of(lines) + AXIS


def horizontal(field: str, kind: str = "quantitative", **rest: Any) -> Spec:
    """Return an encoding along the strip.

    Parameters
    ----------
    field
        The field of the data that says where.
    kind
        The type of the field.
    rest
        What else the encoding says.

    Returns
    -------
    dict
        An encoding of Vega-Lite.
    """
    return {"field": field, "type": kind, **rest}


def layer(
    kind: str, style: str, lines: int, encoding: Mapping[str, Any], *, only: str | None = None, **mark: Any
) -> Spec:
    """Return marks that stand on the strips of rows whose labels have that many lines.

    Parameters
    ----------
    kind, style
        The kind of mark, and its style in the theme.
    lines
        How many lines the labels above have.
    encoding
        What decides about place and colour.
    only
        Which rows it is drawn for, as an expression; None for all.
    mark
        What else is said of the mark.

    Returns
    -------
    dict
        A layer of Vega-Lite.
    """
    below = step_of(lines) / 2 - STRIP / 2 + 2
    found: Spec = {
        "mark": {"type": kind, "style": style, "yOffset": below, **mark},
        "encoding": dict(encoding),
    }
    if only is not None:
        found["transform"] = [{"filter": only}]
    return found


def strips(layers: Sequence[Spec], rows: Sequence[Mapping[str, Any]], lines: int, x: Mapping[str, Any]) -> Spec:
    """Return the specification of rows: ``label``, ``value`` and ``position`` are fields of each row.

    Parameters
    ----------
    layers
        Marks on the strips, made by :func:`layer`.
    rows, lines
        The rows, and how many lines a label may have.
    x
        The axis that all strips share, as an encoding without a field.

    Returns
    -------
    dict
        A specification of Vega-Lite, one strip below each label.
    """
    foot = step_of(lines) / 2 - STRIP + 2
    widest = max(len(line) for row in rows for line in _lines(row["value"]))
    room = {"label": {"expr": f"width - {widest * WIDE_LETTER + GAP}"}, "value": {"expr": "width"}}

    def words(field: str, side: str, x: int | str) -> Spec:
        # The last line stands just above the strip, whether there is one or more.
        rise = {"expr": f"{foot} - {LINE} * (isArray(datum.{field}) ? length(datum.{field}) - 1 : 0)"}
        mark = {
            "type": "text",
            "style": field,
            "align": side,
            "baseline": "bottom",
            "dy": rise,
            "lineHeight": LINE,
            "limit": room[field],
        }
        return {"mark": mark, "encoding": {"x": {"value": x}, "text": {"field": field}}}

    track = layer("rule", "track", lines, {"x": {"value": 0}, "x2": {"value": "width"}})
    drawn = [{**item, "encoding": dict(item["encoding"])} for item in layers]
    # All strips share one scale: what one layer says of it holds for every layer. Layers with two ends take a domain of
    # days twice, and complain.
    host = next(item["encoding"] for item in drawn if "x2" not in item["encoding"])
    host["x"] = {**host["x"], **x}
    if x.get("axis", True) is None:
        for item in drawn:
            item["encoding"]["x"] = {**item["encoding"]["x"], "axis": None}
    return {
        "width": "container",
        "height": len(rows) * step_of(lines),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"name": "rows"},
        "encoding": {"y": {"field": "position", "type": "ordinal", "axis": None, "scale": {"padding": 0}}},
        "layer": [track, *drawn, words("label", "left", 0), words("value", "right", "width")],
    }
