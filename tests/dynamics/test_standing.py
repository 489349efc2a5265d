"""How the options of a conflict stand in the first worlds is kept as they are counted, not run again."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.dynamics import Simulated, position_of, watch
from detente.dynamics.accumulators import STOOD_DRAWS
from tests.dynamics.small import ensemble, free, small
from tests.dynamics.test_lineage import told
from tests.dynamics.test_worlds import TOLD, TWO_SIDES

STANDS = ("talks", "way")


def made(folder: Path, draws: int, **settings: Any) -> Simulated:
    case = small(folder, **TWO_SIDES, **TOLD)
    program = ensemble(case).program
    seen = dataclasses.replace(watch(case, program), program=program, stands=STANDS)
    built = ensemble(case, stands=[position_of(program, name) for name in STANDS], **settings)
    design = dataclasses.replace(free(case, draws), forced=told(built))
    return Simulated(built.run(design), seen, built)


def anew(part: Simulated, worlds: int, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return how the options stand in worlds that are run again."""
    with monkeypatch.context() as patched:
        patched.setattr(type(part.part.tally), "stood_in", lambda *_: None)
        return part.stands(worlds)


@pytest.mark.parametrize("replicates", [16, 6, 3])
def test_what_was_kept_is_what_running_again_gives(
    tmp_path: Path, replicates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = made(tmp_path, 100, replicates=replicates, block_worlds=replicates * 30)
    kept, again = part.stands(90), anew(part, 90, monkeypatch)
    assert part.part.tally.stood_in(90) is not None
    assert len(np.unique(kept[0], axis=0)) > 2
    assert len(np.unique(kept[1])) > 2
    for mine, other in zip(kept, again, strict=True):
        np.testing.assert_array_equal(mine, other)
        assert mine.dtype == other.dtype == np.float64


def test_more_than_was_kept_is_run(tmp_path: Path) -> None:
    part = made(tmp_path, 20)
    values, log_weight = part.stands(160)
    assert (len(values), len(log_weight)) == (160, 160)
    np.testing.assert_array_equal(values[:80], part.stands(80)[0])
    assert part.part.tally.stood_in(21) is None
    assert made(tmp_path, STOOD_DRAWS + 9).part.tally.stood_in(STOOD_DRAWS) is not None


def test_what_was_stopped_on_the_way_is_run_again(tmp_path: Path) -> None:
    part = made(tmp_path, 500)
    stop = threading.Event()
    stopped = part.ensemble.run(part.part.design, lambda _: stop.set(), stop)
    assert stopped.partial
    left = Simulated(stopped, part.watch, part.ensemble)
    assert stopped.tally.stood_in(stopped.tally.done) is not None
    assert stopped.tally.stood_in(stopped.tally.done + 1) is None
    np.testing.assert_array_equal(left.stands(1_600)[0], part.stands(1_600)[0])
