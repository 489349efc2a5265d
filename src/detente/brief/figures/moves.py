"""A graph of moves, laid out in Python and drawn as SVG: a line for each state, a lane for each decision maker.

In its lane stand the moves a decision maker can make alone, from state to state: bold and with a filled head where it
likes better where it goes. No two arrows of a lane lie on one another, and nothing is told by colour alone. The order
of the states is the one with the shortest arrows that a plain search finds: the same states always give the same graph.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from detente.brief.figure import Table
from detente.brief.theme import SHAPES
from detente.stability.conflict import Conflict
from detente.stability.result import Stability

__all__ = ["LANES_NARROW", "LANES_WIDE", "Link", "MoveGraph", "arrow_tracks", "laid_out", "links_among", "move_graph"]

MOST_STATES = 14
TRACK_LEAST = 9.0
"""Pixels between two arrows side by side, at the least."""
TRACK_MOST = 20.0
LANE_GAP = 16.0


@dataclass(frozen=True)
class LanePage:
    """How much room a graph has, in pixels at which its letters have their own size."""

    width: int
    labels: int
    letters: int
    size: int


LANES_NARROW = LanePage(340, 78, 10, 12)
LANES_WIDE = LanePage(700, 190, 26, 14)


@dataclass(frozen=True)
class Link:
    """Moves of one decision maker between two states: which ways it can go, and which of the two it likes better.

    ``likes`` is ``second``, ``first``, ``same`` or ``unknown``.
    """

    maker: str
    first: int
    second: int
    forth: bool
    back: bool
    likes: str


@dataclass(frozen=True)
class MoveGraph:
    """A graph of moves in two widths, the marks of its lanes, and the same in words and as a table.

    ``unknown`` tells whether it has moves of which it is not known whether the mover likes them better.
    """

    title: str
    alt: str
    narrow: str
    wide: str
    lanes: tuple[tuple[str, str, str], ...]
    table: Table
    states: tuple[int, ...]
    unknown: bool


def move_graph(
    stability: Stability, makers: Mapping[str, str], states: Sequence[int], name_of: Callable[[int], str]
) -> MoveGraph | None:
    """Draw the direct moves between some states; None where there is none.

    Parameters
    ----------
    stability
        The analysis.
    makers
        How each decision maker is called.
    states
        The states to draw, the most telling first; the last are left out where there is no room for their arrows.
    name_of
        How a state is called; nothing where it has no name.

    Returns
    -------
    MoveGraph or None
        With the states that were left out.
    """
    kept, links = _that_fit(stability.conflict, list(states[:MOST_STATES]))
    if not links:
        return None
    start = stability.conflict.start
    order = laid_out(kept, links, None if start is None else start + 1)
    moving = [name for name in makers if any(link.maker == name for link in links)]
    letters = {name: chr(ord("A") + number) for number, name in enumerate(moving)}
    shapes = {name: SHAPES[number % len(SHAPES)] for number, name in enumerate(moving)}
    drawing = _Drawing(order, links, letters, shapes, makers, name_of, None if start is None else start + 1)
    table = Table(("Who", "From", "To", "Likes it"), tuple(_rows(links, makers, name_of)))
    return MoveGraph(
        "Who can move where", _alt(order, links, makers, name_of),
        drawing.drawn(LANES_NARROW), drawing.drawn(LANES_WIDE),
        tuple((letters[name], shapes[name], makers[name]) for name in moving), table, tuple(order),
        any(link.likes == "unknown" for link in links),
    )  # fmt: skip


def _label(number: int, name_of: Callable[[int], str]) -> str:
    return f"{number} {name_of(number)}".strip()


def _rows(
    links: Sequence[Link], makers: Mapping[str, str], name_of: Callable[[int], str]
) -> list[tuple[str, str, str, str]]:
    liked = {"same": "as well", "unknown": "not known"}
    found = []
    for link in links:
        for can, leaves, arrives, better in (
            (link.forth, link.first, link.second, "second"), (link.back, link.second, link.first, "first"),
        ):  # fmt: skip
            if can:
                says = liked.get(link.likes, "better" if link.likes == better else "less")
                found.append((makers[link.maker], _label(leaves, name_of), _label(arrives, name_of), says))
    return found


def _alt(order: Sequence[int], links: Sequence[Link], makers: Mapping[str, str], name_of: Callable[[int], str]) -> str:
    rows = _rows(links, makers, name_of)
    better = [f"{who} from {leaves} to {arrives}" for who, leaves, arrives, says in rows if says == "better"]
    told = "; ".join(better[:24]) + (f"; and {len(better) - 24} more" if len(better) > 24 else "")
    return (
        f"Arrows between {len(order)} states, a lane for each decision maker: {len(rows)} moves, {len(better)} of them "
        f"improvements. {told + '.' if told else ''}"
    ).strip()


# ---- moves -----------------------------------------------------------------------------------------------------------


def _that_fit(conflict: Conflict, states: list[int]) -> tuple[list[int], list[Link]]:
    """Leave states out from the end until every arrow has its room in the narrow graph."""
    while len(states) > 1:
        links = links_among(conflict, states)
        order = laid_out(states, links, None)
        if _needed(links, order) <= LANES_NARROW.width - LANES_NARROW.labels:
            return states, links
        states = states[:-1]
    return states, []


def _needed(links: Sequence[Link], order: Sequence[int]) -> float:
    makers = dict.fromkeys(link.maker for link in links)
    lanes = [arrow_tracks([link for link in links if link.maker == maker], order) for maker in makers]
    return sum(TRACK_LEAST * (max(lane.values()) + 1) + LANE_GAP for lane in lanes)


def links_among(conflict: Conflict, states: Sequence[int]) -> list[Link]:
    """Return the direct moves between some states, numbered from 1: one link for both ways."""
    wanted, found = sorted(states), []
    for maker, name in enumerate(conflict.makers):
        reached = {state: set(conflict.moves[maker].of(state - 1).tolist()) for state in wanted}
        open_pairs = {(int(a) + 1, int(b) + 1) for a, b in conflict.unknown[maker]}
        for position, first in enumerate(wanted):
            for second in wanted[position + 1 :]:
                forth, back = second - 1 in reached[first], first - 1 in reached[second]
                if forth or back:
                    gain = int(conflict.ranks[maker, second - 1]) - int(conflict.ranks[maker, first - 1])
                    likes = "second" if gain > 0 else "first" if gain < 0 else "same"
                    likes = "unknown" if (first, second) in open_pairs else likes
                    found.append(Link(name, first, second, forth, back, likes))
    return found


# ---- layout ----------------------------------------------------------------------------------------------------------


def laid_out(states: Sequence[int], links: Sequence[Link], top: int | None) -> list[int]:
    """Order states so that arrows are short: exchange any two while that helps; ``top`` stays first.

    Parameters
    ----------
    states
        The states to draw.
    links
        The arrows between them.
    top
        The state that comes first; None for whichever.

    Returns
    -------
    list
        The states from the top down.
    """
    order = sorted(states)
    if top in order:
        order.remove(top)
        order.insert(0, top)
    fixed = 1 if top in order else 0
    best = _length(order, links)
    improved = True
    while improved:
        improved = False
        for one in range(fixed, len(order)):
            for other in range(one + 1, len(order)):
                order[one], order[other] = order[other], order[one]
                length = _length(order, links)
                if length < best:
                    best, improved = length, True
                else:
                    order[one], order[other] = order[other], order[one]
    return order


def _length(order: Sequence[int], links: Sequence[Link]) -> int:
    place = {state: number for number, state in enumerate(order)}
    return sum(abs(place[link.first] - place[link.second]) for link in links)


def arrow_tracks(links: Sequence[Link], order: Sequence[int]) -> dict[Link, int]:
    """Return the track of each arrow of a lane: no two on one track meet, the short ones to the left."""
    place = {state: number for number, state in enumerate(order)}
    spans = {link: sorted((place[link.first], place[link.second])) for link in links}
    taken: list[list[list[int]]] = []
    found = {}
    for link in sorted(links, key=lambda link: (spans[link][1] - spans[link][0], spans[link])):
        low, high = spans[link]
        track = next(
            (n for n, held in enumerate(taken) if all(high < a or low > b for a, b in held)), len(taken)
        )  # fmt: skip
        if track == len(taken):
            taken.append([])
        taken[track].append([low, high])
        found[link] = track
    return found


# ---- drawing ---------------------------------------------------------------------------------------------------------

MARKS = {
    "circle": "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
    "square": "M-2.7 -2.7h5.4v5.4h-5.4z",
    "triangle-up": "M0 -3.4l3.4 5.8h-6.8z",
    "diamond": "M0 -3.8l3.8 3.8l-3.8 3.8l-3.8 -3.8z",
    "cross": "M-3.6 -1.2h2.4v-2.4h2.4v2.4h2.4v2.4h-2.4v2.4h-2.4v-2.4h-2.4z",
    "triangle-down": "M0 3.4l3.4 -5.8h-6.8z",
    "triangle-right": "M3.4 0l-5.8 3.4v-6.8z",
    "triangle-left": "M-3.4 0l5.8 3.4v-6.8z",
    "arrow": "M0 -3.6l3 3.4h-1.8v3.8h-2.4v-3.8h-1.8z",
    "wedge": "M0 -3.8l1.8 6.8h-3.6z",
}
HEAD = 24.0


@dataclass(frozen=True)
class _Drawing:
    """A graph ready to be drawn at any width."""

    order: Sequence[int]
    links: Sequence[Link]
    letters: Mapping[str, str]
    shapes: Mapping[str, str]
    makers: Mapping[str, str]
    name_of: Callable[[int], str]
    start: int | None

    def drawn(self, page: LanePage) -> str:
        """Draw it."""
        labels = {state: self._wrapped(state, page) for state in self.order}
        line = page.size + 3
        heights = {state: max(len(labels[state]) * line + 10, 30) for state in self.order}
        places, top = {}, HEAD
        for state in self.order:
            places[state] = top + heights[state] / 2
            top += heights[state]
        parts = [
            f'<svg class="map moves" viewBox="0 0 {page.width} {top:.0f}" width="{page.width}" height="{top:.0f}" '
            f'font-size="{page.size}" aria-hidden="true" focusable="false">'
        ]
        parts += [self._state(labels[state], places[state], line, page) for state in self.order]
        parts += self._lanes(places, page)
        return "".join([*parts, "</svg>"])

    def _wrapped(self, state: int, page: LanePage) -> list[str]:
        name = self.name_of(state) + (", status quo" if state == self.start and page is LANES_WIDE else "")
        if state == self.start and page is LANES_NARROW:
            name = f"{name} (status quo)".strip()
        lines = textwrap.wrap(name.lstrip(", "), page.letters, max_lines=3, placeholder=" …")
        return [str(state), *lines] if page is LANES_NARROW else textwrap.wrap(
            f"{state}  {name.lstrip(', ')}".strip(), page.letters, max_lines=3, placeholder=" …"
        )  # fmt: skip

    def _state(self, lines: Sequence[str], middle: float, line: int, page: LanePage) -> str:
        first = middle - line * (len(lines) - 1) / 2
        spans = "".join(
            f'<tspan x="0" y="{first + n * line:.1f}" dy="0.35em">{html.escape(text)}</tspan>'
            for n, text in enumerate(lines)
        )
        rule = f'<path class="line" d="M{page.labels} {middle:.1f}H{page.width}"/>'
        return f"{rule}<text>{spans}</text>"

    def _lanes(self, places: Mapping[int, float], page: LanePage) -> list[str]:
        lanes = {
            maker: arrow_tracks([link for link in self.links if link.maker == maker], self.order)
            for maker in self.letters
        }
        counts = {maker: max(tracks.values()) + 1 for maker, tracks in lanes.items()}
        room = page.width - page.labels - LANE_GAP * len(lanes)
        step = min(TRACK_MOST, room / sum(counts.values()))
        spare = (room - step * sum(counts.values())) / len(lanes)
        found, left = [], float(page.labels)
        for maker, tracks in lanes.items():
            width = LANE_GAP + spare + step * counts[maker]
            middle = left + width / 2
            found.append(
                f'<text class="head" x="{middle:.1f}" y="{page.size}" text-anchor="middle">{self.letters[maker]}</text>'
            )
            begin = left + (width - step * (counts[maker] - 1)) / 2
            found += [self._arrow(link, begin + step * track, places) for link, track in tracks.items()]
            left += width
        return found

    def _arrow(self, link: Link, x: float, places: Mapping[int, float]) -> str:
        """Draw a link: filled head where the mover likes it better, open heads where it likes it no better."""
        ahead = link.second if link.likes != "first" else link.first
        behind = link.first if ahead == link.second else link.second
        can, can_back = (link.forth, link.back) if ahead == link.second else (link.back, link.forth)
        if not can:  # only the way that it does not like
            ahead, behind, can, can_back = behind, ahead, True, False
        better = link.likes == ("second" if ahead == link.second else "first")
        y0, y1 = places[behind], places[ahead]
        way = 1 if y1 > y0 else -1
        kind = "better" if better else "open" if link.likes == "unknown" else "other"
        mark = MARKS[self.shapes[link.maker]]
        parts = [f'<path class="way" d="M{x:.1f} {y0:.1f}V{y1 - 7 * way:.1f}"/>', _tip(x, y1, way, filled=better)]
        if can_back:
            parts.append(_tip(x, y0 + 5 * way, -way, filled=False))
        parts.append(f'<path class="mark" transform="translate({x:.1f} {y0:.1f})" d="{mark}"/>')
        says = {"better": "likes it better", "open": "preference not known", "other": "likes it no better"}[kind]
        title = f"{self.makers[link.maker]}: from {behind} to {ahead}, {says}" + (", and back" if can_back else "")
        return f'<g class="{kind}"><title>{html.escape(title)}</title>{"".join(parts)}</g>'


def _tip(x: float, y: float, way: int, *, filled: bool) -> str:
    size = 4.0 if filled else 3.2
    ends = f"M{x - size:.1f} {y - 7 * way:.1f}L{x:.1f} {y:.1f}L{x + size:.1f} {y - 7 * way:.1f}"
    return f'<path class="tip" d="{ends}z"/>' if filled else f'<path class="open-tip" d="{ends}"/>'
