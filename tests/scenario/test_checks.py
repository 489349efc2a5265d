"""Warnings and notes, which stop nothing, and errors that need more than one change to a good case."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from detente.errors import Finding
from detente.scenario import examine, load, sources_per_actor
from tests.scenario.broken import GOOD

Edits = Iterable[tuple[str, str]]


def changed(folder: Path, edits: Edits, base: str = "river", file: str = "scenario.yaml") -> list[Finding]:
    """Return what is found in a good case after some changes to one of its files."""
    case = folder / base
    shutil.copytree(GOOD / base, case)
    text = (case / file).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    (case / file).write_text(text, encoding="utf-8")
    return examine(case)[1]


QUESTIONS = """questions:
  opens: {asks: Does the gate open by 10 May?, answer: ever(upland.open) by 2031-05-10, outside_view: gates, bears: {opportunity_for: [lowland]}}
  dries:
    asks: Does the river run dry?
    answer: ever(dry) between 2031-05-05 and 2031-05-30
"""  # noqa: E501
SIGNS = """signs:
  first_payment: {says: Lowland pays., see: lowland.pay != nothing on 2031-05-05, bears_on: [opens]}
"""
AIM = """    wants:
      water: {says: Water for the fields., measure: stored, better: more, full: enough}
"""
SHUT = """  shut: {sets: {upland.open: false}, from: "2031-05-06", pair: opened}
"""
U = "uncertainties:\n  u: {by_reading: "
TIRED = "{west_is: {says: West is., by: east}, east_is: {says: East is., by: west}}}\n  angry"
JUDGED = (
    "{west_is: {says: West is., by: east, likelihood: %s, likelihood_by: a judge}, "
    "east_is: {says: East is., by: west, likelihood: 0.5, likelihood_by: a judge}}}\n  angry"
)
READINGS = "{by: upland, readings: {why_low: drought}}"
WARNED = [
    (
        "speaker",
        [("by: lowland\n    source_kind", "by: fishers\n    source_kind")],
        "claims.flow_falls.by",
        "'fishers' is no actor or source of this case",
    ),
    (
        "reporter",
        [("    by: upland\n    cites", "    by: upland\n    reported_by: the_radio\n    cites")],
        "claims.lowland_pays.reported_by",
        "'the_radio' is no actor",
    ),
    (
        "one_of_two",
        [("    by: upland\n    cites", "    by: [upland, uplanders]\n    cites")],
        "claims.lowland_pays.by[2]",
        "did you mean 'upland'?",
    ),
    (
        "account_by",
        [(READINGS, "{by: hills, why_low: drought}")],
        "accounts.as_upland_tells_it.by",
        "'hills' is no actor",
    ),
    ("account_left_out", [(READINGS, "{by: upland}")], "accounts.as_upland_tells_it", "silent on why_low"),
    ("lever_alone", [(", pair: shut}", "}"), (SHUT, "")], "levers.opened", "a lever without a counterpart"),
    (
        "no_lever",
        [("sets: {upland.open: true, lowland.pay: all}", "sets: {upland.open: true}")],
        "actors.lowland",
        "no lever sets any of its choices",
    ),
    (
        "unnamed",
        [("when: water < enough", "when: water < enough - 49 [litre]")],
        "decisions.lowland.pay.when",
        "49 [litre] stands in an expression without a name",
    ),
    ("unread", [("pull: 1.5..3", "pull: 1.5..3\n  push: 2..3")], "uncertainties.push", "nothing reads this number"),
    (
        "charged",
        [("says: The banks are bare.", "says: The regime has bared the banks.")],
        "context.banks.says",
        "'regime' takes a side",
    ),
    (
        "charged_question",
        [("asks: Does the river run dry?", "asks: Does the slaughter go on?")],
        "questions.dries.asks",
        "write killing",
    ),
    ("no_aims", [(AIM, "")], "actors.lowland", "is given no aim"),
    (
        "one_sided",
        [
            ("    cites: bulletin 1-2; gauge", "    cites: bulletin 1-2"),
            ("says: Less water comes down", "says: Because of Upland less water comes down"),
        ],
        "claims.flow_falls",
        "what lowland says of upland has one source",
    ),
    (
        "strong",
        [("pull: 1.5..3", "pull: 800..900")],
        "decisions.upland.open.leans",
        "at full strength the chance is 1e+02 %",
    ),
    ("no_question", [(SIGNS, ""), (QUESTIONS, "")], "case", "the case asks nothing"),
    (
        "cut_after_end",
        [
            ("days: 30", "days: 3"),
            ("from: day 5", "from: day 2"),
            ('from: "2031-05-06"', "from: day 2"),
            (" by 2031-05-10", ""),
            (" between 2031-05-05 and 2031-05-30", ""),
            (" on 2031-05-05", " on 2031-05-03"),
        ],
        "as_of",
        "lies after the last day",
    ),
    (
        "known_unused",
        [("  gate_open: {choice", "  gate_shut: {choice: lowland.pay}\n  gate_open: {choice")],
        "known.gate_shut",
        "the record has no row of the measure 'gate_shut'",
    ),
    (
        "late_context",
        [
            ('published: "2031-05-03", sentences', 'published: "2031-05-09T08:00+02:00", sentences'),
            ("    cites: bulletin 1-2; gauge", "    cites: gauge"),
            ("    cites: bulletin 3\n", "    cites: gauge\n"),
            ("by: upland, cites: bulletin 2}", "by: upland}"),
            ("by: lowland, cites: bulletin 1}", "by: lowland}"),
            ("measure: payments, cites: bulletin 3}", "measure: payments}"),
        ],
        "context.banks.cites",
        "after as_of",
    ),
]


@pytest.mark.parametrize(("edits", "field", "part"), [row[1:] for row in WARNED], ids=[row[0] for row in WARNED])
def test_warnings(edits: Edits, field: str, part: str, tmp_path: Path) -> None:
    found = [finding for finding in changed(tmp_path, edits) if finding.severity == "warning"]
    assert [(finding.field, part in str(finding)) for finding in found] == [(field, True)], "\n".join(map(str, found))
    assert found[0].mend
    assert load(tmp_path / "river").warnings == tuple(found)


REFUSED = [
    (
        "weighed_wording",
        [("kind: wording", "kind: duty"), ("says: A pause., by: west}", "says: A pause., by: west, likelihood: 0.5}")],
        "people.yaml",
        "claims.first_word.readings.a_pause.likelihood",
        "never weighed",
    ),
    (
        "shown_in_an_account",
        [("tired: east_is", "tired: east_is, first_word: a_pause")],
        "people.yaml",
        "accounts.by_west.first_word",
        "it is shown, never drawn",
    ),
    (
        "no_reading",
        [("tired: east_is,", "tired: ,")],
        "people.yaml",
        "accounts.by_west.tired",
        "expected a reading, came nothing",
    ),
    (
        "likelihood_no_range",
        [(TIRED, JUDGED % "high")],
        "people.yaml",
        "claims.tired.readings.west_is.likelihood",
        "'high' is no range",
    ),
    (
        "likelihood_above_one",
        [(TIRED, JUDGED % "3")],
        "people.yaml",
        "claims.tired.readings.west_is.likelihood",
        "from 0 to 1, came 3",
    ),
    (
        "own_pair",
        [("from: day 1, pair: hold", "from: day 1, pair: give")],
        "sums.yaml",
        "levers.give.pair",
        "its own counterpart",
    ),
    (
        "pair_without_return",
        [("from: day 1, pair: give}", "from: day 1}")],
        "sums.yaml",
        "levers.give.pair",
        "names no counterpart in return",
    ),
    (
        "lever_on_nothing",
        [("sets: {west.yields: false}", "sets: {west.yield: false}")],
        "sums.yaml",
        "levers.hold.sets.west.yield",
        "no option or shock",
    ),
    (
        "for_each_made_already",
        [("measures:\n", "measures:\n  a.b: rest\n  a: {for_each: {c: [b]}, equals: rest}\n")],
        "sums.yaml",
        "measures.a",
        "'a.b' is also made by for_each",
    ),
    (
        "for_each_empty",
        [("measures:\n", "measures:\n  a: {for_each: {c: []}, equals: rest}\n")],
        "sums.yaml",
        "measures.a.for_each",
        "the list of members is empty",
    ),
    (
        "for_each_no_name",
        [("measures:\n", "measures:\n  a: {for_each: {c: [2]}, equals: rest}\n")],
        "sums.yaml",
        "measures.a.for_each.c[1]",
        "lower_snake_case name, came 2",
    ),
    (
        "shock_name",
        [("measures:\n", "shocks:\n  rest: {chance: 0.1}\nmeasures:\n")],
        "sums.yaml",
        "auxiliaries.rest",
        "is already the name of shocks.rest",
    ),
    (
        "choice_as_auxiliary",
        [("auxiliaries:\n", "auxiliaries:\n  day: rest\n")],
        "sums.yaml",
        "auxiliaries.day",
        "is a word of the language",
    ),
    (
        "full_without_measure",
        [("{says: Rest., measure: resting, better: true}}}\n  east", "{says: Rest., full: 3}}}\n  east")],
        "people.yaml",
        "actors.west.wants.rest.full",
        "'full' belongs to a measure",
    ),
    (
        "range_and_otherwise",
        [("measures:\n", U + "[{when: {tired: west_is}, range: 1..2}, {otherwise: 1..2, range: 2..3}]}\nmeasures:\n")],
        "sums.yaml",
        "uncertainties.u.by_reading[2]",
        "both hold a range",
    ),
    (
        "when_and_otherwise",
        [("measures:\n", U + "[{when: {tired: west_is}, otherwise: 1..2}]}\nmeasures:\n")],
        "sums.yaml",
        "uncertainties.u.by_reading[1]",
        "both stand in one row",
    ),
    (
        "neither_when_nor_otherwise",
        [("measures:\n", U + "[{range: 1..2}]}\nmeasures:\n")],
        "sums.yaml",
        "uncertainties.u.by_reading[1]",
        "neither 'when' nor 'otherwise'",
    ),
    (
        "empty_when",
        [("measures:\n", U + "[{when: {}, range: 1..2}, {otherwise: 1}]}\nmeasures:\n")],
        "sums.yaml",
        "uncertainties.u.by_reading[1]",
        "'when' is empty",
    ),
    (
        "row_without_range",
        [("measures:\n", U + "[{when: {tired: west_is}}, {otherwise: 1}]}\nmeasures:\n")],
        "sums.yaml",
        "uncertainties.u.by_reading[1]",
        "a row needs a range",
    ),
    (
        "neither_range_nor_table",
        [("measures:\n", "uncertainties:\n  u: {note: Nothing.}\nmeasures:\n")],
        "sums.yaml",
        "uncertainties.u",
        "came neither",
    ),
    (
        "error_below_nothing",
        [("measures:\n", "record: r.csv\nmeasures:\n")],
        "sums.yaml",
        "record",
        "belongs in scenario.yaml",
    ),
]


@pytest.mark.parametrize(
    ("edits", "file", "field", "part"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_errors(edits: Edits, file: str, field: str, part: str, tmp_path: Path) -> None:
    found = [finding for finding in changed(tmp_path, edits, "parted", file) if finding.severity == "error"]
    assert [(finding.field, part in str(finding)) for finding in found] == [(field, True)], "\n".join(map(str, found))
    assert found[0].place.file.name == file
    assert found[0].mend


def test_notes_of_what_is_silent_and_unmapped(tmp_path: Path) -> None:
    edits = [(READINGS, "{by: upland, readings: {why_low: silent}}"), ("  level: {measure: water, error: 1..2}\n", "")]
    found = changed(tmp_path, edits)
    assert {finding.severity for finding in found} == {"note"}
    assert [finding.wrong for finding in found] == [
        "measures that 'known' does not map, with their rows: level (1)",
        "silent on why_low",
    ]


def test_levers_that_are_three(tmp_path: Path) -> None:
    edits = [("measures:\n", "  wait: {sets: {west.yields: false}, from: day 2, pair: give}\nmeasures:\n")]
    (finding,) = [f for f in changed(tmp_path, edits, "parted", "sums.yaml") if f.severity == "warning"]
    assert finding.wrong == "'give' names 'hold' as its counterpart, not 'wait'"


RECORD = [
    ("gate_open,1", "gate_open,maybe", "value", "error", "expected 1 or 0, came 'maybe'"),
    ("gate_open,1", "gate_open,2", "value", "error", "expected 1 or 0, came '2'"),
    ("level,25", "level,low", "value", "error", "expected a number, came 'low'"),
    (",litre,", ",liter,", "unit", "error", "no unit is called 'liter'"),
    (
        "2031-05-02,2031-05-02T20:00+02:00,level",
        "2031-05-03,2031-05-02T20:00+02:00,level",
        "known_at",
        "warning",
        "before the day",
    ),
    (
        "2031-05-02,2031-05-02T20:00+02:00,level",
        "2031-04-02,2031-05-02T20:00+02:00,level",
        "about",
        "note",
        "lies before the days of the case",
    ),
    (
        "2031-05-02,2031-05-02T20:00+02:00,level",
        "2032-05-02,2032-05-02T20:00+02:00,level",
        "about",
        "warning",
        "lies outside the days",
    ),
    ("level,25,,", "level,25,30,20", "low", "error", "30 is above high, 20"),
    ("level,25,,", "level,25,few,", "low", "error", "'few' is no number"),
    ("2031-05-02T20:00+02:00,level", "noon,level", "known_at", "error", "'noon' is no instant"),
    (",level,25", ",,25", "measure", "error", "is empty"),
    ("certainty,note", "note,certainty", "columns", "error", "another order"),
    ("certainty,note", "certainty,note,more", "columns", "error", "'more' is unknown"),
]


@pytest.mark.parametrize(("old", "new", "field", "severity", "part"), RECORD)
def test_records(old: str, new: str, field: str, severity: str, part: str, tmp_path: Path) -> None:
    found = changed(tmp_path, [(old, new)], file="record.csv")
    first = next(one for one in found if one.severity == severity and one.place.file.name == "record.csv")
    assert (first.field, first.place.file.name) == (field, "record.csv")
    assert part in first.wrong


def test_a_choice_among_several_in_the_record(tmp_path: Path) -> None:
    edits = [("{choice: upland.open}", "{choice: lowland.pay}")]
    found = changed(tmp_path, edits)
    assert [f.wrong for f in found if f.severity == "error"] == [
        "'0.0' is none of the alternatives of lowland.pay",
        "'1.0' is none of the alternatives of lowland.pay",
    ]


def test_sources_per_actor() -> None:
    assert sources_per_actor(load(GOOD / "river")) == {
        "upland": {"bulletin": 2},
        "lowland": {"bulletin": 2, "gauge": 1},
    }
    assert sources_per_actor(load(GOOD / "bare")) == {}


def test_names_of_actors_are_told_from_words(tmp_path: Path) -> None:
    actor = (
        "  lowland:\n    is: government",
        "  who: {name: World Health Organization, wants: {rest: {says: Rest.}}}\n  lowland:\n    is: government",
    )
    edits = [actor, ("    cites: bulletin 1-2; gauge", "    cites: bulletin 1-2")]
    quiet = [*edits, ("says: Less water", "says: Whoever looks and who does not, less water")]
    assert [f for f in changed(tmp_path / "a", quiet) if f.severity == "warning"] == []
    named = [*edits, ("says: Less water", "says: As WHO said, less water")]
    assert "of who has one source" in str(changed(tmp_path / "b", named)[0])


def test_every_fault_in_one_go(tmp_path: Path) -> None:
    edits = [
        ("odds: pull", "odds: push"),
        ("ever(dry)", "ever(dri)"),
        ("pair: shut", "pair: shot"),
        ("bulletin 1-2", "bulletins 1-2"),
    ]
    found = [finding for finding in changed(tmp_path, edits) if finding.severity == "error"]
    assert len(found) == 4
    assert [finding.place.line for finding in found] == sorted(finding.place.line for finding in found)


MORE = [
    (
        [("days: 30", "days: 30\nbackground: [flow_falls, flow_fall]")],
        "background[2]",
        "no claim is called 'flow_fall'",
    ),
    ([("days: 30", "days: 30\nbackground: [why_low]")], "background[1]", "'why_low' is contested"),
    (
        [
            ("happened: 2, of: 7, claims", "cites: gauge, happened: 2, of: 7, claims"),
            ("; gauge\n", "\n"),
            ('covers_to: "2031-05-03"', 'covers_to: "2031-05-13"'),
        ],
        "outside_views.gates.cites",
        "after as_of (2031-05-04T06:00:00+02:00), and stands behind a number",
    ),
    ([('as_of: "2031-05-04T06:00+02:00"', "as_of: 3")], "as_of", "'3' is no instant with a zone"),
    ([('as_of: "2031-05-04T06:00+02:00"', "as_of: [3]")], "as_of", "this is no instant with a zone"),
    ([('as_of: "2031-05-04T06:00+02:00"', 'as_of: "86400"')], "as_of", "'86400' is no instant with a zone"),
    (
        [("source_kind: party's claim", "source_kind: partys claim")],
        "claims.flow_falls.source_kind",
        "did you mean 'party's claim'?",
    ),
    (
        [("{measure: water, error: 1..2}", "{measure: qqq, error: 1..2}")],
        "known.level.measure",
        "the name of an element",
    ),
    ([("record: record.csv", "record: ../record.csv")], "record", "expected a file in the case's folder"),
    ([("record: record.csv\n", "")], "known", "maps a record that the case does not have"),
    (
        [("usual: {chance: 0.1..0.3, claims: {flow_falls: existence}}", "usual: {wide: 0.1..0.3}")],
        "decisions.upland.open.usual.wide",
        "expected one chance, came 'wide'",
    ),
    ([("error: 1..2", "error: -1..2")], "known.level.error", "expected an error above 0"),
    ([("start: {range: 20..30,", "start: {range: 20..30, unit: day,")], "stocks.water.start.unit", "came one in day"),
    ([("start: {range: 20..30,", "start: {range: 20..30, unit: dag,")], "stocks.water.start.unit", "no unit is called"),
    (
        [("by: lowland\n    source_kind", "by: [1, upland]\n    source_kind")],
        "claims.flow_falls.by[1]",
        "expected text",
    ),
    ([("by: lowland\n    source_kind", "by: {a: b}\n    source_kind")], "claims.flow_falls.by", "expected text"),
    ([("by: lowland\n    source_kind", "by: 3\n    source_kind")], "claims.flow_falls.by", "expected text, came 3"),
    (
        [("{choice: upland.open}", "{choice: lowland.rests}"), ("    pay:\n", "    rests: {is: dry}\n    pay:\n")],
        "known.gate_open.choice",
        "no decision that could be forced",
    ),
    (
        [("  dry: water < 1 [litre]", "  dry: water < 1 [litre]\n  paid: lowland.pay")],
        "auxiliaries.paid",
        "came a choice",
    ),
    ([("    says: Less water comes down each day.\n", "")], "claims.flow_falls", "a claim needs 'says'"),
    ([("    about: Why is the water low?\n", "")], "claims.why_low", "needs 'kind' and 'about'"),
    ([("days: 30", "days: 30.5")], "days", "expected a whole number, came 30.5"),
    ([("headline: true", "headline: yes")], "measures.stored.headline", "expected true or false, came 'yes'"),
    ([('as_of: "2031-05-04T06:00+02:00"', "as_of: noon")], "as_of", "is no instant"),
    ([("authors: [the Détente authors]", 'authors: [the Détente authors]\n"": x')], "file", "unknown key ''"),
    ([("  upland:\n    open", '  "":\n    open')], "options.", "is not a lower_snake_case name"),
]


@pytest.mark.parametrize(("edits", "field", "part"), MORE)
def test_more_errors(edits: Edits, field: str, part: str, tmp_path: Path) -> None:
    found = [finding for finding in changed(tmp_path, edits) if finding.severity == "error"]
    assert [(finding.field, part in str(finding)) for finding in found] == [(field, True)], "\n".join(map(str, found))
    assert found[0].mend


def test_days_at_the_end_of_the_calendar(tmp_path: Path) -> None:
    found = changed(tmp_path, [('starts: "2031-05-01"', 'starts: "9999-12-30"')])
    assert "'9999-12-30' lies outside the years 1000 to 8999" in {finding.wrong for finding in found}


def test_sections_that_are_no_sections(tmp_path: Path) -> None:
    found = changed(tmp_path / "a", [("measures:\n  resting: rest\n", "measures:\n")], "parted", "sums.yaml")
    assert [(f.field, f.place.file.name) for f in found] == [("measures", "sums.yaml")]
    found = changed(tmp_path / "b", [("parts:", "measures: none\nparts:")], "parted")
    assert [(f.field, f.place.file.name) for f in found] == [("measures", "scenario.yaml")]
    found = changed(tmp_path / "c", [("parts:", "measures:\nparts:")], "parted")
    assert [(f.field, f.place.file.name) for f in found] == [("measures", "scenario.yaml")]


def test_templates_fill_lists_and_entries(tmp_path: Path) -> None:
    edits = [("    equals: >-", "    claims: []\n    note: For the .side side.\n    equals: >-")]
    assert changed(tmp_path, edits, "ladders") == []


def test_luck_in_an_auxiliary_is_yes_or_no(tmp_path: Path) -> None:
    edits = [
        (
            "  dry: water",
            "  luck: previous(lucky, false)\n  lucky: chance(1 / pull)\n  same: initial(luck)\n  dry: water",
        )
    ]
    assert changed(tmp_path, edits) == []


def test_what_is_lost_is_not_missed_elsewhere(tmp_path: Path) -> None:
    found = changed(tmp_path, [("days: 30", "days: .inf")])
    assert [finding.wrong for finding in found] == ["'.inf' is not a finite number"]
