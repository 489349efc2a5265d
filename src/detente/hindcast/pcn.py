"""Steps of particles that leave the declared ranges as they are, and take the record's word for where to stay.

The numbers move by the preconditioned Crank-Nicolson kernel (pCN).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Particles", "accept", "jump_distance", "propose", "rescale", "step_lengths"]

Floats = NDArray[np.float64]
WANTED = 0.3
"""The share of steps that should be taken: below it steps are made shorter, above it longer."""
LEAST_SCALE, MOST_SCALE = 0.05, 3.0
KEPT = 0.5
"""Of the steps: how many keep the luck of the worlds by which a particle was judged."""


@dataclass(frozen=True)
class Particles:
    """Particles: where they stand, how likely they make the record, and where they come from.

    Parameters
    ----------
    scores
        Normal scores of the cumulative probabilities, ``[particles, dimensions]``: numbers first, then readings. Drawn
        from the declared ranges they are independent and standard normal.
    worlds
        The number of the draw whose luck each particle was judged by, ``[particles]``.
    log_likelihood
        The logarithm of the likelihood estimated with it, ``[particles]``.
    ancestry
        The first particle that each descends from, ``[particles]``.
    """

    scores: Floats
    worlds: NDArray[np.uint32]
    log_likelihood: Floats
    ancestry: NDArray[np.int64]

    def taken(self, which: NDArray[np.intp]) -> Particles:
        """Return the particles of these positions, which may repeat."""
        return Particles(self.scores[which], self.worlds[which], self.log_likelihood[which], self.ancestry[which])


def step_lengths(scores: Floats, numbers: int, scale: float) -> Floats:
    """Return how long a step is in each dimension: short where particles lie close together, else a draw anew.

    Parameters
    ----------
    scores, numbers
        Where particles stand, ``[particles, dimensions]``; how many of the dimensions are numbers.
    scale
        Makes all of them longer or shorter.

    Returns
    -------
    array
        From 0 to 1, where 1 is a draw anew, ``[numbers]``.
    """
    spread = scores[:, :numbers].var(axis=0)
    return np.asarray(np.minimum(1, scale * np.sqrt(spread / np.maximum(1 - spread, 0.02))))


def propose(
    particles: Particles, numbers: int, scale: float, fresh_worlds: NDArray[np.uint32], luck: np.random.Generator
) -> tuple[Floats, NDArray[np.uint32]]:
    """Propose a step from each particle that leaves the declared ranges, and luck, as they are.

    Numbers move by a preconditioned Crank-Nicolson step, which keeps a standard normal as it is whatever the number of
    dimensions. Each reading is either kept or drawn anew, and so is the luck by which the particle will be judged.

    Parameters
    ----------
    particles
        The particles.
    numbers
        How many of the dimensions are numbers; the rest are readings.
    scale
        How long steps are; from 1 on a reading is always drawn anew.
    fresh_worlds
        Numbers of draws that no particle has been judged by, ``[particles]``.
    luck
        What is drawn from.

    Returns
    -------
    tuple
        Where the steps lead, ``[particles, dimensions]``, and the draws by which they are judged, ``[particles]``.

    References
    ----------
    S. L. Cotter, G. O. Roberts, A. M. Stuart, D. White, "MCMC methods for functions: modifying old algorithms to make
    them faster", Statistical Science 28 (2013).
    G. Deligiannidis, A. Doucet, M. K. Pitt, "The correlated pseudomarginal method", J. Royal Statistical Society B 80
    (2018).
    """
    scores, count = particles.scores, len(particles.scores)
    fresh = luck.standard_normal(scores.shape)
    anew = luck.random((count, scores.shape[1] - numbers)) < scale
    long = step_lengths(scores, numbers, scale)
    step = np.sqrt(1 - long**2) * scores[:, :numbers] + long * fresh[:, :numbers]
    worlds = np.where(luck.random(count) < KEPT, particles.worlds, fresh_worlds)
    return np.concatenate([step, np.where(anew, fresh[:, numbers:], scores[:, numbers:])], axis=1), worlds


def accept(
    particles: Particles, proposal: Particles, temperature: float, luck: np.random.Generator
) -> tuple[Particles, float]:
    """Take or leave proposed steps; return the particles and the share of steps that were taken.

    Since steps leave the declared ranges as they are, only likelihoods decide. They are estimates, unbiased, and the
    estimate of a particle is kept for as long as it stays: that makes the chain exact.

    Parameters
    ----------
    particles
        Where they stand.
    proposal
        Where the steps lead, judged.
    temperature
        The power to which likelihoods are taken, from 0 to 1.
    luck
        What is drawn from.

    Returns
    -------
    tuple
        The particles, each moved or not; and a share from 0 to 1.

    References
    ----------
    C. Andrieu, G. O. Roberts, "The pseudo-marginal approach for efficient Monte Carlo computations", Annals of
    Statistics 37 (2009).
    """
    likelier = proposal.log_likelihood - particles.log_likelihood
    taken = np.log(luck.random(len(likelier))) < temperature * likelier
    found = Particles(
        np.where(taken[:, None], proposal.scores, particles.scores),
        np.where(taken, proposal.worlds, particles.worlds),
        np.where(taken, proposal.log_likelihood, particles.log_likelihood),
        particles.ancestry,
    )
    return found, float(taken.mean())


def rescale(scale: float, taken: float) -> float:
    """Return how long the next steps are, given the share of these that were taken."""
    return float(np.clip(scale * np.exp(taken - WANTED), LEAST_SCALE, MOST_SCALE))


def jump_distance(before: Floats, after: Floats) -> float:
    """Return how far particles have come from where they stood: 0 not at all, 1 as far as if drawn anew.

    It is 1 less the correlation of where they stood with where they stand, averaged over dimensions.
    """
    one, other = before - before.mean(axis=0), after - after.mean(axis=0)
    size = np.sqrt((one**2).sum(axis=0) * (other**2).sum(axis=0))
    known = size > 0
    return float(1 - np.mean((one * other).sum(axis=0)[known] / size[known])) if known.any() else 0.0
