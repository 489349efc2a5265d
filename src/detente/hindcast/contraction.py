"""How far each declared range narrowed when a case was fitted to its record, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.hindcast.fitting import Fitted
from detente.results import Interval
from detente.scenario import Case, Draws
from detente.scenario.posterior import Posterior

__all__ = ["ContractedRange", "Contraction", "Weighed", "contraction_of"]

Floats = NDArray[np.float64]
Positions = Mapping[str, NDArray[np.int32]]
ENDS = (0.05, 0.95)
RESAMPLES = 200
EVEN = 8_192
"""Draws from the declared ranges that a fit is held against."""
CHANCE = 0.05
"""How likely it may be that any of all the numbers seems to narrow, or to move, where none does."""


@dataclass(frozen=True)
class ContractedRange:
    """One number: its declared range against what the record leaves of it, both from the 5th to the 95th percentile.

    Parameters
    ----------
    name, unit
        The number.
    declared, left
        Before and after.
    median
        Of what is left.
    narrowing, error
        1 less the ratio of the two widths, and its Monte Carlo standard error: 0 is as wide as before.
    place, place_error
        Where it lies on the average within its declared range, as a cumulative probability: 0.5 is where it lay.
    bears
        Whether anything observed can bear on it at all.
    narrowed, moved
        Whether more is seen than chance among so many numbers would show.
    """

    name: str
    unit: str
    declared: Interval
    left: Interval
    median: float
    narrowing: float
    error: float
    place: float
    place_error: float
    bears: bool
    narrowed: bool
    moved: bool


@dataclass(frozen=True)
class Weighed:
    """One reading of a contested claim: its share before and after, the Monte Carlo error, and whether it moved."""

    claim: str
    reading: str
    before: float
    after: float
    error: float
    moved: bool


@dataclass(frozen=True)
class Contraction:
    """What a fit did to every number and reading; ``says`` sums it up in sentences."""

    numbers: tuple[ContractedRange, ...]
    readings: tuple[Weighed, ...]
    says: str


def contraction_of(case: Case, fitted: Fitted) -> Contraction:
    """Hold a fit against the declared ranges.

    Monte Carlo errors resample families of particles that descend from one first draw, since those resemble each other.

    Parameters
    ----------
    case, fitted
        The case, and what was fitted for it.

    References
    ----------
    A. Lee, N. Whiteley, "Variance estimation in the particle filter", Biometrika 105 (2018).
    """
    posterior = fitted.posterior
    drawing = Draws(case, fitted.provenance.seed, tuple(posterior.parameters), posterior)
    after = drawing.place(posterior.parameters, posterior.readings)
    before = drawing.place(*_evenly(posterior, fitted.provenance.seed))
    counts = _resampled(fitted)
    bearing = [name for name in posterior.parameters if name in fitted.bearing]
    far = _far(len(bearing))
    numbers = tuple(
        _number(case, name, before.values[name], after.values[name], counts, far, fitted)
        for name in posterior.parameters
    )
    readings = tuple(
        _readings(case, before.readings, after.readings, counts, _far(len(posterior.readings)), fitted)
    )  # fmt: skip
    return Contraction(numbers, readings, _says(fitted, numbers, readings))


def _number(
    case: Case, name: str, before: Floats, after: Floats, counts: Floats, far: float, fitted: Fitted
) -> ContractedRange:
    parameter, bears, at = case.elements.parameters[name], name in fitted.bearing, fitted.posterior.parameters[name]
    unit = parameter.unit.text if parameter.unit.dimensions else ""
    low, high = (float(value) for value in np.quantile(before, ENDS))
    order = np.argsort(after, kind="stable")
    once = np.ones((1, len(after)))
    (begin,), (median,), (end,) = (_quantiles(after, order, once, share) for share in (ENDS[0], 0.5, ENDS[1]))
    wide = max(high - low, np.finfo(float).tiny)
    narrowing, place = 1 - (end - begin) / wide, float(at.mean())
    error = place_error = 0.0
    if bears:
        widths = _quantiles(after, order, counts, ENDS[1]) - _quantiles(after, order, counts, ENDS[0])
        error = float((widths / wide).std(ddof=1))
        place_error = float((counts @ at / counts.sum(axis=1)).std(ddof=1))
    return ContractedRange(
        name, unit, (low, high), (float(begin), float(end)), float(median), float(narrowing), error, place, place_error,
        bears, bool(bears and narrowing > far * error), bears and abs(place - 0.5) > far * place_error,
    )  # fmt: skip


def _readings(
    case: Case, before: Positions, after: Positions, counts: Floats, far: float, fitted: Fitted
) -> Iterator[Weighed]:
    for claim, entry in case.switches.items():
        bears = (entry.group or claim) in fitted.bearing
        for number, reading in enumerate(entry.readings or {}):
            was, holds = float(np.mean(before[claim] == number)), (after[claim] == number).astype(np.float64)
            error = float((counts @ holds / counts.sum(axis=1)).std(ddof=1)) if bears else 0.0
            share = float(holds.mean())
            yield Weighed(claim, reading, was, share, error, bears and abs(share - was) > far * error)


def _says(fitted: Fitted, numbers: Sequence[ContractedRange], readings: Sequence[Weighed]) -> str:
    """Say in sentences what the record did, and where it says little that it does."""
    narrowed, moved = sum(one.narrowed for one in numbers), sum(one.moved and not one.narrowed for one in numbers)
    bearing, turned = sum(one.bears for one in numbers), {one.claim for one in readings if one.moved}
    claims = {one.claim for one in readings}
    said = [
        f"{_many(fitted.rows, 'choice or measurement', 'choices and measurements')} of the record up to "
        f"{fitted.provenance.as_of} can bear on {bearing} of {_many(len(numbers), 'number')}.",
        f"{_many(narrowed, 'range') if narrowed else 'No range'} narrowed beyond Monte Carlo error; "
        f"{moved or 'none'} moved within {'its' if moved == 1 else 'their'} width, and "
        f"{len(numbers) - narrowed - moved} stay as declared.",
    ]
    if claims:
        said.append(
            f"Of {_many(len(claims), 'contested claim')} the readings of {len(turned) or 'none'} changed their shares."
        )
    if narrowed * 2 < len(numbers):
        said.append(
            "One crisis and a record of so few days cannot settle most of what is not known: a range that does not "
            "narrow is not confirmed, the record is silent on it."
        )
    return " ".join(said)


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def _far(many: int) -> float:
    """Return how many standard errors a difference must be from zero, where the largest of so many is looked at."""
    from scipy.special import ndtri  # a quarter of a second that most commands do not need

    return float(-ndtri(CHANCE / (2 * max(many, 1))))


def _evenly(posterior: Posterior, seed: int) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return cumulative probabilities spread evenly over every declared range, in an order of its own each."""

    def spread(name: str) -> Floats:
        luck = np.random.default_rng([seed, *f"evenly {name}".encode()])
        return np.asarray((luck.permutation(EVEN) + 0.5) / EVEN)

    return {name: spread(name) for name in posterior.parameters}, {name: spread(name) for name in posterior.readings}


def _resampled(fitted: Fitted) -> Floats:
    """Return how often each particle counts when families are drawn anew, ``[resamples, particles]``."""
    _, family = np.unique(fitted.roots, return_inverse=True)
    families = int(family.max()) + 1
    luck = np.random.default_rng([fitted.provenance.seed, *b"families"])
    return luck.multinomial(families, np.full(families, 1 / families), RESAMPLES)[:, family].astype(np.float64)


def _quantiles(values: Floats, order: NDArray[np.intp], counts: Floats, share: float) -> Floats:
    """Return one quantile of values that count so many times each, ``[resamples]``."""
    reached = np.cumsum(counts[:, order], axis=1)
    # Half of each value's weight lies below it, so that no end is favoured.
    at = (reached - counts[:, order] / 2 < share * reached[:, -1:]).sum(axis=1)
    return np.asarray(values[order][np.minimum(at, len(values) - 1)])
