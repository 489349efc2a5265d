"""What became of every element in many worlds: how low and how high it went, whether it stayed a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Program
from detente.dynamics.bounds import crossings
from detente.dynamics.interpreter import Result
from detente.dynamics.program import with_summaries
from detente.scenario import Case, Equation
from detente.validation.occasions import occasion_of
from detente.validation.watched import ROLE
from detente.validation.worlds import Columns, days_of

__all__ = ["States", "Survey", "survey_of"]

Floats = NDArray[np.float64]
LARGEST = float(np.finfo(np.float32).max)
"""Beyond this a number is infinite in a run, which counts in single precision."""
SAMPLED = 512
"""States of the model kept, over days and worlds, to look at influences in."""


@dataclass(frozen=True)
class States:
    """Moments of some worlds: every element's value, ``[states]`` each, and the day of each moment."""

    values: Mapping[str, Floats]
    days: NDArray[np.intp]


@dataclass(frozen=True)
class Survey:
    """What some worlds went through.

    Parameters
    ----------
    names
        Every element and measure that is a number or a yes/no.
    lowest, highest
        How far each went over all days, ``[names, worlds]``.
    spoilt
        Whether it was no finite number on some day, ``[names, worlds]``.
    later_lowest, later_highest
        The same over the days from the cut on, ``[names, worlds]``; infinite where there are none.
    crossed
        For each bound, in the order of the case, whether it was crossed on some day, ``[worlds]``.
    answers
        Each question's answer, by name, ``[worlds]``; a day that never comes is infinite.
    log_weight
        How well each world follows what was known, ``[worlds]``.
    started, stocks
        Where stocks started, ``[worlds]``, and stood each evening, ``[days, worlds]``; where they were kept.
    states
        Moments to look at influences in; where they were kept.
    occasions, taken
        By decision, how often it came up and how often its option changed then, ``[worlds]``; where they were counted.
    held
        By end at which a curve can be held, on how many of the days from the cut on it was, ``[worlds]``.
    reasons
        By reason of a decision, the weakest and the strongest that it was where the decision came up, in any world.
    later_days
        How many days there are from the cut on.
    """

    names: tuple[str, ...]
    lowest: Floats
    highest: Floats
    spoilt: NDArray[np.bool_]
    later_lowest: Floats
    later_highest: Floats
    crossed: tuple[NDArray[np.bool_], ...]
    answers: Mapping[str, Floats]
    log_weight: Floats
    started: Mapping[str, Floats]
    stocks: Mapping[str, Floats]
    states: States
    occasions: Mapping[str, Floats]
    taken: Mapping[str, Floats]
    held: Mapping[str, Floats]
    reasons: Mapping[str, tuple[float, float]]
    later_days: int

    @property
    def weight(self) -> Floats:
        """What each world weighs, ``[worlds]``, adding up to 1; one whose weight is no number counts for nothing."""
        known = np.isfinite(self.log_weight)
        if not known.any():
            return np.full(len(known), 1 / len(known))
        highest = self.log_weight[known].max()
        weight = np.where(known, np.exp(np.where(known, self.log_weight, highest) - highest), 0.0)
        return np.asarray(weight / weight.sum())


def survey_of(
    case: Case,
    program: Program,
    columns: Columns,
    seed: int,
    *,
    closely: bool = False,
    levers: Sequence[str | None] = (),
) -> Survey:
    """Carry worlds through all days and note what became of every element.

    Parameters
    ----------
    case, program
        The case, and the equations to read.
    columns, seed
        The worlds, and the seed of their luck.
    closely
        Whether to keep stocks day by day, states and occasions too.
    levers
        Which lever is set in each of so many groups of worlds of equal size; without any, none is.

    Returns
    -------
    Survey
        Of every element and measure, ``[names, worlds]``, and every question, ``[worlds]``.
    """
    bounds = crossings(program)
    program = with_summaries(program, bounds)
    noted = _Noted(program, columns)
    watched = _Watched(program, columns) if closely else None
    result = None
    for day, result in days_of(case, program, columns, seed, levers):
        noted.add(day, result)
        if watched is not None:
            watched.add(day, result)
    assert result is not None  # a case has a day or more
    answers = {
        one.name: _column(result.values[one.name], columns.count)
        for one in program.summaries
        if one.role in ("question", "measure")
    }
    crossed = tuple(np.isfinite(_column(result.values[one.name], columns.count)) for one in bounds)
    weight = np.asarray(result.state["log_weight",], np.float64)
    kept = watched if watched is not None else _Watched(program, columns)
    return Survey(
        noted.names,
        noted.lowest,
        noted.highest,
        noted.spoilt,
        noted.later_lowest,
        noted.later_highest,
        crossed,
        answers,
        np.broadcast_to(weight, columns.count),
        kept.started,
        {name: np.array(rows) for name, rows in kept.stocks.items()},
        kept.states(),
        kept.occasions,
        kept.taken,
        noted.held,
        noted.reasons(),
        max(0, program.days - max(0, program.as_of)),
    )


