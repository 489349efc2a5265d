"""What could hold: the states shown, their marks, accounts first, ways, coalitions, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.holding import Holding, holding_of
from detente.brief.holding.listing import MOST_SHOWN, listing_of
from detente.brief.holding.rows import RowGroup, StateRow
from detente.brief.holding.words import Words, abbreviation, listing, possessive, rankings, strength
from detente.brief.rows import Brief
from detente.brief.terminal import print_brief
from detente.run import Run, run
from detente.stability import Stability, stability
from tests.brief.conflicted import conflicted


@pytest.fixture(scope="module")
def words(analysed: Stability) -> Words:
    return Words(analysed)


@pytest.fixture(scope="module")
def holding(analysed: Stability) -> Holding:
    return holding_of(analysed)


@pytest.fixture(scope="module")
def large() -> Stability:
    """Return the analysis of a case with more states than are shown."""
    return stability("garrison_diversion", rankings=0)


def group(holding: Holding, title: str) -> RowGroup:
    return next(group for group in holding.states.groups if group.title == title)


def cells(row: StateRow) -> list[str]:
    return [cell.shown for cell in row.cells]


# ---- the table of states ---------------------------------------------------------------------------------------------


def test_a_column_is_a_state(analysed: Stability, holding: Holding) -> None:
    numbers = [int(cell.shown) for cell in holding.states.columns]
    assert numbers == sorted(numbers) == [state.id for state in analysed.states]
    extend = group(holding, "Government of Varland").rows[0]
    assert cells(extend) == ["Y" if s.values["varland.extend"] == "true" else "–" for s in analysed.states]
    option, *rungs = group(holding, "Government of Brightland").rows
    assert option.cells == ()
    assert [row.head for row in rungs] == ["adds", "as before", "delays", "limits"]
    for row in rungs:
        word = row.head.replace(" ", "_")
        assert cells(row) == ["Y" if s.values["brightland.means"] == word else "–" for s in analysed.states]
    assert cells(group(holding, "").rows[0]).index("●") + 1 == 6, "the status quo"


def test_marks_are_those_of_the_analysis(analysed: Stability, holding: Holding) -> None:
    numbers = range(1, len(analysed.states) + 1)
    both = (*holding.states.groups, *holding.states.further)
    for maker, title in analysed.makers.items():
        rows = [row for group in both if group.title == f"Stable for {title}" for row in group.rows]
        assert [row.head for row in rows] == [abbreviation(concept) for concept in analysed.concepts]
        for row, concept in zip(rows, analysed.concepts, strict=True):
            assert cells(row) == ["●" if n in analysed.stable[maker][concept] else "" for n in numbers]
    rows = [row for group in both if group.title.startswith("Equilibrium") for row in group.rows]
    last = next(row for row in rows if "coalitions" in row.head)
    assert cells(last) == ["●" if n in analysed.surviving["seq"] else "" for n in numbers]
    rows.remove(last)
    for row, concept in zip(rows, analysed.concepts, strict=True):
        assert cells(row) == ["●" if n in analysed.equilibria[concept] else "" for n in numbers]


def test_a_state_of_several_combinations_says_where_it_makes_no_difference(tmp_path: Path) -> None:
    found = stability(conflicted(tmp_path, "  same: [not varland.extend and not league.offer]\n"), rankings=0)
    held = holding_of(found)
    assert len(found.states) == 9
    assert held.states.loose
    rungs = group(held, "Government of Brightland").rows[1:]
    assert [cells(row).count("∗") for row in rungs] == [1, 1, 1, 1]
    at = cells(rungs[0]).index("∗")
    assert cells(group(held, "Harbour League").rows[0])[at] == "–"
    assert "Government of Brightland: anything" in Words(found).told(at + 1)


# ---- which states are shown ------------------------------------------------------------------------------------------


def test_of_many_states_the_strongest_equilibria_are_shown_and_the_others_counted(large: Stability) -> None:
    words = Words(large)
    assert len(large.states) > MOST_SHOWN
    chosen = listing_of(words, frequent=(len(large.states),))
    assert len(chosen.shown) <= MOST_SHOWN
    assert len(large.states) in chosen.shown, "where worlds often stand"
    start = words.element.start
    assert start is None or start in chosen.shown
    assert {state.id for state in large.states if state.name} <= set(chosen.shown)
    weakest = max(strength(words.under(n, large.equilibria)) for n in chosen.equilibria)
    left = [state.id for state in large.states if state.id not in chosen.shown]
    assert all(strength(words.under(n, large.equilibria)) >= weakest for n in left)
    assert chosen.others.startswith(f"{len(chosen.shown)} of {len(large.states)} states are shown")
    held = [number for number in left if words.under(number, large.equilibria)]
    said = re.search(r"Of the (\d+) others (\d+) are an equilibrium", chosen.others)
    assert (said.groups() if said else (str(len(left)), "0")) == (str(len(left)), str(len(held)))


def test_hundreds_of_weak_equilibria_are_counted_and_not_shown(large: Stability) -> None:
    weak = tuple(range(1, len(large.states) + 1))
    told = {"nash": (3,), "gmr": weak, "smr": (3,), "seq": (3,)}
    chosen = listing_of(Words(replace(large, equilibria=told, paths=())))
    assert 3 in chosen.shown
    named = {state.id for state in large.states if state.name}
    assert set(chosen.shown) <= {3, Words(large).element.start} | named
    assert f"({len(large.states) - len(chosen.shown)} under GMR)" in chosen.others


# ---- accounts and rankings -------------------------------------------------------------------------------------------


def test_accounts_come_first_and_where_they_disagree_is_said(analysed: Stability, holding: Holding) -> None:
    assert holding.accounts is not None
    assert holding.accounts.table.columns[1:3] == ("As Varland tells it", "As Brightland tells it")
    for row in holding.accounts.table.rows:
        number = int(row[0].partition(":")[0])
        for cell, account in zip(row[1:], analysed.by_account, strict=False):
            under = [c for c in ("nash", "gmr", "smr", "seq") if number in account.equilibria[c]]
            assert cell == (" ".join(map(abbreviation, under)) or "–")
    varland, brightland = (set(account.equilibria["nash"]) for account in analysed.by_account)
    line = next(line for line in holding.account_lines if line.startswith("Nash (R)"))
    assert "depends on whose account holds" in line
    for number in varland ^ brightland:
        who = "as Varland tells it" if number in varland else "as Brightland tells it"
        assert re.search(rf"state {number}( \([\w ]+\))? only {who}", line)


def test_agreement_of_all_accounts_is_said(analysed: Stability) -> None:
    alike = tuple(replace(account, equilibria=analysed.equilibria) for account in analysed.by_account)
    lines = holding_of(replace(analysed, by_account=alike)).account_lines
    assert all("all accounts agree on states" in line for line in lines)
    none = tuple(replace(a, equilibria=dict.fromkeys(analysed.concepts, ())) for a in analysed.by_account)
    (line,) = holding_of(replace(analysed, by_account=none)).account_lines
    assert "no state is an equilibrium in any account" in line


def test_shares_are_counts_of_rankings_with_an_interval(analysed: Stability, holding: Holding) -> None:
    sampled = analysed.robustness
    assert sampled is not None
    assert holding.robust is not None
    row = next(row for row in holding.robust.table.rows if row[0].startswith("6"))
    share = sampled.equilibria["nash"][6]
    low, high = (round(end * sampled.rankings) for end in sampled.interval["nash"][6])
    assert row[1] == f"{round(share * sampled.rankings)} ({low} to {high})"
    assert re.search(r" in \d+ of \d+ \(\d+ to \d+\).* rankings that the claims allow\.", holding.robust_lines[0])
    assert (rankings(0.0, 1_000), rankings(1.0, 1_000), rankings(0.3, 1_000)) == (
        "none of 1,000",
        "all of 1,000",
        "300 of 1,000",
    )
    bare = holding_of(replace(analysed, robustness=None))
    assert bare.robust is None
    assert bare.robust_lines == ()


# ---- sentences -------------------------------------------------------------------------------------------------------


def test_ways_lead_from_the_status_quo_step_by_step(analysed: Stability, holding: Holding) -> None:
    assert "state 6 (truce goes on)" in holding.ways_lead
    assert holding.ways
    for way in holding.ways:
        number = int(re.match(r"To state (\d+)", way.title).group(1))  # type: ignore[union-attr]
        path = next(path for path in analysed.paths if path.state == number)
        assert len(way.steps) == len(path.steps)
        for text, step in zip(way.steps, path.steps, strict=True):
            assert text.startswith(analysed.makers[step.maker])
            assert f"state {step.arrives}" in text
            assert ("does not like better" in text) != step.improves
    lost = replace(analysed, paths=(), equilibria=dict.fromkeys(analysed.concepts, ()))
    assert "no sequence of moves leads" in holding_of(lost).ways_lead


def test_each_topic_is_told(analysed: Stability, holding: Holding) -> None:
    topics: Mapping[str, str] = {topic.title: " ".join(topic.lines) for topic in holding.topics}
    joined = topics["If decision makers join"]
    broken = set(analysed.equilibria["nash"]) - set(analysed.surviving["nash"])
    assert broken
    assert all(re.search(rf"\b{number}\b", joined) for number in broken)
    assert "Government of Varland and Harbour League together" in joined
    assert "As Harbour League sees the preferences of others" in topics["As each sees it"]
    assert [line[:6] for line in topics_lines(holding, "Where a preference is not known")] == [
        "Type a",
        "Type b",
        "Type c",
        "Type d",
    ]
    assert "Strongly stable" in topics["Where a preference is strong"]


def topics_lines(holding: Holding, title: str) -> tuple[str, ...]:
    return next(topic.lines for topic in holding.topics if topic.title == title)


def test_every_reason_names_its_decision_maker_and_its_claims(analysed: Stability, holding: Holding) -> None:
    assert holding.whys
    for why in holding.whys:
        assert len(why.reasons) == len(analysed.makers)
        for title, reason in zip(analysed.makers.values(), why.reasons, strict=True):
            assert title in reason
    assert any("gazette" in reason for why in holding.whys for reason in why.reasons)


def test_limits_count_what_rests_on_no_claim(holding: Holding) -> None:
    said = " ".join(holding.limits)
    assert "Of the 11 statements of preference 4 rest on no claim" in said
    assert "leaves out 2 statements" in said
    assert "nobody moves twice running" in said
    cited = " ".join(holding_of(stability("cuban_missile_crisis_1962", rankings=0)).limits)
    assert "Each of the 10 statements of preference rests on a claim" in cited


def test_words() -> None:
    assert (listing(["a"]), listing(["a", "b", "c"])) == ("a", "a, b and c")
    assert (possessive("Hamas"), possessive("Qatar")) == ("Hamas’", "Qatar’s")
    assert (abbreviation("l3"), abbreviation("nash"), abbreviation("non_myopic")) == ("L3", "R", "NM")


# ---- the brief -------------------------------------------------------------------------------------------------------


def test_it_is_analysed_as_the_run_tells_it(brief: Brief, conflicted_run: Run) -> None:
    assert brief.holding is not None
    told = run(conflicted_run.case, worlds=512, account="as_varland_tells_it")
    own = brief_of(study_of_run(told)).holding
    assert own is not None
    assert own.stability.provenance.account == "as_varland_tells_it"
    assert own.accounts is None
    assert own.endings is not None
    assert own.endings.verdicts[0].who == "As Varland tells it"


def test_a_case_without_a_conflict_has_no_such_section() -> None:
    assert brief_of(study_of_run(run("harbour_truce", worlds=256))).holding is None


def test_the_terminal_says_it_in_five_lines(brief: Brief) -> None:
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    print_brief(brief, Console(file=out, width=160))
    text = out.getvalue()
    begin = text.index("What could hold")
    section = text[begin : text.index("\n\n", begin)]
    assert len(section.splitlines()) <= 5
    assert "Nash (R): states 4 and 10 in every account" in section
