"""Rankings of factors, claims, sentences and sources, and which places do not hang on how wide the ranges are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.exploration.factors import Factors
from detente.exploration.indices import Estimates
from detente.exploration.result import Entry, Index
from detente.exploration.sensitivity import Alone

__all__ = ["Shares", "places_kept", "ranked", "shares_of"]

Floats = NDArray[np.float64]
Shares = Mapping[str, Estimates]
"""By name, the variance of each answer that a thing accounts for by itself."""


def shares_of(alone: Alone) -> dict[str, Shares]:
    """Return what each factor, claim, sentence and source accounts for.

    A sentence's share is split: each factor's goes in equal parts to the sentences that stand behind it, so that what
    is said twice counts once.
    """
    factors = alone.factors
    return {
        "factors": {name: alone.factor(column) for column, name in enumerate(factors.names)},
        "claims": {name: alone.group(columns) for name, columns in factors.claims.items()},
        "sentences": {name: split_share(alone, factors, name) for name in factors.sentences},
        "sources": {name: alone.group(columns) for name, columns in factors.sources.items()},
    }


def split_share(alone: Alone, factors: Factors, sentence: str) -> Estimates:
    """Return a sentence's own part of what the factors behind which it stands account for."""
    value = noise = np.zeros(len(alone.answers))
    for column in factors.sentences[sentence]:
        one, among = alone.factor(column), len(factors.support[column])
        value, noise = value + one.value / among, noise + (one.error / among) ** 2
    return Estimates(value, np.sqrt(noise))


def places_kept(scales: Sequence[Shares], target: int) -> dict[str, bool]:
    """Return for each name whether it stands at the same place of every ranking."""
    rankings = [_order(shares, target) for shares in scales]
    return {
        name: all(place < len(ranking) and ranking[place] == name for ranking in rankings)
        for place, name in enumerate(rankings[0])
    }


def _order(shares: Shares, target: int) -> list[str]:
    return sorted(shares, key=lambda name: (-float(shares[name].value[target]), name))


def ranked(
    scales: Sequence[Shares],
    target: int,
    variance: float,
    luck_free: float,
    total: Callable[[str], Index | None],
) -> tuple[Entry, ...]:
    """Return the entries of one ranking, largest first.

    Parameters
    ----------
    scales
        What each thing accounts for: at the declared ranges first, then at others.
    target, variance, luck_free
        Which answer, its variance, and how much of it is left with luck averaged out.
    total
        Gives the total index of a name, where there is one.
    """
    declared, kept = scales[0], places_kept(scales, target)
    entries = []
    for place, name in enumerate(_order(declared, target), 1):
        value, error = (float(part[target]) for part in (declared[name].value, declared[name].error))
        index = Index.about(value / variance, error / variance)
        if index is not None:
            free = Index.about(value / luck_free, error / luck_free) if luck_free > 0 else None
            entries.append(Entry(name, index, free, total(name), place, kept[name]))
    return tuple(entries)
