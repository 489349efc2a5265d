"""Contested claims: an answer under each reading in the same worlds, and what it would be worth to settle the claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.exploration.result import Contested, Index, ReadingAnswer
from detente.exploration.sampling import CHUNK, Outcome, Sampler
from detente.scenario import fixed_readings

__all__ = ["ReadingAnswers", "answers_by_account", "contested_claims", "run_with_readings"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ReadingAnswers:
    """The answers of draws in which certain readings hold.

    Parameters
    ----------
    weighed, weight
        Each draw's answers times weights, summed over its worlds, ``[targets, draws]``, and the weights, ``[draws]``.
    """

    weighed: Floats
    weight: Floats

    @property
    def mean(self) -> Floats:
        """The weighted mean of each answer."""
        return np.asarray(self.weighed.sum(axis=1) / max(float(self.weight.sum()), 1e-300))

    @property
    def influence(self) -> Floats:
        """What each draw contributes to the error of the means, ``[targets, draws]``: replicates go together."""
        off = self.weighed - self.mean[:, None] * self.weight
        return np.asarray(off / max(float(self.weight.sum()), 1e-300))


def run_with_readings(
    sampler: Sampler, parts: Sequence[Mapping[str, str]], draws: int, replicates: int
) -> list[ReadingAnswers]:
    """Run the draws of a run with some readings fixed: world by world those of ``detente run --reading``.

    Parameters
    ----------
    sampler
        What is run.
    parts
        The readings that are fixed, part by part; all parts have the same draws and the same luck.
    draws, replicates
        How many, and how many worlds of each.

    Returns
    -------
    list
        One entry for each part.
    """
    numbers = np.arange(draws, dtype=np.uint32)
    ensemble, names = sampler.simulation.ensemble, sampler.simulation.watch.program.parameters
    found = []
    together = max(1, CHUNK // (draws * replicates))
    for first in range(0, len(parts), together):
        some = parts[first : first + together]
        drawn = [ensemble.drawing.take(numbers, readings).matrix(names, ensemble.kernel.dtype) for readings in some]
        outcome = sampler.worlds_of(np.concatenate(drawn, axis=1), np.tile(numbers, len(some)), replicates)
        found.append(sampler.counted(outcome, declared=True))
    whole = Outcome.joined(found)
    shape = (len(parts), draws, replicates)
    # No maximum is taken out: readings are compared by their weights too, and chances are seldom below e^-600.
    weight = np.exp(np.maximum(whole.log_weight, -600)).reshape(shape)
    weighed = (whole.answers.reshape(-1, *shape) * weight).sum(axis=3)
    return [ReadingAnswers(weighed[:, part], weight[part].sum(axis=1)) for part in range(len(parts))]


def contested_claims(sampler: Sampler, draws: int, replicates: int) -> tuple[Contested, ...]:
    """Run every reading of every contested claim in the same worlds, and compare.

    Parameters
    ----------
    sampler
        What is run.
    draws, replicates
        How many draws of every reading, and how many worlds of each.

    Returns
    -------
    tuple
        By target in their order; within a target the largest swing first.
    """
    case = sampler.simulation.case
    found: list[Contested] = []
    claims = {claim: list(entry.readings or {}) for claim, entry in case.switches.items()}
    plan = [{claim: name} for claim, names in claims.items() for name in names]
    every = iter(run_with_readings(sampler, plan, draws, replicates) if plan else ())
    for claim, names in claims.items():
        parts = [next(every) for _ in names]
        prior = chances_of(sampler, claim)
        found += [_compared(claim, target, row, names, parts, prior) for row, target in enumerate(sampler.targets)]
    order = {target: row for row, target in enumerate(sampler.targets)}
    return tuple(sorted(found, key=lambda one: (order[one.target], -abs(one.swing.value), one.claim)))


def chances_of(sampler: Sampler, claim: str) -> Floats:
    """Return how likely each reading is drawn."""
    drawing = sampler.simulation.ensemble.drawing
    count = len(sampler.simulation.case.switches[claim].readings or {})
    if drawing.likelihoods[claim] is None:
        return np.full(count, 1 / count)
    even = (np.arange(100_000) + 0.5) / 100_000
    return np.bincount(drawing.reading_at(claim, even), minlength=count) / len(even)


def _compared(
    claim: str, target: str, row: int, names: list[str], parts: list[ReadingAnswers], prior: Floats
) -> Contested:
    means = np.array([part.mean[row] for part in parts])
    influence = np.stack([part.influence[row] for part in parts])
    answers = [ReadingAnswer(name, _index(mean, off)) for name, mean, off in zip(names, means, influence, strict=True)]
    low, high = int(means.argmin()), int(means.argmax())
    swing = _index(means[high] - means[low], influence[high] - influence[low])
    chance = prior * np.array([part.weight.sum() for part in parts])
    chance = chance / chance.sum()
    middle, off = chance @ means, chance @ influence
    signs = np.sign(means - middle)
    settling = _index(chance @ np.abs(means - middle), (chance * signs) @ (influence - off))
    return Contested(claim, target, tuple(answers), swing, (names[low], names[high]), settling)


def answers_by_account(sampler: Sampler, draws: int, replicates: int) -> dict[str, tuple[ReadingAnswer, ...]]:
    """Return every answer as each account tells it, in the same worlds.

    Parameters
    ----------
    sampler
        What is run.
    draws, replicates
        How many draws of every account, and how many worlds of each.

    Returns
    -------
    dict
        By target, the mean answer of each account in its unit, with its interval, in the case's order.
    """
    case = sampler.simulation.case
    names = list(case.scenario.accounts)
    told = [fixed_readings(case, name) for name in names]
    found = run_with_readings(sampler, told, draws, replicates) if names else []
    parts = dict(zip(names, found, strict=True))
    return {
        target: tuple(ReadingAnswer(name, _index(part.mean[row], part.influence[row])) for name, part in parts.items())
        for row, target in enumerate(sampler.targets)
    }


def _index(value: float, influence: Floats) -> Index:
    error = float(np.sqrt((influence**2).sum()))
    return Index.about(float(value), error) or Index(float(value), float(value), float(value))
