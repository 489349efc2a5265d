"""A map of who presses whom, derived from the reasons in decisions, laid out in Python and drawn as SVG.

Two columns: to the left who presses, to the right who decides. Whoever does both stands on both sides. The order of
either column is the one with the fewest crossings that a seeded search finds: the same case always gives the same map.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.brief.figure import Table
from detente.brief.rows import Pressure

__all__ = ["NARROW", "WIDE", "PressureMap", "pressure_map"]

SEED = 7
LETTER = 0.57
"""How wide a letter is on average, as a part of its size."""
STARTS = 24
SWEEPS = 12

Name = Callable[[str], str]


@dataclass(frozen=True)
class Page:
    """How much room a map has, in pixels at which its letters have their own size."""

    width: int
    letters: int
    size: int


NARROW = Page(340, 17, 12)
WIDE = Page(700, 27, 14)


@dataclass(frozen=True)
class Edge:
    """All the reasons by which one party presses another."""

    source: str
    target: str
    toward: int
    away: int


@dataclass(frozen=True)
class PressureMap:
    """A map, in two widths, and the same in words and as a table."""

    title: str
    alt: str
    narrow: str
    wide: str
    table: Table


def pressure_map(pressures: Sequence[Pressure], name_of: Name) -> PressureMap | None:
    """Draw who presses whom; None where nobody presses anybody else.

    Parameters
    ----------
    pressures
        Each reason that somebody exerts on a decision; what weighs with a party by itself is left out.
    name_of
        How an actor is called.
    """
    others = [pressure for pressure in pressures if pressure.source != pressure.target]
    edges = _edges(others)
    if not edges:
        return None
    left, right = _ordered(edges)
    table = Table(
        ("Who presses", "Whom", "On what", "Which way"),
        tuple(
            (name_of(p.source), name_of(p.target), p.says.rstrip("."), "toward" if p.toward else "away") for p in others
        ),
    )
    targets: dict[str, list[str]] = {}
    for edge in edges:
        targets.setdefault(edge.target, []).append(name_of(edge.source))
    words = "; ".join(f"{name_of(target)} is pressed by {', '.join(sources)}" for target, sources in targets.items())
    return PressureMap(
        "Who presses whom", f"Arrows from those who press to those who decide. {words}.",
        _drawn(edges, left, right, name_of, NARROW), _drawn(edges, left, right, name_of, WIDE), table,
    )  # fmt: skip


def _edges(pressures: Sequence[Pressure]) -> list[Edge]:
    counts: dict[tuple[str, str], list[int]] = {}
    for pressure in pressures:
        pair = counts.setdefault((pressure.source, pressure.target), [0, 0])
        pair[0 if pressure.toward else 1] += 1
    return [Edge(source, target, toward, away) for (source, target), (toward, away) in counts.items()]


# ---- layout ----------------------------------------------------------------------------------------------------------


def _ordered(edges: Sequence[Edge]) -> tuple[list[str], list[str]]:
    """Order both columns with few crossings: sweeps of barycentres from seeded starts (Sugiyama et al. 1981)."""
    left, right = _unique(edge.source for edge in edges), _unique(edge.target for edge in edges)
    rng = np.random.default_rng(SEED)
    best = (crossings(edges, left, right), left, right)
    for _ in range(STARTS):
        one, other = list(left), [right[place] for place in rng.permutation(len(right))]
        for _ in range(SWEEPS):
            one = _swept(one, other, [(edge.source, edge.target) for edge in edges])
            other = _swept(other, one, [(edge.target, edge.source) for edge in edges])
        best = min(best, (crossings(edges, one, other), one, other), key=lambda found: found[0])
    return best[1], best[2]


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _swept(moving: list[str], fixed: list[str], links: list[tuple[str, str]]) -> list[str]:
    """Order one column by the mean place of what each of its names is linked to."""
    place = {name: (number + 0.5) / len(fixed) for number, name in enumerate(fixed)}
    means = {name: float(np.mean([place[end] for start, end in links if start == name])) for name in moving}
    return sorted(moving, key=lambda name: means[name])


def crossings(edges: Sequence[Edge], left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many pairs of arrows cross.

    Parameters
    ----------
    edges
        The arrows.
    left, right
        What stands on either side, from the top down.

    Returns
    -------
    int
        0 where they can all be told apart.
    """
    starts = np.array([left.index(edge.source) for edge in edges])
    ends = np.array([right.index(edge.target) for edge in edges])
    across = np.subtract.outer(starts, starts) * np.subtract.outer(ends, ends)
    return int((across < 0).sum() // 2)


# ---- drawing ---------------------------------------------------------------------------------------------------------


def _drawn(edges: Sequence[Edge], left: Sequence[str], right: Sequence[str], name_of: Name, page: Page) -> str:
    labels = {name: textwrap.wrap(name_of(name), page.letters) for name in {*left, *right}}
    line = page.size + 3
    gap = 10
    heights = [sum(len(labels[name]) * line + gap for name in column) for column in (left, right)]
    height = max(heights) + 26
    starts = _placed(left, labels, line, gap, height - 26, heights[0])
    ends = _placed(right, labels, line, gap, height - 26, heights[1])
    widths = [max(len(text) for name in column for text in labels[name]) for column in (left, right)]
    sides = (widths[0] * page.size * LETTER + 6, page.width - widths[1] * page.size * LETTER - 16)
    parts = [
        f'<svg class="map" viewBox="0 0 {page.width} {height:.0f}" width="{page.width}" height="{height:.0f}" '
        f'font-size="{page.size}" aria-hidden="true" focusable="false">',
        f'<text class="head" x="0" y="{page.size}">Who presses</text>',
        f'<text class="head" x="{page.width}" y="{page.size}" text-anchor="end">Who decides</text>',
    ]
    parts += _arrows(edges, starts, ends, sides, name_of)
    parts += _words(starts, labels, line, 0, "start")
    parts += _words(ends, labels, line, page.width, "end")
    return "".join([*parts, "</svg>"])


Places = Mapping[str, tuple[float, float]]
"""The middle of each label, and the height it has for itself."""


def _placed(
    names: Sequence[str], labels: Mapping[str, list[str]], line: int, gap: int, height: float, needed: float
) -> Places:
    """Return where the labels of a column stand, with the spare room shared out between them."""
    spare = (height - needed) / max(len(names), 1)
    top, found = 26.0, {}
    for name in names:
        room = len(labels[name]) * line + gap + spare
        found[name] = (top + room / 2, room)
        top += room
    return found


def _words(places: Places, labels: Mapping[str, list[str]], line: int, x: int, anchor: str) -> list[str]:
    found = []
    for name, (middle, _) in places.items():
        first = middle - line * (len(labels[name]) - 1) / 2
        spans = "".join(
            f'<tspan x="{x}" y="{first + number * line:.1f}" dy="0.35em">{html.escape(text)}</tspan>'
            for number, text in enumerate(labels[name])
        )
        found.append(f'<text text-anchor="{anchor}">{spans}</text>')
    return found


def _arrows(
    edges: Sequence[Edge], starts: Places, ends: Places, sides: tuple[float, float], name_of: Name
) -> list[str]:
    """Draw a curve for each pair: filled head toward, barred head away, both where reasons pull both ways."""
    into = _spread(edges, ends, lambda edge: edge.target, lambda edge: starts[edge.source][0])
    out = _spread(edges, starts, lambda edge: edge.source, lambda edge: ends[edge.target][0])
    x0, x1 = sides
    bend = (x1 - x0) / 2
    found = []
    for edge in edges:
        y0, y1 = out[edge.source, edge.target], into[edge.source, edge.target]
        kind = "both" if edge.toward and edge.away else "toward" if edge.toward else "away"
        width = 0.8 + 0.45 * min(edge.toward + edge.away, 6) ** 0.75
        says = f"{name_of(edge.source)} presses {name_of(edge.target)}: {edge.toward} toward, {edge.away} away"
        found.append(
            f'<g class="{kind}"><title>{html.escape(says)}</title>'
            f'<path d="M{x0:.1f} {y0:.1f}C{x0 + bend:.1f} {y0:.1f} {x1 - bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}" '
            f'stroke-width="{width:.2f}"/>{_head(kind, x1, y1)}</g>'
        )
    return found


def _head(kind: str, x: float, y: float) -> str:
    if kind == "away":
        return f'<path class="bar" d="M{x + 2:.1f} {y - 4:.1f}V{y + 4:.1f}"/>'
    bar = f'<path class="bar" d="M{x + 10:.1f} {y - 4:.1f}V{y + 4:.1f}"/>' if kind == "both" else ""
    return f'<path class="tip" d="M{x:.1f} {y - 3.5:.1f}l8 3.5l-8 3.5z"/>{bar}'


def _spread(
    edges: Sequence[Edge], places: Places, own: Callable[[Edge], str], far: Callable[[Edge], float]
) -> dict[tuple[str, str], float]:
    """Return where each arrow meets a label: beside one another, in the order of their other ends."""
    found = {}
    for name, (middle, room) in places.items():
        meeting = sorted((edge for edge in edges if own(edge) == name), key=far)
        step = min(9.0, (room - 6) / max(len(meeting), 1))
        for number, edge in enumerate(meeting):
            found[edge.source, edge.target] = middle + (number - (len(meeting) - 1) / 2) * step
    return found
