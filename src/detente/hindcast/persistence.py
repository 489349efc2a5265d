"""The forecast that all stays as it stood: what a question's own course showed on the last day that was over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Design, Forced, Simulation
from detente.hindcast.filtering import weights_of
from detente.hindcast.forecasting import Asked, point
from detente.hindcast.result import Forecast

__all__ = ["MARGIN", "as_it_stood", "last_day_over", "persistence"]

MARGIN = 0.01
"""A yes/no that stands as it stood is given 1 or 99 %: nothing is sure, and a sure forecast loses without bound."""
DRAWS = 256
"""Draws that tell how things stood: what is known hardly differs between worlds that follow it."""


def last_day_over(simulation: Simulation, as_of: dt.datetime) -> int | None:
    """Return the last day that was over at a moment, counted from 0 and none beyond the last; None before the first."""
    program = simulation.watch.program
    day = min(program.day_of(as_of.date()) - 1, program.days - 1)
    return day if day >= 0 else None


def as_it_stood(simulation: Simulation, forced: Forced, day: int, draws: int) -> Mapping[str, float]:
    """Return how each course of a question stood on a day, averaged over worlds by how well they follow the record.

    Parameters
    ----------
    simulation
        The case, ready to run.
    forced
        What was known.
    day
        Counted from 0.
    draws
        How many there are to take; a few hundred do.

    Returns
    -------
    mapping
        By question. A course that is no number in some world of weight is left out, and so is everything where no world
        has weight.
    """
    ensemble, watch = simulation.ensemble, simulation.watch
    count = min(draws, DRAWS)
    design = Design("as it stood", {}, count, forced)
    courses = {question: watch.series.index(name) for question, name in watch.courses.items() if name in watch.series}
    log_weight: list[NDArray[np.floating]] = []
    held: dict[int, list[NDArray[np.float64]]] = {row: [] for row in courses.values()}
    for first in range(0, count, ensemble.block_draws):
        block = ensemble.block(design, first)
        inside = min(block.draws, count - first)
        log_weight.append(block.log_weight_by_world[:, :inside].ravel())
        for row, values in held.items():
            truth, place = block.out.places[row]
            table = block.out.kept.truths if truth else block.out.kept.numbers
            on_day = np.asarray(table)[day, place].reshape(block.log_weight_by_world.shape)
            values.append(on_day[:, :inside].ravel().astype(np.float64))
    weights = weights_of(np.concatenate(log_weight))
    stood = {row: _mean(np.concatenate(values), weights) for row, values in held.items()}
    return {question: value for question, row in courses.items() if (value := stood[row]) is not None}


def _mean(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float | None:
    """Return the weighted mean; exactly the value where all agree, and None where one of weight is no number."""
    counted = values[weights > 0]
    if not len(counted) or np.isnan(counted).any():
        return None
    return float(counted[0] if (counted == counted[0]).all() else np.average(counted, weights=weights[weights > 0]))


def persistence(asked: Asked, stood: float | None) -> Forecast | None:
    """Return the forecast that a question's course stays as it stood, scored; None where it has no course.

    A yes/no stays as it was, within 1 and 99 %; a number keeps its value; what had not happened yet never does.

    Parameters
    ----------
    asked
        The question.
    stood
        Its course on the last day that was over: a share, a number, or, for a date, whether it had come.
    """
    if stood is None or asked.kind == "choice":
        return None
    if asked.kind == "date":
        return point(asked, asked.never, MARGIN) if stood < 0.5 else None
    return point(asked, stood, MARGIN)
