"""A recorded choice counts as what the model gave it, also where it is not certain that the decision came up.

Posteriors are worked out on paper or on a grid; records for calibration are written from the case's own worlds.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from detente.dynamics import Design, Simulation, forced_by
from detente.dynamics.kernel import Forced
from detente.hindcast.fitting import fit_to
from detente.hindcast.sbc import recover
from detente.requests import FitRequest, Work
from detente.run import run
from detente.scenario import Case, load
from tests.dynamics.programs import RECORD, written
from tests.dynamics.small import HEAD, small
from tests.hindcast.coin import UNTIL

Floats = NDArray[np.float64]
TAKEN = "2031-05-01,2031-05-01T05:00+02:00,told,1,,,,,side,office,high,\n"
OPENS: dict[str, Any] = {
    "uncertainties": {"p_open": {"range": "0..1"}},
    "auxiliaries": {"open_": {"equals": "chance(p_open)"}},
    "measures": {"how_open": {"equals": "p_open"}},
    "questions": {
        "was_open": {"asks": "Was it open on 1 May?", "answer": "open_ on 2031-05-01"},
        "was_open_next": {"asks": "Was it open on 2 May?", "answer": "open_ on 2031-05-02"},
        "share": {"asks": "How often is it open?", "answer": "how_open on 2031-05-03"},
    },
}
CHOICE = {
    "options": {"side": {"take": {}}}, "known": {"told": {"choice": "side.take"}},
    "decisions": {"side.take": {"when": "open_", "usual": {"chance": 0.2}}},
}  # fmt: skip
SHOCK = {"shocks": {"hit": {"when": "open_", "chance": 0.2}}, "known": {"told": {"choice": "hit"}}}


def told(folder: Path, lines: str, **sections: Any) -> Case:
    """Load a case with these lines in its record."""
    actors = {"actors": {"side": {"is": "someone"}}}
    entry = {**HEAD, "as_of": "2031-05-03T06:00+02:00", "days": 5, "record": "record.csv", **actors, **sections}
    where = written(entry, folder)
    (where / "record.csv").write_text(RECORD + lines, encoding="utf-8")
    return load(where)


@pytest.mark.parametrize("sections", [CHOICE, SHOCK], ids=["choice", "shock"])
def test_what_can_only_happen_on_an_occasion_shows_that_there_was_one(
    tmp_path: Path, sections: Mapping[str, Any]
) -> None:
    """It was open for certain, and p_open has the density 2p: its mean is two thirds."""
    found = run(told(tmp_path, TAKEN, **OPENS, **sections), worlds=40_000, replicates=4).answers
    assert found["was_open"].probability == 0.999  # a share is never said to be all of them
    assert found["share"].mean == pytest.approx(2 / 3, abs=0.01)
    before = run(told(tmp_path / "before", "", **OPENS, **sections), worlds=40_000, replicates=4).answers
    assert before["was_open"].probability == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("sections", [CHOICE, SHOCK], ids=["choice", "shock"])
def test_what_was_not_done_speaks_a_little_against_an_occasion(tmp_path: Path, sections: Mapping[str, Any]) -> None:
    """P(open | not taken) = 0.5 · 0.8 / (0.5 · 0.8 + 0.5) = 4/9."""
    line = TAKEN.replace("told,1", "told,0")
    found = run(told(tmp_path, line, **OPENS, **sections), worlds=40_000, replicates=4).answers
    assert found["was_open"].probability == pytest.approx(4 / 9, abs=0.015)


def test_a_choice_that_holds_may_have_been_taken_on_an_earlier_occasion(tmp_path: Path) -> None:
    """On 2 May it holds if taken then, 0.2 p, or on 1 May and closed since, 0.2 p (1 - p): open with 0.5 / (2/3)."""
    line = TAKEN.replace("2031-05-01", "2031-05-02")
    found = run(told(tmp_path, line, **OPENS, **CHOICE), worlds=40_000, replicates=4).answers
    assert found["was_open_next"].probability == pytest.approx(0.75, abs=0.015)


def test_what_a_lever_imposes_says_nothing_of_how_it_is_decided(tmp_path: Path) -> None:
    """A choice that is imposed on the day that the record tells of was decided by nobody."""
    lever = {"levers": {"never": {"sets": {"side.take": "false"}, "from": "2031-05-01"}}}
    case = told(tmp_path, TAKEN, **OPENS, **CHOICE, **lever)
    simulation = Simulation(case, replicates=4, threads=1)
    _, log_weight = simulation.ensemble.answers(
        np.full((1, 64), 0.5, np.float32), np.arange(64, dtype=np.uint32),
        forced_by(case, simulation.watch.program, "never"), 4,
    )  # fmt: skip
    assert (log_weight == 0).all()


TWO_UNKNOWN: dict[str, Any] = {
    "uncertainties": {"p_open": {"range": "0..1"}},
    "auxiliaries": {"open_": {"equals": "chance(p_open)"}},
    "measures": {"taken": {"equals": "days(side.take) / 1 [day]"}},
    "questions": {"last": {"asks": "Taken at last?", "answer": "side.take on 2031-05-20"}},
    "record": "record.csv", **CHOICE,
    "decisions": {"side.take": {"when": "open_", "usual": {"chance": "0..1"}}},
}  # fmt: skip
SEEN = (0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0)


def on_a_grid(seen: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return the marginal densities of p_open and of the usual chance at 400 points each.

    Each day the choice comes up with chance p and is then taken with chance c; else what held before holds.
    """
    points = (np.arange(400) + 0.5) / 400
    p, c = np.meshgrid(points, points, indexing="ij")
    density, before = np.ones_like(p), 0
    for value in seen:
        density *= p * (c if value else 1 - c) + (1 - p) * (value == before)
        before = value
    return density.sum(axis=1) / density.sum(), density.sum(axis=0) / density.sum()


