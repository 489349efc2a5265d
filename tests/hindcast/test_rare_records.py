"""Records that few worlds can leave: those few carry all the weight, however unlikely they make it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detente.run import run
from detente.scenario import Case, load
from tests.dynamics.programs import RECORD, written
from tests.dynamics.small import HEAD


def known(folder: Path, tosses: list[int], **sections: Any) -> Case:
    """Load a case of so many days with a choice told on each."""
    entry = {**HEAD, "as_of": "2031-06-28T06:00+02:00", "days": 60, "record": "record.csv",
             "actors": {"side": {"is": "someone"}}, "options": {"side": {"talk": {}}},
             "known": {"told": {"choice": "side.talk"}}, **sections}  # fmt: skip
    where = written(entry, folder)
    days = [f"2031-05-{day:02d}" for day in range(1, 32)] + [f"2031-06-{day:02d}" for day in range(1, 27)]
    lines = [f"{day},{day}T05:00+02:00,told,{toss},,,,,side,office,high,"
             for day, toss in zip(days, tosses, strict=False)]  # fmt: skip
    (where / "record.csv").write_text(RECORD + "\n".join(lines) + "\n", encoding="utf-8")
    return load(where)


@pytest.mark.parametrize("days", [1, 30, 55])
def test_a_world_that_could_not_have_begun_never_outweighs_those_that_could(tmp_path: Path, days: int) -> None:
    """Where it is not open no talk can begin, though one begun would hold; where it is, each day is even odds.

    However long the record of talks: it was open.
    """
    case = known(
        tmp_path, [1] * days, uncertainties={"p": {"range": "0..1"}}, auxiliaries={"open_": {"equals": "p > 0.5"}},
        decisions={"side.talk": {"when": "open_", "usual": {"chance": 0.5}}},
        questions={"was_open": {"asks": "Was it open?", "answer": "open_ on 2031-05-02"}},
    )  # fmt: skip
    assert run(case, worlds=4_000, replicates=4).answers["was_open"].probability == 0.999


def test_what_one_draw_in_two_thousand_can_do_is_found_among_those_that_cannot(tmp_path: Path) -> None:
    """None of the first draws can have left this record; what scales the weights must not stay with them."""
    case = known(
        tmp_path, [1], uncertainties={"p": {"range": "0..1"}}, auxiliaries={"able": {"equals": "p > 0.9995"}},
        decisions={"side.talk": {"when": "able", "usual": {"chance": 0.5}}},
        measures={"how_able": {"equals": "p"}},
        questions={"was_able": {"asks": "Was it able?", "answer": "able on 2031-05-02"},
                   "level": {"asks": "How able?", "answer": "how_able on 2031-05-02"}},
    )  # fmt: skip
    made = run(case, worlds=40_000, replicates=1)
    assert made.answers["was_able"].probability == 0.999
    assert made.answers["level"].quantiles["50"] == pytest.approx(0.99975, abs=2e-3)  # type: ignore[index]
    assert made.main.effective_draws < 60
