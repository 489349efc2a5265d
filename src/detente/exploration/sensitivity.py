"""How much of each answer is luck, ignorance and dispute, and which factors and groups of them account for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.exploration.design import PairedDesign
from detente.exploration.given_data import (
    between_cells,
    bins_for,
    bins_of,
    cells,
    explained_in_pairs,
    whiten,
)
from detente.exploration.indices import Estimates, agreement
from detente.exploration.pair_weights import PairWeights, pair_weights
from detente.exploration.sampling import Outcome, Sampler

__all__ = ["Alone", "Columns", "Paired"]

Floats = NDArray[np.float64]
Columns = frozenset[int]
MOST_IN_PAIRS = 24
"""Factors of a group beyond which its interactions are left to its total index."""


class Paired:
    """A case run at a paired design: luck is one more factor, and any pair of its points gives an index.

    Parameters
    ----------
    sampler, design
        What is run, and where.
    """

    def __init__(self, sampler: Sampler, design: PairedDesign) -> None:
        self.sampler, self.design, self.factors = sampler, design, sampler.factors
        self._kept: dict[Columns, Outcome] = {}

    def run(self, wanted: Mapping[Columns, int]) -> None:
        """Run worlds together, and keep them: a call of the kernel takes thousands at the cost of a few.

        Parameters
        ----------
        wanted
            For each set of factors that come from the second sample, how many rows of the design.
        """
        missing = {c: rows for c, rows in wanted.items() if c not in self._kept or len(self._kept[c].trace) < rows}
        if not missing:
            return
        points = [self.design.mixed(sorted(columns - self.luck), rows) for columns, rows in missing.items()]
        luck = [
            np.arange(rows, dtype=np.uint32) + np.uint32(self.design.rows if self.luck <= columns else 0)
            for columns, rows in missing.items()
        ]
        together = self.sampler.run(np.concatenate(points), np.concatenate(luck))
        first = 0
        for columns, rows in missing.items():
            self._kept[columns] = together.part(first, first + rows)
            first += rows

    def at(self, second: Columns, rows: int | None = None) -> Outcome:
        """Return the worlds in which some factors come from the second sample, all others from the first.

        Luck is the column after all factors: row by row, the first sample has one number of luck, the second another.
        """
        count = rows or self.design.rows
        self.run({second: count})
        return self._kept[second].part(0, count)

    def changes(self, columns: Columns, rows: int) -> bool:
        """Whether anything at all that the model records changes where these factors are drawn anew."""
        before, after = self.at(self.none, rows), self.at(columns, rows)
        return bool((before.trace != after.trace).any() or (before.log_weight != after.log_weight).any())

    def index(self, pairs: Sequence[tuple[Columns, Columns]], rows: int | None = None) -> Estimates:
        """Return the closed index of what pairs of points share, from one or more kinds of pairs that share the same.

        Parameters
        ----------
        pairs
            For each kind, the columns that come from the second sample at either point.
        rows
            How many rows of the design; all of them by default.
        """
        first, second, counts = [], [], []
        for one, other in pairs:
            here, there = self.at(one, rows), self.at(other, rows)
            first.append(here.answers)
            second.append(there.answers)
            sides = (self._sides(one), self._sides(other))
            weights = self.weights_of.weights(here.log_weight, there.log_weight, sides)
            counts.append(weights / max(weights.sum(), 1e-300))
        return agreement(np.concatenate(first, 1), np.concatenate(second, 1), np.concatenate(counts), self.design.parts)

    def _sides(self, columns: Columns) -> NDArray[np.bool_]:
        sides = np.zeros(self.factors.luck + 1, bool)
        sides[list(columns)] = True
        return sides[:-1]

    def closed(self, columns: Columns) -> Estimates:
        """Return the closed index of luck, or of a set of factors, from all rows."""
        if columns == self.luck:
            return self.index([(self.none, self.everything - self.luck), (self.everything, self.luck)])
        # Points that share these columns only: B beside AB, and AB of luck beside AB of the factors that are left.
        rest = self.everything - columns - self.luck
        return self.index([(self.everything, columns), (rest, self.luck)])

    def total(self, columns: Columns) -> Estimates:
        """Return the total index of a set of columns, from all rows."""
        if self.luck <= columns:
            return self.knowing_all.complement
        return self.index([(self.none, columns)]).complement

    @cached_property
    def knowing_all(self) -> Estimates:
        """The closed index of all factors but luck: the share of the variance that knowing them all would explain."""
        return self.index([(self.none, self.luck), (self.everything, self.everything - self.luck)])

    @cached_property
    def weights_of(self) -> PairWeights:
        """What each factor contributes to the weights."""
        points = (self.design.first, self.design.second)
        log_weights = (self.at(self.none).log_weight, self.at(self.everything).log_weight)
        return pair_weights(points, log_weights, self.design.parts)

    @property
    def everything(self) -> Columns:
        """All factors, luck too."""
        return frozenset(range(self.factors.luck + 1))

    @property
    def none(self) -> Columns:
        """No factor."""
        return frozenset()

    @property
    def luck(self) -> Columns:
        """Luck as a set of columns."""
        return frozenset({self.factors.luck})


class Alone:
    """What factors, and small groups of them, account for by themselves, from any sample of weighted points.

    Parameters
    ----------
    sampler
        Whose factors they are.
    points
        Cumulative probabilities, ``[points, factors]``.
    answers, weights
        At these points, ``[targets, points]`` and ``[points]``.
    reach
        Which factors can change each target at all, ``[targets, factors]``; the others account for exactly nothing.
    parts
        Into how many independent parts the points fall, to which they belong in turn.
    """

    def __init__(
        self, sampler: Sampler, points: Floats, answers: Floats, weights: Floats, reach: NDArray[np.bool_], parts: int
    ) -> None:
        self.sampler, self.factors, self.points = sampler, sampler.factors, points
        self.reach, self.sample_parts = reach, parts
        self.weights = weights / max(float(weights.sum()), 1e-300)
        self.answers = answers - (answers @ self.weights)[:, None]
        self._columns = np.ascontiguousarray(self.answers.T)
        self._alone: dict[int, Estimates] = {}
        self._scores: dict[int, Floats] = {}
        self._pairs: dict[tuple[int, int], Estimates] = {}
        self._groups: dict[Columns, Estimates] = {}

    def factor(self, column: int) -> Estimates:
        """Return the variance of each answer that one factor accounts for by itself."""
        if column not in self._alone:
            where, count = self.bins(column)
            sums = cells(self._columns, self.weights, where, count, self.sample_parts)
            found = between_cells(*sums, ordered=column < self.factors.parameters)
            reached = self.reach[:, column]
            self._alone[column] = Estimates(np.where(reached, found.value, 0.0), np.where(reached, found.error, 0.0))
        return self._alone[column]

    def group(self, columns: Columns) -> Estimates:
        """Return the variance of each answer that some factors account for by themselves and in pairs.

        Where a group has too many pairs, they are left out, and show in its total index only.
        """
        if columns not in self._groups:
            nothing = np.zeros(len(self.answers))
            value, noise = nothing, nothing
            for part in map(self.part, self.parts(columns)):
                value, noise = value + part.value, noise + part.error**2
            self._groups[columns] = Estimates(value, np.sqrt(noise))
        return self._groups[columns]

    def parts(self, columns: Columns) -> list[Columns]:
        """Return what a group is put together from: each factor, and each pair where there are not too many."""
        members = sorted(columns)
        found = [frozenset({column}) for column in members]
        if len(members) <= MOST_IN_PAIRS:
            found += [frozenset({one, other}) for place, one in enumerate(members) for other in members[place + 1 :]]
        return found

    def part(self, columns: Columns) -> Estimates:
        """Return what one factor accounts for by itself, or two beyond either alone."""
        one, *other = sorted(columns)
        return self.pair(one, other[0]) if other else self.factor(one)

    def pair(self, one: int, other: int) -> Estimates:
        """Return the variance of each answer that two factors account for together beyond either alone."""
        if (one, other) not in self._pairs:
            found = explained_in_pairs(
                self._columns, self.weights, self.scores(one), self.scores(other), self.sample_parts
            )
            reached = self.reach[:, one] & self.reach[:, other]
            self._pairs[one, other] = Estimates(
                np.where(reached, found.value, 0.0), np.where(reached, found.error, 0.0)
            )
        return self._pairs[one, other]

    def scores(self, column: int) -> Floats:
        """Return where each point stands along one factor, as scores that a product can be taken of."""
        if column not in self._scores:
            raw = self.points[:, column][None]
            if column >= self.factors.parameters:
                where, count = self.bins(column)
                raw = (where == np.arange(1, count)[:, None]).astype(np.float64)
            self._scores[column] = whiten(raw, self.weights)
        return self._scores[column]

    def bins(self, column: int) -> tuple[NDArray[np.intp], int]:
        """Return the bin of each point along one factor: of a contested claim, its reading."""
        uniforms = self.points[:, column]
        if column < self.factors.parameters:
            count = bins_for(len(uniforms))
            return bins_of(uniforms, count), count
        return self.sampler.readings_at(column, uniforms)
