"""The page on a hindcast in a browser that can reach nothing: drawn, silent, legible on a phone and in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from detente.brief.page import write_hindcast_page
from detente.hindcast.lasting import lasting_by_question
from detente.scenario import load
from tests.brief.chromium import FOUND, Chromium
from tests.brief.hindcasted import classed, made_up
from tests.brief.test_page_in_browser import LABELS_THAT_MEET_OR_ARE_CUT, SMALLEST, SMALLEST_LETTERS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(FOUND is None, reason="no Chromium on the path: the page is not looked at in a browser"),
]
FIGURES = 11


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hindcast")
    case, found = load(classed(folder)), made_up()
    lasting = lasting_by_question(case, found.resolutions)
    write_hindcast_page(case, replace(found, lasting=lasting), folder / "hindcast.html")
    return folder / "hindcast.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as found:
        yield found
        assert found.requests == []
        assert found.complaints == []


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_are_drawn_and_nothing_overflows(browser: Chromium, page_file: Path, width: int, scheme: str) -> None:
    browser.size(width)
    browser.look(scheme)
    browser.open(page_file)
    assert browser.value("document.querySelectorAll('[data-figure] svg').length") == FIGURES
    assert browser.value("document.documentElement.scrollWidth") <= width
    assert browser.value(SMALLEST) >= SMALLEST_LETTERS


@pytest.mark.parametrize("width", [1280, 390])
def test_labels_do_not_meet_and_are_not_cut(browser: Chromium, page_file: Path, width: int) -> None:
    browser.size(width)
    browser.look("light")
    browser.open(page_file)
    assert browser.value(LABELS_THAT_MEET_OR_ARE_CUT) == []


def test_the_opening_is_in_sight_before_any_score(browser: Chromium, page_file: Path) -> None:
    browser.size(1280)
    browser.open(page_file)
    top = browser.value("document.querySelector('#hindcast .warning').getBoundingClientRect().top")
    assert 0 < top < browser.value("document.querySelector('[data-figure]').getBoundingClientRect().top")
    assert "written by people who knew" in browser.value("document.querySelector('#hindcast .warning').innerText")
