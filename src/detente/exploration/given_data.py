"""What factors account for by themselves, from any sample: how far an answer's mean moves along one factor.

That needs no design of its own, so one sample serves hundreds of factors; and where pairs of points would have to
agree within a hair, the means of a few bins tell a small index from none. What chance puts between bins is not told
from the number of points, since points that fill the space evenly scatter less: the sample is in parts, each made
independently of the others, and a product of what two parts say holds no chance of either.

References
----------
E. Plischke, E. Borgonovo, C. L. Smith, "Global sensitivity measures from given data", European Journal of Operational
Research 226 (2013).
A. B. Owen, "Monte Carlo variance of scrambled net quadrature", SIAM Journal on Numerical Analysis 34 (1997).
B. Efron, C. Stein, "The jackknife estimate of variance", Annals of Statistics 9 (1981).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.exploration.indices import Estimates, student

__all__ = [
    "between_cells",
    "beyond_either",
    "bins_for",
    "bins_of",
    "cells",
    "explained_in_pairs",
    "means_of_groups",
    "sums_of_groups",
    "whiten",
]

Floats = NDArray[np.float64]
Groups = NDArray[np.intp]
BINS, MOST_BINS = 8, 64
"""Bins of a number's range, and how many they are cut into where that finds more."""
FEWEST_IN_A_BIN = 32
TELLING = 2.5
"""Standard errors that finer bins must find to be taken."""


