"""Worlds keep their luck: whatever the block, the threads, the elements beside them, a lever or the record."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.dynamics.ensemble import Design, Part
from detente.dynamics.forcing import forced_by
from detente.dynamics.kernel import Forced
from detente.dynamics.observables import watch
from detente.dynamics.program import build_program
from detente.scenario import Case, load
from tests.dynamics.programs import random_case, written
from tests.dynamics.small import courses, ensemble, free, small

TWO_SIDES: dict[str, Any] = {
    "options": {"north": {"talk": {}}, "south": {"way": {"ladder": ["low", "mid", "high"], "start": "low"}}},
    "decisions": {
        "north.talk": {
            "when": "true", "usual": {"chance": "0.2..0.6"},
            "leans": [{"toward": "share(x, 2)", "odds": "1.5..3"}],
        },
        "south.way": {"when": "true", "usual": {"up": {"chance": 0.3}, "down": {"chance": 0.1}}},
    },
    "shocks": {"storm": {"chance": 0.2}},
    "stocks": {"x": {"start": "0..1", "change": "normal(0, share(1, 2)) / 1 [day]"}},
    "measures": {"talks": {"equals": "north.talk"}, "way": {"equals": "rung(south.way)"}, "level": {"equals": "x"}},
    "questions": {
        "ends": {"asks": "When?", "answer": "first_day(storm)"},
        "high": {"asks": "How high?", "answer": "peak(x)"},
    },
}  # fmt: skip


def numbers_of(part: Part) -> dict[str, Any]:
    """Return everything that a part has counted."""
    return {name: value for name, value in vars(part.tally).items() if name not in ("scale", "lock")}


def same(left: Part, right: Part) -> None:
    for name, value in numbers_of(left).items():
        np.testing.assert_array_equal(value, numbers_of(right)[name], err_msg=name)
    for scale in dataclasses.fields(left.tally.scale):
        np.testing.assert_array_equal(getattr(left.tally.scale, scale.name), getattr(right.tally.scale, scale.name))


@pytest.fixture(scope="module")
def truce() -> Case:
    return load("harbour_truce")


@pytest.mark.parametrize(("block_worlds", "threads"), [(1_000, 2), (16_384, 1), (16_384, 2)])
def test_same_bits_for_every_block_size_and_thread(truce: Case, block_worlds: int, threads: int) -> None:
    settings: dict[str, Any] = {"series": ["captives_home", "truce_days", "truce"], "banded": 2, "seed": 5}
    design = Design("all", {}, 1_500, forced_by(truce, build_program(truce)))
    one = ensemble(truce, block_worlds=1_000, threads=1, **settings).run(design)
    other = ensemble(truce, block_worlds=block_worlds, threads=threads, **settings).run(design)
    assert one.tally.done == 1_500
    same(one, other)


def test_same_bits_with_blocks_that_fill_no_vector(tmp_path: Path) -> None:
    case = load(written(random_case(5, 3), tmp_path))
    program = build_program(case)
    wide = [
        name for name, kind in case.elements.kinds.items() if kind.name == "number" and name in case.elements.variables
    ]
    parts = [
        ensemble(case, block_worlds=size, replicates=3, series=wide, banded=len(wide)).run(
            Design("all", {}, 70, Forced.nothing(program))
        )
        for size in (21, 210)
    ]
    same(*parts)


def test_an_element_that_is_added_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    alone = courses(small(tmp_path / "a", **TWO_SIDES), "talks", "way", "level")
    more = {**TWO_SIDES, "shocks": {"flood": {"chance": "0.1..0.3"}, **TWO_SIDES["shocks"]},
            "auxiliaries": {"aside": {"equals": "normal(x, 1) + uniform(0, 1)"}}}  # fmt: skip
    joined = courses(small(tmp_path / "b", **more), "talks", "way", "level")
    np.testing.assert_array_equal(alone, joined)


def test_a_lever_leaves_all_other_luck_as_it_was(tmp_path: Path) -> None:
    lever: dict[str, Any] = {"levers": {"stop": {"sets": {"north.talk": "false"}, "from": "day 5"}}}
    case = small(tmp_path, **TWO_SIDES, **lever)
    pulled = Design("stop", {}, 16, forced_by(case, build_program(case), "stop"))
    before, after = courses(case, "talks", "way", "level"), courses(case, "talks", "way", "level", design=pulled)
    np.testing.assert_array_equal(before[1:], after[1:])
    np.testing.assert_array_equal(before[0, :5], after[0, :5])
    assert before[0, 5:].any()
    assert not after[0, 5:].any()


TOLD: dict[str, Any] = {
    "record": "record.csv",
    "known": {"talked": {"choice": "north.talk"}, "stormed": {"choice": "storm"}, "went": {"choice": "south.way"}},
}


def test_a_known_choice_draws_nothing_and_weights_by_its_chance(tmp_path: Path) -> None:
    case = small(tmp_path, **TWO_SIDES, **TOLD)
    program = build_program(case)
    known = Forced.nothing(program)
    known.chosen[3, program.choices.index("north.talk")] = 1
    known.chosen[4, program.choices.index("storm")] = 0
    known.chosen[0, program.choices.index("south.way")] = 1
    design = Design("known", {}, 4, known)
    made = ensemble(case)
    block = made.block(design, 0)
    free_, held = courses(case, "talks", "way", "level"), courses(case, "talks", "way", "level", design=design)
    assert (held[0, 3] == 1).all()
    np.testing.assert_array_equal(np.delete(free_[0], 3, axis=0), np.delete(held[0], 3, axis=0))
    np.testing.assert_array_equal(free_[2], held[2])
    drawn = made.drawn(design, 0, made.block_draws)
    usual, odds = (np.repeat(drawn.values[name], 16) for name in ("north.talk/usual", "north.talk/reason"))
    morning = courses(case, "level", draws=made.block_draws)[0, 2]
    odds_of_yes = usual / (1 - usual) * odds ** np.clip(morning / 2, 0, 1)
    expected = np.log(odds_of_yes / (1 + odds_of_yes)) + np.log(0.8) + np.log(0.3)
    np.testing.assert_allclose(block.log_weight, expected, atol=1e-4)


def test_a_choice_thought_impossible_weighs_little_and_never_infinitely(tmp_path: Path) -> None:
    case = small(tmp_path, **TWO_SIDES, **TOLD)
    program = build_program(case)
    known = Forced.nothing(program)
    known.chosen[0, program.choices.index("south.way")] = 2  # two rungs at once
    block = ensemble(case).block(Design("known", {}, 4, known), 0)
    np.testing.assert_allclose(block.log_weight, -1_000, rtol=1e-6)


def test_what_is_observed_with_an_error_weights_as_a_normal(tmp_path: Path) -> None:
    case_sections = {**TWO_SIDES, "record": "record.csv", "known": {"seen": {"measure": "x", "error": 0.5}}}
    case = small(tmp_path, **case_sections)
    known = Forced.nothing(build_program(case))
    known.observed[6, 0] = 1.25
    made = ensemble(case)
    block = made.block(Design("seen", {}, 4, known), 0)
    level = courses(case, "level", draws=made.block_draws)[0, 6]
    density = -0.5 * ((level - 1.25) / 0.5) ** 2 - np.log(0.5)
    np.testing.assert_allclose(block.log_weight, density, rtol=1e-4, atol=1e-4)


def test_a_wide_error_pays_for_its_width(tmp_path: Path) -> None:
    """A range of errors says nothing of how well the worlds fit: where they fit exactly the narrow ones weigh more."""
    case_sections = {
        **TWO_SIDES,
        "record": "record.csv",
        "known": {"seen": {"measure": "x", "error": {"range": "0.5..8"}}},
    }
    case = small(tmp_path, **case_sections)
    known = Forced.nothing(build_program(case))
    made = ensemble(case)
    draws = np.zeros(2, np.uint32)  # the same luck in both: only the error differs
    row = made.program.parameters.index(made.program.observed[0][2])
    parameters = np.tile(
        made.drawn(Design("seen", {}, 1, known), 0, 1).matrix(made.program.parameters, np.float32), (1, 2)
    )
    parameters[row] = 1.0, 4.0
    level = courses(case, "level", draws=made.block_draws)[0, 6]
    known.observed[6, 0] = level[0]
    _, weights = made.answers(parameters, draws, known, made.replicates)
    narrow, wide = weights.reshape(2, -1)[:, 0]
    assert narrow - wide == pytest.approx(np.log(4), abs=1e-4)


def test_worlds_by_number_are_those_of_the_blocks(tmp_path: Path) -> None:
    case = small(tmp_path, **TWO_SIDES)
    made = ensemble(case, series=["level", "talks"], banded=1)
    block = made.block(free(case, 64), 16)
    picked = [(17, 3), (16, 0), (31, 15)]
    found = made.worlds(free(case, 64), picked, ["level", "talks"])
    for row, (draw, replicate) in enumerate(picked):
        np.testing.assert_array_equal(found[row], np.asarray(block.series)[:, :, (draw - 16) * 16 + replicate])


@pytest.mark.parametrize(("replicates", "asked"), [(16, 4), (16, 16), (6, 2), (6, 3)])
def test_worlds_run_by_their_numbers_alone_are_those_of_the_blocks(tmp_path: Path, replicates: int, asked: int) -> None:
    """However many worlds of a draw stand together in memory, a world is what its numbers make it."""
    case = small(tmp_path, **TWO_SIDES)
    made = ensemble(case, series=["level", "talks"], banded=1, replicates=replicates)
    design = free(case, 3 * made.block_draws)
    drawn = made.drawn(design, 0, 2 * made.block_draws + 1)
    matrix = drawn.matrix(made.program.parameters, np.float32)
    answers, log_weight = made.answers(matrix, drawn.numbers, design.forced, asked)
    blocks = [made.block(design, first) for first in range(0, design.draws, made.block_draws)]
    whole = np.concatenate([block.answers for block in blocks], axis=1)[:, : len(drawn.numbers), :asked]
    np.testing.assert_array_equal(answers, whole.reshape(len(whole), -1))
    assert (log_weight == 0).all()


def test_what_is_shown_already_is_not_counted_twice(tmp_path: Path) -> None:
    more: dict[str, Any] = {
        **TWO_SIDES,
        "measures": {"talks": {"equals": "north.talk"}, "level": {"equals": "x", "headline": True}},
        "questions": {
            "soon": {"asks": "How high soon?", "answer": "level on 2031-05-03"},
            "late": {"asks": "How high late?", "answer": "x on 2031-05-09"},
            "talks_then": {"asks": "Do they talk then?", "answer": "talks on 2031-05-03"},
            "talks_later": {"asks": "Do they talk later?", "answer": "talks on 2031-05-09"},
        },
    }
    case = small(tmp_path, **more)
    seen = watch(case, build_program(case))
    assert seen.courses == {"soon": "level", "late": "level", "talks_then": "talks_then/course",
                            "talks_later": "talks_then/course"}  # fmt: skip
    assert seen.series == ("level", "talks_then/course")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_ever_not_a_number(tmp_path: Path, seed: int) -> None:
    case = load(written(random_case(100 + seed, 4), tmp_path))
    program = build_program(case)
    names = [*(step.name for step in program.order), *(stock.name for stock in program.stocks)]
    made = ensemble(case, series=names, banded=len(names))
    block = made.block(free(case), 0)
    assert np.isfinite(np.asarray(block.series)).all()
    assert not np.isnan(block.answers).any()


def test_stopped_on_the_way_what_is_done_is_returned(truce: Case) -> None:
    stop, seen = threading.Event(), []

    def progress(worlds: int) -> None:
        seen.append(worlds)
        if len(seen) == 20:
            stop.set()

    design = Design("all", {}, 4_000, forced_by(truce, build_program(truce)))
    part = ensemble(truce).run(design, progress, stop)
    assert part.partial
    assert part.tally.done == 20 * 16
    assert sum(seen) == part.tally.done * 16
    assert not ensemble(truce).run(dataclasses.replace(design, draws=40)).partial


def test_an_interruption_that_nobody_caught_is_not_swallowed(truce: Case) -> None:
    def progress(worlds: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensemble(truce).run(Design("all", {}, 4_000, forced_by(truce, build_program(truce))), progress)
