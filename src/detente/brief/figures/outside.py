"""How long cases like this one lasted, beside how long it lasts in this model's worlds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.brief.figure import Figure, Table, rounded
from detente.brief.wording import percent

if TYPE_CHECKING:
    from detente.hindcast.base_rates import Survival

__all__ = ["lasting_figure"]

HEIGHT = 170
MOST_ROWS = 9
Spec = dict[str, Any]
Curve = Sequence[tuple[float, float]]
"""Days from the beginning, and the share in which it still lasts."""


def lasting_figure(
    name: str,
    title: str,
    curve: Survival,
    model: Curve,
    reached: float | None,
    furthest: float,
    foretold: Curve = (),
) -> Figure:
    """Return the survival curve of a reference class with its interval, and the model's beside it.

    Parameters
    ----------
    name, title
        Of the figure.
    curve
        Of the reference class.
    model
        This model's, or nothing.
    reached
        Days from the beginning to the cut: up to there the model's worlds follow what was known. None draws no cut.
    furthest
        The last day drawn.
    foretold
        What the cases that had lasted as long as this one has foretell of it, or nothing.

    Returns
    -------
    Figure
        Shares still going, from 1 down to 0, by day.
    """
    rows = _class_rows(curve, furthest)
    later = [{"day": rounded(day), "share": _percent(share)} for day, share in foretold if day <= furthest]
    own = [{"day": rounded(day), "share": rounded(100 * share)} for day, share in model if day <= furthest]
    datasets: dict[str, list[dict[str, Any]]] = {
        "class": rows,
        "foretold": later,
        "model": own,
        "cut": [] if reached is None else [{"day": rounded(reached), "label": "as of"}],
    }
    table = _table(curve, model, furthest, foretold)
    words = "; ".join(f"after {row[0]} days {row[1]}, model {row[3]}" for row in table.rows)
    return Figure(
        name, title, f"Falling lines over days: cases like it, and this model. {words}.",
        _spec(curve.steps, bool(own), furthest), datasets, table, HEIGHT + 50,
    )  # fmt: skip


def _class_rows(curve: Survival, furthest: float) -> list[dict[str, Any]]:
    """Return the class's curve as far as it is drawn; one that has fallen to nothing stays there."""
    rows = [
        {"day": rounded(day), "share": _percent(share), "low": _percent(low), "high": _percent(high)}
        for day, share, low, high in zip(curve.days, curve.share, curve.low, curve.high, strict=True)
        if day <= furthest
    ]
    if rows and rows[-1]["day"] < furthest and (rows[-1]["share"] == 0 or curve.days[-1] > furthest):
        beyond = {"day": rounded(furthest)}
        if curve.steps:
            rows.append({**rows[-1], **beyond})
        else:
            fields = {"share": curve.share, "low": curve.low, "high": curve.high}
            rows.append({**beyond, **{key: _percent(_at(curve.days, of, furthest)) for key, of in fields.items()}})
    return rows


def _at(days: Sequence[float], of: Sequence[float], day: float) -> float:
    return float(np.interp(day, days, of))


def _percent(share: float) -> float:
    return rounded(100 * share)


def _table(curve: Survival, model: Curve, furthest: float, foretold: Curve) -> Table:
    wanted = sorted({day for day in curve.days if day <= furthest} | {round(furthest)})
    days, shares = [day for day, _ in foretold], [share for _, share in foretold]
    step = -(-len(wanted) // MOST_ROWS)
    rows = []
    for day in wanted[::step]:
        place = int(np.searchsorted(curve.days, day, side="right")) - 1
        known = day <= curve.days[-1] or curve.share[-1] == 0
        here = _at(curve.days, curve.share, day) if not curve.steps else curve.share[place]
        ends = f"{100 * curve.low[place]:.0f} to {100 * curve.high[place]:.0f} %"
        rows.append(
            (
                f"{day:g}",
                percent(here) if known else "not known",
                ends if known else "–",
                _model_at(model, day),
                percent(_at(days, shares, day)) if days and days[0] < day <= days[-1] else "–",
            )
        )
    heads = ("Days", "Cases like it, still going", "95 % interval", "This model, still going")
    return Table((*heads, "Foretold by those that lasted as long"), tuple(rows))


def _model_at(model: Curve, day: float) -> str:
    """Write the model's share on a day: that of the last day told; none beyond them."""
    told = [share for at, share in model if at <= day]
    return percent(told[-1]) if told and day <= model[-1][0] else "–"


def _spec(steps: bool, with_model: bool, furthest: float) -> Spec:
    along = {
        "field": "day", "type": "quantitative", "scale": {"domain": [0, furthest], "nice": False},
        "axis": {"title": "Days from the beginning", "tickCount": 6, "labelOverlap": True, "grid": False},
    }  # fmt: skip
    up = {
        "field": "share", "type": "quantitative", "scale": {"domain": [0, 100]},
        "axis": {"title": None, "values": [0, 25, 50, 75, 100], "labelExpr": "datum.value + ' %'", "grid": True},
    }  # fmt: skip
    between = "step-after" if steps else "linear"
    source = {"data": {"name": "class"}}
    layers: list[Spec] = [
        {
            **source,
            "mark": {"type": "area", "style": "far-outside", "interpolate": between},
            "encoding": {"x": along, "y": {**up, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            **source,
            "mark": {"type": "line", "style": "range-outside", "interpolate": between},
            "encoding": {"x": along, "y": up},
        },
    ]
    layers.append(
        {"data": {"name": "foretold"}, "mark": {"type": "line", "style": "foretold"}, "encoding": {"x": along, "y": up}}
    )
    if with_model:
        layers.append(
            {
                "data": {"name": "model"},
                "mark": {"type": "line", "style": "series", "interpolate": "step-after"},
                "encoding": {"x": along, "y": up},
            }
        )
    cut = {"data": {"name": "cut"}}
    layers += [
        {**cut, "mark": {"type": "rule", "style": "cut"}, "encoding": {"x": along}},
        {
            **cut,
            "mark": {"type": "text", "style": "note", "align": "left", "baseline": "bottom", "dx": 0, "dy": -3},
            "encoding": {"x": along, "y": {"value": 0}, "text": {"field": "label"}},
        },
    ]
    return {
        "width": "container", "height": HEIGHT, "autosize": {"type": "fit-x", "contains": "padding"}, "layer": layers,
    }  # fmt: skip
