"""Whatever passes the check also runs: cases changed at random are used in every way, and none ends in a traceback.

A change that the check refuses is tried again; so each of these cases passed it with one to three changes.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.run.mutants import BASES, mutant, use

ASKED = [base for base in BASES if base not in ("ford", "bridge")]
"""Those that ask something of worlds."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("base", BASES)
def test_what_passes_the_check_is_carried_through_its_days(base: str, tmp_path: Path) -> None:
    for seed in range(4):
        case = mutant(base, seed, tmp_path / str(seed))
        assert case is None or use(case, compiled=False)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("base", ASKED)
def test_what_passes_the_check_runs(base: str, tmp_path: Path) -> None:
    case = mutant(base, 1_000, tmp_path)
    assert case is not None
    assert use(case, compiled=True) in ("runs", "says what is wrong")


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("base", BASES)
def test_five_hundred_that_pass_the_check_run(base: str, tmp_path: Path) -> None:
    ended: Counter[str] = Counter()
    for seed in range(84):
        case = mutant(base, seed, tmp_path / str(seed))
        if case is not None:
            ended[use(case, compiled=True)] += 1
    assert ended.total() > 80
    assert ended["asks nothing of worlds" if base not in ASKED else "runs"] > 40, ended
