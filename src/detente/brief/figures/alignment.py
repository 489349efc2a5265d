"""How the aims of two parties go together over the draws: which pairs agree most, and which are at odds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from detente.analysis.alignment import Alignment
from detente.brief.figure import Figure, Table
from detente.brief.figures.strips import height_of, horizontal, layer, strips, wrapped
from detente.brief.rows import Pressure

__all__ = ["alignment_figure", "closest_pair"]

MOST_ROWS = 3
LINES = 2
LABEL = 44
TABLE_ROWS = 40
CANNOT_SEE = (
    "+1: both better met in the same worlds; −1: one at the other's cost. A correlation over draws, at the end of the "
    "case. It cannot see which aim a party puts first, how soon it wants it or how it would have it reached, and so "
    "not whether they quarrel: two aims can rise together and still divide those who hold them. Two aims that one "
    "measure stands for are no pair."
)


def closest_pair(alignment: Sequence[Alignment], pressures: Sequence[Pressure]) -> tuple[str, str] | None:
    """Return the two parties, both with decisions and aims, that press each other for the most reasons."""
    pairs = {(row.first_actor, row.second_actor) for row in alignment}
    reasons = Counter(frozenset((row.source, row.target)) for row in pressures)
    return max(sorted(pairs), key=lambda pair: reasons[frozenset(pair)], default=None)


def alignment_figure(alignment: Sequence[Alignment], first: str, second: str, names: tuple[str, str]) -> Figure | None:
    """Return the pairs of aims of two parties that go together most, and those most at odds.

    Parameters
    ----------
    alignment
        All pairs of aims.
    first, second
        The two parties.
    names
        How they are called.

    Returns
    -------
    Figure or None
        None where the two parties have no pair of aims.
    """
    pairs = [row for row in alignment if (row.first_actor, row.second_actor) == (first, second)]
    if not pairs:
        return None
    ranked = sorted(pairs, key=lambda row: (-row.agreement, row.first, row.second))
    shown = ranked if len(ranked) <= 2 * MOST_ROWS else [*ranked[:MOST_ROWS], *ranked[-MOST_ROWS:]]
    rows = [
        {
            "position": number,
            "label": [*wrapped(row.first.rstrip("."), 1, LABEL), *wrapped(f"× {row.second.rstrip('.')}", 1, LABEL)],
            "value": _text(row.agreement),
            "agreement": round(row.agreement, 3),
        }
        for number, row in enumerate(shown)
    ]
    table = Table(
        (names[0], names[1], "Agreement"),
        tuple((row.first, row.second, _text(row.agreement)) for row in _head_and_tail(ranked)),
        CANNOT_SEE + _left_out(len(ranked)),
    )
    words = "; ".join(f"{row.first.rstrip('.')} and {row.second.rstrip('.')}: {_text(row.agreement)}" for row in shown)
    ticks = {"title": None, "values": [-1, 0, 1], "grid": False, "labelExpr": _ENDS}
    axis = {"scale": {"domain": [-1, 1]}, "axis": ticks}
    ends = {"x": horizontal("agreement"), "x2": {"datum": 0}}
    zero = {"x": {"datum": 0, "type": "quantitative"}}
    layers: list[dict[str, Any]] = [
        layer("tick", "even", LINES, zero, thickness=1, size=15),
        layer("rule", "range", LINES, ends),
        layer("point", "dot", LINES, {"x": horizontal("agreement")}, size=80, shape="circle"),
    ]
    return Figure(
        f"alignment-{first}-{second}", f"Aims of {names[0]} and {names[1]}", f"Dots from −1 to +1. {words}.",
        strips(layers, rows, LINES, axis), {"rows": rows}, table, height_of(len(rows), LINES),
    )  # fmt: skip


_ENDS = "datum.value < 0 ? 'at odds' : datum.value > 0 ? 'together' : 'unrelated'"


def _head_and_tail(ranked: Sequence[Alignment]) -> Sequence[Alignment]:
    """Return all pairs, or as many from the head as from the tail."""
    return ranked if len(ranked) <= TABLE_ROWS else [*ranked[: TABLE_ROWS // 2], *ranked[-(TABLE_ROWS // 2) :]]


def _left_out(pairs: int) -> str:
    half = TABLE_ROWS // 2
    told = f" Of {pairs} pairs, the {half} that go together most and the {half} that do least."
    return told if pairs > TABLE_ROWS else ""


def _text(agreement: float) -> str:
    size = f"{abs(agreement):.2f}"
    return size if size == "0.00" else f"{'+' if agreement > 0 else '−'}{size}"