def bins_for(points: int) -> int:
    """Return into how many bins a number's range may be cut: a power of 2, fewer where points are few."""
    return 1 << (min(max(points // FEWEST_IN_A_BIN, 2), MOST_BINS).bit_length() - 1)


def bins_of(uniforms: Floats, count: int) -> Groups:
    """Return the bin of each cumulative probability."""
    return np.minimum((uniforms * count).astype(np.intp), count - 1)


def cells(answers: Floats, weights: Floats, groups: Groups, count: int, parts: int) -> tuple[Floats, Floats]:
    """Return the sums of weights, ``[parts, groups]``, and of weighted answers, ``[parts, groups, answers]``.

    Parameters
    ----------
    answers
        ``[points, answers]``, in rows that lie together in memory.
    weights, groups, count
        Each point's weight and group, ``[points]``, and the number of groups.
    parts
        Into how many parts the sample falls; its points belong to them in turn.

    Returns
    -------
    tuple
        Both sums; 0 of a group that has no point.
    """
    cell = np.arange(len(groups)) % parts * count + groups
    weight = np.bincount(cell, weights, parts * count).reshape(parts, count)
    sums = sums_of_groups(weights[:, None] * answers, cell, parts * count)
    return np.asarray(weight, np.float64), sums.reshape(parts, count, -1)


def sums_of_groups(values: Floats, groups: Groups, count: int) -> Floats:
    """Return the sum of each column over each group, ``[groups, columns]``; 0 of a group that has no point.

    Parameters
    ----------
    values, groups, count
        ``[points, columns]``; each point's group, ``[points]``; and the number of groups.

    Returns
    -------
    array
        In the unit of the values.
    """
    columns = values.shape[1]
    # Every column of every group is counted as a group of its own: to sort points by group would take far longer.
    cell = (groups[:, None] * columns + np.arange(columns)).ravel()
    return np.asarray(np.bincount(cell, values.ravel(), count * columns), np.float64).reshape(count, columns)


def between_cells(weight: Floats, sums: Floats, ordered: bool = True, base: int = BINS) -> Estimates:
    """Return the variance of each answer's mean between groups, without what chance puts there.

    1. Each part of the sample says of each group how far its mean lies from the mean of all. The products of what any
       two parts say add up to the variance between groups; by chance they fall below 0 as often as above.
    2. Groups that have an order are bins of a range, and bins hide what varies inside them. They are cut in two, and
       again, until a cut finds no more than noise. Since each finds about a quarter of what the one before did where an
       answer is smooth, a third of what the last found is added for those that would follow.
    3. The error is the jackknife's over parts, and allows for half of what the last cut found: leaps may hide more.

    Parameters
    ----------
    weight, sums
        As :func:`cells` gives them; bins come in a power of 2 times a small number.
    ordered
        Whether the groups have an order.
    base
        Bins from which cutting begins.

    Returns
    -------
    Estimates
        In squared units of the answers: divide by a variance for an index.
    """
    levels = [(weight, sums)]
    while ordered and levels[-1][0].shape[1] > max(base // 2, 2) and levels[-1][0].shape[1] % 2 == 0:
        last = levels[-1]
        levels.append((_merged(last[0][:, :, None])[:, :, 0], _merged(last[1])))
    found = [_crossed(_standings(*level)) for level in reversed(levels)]
    value, left_out = found[min(1, len(found) - 1)]
    gain, gain_left_out = np.zeros_like(value), np.zeros_like(left_out)
    hidden, before, found_before = np.zeros_like(value), np.zeros_like(value), np.zeros(len(value), bool)
    for (coarse, coarse_left_out), (fine, fine_left_out) in pairwise(found):
        more, more_left_out = fine - coarse, fine_left_out - coarse_left_out
        told = more > TELLING * _jackknifed(more_left_out)
        taken = told | found_before
        hidden = np.where(taken, np.maximum(more, before / 2), hidden)
        value, left_out = np.where(taken, fine, value), np.where(taken, fine_left_out, left_out)
        gain, gain_left_out = np.where(taken, more, gain), np.where(taken, more_left_out, gain_left_out)
        before, found_before = np.where(taken, more, 0.0), told
    return Estimates(value + gain / 3, np.hypot(_jackknifed(left_out + gain_left_out / 3), hidden / 2))


def beyond_either(weight: Floats, sums: Floats) -> Estimates:
    """Return the variance of each answer's mean between the cells of two factors beyond what each explains alone.

    It is that between their cells less those between the groups of either; what chance puts there is taken out as by
    :func:`between_cells`.

    Parameters
    ----------
    weight, sums
        As :func:`cells` gives them, with the groups of both factors apart: ``[parts, groups of one, groups of other]``
        and ``[parts, groups of one, groups of other, answers]``.
    """
    parts, one, other, answers = sums.shape
    flat = _crossed(_standings(weight.reshape(parts, one * other), sums.reshape(parts, one * other, answers)))
    alone = [_crossed(_standings(weight.sum(axis=axis), sums.sum(axis=axis))) for axis in (1, 2)]
    value, left_out = (flat[place] - alone[0][place] - alone[1][place] for place in range(2))
    return Estimates(value, _jackknifed(left_out))


def _merged(sums: Floats) -> Floats:
    """Return the sums over pairs of neighbouring bins."""
    parts, count, answers = sums.shape
    return np.asarray(sums.reshape(parts, count // 2, 2, answers).sum(axis=2))


def _standings(weight: Floats, sums: Floats) -> Floats:
    """Return how far each part says that each group's mean lies from the mean of all, ``[parts, groups, answers]``.

    A group counts by the root of its share. A part's own mean of a group is that of the whole sample and, to first
    order, what its points lie off; so a group of which a part has no point does no harm.
    """
    whole = max(float(weight.sum()), 1e-300)
    share = weight.sum(axis=0) / whole
    root = np.sqrt(share)
    mean = sums.sum(axis=0) / whole / np.where(share > 0, share, 1.0)[:, None]
    told = weight[:, :, None] * mean
    np.subtract(sums, told, out=told)
    told *= (len(weight) / whole / np.where(root > 0, root, 1.0))[:, None]
    told += root[:, None] * mean
    told -= root[:, None] * np.einsum("b,pba->pa", root, told)[:, None, :]
    return np.asarray(told)


def _crossed(told: Floats) -> tuple[Floats, Floats]:
    """Return the mean product of what two different parts say, summed over groups, and that without each part.

    Parameters
    ----------
    told
        ``[parts, groups, answers]``.
    """
    count = len(told)
    whole, own = told.sum(axis=0), np.einsum("pba,pba->pa", told, told)
    together, alone = (whole**2).sum(axis=0), own.sum(axis=0)
    rest = whole - told
    others = np.einsum("pba,pba->pa", rest, rest)
    left_out = (others - (alone - own)) / max((count - 1) * (count - 2), 1)
    return (together - alone) / max(count * (count - 1), 1), left_out


def _jackknifed(left_out: Floats) -> Floats:
    """Return the standard error of an estimate from what it is without each part, ``[parts, answers]``."""
    count = len(left_out)
    spread = ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(np.sqrt(spread * (count - 1) / count) * student(count))


def means_of_groups(answers: Floats, weights: Floats, groups: Groups, count: int) -> Floats:
    """Return the weighted mean of each group, ``[groups]``; 0 where it has no weight.

    Parameters
    ----------
    answers, weights
        Of each point, ``[points]``.
    groups, count
        Each point's group, ``[points]``, and the number of groups.

    Returns
    -------
    array
        In the unit of the answers.
    """
    weight = np.bincount(groups, weights, count)
    return np.asarray(np.bincount(groups, weights * answers, count) / np.where(weight > 0, weight, 1.0))


def explained_in_pairs(answers: Floats, weights: Floats, first: Floats, second: Floats, parts: int) -> Estimates:
    """Return the variance that two factors explain together beyond what each explains alone.

    The scores are uncorrelated and of unit variance, and so are their products where the factors are independent: each
    product explains what it explains, whatever the others do.

    Parameters
    ----------
    answers
        Less their means, ``[points, answers]``.
    weights
        Adding up to 1, ``[points]``.
    first, second
        The scores of each factor, ``[scores, points]``.
    parts
        Into how many parts the sample falls; its points belong to them in turn.

    Returns
    -------
    Estimates
        For each answer, in its unit squared, ``[answers]``, with standard errors over the parts.
    """
    products = (first[:, None, :] * second[None, :, :]).reshape(-1, len(weights)) * (weights * parts)
    told = np.stack([products[:, part::parts] @ answers[part::parts] for part in range(parts)])
    value, left_out = _crossed(told)
    return Estimates(value, _jackknifed(left_out))


def whiten(scores: Floats, weights: Floats) -> Floats:
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
