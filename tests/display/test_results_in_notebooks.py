"""Results are small to look at, and can be taken to another process."""

from __future__ import annotations

import pickle
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import detente
from detente import results
from detente.brief.plates import plates_of
from detente.display import MOST_SHOWN, shortened

CASE = detente.load("harbour_truce")


@pytest.fixture(scope="module")
def run() -> detente.Run:
    return CASE.run(worlds=1_600)


@pytest.fixture(scope="module")
def made(run: detente.Run) -> dict[str, Any]:
    conflict = detente.load("elmira_groundwater")
    fitted = CASE.fit(CASE.scenario.as_of, particles=64, replicates=2)
    return {
        "case": CASE,
        "run": run,
        "exploration": CASE.explore(worlds=4_000),
        "comparison": CASE.compare(["varland_extends"], worlds=2_000),
        "hindcast": CASE.hindcast(worlds=800, reasons=False),
        "fitted": fitted,
        "posterior": fitted.posterior,
        "stability": conflict.stability(rankings=20),
        "conflict": conflict,
        "validation": CASE.validate(quick=True, worlds=32),
    }


class Closed(HTMLParser):
    """Sees that what is opened is closed, and gathers what can be read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_each_is_one_short_line_and_comes_back_from_a_pickle(made: dict[str, Any]) -> None:
    for name, one in made.items():
        text = repr(one)
        assert len(text) < MOST_SHOWN, name
        assert "\n" not in text
        assert made["case"].name in text or "elmira_groundwater" in text
        assert repr(pickle.loads(pickle.dumps(one))) == text, name


def test_a_run_is_the_same_in_another_process(run: detente.Run, tmp_path: Path) -> None:
    (tmp_path / "run.pickle").write_bytes(pickle.dumps(run))
    program = (
        "import pickle, sys; run = pickle.load(open(sys.argv[1], 'rb')); print(run.answers); "
        "print(run.by_account('how_long')); print(run.request.command()); print(run.crossed_bounds)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "run.pickle")], capture_output=True, text=True, check=True
    ).stdout
    here = (run.answers, run.by_account("how_long"), run.request.command(), run.crossed_bounds)
    assert shown.splitlines() == [str(one) for one in here]


def test_what_came_back_can_be_asked_anew(run: detente.Run) -> None:
    again, case = pickle.loads(pickle.dumps((run, CASE)))
    numbers, names = [(0, 0), (3, 1)], ["captives", "truce"]
    assert np.array_equal(again.worlds(numbers, names), run.worlds(numbers, names), equal_nan=True)
    assert case.run(worlds=1_600).answers == run.answers
    assert case.units.parse("person/week").factor == CASE.units.parse("person/week").factor


def test_a_notebook_is_shown_a_table_and_of_a_run_its_figures(made: dict[str, Any]) -> None:
    for name, one in made.items():
        if name == "posterior":
            continue
        read = Closed(one._repr_html_())
        assert "table" in read.tags, name
        assert "script" not in read.tags
    read = Closed(made["run"]._repr_html_())
    assert read.tags.count("svg") == len(CASE.scenario.questions)
    words = " ".join(read.words)
    assert all(question.asks in words for question in CASE.scenario.questions.values())
    assert all(CASE.account(name).title in words for name in CASE.scenario.accounts)
    assert words.index("As Varland tells it") < words.index("pooled")


def test_figures_are_data_that_a_notebook_may_hold(run: detente.Run) -> None:
    """Nbformat takes data that are no text only under a type that ends in ``+json``."""
    figure = plates_of(detente.brief_of(detente.study_of_run(run))).questions[0].accounts
    assert figure is not None
    for kind, data in figure._repr_mimebundle_().items():
        assert isinstance(data, str) or kind.endswith("+json"), kind


def test_tables_hold_the_figures(made: dict[str, Any]) -> None:
    table = made["run"].to_pandas().set_index(["question", "part"])
    assert table.loc[("holds_to_friday", "mixtures"), "value"] == made["run"].answers["holds_to_friday"].probability
    assert len(table) == len(CASE.scenario.questions) * (1 + len(CASE.scenario.accounts))
    hangs = made["exploration"].to_pandas().query("target == 'how_long' and kind == 'factor'")
    assert list(hangs["name"]) == [entry.name for entry in made["exploration"].targets["how_long"].factors]
    effects = made["comparison"].to_pandas()
    assert list(effects["difference"]) == [one.difference.value for one in made["comparison"].effects]
    assert set(effects["account"]) == {"mixtures", *CASE.scenario.accounts}
    scores = made["hindcast"].to_pandas().set_index(["question", "forecaster", "score"])["loss"]
    model = made["hindcast"].cuts[0].standings["holds_to_friday"].model
    assert scores["holds_to_friday", "model", "brier"] == model.scores["brier"]


def test_without_pandas_a_table_says_so(run: detente.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(results, "import_module", missing)
    with pytest.raises(detente.ResultError, match="needs pandas"):
        run.to_pandas()


def test_long_texts_are_cut() -> None:
    assert shortened("short") == "short"
    assert len(shortened("x" * 1_000)) == MOST_SHOWN - 1
