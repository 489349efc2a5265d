"""The page in a browser that can reach nothing: drawn, silent, legible on a phone, in the dark and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.brief.chromium import FOUND, Chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(FOUND is None, reason="no Chromium on the path: the page is not looked at in a browser"),
]

SMALLEST_LETTERS = 11
SMALLEST = """
  Math.min(...[...document.querySelectorAll('[data-figure] text, .map text')]
    .filter(text => text.textContent && text.getBoundingClientRect().width)
    .map(text => parseFloat(getComputedStyle(text).fontSize)))
"""
LABELS_THAT_MEET_OR_ARE_CUT = """
  [...document.querySelectorAll('[data-figure]')].flatMap(plot => {
    const frame = plot.getBoundingClientRect();
    const boxes = [...plot.querySelectorAll('text')].filter(t => t.textContent.trim())
      .map(t => ({ text: t.textContent, box: t.getBoundingClientRect() })).filter(t => t.box.width);
    const cut = boxes.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1
      || box.bottom > frame.bottom + 1).map(({ text }) => `${plot.dataset.figure}: cut: ${text}`);
    const meet = boxes.flatMap((one, n) => boxes.slice(n + 1).filter(other =>
      Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left) > 1
      && Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top) > 3)
      .map(other => `${plot.dataset.figure}: ${one.text} / ${other.text}`));
    return [...cut, ...meet];
  })
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as found:
        yield found


@pytest.fixture
def open_page(browser: Chromium, page_file: Path) -> Iterator[Chromium]:
    browser.look("light")
    browser.size(1280)
    browser.requests.clear()
    browser.complaints.clear()
    yield browser
    browser.scripts(True)
    assert browser.requests == []
    assert browser.complaints == []


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_are_drawn_and_nothing_overflows(open_page: Chromium, page_file: Path, width: int, scheme: str) -> None:
    open_page.size(width)
    open_page.look(scheme)
    open_page.open(page_file)
    plots = open_page.value("document.querySelectorAll('[data-figure]').length")
    assert plots >= 15
    assert open_page.value("document.querySelectorAll('[data-figure] svg path').length") > plots
    assert open_page.value("document.querySelectorAll('[data-figure] svg').length") == plots
    assert open_page.value("document.documentElement.scrollWidth") <= width
    assert open_page.value(SMALLEST) >= SMALLEST_LETTERS


@pytest.mark.parametrize("width", [1280, 390])
def test_labels_do_not_meet_and_are_not_cut(open_page: Chromium, page_file: Path, width: int) -> None:
    open_page.size(width)
    open_page.open(page_file)
    assert open_page.value(LABELS_THAT_MEET_OR_ARE_CUT) == []


def test_figures_follow_the_readers_wish_for_dark(open_page: Chromium, page_file: Path) -> None:
    colour = "getComputedStyle(document.querySelector('[data-figure] svg text')).fill"
    open_page.open(page_file)
    light, ground = open_page.value(colour), open_page.value("getComputedStyle(document.body).backgroundColor")
    open_page.look("dark")
    for _ in range(100):
        if open_page.value(colour) != light:
            break
    assert open_page.value(colour) != light
    assert open_page.value("getComputedStyle(document.body).backgroundColor") != ground


def test_it_prints_on_pages_in_light_even_for_a_reader_in_the_dark(open_page: Chromium, page_file: Path) -> None:
    open_page.look("dark")
    open_page.open(page_file)
    paper = open_page.paper()
    assert paper.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) > 3
    open_page.look("dark", media="print")
    open_page.value("window.dispatchEvent(new Event('beforeprint'))")
    assert open_page.value("getComputedStyle(document.body).color") == "rgb(36, 33, 29)"
    assert open_page.value("getComputedStyle(document.querySelector('nav.contents')).display") == "none"


def test_it_stands_as_text_without_scripts(open_page: Chromium, page_file: Path) -> None:
    open_page.scripts(False)
    open_page.open(page_file, drawn=False)
    assert open_page.value("document.querySelectorAll('[data-figure] svg').length") == 0
    assert open_page.value("document.querySelector('noscript').textContent.includes('table')")
    assert open_page.value("document.querySelectorAll('figure table tbody tr').length") > 50
