"""What one answer hangs on, given the ranges chosen: a bar for each factor, largest first."""

from __future__ import annotations

from typing import Any

from detente.brief.figure import Figure, Table, rounded
from detente.brief.figures.strips import height_of, horizontal, layer, lines_of, strips, wrapped
from detente.brief.rows import FactorRow, QuestionBrief
from detente.brief.wording import HANGS_ON, amount
from detente.exploration.importance import BOTH_WAYS, TOGETHER
from detente.results import Answer

__all__ = ["ASSUMED", "MOST_BARS", "hanging_figure"]

MOST_BARS = 5
MOST_LINES = 2
QUESTION = 44
BAR = 13
ASSUMED = "assumption: no claim supports its range"


def hanging_figure(question: QuestionBrief) -> Figure | None:
    """Return a bar for each factor that tells; None where none does.

    Filled bars rest on a claim, hollow ones with a broken edge on nothing but an assumption. To the right: the answer
    is larger where the factor is at the top of its range, or in its middle where it bends the answer. Bars to both
    sides: it moves the answer now up and now down.
    """
    if not question.factors:
        return None
    scale = 100.0 if question.answer.type == "yes/no" else 1.0
    shown = question.factors[:MOST_BARS]
    readings = {factor.name: factor.readings for factor in question.hanging.factors}
    rows = [_row(position, factor, scale, readings.get(factor.name)) for position, factor in enumerate(shown)]
    lines = lines_of(rows)
    table = Table(
        ("Factor", "Effect", "Who says so", "Where"),
        tuple(
            (factor.label, factor.effect_text, ASSUMED if factor.is_assumption else factor.said_by, factor.cites)
            for factor in question.factors
        ),
        "The answer in the top third of a number's range less that in the bottom third; for a contested claim, the "
        "largest difference between two readings. In the middle: the middle third less the outer two. Up and down: the "
        "largest difference between eighths of the range. Only together: how far two worlds lie apart that differ in "
        "it alone.",
    )
    bars = [f"{factor.label}: {factor.effect_text}{', assumed' * factor.is_assumption}" for factor in shown]
    spec = strips(_layers(lines), rows, lines, _axis(rows, _unit(question.answer)))
    return Figure(
        f"{question.id}-hangs-on", f"{HANGS_ON}: {question.asks}", f"Bars to both sides of zero. {'; '.join(bars)}.",
        spec, {"rows": rows}, table, height_of(len(rows), lines),
    )  # fmt: skip


def _size(effect: float, scale: float) -> str:
    return amount(effect) if scale == 1 else f"{effect:.0f}" if effect >= 1 else "<1"


def _unit(answer: Answer) -> str:
    """Return what the effects are counted in."""
    if answer.type in ("yes/no", "date"):
        return "points" if answer.type == "yes/no" else "days"
    return amount(2, answer.unit).partition(" ")[2]


def _row(position: int, factor: FactorRow, scale: float, readings: tuple[str, str] | None) -> dict[str, Any]:
    label = wrapped(factor.label, MOST_LINES)
    if readings is not None:  # a contested claim: which of its readings makes the answer larger
        label = [*wrapped(factor.label, 1, QUESTION), *wrapped(f"larger if: {readings[1].replace('_', ' ')}", 1)]
    both = factor.acts in (BOTH_WAYS, TOGETHER)
    sign = "±" if both else "+" if factor.effect >= 0 else "−"
    return {
        "position": position,
        "label": label,
        "value": f"{sign}{_size(abs(scale * factor.effect), scale)}",
        "effect": rounded(scale * factor.effect),
        "from": rounded(-scale * factor.effect if both else 0.0),
        "assumed": factor.is_assumption,
    }


def _axis(rows: list[dict[str, Any]], unit: str) -> dict[str, Any]:
    reach = max(abs(row["effect"]) for row in rows) * 1.05 or 1.0
    bare = {"title": unit or None, "labels": False, "ticks": False, "domain": False, "grid": False}
    return {"scale": {"domain": [-reach, reach], "nice": False}, "axis": bare}


def _layers(lines: int) -> list[dict[str, Any]]:
    ends = {"x": horizontal("effect"), "x2": {"field": "from"}}
    bar = {"height": BAR}
    return [
        layer("bar", "sourced", lines, ends, only="!datum.assumed", **bar),
        layer("bar", "assumed", lines, ends, only="datum.assumed", **bar),
        layer("tick", "zero", lines, {"x": {"datum": 0, "type": "quantitative"}}, thickness=1, size=BAR + 8),
    ]
