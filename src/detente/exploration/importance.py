"""What an answer hangs on: what each number and each contested claim does to it, estimated from a run's own draws.

Every figure here is a property of the ranges chosen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.equations import names_in
from detente.exploration.indices import HALF, Estimates
from detente.exploration.one_at_a_time import Swing
from detente.exploration.run_sample import BINS, TELLING, RunSample
from detente.run import Run
from detente.scenario import NOT_SAID

__all__ = [
    "BENDS",
    "BOTH_WAYS",
    "ONE_WAY",
    "READING",
    "SOURCED_BY",
    "TOGETHER",
    "WAYS",
    "Factor",
    "Importance",
    "Through",
    "importance_of",
]

Floats = NDArray[np.float64]
ONE_WAY, BENDS, BOTH_WAYS, TOGETHER = WAYS = ("one way", "bends", "both ways", "only together")
"""How a factor acts on an answer: see :class:`Factor`."""
READING = "reading"
SOURCED_BY = ("size", "direction", "existence", NOT_SAID, READING)
"""What a claim gives of a factor that it supports; of a contested claim, its readings."""
UNMISTAKABLE = 4.0
"""Standard errors beyond which what a factor does is no chance of the draws, even among hundreds."""
RESOLVED = 0.1
"""The standard error beyond which shares of variance are not given."""
MOST_TOGETHER = 3
"""Other factors that are named at most, of those in whose company one acts."""
MOST_IN_PAIRS = 6
"""Factors of which it is asked what they do in pairs: the largest of those with a claim, and of those without."""
EIGHTHS = 8


@dataclass(frozen=True)
class Factor:
    """One number or contested claim, and what the answer owes to it.

    Parameters
    ----------
    name
        A parameter or a contested claim.
    kind
        ``number`` or ``claim``.
    acts
        ``one way``: the answer is larger toward one end of the number's range, or under one reading. ``bends``: it is
        larger or smaller in the middle than at both ends. ``both ways``: it rises and falls more than once. ``only
        together``: taken by itself the factor leaves the mean answer where it is, and with others it does not.
    effect
        In the answer's own unit, a share for yes/no and days for a date. ``one way``: the answer in the top third of
        the range less that in the bottom third; for a contested claim the largest difference between two readings.
        ``bends``: the middle third less the outer two. ``both ways``: the largest difference between eighths of the
        range. ``only together``: how far the answers of two worlds lie apart that differ in this factor alone, luck
        averaged out, by the root of the mean square.
    standard_error
        Of the effect, over draws.
    first_order, first_order_error
        Its first-order share in the variance of the luck-free answer, bias removed, and the standard error of that.
    claims
        The claims it rests on; none: an assumption.
    readings
        For a claim, the reading with the lower and the one with the higher answer.
    together
        In whose company it acts, where it acts only together: other factors, what they do with it largest first.
    support
        How far its claims support a number: ``size``, ``direction``, ``existence``, ``not said`` or ``assumed``; of a
        contested claim ``reading``.
    """

    name: str
    kind: str
    acts: str
    effect: float
    standard_error: float
    first_order: float
    first_order_error: float
    claims: tuple[str, ...]
    readings: tuple[str, str] | None = None
    together: tuple[str, ...] = ()
    support: str = READING

    @property
    def is_assumption(self) -> bool:
        """Whether no claim stands behind it."""
        return self.kind == "number" and not self.claims

    def stands_out(self, times: float) -> bool:
        """Whether its effect exceeds so many of its standard errors."""
        return abs(self.effect) > times * self.standard_error

    def accounts(self, times: float) -> bool:
        """Whether its first-order share exceeds so many of its standard errors."""
        return self.first_order > times * self.first_order_error


@dataclass(frozen=True)
class Through:
    """A decision on the way from the factors to the answer: a consequence, listed apart.

    Parameters
    ----------
    decision
        The option decided.
    share
        Share of worlds in which it stands taken on the day that the question looks at.
    without, with_it
        The mean answer where it does not stand so, and where it does: only of a decision that comes up on the same days
        in every world. Of any other, worlds in which it was taken are a selection, and nothing is compared.
    """

    decision: str
    share: float
    without: float | None
    with_it: float | None


@dataclass(frozen=True)
class Importance:
    """What one answer hangs on, given the ranges chosen.

    Parameters
    ----------
    question
        Whose answer.
    factors
        Largest effect first; only those told apart from the noise of the draws.
    through
        Decisions it runs through, those first that reach the answer over the fewest influences.
    assumption_share
        The share of factors without a claim in the variance of the luck-free answer; None where that is not resolved.
    sourced_share, interactions
        The share of factors with a claim, and what is left: what they do only together.
    only_assumptions
        Whether no claim stands behind anything that moves the answer.
    sourced_by
        ``sourced_share`` by what claims give of the factors, ``SOURCED_BY``; empty where that is not resolved.
    """

    question: str
    factors: tuple[Factor, ...]
    through: tuple[Through, ...]
    assumption_share: float | None
    sourced_share: float | None
    interactions: float | None
    only_assumptions: bool = False
    sourced_by: Mapping[str, float] = field(default_factory=dict)


def importance_of(run: Run, moved: Mapping[str, Swing]) -> dict[str, Importance]:
    """Return what each question's answer hangs on, from the draws of the run's main part.

    Parameters
    ----------
    run
        The run.
    moved
        What numbers and claims do by themselves in paired worlds. A factor counts where it moves the answer there, by
        itself or in company, or where its effect or its share in this run cannot be mistaken; so among hundreds of
        factors none is listed by the chance of the draws alone.
    """
    sample = RunSample.of(run)
    effects = [told for name, swing in moved.items() if (told := _effects(run, sample, name, swing)) is not None]
    found = {}
    for column, question in enumerate(run.case.scenario.questions):
        ways = [acts for factors in effects if (acts := factors.told.get(column))]
        moving = [acts for acts in ways if moved[acts[0].name].moves(question) or _unmistakable(acts)]
        varying = sum(bool(factors.varies[column]) for factors in effects)
        listed = [
            factor
            for acts in moving
            if (factor := _acting(acts, moved[acts[0].name], question, float(sample.variances[column]))) is not None
        ]
        named = [_in_company(sample, column, factor, listed) for factor in listed]
        factors = tuple(sorted(named, key=lambda factor: (-abs(factor.effect), factor.name)))
        acting = [next((one for one in factors if one.name == acts[0].name), acts[0]) for acts in moving]
        assumed, sourced, left = _shares(acting, sample, column, varying) or (None, None, None)
        unsourced = bool(moving) and all(factor.is_assumption for factor in acting)
        through, of_sourced = _through(run, question), _sourced_by(acting, sourced)
        found[question] = Importance(question, factors, through, assumed, sourced, left, unsourced, of_sourced)
    return found


def _acting(acts: Sequence[Factor], swing: Swing, question: str, variance: float) -> Factor | None:
    """Return a factor as it acts; None where this run cannot tell it.

    Parameters
    ----------
    acts
        What it does to the answer in one way, and for a number in others.
    variance
        Of the luck-free answer.
    """
    straight, *others = acts
    for factor in others:
        # Of an answer that only rises, or only falls, the middle never lies further from the ends than these apart.
        further = abs(factor.effect) > abs(straight.effect)
        told = factor.stands_out(UNMISTAKABLE) if factor.acts == BENDS else factor.accounts(UNMISTAKABLE)
        if further and told and (factor.acts == BENDS or not straight.stands_out(TELLING)):
            return factor
    if straight.stands_out(UNMISTAKABLE):
        return straight
    if question in swing.moved or question not in swing.total:
        return straight if straight.stands_out(TELLING) else None
    value, error = swing.total[question]
    alone = (max(straight.first_order, 0.0) + HALF * straight.first_order_error) * variance
    if value - HALF * error > alone:
        apart = math.sqrt(2 * value)
        return replace(straight, acts=TOGETHER, effect=apart, standard_error=error / apart, readings=None)
    # A third less another third has at most this size, whatever a factor with that total effect does.
    most = math.sqrt(6 * (value + HALF * error))
    return straight if straight.stands_out(TELLING) and abs(straight.effect) <= most else None


def _unmistakable(acts: Sequence[Factor]) -> bool:
    """Whether this run alone shows beyond doubt that a factor does something."""
    return acts[0].accounts(UNMISTAKABLE) or any(
        factor.stands_out(UNMISTAKABLE) for factor in acts if factor.acts in (ONE_WAY, BENDS)
    )


def _in_company(sample: RunSample, column: int, factor: Factor, listed: Sequence[Factor]) -> Factor:
    """Name in whose company a factor acts, where it acts only together."""
    if factor.acts != TOGETHER:
        return factor
    others = [other.name for other in listed if other.name != factor.name]
    told = {other: _told_between(sample, column, factor.name, other, UNMISTAKABLE) for other in others}
    named = sorted((other for other in others if told[other] > 0), key=lambda other: -told[other])
    return replace(factor, together=tuple(named[:MOST_TOGETHER]))


def _told_between(sample: RunSample, column: int, one: str, other: str, times: float) -> float:
    """Return the variance that two factors explain beyond either alone; 0 where so many errors hold it."""
    value, error = sample.beyond_either(column, one, other)
    return value if value > times * error else 0.0


@dataclass(frozen=True)
class _Effects:
    """What one factor does to the answers.

    Parameters
    ----------
    varies
        Of which answers it can be told at all, ``[questions]``.
    told
        By the column of an answer, each way in which it may act on it: only where it may count.
    """

    varies: NDArray[np.bool_]
    told: Mapping[int, list[Factor]]


def _effects(run: Run, sample: RunSample, name: str, swing: Swing) -> _Effects | None:
    """Return what one factor does to each answer, in each way it may act; None for a switch that the run fixes."""
    if name not in run.case.switches:
        moving = np.array([swing.moves(question) for question in run.case.scenario.questions], np.bool_)
        return _of_range(run, sample, name, moving)
    if name in run.main.part.design.readings:
        return None
    readings = list(run.case.switches[name].readings or {})
    groups = sample.readings(name)
    means, errors = groups.means(len(readings))
    seen = [number for number, mean in enumerate(means) if np.isfinite(mean).all()]
    if len(seen) < 2:
        return None
    found = {}
    for column, (share, off) in enumerate(_first_order(sample, groups.first_order)):
        by_mean = {number: float(means[number, column]) for number in seen}
        low, high = min(seen, key=by_mean.__getitem__), max(seen, key=by_mean.__getitem__)
        error = math.sqrt(errors[low, column] + errors[high, column])
        pair = (readings[low], readings[high])
        found[column] = [Factor(name, "claim", ONE_WAY, by_mean[high] - by_mean[low], error, share, off, (name,), pair)]
    return _Effects(np.ones(len(found), np.bool_), found)


def _of_range(run: Run, sample: RunSample, name: str, moving: NDArray[np.bool_]) -> _Effects:
    """Return what a number does to each answer from end to end of its range; in its middle; and anywhere in it.

    Only of answers that it moves in paired worlds, ``moving``, or beyond doubt in this run: of hundreds of numbers most
    do nothing to most answers, and that need not be written out.
    """
    parameter = run.main.watch.program.elements.parameters[name]
    groups, claims, support = sample.ranges(name), parameter.all_claims, parameter.support
    (low, middle, high), (low_error, middle_error, high_error) = groups.means(3)
    means, errors = groups.means(EIGHTHS)
    every = np.arange(means.shape[1])
    least, most = means.argmin(axis=0), means.argmax(axis=0)
    effects = {
        ONE_WAY: (high - low, low_error + high_error),
        BENDS: (middle - (low + high) / 2, middle_error + (low_error + high_error) / 4),
        BOTH_WAYS: (means[most, every] - means[least, every], errors[most, every] + errors[least, every]),
    }
    shares = _first_order(sample, groups.first_order)
    further = np.array([share > UNMISTAKABLE * off for share, off in shares]) | moving
    for acts in (ONE_WAY, BENDS):
        value, error = effects[acts]
        further |= np.abs(value) > UNMISTAKABLE * np.sqrt(error)
    varies = np.isfinite(high - low)
    found = {}
    for column in np.flatnonzero(further & varies).tolist():
        share, off = shares[column]
        told = ((acts, float(value[column]), float(error[column])) for acts, (value, error) in effects.items())
        found[column] = [
            Factor(name, "number", acts, effect, math.sqrt(error), share, off, claims, support=support)
            for acts, effect, error in told
            if math.isfinite(effect)
        ]
    return _Effects(varies, found)


def _first_order(sample: RunSample, explained: Estimates) -> list[tuple[float, float]]:
    """Return the share of each luck-free variance that a factor accounts for by itself, and its standard error."""
    known = sample.variances > 0
    safe = np.where(known, sample.variances, 1.0)
    shares, errors = np.where(known, explained.value / safe, 0.0), np.where(known, explained.error / safe, 0.0)
    return list(zip(shares.tolist(), errors.tolist(), strict=True))


def _shares(factors: Sequence[Factor], sample: RunSample, column: int, of: int) -> tuple[float, float, float] | None:
    """Return the shares of factors without and with a claim in the luck-free variance, and what is left.

    What two factors do together counts with theirs where both have a claim, or neither has. Where there is but one
    factor, out of one, that varies at all, it is all of it.

    None where the variance does not differ from zero, or where the draws are too few to tell the shares from noise: an
    estimate from ``BINS`` bins and n draws has, under no effect, a standard error of about sqrt(2 (BINS - 1)) / n.
    """
    variance, weights, answers = float(sample.variances[column]), sample.weights, sample.answers[column]
    if variance <= 0:
        return None
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    total = float(np.average((answers - np.average(answers, weights=weights)) ** 2, weights=weights))
    noise = math.sqrt(2 * (BINS - 1) * max(len(factors), 1)) / effective * total / variance
    if noise > RESOLVED:
        return None
    if len(factors) == of == 1:
        return (1.0, 0.0, 0.0) if factors[0].is_assumption else (0.0, 1.0, 0.0)
    assumed, sourced = (
        _together([factor for factor in factors if factor.is_assumption is alike], sample, column)
        for alike in (True, False)
    )
    scale = max(assumed + sourced, 1.0)
    return assumed / scale, sourced / scale, max(1 - (assumed + sourced) / scale, 0.0)


def _sourced_by(factors: Sequence[Factor], sourced: float | None) -> dict[str, float]:
    """Return the share of what claims support by what they give of it, as the factors' first-order shares divide it."""
    if sourced is None:
        return {}
    of_each = {
        support: sum(max(factor.first_order, 0.0) for factor in factors if factor.support == support)
        for support in SOURCED_BY
    }
    whole = sum(of_each.values())
    return {support: sourced * part / whole if whole > 0 else 0.0 for support, part in of_each.items()}


