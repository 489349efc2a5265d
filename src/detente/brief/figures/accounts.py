"""The answer to one question, account by account first, then pooled, and the outside view beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.brief.figure import DAY_FORMAT, Figure, Table, moment, rounded
from detente.brief.figures.strips import height_of, horizontal, layer, strips, wrapped
from detente.brief.rows import QuestionBrief
from detente.brief.theme import SHAPES
from detente.brief.wording import amount, percent, sampling_of, spread_of, value_with_error
from detente.results import Answer
from detente.run import OutsideView

__all__ = ["Told", "accounts_figure"]

POOLED = "Pooled (readings as likely as not)"
OUTSIDE = "Outside view"
LINES = 1
LABEL = 40
TICK = 15
PERCENT_AXIS = {
    "scale": {"domain": [0, 100]},
    "axis": {"title": None, "values": [0, 25, 50, 75, 100], "labelExpr": "datum.value + ' %'", "grid": False},
}
"""Shares of worlds, from none to all."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A question with its answers: what of a brief's question this figure shows."""

    id: str
    asks: str
    answer: Answer
    by_account: Mapping[str, Answer]
    outside_view: OutsideView | None


def accounts_figure(question: QuestionBrief | Told, titles: Mapping[str, str], last_day: str) -> Figure | None:
    """Return the answers side by side; None for a choice, which a table says better.

    Parameters
    ----------
    question
        The question with its answers.
    titles
        How the accounts are called, in the order declared.
    last_day
        The horizon's last day, where days that never come are drawn.

    Returns
    -------
    Figure or None
        One row for each account and one for the pooled answer.
    """
    answer = question.answer
    if answer.type == "choice":
        return None
    told = [(titles[name], found) for name, found in question.by_account.items()]
    rows = [_row(title, found, "account", SHAPES[n % len(SHAPES)], last_day) for n, (title, found) in enumerate(told)]
    rows.append(_row(POOLED, answer, "pooled", "circle", last_day))
    view = question.outside_view
    if view is not None and answer.type == "yes/no":
        low, high = (rounded(100 * end) for end in view.interval)
        rows.append({"label": f"{OUTSIDE}, n = {view.of}", "value": percent(view.share), "group": "outside",
                     "shape": "circle", "spread": f"{low:.0f} to {high:.0f}", "sampling": "–",
                     "middle": rounded(100 * view.share), "low": low, "high": high})  # fmt: skip
    for position, row in enumerate(rows):
        row["position"] = position
        row["says"], row["label"] = row["label"], wrapped(row["label"], LINES, LABEL)
    kind = "temporal" if answer.type == "date" else "quantitative"
    table = Table(
        ("Told as", "Answer", "5th to 95th percentile", "Sampling, 95 %"),
        tuple((row["says"], row["value"], row.pop("spread"), row.pop("sampling")) for row in rows),
        _what_ranges_mean(answer),
    )
    words = "; ".join(f"{says}: {value} ({ends})" for says, value, ends, _ in table.rows)
    spec = strips(_layers(kind, answer.type), rows, LINES, _axis(answer, rows))
    return Figure(
        f"{question.id}-accounts", question.asks, f"Dots with ranges. {question.asks} {words}.", spec, {"rows": rows},
        table, height_of(len(rows), LINES),
    )  # fmt: skip


def _row(title: str, answer: Answer, group: str, shape: str, last_day: str) -> Row:
    row: Row = {"label": title, "value": _value(answer), "group": group, "shape": shape,
                "spread": spread_of(answer), "sampling": sampling_of(answer) or "–"}  # fmt: skip
    if answer.type == "yes/no":
        low, high = answer.range or (None, None)
        row |= {"middle": _share(answer.probability), "low": _share(low), "high": _share(high)}
    else:
        quantiles = answer.quantiles or {}
        ends = {"low": "5", "near_low": "25", "middle": "50", "near_high": "75", "high": "95"}
        row |= {name: _place(quantiles.get(key), answer.type, last_day) for name, key in ends.items()}
    return row


def _value(answer: Answer) -> str:
    """Return the figure beside a strip; what it counts stands at the axis."""
    if answer.type == "number" and answer.quantiles is not None:
        return amount(float(answer.quantiles["50"]), answer.unit, named=False)
    return value_with_error(answer)


def _share(share: float | None) -> float | None:
    return None if share is None else rounded(100 * min(max(share, 0.0), 1.0))


def _place(value: Any, kind: str, last_day: str) -> Any:
    """Return where a value is drawn; a day that does not come is drawn just after the horizon."""
    if kind == "date":
        after = (dt.date.fromisoformat(last_day) + dt.timedelta(days=1)).isoformat()
        return value or after
    return None if value is None else rounded(float(value))


def _what_ranges_mean(answer: Answer) -> str:
    if answer.type == "yes/no":
        return (
            "Shares of this model's worlds. Ranges: 5th to 95th percentile over draws of the inputs, luck taken out, "
            "where it is resolved; for an outside view, the exact 95 % interval. Sampling, ±: how far a share could "
            "be off since only so many worlds were run, where that is more than a point."
        )
    return (
        "The middle world, and the 5th to 95th percentile of worlds. Sampling: how far the middle world could be off "
        "since only so many worlds were run."
    )


def _axis(answer: Answer, rows: list[Row]) -> dict[str, Any]:
    if answer.type == "yes/no":
        return PERCENT_AXIS
    if answer.type == "date":
        days = sorted({row[name] for row in rows for name in ("low", "high")})
        first, last = dt.date.fromisoformat(days[0]), dt.date.fromisoformat(days[-1])
        domain = [moment(first - dt.timedelta(days=1)), moment(last + dt.timedelta(days=1))]
        axis = {"title": None, "format": DAY_FORMAT, "tickCount": 4, "labelOverlap": True, "grid": False}
        return {"scale": {"type": "utc", "domain": domain}, "axis": axis}
    title = answer.unit.replace("_", " ") if answer.unit not in ("", "1") else None
    return {
        "scale": {"zero": False, "nice": True},
        "axis": {"title": title, "tickCount": 4, "labelOverlap": True, "grid": False},
    }


def _layers(kind: str, type_: str) -> list[dict[str, Any]]:
    inside = "datum.group != 'outside' && isValid(datum.low)"
    layers = []
    if type_ == "yes/no":
        even = {"x": {"datum": 50, "type": "quantitative"}}
        layers.append(layer("tick", "even", LINES, even, thickness=1, size=TICK))
    ends = {"x": horizontal("low", kind), "x2": {"field": "high"}}
    layers.append(layer("rule", "range", LINES, ends, only=inside))
    layers.append(layer("rule", "range-outside", LINES, ends, only="datum.group == 'outside'"))
    if type_ != "yes/no":
        near = {"x": horizontal("near_low", kind), "x2": {"field": "near_high"}}
        layers.append(layer("rule", "range-near", LINES, near))
    dot = {"x": horizontal("middle", kind), "shape": {"field": "shape", "type": "nominal", "scale": None}}
    layers.append(layer("point", "dot", LINES, dot, only="datum.group == 'account'", size=100))
    layers.append(layer("point", "dot-pooled", LINES, dot, only="datum.group == 'pooled'", size=100))
    layers.append(layer("point", "dot-outside", LINES, dot, only="datum.group == 'outside'", size=80))
    return layers
