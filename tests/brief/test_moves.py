"""The graph of moves: every direct move between its states and no other, arrows side by side, the same each time."""

from __future__ import annotations

import itertools
import random
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from detente.brief.figures.moves import (
    LANES_NARROW,
    LANES_WIDE,
    Link,
    MoveGraph,
    arrow_tracks,
    laid_out,
    links_among,
    move_graph,
)
from detente.stability import Stability


def drawn(analysed: Stability, *states: int) -> MoveGraph:
    found = move_graph(analysed, dict(analysed.makers), states or (6, 1, 3, 4, 5, 9), lambda n: "a name" * (n == 6))
    assert found is not None
    return found


def test_it_has_every_direct_move_between_its_states_and_no_other(analysed: Stability) -> None:
    conflict, graph = analysed.conflict, drawn(analysed)
    wanted = {
        (analysed.makers[name], one, other)
        for maker, name in enumerate(conflict.makers)
        for one, other in itertools.permutations(graph.states, 2)
        if other - 1 in conflict.moves[maker].of(one - 1)
    }
    told = {(who, int(leaves.split()[0]), int(arrives.split()[0])) for who, leaves, arrives, _ in graph.table.rows}
    assert told == wanted
    assert len(graph.table.rows) == len(wanted) > 5


def test_a_move_is_bold_where_the_mover_likes_better_where_it_goes(analysed: Stability) -> None:
    conflict, graph = analysed.conflict, drawn(analysed)
    names = {title: name for name, title in analysed.makers.items()}
    kinds = {"better": 1, "less": -1, "as well": 0}
    seen = set()
    for who, leaves, arrives, says in graph.table.rows:
        maker = conflict.makers.index(names[who])
        one, other = int(leaves.split()[0]) - 1, int(arrives.split()[0]) - 1
        if says == "not known":
            assert sorted((one, other)) in conflict.unknown[maker].tolist()
        else:
            assert np.sign(conflict.ranks[maker, other] - conflict.ranks[maker, one]) == kinds[says]
        seen.add(says)
    assert {"better", "less", "not known"} <= seen
    assert graph.unknown
    better = sum(says == "better" for *_, says in graph.table.rows)
    for text in (graph.narrow, graph.wide):
        assert len(re.findall(r'<g class="better">', text)) == better
        assert len(re.findall(r'class="tip"', text)) == better
    assert f"{better} of them improvements" in graph.alt


def test_the_same_states_give_the_same_graph(analysed: Stability) -> None:
    assert drawn(analysed, 6, 1, 3, 4) == drawn(analysed, 6, 4, 1, 3)


def test_the_status_quo_stands_on_top_and_arrows_are_short() -> None:
    pairs = [(1, 6), (6, 2), (2, 5), (5, 3), (3, 4)]
    links = [Link("a", min(pair), max(pair), True, False, "second") for pair in pairs]
    assert laid_out([1, 2, 3, 4, 5, 6], links, None) in ([1, 6, 2, 5, 3, 4], [4, 3, 5, 2, 6, 1])
    assert laid_out([1, 2, 3, 4, 5, 6], links, 2)[0] == 2


def test_no_two_arrows_of_a_lane_lie_on_one_another() -> None:
    rng = random.Random(3)
    for _ in range(50):
        order = rng.sample(range(1, 13), 12)
        pairs = {tuple(sorted(rng.sample(order, 2))) for _ in range(rng.randint(1, 20))}
        links = [Link("a", one, other, True, True, "same") for one, other in sorted(pairs)]
        tracks = arrow_tracks(links, order)
        for one, other in itertools.combinations(links, 2):
            if tracks[one] == tracks[other]:
                spans = [sorted((order.index(link.first), order.index(link.second))) for link in (one, other)]
                assert spans[0][1] < spans[1][0] or spans[1][1] < spans[0][0]


@pytest.mark.parametrize("page", [LANES_NARROW, LANES_WIDE])
def test_labels_and_arrows_stay_inside_and_apart(analysed: Stability, page: object) -> None:
    graph = drawn(analysed, *range(1, 13))
    text = graph.narrow if page is LANES_NARROW else graph.wide
    root = ET.fromstring(text)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    room = LANES_NARROW if page is LANES_NARROW else LANES_WIDE
    lines = [float(span.attrib["y"]) for span in root.iter("tspan")]
    assert all(later - earlier >= room.size for earlier, later in itertools.pairwise(lines))
    assert room.size < lines[0] < lines[-1] < height
    ways = [path.attrib["d"] for path in root.iter("path") if path.attrib["class"] == "way"]
    assert ways
    for way in ways:
        x, y0, y1 = map(float, re.fullmatch(r"M([\d.]+) ([\d.]+)V([\d.]+)", way).groups())  # type: ignore[union-attr]
        assert room.labels < x < width
        assert 0 < y0 < height
        assert 0 < y1 < height


def test_states_without_room_for_their_arrows_are_left_out(analysed: Stability) -> None:
    count = 30
    everywhere = [[t for t in range(count) if t != s] for s in range(count)]
    first = np.arange(0, count * (count - 1) + 1, count - 1, dtype=np.int64)
    moves = replace(analysed.conflict.moves[0], first=first, targets=np.concatenate(everywhere).astype(np.int32))
    conflict = replace(
        analysed.conflict, makers=("varland", "league"), moves=(moves, moves), start=0,
        ranks=np.arange(2 * count, dtype=np.int32).reshape(2, count), unknown=(np.zeros((0, 2), np.int32),) * 2,
    )  # fmt: skip
    graph = move_graph(replace(analysed, conflict=conflict), {"varland": "V", "league": "L"}, range(1, 31), str)
    assert graph is not None
    assert 3 <= len(graph.states) < 10
    assert set(graph.states) == set(range(1, len(graph.states) + 1)), "the first are kept"
    assert len(links_among(conflict, graph.states)) == len(graph.states) * (len(graph.states) - 1)


def test_names_are_escaped_and_nothing_is_drawn_of_nothing(analysed: Stability) -> None:
    graph = move_graph(analysed, dict.fromkeys(analysed.makers, "A <maker> & sons"), (1, 2, 3), lambda _: "<b> & c")
    assert graph is not None
    for text in (graph.narrow, graph.wide):
        ET.fromstring(text)
        assert "&lt;maker&gt; &amp; sons" in text
    assert move_graph(analysed, dict(analysed.makers), (1,), str) is None
