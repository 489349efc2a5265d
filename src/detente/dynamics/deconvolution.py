"""How answers differ between draws when luck is taken out: the mixing distribution behind means over few replicates.

Each draw has an answer of its own, a chance or an expected number, and shows it only through a few worlds. What the
draws' means look like is the distribution of these answers blurred by luck; here the blur is undone. Nothing here knows
what a case or a tally is.

1. The means are sorted into bins, so that the work does not grow with the number of draws.
2. The start has the first two moments right: for shares a beta distribution of greatest likelihood, with a level one
   over the middle beside it; for numbers the means, drawn together.
3. Steps of expectation and maximisation bring the start towards the mixing distribution of greatest likelihood. They
   are stopped early: run to their end they leave a few lone atoms, whose places are luck again.

References
----------
J. Kiefer, J. Wolfowitz, "Consistency of the maximum likelihood estimator in the presence of infinitely many incidental
parameters", Annals of Mathematical Statistics 27 (1956); N. Laird, "Nonparametric maximum likelihood estimation of a
mixing distribution", Journal of the American Statistical Association 73 (1978); B. Efron, "Empirical Bayes
deconvolution estimates", Biometrika 103 (2016).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Mixing", "mixing_of_means", "mixing_of_shares", "tells_draws_apart"]

Floats = NDArray[np.float64]

STEPS_FOR_SHARES, STEPS_FOR_MEANS = 90, 30
"""Steps of expectation and maximisation: the start of the means is nearer to its end."""
STRIDE = 1.8
"""Each step goes so many times as far as it would by itself; below 2 the likelihood still rises."""
CELLS = 128
"""Parts into which what answers can be is cut."""
SHARE_BINS, TRIAL_CLASSES = 24, 2
MEAN_BINS, NOISE_CLASSES = 56, 16
"""Into how many bins draws are sorted. Tables of fewer than 9,216 numbers are multiplied by one thread, and so always
to the same bits; beyond, the library behind NumPy's products takes threads of its own."""
SIZES, EVERY = 40, 6
"""How many widths of a beta distribution are tried to begin from, and every how many at first."""
FEWEST = 8
"""Draws below which nothing is said of how they differ."""
ONE_SIDED = 1.645
"""Standard errors above 0 at which a variance is told from 0 at the level of 5 %."""


@dataclass(frozen=True)
class Mixing:
    """A distribution over cells that lie side by side.

    Parameters
    ----------
    edges
        Rising, ``[cells + 1]``.
    masses
        The share of the draws in each cell, ``[cells]``.
    """

    edges: Floats
    masses: Floats

    def quantile(self, share: float) -> float:
        """Return the value below which a share of the draws lies."""
        return float(np.interp(share, self._reached, self.edges))

    def above(self, value: float) -> float:
        """Return the share of the draws that lies above a value."""
        return 1 - float(np.interp(value, self.edges, self._reached))

    @property
    def _reached(self) -> Floats:
        reached = np.concatenate([[0.0], np.cumsum(self.masses)])
        return np.asarray(reached / reached[-1])


def tells_draws_apart(means: Floats, noise: Floats, weights: Floats) -> bool:
    """Whether draws differ by more than luck would have them differ.

    The variance between the draws' means, less what luck gives it, is held against its own standard error, one-sided at
    the level of 5 %. Draws are what was sampled, so the error is reckoned by draws and not by worlds.

    Parameters
    ----------
    means, noise, weights
        Each draw's mean, the variance that luck gives to it, and what it counts for, ``[draws]``.
    """
    if len(means) < FEWEST or np.ptp(means) == 0:
        return False
    parts = weights / weights.sum()
    excess = (means - float((parts * means).sum())) ** 2 - noise
    between = float((parts * excess).sum())
    error = math.sqrt(float((parts**2 * (excess - between) ** 2).sum()))
    return between > ONE_SIDED * error and between > 1e-12 * float(np.abs(means).max()) ** 2


def mixing_of_shares(shares: Floats, trials: Floats, weights: Floats) -> Mixing:
    """Return how the chances differ that some draws' shares were thrown with.

    Parameters
    ----------
    shares, trials, weights
        Each draw's share of its worlds, how many equally weighted worlds it is a share of, and what the draw counts
        for, ``[draws]``.
    """
    counted, of, parts = _binned_shares(shares, trials, weights)
    # Close together near 0 and 1, where a chance is known best.
    edges = np.sin(np.linspace(0, np.pi / 2, CELLS + 1)) ** 2
    middle = (edges[1:] + edges[:-1]) / 2
    said = of[:, None] * (counted[:, None] * np.log(middle) + (1 - counted[:, None]) * np.log1p(-middle))
    return Mixing(edges, _maximised(said, parts, _start_of_shares(counted, of, parts, edges), STEPS_FOR_SHARES))


