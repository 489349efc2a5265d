from __future__ import annotations

import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detente.errors import RequestError
from detente.requests import Work
from detente.scenario import Case, load
from detente.stability import robustness as module
from detente.stability import stability
from detente.stability.batched_rankings import Steps
from detente.stability.conflict import conflict_of
from detente.stability.drawn_rankings import DrawnRankings
from detente.stability.robustness import ROBUST, robustness, stable_columns
from tests.stability import oracle
from tests.stability.conflicts import Pair, graphs, options, ranks
from tests.stability.oracle import Game
from tests.stability.quarrel import quarrel

MANY = 20_000


def drawn(case: Case, count: int = MANY, readings: Mapping[str, str] | None = None) -> NDArray[np.int32]:
    return DrawnRankings(case, readings or {}, 1).take(np.arange(count, dtype=np.uint32))


def shares(rows: NDArray[np.int32]) -> dict[tuple[int, ...], float]:
    """How often each ranking came up."""
    return {tuple(row): count / len(rows) for row, count in Counter(map(tuple, rows.tolist())).items()}


def near(share: float, of: int = MANY) -> object:
    """Within five standard errors."""
    return pytest.approx(share, abs=5 * (share * (1 - share) / of) ** 0.5)


@settings(max_examples=30)
@given(pair=graphs(most_states=6), rule=st.sampled_from(["legal", "once", "single"]), data=st.data())
def test_many_rankings_at_once_as_one_by_one(pair: Pair, rule: str, data: st.DataObject) -> None:
    conflict, game = pair
    games = [game, Game(game.moves, [data.draw(ranks(conflict.count)) for _ in game.makers], game.codes, game.owners)]
    both = np.array([each.ranks for each in games], np.int32).transpose(1, 2, 0)
    found = stable_columns([Steps(moves) for moves in conflict.moves], both, ROBUST, rule)
    for column, each in enumerate(games):
        for concept in ROBUST:
            expected = [[oracle.CONCEPTS[concept](each, i, s, rule) for s in game.states] for i in game.makers]
            assert found[concept][:, :, column].tolist() == expected


@settings(max_examples=10)
@given(pair=options())
def test_one_concept_needs_no_other(pair: Pair) -> None:
    conflict, _ = pair
    steps, columns = [Steps(moves) for moves in conflict.moves], conflict.ranks[:, :, None]
    whole = stable_columns(steps, columns)
    for concept in ROBUST:
        assert np.array_equal(stable_columns(steps, columns, [concept])[concept], whole[concept])


def test_what_claims_settle_holds_always_or_never(tmp_path: Path) -> None:
    statements = """\
prefers:
  - {wants: ben.hedge, claims: [quiet]}
  - {wants: not ann.fence, claims: [quiet]}
  - {wants: ben.paint, claims: [quiet]}
"""
    case = quarrel(tmp_path, ann=statements)
    conflict = conflict_of(case, {})
    found = robustness(case, conflict, rankings=50)  # they leave nothing to draw: one is all
    plain = stable_columns([Steps(moves) for moves in conflict.moves], conflict.ranks[:, :, None])
    assert found.rankings == 1
    for concept in ROBUST:
        everybody = [all(row) for row in plain[concept][:, :, 0].T.tolist()]
        assert found.equilibria[concept] == {s + 1: float(held) for s, held in enumerate(everybody)}
        for i, maker in enumerate(conflict.makers):
            assert list(found.stable[maker][concept].values()) == plain[concept][i, :, 0].tolist()


def test_statements_without_a_claim_are_kept_or_left_out(tmp_path: Path) -> None:
    case = quarrel(tmp_path, ann="prefers:\n  - ben.hedge\n  - {wants: ann.fence, claims: [quiet]}\n")
    hedge = np.array([0, 0, 1, 1, 0, 0, 1, 1], bool)
    fence = np.array([0, 1, 0, 1, 0, 1, 0, 1], bool)
    first = drawn(case)[0]
    kept = first[:, hedge].min(axis=1) > first[:, ~hedge].max(axis=1)
    assert kept.mean() == near(0.5)
    # Where it is left out, the statement that rests on a claim decides alone.
    assert (first[~kept][:, fence].min(axis=1) > first[~kept][:, ~fence].max(axis=1)).all()


def test_a_statement_follows_its_reading(tmp_path: Path) -> None:
    case = quarrel(tmp_path, ann="prefers:\n  - wants: ben.hedge\n    when: {storms: often}\n")
    hedge = np.array([0, 0, 1, 1, 0, 0, 1, 1], bool)

    def wanted(**readings: str) -> float:
        first = drawn(case, readings=readings)[0]
        return float((first[:, hedge].min(axis=1) > first[:, ~hedge].max(axis=1)).mean())

    assert wanted(storms="often") == 1.0
    assert wanted(storms="seldom") == near(1 / 70)  # of the ways to choose which four states come first
    assert wanted() == near((1 + 1 / 70) / 2)


