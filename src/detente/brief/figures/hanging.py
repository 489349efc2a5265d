"""What one answer hangs on, given the ranges chosen: a bar for each factor, largest first."""

from __future__ import annotations

from typing import Any

from detente.brief.contents import FactorRow, QuestionBrief
from detente.brief.figures.figure import Figure, Table, rounded
from detente.brief.figures.strips import height_of, horizontal, layer, lines_of, strips, wrapped
from detente.brief.wording import HANGS_ON

__all__ = ["ASSUMED", "MOST_BARS", "hanging_figure"]

MOST_BARS = 5
MOST_LINES = 2
BAR = 13
ASSUMED = "assumption: no claim supports its range"


def hanging_figure(question: QuestionBrief) -> Figure | None:
    """Return a bar for each factor that tells; None where none does.

    Filled bars rest on a claim, hollow ones with a broken edge on nothing but an assumption. To the right: the answer is
    larger where the factor is at the top of its range.
    """
    if not question.factors:
        return None
    scale = 100.0 if question.answer.type == "yes/no" else 1.0
    shown = question.factors[:MOST_BARS]
    rows = [_row(position, factor, scale) for position, factor in enumerate(shown)]
    lines = lines_of(rows)
    table = Table(
        ("Factor", "Effect", "Who says so", "Where"),
        tuple(
            (factor.label, factor.effect_text, ASSUMED if factor.is_assumption else factor.said_by, factor.cites)
            for factor in question.factors
        ),
        "The answer in the top third of a number's range less that in the bottom third; for a contested claim, the largest "
        "difference between two readings.",
    )
    words = "; ".join(f"{factor.label}: {factor.effect_text}{', assumed' if factor.is_assumption else ''}" for factor in shown)
    return Figure(
        f"{question.id}-hangs-on", f"{HANGS_ON}: {question.asks}", f"Bars to both sides of zero. {words}.",
        strips(_layers(lines), len(rows), lines, _axis(rows)), {"rows": rows}, table, height_of(len(rows), lines) - 20,
    )  # fmt: skip


def _row(position: int, factor: FactorRow, scale: float) -> dict[str, Any]:
    return {
        "position": position,
        "label": wrapped(factor.label, MOST_LINES),
        "value": factor.effect_text.partition(" (")[0],
        "effect": rounded(scale * factor.effect),
                "assumed": factor.is_assumption,
    }


def _axis(rows: list[dict[str, Any]]) -> dict[str, Any]:
    reach = max(abs(row["effect"]) for row in rows) * 1.05 or 1.0
    return {"scale": {"domain": [-reach, reach], "nice": False}, "axis": None}


def _layers(lines: int) -> list[dict[str, Any]]:
    ends = {"x": horizontal("effect"), "x2": {"datum": 0}}
    bar = {"height": BAR}
    return [
        layer("bar", "sourced", lines, ends, only="!datum.assumed", **bar),
        layer("bar", "assumed", lines, ends, only="datum.assumed", **bar),
        layer("tick", "zero", lines, {"x": {"datum": 0, "type": "quantitative"}}, thickness=1, size=BAR + 8),
    ]
