"""From counts to answers: shares, quantiles and ranges, with luck and ignorance kept apart."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.accumulators import BAND, Accumulators, quantiles_of_counts
from detente.dynamics.estimates import Estimate, interval_of_median, ratio
from detente.dynamics.program import Program
from detente.dynamics.ranges import ByDraw, range_of_days, range_of_numbers, range_of_shares
from detente.results import Answer, Band, Interval, weighted_quantile
from detente.scenario import Equation

__all__ = ["answer_of", "band_of", "draw_means", "effective_draws", "estimate_of", "estimate_where", "luck_variance",
           "mean_where", "of_median", "position_of", "quantiles_of"]  # fmt: skip

Floats = NDArray[np.float64]
PERCENT = tuple(f"{100 * share:.0f}" for share in BAND)
ONLY_LUCK, NOT_RESOLVED = "only luck", "not resolved"


def answer_of(
    program: Program, tally: Accumulators, summary: Equation, asks: str, uncertain: Callable[[], bool] = lambda: True
) -> Answer:
    """Return what the counted worlds say to a question, measure or sign; only a question's range is looked for.

    Parameters
    ----------
    program, tally
        What was run, and the counts of its worlds.
    summary
        The question, measure or sign.
    asks
        What it asks, in words.
    uncertain
        Says whether any number or reading that is not known reaches the answer; asked where there is no range.

    Returns
    -------
    Answer
        A share of worlds, or values in the summary's unit, or days.
    """
    position = position_of(program, summary.name)
    kind = summary.kind.name
    ranged = summary.role == "question"
    found = _BY_KIND[kind](program, tally, summary, position, ranged)
    unit = summary.kind.unit.text if summary.kind.unit is not None and summary.kind.unit.dimensions else ""
    ranges = (found.range, *(found.share_ranges or {}).values())
    missing = ranged and not any(ranges)
    unranged = None if not missing else NOT_RESOLVED if uncertain() else ONLY_LUCK
    return replace(found, asks=asks, unit=unit if kind == "number" else "", no_range=unranged)


def _truth(program: Program, tally: Accumulators, summary: Equation, position: int, ranged: bool) -> Answer:
    share = _clear(tally.levels(position).get(1.0, 0) / max(tally.sum_w, 1))
    ends = _within_reach(range_of_shares(by_draw(tally, position))) if ranged else None
    return Answer(
        summary.name, "", "yes/no", probability=share, range=ends, sampling_interval=_interval(tally, position)
    )


def _choice(program: Program, tally: Accumulators, summary: Equation, position: int, ranged: bool) -> Answer:
    levels = tally.levels(position)
    values, weights = tally.worlds_of(position)
    shares, ranges, intervals = {}, {}, {}
    for number, name in enumerate(summary.kind.alternatives):
        holds = np.equal(values, np.float32(number))
        shares[name] = levels.get(float(number), 0) / max(tally.sum_w, 1)
        ranges[name] = _within_reach(range_of_shares(ByDraw.of_worlds(holds.T, weights.T))) if ranged else None
        intervals[name] = _about(shares[name], estimate_where(tally, position, holds))
    return Answer(summary.name, "", "choice", shares=shares, share_ranges=ranges, share_intervals=intervals)


def _number(program: Program, tally: Accumulators, summary: Equation, position: int, ranged: bool) -> Answer:
    quantiles = dict(zip(PERCENT, quantiles_of(tally, position, BAND), strict=True))
    ends = range_of_numbers(by_draw(tally, position)) if ranged else None
    return Answer(
        summary.name, "", "number", quantiles=quantiles, mean=_mean(tally, position), range=ends,
        sampling_interval=_interval(tally, position),
        median_interval=of_median(tally, position, float(quantiles["50"])),
    )  # fmt: skip


def _date(program: Program, tally: Accumulators, summary: Equation, position: int, ranged: bool) -> Answer:
    def day(value: float) -> str | None:
        return None if math.isinf(value) or math.isnan(value) else program.date_of(int(value)).isoformat()

    values = quantiles_of(tally, position, BAND)
    never = tally.levels(position).get(math.inf, 0) / max(tally.sum_w, 1)
    days, weights = tally.worlds_of(position)
    ends = range_of_days(days.T, weights.T, program.days - 1) if ranged else None
    interval = of_median(tally, position, values[BAND.index(0.5)])
    return Answer(
        summary.name, "", "date", quantiles={p: day(value) for p, value in zip(PERCENT, values, strict=True)},
        never=never, range=None if ends is None else (day(ends[0]), day(ends[1])),
        median_interval=None if interval is None else (day(interval[0]), day(interval[1])),
    )  # fmt: skip


_BY_KIND = {"truth": _truth, "choice": _choice, "number": _number, "date": _date}


def by_draw(tally: Accumulators, position: int) -> ByDraw:
    """Return what the kept draws answer, each by its own worlds."""
    known = tally.weight > 0
    weights = tally.weight[known].astype(np.float64)
    worlds = weights**2 / np.maximum(tally.square_weight[known], 1)
    return ByDraw(draw_means(tally, position)[known], tally.within[position, known], worlds, weights)


def estimate_of(tally: Accumulators, position: int) -> Estimate:
    """Return the mean answer over all worlds, with the draws it comes from; a day that never comes is the horizon."""
    part = ratio(tally.weighted[position], tally.weight.astype(np.float64), tally.done)
    return Estimate(_mean(tally, position), part.pulls)


def estimate_where(tally: Accumulators, position: int, holds: NDArray[np.bool_]) -> Estimate:
    """Return the share of the worlds that are kept one by one in which something holds of an answer.

    Parameters
    ----------
    tally, position
        The counts, and the summary's position among those of the program.
    holds
        In which, ``[replicates, draws]``.

    Returns
    -------
    Estimate
        From 0 to 1, with its error between draws.
    """
    weights = tally.worlds_of(position)[1].astype(np.float64)
    return ratio((weights * holds).sum(axis=0), weights.sum(axis=0), tally.done)


def _about(share: float, near: Estimate) -> Interval | None:
    """Return the 95 % interval of a share of all worlds, by the draws of those kept one by one."""
    low, high = Estimate(share, near.pulls).interval()
    return (max(low, 0.0), min(high, 1.0)) if math.isfinite(low) else None


def of_median(tally: Accumulators, position: int, median: float) -> tuple[float, float] | None:
    """Return the 95 % interval of the middle world; None for a measure, whose worlds are not kept one by one."""
    if position not in tally.told or tally.sum_w == 0:
        return None
    below = estimate_where(tally, position, tally.worlds_of(position)[0] <= np.float32(median))
    return interval_of_median(below, lambda shares: quantiles_of(tally, position, shares))


def _within_reach(ends: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if ends is None else (_clear(ends[0]), _clear(ends[1]))


def quantiles_of(tally: Accumulators, position: int, shares: tuple[float, ...]) -> list[float]:
    """Return quantiles of an answer over worlds, exactly where its values were counted one by one."""
    if tally.levelled[position]:
        levels = tally.levels(position)
        values = np.array(sorted(levels), dtype=np.float64)
        return weighted_quantile(values, np.array([levels[value] for value in values], dtype=np.float64), shares)
    above, edges = tally.answers_above(position), tally.scale.answer_edges_of(position)
    return [float(value) for value in quantiles_of_counts(above, edges, tally.sum_w, shares)]


def position_of(program: Program, name: str) -> int:
    """Return where a summary stands among those of the program."""
    return next(number for number, summary in enumerate(program.summaries) if summary.name == name)


def _clear(share: float) -> float:
    """Keep a share of worlds away from 0 and 1: a finite number of worlds shows neither."""
    return min(max(share, 0.001), 0.999)


def _mean(tally: Accumulators, position: int) -> float:
    return float(tally.sum_y[position] / max(tally.sum_w, 1) * tally.scale.size[position])


def _interval(tally: Accumulators, position: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a mean, clustered by draw: the ratio estimator's (Cochran 1977, section 6.3)."""
    if tally.done < 2 or tally.sum_w == 0:
        return None
    size = tally.scale.size[position]
    ratio = tally.sum_y[position] / tally.sum_w
    spread = tally.sum_yy[position] - 2 * ratio * tally.sum_wy[position] + ratio * ratio * tally.sum_ww
    variance = max(float(spread), 0.0) * tally.done / (tally.done - 1) / float(tally.sum_w) ** 2
    half = 1.96 * math.sqrt(variance)
    return float((ratio - half) * size), float((ratio + half) * size)


