"""What an answer hangs on: the effect of each number and each contested claim, estimated from a run's own draws.

Every figure here is a property of the ranges chosen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import ancestors, draw_means, luck_variance, position_of
from detente.exploration.swings import Swing
from detente.run import Run

__all__ = ["Factor", "Hanging", "Through", "hanging"]

Floats = NDArray[np.float64]
BINS = 8
"""Bins of a number's range in the estimate of first-order shares."""
FEWEST = 8
"""Draws below which nothing is said of their variance."""
RESOLVED = 0.1
"""The standard error beyond which shares of variance are not given."""
TELLING = 2.0
"""An effect is listed where it exceeds this many standard errors."""


@dataclass(frozen=True)
class Factor:
    """One number or contested claim, and what the answer owes to it.

    Parameters
    ----------
    name
        A parameter or a contested claim.
    kind
        ``number`` or ``claim``.
    effect
        The answer in the top third of its range less that in the bottom third; for a contested claim the largest
        difference between two readings. In the answer's own unit: a share for yes/no, days for a date.
    readings
        For a claim, the reading with the lower and the one with the higher answer.
    standard_error
        Of the effect, over draws.
    first_order
        Its first-order share in the variance of the luck-free answer, bias removed.
    claims
        The claims it rests on; none: an assumption.
    """

    name: str
    kind: str
    effect: float
    standard_error: float
    first_order: float
    claims: tuple[str, ...]
    readings: tuple[str, str] | None = None

    @property
    def is_assumption(self) -> bool:
        """Whether no claim stands behind it."""
        return self.kind == "number" and not self.claims


@dataclass(frozen=True)
class Through:
    """A decision on the way from the factors to the answer: a consequence, listed apart."""

    decision: str
    share: float
    without: float | None
    with_it: float | None


@dataclass(frozen=True)
class Hanging:
    """What one answer hangs on, given the ranges chosen.

    Parameters
    ----------
    question
        Whose answer.
    factors
        Largest effect first; only those told apart from the noise of the draws.
    through
        Decisions it runs through, by how far the answer differs.
    assumption_share
        The share of factors without a claim in the variance of the luck-free answer; None where that is not resolved.
    sourced_share, interactions
        The share of factors with a claim, and what is left.
    """

    question: str
    factors: tuple[Factor, ...]
    through: tuple[Through, ...]
    assumption_share: float | None
    sourced_share: float | None
    interactions: float | None


def hanging(run: Run, moved: Mapping[str, Swing]) -> dict[str, Hanging]:
    """Return what each question's answer hangs on, from the draws of the run's main part.

    Parameters
    ----------
    run
        The run.
    moved
        Full swings in paired worlds: a factor is listed only where its swing moves the answer, so that among hundreds
        of factors none is listed by the chance of the draws alone.
    """
    return {question: _hanging(run, question, moved) for question in run.case.scenario.questions}


def _hanging(run: Run, question: str, moved: Mapping[str, Swing]) -> Hanging:
    part = run.main
    program, tally = part.watch.program, part.part.tally
    position = position_of(program, question)
    # A choice is followed through the mean position of its alternatives; for two it is the share of the second.
    answers = np.nan_to_num(draw_means(tally, position))
    weights = tally.weight.astype(np.float64)
    known = weights > 0
    drawn = part.ensemble.drawn(part.part.design, 0, len(weights))
    upstream = ancestors(program, program.elements.questions[question].node)
    uniforms = {
        name: part.ensemble.drawing.uniform("parameter", name, drawn.numbers)[known]
        for name in program.parameters
        if name in upstream
    }
    fixed = part.part.design.readings
    readings = {name: drawn.readings[name][known] for name in run.case.switches if name not in fixed}
    reaching = {claim for name in uniforms for claim in program.elements.parameters[name].switches}
    answers, weights = answers[known], weights[known]
    variance = _luck_free_variance(answers, weights, luck_variance(tally, position))
    factors = [_number(run, name, u, answers, weights, variance) for name, u in uniforms.items()]
    factors += [
        _claim(run, name, held, answers, weights, variance) for name, held in readings.items() if name in reaching
    ]
    moving = [factor for factor in factors if factor.name in moved and question in moved[factor.name].moved]
    telling = [factor for factor in moving if abs(factor.effect) > TELLING * factor.standard_error]
    shares = _shares(moving, answers, weights, variance)
    return Hanging(
        question,
        tuple(sorted(telling, key=lambda factor: (-abs(factor.effect), factor.name))),
        _through(run, question),
        *(shares or (None, None, None)),
    )


