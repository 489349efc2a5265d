"""The map of who presses whom: the same each time, few crossings, labels that do not meet."""

from __future__ import annotations

import itertools
import random
import re
import xml.etree.ElementTree as ET

from detente.brief.figures import PressureMap, pressure_map
from detente.brief.figures.pressure_map import NARROW, WIDE, Edge, crossings
from detente.brief.rows import Pressure

LETTER = 0.66  # of a letter's size: a wide one


def pressures(*pairs: tuple[str, str, bool]) -> list[Pressure]:
    return [Pressure(source, target, f"{target}.act", toward, "To act.", ()) for source, target, toward in pairs]


def drawn(*pairs: tuple[str, str, bool]) -> PressureMap:
    found = pressure_map(pressures(*pairs), lambda name: name.replace("_", " "))
    assert found is not None
    return found


CROWD = [
    (f"a_presser_with_a_long_name_{source}", f"one_who_decides_{target}", (source + target) % 3 > 0)
    for source in range(18) for target in range(9) if (source * 7 + target * 5) % 4 == 0
]  # fmt: skip


def test_the_same_pressures_give_the_same_map() -> None:
    assert drawn(*CROWD) == drawn(*CROWD)


def test_nobody_presses_himself_and_nothing_is_drawn_of_nothing() -> None:
    assert pressure_map(pressures(("a", "a", True)), str) is None
    assert "<title>a presses b: 2 toward, 1 away" in drawn(("a", "b", True), ("a", "b", True), ("a", "b", False)).wide


def test_arrows_for_against_and_both_look_different() -> None:
    text = drawn(("a", "b", True), ("c", "b", False), ("d", "b", True), ("d", "b", False)).narrow
    assert re.findall(r'<g class="(\w+)">', text) == ["toward", "away", "both"]


def test_columns_are_ordered_to_cross_less() -> None:
    edges = [Edge(source, target, 1, 0) for source, target, _ in CROWD]
    left = re.findall(r"a presser with a long name (\d+) presses", drawn(*CROWD).wide)
    assert len(set(left)) == 18
    apart = drawn(*((f"s{n}", f"t{n}", True) for n in random.Random(1).sample(range(8), 8)))
    order = [re.sub(r"\D", "", text) for text in re.findall(r'y="[\d.]+" dy="0.35em">([st]\d)<', apart.wide)]
    assert order[:8] == order[8:], "pairs stand beside one another"
    assert crossings(edges[:1], ["x", edges[0].source], [edges[0].target]) == 0


def test_labels_do_not_meet_each_other_or_leave_the_picture() -> None:
    for text, page in ((drawn(*CROWD).narrow, NARROW), (drawn(*CROWD).wide, WIDE)):
        root = ET.fromstring(text.replace('aria-hidden="true" focusable="false"', ""))
        height = float(root.attrib["height"])
        sides: dict[str, list[float]] = {"start": [], "end": []}
        for label in root.iter("text"):
            for span in label.iter("tspan"):
                sides[label.attrib["text-anchor"]].append(float(span.attrib["y"]))
                assert len(span.text or "") * page.size * LETTER < page.width / 2 - 8
        for places in sides.values():
            assert all(later - earlier >= page.size for earlier, later in itertools.pairwise(places))
            assert page.size < places[0]
            assert places[-1] < height


def test_names_are_escaped() -> None:
    found = pressure_map(pressures(("a", "b", True)), lambda name: f"{name} & <sons>")
    assert found is not None
    assert "&lt;sons&gt;" in found.narrow
    ET.fromstring(found.narrow)
