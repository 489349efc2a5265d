"""From counts to answers: shares, quantiles and ranges, with luck and ignorance kept apart."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.program import Program
from detente.dynamics.tally import BAND, Tally, quantiles_of_counts
from detente.results import Answer, Band, weighted_quantile
from detente.scenario import Equation

__all__ = ["answer_of", "band_of", "draw_means", "effective_draws", "luck_free", "mean_where"]

Floats = NDArray[np.float64]
PERCENT = tuple(f"{100 * share:.0f}" for share in BAND)
ENDS = (0.05, 0.95)


def answer_of(program: Program, tally: Tally, summary: Equation, asks: str) -> Answer:
    """Return what the counted worlds say to a question, measure or sign."""
    position = position_of(program, summary.name)
    unit = summary.kind.unit.text if summary.kind.unit is not None and summary.kind.unit.dimensions else ""
    kind = summary.kind.name
    if kind == "truth":
        share = _clear(tally.levels(position).get(1.0, 0) / max(tally.sum_w, 1))
        low, high = weighted_quantile(luck_free(tally, position), tally.weight, ENDS)
        ends = (_clear(low), _clear(high))
        return Answer(summary.name, asks, "yes/no", "", share, range=ends, sampling_interval=_interval(tally, position))
    if kind == "choice":
        levels = tally.levels(position)
        shares = {
            name: levels.get(float(number), 0) / max(tally.sum_w, 1)
            for number, name in enumerate(summary.kind.alternatives)
        }
        return Answer(summary.name, asks, "choice", shares=shares)
    if kind == "date":
        return _date(program, tally, summary, position, asks)
    quantiles = dict(zip(PERCENT, _quantiles(tally, position), strict=True))
    low, high = weighted_quantile(luck_free(tally, position), tally.weight, ENDS)
    mean = _mean(tally, position)
    return Answer(
        summary.name, asks, "number", unit, quantiles=quantiles, mean=mean, range=(low, high),
        sampling_interval=_interval(tally, position),
    )  # fmt: skip


def _quantiles(tally: Tally, position: int) -> list[float]:
    """Return the quantiles of an answer that is a number, exactly where its values were counted one by one."""
    if tally.levelled[position]:
        levels = tally.levels(position)
        values = np.array(sorted(levels), dtype=np.float64)
        return weighted_quantile(values, np.array([levels[value] for value in values], dtype=np.float64), BAND)
    above, edges = tally.answers_above(position), tally.scale.answer_edges_of(position)
    return [float(value) for value in quantiles_of_counts(above, edges, tally.sum_w)]


def position_of(program: Program, name: str) -> int:
    """Return where a summary stands among those of the program."""
    return next(number for number, summary in enumerate(program.summaries) if summary.name == name)


def _clear(share: float) -> float:
    """Keep a share of worlds away from 0 and 1: a finite number of worlds shows neither."""
    return min(max(share, 0.001), 0.999)


def _date(program: Program, tally: Tally, summary: Equation, position: int, asks: str) -> Answer:
    levels = tally.levels(position)
    days = np.array(sorted(levels), dtype=np.float64)
    weights = np.array([levels[day] for day in days], dtype=np.float64)
    never = levels.get(math.inf, 0) / max(tally.sum_w, 1)

    def day(value: float) -> str | None:
        return None if math.isinf(value) or math.isnan(value) else program.date_of(int(value)).isoformat()

    values = weighted_quantile(days, weights, BAND)
    quantiles = {percent: day(value) for percent, value in zip(PERCENT, values, strict=True)}
    low, high = weighted_quantile(tally.medians[position], tally.weight, ENDS)
    return Answer(summary.name, asks, "date", quantiles=quantiles, never=never, range=(day(low), day(high)))


def _mean(tally: Tally, position: int) -> float:
    return float(tally.sum_y[position] / max(tally.sum_w, 1) * tally.scale.size[position])


def _interval(tally: Tally, position: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a mean, clustered by draw: the ratio estimator's (Cochran 1977, section 6.3)."""
    if tally.done < 2 or tally.sum_w == 0:
        return None
    size = tally.scale.size[position]
    ratio = tally.sum_y[position] / tally.sum_w
    spread = tally.sum_yy[position] - 2 * ratio * tally.sum_wy[position] + ratio * ratio * tally.sum_ww
    variance = max(float(spread), 0.0) * tally.done / (tally.done - 1) / float(tally.sum_w) ** 2
    half = 1.96 * math.sqrt(variance)
    return float((ratio - half) * size), float((ratio + half) * size)


def draw_means(tally: Tally, position: int) -> Floats:
    """Return each kept draw's own answer, averaged over its replicates by weight; NaN where it has no weight."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(tally.weighted[position] / tally.weight)


def luck_free(tally: Tally, position: int) -> Floats:
    """Return each kept draw's answer with the noise of few replicates taken out.

    The draws' own means are drawn together towards their common mean by the share of their variance that is luck, as
    estimated from the binomial (for shares) or from the spread that a mean of so few replicates must have.
    """
    means = draw_means(tally, position)
    known = tally.weight > 0
    if known.sum() < 2:
        return np.where(known, means, np.nan)
    centre = float(np.average(means[known], weights=tally.weight[known]))
    total = float(np.average((means[known] - centre) ** 2, weights=tally.weight[known]))
    noise = luck_variance(tally, position)
    kept = math.sqrt(max(total - noise, 0.0) / total) if total > 0 else 0.0
    return np.asarray(np.where(known, centre + kept * (means - centre), np.nan))


def luck_variance(tally: Tally, position: int) -> float:
    """Return the variance that luck alone gives to a draw's mean over its replicates."""
    known = tally.weight > 0
    effective = tally.weight[known].astype(np.float64) ** 2 / np.maximum(tally.square_weight[known], 1)
    spread = tally.within[position, known]
    usable = effective > 1.5
    if not usable.any():
        return 0.0
    return float(np.average(spread[usable] / (effective[usable] - 1), weights=tally.weight[known][usable]))


def effective_draws(tally: Tally) -> float:
    """Return how many equally weighted draws the weighted ones are worth."""
    return float(tally.sum_w) ** 2 / max(float(tally.sum_ww), 1.0)


def band_of(program: Program, tally: Tally, series: tuple[str, ...], banded: int, name: str) -> Band:
    """Return a counted series day by day."""
    number = series.index(name)
    summary = program.summaries[position_of(program, name)]
    if number >= banded:
        return Band(name, "", share=tally.true[:, number - banded] / max(tally.sum_w, 1))
    unit = summary.kind.unit.text if summary.kind.unit is not None and summary.kind.unit.dimensions else ""
    above, edges = tally.above(number), tally.scale.edges_of(number)
    return Band(name, unit, quantiles=quantiles_of_counts(above, edges, tally.banded_w))


def mean_where(tally: Tally, marker: int, position: int) -> tuple[float | None, float | None, float]:
    """Return the mean answer where a marker does not hold and where it does, and the share of worlds where it does."""
    held = int(tally.marked[marker])
    size = tally.scale.size[position]
    with_it = float(tally.joint[marker, position] / held * size) if held else None
    rest = tally.sum_w - held
    without = float((tally.sum_y[position] - tally.joint[marker, position]) / rest * size) if rest else None
    return without, with_it, held / max(tally.sum_w, 1)
