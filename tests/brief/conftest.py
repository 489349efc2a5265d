"""One small run, its brief and its page, shared by the tests of ``brief``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.page import brief_page, stability_page
from detente.brief.rows import Brief, SignRow, TermRow
from detente.results import Answer, Band
from detente.run import Run, run
from detente.stability import Stability, stability
from tests.brief.conflicted import conflicted


@pytest.fixture(scope="session")
def conflicted_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(conflicted(tmp_path_factory.mktemp("conflicted")), worlds=4_096, seed=2)


@pytest.fixture(scope="session")
def analysed(conflicted_run: Run) -> Stability:
    return stability(conflicted_run.case, rankings=200)


@pytest.fixture(scope="session")
def brief(conflicted_run: Run) -> Brief:
    return brief_of(study_of_run(conflicted_run))


@pytest.fixture(scope="session")
def full_brief(brief: Brief) -> Brief:
    """Return a brief with what the small case has none of: a choice, signs, terms, strain, words that need escaping."""
    choice = Answer("stance", "What does it say?", "choice", shares={"aloud": 0.25, "in_private": 0.75})
    stance = replace(
        brief.questions[0], id="stance", asks="What does it say <of> & to it?", answer=choice, course=None, factors=(),
        by_account=dict.fromkeys(brief.account_titles, choice), outside="", outside_view=None,
        opportunity_for="Government of Varland", risk_for="",
    )  # fmt: skip
    strained = Band("strain_between", "", share=np.linspace(0, 1, brief.case.scenario.days))
    terms = (
        TermRow(
            "ten", "A day for each ten.", "varland", "league", False, "the office", "Fire.", "", "gazette 4; gazette 4"
        ),
        TermRow("asked", "All for all.", "", "league", False, "", "", "", ""),
        TermRow("none", "Those not heard of.", "", "", True, "", "", "How many they are.", "gazette 9"),
    )
    signs = tuple(
        SignRow("list", "A list by noon.", 0.4, question.id, question.asks, "more", "less")
        for question in brief.questions
    )
    case = replace(
        brief.case,
        scenario=brief.case.scenario.model_copy(
            update={
                "measures": {
                    **brief.case.scenario.measures,
                    "strain_between": brief.case.scenario.measures["truce_days"],
                }
            }
        ),
    )
    return replace(
        brief, case=case, questions=(*brief.questions, stance), bands=(*brief.bands, strained), terms=terms, signs=signs
    )


@pytest.fixture(scope="session")
def page(full_brief: Brief) -> str:
    return brief_page(full_brief)


@pytest.fixture(scope="session")
def page_file(page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("brief") / "brief.html"
    file.write_text(page, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def alone(analysed: Stability) -> str:
    return stability_page(analysed)


@pytest.fixture(scope="session")
def alone_file(alone: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("alone") / "stability.html"
    file.write_text(alone, encoding="utf-8")
    return file