def test_statements_beside_each_other_are_shuffled(tmp_path: Path) -> None:
    prefers = """\
prefers:
  - {wants: ben.paint, claims: [quiet]}
  - any_order:
      - {wants: ann.fence, claims: [quiet]}
      - {wants: ben.hedge, claims: [quiet]}
"""
    found = shares(drawn(quarrel(tmp_path, ann=prefers))[0])
    assert found == {(0, 2, 1, 3, 4, 6, 5, 7): near(0.5), (0, 1, 2, 3, 4, 5, 6, 7): near(0.5)}


def test_equal_states_get_any_strict_order(tmp_path: Path) -> None:
    prefers = "prefers:\n  - {wants: ann.fence, claims: [quiet]}\n  - {wants: ben.hedge, claims: [quiet]}\n"
    first = drawn(quarrel(tmp_path, ann=prefers))[0]
    assert (np.sort(first, axis=1) == np.arange(8)).all()
    found = shares(first)
    assert len(found) == 2**4  # four pairs of states that differ in the paint only
    assert all(share == near(1 / 16) for share in found.values())


def test_more_statements_than_bits(tmp_path: Path) -> None:
    wanted = (*["ann.fence or not ann.fence"] * 40, "ann.fence", "ben.hedge", "ben.paint")
    statements = "".join(f"  - {{wants: {what}, claims: [quiet]}}\n" for what in wanted)
    first = drawn(quarrel(tmp_path, ann=f"prefers:\n{statements}"), 10)[0]
    assert shares(first) == {(0, 4, 2, 6, 1, 5, 3, 7): 1.0}


def test_a_list_keeps_its_ties(tmp_path: Path) -> None:
    found = shares(drawn(quarrel(tmp_path, ann="ranking: [[1, 2], 3, [4, 5, 6], 7, 8]\nclaims: [quiet]\n"), 10)[0])
    assert found == {(4, 4, 3, 2, 2, 2, 1, 0): 1.0}


def test_states_that_a_list_leaves_out_come_anywhere(tmp_path: Path) -> None:
    case = quarrel(tmp_path, ann="ranking: [1, [2, 3, 4, 5], 6]\npartial: true\nclaims: [quiet]\n")
    found = shares(drawn(case)[0])
    assert len(found) == 4 * 5  # places of state 7, then of state 8
    assert all(share == near(1 / 20) for share in found.values())
    assert all(row[0] > row[1] == row[2] == row[3] == row[4] > row[5] for row in found)


EXTENSIONS: dict[str, tuple[str, Callable[[tuple[int, ...]], bool]]] = {
    "one pair": ("[[1, 2]]", lambda r: True),
    "a pair with another between": ("[[1, 3]]", lambda r: r[0] > r[1] > r[2]),
    "three of each other": ("[[1, 2], [2, 3], [1, 3]]", lambda r: True),
    "one against two": ("[[1, 2], [1, 3]]", lambda r: r[1] > r[2]),
    "two against two": ("[[1, 3], [1, 4], [2, 3], [2, 4]]", lambda r: r[0] > r[1] and r[2] > r[3]),
}


@pytest.mark.parametrize("name", EXTENSIONS)
def test_unknown_pairs_come_in_every_order_that_agrees(tmp_path: Path, name: str) -> None:
    unknown, agrees = EXTENSIONS[name]
    case = quarrel(tmp_path, ann=f"ranking: [1, 2, 3, 4, 5, 6, 7, 8]\nclaims: [quiet]\nunknown: {unknown}\n")
    named = {int(digit) for digit in unknown if digit.isdigit()}

    def fits(row: tuple[int, ...]) -> bool:
        known = all(row[a] > row[b] for a in range(4) for b in range(a + 1, 4) if not {a + 1, b + 1} <= named)
        return known and agrees(row)

    rows = [(*(worth + 4 for worth in row), 3, 2, 1, 0) for row in permutations(range(4)) if fits(row)]
    found = shares(drawn(case)[0])
    assert found == {row: near(1 / len(rows)) for row in rows}


def test_a_tie_that_is_partly_known_stays_together(tmp_path: Path) -> None:
    # 1 and 2 are equal and 2 is better than 3: 1 cannot be below 3, whatever is unknown of the two.
    text = "ranking: [[1, 2], 3, 4, 5, 6, 7, 8]\nclaims: [quiet]\nunknown: [[1, 3]]\n"
    assert shares(drawn(quarrel(tmp_path, ann=text), 100)[0]) == {(6, 6, 5, 4, 3, 2, 1, 0): 1.0}
    # 1 and 2 are not known to be equal, and both are better than 3.
    text = "ranking: [[1, 2], 3, 4, 5, 6, 7, 8]\nclaims: [quiet]\nunknown: [[1, 2]]\n"
    found = shares(drawn(quarrel(tmp_path, ann=text))[0])
    assert found == {(7, 6, 5, 4, 3, 2, 1, 0): near(0.5), (6, 7, 5, 4, 3, 2, 1, 0): near(0.5)}


