"""How a model's scores compare with each baseline's: skill with its interval, zero being no better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.brief.figure import Figure, Table, rounded
from detente.brief.figures.strips import height_of, horizontal, layer, strips, wrapped

if TYPE_CHECKING:
    from detente.hindcast.result import Skill, Summary

__all__ = ["skills_figure"]

LINES = 2
TICK = 15
LEAST = -2.0
"""Skill below which a dot is drawn at the edge: the table gives the figure."""
SCORES = {"brier": "yes/no and choices, Brier", "crps": "numbers and days, CRPS"}


def skills_figure(name: str, summary: Summary) -> Figure | None:
    """Return a dot with its interval for each baseline, in the scores that questions are told by.

    To the right the model did better. A second, hollow dot leaves out reasons that only hindsight may have given.
    """
    bare = {(one.baseline, one.score): one for one in summary.skills_without_hindsight}
    shown = [one for one in summary.skills if one.score in SCORES]
    if not shown:
        return None
    rows = [_row(number, one, bare.get((one.baseline, one.score))) for number, one in enumerate(shown)]
    table = Table(
        ("Baseline", "Skill", "95 % interval"),
        tuple((row["says"], row["value"], row["ends"]) for row in rows),
        "0 is no better than the baseline, 1 would be without loss; below 0 the baseline did better.",
    )
    words = "; ".join(f"{label}: {value} ({ends})" for label, value, ends in table.rows)
    low = min(min(row["low"], row["middle"], row["bare"] or 0.0) for row in rows)
    axis = {
        "scale": {"domain": [min(low, -0.5), 1], "nice": False},
        "axis": {"title": "← baseline better · model better →", "tickCount": 5, "labelOverlap": True, "grid": False},
    }
    return Figure(
        name, "Skill against the simplest forecasts", f"Dots with ranges about zero. {words}.",
        strips(_layers(), rows, LINES, axis), {"rows": rows}, table, height_of(len(rows), LINES) + 16,
    )  # fmt: skip


def _row(number: int, one: Skill, bare: Skill | None) -> dict[str, Any]:
    from detente.hindcast.result import BASELINES  # no page but a hindcast's waits for it

    name, assumes = BASELINES[one.baseline]
    low, high = one.interval or (one.skill, one.skill)
    ends = "no interval" if one.interval is None else f"{low:z.2f} to {high:z.2f}"
    says = f"{name[:1].upper()}{name[1:]} ({assumes}): {SCORES[one.score]}"
    return {
        "position": number,
        "says": says,
        "label": wrapped(says, LINES),
        "value": f"{one.skill:z.2f}".replace("-", "−"),
        "ends": ends.replace("-", "−"),
        "low": _drawn(low),
        "middle": _drawn(one.skill),
        "high": _drawn(high),
        "bare": None if bare is None else _drawn(bare.skill),
    }


def _drawn(value: float) -> float:
    return rounded(min(max(value, LEAST), 1.0))


def _layers() -> list[dict[str, Any]]:
    even = {"x": {"datum": 0, "type": "quantitative"}}
    return [
        layer("tick", "even", LINES, even, thickness=1, size=TICK),
        layer("rule", "range", LINES, {"x": horizontal("low"), "x2": {"field": "high"}}),
        layer("point", "dot", LINES, {"x": horizontal("middle")}, size=100, shape="circle"),
        layer("point", "start", LINES, {"x": horizontal("bare")}, only="datum.bare != null", size=70, shape="diamond"),
    ]