def draw_means(tally: Accumulators, position: int) -> Floats:
    """Return each kept draw's own answer, averaged over its replicates by weight; NaN where it has no weight."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(tally.weighted[position] / tally.weight)


def luck_variance(tally: Accumulators, position: int) -> float:
    """Return the variance that luck alone gives to a draw's mean over its replicates."""
    known = tally.weight > 0
    effective = tally.weight[known].astype(np.float64) ** 2 / np.maximum(tally.square_weight[known], 1)
    spread = tally.within[position, known]
    usable = effective > 1.5
    if not usable.any():
        return 0.0
    return float(np.average(spread[usable] / (effective[usable] - 1), weights=tally.weight[known][usable]))


def effective_draws(tally: Accumulators) -> float:
    """Return how many equally weighted draws the weighted ones are worth."""
    return float(tally.sum_w) ** 2 / max(float(tally.sum_ww), 1.0)


def band_of(program: Program, tally: Accumulators, series: tuple[str, ...], banded: int, name: str) -> Band:
    """Return a counted series day by day."""
    number = series.index(name)
    summary = program.summaries[position_of(program, name)]
    if number >= banded:
        return Band(name, "", share=tally.true[:, number - banded] / max(tally.sum_w, 1))
    unit = summary.kind.unit.text if summary.kind.unit is not None and summary.kind.unit.dimensions else ""
    above, edges = tally.above(number), tally.scale.edges_of(number)
    return Band(name, unit, quantiles=quantiles_of_counts(above, edges, tally.banded_w))


def mean_where(tally: Accumulators, marker: int, position: int) -> tuple[float | None, float | None, float]:
    """Return the mean answer where a marker does not hold and where it does, and the share of worlds where it does."""
    held = int(tally.marked[marker])
    size = tally.scale.size[position]
    with_it = float(tally.joint[marker, position] / held * size) if held else None
    rest = tally.sum_w - held
    without = float((tally.sum_y[position] - tally.joint[marker, position]) / rest * size) if rest else None
    return without, with_it, held / max(tally.sum_w, 1)
