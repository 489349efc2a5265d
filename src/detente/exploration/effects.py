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
    effects = [told for name in moved if (told := _effects(run, sample, name)) is not None]
    found = {}
    for column, question in enumerate(run.case.scenario.questions):
        variance = float(sample.variances[column])
        every = [factor for factors in effects if (factor := factors[column]) is not None]
        moving = [factor for factor in every if question in moved[factor.name].moved or factor.stands_out(UNMISTAKABLE)]
        telling = [factor for factor in moving if factor.stands_out(TELLING)]
        found[question] = Hanging(
            question,
            tuple(sorted(telling, key=lambda factor: (-abs(factor.effect), factor.name))),
            _through(run, question),
            *(_shares(moving, sample.answers[column], sample.weights, variance) or (None, None, None)),
        )
    return found


def _effects(run: Run, sample: Sample, name: str) -> list[Factor | None] | None:
    """Return what one factor does to each answer; None for a switch that the run fixes."""
    if name not in run.case.switches:
        return _of_range(run, sample, name)
    if name in run.main.part.design.readings:
        return None
    readings = list(run.case.switches[name].readings or {})
    groups = sample.readings(name)
    each = [slice(number, number + 1) for number in range(len(readings))]
    means = [groups.mean(group) for group in each]
    seen = [number for number, (mean, _) in enumerate(means) if np.isfinite(mean).all()]
    if len(seen) < 2:
        return None
    shares = groups.first_order(each, sample.variances)
    found: list[Factor | None] = []
    for column, share in enumerate(shares.tolist()):
        by_mean = {number: float(means[number][0][column]) for number in seen}
        low, high = min(seen, key=by_mean.__getitem__), max(seen, key=by_mean.__getitem__)
        error = math.sqrt(means[low][1][column] + means[high][1][column])
        pair = (readings[low], readings[high])
        found.append(Factor(name, "claim", by_mean[high] - by_mean[low], error, share, (name,), pair))
    return found


def _of_range(run: Run, sample: Sample, name: str) -> list[Factor | None]:
    """Return what a number does to each answer, from end to end of its range."""
    groups, width = sample.ranges(name), FINE // BINS
    low_means, low_errors = groups.mean(slice(0, FINE // 3))
    high_means, high_errors = groups.mean(slice(2 * FINE // 3, FINE))
    effects, errors = (high_means - low_means).tolist(), np.sqrt(low_errors + high_errors).tolist()
    shares = groups.first_order((slice(n * width, (n + 1) * width) for n in range(BINS)), sample.variances).tolist()
    claims = run.main.watch.program.elements.parameters[name].all_claims
    return [
        Factor(name, "number", effect, error, share, claims) if math.isfinite(effect) else None
        for effect, error, share in zip(effects, errors, shares, strict=True)
    ]


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
