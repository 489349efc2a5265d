"""What a hindcast adds: the opening first, questions worst first, scores with what beats the model, nothing pooled."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import vl_convert
from rich.console import Console

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.figures import Figure, Table, configuration, lasting_figure, stepping_figure
from detente.brief.outside import Outside, outside_of
from detente.brief.page import brief_page, hindcast_page
from detente.brief.rows import Brief
from detente.brief.scored import Scored, scored_of
from detente.brief.scored.questions import first_standing, what_weighs
from detente.brief.scored.scores import baseline_line
from detente.brief.scored.words import came, said, spread, surprise, verdict
from detente.brief.terminal import print_brief
from detente.brief.terminal_hindcast import print_hindcast
from detente.hindcast.base_rates import survival
from detente.hindcast.baselines import foretold
from detente.hindcast.information_cut import learns_nothing_after, standing_still
from detente.hindcast.lasting import lasting_by_question
from detente.hindcast.report import ASKED_BEFORE, OPENING, SCHEMA, hindcast_data, opening
from detente.hindcast.result import Forecast, Hindcast, Reason, Skill
from detente.run import run
from detente.scenario import Case, load
from detente.scenario.posterior import UNSAVED
from tests.brief.hindcasted import bare, classed, made_up, reference_class
from tests.brief.test_page import Reader, escaped


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return load(classed(tmp_path_factory.mktemp("classed")))


@pytest.fixture(scope="module")
def found(case: Case) -> Hindcast:
    return replace(made_up(), lasting=lasting_by_question(case, made_up().resolutions))


@pytest.fixture(scope="module")
def scored(case: Case, found: Hindcast) -> Scored:
    return scored_of(case, found)


@pytest.fixture(scope="module")
def page(case: Case, found: Hindcast) -> str:
    return hindcast_page(case, found)


@pytest.fixture(scope="module")
def whole(case: Case, found: Hindcast) -> Brief:
    return brief_of(study_of_run(run(case, worlds=1_600, seed=2), hindcast=found))


def printed(print_it: Callable[[Console], None]) -> str:
    console = Console(width=160, record=True, file=io.StringIO())
    print_it(console)
    return " ".join(console.export_text().replace("│", " ").split())


def test_it_opens_with_what_it_tests_and_what_it_does_not_show(page: str, case: Case, found: Hindcast) -> None:
    shown = " ".join(page.split())
    assert OPENING in shown
    assert shown.index(OPENING) < shown.index("far too few to tell") < shown.index("Beside the simplest forecasts")
    assert "Behind these questions are people’s lives" in shown
    told = printed(lambda console: print_hindcast(case, scored_of(case, found), console))
    assert told.index(OPENING) < told.index("far too few to tell") < told.index("Question by question")


def test_only_questions_written_before_the_event_open_otherwise(found: Hindcast) -> None:
    before = {name: replace(one, written="before the event") for name, one in found.resolutions.items()}
    assert opening(replace(found, resolutions=before)) == ASKED_BEFORE
    mixed = {**before, "stance": found.resolutions["stance"]}
    assert opening(replace(found, resolutions=mixed)) == OPENING
    assert opening(replace(found, resolutions={})) == OPENING


def test_questions_stand_worst_first_from_their_first_cut_out_of_sample(scored: Scored, found: Hindcast) -> None:
    firsts = {one.id: first_standing(found, one.id) for one in scored.asked}
    far = [surprise(first[1], found.outcome(name)) for name, first in firsts.items() if first is not None]
    assert far == sorted(far, reverse=True)
    assert len(far) == 4
    assert {one.forecast for one in scored.asked} == {"6 May 2031, 06:00"}
    assert not any(one.in_sample for one in scored.asked)
    only_inside = replace(found, cuts=found.cuts[:2])
    first = first_standing(only_inside, "stance")
    assert first is not None
    assert first[0] is found.cuts[0]
    assert first_standing(found, "nothing") is None


def test_a_question_is_told_with_everything_that_belongs_to_it(scored: Scored) -> None:
    truce = next(one for one in scored.asked if one.id == "holds_to_friday")
    assert truce.said == "70 % of its worlds (50 to 82 across its uncertain inputs)"
    assert truce.came == "No"
    assert truce.verdict == "The model leaned the other way: what came stood at 30 % of its worlds."
    assert truce.beside == (
        "Even odds (nothing is known) and the base rate (it goes as in cases like it) came nearer than the model; "
        "persistence (nothing changes) came less near."
    )
    told = "from 35 % (as Varland tells it) to 91 % (as Brightland tells it)"
    assert truce.told == f"Account by account: {told}."
    assert [row[0] for row in truce.forecasts.rows] == [
        "This model", "This model without possible hindsight", "Even odds (nothing is known)",
        "The base rate (it goes as in cases like it)", "Persistence (nothing changes)",
    ]  # fmt: skip
    assert len(truce.accounts.rows) == 2
    assert [(one.moved, one.possible_hindsight) for one in truce.away] == [("21 points", False)]
    assert [(one.moved, one.possible_hindsight) for one in truce.toward] == [("6 points", True)]
    assert truce.away[0].cites == "gazette 12, 14"
    captives = next(one for one in scored.asked if one.id == "captives_by_june")
    assert captives.wording == "Written after the event, and its wording gives away what came."
    assert captives.away[0].moved == "3 persons"
    ends = next(one for one in scored.asked if one.id == "how_long")
    assert ends.said.startswith("the middle world 14 May 2031 (nine tenths of worlds: 7 May or later); not within its")
    assert ends.beside == "The base rate (it goes as in cases like it) came as near."
    assert ends.toward[0].moved == "1.4 days"
    assert ends.note == "The parties differ on the hour."
    assert next(one for one in scored.asked if one.id == "stance").beside == "No simple forecast stands beside it."


@pytest.mark.parametrize(
    ("question", "outcome", "words"),
    [
        ("holds_to_friday", True, "leaned the way things went: what came stood at 70 %"),
        ("captives_by_june", 30.0, "less than in nineteen of twenty"),
        ("captives_by_june", 41.0, "less than in most of the model's worlds, and within"),
        ("captives_by_june", 50.0, "within the middle half"),
        ("captives_by_june", 57.0, "more than in most"),
        ("captives_by_june", 90.0, "more than in nineteen of twenty"),
        ("how_long", dt.date(2031, 5, 5), "sooner than in nineteen of twenty"),
        ("how_long", None, "later than in most of the model's worlds, and within"),
        ("stance", "aloud", "leaned the way things went: what came stood at 60 %"),
    ],
)
def test_how_the_model_stood_to_what_came_is_said(found: Hindcast, question: str, outcome: Any, words: str) -> None:
    first = first_standing(found, question)
    assert first is not None
    assert words in verdict(first[1], outcome)


def test_a_forecast_near_even_odds_leaned_neither_way(found: Hindcast) -> None:
    standing = found.cuts[3].standings["stance"]
    assert "leaned neither way" in verdict(standing, "aloud")
    assert verdict(replace(standing, type="number", model=Forecast()), 3.0) == ""


def test_a_base_rate_is_shown_with_the_number_of_its_cases(case: Case, found: Hindcast) -> None:
    says = "It goes on as in the 3 cases, of 9, that had lasted as long as this one."
    cut = found.cuts[2]
    truce = cut.standings["holds_to_friday"]
    rate = replace(truce.baselines["base_rate"], range=(0.1, 0.6), assumes=says, cases=3.0)
    told = replace(truce, baselines={**truce.baselines, "base_rate": rate})
    counted = replace(found, cuts=(replace(cut, standings={"holds_to_friday": told}),))
    (asked,) = scored_of(case, counted).asked
    assert asked.assumed == (f"The base rate: i{says[1:]}",)
    row = next(row for row in asked.forecasts.rows if row[0].startswith("The base rate"))
    assert row[2] == "10 to 60"
    assert f"The base rate: i{says[1:]}" in " ".join(hindcast_page(case, counted).split())
    assert "of 9, that had lasted" in printed(lambda console: print_hindcast(case, scored_of(case, counted), console))


def test_stretches_in_which_nothing_became_known_are_told_once(case: Case, found: Hindcast) -> None:
    cuts = [replace(cut, movers=() if number in (2, 3, 5) else cut.movers) for number, cut in enumerate(found.cuts)]
    told = replace(found, cuts=tuple(cuts))
    assert [(one.as_of.day, last.as_of.day) for one, last in standing_still(cuts)] == [
        (cuts[1].as_of.day, cuts[3].as_of.day), (cuts[4].as_of.day, cuts[5].as_of.day),
    ]  # fmt: skip
    lines = [line for line in scored_of(case, told).cautions if line.startswith("Nothing that bears")]
    assert len(lines) == 2
    assert learns_nothing_after(cuts) == cuts[4].as_of
    assert hindcast_data(told)["learns_nothing_after"] == cuts[4].as_of.isoformat()
    says = "on nothing more is learned"
    assert says in hindcast_page(case, told)
    assert says in printed(lambda console: print_hindcast(case, scored_of(case, told), console))
    assert standing_still(found.cuts) == []
    assert learns_nothing_after(found.cuts) is None
    assert says not in hindcast_page(case, found)
    assert standing_still(cuts[:1]) == []
    only_told = tuple(replace(mover, bears=False) for mover in found.cuts[1].movers)
    assert len(standing_still((cuts[0], replace(cuts[1], movers=only_told)))) == 1  # an event that no map takes in


def test_values_are_written_by_their_type() -> None:
    assert came(None, "date", "") == "Not within the days asked for"
    assert came("in_private", "choice", "") == "In private"
    assert came(True, "yes/no", "") == "Yes"
    assert said(Forecast(quantiles={"50": None}), "date", "") == "not within the horizon"
    never = Forecast(quantiles=dict.fromkeys(("5", "25", "50", "75", "95")))
    assert spread(never, "date") == ""
    late = Forecast(quantiles={**dict.fromkeys(("5", "25", "50", "75")), "95": "2031-05-09"})
    assert spread(replace(late, quantiles={**(late.quantiles or {}), "5": "2031-05-02"}), "date") == ("2 May to 9 May")


@pytest.mark.parametrize(
    ("skill", "words"),
    [
        (Skill("base_rate", "brier", 4, 3, 0.3, 0.2, -0.5, (-0.9, -0.1)), "cases like it) did better than the model"),
        (Skill("base_rate", "brier", 4, 3, 0.3, 0.2, -0.5, (-0.9, -0.1)), "is 50 % larger (0.300 against 0.200;"),
        (Skill("base_rate", "brier", 9, 6, 0.3, 0.2, -0.5, (-0.9, -0.1)), "larger than resampling the events"),
        (Skill("base_rate", "brier", 4, 3, 0.3, 0.2, -0.5, (-0.9, -0.1)), "ahead on all 3 events once in 4 times"),
        (
            Skill("agreed", "crps", 9, 6, 3.0, 1.0, -2.0, (-99.0, -0.1)),
            "kept within 1/100 and 100, a skill within −99.00",
        ),
        (Skill("even_odds", "brier", 1, 1, 0.9, 0.2, -3.5, None), "is 4.5 times as large"),
        (Skill("agreed", "brier", 1, 1, 0.9, 0.0, -99.0, None), "is 100 times as large, or more"),
        (
            Skill("agreed", "brier", 1, 1, 0.9, 0.0, -99.0, None),
            "no interval; a ratio of losses is kept within 1/100 and",
        ),
        (Skill("even_odds", "brier", 1, 1, 0.9, 0.2, -3.5, None), "1 question, 1 deciding event). So few events"),
        (
            Skill("persistence", "crps", 4, 3, 0.4, 1.0, 0.6, (-0.1, 0.8)),
            "the model did better than persistence (nothing",
        ),
        (Skill("persistence", "crps", 4, 3, 0.4, 1.0, 0.6, (-0.1, 0.8)), "60 % smaller (4 questions, 3"),
        (Skill("persistence", "crps", 4, 3, 0.4, 1.0, 0.6, (-0.1, 0.8)), "3 events are too few to tell the difference"),
        (Skill("persistence", "crps", 9, 7, 0.4, 1.0, 0.6, (-0.1, 0.8)), "cannot be told from none"),
        (Skill("persistence", "crps", 4, 3, 1.0, 1.0, 0.01, (-0.1, 0.8)), "did about the same"),
    ],
)
def test_who_did_better_is_said_in_words(skill: Skill, words: str) -> None:
    assert words in baseline_line(skill)


def test_where_a_baseline_beats_the_model_it_is_said_first(scored: Scored, page: str) -> None:
    assert "the base rate (it goes as in cases like it) did better than the model" in scored.summary[0]
    assert "even odds (nothing is known) did better than the model" in scored.summary[1]
    assert "the model did better" in scored.summary[-1]
    assert escaped(scored.summary[0]) in " ".join(page.split())


def test_in_sample_stands_apart(scored: Scored, page: str) -> None:
    assert [one.in_sample for one in scored.scores] == [False, True]
    shown = " ".join(page.split())
    assert shown.index("Scores, out of sample") < shown.index("Scores, in sample") < shown.index("Cut by cut")
    assert "never pooled with later cuts" in shown
    dots = next(one.figure for one in scored.stepped if one.id == "holds_to_friday").datasets
    assert [row["in_sample"] for row in dots["cuts"]] == [True, True, False, False, False]
    assert len(dots["parted"]) == 1
    assert dots["cuts"][1]["at"] < dots["parted"][0]["at"] < dots["cuts"][2]["at"]


def test_scores_stand_with_and_without_possible_hindsight(scored: Scored, page: str, case: Case) -> None:
    table = scored.scores[0].table
    assert table.columns[-1] == "Skill without possible hindsight"
    assert table.rows[0][-2:] == ("−0.64 (−2.50 to 0.20)", "−0.59")
    assert table.rows[2][-1] == "–"
    assert table.rows[3][3:5] == ("× 9.500", "1")
    assert scored.hindsight[0].says == "Government of Varland: Extend the pause by a day"
    assert "1 reason, by decision" in page
    assert "<strong>Possible hindsight</strong>" in page
    plain = what_weighs(case, Reason("varland.extend", "not_there", (), False, 0.1))
    assert plain == "not there"


def test_the_page_is_whole_and_forbids_itself_everything_else(page: str) -> None:
    read = Reader(page)
    names = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(names) == len(set(names))
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    policy = next(a["content"] for a in read.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in str(policy)
    plots = [attributes for attributes in read.all("div") if "data-figure" in attributes]
    store = json.loads(re.search(r'id="figure-data">(.*?)</script>', page, flags=re.S).group(1))  # type: ignore[union-attr]
    assert {plot["data-figure"] for plot in plots} == set(store["figures"])
    assert len(re.findall(r"<figure .*?<table>.*?</figure>", page, flags=re.S)) == len(plots) == 11
    assert "What does &lt;Brightland&gt; say?" in page
    assert "<Brightland>" not in page
    assert "--step 1d --to 2031-05-09T06:00:00+02:00 --worlds 20000 --seed 3" in page


def test_every_figure_compiles_and_says_itself_in_words(scored: Scored) -> None:
    figures = list(scored.figures)
    assert len({figure.name for figure in figures}) == len(figures) == 11
    for figure in figures:
        assert len(figure.alt) > 20
        assert figure.table.rows
        assert all(len(row) == len(figure.table.columns) for row in figure.table.rows), figure.name
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", json.dumps(figure.spec)), figure.name
        for scheme in ("light", "dark"):
            vl_convert.vegalite_to_vega(figure.complete(scheme, width=340))
            styles = set(re.findall(r'"style": "([\w-]+)"', json.dumps(figure.spec)))
            assert styles <= set(configuration(scheme)["style"]), figure.name
    assert "<path" in vl_convert.vegalite_to_svg(figures[-1].complete("dark", width=340))


def stepped(found: Hindcast, question: str) -> Figure:
    rows = tuple((f"cut {n}", "?") for n in range(6))
    figure = stepping_figure("s", "Step", found.cuts, question, found.outcome(question), Table(("As of", "Said"), rows))
    assert figure is not None
    return figure


def test_a_stepped_figure_shows_what_came_and_what_became_known(found: Hindcast) -> None:
    truce = stepped(found, "holds_to_friday")
    assert truce.datasets["came"] == [{"came": 0}]
    assert len(truce.datasets["events"]) == 8
    assert truce.alt.endswith("What came: no.")
    ends = stepped(found, "how_long").datasets
    assert ends["came"] == [{"came": "2031-05-08"}]
    assert ends["cuts"][0]["high"] > ends["cuts"][0]["near_high"]  # never is drawn after all days
    late = replace(found.resolutions["how_long"], outcome=None)
    never = stepped(replace(found, resolutions={**found.resolutions, "how_long": late}), "how_long")
    assert never.datasets["came"][0]["came"] == never.datasets["cuts"][0]["high"]
    stance = stepped(found, "stance").datasets
    assert stance["came"] == [{"came": 100}]
    assert [row["middle"] for row in stance["cuts"]][:2] == [20.0, 30.0]
    assert stepping_figure("s", "", found.cuts[:1], "stance", "aloud", Table((), ())) is None


def test_it_says_when_a_forecast_moved_most_and_what_had_become_known(scored: Scored, case: Case) -> None:
    moved = {one.id: one.moved for one in scored.stepped}
    assert moved["holds_to_friday"] == (
        "It moved most by 8 May 2031, 06:00: from 62 % to 30 %. What had become known: 7 May: extension agreed "
        "yes (Varland); 7 May: released by day 6 persons (harbour office)."
    )
    assert moved["how_long"].startswith("It hardly moved")
    quiet = tuple(replace(cut, movers=()) for cut in made_up().cuts)
    still = scored_of(case, replace(made_up(), cuts=quiet)).stepped
    assert "Nothing that bears on the model had become known" in next(
        one.moved for one in still if one.id == "holds_to_friday"
    )
    cut = made_up().cuts[0]
    mover = made_up().cuts[1].movers[0]
    busy = replace(made_up(), cuts=(cut, replace(made_up().cuts[4], movers=(mover,) * 5)))
    truce = next(one.moved for one in scored_of(case, busy).stepped if one.id == "holds_to_friday")
    assert truce.endswith("; and 2 more.")


def test_one_cut_steps_nowhere_and_nothing_compared_is_said(case: Case) -> None:
    page = hindcast_page(case, bare())
    assert "Cut by cut" not in page
    assert "Every score" not in page
    assert "Calibration" not in page
    assert "--step" not in page.partition('class="command"')[2]
    told = printed(lambda console: print_hindcast(case, scored_of(case, bare()), console))
    assert "No baseline could be compared." in told
    assert "Cut by cut" not in told


def test_what_is_left_out_and_what_a_posterior_saw_is_said(case: Case, found: Hindcast) -> None:
    until = dt.datetime(2031, 5, 9, 6, tzinfo=dt.UTC)
    made = replace(found.provenance, partial=True)
    left = replace(
        found, posterior_until=until, left_out={"stance": "It was not asked for."}, provenance=made,
        request=replace(found.request, posterior=UNSAVED),
    )  # fmt: skip
    page = " ".join(hindcast_page(case, left).split())
    assert "a posterior fitted to the record up to 9 May 2031, 06:00" in page
    assert "It was not asked for." in page
    assert "stopped on its way" in page
    assert "--posterior FILE" in page
    assert "It is responsibility &amp; never drawn." in page
    told = printed(lambda console: print_hindcast(case, scored_of(case, left), console))
    assert "Stopped on the way" in told
    assert "It was not asked for." in told


def test_reasons_that_moved_nothing_are_said_to(case: Case, found: Hindcast) -> None:
    still = scored_of(case, replace(found, drove={"holds_to_friday": ()}))
    assert [one.unmoved for one in still.asked if one.id == "holds_to_friday"] == [True]
    assert not any(one.unmoved for one in still.asked if one.id != "holds_to_friday")
    page = hindcast_page(case, replace(found, drove={"holds_to_friday": ()}))
    assert page.count("No single reason in a decision moved the answer noticeably") == 1


def test_a_brief_has_the_section_where_a_hindcast_was_made(whole: Brief) -> None:
    page = brief_page(whole)
    assert '<section id="hindcast"' in page
    assert '<a href="#hindcast">Was it right?</a>' in page
    assert page.index('id="survival"') < page.index('id="hindcast"') < page.index('id="limits"')
    assert "--hindcast</code>" in page.partition('class="command"')[2]
    assert "held below against a few outcomes" in page
    names = [attributes["id"] for _, attributes in Reader(page).elements if "id" in attributes]
    assert len(names) == len(set(names))
    assert '<a href="#question-holds_to_friday">The question in this run</a>' in page
    assert "#question-stance" not in page
    assert "Was it right? The questions and the model were written" in printed(lambda c: print_brief(whole, c))


def beside(case: Case, question: str, name: str) -> Outside | None:
    """Return the class that a question names, with no model beside it."""
    return outside_of(case, question, lasting_by_question(case, [question]).get(question), [], name)


def test_a_brief_without_a_hindcast_has_no_such_section(brief: Brief) -> None:
    page = brief_page(brief)
    assert 'id="hindcast"' not in page
    assert "#hindcast" not in page
    assert "does not hold the model against outcomes" in page
    assert "Was it right?" not in printed(lambda console: print_brief(brief, console))


def test_a_reference_class_stands_beside_the_model(whole: Brief, case: Case, brief: Brief) -> None:
    page = " ".join(brief_page(whole).split())
    assert "How long cases like it lasted" in page
    assert "none rested on exchanges. 4 cases" in page
    assert 'The middle case: 3 days. <span class="cites">[gazette 34]' in page
    assert "How long cases like it lasted" not in brief_page(brief)
    alone = beside(case, "how_long", "alone")
    assert alone is not None
    assert alone.figure.datasets["model"] == alone.figure.datasets["cut"] == []
    assert alone.caption.startswith("Broken:")
    assert beside(case, "holds_to_friday", "none") is None
    assert beside(case, "not_there", "none") is None


@pytest.mark.parametrize("steps", [True, False])
def test_a_survival_curve_is_drawn_as_far_as_it_is_known(steps: bool) -> None:
    curve = survival(reference_class(steps))
    model = [(0.0, 1.0), (3.0, 1.0), (10.0, 0.5)]
    figure = lasting_figure("l", "Cases", curve, model, 3.25, 30.0)
    drawn = figure.datasets["class"]
    assert drawn[0] == {"day": 0.0, "share": 100.0, **{end: drawn[0][end] for end in ("low", "high")}}
    assert drawn[-1]["day"] == (21.0 if steps else 30.0)
    assert all(later["share"] <= earlier["share"] for earlier, later in itertools.pairwise(drawn))
    assert figure.datasets["cut"] == [{"day": 3.25, "label": "as of"}]
    assert figure.table.rows[-1][3] == "–"
    assert figure.table.rows[-1][1] == ("not known" if steps else "67 %")
    vl_convert.vegalite_to_vega(figure.complete(width=340))
    beyond = lasting_figure("l", "Cases", curve, [], None, 10.0).datasets["class"][-1]
    assert beyond["day"] == 10.0
    assert beyond["share"] == (pytest.approx(100 / 9, abs=0.1) if steps else pytest.approx(83.1, abs=0.1))
    ended = replace(curve, share=(*curve.share[:-1], 0.0))
    if steps:
        assert lasting_figure("l", "Cases", ended, [], None, 30.0).datasets["class"][-1]["day"] == 30.0


def test_beside_the_class_stands_what_those_foretell_that_lasted_as_long(case: Case) -> None:
    outside = beside(case, "how_long", "x")
    told = foretold(case, "how_long")
    assert outside is not None
    assert told is not None
    drawn = outside.figure.datasets["foretold"]
    assert drawn[0] == {"day": pytest.approx(told[0].lasted, abs=0.01), "share": 100.0}
    assert drawn[-1]["share"] == pytest.approx(100 * told[0].at_least(drawn[-1]["day"]), abs=0.2)
    assert "had lasted as long as this one" in outside.caption
    assert {len(row) for row in outside.figure.table.rows} == {5}
    late = case.scenario.model_copy(update={"as_of": case.scenario.as_of + dt.timedelta(days=60)})
    gone = beside(replace(case, scenario=late), "how_long", "x")
    assert gone is not None
    assert gone.figure.datasets["foretold"] == []  # this one has outlasted them all


def test_what_the_middle_case_is_depends_on_what_is_known(case: Case) -> None:
    words = {}
    for name, cases in {"hours": 0.2, "days": 3.0, "unknown": None}.items():
        spells = reference_class().spells
        some = tuple(replace(one, lasted=cases or 5.0, ended=cases is not None) for one in spells)
        classes = {"short_truces_before": replace(reference_class(), spells=some, claims=())}
        told = replace(case, elements=replace(case.elements, reference_classes=classes))
        found = beside(told, "how_long", "x")
        assert found is not None
        words[name] = found.middle
    assert words["hours"] == "The middle case: about 5 hours."
    assert words["days"] == "The middle case: 3 days."
    assert words["unknown"].startswith("The middle case is not told")
    published = {"short_truces_before": reference_class(steps=False)}
    whole = beside(replace(case, elements=replace(case.elements, reference_classes=published)), "how_long", "x")
    assert whole is not None
    assert whole.figure.datasets["class"][-1]["day"] == case.scenario.days


def test_accounts_that_agree_are_told_once(case: Case, found: Hindcast) -> None:
    cut = found.cuts[2]
    truce = cut.standings["holds_to_friday"]
    same = replace(truce, by_account=dict.fromkeys(truce.by_account, truce.model))
    stance = replace(cut.standings["stance"], by_account={"as_varland_tells_it": cut.standings["stance"].model})
    agreed = replace(found, cuts=(replace(cut, standings={"holds_to_friday": same, "stance": stance}),))
    told = {one.id: one.told for one in scored_of(case, agreed).asked}
    assert told["holds_to_friday"] == "Every account: 70 %."
    assert told["stance"] == "As Varland tells it: aloud 60 %, in private 40 %."


def test_its_data_keep_to_their_schema(found: Hindcast, tmp_path: Path) -> None:
    for one in (found, bare(), made_up(cuts=3, inside=3)):
        jsonschema.validate(hindcast_data(one), SCHEMA)
    data = hindcast_data(found)
    assert data["opening"] == OPENING
    first = next(one for one in data["forecasts"] if one["question"] == "holds_to_friday" and not one["in_sample"])
    assert first["probability"] == 0.7
    assert first["outcome"] is False
    assert first["scores"]["brier"] == pytest.approx(0.49)
    assert first["baselines"]["base_rate"]["probability"] == 0.25
    assert first["baselines"]["base_rate"]["scores"]["brier"] == 0.0625
    assert "quantiles" not in first
    ends = next(one for one in data["forecasts"] if one["question"] == "how_long")
    assert ends["outcome"] == "2031-05-08"
    assert ends["quantiles"]["95"] is None
    assert data["summary"]["out_of_sample"]["skills"][1]["skill"] == -4.1
    assert data["summary"]["in_sample"]["cuts"] == 2
    inside = hindcast_data(made_up(cuts=3, inside=3))["summary"]
    assert inside["out_of_sample"] is None
    assert inside["in_sample"] is not None
