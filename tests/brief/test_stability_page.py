"""The page on stability by itself: no script, no network, everything named, nothing copied; and in a browser."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from detente.brief.page import stability_page, write_stability_page
from detente.evidence import find_copied_runs_in_page, read_run_hashes
from detente.stability import Stability, stability
from tests.brief.chromium import FOUND, Chromium
from tests.brief.test_page import LOADING, Reader, escaped
from tests.brief.test_page_in_browser import SMALLEST, SMALLEST_LETTERS
from tests.evidence.repository import CASES

without_one = pytest.mark.skipif(
    FOUND is None, reason="no Chromium on the path: the page is not looked at in a browser"
)
LABELS_THAT_REACH_INTO_A_LANE = """
  [...document.querySelectorAll('.moves')].filter(svg => svg.getBoundingClientRect().width).flatMap(svg => {
    const line = svg.querySelector('.line').getBoundingClientRect();
    return [...svg.querySelectorAll('text:not(.head)')].filter(t => t.getBoundingClientRect().right > line.left + 1)
      .map(t => t.textContent);
  })
"""
STUCK = """
  (() => {
    const box = document.querySelector('.scroll:has(.states)');
    const head = box.querySelector('tbody th');
    const before = head.getBoundingClientRect().left;
    box.scrollLeft = 80;
    return [box.scrollLeft, Math.round(head.getBoundingClientRect().left - before)];
  })()
"""


@pytest.fixture(scope="module")
def read(alone: str) -> Reader:
    return Reader(alone)


def test_nothing_in_it_asks_for_anything_or_runs(alone: str, read: Reader) -> None:
    for tag, attributes in read.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "script"}, tag
        for name in LOADING & attributes.keys():
            target = attributes[name] or ""
            assert target.startswith("#") or (tag == "a" and target.startswith("https://")), f"{tag} {name}={target}"
    policy = next(a["content"] for a in read.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert "default-src 'none'; script-src 'none'" in policy
    assert "url(" not in "".join(read.texts["style"])


def test_headings_names_and_tables(alone: str, read: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    names = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(names) == len(set(names))
    assert alone.count("<table") == alone.count("<caption")
    assert all(attributes.get("scope") in {"row", "col", "rowgroup"} for attributes in read.all("th"))
    assert [attributes["class"] for attributes in read.all("tr") if "class" in attributes].count("under") == 4
    for attributes in read.all("div"):
        if attributes.get("role") in {"img", "group"}:
            assert len(attributes["aria-label"] or "") > 15


def test_it_says_what_was_analysed(alone: str, analysed: Stability) -> None:
    shown = " ".join(alone.split())
    assert escaped(analysed.case.scenario.title) in shown
    assert escaped("A day for each <list> & no more") in shown
    assert f"<code>detente stability {analysed.case.folder} --rankings 200</code>" in shown
    assert "Beside the simulation" not in shown
    assert analysed.provenance.case_hash in shown
    told = replace(
        analysed, sanctions="single", skipped=("the coalitions",),
        request=replace(
            analysed.request, sanctions="single", account="as_varland_tells_it",
            readings={"what_varland_heeds": "limits"},
        ),
        provenance=replace(
            analysed.provenance, account="as_varland_tells_it", readings={"what_varland_heeds": "limits"}, partial=True
        ),
    )  # fmt: skip
    other = stability_page(told)
    assert "--account as_varland_tells_it --reading what_varland_heeds=limits --sanctions single" in other
    assert "tells one account only: As Varland tells it" in other
    assert "stopped on its way" in other
    assert "Left out because the conflict is large: the coalitions." in other


def test_accounts_stand_first(alone: str) -> None:
    titles = ("Account by account", "Under other rankings", "The states</h3>", "Who can move where", "cannot tell")
    places = [alone.index(title) for title in titles]
    assert places == sorted(places)


def test_nothing_in_it_is_copied_from_a_source(alone: str) -> None:
    guarded = frozenset().union(*(read_run_hashes(file) for file in CASES.glob("*/sources/*.runs")))
    assert guarded
    assert find_copied_runs_in_page(alone, guarded) == ()


@pytest.mark.parametrize("name", ["prisoners_dilemma", "cuban_missile_crisis_1962", "garrison_diversion"])
def test_a_case_with_nothing_but_a_conflict_has_a_page(name: str, tmp_path: Path) -> None:
    found = stability(name, rankings=50)
    started = time.process_time()
    write_stability_page(found, tmp_path / "stability.html")
    assert time.process_time() - started < 1
    page = (tmp_path / "stability.html").read_text(encoding="utf-8")
    assert len(page) < 300_000
    Reader(page)
    for title in found.makers.values():
        assert f"Stable for {escaped(title)}" in page


# ---- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as found:
        yield found


@pytest.fixture
def open_page(browser: Chromium) -> Iterator[Chromium]:
    browser.look("light")
    browser.size(1280)
    browser.requests.clear()
    browser.complaints.clear()
    yield browser
    assert browser.requests == []
    assert browser.complaints == []


@pytest.mark.browser
@without_one
@pytest.mark.parametrize("width", [1280, 768, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows(open_page: Chromium, alone_file: Path, width: int, scheme: str) -> None:
    open_page.size(width)
    open_page.look(scheme)
    open_page.open(alone_file, drawn=False)
    assert open_page.value("document.documentElement.scrollWidth") <= width
    assert open_page.value(SMALLEST) >= SMALLEST_LETTERS
    assert open_page.value("[...document.querySelectorAll('.moves')].filter(m => m.clientWidth).length") == 1
    assert open_page.value(LABELS_THAT_REACH_INTO_A_LANE) == []


@pytest.mark.browser
@without_one
def test_the_first_column_stays_where_the_table_scrolls(open_page: Chromium, alone_file: Path) -> None:
    open_page.size(320)
    open_page.open(alone_file, drawn=False)
    assert open_page.value(STUCK) == [80, 0]


@pytest.mark.browser
@without_one
def test_it_prints_in_light_and_no_table_is_cut(open_page: Chromium, alone_file: Path) -> None:
    open_page.look("dark", media="print")
    open_page.size(673)  # what A4 has between its margins
    open_page.open(alone_file, drawn=False)
    assert open_page.value("getComputedStyle(document.body).color") == "rgb(36, 33, 29)"
    widest = "Math.max(...[...document.querySelectorAll('.states')].map(t => t.getBoundingClientRect().right))"
    assert open_page.value(widest) <= 673
    assert open_page.paper().startswith(b"%PDF")
