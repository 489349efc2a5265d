"""The colours and type of every figure and of the page: one palette for light, one for dark, nobody's flag.

Figures name roles (``style: series``), never colours, so that the same spec is drawn light, dark or printed by another
configuration. Sides of a conflict are told apart by shape and label, not by colour. The two hues, aubergine and ochre,
differ in lightness too and stay apart for readers who do not see one of red, green or blue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

__all__ = ["FONT", "SHAPES", "Scheme", "colours", "configuration"]

Scheme = Literal["light", "dark"]

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"

SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
"""Marks of the accounts, in the order in which the case declares them."""

_COLOURS: Mapping[Scheme, Mapping[str, str]] = {
    "light": {
        "paper": "#fcfbf8",
        "panel": "#f4f1ea",
        "ink": "#24211d",
        "muted": "#645e55",
        "rule": "#d6d0c4",
        "grid": "#e8e3d9",
        "accent": "#5d3f7d",
        "second": "#a8690f",
    },
    "dark": {
        "paper": "#18171b",
        "panel": "#222025",
        "ink": "#eae6de",
        "muted": "#aca599",
        "rule": "#46424a",
        "grid": "#302d34",
        "accent": "#bca5dd",
        "second": "#dca650",
    },
}


def colours(scheme: Scheme) -> Mapping[str, str]:
    """Return the palette by role."""
    return _COLOURS[scheme]


def configuration(scheme: Scheme) -> dict[str, Any]:
    """Return the Vega-Lite configuration that gives every role its look."""
    hue = _COLOURS[scheme]
    ink, muted, accent, second = hue["ink"], hue["muted"], hue["accent"], hue["second"]
    return {
        "background": None,
        "font": FONT,
        "padding": 0,
        "aria": False,
        "view": {"stroke": None},
        "axis": {
            "domainColor": hue["rule"], "gridColor": hue["grid"], "tickColor": hue["rule"], "labelColor": muted,
            "titleColor": muted, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelPadding": 6,
        },
        "axisY": {"domain": False, "ticks": False},
        "legend": {"labelColor": ink, "labelFontSize": 12, "symbolStrokeColor": accent, "labelLimit": 0},
        "style": {
            "label": {"fill": ink, "fontSize": 13},
            "note": {"fill": muted, "fontSize": 12},
            "value": {"fill": ink, "fontSize": 13, "fontWeight": 600},
            "track": {"stroke": hue["grid"], "strokeWidth": 1},
            "cut": {"stroke": muted, "strokeWidth": 1, "strokeDash": [3, 3]},
            "even": {"stroke": hue["rule"], "strokeWidth": 1},
            "zero": {"stroke": muted, "strokeWidth": 1},
            "series": {"stroke": accent, "strokeWidth": 2.5},
            "account": {"stroke": muted, "strokeWidth": 1.1, "opacity": 0.75},
            "account-point": {"stroke": muted, "fill": hue["paper"], "strokeWidth": 1.3, "opacity": 1},
            "far": {"fill": accent, "fillOpacity": 0.16, "stroke": None},
            "near": {"fill": accent, "fillOpacity": 0.3, "stroke": None},
            "range": {"stroke": accent, "strokeWidth": 2, "opacity": 0.55},
            "range-near": {"stroke": accent, "strokeWidth": 6, "opacity": 0.4},
            "range-outside": {"stroke": second, "strokeWidth": 2, "strokeDash": [4, 3]},
            "dot": {"fill": accent, "stroke": hue["paper"], "strokeWidth": 1},
            "dot-pooled": {"fill": hue["paper"], "stroke": accent, "strokeWidth": 2.5},
            "dot-outside": {"fill": hue["paper"], "stroke": second, "strokeWidth": 2},
            "record": {"fill": second, "stroke": hue["paper"], "strokeWidth": 0.8},
            "sourced": {"fill": accent, "fillOpacity": 0.85, "stroke": accent, "strokeWidth": 1.2},
            "assumed": {"fill": accent, "fillOpacity": 0.08, "stroke": accent, "strokeWidth": 1.2, "strokeDash": [4, 3]},
            "start": {"fill": hue["paper"], "stroke": muted, "strokeWidth": 1.6},
            "cell": {"fill": accent, "stroke": hue["paper"], "strokeWidth": 2},
        },
    }  # fmt: skip