def _together(factors: Sequence[Factor], sample: RunSample, column: int) -> float:
    """Return the share of some factors, each by itself and, of the largest, in pairs."""
    alone = sum(factor.first_order for factor in factors)
    largest = [factor.name for factor in sorted(factors, key=lambda factor: -abs(factor.effect))[:MOST_IN_PAIRS]]
    pairs = sum(_told_between(sample, column, one, other, TELLING) for one, other in combinations(largest, 2))
    return max(alone + pairs / float(sample.variances[column]), 0.0)


def _through(run: Run, question: str) -> tuple[Through, ...]:
    """Return the decisions that an answer runs through, and how it stands by those that come up everywhere alike."""
    watch = run.main.watch
    far = _steps_to(run, question)
    compared = watch.same_occasions
    found = []
    for decision, marker in watch.passed[question].items():
        passage = run.main.passage(marker, question, decision)
        without, with_it = (passage.without, passage.with_it) if decision in compared else (None, None)
        found.append((far.get(decision, len(far)), decision, Through(decision, passage.share, without, with_it)))
    return tuple(through for _, _, through in sorted(found, key=lambda one: one[:2]))


def _steps_to(run: Run, question: str) -> dict[str, int]:
    """Return over how few influences each element reaches an answer."""
    watch = run.main.watch
    edge = names_in(run.case.elements.questions[question].node)
    found: dict[str, int] = {}
    step = 0
    while edge:
        found |= dict.fromkeys(edge, step)
        edge = {name for one in edge for name in watch.influences.get(one, ())} - set(found)
        step += 1
    return found