def _shares(
    factors: Sequence[Factor], answers: Floats, weights: Floats, variance: float
) -> tuple[float, float, float] | None:
    """Return the shares of factors without and with a claim in the luck-free variance, and what is left.

    None where the variance does not differ from zero, or where the draws are too few to tell the shares from noise: an
    estimate from ``BINS`` bins and n draws has, under no effect, a standard error of about sqrt(2 (BINS - 1)) / n.
    """
    if variance <= 0:
        return None
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    total = float(np.average((answers - np.average(answers, weights=weights)) ** 2, weights=weights))
    noise = math.sqrt(2 * (BINS - 1) * max(len(factors), 1)) / effective * total / variance
    if noise > RESOLVED:
        return None
    assumed = max(sum(factor.first_order for factor in factors if factor.is_assumption), 0.0)
    sourced = max(sum(factor.first_order for factor in factors if not factor.is_assumption), 0.0)
    scale = max(assumed + sourced, 1.0)
    return assumed / scale, sourced / scale, max(1 - (assumed + sourced) / scale, 0.0)


def _luck_free_variance(answers: Floats, weights: Floats, noise: float) -> float:
    """Return the variance of the luck-free answer between draws, 0 where it does not differ from zero."""
    if len(answers) < FEWEST:
        return 0.0
    centre = np.average(answers, weights=weights)
    squares = (answers - centre) ** 2
    total = float(np.average(squares, weights=weights))
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    error = float(np.sqrt(np.average((squares - total) ** 2, weights=weights) / effective))
    free = total - noise
    return free if free > TELLING * error else 0.0


def _mean(answers: Floats, weights: Floats) -> tuple[float, float]:
    """Return a weighted mean and its squared standard error."""
    total = weights.sum()
    if total <= 0 or len(answers) < 2:
        return float("nan"), float("inf")
    mean = float((answers * weights).sum() / total)
    return mean, float((weights**2 * (answers - mean) ** 2).sum() / total**2)


def _first_order(groups: NDArray[np.int64], count: int, answers: Floats, weights: Floats, variance: float) -> float:
    """Return the share of variance between groups, less what chance alone would put there."""
    if variance <= 0:
        return 0.0
    total = weights.sum()
    centre = float((answers * weights).sum() / total)
    between = 0.0
    for group in range(count):
        inside = groups == group
        mean, error = _mean(answers[inside], weights[inside])
        if math.isfinite(mean) and math.isfinite(error):
            between += float(weights[inside].sum()) / total * ((mean - centre) ** 2 - error)
    return between / variance  # may fall below 0 by chance: clipped one by one, hundreds of factors would add up noise


def _number(run: Run, name: str, u: Floats, answers: Floats, weights: Floats, variance: float) -> Factor:
    low, low_error = _mean(answers[u < 1 / 3], weights[u < 1 / 3])
    high, high_error = _mean(answers[u > 2 / 3], weights[u > 2 / 3])
    groups = np.minimum((u * BINS).astype(np.int64), BINS - 1)
    share = _first_order(groups, BINS, answers, weights, variance)
    claims = run.main.watch.program.elements.parameters[name].all_claims
    effect, error = high - low, math.sqrt(low_error + high_error)
    if not (math.isfinite(effect) and math.isfinite(error)):
        effect, error = 0.0, math.inf
    return Factor(name, "number", effect, error, share, claims)


def _claim(run: Run, name: str, held: NDArray[np.int32], answers: Floats, weights: Floats, variance: float) -> Factor:
    readings = list(run.case.switches[name].readings or {})
    means = [_mean(answers[held == number], weights[held == number]) for number in range(len(readings))]
    share = _first_order(held.astype(np.int64), len(readings), answers, weights, variance)
    seen = [number for number, (mean, error) in enumerate(means) if math.isfinite(mean) and math.isfinite(error)]
    if len(seen) < 2:
        return Factor(name, "claim", 0.0, math.inf, share, (name,))
    low = min(seen, key=lambda number: means[number][0])
    high = max(seen, key=lambda number: means[number][0])
    error = math.sqrt(means[low][1] + means[high][1])
    effect = means[high][0] - means[low][0]
    return Factor(name, "claim", effect, error, share, (name,), (readings[low], readings[high]))


def _through(run: Run, question: str) -> tuple[Through, ...]:
    found = []
    for decision, marker in run.main.watch.passed[question].items():
        passage = run.main.passage(marker, question, decision)
        found.append(Through(decision, passage.share, passage.without, passage.with_it))

    def difference(through: Through) -> float:
        if through.without is None or through.with_it is None:
            return 0.0
        return abs(through.with_it - through.without)

    return tuple(sorted(found, key=lambda through: (-difference(through), through.decision)))
