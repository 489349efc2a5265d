"""Rankings of factors, claims, sentences and sources, and which places do not hang on how wide the ranges are.

A place is read from estimates, each with its error. So of two entries one stands above the other only where their
difference can be told from nothing, and an entry changes its place with the ranges only where that can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from detente.exploration.result import HALF, Entry, Index
from detente.exploration.sensitivity import Alone

__all__ = ["APART", "Shares", "places_kept", "ranked", "shares_of"]

Floats = NDArray[np.float64]
Columns = frozenset[int]
APART = (3, 6)
"""How far apart the places may lie between which a thing stands, at the declared ranges and at others."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Shares:
    """What each thing accounts for by itself: the variance of each answer, put together from parts.

    Parameters
    ----------
    names
        Of the things.
    loads
        How much of each part is each thing's own, ``[things, parts]``, sparse: things that share parts err alike.
    part, error
        The variance of each answer that each part accounts for, and its standard error, ``[parts, answers]``.
    """

    names: tuple[str, ...]
    loads: sparse.csr_array
    part: Floats
    error: Floats

    @cached_property
    def values(self) -> Floats:
        """What each thing accounts for, ``[things, answers]``."""
        return np.asarray(self.loads @ self.part)

    @cached_property
    def errors(self) -> Floats:
        """Their standard errors, ``[things, answers]``."""
        return np.asarray(np.sqrt(self.loads.power(2) @ self.error**2))

    def order(self, answer: int) -> list[int]:
        """Return the things of one answer, largest first."""
        values = self.values[:, answer]
        return sorted(range(len(self.names)), key=lambda row: (-float(values[row]), self.names[row]))

    def places(self, answer: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the first and the last place at which each thing can stand, ``[things]``.

        Two things are told apart where their difference is beyond its 95 % interval; what they share cancels.
        """
        values = self.values[:, answer]
        together = (self.loads * self.error[:, answer] ** 2) @ self.loads.T
        common = np.asarray(together.todense())
        noise = np.maximum(common.diagonal()[:, None] + common.diagonal()[None, :] - 2 * common, 0.0)
        more = values[None, :] - values[:, None]  # of the second than of the first
        told = HALF * np.sqrt(noise) + ROUNDING * np.abs(values).max(initial=0.0)
        return 1 + (more > told).sum(axis=1), len(values) - (more < -told).sum(axis=1)


def shares_of(alone: Alone) -> dict[str, Shares]:
    """Return what each factor, claim, sentence and source accounts for.

    A sentence's share is split: each factor's goes in equal parts to the sentences that stand behind it, so that what
    is said twice counts once.
    """
    factors = alone.factors
    grouped = {
        kind: {name: dict.fromkeys(alone.parts(columns), 1.0) for name, columns in groups.items()}
        for kind, groups in (("claims", factors.claims), ("sources", factors.sources))
    }
    split = {
        sentence: {frozenset({column}): 1 / len(factors.support[column]) for column in columns}
        for sentence, columns in factors.sentences.items()
    }
    single = {name: {frozenset({column}): 1.0} for column, name in enumerate(factors.names)}
    return {
        "factors": _put_together(alone, single),
        "claims": _put_together(alone, grouped["claims"]),
        "sentences": _put_together(alone, split),
        "sources": _put_together(alone, grouped["sources"]),
    }


def _put_together(alone: Alone, made_of: Mapping[str, Mapping[Columns, float]]) -> Shares:
    parts = list(dict.fromkeys(part for some in made_of.values() for part in some))
    where = {part: place for place, part in enumerate(parts)}
    loads = sparse.dok_array((len(made_of), len(parts)))
    for row, some in enumerate(made_of.values()):
        for part, weight in some.items():
            loads[row, where[part]] = weight
    found = [alone.part(part) for part in parts]
    nothing = np.zeros((0, len(alone.answers)))
    values = np.stack([one.value for one in found]) if found else nothing
    errors = np.stack([one.error for one in found]) if found else nothing
    return Shares(tuple(made_of), sparse.csr_array(loads), values, errors)


@dataclass(frozen=True)
class Places:
    """Where one thing stands: between which places at the declared ranges; whether it keeps that, or moves."""

    first: int
    last: int
    kept: bool
    moves: bool


def places_kept(scales: Sequence[Shares], answer: int) -> dict[str, Places]:
    """Return where each thing stands in all rankings: the declared ranges first, then others.

    It moves with the ranges where some two rankings leave it no place in common. It keeps its place where it does not
    move, and each ranking tells well enough where it stands. Else nothing can be told.
    """
    found = [shares.places(answer) for shares in scales]
    first = np.stack([one for one, _ in found])
    last = np.stack([one for _, one in found])
    moves = first.max(axis=0) > last.min(axis=0)
    width = np.array([APART[min(number, 1)] for number in range(len(scales))])
    told = np.all(last - first <= width[:, None], axis=0)
    return {
        name: Places(int(first[0, row]), int(last[0, row]), bool(told[row] and not moves[row]), bool(moves[row]))
        for row, name in enumerate(scales[0].names)
    }


def ranked(
    scales: Sequence[Shares],
    answer: int,
    variance: float,
    luck_free: float,
    total: Callable[[str], Index | None],
) -> tuple[Entry, ...]:
    """Return the entries of one ranking, largest first.

    Parameters
    ----------
    scales
        What each thing accounts for: at the declared ranges first, then at others.
    answer, variance, luck_free
        Which answer, its variance, and how much of it is left with luck averaged out.
    total
        Gives the total index of a name, where there is one.
    """
    declared, kept = scales[0], places_kept(scales, answer)
    entries = []
    for place, row in enumerate(declared.order(answer), 1):
        name, value, error = (
            declared.names[row],
            float(declared.values[row, answer]),
            float(declared.errors[row, answer]),
        )
        index = Index.about(value / variance, error / variance)
        if index is not None:
            free = Index.about(value / luck_free, error / luck_free) if luck_free > 0 else None
            stands = kept[name]
            entries.append(
                Entry(name, index, free, total(name), place, (stands.first, stands.last), stands.kept, stands.moves)
            )
    return tuple(entries)
