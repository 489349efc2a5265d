"""First-order indices from any sample: how far an answer's mean moves along one factor, chance taken out.

They need no design of their own, so one sample serves hundreds of factors; and where pairs of points would have to
agree within a hair, the means of a few bins tell a small index from none.

References
----------
E. Plischke, E. Borgonovo, C. L. Smith, "Global sensitivity measures from given data", European Journal of Operational
Research 226 (2013).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from detente.exploration.indices import Estimates

__all__ = ["between_groups", "bins_of", "explained_in_pairs", "means_of_groups", "whitened"]

Floats = NDArray[np.float64]
Groups = NDArray[np.intp]
BINS = 16
FEWEST_IN_A_BIN = 32


def bins_of(uniforms: Floats) -> tuple[Groups, int]:
    """Return the bin of each cumulative probability, and how many bins there are: fewer where points are few."""
    count = int(min(max(len(uniforms) // FEWEST_IN_A_BIN, 2), BINS))
    return np.minimum((uniforms * count).astype(np.intp), count - 1), count


def means_of_groups(columns: Floats, weights: Floats, groups: Groups, count: int) -> tuple[Floats, Floats, Floats]:
    """Return each group's weight as a share, the mean answers in it, and the squared standard errors of these.

    Parameters
    ----------
    columns
        Each answer and its square, ``[points, 2 answers]``, in rows that lie together in memory.
    weights, groups, count
        Each point's weight and group, ``[points]``, and the number of groups.
    """
    rows, points = len(groups), np.arange(len(groups))
    once = sparse.csr_array((weights, (groups, points)), shape=(count, rows))
    twice = sparse.csr_array((weights**2, (groups, points)), shape=(count, rows))
    weight = np.asarray(once.sum(axis=1))
    square = np.asarray(twice.sum(axis=1))
    safe = np.where(weight > 0, weight, 1.0)[:, None]
    half = columns.shape[1] // 2
    means = (once @ columns[:, :half]) / safe
    spread = twice @ columns
    spread = spread[:, half:] - 2 * means * spread[:, :half] + means**2 * square[:, None]
    # The mean of a group lies nearer to its own points than the truth does: n/(n - 1), in effective points.
    effective = weight**2 / np.where(square > 0, square, 1.0)
    enlarged = np.where(effective > 1.5, effective / np.maximum(effective - 1, 0.5), 1.0)
    errors = np.maximum(spread, 0) / safe**2 * enlarged[:, None]
    return weight / max(weight.sum(), 1e-300), means, errors


def between_groups(columns: Floats, weights: Floats, groups: Groups, count: int) -> Estimates:
    """Return the variance of each answer's mean between groups, less what chance alone would put there.

    It may fall below 0 by chance; clipped one by one, hundreds of factors would add up noise.

    Parameters
    ----------
    columns, weights, groups, count
        As :func:`means_of_groups` takes them.

    Returns
    -------
    Estimates
        In squared units of the answers: divide by a variance for an index.
    """
    share, means, errors = means_of_groups(columns, weights, groups, count)
    centre = share @ means
    off = (means - centre) ** 2
    kept = 1 - share[:, None]  # the centre is made of the same points
    value = share @ (off - errors * kept)
    noise = 4 * np.maximum(share**2 @ ((off - errors) * errors), 0) + 2 * (share**2 @ errors**2)
    return Estimates(value, np.sqrt(noise))


def explained_in_pairs(columns: Floats, weights: Floats, first: Floats, second: Floats) -> Estimates:
    """Return the variance that two factors explain together beyond what each explains alone, its bilinear part.

    The scores are uncorrelated and of unit variance, and so are their products where the factors are independent: each
    product explains what it explains, whatever the others do. What chance would explain is taken out.

    Parameters
    ----------
    columns
        The answers less their means, and the squares of these, ``[points, 2 answers]``.
    weights
        Adding up to 1, ``[points]``.
    first, second
        The scores of each factor, ``[scores, points]``: of a number one, of a reading one less than readings.
    """
    products = (first[:, None, :] * second[None, :, :]).reshape(-1, len(weights))
    weighed = products * weights
    half = columns.shape[1] // 2
    slopes = weighed @ columns[:, :half]
    noise = weighed**2 @ columns[:, half:] - slopes**2 / len(weights)
    value = (slopes**2 - noise).sum(axis=0)
    error = 4 * ((slopes**2 - noise) * noise).sum(axis=0) + 2 * (noise**2).sum(axis=0)
    return Estimates(value, np.sqrt(np.maximum(error, 2 * (noise**2).sum(axis=0))))


def whitened(scores: Floats, weights: Floats) -> Floats:
    """Return scores of mean 0 and unit variance that are uncorrelated among themselves, ``[scores, points]``.

    Parameters
    ----------
    scores, weights
        ``[scores, points]``, and ``[points]`` adding up to 1.
    """
    centred = scores - (scores @ weights)[:, None]
    spread = (centred * weights) @ centred.T
    size, axes = np.linalg.eigh(spread)
    kept = size > 1e-9 * max(float(size.max(initial=0.0)), 1e-12)
    return np.asarray((axes[:, kept] / np.sqrt(size[kept])).T @ centred)
