"""How choices stand up across draws, and across accounts: percentiles, regret of both types, satisficing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.exploration.comparison_result import Across, Robustness, Under
from detente.exploration.result import HALF, Index
from detente.exploration.robustness import luck_averaged, meets, percentiles, regret_from_best, regret_from_middle
from detente.results import weighted_quantile
from detente.scenario.model.choices import NO_LEVER

__all__ = ["Worlds", "across_accounts", "across_draws", "mean_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Worlds:
    """Worlds of one telling under one choice: answers ``[targets, draws, replicates]`` and weights alike."""

    answers: Floats
    weights: Floats


def mean_of(values: Floats, weights: Floats) -> Index:
    """Return a weighted mean over worlds, ``[draws, replicates]``, with its 95 % interval, clustered by draw."""
    mean, influence = _influence(values, weights)
    return _with_error(mean, float(np.sqrt((influence**2).sum())))


def _influence(values: Floats, weights: Floats) -> tuple[float, Floats]:
    """Return a weighted mean, and what each draw contributes to its error."""
    total = float(weights.sum())
    mean = float((values * weights).sum() / total)
    return mean, ((values - mean) * weights).sum(axis=1) / total


def _with_error(value: float, error: float) -> Index:
    return Index(value, value - HALF * error, value + HALF * error)


def _apart(one: Worlds, other: Worlds, row: int) -> Index:
    """Return how far the means of two tellings are apart, whose draws have the same numbers and luck."""
    here, off_here = _influence(one.answers[row], one.weights)
    there, off_there = _influence(other.answers[row], other.weights)
    return _with_error(abs(here - there), float(np.sqrt(((off_here - off_there) ** 2).sum())))


def _of_draws(share: float, worlds: Worlds) -> Index:
    """Return a share of draws with its interval, by how many draws of equal weight these are worth."""
    weights = worlds.weights.sum(axis=1)
    effective = float(weights.sum()) ** 2 / max(float((weights**2).sum()), 1e-300)
    return _with_error(share, float(np.sqrt(share * (1 - share) / effective)))


def _size(index: Index) -> float:
    return index.value


def across_draws(
    target: str,
    row: int,
    choices: Sequence[str],
    ran: Mapping[tuple[str | None, str], Worlds],
    middle: Mapping[tuple[str | None, str], Worlds],
) -> list[Robustness]:
    """Return how each choice's answer holds across the draws of the mixtures, and of each account.

    Parameters
    ----------
    target, row
        Which answer, and its row in every array of answers.
    choices
        No lever first, then the levers.
    ran
        By telling and choice the worlds of its draws; None tells the mixtures.
    middle
        The same with every number at its middle.

    Returns
    -------
    list
        By telling and choice; quantities in the answer's unit, satisficing as shares of draws.
    """
    found, required = [], 0.0
    for telling in dict.fromkeys(telling for telling, _ in ran):
        weights = ran[telling, NO_LEVER].weights.sum(axis=1)
        values = luck_averaged(np.stack([ran[telling, choice].answers[row] for choice in choices]), weights)
        most, least = (regret_from_best(values, weights, more) for more in (True, False))
        if telling is None:
            required = float(weighted_quantile(values[0], weights, (0.5,))[0])
        for number, choice in enumerate(choices):
            centre = middle[telling, choice]
            at_middle = mean_of(centre.answers[row], centre.weights).value
            found.append(
                Robustness(
                    choice, target, telling, *percentiles(values[number], weights),
                    regret_from_middle(values[number], at_middle, weights), float(most[number]), float(least[number]),
                    meets(values[number], required, weights, True), meets(values[number], required, weights, False),
                )
            )  # fmt: skip
    return found


def across_accounts(
    target: str,
    row: int,
    choice: str,
    choices: Sequence[str],
    ran: Mapping[tuple[str | None, str], Worlds],
    robust: Sequence[Robustness],
) -> Across:
    """Return how one choice's answer holds across accounts, each a state of affairs of its own.

    Regret is taken between means in the same worlds: best in an account is what does best there on the average.

    Parameters
    ----------
    target, row
        Which answer, and its row in every array of answers.
    choice, choices
        Which choice, and all that it is held against, itself among them.
    ran
        By telling and choice the worlds of its draws; None tells the mixtures.
    robust
        What :func:`across_draws` found.

    Returns
    -------
    Across
        Means, regrets and shares by account, in the answer's unit, and where each is worst.
    """
    accounts = [telling for telling in dict.fromkeys(telling for telling, _ in ran) if telling is not None]
    mine = {account: ran[account, choice] for account in accounts}
    means = [Under(account, mean_of(one.answers[row], one.weights)) for account, one in mine.items()]
    pooled = ran[None, choice]
    most, least, moved = [], [], []
    for account, one in mine.items():
        there, here = [ran[account, other].answers[row] for other in choices], one.answers[row]
        most.append(Under(account, max((mean_of(other - here, one.weights) for other in there), key=_size)))
        least.append(Under(account, max((mean_of(here - other, one.weights) for other in there), key=_size)))
        moved.append(Under(account, _apart(one, pooled, row)))
    held = {one.account: one for one in robust if (one.target, one.choice) == (target, choice)}
    shares = [
        [Under(account, _of_draws(getattr(held[account], name), one)) for account, one in mine.items()]
        for name in ("at_least", "at_most")
    ]

    def lowest(some: Sequence[Under]) -> Under:
        return min(some, key=lambda one: one.value.value)

    def highest(some: Sequence[Under]) -> Under:
        return max(some, key=lambda one: one.value.value)

    return Across(
        choice, target, lowest(means), highest(means), highest(most), highest(least), highest(moved),
        lowest(shares[0]), lowest(shares[1]),
    )  # fmt: skip
