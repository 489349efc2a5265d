"""The draws of a run as a sample: each draw's answers and weights, grouped by where its numbers and readings lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import draw_means, luck_variance, position_of
from detente.exploration.given_data import between_cells, beyond_either, cells, sums_of_groups
from detente.exploration.indices import Estimates
from detente.run import Run

__all__ = ["BINS", "FINE", "TELLING", "Groups", "RunSample"]

Floats = NDArray[np.float64]
BINS = 6
"""Bins of a number's range from which the estimate of first-order shares begins."""
FINE = 24
"""The finest bins; thirds are put together from them too."""
PARTS, FEWEST_IN_A_PART = 16, 4
"""Into how many parts the draws fall, and draws below which a part is not made: each is independent of the others."""
FEWEST = 8
"""Draws below which nothing is said of their variance."""
TELLING = 2.0
"""How many standard errors something must exceed to be told."""


@dataclass(frozen=True)
class Groups:
    """Sums over groups of draws: of the weights and their squares, and of these times answers and squared answers.

    Parameters
    ----------
    weight, square
        Sums of the weights, and of their squares, ``[groups]``.
    answer, square_answer, square_square
        Sums of weights times answers, of squared weights times answers, and of squared weights times squared answers,
        ``[groups, questions]``.
    parts
        Sums of the weights and of weighted answers over the groups of each part of the draws, ``[parts, groups]`` and
        ``[parts, groups, questions]``.
    ordered
        Whether the groups are bins of a range.
    """

    weight: Floats
    square: Floats
    answer: Floats
    square_answer: Floats
    square_square: Floats
    parts: tuple[Floats, Floats]
    ordered: bool

    def means(self, spans: int) -> tuple[Floats, Floats]:
        """Return the weighted mean of each answer over spans of groups, and its squared error, ``[spans, questions]``.

        Where there is no weight the mean is NaN and the error infinite.

        Parameters
        ----------
        spans
            Into how many spans of equally many neighbouring groups all groups are gathered.
        """
        weight, square = (each.reshape(spans, -1).sum(axis=1)[:, None] for each in (self.weight, self.square))
        answer, square_answer, square_square = (
            each.reshape(spans, -1, each.shape[1]).sum(axis=1)
            for each in (self.answer, self.square_answer, self.square_square)
        )
        known = weight > 0
        safe = np.where(known, weight, 1.0)
        means = answer / safe
        spread = np.maximum(square_square - 2 * means * square_answer + means * means * square, 0.0) / safe**2
        return np.where(known, means, np.nan), np.where(known, spread, np.inf)

    @cached_property
    def first_order(self) -> Estimates:
        """The variance of each luck-free answer that lies between groups, less what chance alone would put there.

        It may fall below 0 by chance; clipped one by one, hundreds of factors would add up noise.
        """
        return between_cells(*self.parts, ordered=self.ordered, base=BINS)


