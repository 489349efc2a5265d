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

SHAPES = (
    "circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left", "arrow",
    "wedge",
)  # fmt: skip
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
        "padding": {"left": 1, "top": 2, "right": 3, "bottom": 6},
        "aria": False,
        "view": {"stroke": None},
        "axis": {
            "domainColor": hue["rule"], "gridColor": hue["grid"], "tickColor": hue["rule"], "labelColor": muted,
            "titleColor": muted, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
            "labelPadding": 6,
        },
        "axisY": {"domain": False, "ticks": False},
        "legend": {"labelColor": ink, "labelFontSize": 12, "symbolStrokeColor": accent, "labelLimit": 0},
        # Vega-Lite reads "color"; Vega itself reads the rest.
        "style": {
            "label": {"color": ink, "fontSize": 13},
            "note": {"color": muted, "fontSize": 12},
            "value": {"color": ink, "fontSize": 13, "fontWeight": 600},
            "track": {"color": hue["grid"], "strokeWidth": 1},
            "cut": {"color": muted, "strokeWidth": 1, "strokeDash": [3, 3]},
            "even": {"color": muted, "opacity": 0.6},
            "zero": {"color": muted, "strokeWidth": 1, "opacity": 1},
            "series": {"color": accent, "strokeWidth": 2.5},
            "account": {"color": muted, "strokeWidth": 1.1, "opacity": 0.75},
            "account-point": {**_ringed(hue["paper"], muted), "strokeWidth": 1.3},
            "far": {"color": accent, "fillOpacity": 0.16},
            "near": {"color": accent, "fillOpacity": 0.3},
            "far-outside": {"color": second, "fillOpacity": 0.14},
            "range": {"color": accent, "strokeWidth": 2, "opacity": 0.55},
            "range-near": {"color": accent, "strokeWidth": 6, "opacity": 0.4},
            "range-outside": {"color": second, "strokeWidth": 2, "strokeDash": [4, 3]},
            "foretold": {"color": second, "strokeWidth": 2},
            "dot": {**_ringed(accent, hue["paper"]), "strokeWidth": 1},
            "dot-pooled": {**_ringed(hue["paper"], accent), "strokeWidth": 2.5},
            "dot-outside": {**_ringed(hue["paper"], second), "strokeWidth": 2},
            "record": {**_ringed(second, hue["paper"]), "strokeWidth": 0.8},
            "sourced": {**_ringed(accent, accent), "fillOpacity": 0.85, "strokeWidth": 1.2},
            "assumed": {**_ringed(accent, accent), "fillOpacity": 0.08, "strokeWidth": 1.2, "strokeDash": [4, 3]},
            "event": {"color": second, "opacity": 1},
            "start": {**_ringed(hue["paper"], muted), "strokeWidth": 1.6},
        },
    }  # fmt: skip


def _ringed(fill: str, stroke: str) -> dict[str, Any]:
    return {"color": fill, "filled": True, "stroke": stroke, "opacity": 1}