def mixing_of_means(means: Floats, noise: Floats, weights: Floats) -> Mixing:
    """Return how the expected numbers differ that some draws' means lie about.

    Parameters
    ----------
    means, noise, weights
        Each draw's mean, the variance that luck gives to it, and what it counts for, ``[draws]``.
    """
    order = np.argsort(means, kind="stable")
    means, noise, weights = means[order], noise[order], weights[order]
    groups = _groups(weights, MEAN_BINS)
    parts = _sums(groups, weights)
    places = _sums(groups, weights * means) / parts
    low, high = float(means[0]), float(means[-1])
    edges = _edges_of_means(places, low, high)
    middle = (edges[1:] + edges[:-1]) / 2
    # One draw's few worlds tell little of their own spread: draws with like means tell it together. It is the spread
    # about the place that is supposed and not about the mean seen, or luck that came out large would count as wide.
    like = _groups(weights, NOISE_CLASSES)
    among = _sums(like, weights)
    spread = np.interp(middle, _sums(like, weights * means) / among, _sums(like, weights * noise) / among)
    spread = np.maximum(spread, (high - low) ** 2 * 1e-7)
    said = -((places[:, None] - middle) ** 2) / (2 * spread) - np.log(spread) / 2
    centre = float((weights * means).sum() / weights.sum())
    total = float((weights * (means - centre) ** 2).sum() / weights.sum())
    luck = float((weights * noise).sum() / weights.sum())
    kept = math.sqrt(max(1 - luck / max(total, 1e-300), 0.0))
    start, _ = np.histogram(centre + kept * (means - centre), edges, weights=weights)
    level = np.diff(edges) / max(high - low, 1e-300)
    return Mixing(
        edges, _maximised(said, parts / parts.sum(), 0.9 * start / weights.sum() + 0.1 * level, STEPS_FOR_MEANS)
    )


def _binned_shares(shares: Floats, trials: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return bins of draws alike: their mean share, their mean number of trials, and their part of all weight."""
    few = len(np.unique(np.rint(trials * 64))) <= TRIAL_CLASSES
    order = np.argsort(trials, kind="stable")
    shares, trials, weights = shares[order], trials[order], weights[order]
    if few:
        classes = np.unique(np.rint(trials * 64), return_inverse=True)[1].reshape(-1)
    else:
        classes = _groups(weights, TRIAL_CLASSES)
    # None of the worlds and all of them say more than almost none and almost all.
    bins = np.where(shares <= 0, 0, np.where(shares >= 1, SHARE_BINS + 1, 1 + (shares * SHARE_BINS).astype(np.intp)))
    bins = np.minimum(bins, SHARE_BINS + 1)
    places = classes * (SHARE_BINS + 2) + bins
    size = (int(classes.max(initial=0)) + 1) * (SHARE_BINS + 2)
    parts = np.bincount(places, weights, size)
    kept = parts > 0
    counted, of = (np.bincount(places, weights * each, size)[kept] / parts[kept] for each in (shares, trials))
    return counted, of, parts[kept] / parts.sum()


def _start_of_shares(shares: Floats, trials: Floats, parts: Floats, edges: Floats) -> Floats:
    """Return the beta distribution of greatest likelihood with the shares' own mean, and a level one of its width."""
    from scipy.special import betainc, betaln  # a quarter of a second that most commands do not need

    mean = min(max(float((parts * shares).sum()), 1e-4), 1 - 1e-4)
    sizes = np.exp(np.linspace(math.log(0.2), math.log(3e4), SIZES))

    def best_of(places: NDArray[np.intp]) -> int:
        a, b = mean * sizes[places, None], (1 - mean) * sizes[places, None]
        likelihood = ((betaln(shares * trials + a, (1 - shares) * trials + b) - betaln(a, b)) * parts).sum(axis=1)
        return int(places[np.argmax(likelihood)])

    # The likelihood has one top: a few sizes tell between which it lies.
    coarse = best_of(np.arange(0, SIZES, EVERY))
    size = float(sizes[best_of(np.arange(max(coarse - EVERY + 1, 0), min(coarse + EVERY, SIZES)))])
    beta = np.diff(betainc(mean * size, (1 - mean) * size, edges))
    half = 2 * math.sqrt(mean * (1 - mean) / (size + 1))
    level = np.diff(np.clip(edges, max(mean - half, 0.0), min(mean + half, 1.0)))
    return np.asarray(beta / beta.sum() + level / level.sum())


def _maximised(said: Floats, parts: Floats, start: Floats, steps: int) -> Floats:
    """Return the masses of cells after some steps towards the greatest likelihood.

    Parameters
    ----------
    said
        The log likelihood of each bin of draws in each cell, up to a number of the bin's own, ``[bins, cells]``.
    parts, start, steps
        The weight of each bin, the masses to begin with, and how many steps to take.
    """
    likelihood = np.exp(said - said.max(axis=1, keepdims=True))
    turned = np.ascontiguousarray(likelihood.T)
    masses = np.maximum(start, 1e-9 / len(start))
    masses = masses / masses.sum()
    for _ in range(steps):
        masses = masses * (turned @ (parts / (likelihood @ masses))) ** STRIDE
        masses = masses / masses.sum()
    return np.asarray(masses)


def _edges_of_means(places: Floats, low: float, high: float) -> Floats:
    """Return edges between the ends, half of them evenly and half where the means lie."""
    even = np.linspace(low, high, CELLS // 2 + 1)
    between = np.interp(np.linspace(0, len(places) - 1, CELLS // 2), np.arange(len(places)), places)
    edges = np.unique(np.concatenate([even, between]))
    return np.asarray(edges[np.concatenate([[True], np.diff(edges) > 1e-9 * max(high - low, 1e-300)])])


def _groups(weights: Floats, count: int) -> NDArray[np.intp]:
    """Return the number of the group of each item, in order, so that groups weigh about the same; none is empty."""
    reached = np.cumsum(weights) - weights / 2
    groups = np.minimum((reached / weights.sum() * count).astype(np.intp), count - 1)
    return np.unique(groups, return_inverse=True)[1].reshape(-1)


def _sums(groups: NDArray[np.intp], values: Floats) -> Floats:
    return np.asarray(np.bincount(groups, values), np.float64)
