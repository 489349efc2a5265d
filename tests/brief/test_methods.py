"""Where the two methods agree: option by option, as each account tells it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from detente.analysis.standing import Standing, state_numbers
from detente.brief.holding.agreement import Told
from detente.brief.holding.methods import methods_table
from detente.brief.holding.words import Words
from detente.stability import Stability


@pytest.fixture(scope="module")
def words(analysed: Stability) -> Words:
    return Words(analysed)


def told(words: Words, title: str, digits: list[tuple[int, int, int]], held: tuple[int, ...]) -> Told:
    rows = np.array(digits)
    shares = np.arange(len(rows), 0, -1) / np.arange(len(rows) + 1).sum()
    equilibria: Mapping[str, tuple[int, ...]] = {"seq": held, "nash": ()}
    return Told(title, Standing(rows, state_numbers(words.element.states, rows), shares), {}, {}, equilibria)


def test_an_option_agrees_parts_or_is_left_open(words: Words) -> None:
    # Of the options, in order: whether Varland extends, whether the League offers, what Brightland gives.
    states = words.element.states
    first, second = (int(state_numbers(states, np.array([row]))[0]) for row in ((0, 0, 1), (0, 1, 1)))
    pooled = told(words, "Over all", [(0, 0, 0)], (first,))
    one = told(words, "One", [(0, 1, 1), (1, 1, 1)], (first,))
    other = told(words, "Other", [(0, 1, 2)], (first, second))
    none = told(words, "None", [(0, 0, 0)], ())
    table = methods_table(words, [pooled, one, other, none])
    assert table is not None
    assert table.columns == ("Option", "One", "Other", "None")
    extends, offers, means, counts = (row[1:] for row in table.rows)
    assert extends == ("agree: no (67 %)", "agree: no (more than 99 %)", "–")
    assert offers == ("part: no, worlds yes (more than 99 %)", "open: worlds yes (more than 99 %)", "–")
    names = states.alternatives[2]
    assert names
    given, more = (name.replace("_", " ") for name in names[1:3])
    assert means == (
        f"agree: {given} (more than 99 %)",
        f"part: {given}, worlds {more} (more than 99 %)",
        "–",
    )
    assert counts == ("2 of 3", "1 of 2", "–")
    assert "(SEQ)" in (table.note or "")


def test_without_accounts_the_main_part_is_compared_and_without_equilibria_nothing(words: Words) -> None:
    first = int(state_numbers(words.element.states, np.array([[0, 0, 1]]))[0])
    table = methods_table(words, [told(words, "Over all", [(0, 0, 1)], (first,))])
    assert table is not None
    assert table.columns == ("Option", "Over all")
    assert table.rows[-1][1] == "3 of 3"
    assert methods_table(words, [told(words, "Over all", [(0, 0, 1)], ())]) is None
