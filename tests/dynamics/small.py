"""Small cases written in a test, and the ensembles that run them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.ensemble import Design, Ensemble
from detente.dynamics.kernel import Forced
from detente.dynamics.program import build_program
from detente.scenario import Case, load
from tests.dynamics.programs import STARTS, written

HEAD = {
    "case": "small", "title": "A small case", "authors": ["a test"], "viewpoint": "None.",
    "as_of": "2031-05-01T06:00+02:00", "starts": STARTS,
}  # fmt: skip


def small(folder: Path, days: int = 20, **sections: Any) -> Case:
    """Load a case made of these sections."""
    actors = {name: {"is": "someone"} for name in sections.get("options", {})}
    return load(written({**HEAD, "days": days, "actors": actors, **sections}, folder))


def ensemble(case: Case, **settings: Any) -> Ensemble:
    return Ensemble(case, build_program(case), **{"seed": 3, "threads": 1, "block_worlds": 256, **settings})


def free(case: Case, draws: int = 16) -> Design:
    """Return a design in which nothing is forced."""
    return Design("free", {}, draws, Forced.nothing(build_program(case)))


def courses(
    case: Case, *names: str, draws: int = 2, replicates: int = 16, design: Design | None = None
) -> NDArray[np.float64]:
    """Return the values of some names on every day in every world, ``[names, days, worlds]``."""
    made = ensemble(case, replicates=replicates)
    worlds = [(draw, replicate) for draw in range(draws) for replicate in range(replicates)]
    return np.moveaxis(made.worlds(design or free(case), worlds, names), 2, 0).swapaxes(1, 2)