@dataclass(frozen=True)
class RunSample:
    """The kept draws of a run's main part that have weight.

    Parameters
    ----------
    run
        The run that they are of.
    answers
        Each draw's answer to each question, luck averaged, ``[questions, draws]``. A choice is followed through the
        mean position of its alternatives; for two it is the share of the second.
    weights
        Each draw's weight, ``[draws]``.
    known
        Which of all draws of the part have weight and so are in the sample, ``[all draws]``.
    noise
        For each question, the variance that luck alone gives to a draw's answer.
    """

    run: Run
    answers: Floats
    weights: Floats
    known: NDArray[np.bool_]
    noise: Floats

    @staticmethod
    def of(run: Run) -> RunSample:
        """Take the sample of a run."""
        tally, program = run.main.part.tally, run.main.watch.program
        known = tally.weight > 0
        places = [position_of(program, question) for question in run.case.scenario.questions]
        answers = np.array([draw_means(tally, place)[known] for place in places]).reshape(len(places), int(known.sum()))
        noise = np.array([luck_variance(tally, place) for place in places])
        return RunSample(run, answers, tally.weight[known].astype(np.float64), known, noise)

    @cached_property
    def _numbers(self) -> NDArray[np.uint32]:
        return np.flatnonzero(self.known).astype(np.uint32)

    @cached_property
    def _uniforms(self) -> dict[str, Floats]:
        drawing = self.run.main.ensemble.drawing
        return dict(zip(drawing.parameters, drawing.uniforms(self._numbers), strict=True))

    @cached_property
    def _readings(self) -> dict[str, NDArray[np.int32]]:
        part = self.run.main
        return dict(part.ensemble.drawing.take(self._numbers, part.part.design.readings).readings)

    @cached_property
    def _columns(self) -> Floats:
        """Everything that is summed over groups, ``[draws, 2 + 3 questions]``."""
        w, y = self.weights, self.answers
        return np.concatenate([[w, w * w], w * y, w * w * y, w * w * y * y]).T

    @cached_property
    def _grouped(self) -> dict[tuple[str, str], Groups]:
        return {}

    def ranges(self, parameter: str) -> Groups:
        """Return the sums over fine bins of a number's range, by cumulative probability."""
        key = ("parameter", parameter)
        if key not in self._grouped:
            where = np.minimum((self._uniforms[parameter] * FINE).astype(np.int64), FINE - 1)
            self._grouped[key] = self._sums(where, FINE, ordered=True)
        return self._grouped[key]

    def readings(self, claim: str) -> Groups:
        """Return the sums over the readings of a contested claim."""
        key = ("reading", claim)
        if key not in self._grouped:
            count = len(self.run.case.switches[claim].readings or {})
            self._grouped[key] = self._sums(self._readings[claim].astype(np.int64), count, ordered=False)
        return self._grouped[key]

    @cached_property
    def variances(self) -> Floats:
        """The luck-free variance of each answer, ``[questions]``."""
        return np.array([self.luck_free_variance(column) for column in range(len(self.answers))])

    def _sums(self, where: NDArray[np.int64], count: int, ordered: bool) -> Groups:
        questions, draws = len(self.answers), np.arange(len(where))
        parts = self._parts
        each = sums_of_groups(self._columns, draws % parts * count + where, parts * count).reshape(parts, count, -1)
        sums = each.sum(axis=0)
        answer, square_answer, square_square = np.split(sums[:, 2:], 3, axis=1)
        by_part = (each[:, :, 0], each[:, :, 2 : 2 + questions])
        return Groups(sums[:, 0], sums[:, 1], answer, square_answer, square_square, by_part, ordered)

    def beyond_either(self, column: int, one: str, other: str) -> tuple[float, float]:
        """Return what two factors explain of one answer's variance beyond either alone, and its standard error.

        Parameters
        ----------
        column
            Which question.
        one, other
            Parameters or contested claims.

        Returns
        -------
        tuple
            In the answer's unit squared; by chance it may lie below 0.
        """
        first, second = sorted((one, other))
        if (column, first, second) not in self._pairs:
            (where, count), (across, breadth) = self._binned(first), self._binned(second)
            weight, sums = cells(
                self.answers[column][:, None], self.weights, where * breadth + across, count * breadth, self._parts
            )
            found = beyond_either(weight.reshape(-1, count, breadth), sums.reshape(-1, count, breadth, 1))
            self._pairs[column, first, second] = (float(found.value[0]), float(found.error[0]))
        return self._pairs[column, first, second]

    def _binned(self, name: str) -> tuple[NDArray[np.int64], int]:
        if name in self._readings:
            return self._readings[name].astype(np.int64), len(self.run.case.switches[name].readings or {})
        return np.minimum((self._uniforms[name] * BINS).astype(np.int64), BINS - 1), BINS

    @cached_property
    def _pairs(self) -> dict[tuple[int, str, str], tuple[float, float]]:
        return {}

    @property
    def _parts(self) -> int:
        return max(min(len(self.weights) // FEWEST_IN_A_PART, PARTS), 2)

    def luck_free_variance(self, column: int) -> float:
        """Return the variance of the luck-free answer between draws, 0 where it does not differ from zero."""
        answers, weights = self.answers[column], self.weights
        if len(answers) < FEWEST:
            return 0.0
        centre = np.average(answers, weights=weights)
        squares = (answers - centre) ** 2
        total = float(np.average(squares, weights=weights))
        effective = float(weights.sum() ** 2 / (weights**2).sum())
        error = float(np.sqrt(np.average((squares - total) ** 2, weights=weights) / effective))
        free = total - float(self.noise[column])
        return free if free > TELLING * error else 0.0
