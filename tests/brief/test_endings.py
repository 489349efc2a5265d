"""Beside the simulation: where its worlds stand on a day, whether that could hold, and why not."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from detente.analysis.standing import Standing, Standings, count_combinations, standings_of, state_numbers
from detente.brief.holding import Holding, holding_of
from detente.brief.holding.agreement import Told, broken_rule, named_in_accounts, verdicts_of
from detente.brief.holding.endings import endings_of
from detente.brief.holding.rows import Endings
from detente.brief.holding.words import Words
from detente.run import Run
from detente.stability import Stability

OPTIONS = ["varland.extend", "league.offer", "brightland.means"]


@pytest.fixture(scope="module")
def words(analysed: Stability) -> Words:
    return Words(analysed)


@pytest.fixture(scope="module")
def ends(conflicted_run: Run, words: Words) -> Standings:
    found = standings_of(conflicted_run, words.element)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def endings(words: Words, ends: Standings) -> Endings:
    return endings_of(words, ends)


def standing(words: Words, *digits: tuple[int, int, int]) -> Standing:
    """Return worlds that stand in some combinations, the first the most frequent."""
    rows = np.array(digits)
    shares = np.arange(len(rows), 0, -1) / np.arange(len(rows) + 1).sum()
    return Standing(rows, state_numbers(words.element.states, rows), shares)


def verdict(words: Words, *digits: tuple[int, int, int]) -> tuple[str, str, str]:
    stability = words.stability
    part = Told("As told", standing(words, *digits), words.readings, stability.stable, stability.equilibria)
    (found,) = verdicts_of(words, [part])
    return found.who, found.text, found.reason


# ---- where worlds stand ----------------------------------------------------------------------------------------------


def test_worlds_stand_where_their_trajectories_lead(conflicted_run: Run, words: Words) -> None:
    day, worlds = words.element.day, 40
    followed = conflicted_run.worlds([divmod(world, 4) for world in range(worlds)], OPTIONS)[:, day]
    bare = replace(conflicted_run, parts={"mixtures": conflicted_run.main})
    standings = standings_of(bare, words.element, worlds)
    assert standings is not None
    found = standings.main
    assert {tuple(row) for row in found.digits.tolist()} == {tuple(row) for row in followed.astype(int).tolist()}


def test_shares_are_weighted_and_sum_to_one(words: Words, ends: Standings) -> None:
    states = words.element.states
    values = np.array([[1, 1, 1], [0, 0, 1], [1, 1, 1], [1, 0, 0]], float)
    found = count_combinations(states, values, np.array([1.0, 5.0, 1.0, 3.0]))
    assert found.digits.tolist() == [[0, 0, 1], [1, 0, 0], [1, 1, 1]]
    assert found.shares.tolist() == [0.5, 0.3, 0.2]
    assert found.states.tolist() == [4, 0, 6], "a day without a list is no state"
    assert found.share_of(6) == 0.2
    assert found.share_with(2, 1) == pytest.approx(0.7)
    assert list(ends.parts) == ["mixtures", "as_varland_tells_it", "as_brightland_tells_it"]
    for part in ends.parts.values():
        assert part.shares.sum() == pytest.approx(1)
        assert (np.diff(part.shares) <= 0).all()


def test_codes_and_states_belong_together(words: Words) -> None:
    states = words.element.states
    assert state_numbers(states, states.digits.astype(np.int64)).tolist() == list(range(1, states.count + 1))


# ---- whether the two methods agree -----------------------------------------------------------------------------------


def test_a_frequent_state_that_could_hold_agrees(words: Words) -> None:
    who, text, reason = verdict(words, (1, 1, 1), (0, 0, 1))
    assert who == "As told"
    assert "in state 6 (truce goes on), 67 % of worlds" in text
    assert "agree: it is an equilibrium (R, GMR" in text
    assert reason == ""


def test_one_that_somebody_would_leave_says_who_and_what_is_near(words: Words) -> None:
    _, text, reason = verdict(words, (0, 1, 1))
    assert "disagree: it is no equilibrium" in text
    assert "Government of Varland would not stay" in reason
    assert "taking up “Extend the pause by a day”" in reason
    assert "gazette 4" in reason
    near = re.search(r"nearest sequential equilibrium is state (\d+)", reason)
    assert near is not None
    assert int(near.group(1)) in words.stability.equilibria["seq"]
    assert "Harbour League’s offer (“yes” here, “no” there)" in reason


def test_a_weak_equilibrium_agrees_only_weakly(words: Words) -> None:
    assert words.under(3, words.stability.equilibria) == ["gmr", "smr"]
    _, text, reason = verdict(words, (1, 1, 0))
    assert "agree only weakly: it is an equilibrium (GMR and SMR)" in text
    assert "Government of Brightland would not stay" in reason


def test_what_is_no_state_names_the_rule_it_breaks(words: Words) -> None:
    assert broken_rule(words, (1, 0, 0)) == "it breaks the rule “No day is given without a list”"
    _, text, _ = verdict(words, (1, 0, 1), (1, 1, 1))
    assert "most often in no state of the conflict (it breaks the rule “No day is given without a list”)" in text
    assert "of its states in state 6 (truce goes on), 33 % of worlds" in text
    _, text, _ = verdict(words, (1, 0, 1))
    assert text.endswith("cannot be compared.")


def test_accounts_that_come_out_alike_stand_together(words: Words) -> None:
    part = Told(
        "As A tells it",
        standing(words, (1, 1, 1)),
        words.readings,
        words.stability.stable,
        words.stability.equilibria,
    )
    other = replace(part, title="As B tells it", standing=standing(words, (1, 1, 1), (0, 0, 0)))
    (found,) = verdicts_of(words, [part, other])
    assert found.who == "As A tells it and as B tells it"
    assert "67 to more than 99 % of worlds" in found.text


def test_an_account_that_answers_in_two_ways_is_told_in_one_line(words: Words) -> None:
    """A named state may be an equilibrium of an account in whose worlds it is rarest: both stand in one sentence."""
    stability = words.stability
    named = [number for number, state in enumerate(stability.states, 1) if state.name]
    held = next(number for number in named if any(number in stability.equilibria.get(c, ()) for c in ("nash", "seq")))
    digits = tuple(words.element.states.digits[held - 1].tolist())
    other = next(row for row in ((0, 0, 0), (1, 1, 1), (0, 1, 0)) if row != digits)
    part = Told("As A tells it", standing(words, other, digits), words.readings, stability.stable, stability.equilibria)
    often = replace(part, title="As B tells it", standing=standing(words, digits))
    lines = [line for line in named_in_accounts(words, [part, part, often]) if line.startswith(f"State {held} ")]
    assert len(lines) == 2
    assert "as A tells it; in the simulation of the same account 33 % of worlds stand in it, the fewest" in lines[0]
    assert "as B tells it" in lines[1]
    assert "fewest" not in lines[1]
    assert named_in_accounts(words, [part]) == ()


# ---- the section -----------------------------------------------------------------------------------------------------


def test_frequent_combinations_have_a_row_with_shares_by_account(
    endings: Endings, ends: Standings, words: Words
) -> None:
    assert endings.table.columns[2:] == ("Over all readings", "As Varland tells it", "As Brightland tells it")
    assert endings.table.rows[0][0] == "no state (a)"
    assert "it breaks the rule" in endings.meanings[0][1]
    for row in endings.table.rows[1:]:
        number = int(row[0].partition(":")[0])
        assert row[1].rpartition(" ")[0] == words.letters(number, words.stability.equilibria)
    assert [head for head, _ in endings.meanings] == [row[0] for row in endings.table.rows]
    assert "20 May 2031" in endings.title


def test_options_are_set_beside_the_equilibria(endings: Endings, ends: Standings) -> None:
    assert endings.options is not None
    assert [row[0] for row in endings.options.rows] == [
        "Government of Varland: extend",
        "Harbour League: offer",
        "Government of Brightland: means",
    ]
    extends = round(100 * ends.main.share_with(0, 1))
    assert endings.options.rows[0][1] == (f"yes ({extends} %)" if extends >= 50 else f"no ({100 - extends} %)")
    held = int(re.search(r"\((\d+)\)", endings.options.columns[2]).group(1))  # type: ignore[union-attr]
    for row in endings.options.rows:
        assert sum(int(count) for count in re.findall(r" in (\d+)", row[2])) == held


def test_what_no_world_can_do_is_said(endings: Endings) -> None:
    assert any("Nothing in the simulation moves Government of Brightland’s means" in line for line in endings.lines)
    seldom = [line for line in endings.lines if "what keeps most of them from it" in line]
    assert any(line.startswith("State 12") for line in seldom)


def test_the_share_of_worlds_stands_in_the_table_of_states(ends: Standings, analysed: Stability) -> None:
    beside: Holding = holding_of(analysed, ends)
    row = beside.states.groups[0].rows[1]
    assert row.head == "Worlds"
    assert any(re.fullmatch(r"\d+ %", cell.shown) for cell in row.cells)
    assert "Worlds" not in [row.head for row in holding_of(analysed).states.groups[0].rows]


def test_a_conflict_that_the_simulation_does_not_decide_is_not_compared(
    conflicted_run: Run, analysed: Stability
) -> None:
    elements = analysed.case.elements
    options = {name: replace(option, outside="nothing moves it") for name, option in elements.options.items()}
    case = replace(analysed.case, elements=replace(elements, options=options))
    assert elements.conflict is not None
    assert standings_of(replace(conflicted_run, case=case), elements.conflict) is None