def test_fitting_finds_what_a_grid_finds(tmp_path: Path) -> None:
    case = small(tmp_path, **TWO_UNKNOWN)
    simulation = Simulation(case, seed=3, threads=1, replicates=64)
    program = simulation.watch.program
    forced = Forced.nothing(program)
    forced.chosen[: len(SEEN), program.choices.index("side.take")] = SEEN
    found = fit_to(simulation, forced, UNTIL, particles=1_024, seed=2).posterior.parameters
    points = (np.arange(400) + 0.5) / 400
    for name, density in zip(("p_open", "side.take/usual"), on_a_grid(SEEN), strict=True):
        mean = float(density @ points)
        sd = float(np.sqrt(density @ (points - mean) ** 2))
        assert float(found[name].mean()) == pytest.approx(mean, abs=0.02)
        assert float(found[name].std()) == pytest.approx(sd, abs=0.02)
        assert abs(mean - 0.5) > 0.05 or abs(sd - 12**-0.5) > 0.05  # the record does teach something


SEVERAL: dict[str, Any] = {
    "record": "record.csv",
    "uncertainties": {"p_open": {"range": "0..1"}, "p_storm": {"range": "0.1..0.9"}},
    "auxiliaries": {"open_": {"equals": "chance(p_open)"}},
    "shocks": {"storm": {"when": "open_", "chance": "p_storm"}},
    "options": {"side": {"talk": {}, "way": {"ladder": ["low", "mid", "high"], "start": "mid"}}},
    "decisions": {
        "side.talk": {"when": "storm or p_open > 0.7", "usual": {"chance": "0.1..0.6"}},
        "side.way": {"when": "open_", "usual": {"up": {"chance": "0.1..0.5"}, "down": {"chance": 0.2}},
                     "leans": [{"toward": "1 if side.talk else 0", "to": "up", "odds": "1..6"}]},
    },
    "known": {"stormed": {"choice": "storm"}, "talked": {"choice": "side.talk"}, "went": {"choice": "side.way"}},
    "measures": {"high": {"equals": "rung(side.way)"}},
    "questions": {"last": {"asks": "How high?", "answer": "high on 2031-05-20"}},
}  # fmt: skip
WORDS = {"storm": ("stormed", ("0", "1")), "side.talk": ("talked", ("0", "1")),
         "side.way": ("went", ("low", "mid", "high"))}  # fmt: skip


def records(folder: Path, count: int) -> tuple[Case, list[tuple[Mapping[str, float], Case]]]:
    """Return the case, and so many worlds of it: the numbers of each, and the case with its record of ten days."""
    case = small(folder, **SEVERAL)
    simulation = Simulation(case, seed=21, threads=1, replicates=4)
    program = simulation.watch.program
    design = Design("truth", {}, count, Forced.nothing(program))
    drawn = simulation.ensemble.drawn(design, 0, count)
    courses = simulation.ensemble.worlds(design, [(draw, 0) for draw in range(count)], list(WORDS))
    found: list[tuple[Mapping[str, float], Case]] = []
    for draw, course in enumerate(courses):
        lines = ""
        for day, values in enumerate(course[:10]):
            date = f"2031-05-{day + 1:02d}"
            for value, (measure, words) in zip(values, WORDS.values(), strict=True):
                lines += f"{date},{date}T05:00+02:00,{measure},{words[int(value)]},,,,,side,office,high,\n"
        where = written({**HEAD, "days": 20, "as_of": "2031-05-11T06:00+02:00",
                         "actors": {"side": {"is": "someone"}}, **SEVERAL}, folder / str(draw))  # fmt: skip
        (where / "record.csv").write_text(RECORD + lines, encoding="utf-8")
        found.append(({name: float(drawn.values[name][draw]) for name in program.parameters}, load(where)))
    return case, found


def test_truths_behind_uncertain_occasions_are_found_as_often_as_intervals_say(tmp_path: Path) -> None:
    case, some = records(tmp_path, 20)
    found = recover(
        case, some, FitRequest(str(case.folder), until=UNTIL, particles=128, replicates=32), work=Work(threads=1)
    )
    # A hundred intervals, five to a record: two standard errors are six points.
    assert 0.82 <= found.coverage() <= 0.98
    pooled = np.bincount(found.ranks.ravel(), minlength=found.among + 1)
    assert stats.chisquare(pooled).pvalue > 0.001


@pytest.mark.long
def test_ranks_of_truths_behind_uncertain_occasions_are_even(tmp_path: Path) -> None:
    case, some = records(tmp_path, 200)
    found = recover(case, some, FitRequest(str(case.folder), until=UNTIL, particles=256, replicates=64))
    for number in found.numbers:
        assert 0.85 <= found.coverage(number) <= 0.95, number
        assert found.evenness(number) > 0.001, f"{number}: {found.histogram(number)}"
