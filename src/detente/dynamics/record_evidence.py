"""What a record says of accounts and readings: how well the worlds of each follow it, beside the mixtures'."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.accumulators import FULL_WEIGHT, Accumulators
from detente.dynamics.simulation import Simulated
from detente.results import Interval

__all__ = ["ReadingAfter", "RecordEvidence", "record_evidence"]

Floats = NDArray[np.float64]
SURE = 2.58
"""Standard errors beyond which a share has moved by more than sampling: 99 %."""
LEAST_MOVED = 0.02


@dataclass(frozen=True)
class ReadingAfter:
    """One reading of a contested claim, before and after the record.

    Parameters
    ----------
    reading
        Its name.
    before
        The share of draws in which it holds.
    after
        The same, draws weighted by how well their worlds follow the record.
    interval
        95 % of ``after``, for the number of draws.
    moved
        Whether the two differ by more than two points and more than sampling.
    """

    reading: str
    before: float
    after: float
    interval: Interval
    moved: bool


@dataclass(frozen=True)
class RecordEvidence:
    """How well the worlds of each account and reading follow the record.

    Parameters
    ----------
    log_mean_weight
        The logarithm of the mean weight of the mixtures' worlds: comparable between runs of one record only.
    accounts
        For each account, the mean weight of its worlds divided by that of the mixtures', and its 95 % interval. Above
        1 the record speaks for it, relative to a mixture of readings: a Bayes factor.
    readings
        For each contested claim whose readings the mixtures draw, its readings.
    """

    log_mean_weight: float
    accounts: Mapping[str, tuple[float, Interval]]
    readings: Mapping[str, tuple[ReadingAfter, ...]]

    @property
    def moved(self) -> dict[str, tuple[ReadingAfter, ...]]:
        """The claims of which the record has moved a reading beyond sampling."""
        return {claim: rows for claim, rows in self.readings.items() if any(row.moved for row in rows)}


def record_evidence(main: Simulated, accounts: Mapping[str, Simulated]) -> RecordEvidence | None:
    """Return what the record says of accounts and readings; None where it tells no two worlds apart.

    Parameters
    ----------
    main
        The worlds that mix readings, or follow the one account that was told.
    accounts
        The worlds of each account.

    References
    ----------
    R. E. Kass, A. E. Raftery, "Bayes factors", J. American Statistical Association 90 (1995).
    """
    forced, program, ensemble = main.part.design.forced, main.watch.program, main.ensemble
    weighing = [name in program.weighing for name in program.choices]
    told = not (np.isnan(forced.chosen[:, weighing]).all() and np.isnan(forced.observed).all())
    if not told or not ensemble.weighted or ensemble.posterior is not None:
        return None
    mean, error = _log_mean(main.part.tally)
    found = {}
    for name, part in accounts.items():
        own, its_error = _log_mean(part.part.tally)
        half = 1.96 * math.hypot(error, its_error)
        found[name] = (math.exp(own - mean), (math.exp(own - mean - half), math.exp(own - mean + half)))
    return RecordEvidence(mean, found, _readings(main))


def _log_mean(tally: Accumulators) -> tuple[float, float]:
    """Return the log of the mean weight of worlds, and its standard error, clustered by draw."""
    total, draws = float(tally.sum_w), max(tally.done, 1)
    if total == 0:
        return -math.inf, math.inf
    spread = max(draws * float(tally.sum_ww) / total**2 - 1, 0.0)
    mean = math.log(total / FULL_WEIGHT / draws / tally.replicates) + tally.scale.log_weight
    return mean, math.sqrt(spread / max(draws - 1, 1))


def _readings(main: Simulated) -> dict[str, tuple[ReadingAfter, ...]]:
    """Return the readings that are drawn, before and after the record, over the draws that are kept."""
    tally, design, drawing = main.part.tally, main.part.design, main.ensemble.drawing
    numbers = np.arange(min(len(tally.weight), tally.done), dtype=np.uint32)
    weights = tally.weight[: len(numbers)].astype(np.float64)
    if not weights.any():
        return {}
    weights /= weights.sum()
    held = drawing.readings(numbers, design.readings)
    return {
        claim: tuple(_after(name, held[claim] == place, weights) for place, name in enumerate(entry.readings or {}))
        for claim, entry in main.ensemble.case.switches.items()
        if claim not in design.readings
    }


def _after(name: str, holds: NDArray[np.bool_], weights: Floats) -> ReadingAfter:
    before, after = float(holds.mean()), float(weights[holds].sum())
    error = float(np.sqrt((weights**2 * (holds - after) ** 2).sum()))
    moving = float(np.sqrt(((weights * (holds - after) - (holds - before) / len(holds)) ** 2).sum()))
    interval = (max(after - 1.96 * error, 0.0), min(after + 1.96 * error, 1.0))
    return ReadingAfter(name, before, after, interval, abs(after - before) > max(SURE * moving, LEAST_MOVED))
