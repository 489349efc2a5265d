"""What an exploration adds to a brief: luck and claims in words, sentences to check; nothing where none was made."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.explored import explored_of
from detente.brief.explored_words import NOTHING_VARIES, parts_line, place, watched
from detente.brief.page import brief_page
from detente.brief.rows import Brief
from detente.brief.terminal import print_brief, why_tree
from detente.brief.wording import HANGS_ON
from detente.exploration.explore import explore
from detente.exploration.result import Entry, Exploration, Index, Indicator, Sensitivity
from detente.run import Run
from tests.brief.test_page import Reader, escaped


@pytest.fixture(scope="module")
def found(conflicted_run: Run) -> Exploration:
    return explore(conflicted_run.case, worlds=60_000)


@pytest.fixture(scope="module")
def explored(conflicted_run: Run, found: Exploration) -> Brief:
    return brief_of(study_of_run(conflicted_run, exploration=found))


@pytest.fixture(scope="module")
def page(explored: Brief) -> str:
    return brief_page(explored)


def words(brief: Brief, *, why: bool) -> str:
    console = Console(width=100, record=True, file=io.StringIO())
    if why:
        console.print(why_tree(brief, next(q for q in brief.questions if q.id == "how_long"), {}))
    else:
        print_brief(brief, console)
    return " ".join(console.export_text().replace("│", " ").split())


def test_each_question_says_what_is_luck_and_what_to_check(page: str, explored: Brief, found: Exploration) -> None:
    assert explored.explored is not None
    shown = " ".join(page.split())
    assert shown.count(f"<h4>{escaped(HANGS_ON)}: luck, claims, sentences</h4>") == len(explored.questions)
    for question in explored.questions:
        answer = explored.explored.answers[question.id]
        assert escaped(answer.parts) in shown
        assert "luck" in answer.parts
        assert "Only together" in answer.parts
        assert answer.check_first[0].place == "gazette 34"
        for row in answer.claims:
            assert escaped(row.says) in shown
            assert row.share in shown
    truce = explored.explored.answers["how_long"]
    assert truce.check_first[0].claims[0].startswith("Of nine truces of this kind")
    assert truce.claims[0].place == place(found.targets["how_long"].claims[0]) != ""
    assert truce.watch
    reasons = {reason for answer in explored.explored.answers.values() for _, reason in answer.untold}
    assert reasons
    assert all(escaped(reason) in shown for reason in reasons)


def test_places_are_given_only_where_they_are_kept(explored: Brief, found: Exploration) -> None:
    assert explored.explored is not None
    for name, answer in explored.explored.answers.items():
        kept = {entry.name: entry for entry in (*found.targets[name].claims, *found.targets[name].sentences)}
        for row in (*answer.claims, *answer.sentences):
            assert row.place == place(kept[row.name])
            assert bool(row.place) == kept[row.name].keeps_place
            assert kept[row.name].tells


def test_sentences_stand_beside_questions(page: str, explored: Brief, found: Exploration) -> None:
    assert explored.explored is not None
    table = explored.explored.table
    assert table is not None
    first = table.rows[0]
    assert first.place == "gazette 34"
    assert first.first_for == table.asked == 3
    for (name, _), cell in zip(table.questions, first.cells, strict=True):
        entry = next(entry for entry in found.targets[name].sentences if entry.name == first.place)
        assert cell == f"{100 * entry.index.value:.1f}"
    section = re.search(r'<section id="sentences".*?</section>', page, flags=re.S)
    assert section is not None
    assert "among the first three for 3 of 3 questions" in " ".join(section[0].split())
    assert section[0].count('<th scope="row">') == len(table.rows)
    assert 'aria-label="Does the truce hold on 9 May?"' in section[0]


def test_its_page_is_whole(page: str) -> None:
    read = Reader(page)
    names = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(names) == len(set(names))
    inner = {str(attributes["href"])[1:] for attributes in read.all("a") if str(attributes["href"]).startswith("#")}
    assert inner <= set(names)
    assert "sentences" in inner
    assert page.index('id="questions"') < page.index('id="sentences"') < page.index('id="survival"')
    assert "--explore</code>" in page.partition('class="command"')[2]


def test_without_an_exploration_the_page_says_how_to_get_it(brief: Brief) -> None:
    page = brief_page(brief)
    assert page.count("<code>--explore</code>") == 1
    assert 'id="sentences"' not in page
    assert "to check first stand" not in page
    assert "--explore" not in page.partition('class="command"')[2]


def test_a_terminal_says_it_too(explored: Brief, brief: Brief) -> None:
    told = words(explored, why=True)
    assert "Luck, ignorance, dispute" in told
    assert "Claims, by share" in told
    assert "gazette 34: truces of the past" in told
    assert re.search("To check first [├└]── gazette 34: Of nine truces", told)
    assert "Sentences to check first: gazette 34" in words(explored, why=False)
    assert "Luck, ignorance, dispute" not in words(brief, why=True)
    assert "to check first" not in words(brief, why=False)


def test_an_answer_that_does_not_vary_is_said_to_hang_on_nothing(explored: Brief, found: Exploration) -> None:
    still = Sensitivity("how_long", "date", 3.0, 0.0, None, None, None, None, None, None, (), (), (), (), ())
    targets = {name: replace(still, target=name) for name in found.targets}
    bare = explored_of(explored.case, replace(found, targets=targets, tipping=(), indicators={}))
    assert bare.table is None
    assert {answer.parts for answer in bare.answers.values()} == {NOTHING_VARIES}
    shown = brief_page(replace(explored, explored=bare))
    assert NOTHING_VARIES in shown
    assert 'id="sentences"' not in shown


def test_a_share_is_never_below_nothing() -> None:
    luck = Entry("luck", Index(-0.01, -0.03, 0.01))
    one = Sensitivity("x", "number", 1.0, 1.0, None, luck, None, None, None, None, (), (), (), (), ())
    assert "luck less than 1 % (0 to 1)" in parts_line(one)
    untold = replace(one, luck=None)
    assert "cannot be told" in parts_line(untold)


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("yes/no", True, "the more, the likelier"),
        ("yes/no", False, "the more, the less likely"),
        ("date", False, "the more, the sooner"),
        ("number", True, "the more, the more"),
    ],
)
def test_what_to_watch_is_worded_by_the_type_of_answer(explored: Brief, kind: str, more: bool, said: str) -> None:
    text = watched(explored.case, Indicator("captives_home", 6, 0.882, more), kind)
    assert f", on 7 May 2031: {said}, in 88 of 100 pairs of worlds" in text
