"""How far one party's aims are met: where each stood at the cut, and where it may stand at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detente.brief.figure import Figure, Row, Table
from detente.brief.figures.strips import height_of, horizontal, layer, lines_of, strips, wrapped
from detente.brief.rows import AimRow
from detente.brief.wording import amount

__all__ = ["aims_figure"]

MOST_LINES = 2
LABEL = 35
FULL = 100.0
MARGIN = 4.0
UNWANTED = ("less", "false")


def aims_figure(aims: Sequence[AimRow], shares_at_end: Mapping[str, float]) -> Figure | None:
    """Return a strip for each aim of one party, drawn so that to the right is what the party wants.

    Each aim has its own measure and unit, so each strip has its own scale: from the least to the most of what is shown.

    Parameters
    ----------
    aims
        The aims of one party.
    shares_at_end
        For measures that hold or not: the share of worlds in which they hold at the end.
    """
    seen = [(aim, *ends) for aim in aims if (ends := _ends(aim, shares_at_end)) is not None]
    if not seen:
        return None
    rows = [_row(number, *item) for number, item in enumerate(seen)]
    lines = lines_of(rows)
    table = Table(
        ("Aim", "Seen by", "At the cut", "At the end"),
        tuple((aim.says, _seen_by(aim), aim.at_cut, aim.at_end) for aim in aims),
        "At the end: the middle world, and the 5th to 95th percentile of worlds.",
    )
    name = seen[0][0].actor_name
    words = "; ".join(f"{aim.says.rstrip('.')}: {aim.at_cut} at the cut, {aim.at_end} at the end" for aim, *_ in seen)
    return Figure(
        f"aims-{seen[0][0].actor}", f"Aims: {name}", f"Ranges, to the right what is wanted. {words}.",
        strips(_layers(lines), rows, lines, {"scale": {"domain": [0, FULL]}, "axis": None}), {"rows": rows}, table,
        height_of(len(rows), lines) - 30,
    )  # fmt: skip


def _ends(aim: AimRow, shares_at_end: Mapping[str, float]) -> tuple[float, float, float, float] | None:
    """Return where the aim stood at the cut, and the low, middle and high of where it stands at the end."""
    if aim.at_cut_value is None:
        return None
    if aim.at_end_quantiles is not None:
        low, middle, high = aim.at_end_quantiles
        return aim.at_cut_value, low, middle, high
    share = shares_at_end.get(aim.measure or "")
    if share is None:
        return None
    return aim.at_cut_value, share, share, share


def _row(position: int, aim: AimRow, cut: float, low: float, middle: float, high: float) -> Row:
    values = (cut, low, middle, high)
    least, most = (0.0, 1.0) if aim.at_end_quantiles is None else (min(values), max(values))
    size = most - least

    def place(value: float) -> float:
        share = (value - least) / size if size > 0 else 0.5
        share = 1 - share if aim.better in UNWANTED else share
        return round(MARGIN + share * (FULL - 2 * MARGIN), 2)

    row: dict[str, Any] = {"position": position, "label": wrapped(aim.says.rstrip("."), MOST_LINES, LABEL)}
    ends = ("cut", "low", "middle", "high")
    row |= {name: place(value) for name, value in zip(ends, values, strict=True)}
    say = _share if aim.at_end_quantiles is None else amount
    row["value"] = [say(cut), f"→ {say(middle)}"]
    return row


def _seen_by(aim: AimRow) -> str:
    return f"{aim.measure_says} (less is better)" if aim.better in UNWANTED else aim.measure_says


def _share(share: float) -> str:
    return f"{min(max(round(100 * share), 1), 99)} %"


def _layers(lines: int) -> list[dict[str, Any]]:
    ends = {"x": horizontal("low"), "x2": {"field": "high"}}
    return [
        layer("rule", "range", lines, ends),
        layer("point", "start", lines, {"x": horizontal("cut")}, size=70, shape="circle"),
        layer("point", "dot", lines, {"x": horizontal("middle")}, size=80, shape="diamond"),
    ]
