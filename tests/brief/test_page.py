"""The page by itself: nothing is asked of any network, everything is named, nothing is copied."""

from __future__ import annotations

import base64
import hashlib
import html
import itertools
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from detente.analysis import study_of_run
from detente.brief.bundle import LICENCES
from detente.brief.contents import brief_of
from detente.brief.page import brief_page, write_page
from detente.brief.rows import Brief
from detente.brief.wording import HANGS_ON
from detente.evidence import find_copied_runs_in_page, read_run_hashes, run_hashes
from detente.run import Run
from tests.evidence.repository import CASES, GAZETTE

LARGEST = 2_000_000
LOADING = {"src", "srcset", "href", "action", "formaction", "data", "poster", "background", "ping", "manifest"}
VOID = {"meta", "link", "br", "img", "hr", "input", "path"}


class Reader(HTMLParser):
    """Collects the elements of a page, and complains where one is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.elements if name == tag)


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    return Reader(page)


def test_nothing_in_it_asks_for_anything(page: str, read: Reader) -> None:
    for tag, attributes in read.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "audio", "video"}, tag
        for name in LOADING & attributes.keys():
            target = attributes[name] or ""
            assert target.startswith("#") or (tag == "a" and target.startswith("https://")), f"{tag} {name}={target}"
    style = "".join(read.texts["style"])
    assert "url(" not in style
    assert "@import" not in style
    own = read.texts["script"][-1]
    assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import)\b", own)


def test_the_page_forbids_itself_what_it_does_not_need(page: str, read: Reader) -> None:
    policy = next(a["content"] for a in read.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.S)
    assert len(scripts) == 2
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy


def test_every_figure_has_words_a_table_and_data(page: str, read: Reader) -> None:
    plots = [attributes for attributes in read.all("div") if "data-figure" in attributes]
    assert len(plots) >= 15
    store = json.loads(re.search(r'id="figure-data">(.*?)</script>', page, flags=re.S).group(1))  # type: ignore[union-attr]
    assert {plot["data-figure"] for plot in plots} == set(store["figures"])
    for attributes in read.all("div"):
        if attributes.get("role") == "img":
            assert len(attributes["aria-label"] or "") > 20
    figures = page.count("<figure ")
    assert figures == len(plots) + 2, "the map of who presses whom and the graph of moves are drawn beforehand"
    assert len(re.findall(r"<figure .*?<table>.*?</figure>", page, flags=re.S)) == figures
    for figure in store["figures"].values():
        assert 0 <= figure["spec"] < len(store["specs"])
        for names, *rows in figure["data"].values():
            assert all(len(row) == len(names) for row in rows)


def test_no_word_of_a_case_ends_the_data_of_the_figures(full_brief: Brief, read: Reader) -> None:
    hostile = "</script><script>alert(1)</script><!-- <script"
    titles = {name: f"{title} {hostile}" for name, title in full_brief.account_titles.items()}
    told = brief_page(replace(full_brief, account_titles=titles))
    found = Reader(told)
    assert [attributes.get("id") for attributes in found.all("script")] == [a.get("id") for a in read.all("script")]
    data = next(text for text in found.texts["script"] if text.startswith("{"))
    assert hostile not in data
    assert hostile in json.dumps(json.loads(data), ensure_ascii=False), "what is drawn is what was written"


def test_questions_that_a_fitted_record_closes_are_told_among_the_limits(conflicted_run: Run) -> None:
    run = replace(conflicted_run, closed=("who_came_first", "how_many"))
    brief = brief_of(study_of_run(run))
    (told,) = [limit for limit in brief.limits if "who came first, how many" in limit]
    assert told.startswith("Not answered")
    assert told in brief_page(brief)
    assert not any("Not answered" in limit for limit in brief_of(study_of_run(conflicted_run)).limits)


def test_headings_go_down_one_step_at_a_time(read: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_names_are_unique_and_links_lead_somewhere(read: Reader) -> None:
    names = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(names) == len(set(names))
    inner = [attributes["href"] for attributes in read.all("a") if (attributes["href"] or "").startswith("#")]
    assert {str(target)[1:] for target in inner} <= set(names)
    assert len(inner) > 20


def test_sections_stand_in_their_order(page: str) -> None:
    wanted = [
        "what",
        "glance",
        "questions",
        "survival",
        "measures",
        "aims",
        "strain",
        "pressures",
        "holding",
        "recorded",
        "contested",
        "terms",
    ]
    wanted += ["both", "signs", "unanswered", "limits", "coverage", "made", "licences"]
    assert re.findall(r'<section id="(\w+)"', page) == wanted


def test_it_says_what_the_brief_says(page: str, full_brief: Brief) -> None:
    shown = " ".join(page.split())
    for question in full_brief.questions:
        assert escaped(question.headline) in shown
        assert escaped(question.pooled) in shown
        assert escaped(question.rests_on) in shown
    assert shown.count(escaped(HANGS_ON)) >= len(full_brief.questions)
    for claim in full_brief.contested:
        for reading in claim.readings:
            assert escaped(reading.says) in shown
    for limit in full_brief.limits:
        assert escaped(limit) in shown
    assert "&lt;of&gt; &amp; to it" in shown
    assert "not the probability of an event" in shown
    assert escaped(LICENCES.read_text(encoding="utf-8")[-500:].strip()) in page


def escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;").replace('"', "&#34;")
    )


def test_answers_by_account_come_before_the_pooled_one(page: str, brief: Brief) -> None:
    article = page[page.index(f'id="question-{brief.questions[0].id}"') :]
    places = [
        article.index(text)
        for text in ('class="answer"', 'class="pooled"', "<h4>Account by account</h4>", escaped(HANGS_ON))
    ]
    assert places == sorted(places)


def test_the_command_makes_it_again(brief: Brief) -> None:
    assert f"<code>detente run {brief.case.folder} --worlds 4096 --seed 2</code>" in brief_page(brief)
    made = brief.study.request
    asked = replace(
        made, account="as_varland_tells_it", readings={"what_varland_heeds": "limits"}, weighted=False,
        as_of=brief.case.scenario.as_of, precision="float64", replicates=8, posterior=Path("a fit.nc"),
    )  # fmt: skip
    fixed = replace(brief.provenance, account="as_varland_tells_it", readings=asked.readings, partial=True)
    told = brief_page(replace(brief, provenance=fixed, study=replace(brief.study, request=asked)))
    (command,) = re.findall(r'<pre class="command"><code>(.*)</code>', told)
    assert html.unescape(command) == asked.command()
    assert "--unweighted --precision float64 --posterior &#39;a fit.nc&#39;" in command
    assert "tells one account only" in told
    assert "stopped on its way" in told


def test_it_says_what_a_reader_should_know_of_the_compiler(brief: Brief) -> None:
    assert "<dd>with Détente&#39;s settings, <code>" in brief_page(brief)
    lacking = replace(brief.provenance.runtime, applied=False, warnings=("The <compiler> had other settings.",))
    told = brief_page(replace(brief, provenance=replace(brief.provenance, runtime=lacking)))
    assert "<dd>with other settings than Détente&#39;s, <code>" in told
    assert '<p class="small">The &lt;compiler&gt; had other settings.</p>' in told


def test_nothing_in_it_is_copied_from_a_source(page: str) -> None:
    guarded = frozenset().union(*(read_run_hashes(file) for file in CASES.glob("*/sources/*.runs")))
    assert guarded
    assert find_copied_runs_in_page(page, guarded) == ()
    gazette = GAZETTE.read_text(encoding="utf-8")
    copied = page.replace("</main>", f"<p>{gazette.split('. ')[3]}</p></main>")
    assert find_copied_runs_in_page(copied, run_hashes(gazette)) != ()


def test_it_is_small_and_soon_made(full_brief: Brief, tmp_path: Path) -> None:
    started = time.process_time()
    write_page(full_brief, tmp_path / "brief.html")
    assert time.process_time() - started < 1
    assert (tmp_path / "brief.html").stat().st_size < LARGEST