def test_the_same_seed_gives_the_same_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = quarrel(tmp_path, ann="prefers:\n  - ben.hedge\n  - ann.fence\n")
    conflict = conflict_of(case, {})
    found = robustness(case, conflict, rankings=300, seed=7)
    monkeypatch.setattr(module, "BLOCK", 11)
    assert robustness(case, conflict, rankings=300, seed=7) == found
    assert robustness(case, conflict, rankings=300, seed=8) != found


def test_another_decision_makers_wants_leave_the_luck_of_one_as_it_was(tmp_path: Path) -> None:
    ann = "prefers:\n  - ben.hedge\n  - ann.fence\n"
    before = drawn(quarrel(tmp_path, ann=ann), 100)[0]
    after = drawn(quarrel(tmp_path, ann=ann, ben="prefers:\n  - ben.paint\n"), 100)[0]
    assert np.array_equal(before, after)


def test_it_says_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    case = quarrel(tmp_path, ann="prefers:\n  - ben.hedge\n")
    conflict, stop, told = conflict_of(case, {}), threading.Event(), []

    def progress(done: int) -> None:
        told.append(done)
        stop.set()

    assert (
        robustness(case, conflict, rankings=1000, work=Work(progress=progress, stop=stop)).rankings
        == sum(told)
        == module.BLOCK
    )
    nothing = robustness(case, conflict, rankings=1000, work=Work(stop=stop))
    assert nothing.rankings == 0
    assert nothing.equilibria == {}


def test_what_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    case = quarrel(tmp_path)
    with pytest.raises(RequestError, match="one or more"):
        robustness(case, conflict_of(case, {}), rankings=0)
    with pytest.raises(RequestError, match="has no section stability"):
        robustness(load("harbour_truce"), conflict_of(case, {}))


# ---- nothing to draw -------------------------------------------------------------------------------------------------

FULL = """\
prefers:
  - {wants: ben.hedge, claims: [quiet]}
  - {wants: not ann.fence, claims: [quiet]}
  - {wants: ben.paint, claims: [quiet]}
"""
"""Statements that rest on claims, in an order that is settled, and tell every state apart."""
BEST = "ben.hedge and not ann.fence and ben.paint"


def test_one_ranking_that_the_claims_allow_is_one_and_not_a_sample(tmp_path: Path) -> None:
    case = quarrel(tmp_path, ann=FULL, ben=FULL)
    told: list[int] = []
    assert len(shares(drawn(case)[0])) == len(shares(drawn(case)[1])) == 1
    found = robustness(case, conflict_of(case, {}), rankings=1_000, work=Work(progress=told.append))
    assert (found.rankings, found.settled, found.interval) == (1, True, {})
    assert sum(told) == 1
    assert {share for held in found.equilibria.values() for share in held.values()} <= {0.0, 1.0}
    result = stability(case, rankings=1_000)
    assert (result.provenance.partial, result.provenance.worlds) == (False, 0)  # nothing was sampled
    for concept in ROBUST:
        held = {state for state, share in found.equilibria[concept].items() if share}
        assert held == set(result.equilibria[concept])


@pytest.mark.parametrize(
    "loosened",
    [
        FULL.replace("{wants: ben.paint, claims: [quiet]}", "{wants: ben.paint}"),  # an assumption
        FULL.rpartition("  - ")[0],  # states that are told apart no longer
        "prefers:\n  - any_order: [{wants: ben.hedge, claims: [quiet]}, {wants: ben.paint, claims: [quiet]}]\n"
        "  - {wants: not ann.fence, claims: [quiet]}\n",
        FULL + f"unknown:\n  - [{BEST}, {BEST.replace('ben.paint', 'not ben.paint')}]\n",
    ],
)
def test_whatever_is_left_open_is_sampled(tmp_path: Path, loosened: str) -> None:
    case = quarrel(tmp_path, ann=loosened, ben=FULL)
    assert len(shares(drawn(case)[0])) > 1
    found = robustness(case, conflict_of(case, {}), rankings=300)
    assert (found.rankings, found.settled) == (300, False)
    assert set(found.interval) == set(ROBUST)


@settings(max_examples=25)
@given(pairs=st.lists(st.lists(st.integers(1, 8), min_size=2, max_size=2, unique=True), max_size=4), ties=st.booleans())
def test_settled_is_what_no_draw_contradicts(pairs: list[list[int]], ties: bool) -> None:
    """Whatever pairs are unknown: settled rankings are all alike, and others are seen to differ."""
    ranking = "[[1, 2], 3, 4, [5, 6], 7, 8]" if ties else "[1, 2, 3, 4, 5, 6, 7, 8]"
    unknown = f"unknown: {pairs}\n" if pairs else ""
    with tempfile.TemporaryDirectory() as folder:
        case = quarrel(Path(folder), ann=f"ranking: {ranking}\nclaims: [quiet]\n{unknown}")
    assert DrawnRankings(case, {}, 1).settled == (len(shares(drawn(case, 400)[0])) == 1)
