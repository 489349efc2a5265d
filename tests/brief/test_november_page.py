"""The long version: the page of the largest case, whole, in a browser and beside its source's hashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.page import brief_page
from detente.evidence import find_copied_runs_in_page, read_run_hashes
from detente.run import run
from tests.brief.chromium import FOUND, Chromium
from tests.brief.test_page import LARGEST
from tests.brief.test_page_in_browser import LABELS_THAT_MEET_OR_ARE_CUT, SMALLEST, SMALLEST_LETTERS
from tests.evidence.repository import CASES

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def november(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("november") / "brief.html"
    file.write_text(brief_page(brief_of(study_of_run(run("november_2023", worlds=2_048)))), encoding="utf-8")
    return file


def test_it_is_small_and_copies_nothing(november: Path) -> None:
    page = november.read_text(encoding="utf-8")
    assert len(page.encode()) < LARGEST
    hashes = read_run_hashes(CASES / "november_2023" / "sources" / "article.runs")
    assert find_copied_runs_in_page(page, hashes) == ()


@pytest.mark.browser
@pytest.mark.skipif(FOUND is None, reason="no Chromium on the path: the page is not looked at in a browser")
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_drawn_whole(november: Path, width: int) -> None:
    with Chromium() as browser:
        browser.size(width)
        browser.look("light")
        browser.open(november)
        plots = browser.value("document.querySelectorAll('[data-figure]').length")
        assert plots > 100
        assert browser.value("document.querySelectorAll('[data-figure] svg').length") == plots
        assert browser.value("document.documentElement.scrollWidth") <= width
        assert browser.value(LABELS_THAT_MEET_OR_ARE_CUT) == []
        assert browser.value(SMALLEST) >= SMALLEST_LETTERS
        assert browser.requests == []
        assert browser.complaints == []
