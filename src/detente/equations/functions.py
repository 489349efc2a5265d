"""The functions of the language, as data: how many arguments each takes and what kind it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

__all__ = ["AGGREGATES", "CONSTANTS", "DOMAINS", "FUNCTIONS", "Function"]

Kind = Literal["plain", "clock", "memory", "draw"]


@dataclass(frozen=True, slots=True)
class Function:
    """One function: its name, the names of its arguments and its kind.

    ``plain`` needs only its arguments; ``clock`` reads the day; ``memory`` keeps something from day to day; ``draw``
    takes one uniform number of its own. ``open_ended`` takes any number of arguments, two or more.
    """

    name: str
    arguments: tuple[str, ...]
    kind: Kind = "plain"
    open_ended: bool = False


def _table(*functions: Function) -> dict[str, Function]:
    return {function.name: function for function in functions}


FUNCTIONS = _table(
    Function("min", ("a", "b"), open_ended=True),
    Function("max", ("a", "b"), open_ended=True),
    Function("abs", ("x",)),
    Function("exp", ("x",)),
    Function("log", ("x",)),
    Function("sqrt", ("x",)),
    Function("clip", ("x", "low", "high")),
    Function("logistic", ("x",)),
    Function("share", ("x", "full")),
    Function("lookup", ("x", "table")),
    Function("rung", ("option",)),
    Function("step", ("height", "date"), "clock"),
    Function("pulse", ("height", "date"), "clock"),
    Function("ramp", ("slope", "first", "last"), "clock"),
    Function("delay1", ("x", "time"), "memory"),
    Function("delay3", ("x", "time"), "memory"),
    Function("smooth1", ("x", "time"), "memory"),
    Function("smooth3", ("x", "time"), "memory"),
    Function("previous", ("x", "initial"), "memory"),
    Function("initial", ("x",), "memory"),
    Function("days_since", ("condition",), "memory"),
    Function("chance", ("p",), "draw"),
    Function("uniform", ("low", "high"), "draw"),
    Function("normal", ("mean", "sd"), "draw"),
    Function("lognormal", ("median", "spread"), "draw"),
    Function("beta", ("a", "b"), "draw"),
    Function("poisson", ("mean",), "draw"),
    Function("binomial", ("n", "p"), "draw"),
)

ANY, FROM_0, ABOVE_0, CHANCE = (-math.inf, math.inf), (0.0, math.inf), (math.ulp(0.0), math.inf), (0.0, 1.0)
DOMAINS: dict[str, tuple[tuple[float, float], ...]] = {
    "chance": (CHANCE,),
    "normal": (ANY, FROM_0),
    "lognormal": (FROM_0, FROM_0),
    "beta": (ABOVE_0, ABOVE_0),
    "poisson": (FROM_0,),
    "binomial": (FROM_0, CHANCE),
}
"""The least and the most that each argument of a draw may be; ``uniform`` takes its lower end first."""

AGGREGATES: frozenset[str] = frozenset({"ever", "always", "first_day", "days", "total", "mean", "peak"})
"""Summaries over the days of a world; allowed in measures, questions and signs only."""

CONSTANTS: frozenset[str] = frozenset({"day", "today", "as_of"})
"""Names that the language itself gives."""
