"""Rankings of factors, claims, sentences and sources, and which places do not hang on how wide the ranges are.

A place is read from estimates, each with its error. So of two entries one stands above the other only where their
difference can be told from nothing, and an entry changes its place with the ranges only where that can be told. What
things account for by themselves comes first; where that tells two of them not apart, what they account for in company.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from detente.exploration.indices import HALF, Estimates
from detente.exploration.result import Entry, Index
from detente.exploration.sensitivity import Alone

__all__ = ["APART", "Shares", "places_kept", "rank_entries", "shares_of"]

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
    total, total_error
        The total index of each thing, its interactions counted, and its standard error, ``[things, answers]``; NaN
        where not computed, None where none is.
    """

    names: tuple[str, ...]
    loads: sparse.csr_array
    part: Floats
    error: Floats
    total: Floats | None = None
    total_error: Floats | None = None

    @cached_property
    def values(self) -> Floats:
        """What each thing accounts for, ``[things, answers]``."""
        return np.asarray(self.loads @ self.part)

    @cached_property
    def errors(self) -> Floats:
        """Their standard errors, ``[things, answers]``."""
        return np.asarray(np.sqrt(self.loads.power(2) @ self.error**2))

    def order(self, answer: int) -> list[int]:
        """Return the things of one answer: what can be told by itself first, then in company, each largest first."""
        value, error = self.values[:, answer], self.errors[:, answer]
        total, total_error = self._totals(answer)
        by_itself = np.where(value > HALF * error, value, 0.0)
        in_company = np.where(total > HALF * total_error, total, 0.0)  # false where not computed
        keys = zip(-by_itself, -in_company, -value, self.names, strict=True)
        return [row for _, row in sorted((key, row) for row, key in enumerate(keys))]

    def places(self, answer: int, in_company: bool = False) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the first and the last place at which each thing can stand, ``[things]``.

        Two things are told apart where their difference is beyond its 95 % interval; what they share cancels. Where
        that of what they account for by themselves is not, ``in_company`` asks that of their totals.
        """
        values = self.values[:, answer]
        together = (self.loads * self.error[:, answer] ** 2) @ self.loads.T
        common = np.asarray(together.todense())
        noise = np.maximum(common.diagonal()[:, None] + common.diagonal()[None, :] - 2 * common, 0.0)
        above = _told_above(values, np.sqrt(noise))
        if in_company:
            total, error = self._totals(answer)
            above |= _told_above(total, np.hypot(error[:, None], error[None, :])) & ~above.T
        return 1 + above.sum(axis=1), len(values) - above.sum(axis=0)

    def _totals(self, answer: int) -> tuple[Floats, Floats]:
        if self.total is None or self.total_error is None:
            unknown = np.full(len(self.names), np.nan)
            return unknown, unknown
        return self.total[:, answer], self.total_error[:, answer]

    def with_totals(self, totals: Sequence[Estimates | None]) -> Shares:
        """Return the same shares with the total index of each thing; None where it is not computed."""
        unknown = np.full(self.part.shape[1], np.nan)
        value = np.array([unknown if one is None else one.value for one in totals])
        error = np.array([unknown if one is None else one.error for one in totals])
        shape = (len(totals), self.part.shape[1])
        return replace(self, total=value.reshape(shape), total_error=error.reshape(shape))


def _told_above(values: Floats, noise: Floats) -> NDArray[np.bool_]:
    """Return for each thing, in rows, which others stand above it beyond a 95 % interval; none of NaN does."""
    more = values[None, :] - values[:, None]  # of the second than of the first
    rounding = ROUNDING * np.nan_to_num(np.abs(values)).max(initial=0.0)
    return np.asarray(more > HALF * noise + rounding)


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

    It moves with the ranges where some two rankings leave it no place in common, by what things account for by
    themselves: that is known at all ranges. It keeps its place where it does not move, and each ranking tells well
    enough where it stands. Else nothing can be told.
    """
    found = [shares.places(answer) for shares in scales]
    moves = np.stack([one for one, _ in found]).max(axis=0) > np.stack([one for _, one in found]).min(axis=0)
    found[0] = scales[0].places(answer, in_company=True)
    first = np.stack([one for one, _ in found])
    last = np.stack([one for _, one in found])
    width = np.array([APART[min(number, 1)] for number in range(len(scales))])
    told = np.all(last - first <= width[:, None], axis=0)
    return {
        name: Places(int(first[0, row]), int(last[0, row]), bool(told[row] and not moves[row]), bool(moves[row]))
        for row, name in enumerate(scales[0].names)
    }


def rank_entries(
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

    Returns
    -------
    tuple
        Those of which a share can be told; shares are of the variance, or of its part that is free of luck.
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
