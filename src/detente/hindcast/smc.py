"""From the declared ranges to what a record leaves of them, by degrees: sequential Monte Carlo with tempering."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError
from detente.hindcast.pcn import Particles, accept, jump_distance, propose, rescale

__all__ = ["Annealed", "Likelihood", "Stage", "anneal"]

Floats = NDArray[np.float64]
Likelihood = Callable[[Floats, NDArray[np.uint32]], Floats]
"""Cumulative probabilities ``[particles, dimensions]`` and the numbers of the draws whose luck each is judged by in,
log-likelihoods out."""
FIRST_WORLD = 2**31
"""Draws are numbered from here on: no run uses the luck by which particles were chosen."""
HALF = 0.5
"""Of the particles: how many equally weighted ones they should be worth after each step of the temperature."""
FIRST_SCALE = 0.6
LEAST_SWEEPS = 3
ON_THE_WAY = (0.6, 20)
"""How far particles should move at each temperature, and after how many sweeps they are left where they are."""
AT_THE_END = (0.9, 60)


@dataclass(frozen=True)
class Stage:
    """One step of the temperature: 0 is the declared ranges, 1 the whole record.

    Parameters
    ----------
    temperature
        Where it led.
    effective
        How many equally weighted particles the reweighted ones were worth.
    sweeps
        How often every particle was then asked to move.
    acceptance
        The share of moves that were taken.
    moved
        How far particles came: 0 not at all, 1 as far as if drawn anew.
    """

    temperature: float
    effective: float
    sweeps: int
    acceptance: float
    moved: float


@dataclass(frozen=True)
class Annealed:
    """What came of it: equally weighted particles.

    Parameters
    ----------
    points
        Cumulative probabilities, ``[particles, dimensions]``.
    log_likelihood, ancestry
        Of each particle; the first particle that each descends from.
    log_evidence
        The logarithm of the mean likelihood over the declared ranges.
    stages
        How it went.
    unused
        Draws from this number on have luck that was not used.
    partial
        Whether it was stopped on the way.
    """

    points: Floats
    log_likelihood: Floats
    ancestry: NDArray[np.int64]
    log_evidence: float
    stages: tuple[Stage, ...]
    unused: int
    partial: bool


def anneal(
    likelihood: Likelihood,
    particles: int,
    numbers: int,
    readings: int,
    seed: int,
    stop: threading.Event | None = None,
) -> Annealed:
    """Bring draws from the declared ranges to those that a record leaves likely.

    1. Draw particles from the declared ranges and estimate the likelihood of each.
    2. Raise the temperature, the power to which likelihoods are taken, until half of the particles are lost.
    3. Draw particles anew by their weights, and move each until it has left where it stood.
    4. Go on until the temperature is 1.

    Parameters
    ----------
    likelihood
        Gives the logarithm of an unbiased estimate, with luck that is another for each number of a draw.
    particles, numbers, readings
        How many particles, and of how many dimensions.
    seed
        Of everything drawn here: each step has a generator of its own.
    stop
        Set to stop; what is reached then is marked as partial.

    Returns
    -------
    Annealed
        Particles as cumulative probabilities, ``[particles, numbers + readings]``, their log likelihoods and
        ancestry, ``[particles]``, the logarithm of the evidence, and every stage.

    Raises
    ------
    RequestError
        If the record has no likelihood anywhere.

    References
    ----------
    P. Del Moral, A. Doucet, A. Jasra, "Sequential Monte Carlo samplers", J. Royal Statistical Society B 68 (2006).
    A. Jasra, D. A. Stephens, A. Doucet, T. Tsagaris, "Inference for Lévy-driven stochastic volatility models via
    adaptive sequential Monte Carlo", Scandinavian Journal of Statistics 38 (2011).
    """
    stop = stop or threading.Event()
    evaluate = _Evaluations(likelihood)
    population = _begun(evaluate, _luck(seed, "ranges").standard_normal((particles, numbers + readings)))
    temperature, scale, evidence = 0.0, FIRST_SCALE, 0.0
    stages: list[Stage] = []
    while temperature < 1 and not stop.is_set():
        reached = next_temperature(population.log_likelihood, temperature)
        weights, mean = _weights(population.log_likelihood, reached - temperature)
        temperature, evidence = reached, evidence + mean
        effective = float(1 / (weights**2).sum())
        if np.ptp(population.log_likelihood) > 0:
            population = population.taken(systematic(weights, _luck(seed, f"{len(stages)} drawn").random()))
            named = (seed, len(stages))
            population, scale, stage = _moved_about(evaluate, population, numbers, temperature, scale, named, stop)
        else:
            stage = (0, 1.0, 1.0)  # the record says nothing: particles stay as they were drawn
        stages.append(Stage(temperature, effective, *stage))
    return Annealed(
        _points(population.scores), population.log_likelihood, population.ancestry, evidence, tuple(stages),
        evaluate.used, stop.is_set(),
    )  # fmt: skip


class _Evaluations:
    """Judges particles, and hands out numbers of draws whose luck nobody has used."""

    def __init__(self, likelihood: Likelihood) -> None:
        self.likelihood, self.used = likelihood, FIRST_WORLD

    def fresh(self, particles: int) -> NDArray[np.uint32]:
        """Return numbers of draws, each given out once."""
        self.used += particles
        return np.arange(self.used - particles, self.used, dtype=np.uint32)

    def __call__(self, scores: Floats, worlds: NDArray[np.uint32], ancestry: NDArray[np.int64]) -> Particles:
        return Particles(scores, worlds, self.likelihood(_points(scores), worlds), ancestry)


def _begun(evaluate: _Evaluations, scores: Floats) -> Particles:
    """Judge the first particles."""
    population = evaluate(scores, evaluate.fresh(len(scores)), np.arange(len(scores)))
    if not np.isfinite(population.log_likelihood).any():
        raise RequestError("something observed is no number in any world: run the case first, it names what spoils it")
    return population


def _moved_about(
    evaluate: _Evaluations,
    population: Particles,
    numbers: int,
    temperature: float,
    scale: float,
    named: tuple[int, int],
    stop: threading.Event,
) -> tuple[Particles, float, tuple[int, float, float]]:
    """Move particles until they have left where they stood; return them, the scale, and how it went."""
    enough, most = AT_THE_END if temperature == 1 else ON_THE_WAY
    taken: list[float] = []
    begun, distance = population.scores, 0.0
    while len(taken) < most and (len(taken) < LEAST_SWEEPS or distance < enough) and not stop.is_set():
        luck = _luck(named[0], f"{named[1]} moved {len(taken)}")
        scores, worlds = propose(population, numbers, scale, evaluate.fresh(len(begun)), luck)
        population, share = accept(population, evaluate(scores, worlds, population.ancestry), temperature, luck)
        scale = rescale(scale, share)
        taken.append(share)
        distance = jump_distance(begun, population.scores)
    return population, scale, (len(taken), float(np.mean(taken)) if taken else 0.0, distance)


def next_temperature(log_likelihood: Floats, temperature: float) -> float:
    """Return the highest temperature, up to 1, at which particles are still worth half their number."""
    wanted = HALF * len(log_likelihood)

    def worth(reached: float) -> float:
        weights, _ = _weights(log_likelihood, reached - temperature)
        return float(1 / (weights**2).sum())

    low, high = temperature, 1.0
    if worth(high) >= wanted:
        return 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) >= wanted else (low, middle)
    return high if low == temperature else low


def systematic(weights: Floats, u: float) -> NDArray[np.intp]:
    """Return which particles are taken, each as often as its weight says, within one: systematic resampling.

    References
    ----------
    J. Carpenter, P. Clifford, P. Fearnhead, "Improved particle filter for nonlinear problems", IEE Proceedings: Radar,
    Sonar and Navigation 146 (1999).
    """
    marks = (np.arange(len(weights)) + u) / len(weights)
    return np.minimum(np.searchsorted(np.cumsum(weights), marks, side="right"), len(weights) - 1)


def _weights(log_likelihood: Floats, power: float) -> tuple[Floats, float]:
    """Return weights that add up to 1, and the logarithm of the mean before they do."""
    log = power * log_likelihood
    top = float(log.max())
    weights = np.exp(log - top)
    return weights / weights.sum(), top + float(np.log(weights.mean()))


def _points(scores: Floats) -> Floats:
    """Return the cumulative probabilities of normal scores, strictly between 0 and 1."""
    from scipy.special import ndtr  # a quarter of a second that most commands do not need

    least = 2.0**-53
    return np.asarray(np.clip(ndtr(scores), least, 1 - least))


def _luck(seed: int, name: str) -> np.random.Generator:
    """Return a generator for one step and nothing else."""
    return np.random.default_rng([seed, *name.encode()])
