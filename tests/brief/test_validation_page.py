"""The validation sheet as a page: short first, depth on request, no script, no network; and in a browser."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.brief.page import validation_page, write_validation_page
from detente.brief.validated import sheet_of
from detente.evidence import find_copied_runs_in_page, read_run_hashes
from detente.scenario import load
from detente.validation import Validation, validate
from tests.brief.chromium import FOUND, Chromium
from tests.brief.test_page import LOADING, Reader
from tests.evidence.repository import CASES

without_one = pytest.mark.skipif(
    FOUND is None, reason="no Chromium on the path: the page is not looked at in a browser"
)


@pytest.fixture(scope="module")
def sheet() -> Validation:
    return validate("harbour_truce", worlds=64)


@pytest.fixture(scope="module")
def page(sheet: Validation) -> str:
    return validation_page(load("harbour_truce"), sheet)


@pytest.fixture(scope="module")
def page_file(sheet: Validation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("validation") / "validation.html"
    write_validation_page(load("harbour_truce"), sheet, file)
    return file


def test_nothing_in_it_asks_for_anything_or_runs(page: str) -> None:
    read = Reader(page)
    for tag, attributes in read.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "script"}, tag
        for name in LOADING & attributes.keys():
            assert (attributes[name] or "").startswith("#"), f"{tag} {name}"
    policy = next(a["content"] for a in read.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert "default-src 'none'; script-src 'none'" in policy


def test_headings_names_links_and_tables(page: str) -> None:
    read = Reader(page)
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    names = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(names) == len(set(names))
    assert {(attributes["href"] or "")[1:] for attributes in read.all("a")} <= set(names)
    assert page.count("<table") == page.count("<caption")


def test_the_verdicts_come_first_and_everything_is_there(page: str, sheet: Validation) -> None:
    shown = sheet_of(sheet)
    assert page.index(shown.opening) < page.index("What the equations say")
    assert sum(int(number) for number in re.findall(r"\d+", shown.opening)[1:]) == len(sheet.tests)
    glance = page[page.index('id="short"') : page.index('id="family-structure"')]
    for test in sheet.tests:
        assert f'href="#test-{test.name}"' in glance
        assert f'id="test-{test.name}"' in page
    for one in sheet.listing:
        assert f"[{one.at}]" in page
    assert all(f"<dt>{one.number} " in page for one in sheet.protocol)
    assert "<code>detente validate harbour_truce --worlds 64</code>" in page


def test_a_quick_sheet_says_how_it_is_made_again() -> None:
    quick = validate("prisoners_dilemma", quick=True, worlds=16)
    assert "detente validate prisoners_dilemma --quick --worlds 16" in validation_page(load("prisoners_dilemma"), quick)


def test_nothing_in_it_is_copied_from_a_source(page: str) -> None:
    guarded = frozenset().union(*(read_run_hashes(file) for file in CASES.glob("*/sources/*.runs")))
    assert guarded
    assert find_copied_runs_in_page(page, guarded) == ()


# ---- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as found:
        yield found
        assert found.requests == []
        assert found.complaints == []


@pytest.mark.browser
@without_one
@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_open_or_shut(browser: Chromium, page_file: Path, width: int, scheme: str) -> None:
    browser.size(width)
    browser.look(scheme)
    browser.open(page_file, drawn=False)
    assert browser.value("document.documentElement.scrollWidth") <= width
    browser.value("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert browser.value("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@without_one
def test_all_verdicts_stand_on_the_first_screen(browser: Chromium, page_file: Path) -> None:
    browser.size(1280, 900)
    browser.look("light")
    browser.open(page_file, drawn=False)
    assert browser.value("document.querySelector('.verdicts').getBoundingClientRect().bottom") < 900
