"""Tiny cases whose posterior can be worked out on paper: a coin, two tales of one, a length measured several times."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np

from detente.dynamics import Forced, Simulation
from detente.scenario import Case
from tests.dynamics.small import small

UNTIL = dt.datetime.fromisoformat("2031-05-15T06:00+02:00")
TOSSES = (1, 1, 0, 1, 1, 1, 0, 1, 0, 1)
"""Seven heads of ten."""


def coin(folder: Path, **sections: Any) -> Case:
    """Return a coin whose chance nobody knows, tossed every day."""
    given = {"decisions": {"side.toss": {"when": "true", "usual": {"chance": "0..1"}}}, **sections}
    return small(
        folder, record="record.csv", options={"side": {"toss": {"says": "Heads."}}},
        known={"heads": {"choice": "side.toss"}},
        measures={"tossed": {"says": "Days of heads.", "equals": "days(side.toss) by 2031-05-10"}},
        questions={"again": {"asks": "Heads on the last day?", "answer": "side.toss on 2031-05-20"},
                   "soon": {"asks": "How many heads in ten days?", "answer": "tossed"}}, **given,
    )  # fmt: skip


def two_tales(folder: Path) -> Case:
    """Return a coin that one side calls loaded and the other fair."""
    readings = {name: {"says": "It says so.", "by": "side"} for name in ("loaded", "fair")}
    chance = [{"when": {"kind_of_coin": "loaded"}, "range": "0.79..0.81"}, {"otherwise": "0.39..0.41"}]
    return coin(
        folder,
        claims={"kind_of_coin": {"kind": "cause", "about": "What coin is it?", "readings": readings}},
        uncertainties={"chance_of_heads": {"by_reading": chance}},
        decisions={"side.toss": {"when": "true", "usual": {"chance": "chance_of_heads"}}},
    )


def length(folder: Path, error: float | str) -> Case:
    """Return a length that nobody knows, normal with a 90 % interval from -2 to 2, measured with an error."""
    return small(
        folder, record="record.csv", stocks={"long": {"start": {"range": "-2 to 2"}, "change": "0"}},
        known={"measured": {"measure": "long", "error": {"value": error} if isinstance(error, float)
                            else {"range": error}}},
        measures={"seen": {"says": "The length.", "equals": "long"}},
        questions={"how_long": {"asks": "How long?", "answer": "seen on 2031-05-20"}},
    )  # fmt: skip


def ready(case: Case, **settings: Any) -> Simulation:
    """Return a case ready to run, small enough for a test."""
    return Simulation(case, **{"seed": 3, "threads": 1, "replicates": 4, **settings})


def tossed(simulation: Simulation, tosses: tuple[int, ...] = TOSSES) -> Forced:
    """Return what is set where these tosses were seen, from the first day on."""
    program = simulation.watch.program
    forced = Forced.nothing(program)
    forced.chosen[: len(tosses), program.choices.index("side.toss")] = tosses
    return forced


def measured(simulation: Simulation, *values: float) -> Forced:
    """Return what is set where these measurements were made, from the first day on."""
    forced = Forced.nothing(simulation.watch.program)
    forced.observed[: len(values), 0] = np.array(values)
    return forced
