"""What an answer hangs on: the effect of each number and each contested claim, estimated from a run's own draws.

Every figure here is a property of the ranges chosen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.exploration.sample import BINS, FINE, TELLING, Sample
from detente.exploration.swings import Swing
from detente.run import Run

__all__ = ["Factor", "Hanging", "Through", "hanging"]

Floats = NDArray[np.float64]
UNMISTAKABLE = 4.0
"""Standard errors beyond which an effect is no chance of the draws, even among hundreds."""
RESOLVED = 0.1
"""The standard error beyond which shares of variance are not given."""


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

    def stands_out(self, times: float) -> bool:
        """Whether its effect exceeds so many of its standard errors."""
        return abs(self.effect) > times * self.standard_error


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
        Full swings in paired worlds: a factor is listed only where its swing moves the answer or its effect cannot be
        mistaken, so that among hundreds of factors none is listed by the chance of the draws alone.
    """
    sample = Sample.of(run)
    found = {}
    for column, question in enumerate(run.case.scenario.questions):
        variance = sample.luck_free_variance(column)
        every = [factor for name in moved if (factor := _factor(run, sample, name, column, variance)) is not None]
        moving = [factor for factor in every if question in moved[factor.name].moved or factor.stands_out(UNMISTAKABLE)]
        telling = [factor for factor in moving if factor.stands_out(TELLING)]
        found[question] = Hanging(
            question,
            tuple(sorted(telling, key=lambda factor: (-abs(factor.effect), factor.name))),
            _through(run, question),
            *(_shares(moving, sample.answers[column], sample.weights, variance) or (None, None, None)),
        )
    return found


def _factor(run: Run, sample: Sample, name: str, column: int, variance: float) -> Factor | None:
    """Return what one factor does to one answer; None for a switch that the run fixes."""
    if name in run.case.switches:
        if name in run.main.part.design.readings:
            return None
        readings = list(run.case.switches[name].readings or {})
        groups = sample.readings(name)
        means = [groups.mean(number, column) for number in range(len(readings))]
        seen = [number for number, (mean, _) in enumerate(means) if math.isfinite(mean)]
        if len(seen) < 2:
            return None
        low, high = (pick(seen, key=lambda number: means[number][0]) for pick in (min, max))
        share = groups.first_order(column, range(len(readings)), variance)
        error = math.sqrt(means[low][1] + means[high][1])
        effect = means[high][0] - means[low][0]
        return Factor(name, "claim", effect, error, share, (name,), (readings[low], readings[high]))
    groups = sample.ranges(name)
    low_mean, low_error = groups.mean(slice(0, FINE // 3), column)
    high_mean, high_error = groups.mean(slice(2 * FINE // 3, FINE), column)
    effect, error = high_mean - low_mean, math.sqrt(low_error + high_error)
    if not math.isfinite(effect):
        return None
    width = FINE // BINS
    share = groups.first_order(column, (slice(n * width, (n + 1) * width) for n in range(BINS)), variance)
    claims = run.main.watch.program.elements.parameters[name].all_claims
    return Factor(name, "number", effect, error, share, claims)


def _shares(
    factors: Sequence[Factor], answers: Floats, weights: Floats, variance: float
) -> tuple[float, float, float] | None:
    """Return the shares of factors without and with a claim in the luck-free variance, and what is left.

    None where the variance does not differ from zero, or where the draws are too few to tell the shares from noise: an
    estimate from ``BINS`` bins and n draws has, under no effect, a standard error of about sqrt(2 (BINS - 1)) / n.
    """
    if variance <= 0 or not factors:
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