def _column(value: Any, count: int) -> Floats:
    return np.broadcast_to(np.asarray(value, np.float64), count)


class _Noted:
    """The lowest and highest of every element so far, and whether it stayed a number."""

    def __init__(self, program: Program, columns: Columns) -> None:
        measures = [one for one in program.summaries if one.role == "measure"]
        left_out = {one.name for one in measures if one.kind.name == "date"}
        every = (*program.order, *program.summaries)
        watched = {one.name: one for one in every if isinstance(one, Equation) and one.role == ROLE}
        named = [one.name for one in (*program.order, *program.stocks, *measures)]
        self.names = tuple(name for name in named if name not in left_out | set(watched))
        shape = (len(self.names), columns.count)
        self.lowest, self.highest = np.full(shape, np.inf), np.full(shape, -np.inf)
        self.later_lowest, self.later_highest = self.lowest.copy(), self.highest.copy()
        ends = [name for name, one in watched.items() if one.kind.name == "truth"]
        self.held = {name: np.zeros(columns.count) for name in ends}
        self.strengths = {name: [np.inf, -np.inf] for name in watched if name not in self.held}
        self.cut = max(0, program.as_of)
        self.spoilt = np.zeros(shape, bool)
        self.count = columns.count

    def add(self, day: int, result: Result) -> None:
        for row, name in enumerate(self.names):
            value = _column(result.values[name], self.count)
            np.fmin(self.lowest[row], value, out=self.lowest[row])
            np.fmax(self.highest[row], value, out=self.highest[row])
            self.spoilt[row] |= ~(np.abs(value) <= LARGEST)
            if day >= self.cut:
                np.fmin(self.later_lowest[row], value, out=self.later_lowest[row])
                np.fmax(self.later_highest[row], value, out=self.later_highest[row])
        if day >= self.cut:
            for name, days in self.held.items():
                days += _column(result.values[name], self.count) > 0
        for name, span in self.strengths.items():
            value = np.asarray(result.values[name], np.float64)
            if not np.isnan(value).all():
                span[:] = min(span[0], float(np.nanmin(value))), max(span[1], float(np.nanmax(value)))

    def reasons(self) -> dict[str, tuple[float, float]]:
        return {name: (low, high) for name, (low, high) in self.strengths.items() if low <= high}


class _Watched:
    """Stocks day by day, a sample of states, and how often decisions come up."""

    def __init__(self, program: Program, columns: Columns) -> None:
        self.program, self.columns = program, columns
        numbers = {**program.exact, **columns.numbers}
        self.started = {one.name: _column(numbers[one.start], columns.count) for one in program.stocks}
        self.stocks: dict[str, list[Floats]] = {one.name: [] for one in program.stocks}
        self.decided = {
            name: option for name, option in program.elements.options.items() if option.decision is not None
        }
        self.before = {name: np.full(columns.count, float(option.start)) for name, option in self.decided.items()}
        self.occasions = {name: np.zeros(columns.count) for name in self.decided}
        self.taken = {name: np.zeros(columns.count) for name in self.decided}
        self.sampled: list[Mapping[str, Floats]] = []
        self.days: list[NDArray[np.intp]] = []
        self.each = max(1, SAMPLED // program.days)
        own = [one for one in program.order if not (isinstance(one, Equation) and one.role == ROLE)]
        self.names = [one.name for one in (*own, *program.stocks)]

    def add(self, day: int, result: Result) -> None:
        count = self.columns.count
        for name, rows in self.stocks.items():
            rows.append(_column(result.values[name], count))
        for name, option in self.decided.items():
            now = _column(result.values[name], count)
            raised = _column(result.values[occasion_of(name)], count) > 0
            if option.lasting:
                raised = raised & (self.before[name] == option.start)
            self.occasions[name] += raised
            self.taken[name] += raised & (now != self.before[name])
            self.before[name] = now
        # Other worlds each day, spread over all of them, so that few draws do not stand for many.
        worlds = (day * self.each + np.arange(self.each) * max(1, count // self.each)) % count
        values = {name: _column(result.values[name], count)[worlds] for name in self.names}
        values |= {name: _column(value, count)[worlds] for name, value in self.columns.numbers.items()}
        self.sampled.append(values)
        self.days.append(np.full(len(worlds), day, np.intp))

    def states(self) -> States:
        if not self.sampled:
            return States({}, np.zeros(0, np.intp))
        return States(
            {name: np.concatenate([one[name] for one in self.sampled]) for name in self.sampled[0]},
            np.concatenate(self.days),
        )
