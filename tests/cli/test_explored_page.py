"""What an exploration adds to the page of a small case: slopes of a smooth answer, alternatives one by one."""

from __future__ import annotations

import html
import re

import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.page import brief_page
from detente.exploration.explore import explore
from detente.run import run
from detente.scenario import load
from tests.cli.test_explore import RISING

MORE = """
  how_deep:
    asks: How deep is it?
    answer: water on 2031-05-08
  which:
    asks: Which of three?
    answer: sky.colour on 2031-05-08
actors:
  sky: {is: sky}
options:
  sky:
    colour: {one_of: [blue, grey, red], start: grey}
decisions:
  sky.colour:
    when: true
    usual:
      red: {chance: 0.01..0.1}
      blue: {chance: 0.6..0.8}
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("cases") / "rising"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(RISING.rstrip() + MORE, encoding="utf-8")
    case = load(folder)
    text = brief_page(brief_of(study_of_run(run(case, worlds=2_000), exploration=explore(case, worlds=20_000))))
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", text)).split())


def test_a_smooth_answer_has_its_slopes_in_words(page: str) -> None:
    assert page.count("Exactly, at the middle of all ranges") == 1
    assert "With every number at the middle of its range, under the readings “Which way does the ground slope?”" in page
    assert "Rain: +8 litres for a tenth of its range more; +1 % for 1 % more." in page


def test_alternatives_are_told_one_by_one_the_commonest_first(page: str) -> None:
    told = [
        page.index(text) for text in ("First the commonest, “blue” (", "The same for “grey” (", "The same for “red” (")
    ]
    assert told == sorted(told)


def test_contested_claims_boxes_and_what_to_watch_are_on_the_page(page: str) -> None:
    assert "Contested claims, in the same worlds:" in page
    assert "“Which way does the ground slope?” From “away” to “to us”:" in page
    slopes_so = "“Which way does the ground slope?” is answered to us"
    assert f"Where in the space of assumptions it lives: When {slopes_so}" in page
    assert f"The same as a small decision tree When {slopes_so}; and “Rain”" in page
