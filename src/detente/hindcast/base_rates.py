"""Base rates with times: how long cases like this one lasted, with the interval that so few of them allow."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from detente.cache import cached, fingerprint, fingerprint_of_code
from detente.results import clopper_pearson
from detente.runtime import current
from detente.scenario import ReferenceClass
from detente.stored import adapter_of

__all__ = ["LEVEL", "Survival", "survival"]

LEVEL = 0.95


@dataclass(frozen=True)
class Survival:
    """The share of a reference class in which a thing still lasted after so many days.

    Parameters
    ----------
    days
        When the share changes, or is published, in days from the beginning; the first is 0.
    share
        The share still going then, from 1 down.
    low, high
        Its 95 % interval.
    median
        The first day by which half had ended; None where fewer have, as far as is known.
    n, events
        How many cases there are, and in how many the end was seen.
    steps
        True where the share stays between the days and falls on them; False where only points of a curve are published,
        which straight lines join.
    says
        What the cases are, how many, and what is not known of them.
    """

    days: tuple[float, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    median: float | None
    n: int
    events: int
    steps: bool
    says: str


@lru_cache(maxsize=64)
def survival(reference_class: ReferenceClass) -> Survival:
    """Return for how long a class's cases lasted: the share still going, day by day, with its 95 % interval.

    From a table of cases: the estimate of Kaplan and Meier, in which a case that still ran when the table ends counts
    for as long as it was watched, with the interval of Greenwood on the scale of ``log(-log(share))``, which stays
    between 0 and 1. That interval has no width where the share is 1 or 0; there it is Clopper and Pearson's, for as
    many cases as were still watched (at 1) or as there are (at 0). From published points: each share with the
    interval of Clopper and Pearson.

    Cases of one class often depend on one another (truces of one war, agreements of one process). The interval takes
    them as independent and is then too narrow.

    Parameters
    ----------
    reference_class
        The class: cases with days, or points of a published curve.

    References
    ----------
    E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", J. American Statistical Association
    53 (1958). J. D. Kalbfleisch, R. L. Prentice, The Statistical Analysis of Failure Time Data (2002), section 1.4.
    C. J. Clopper, E. S. Pearson, Biometrika 26 (1934).
    """
    if reference_class.spells:
        return _of_cases(reference_class)
    return _of_points(reference_class)


def _of_cases(reference_class: ReferenceClass) -> Survival:
    """Return the curve of cases, fitted once: the library takes half a second to load."""
    spells = [[spell.lasted, spell.ended] for spell in reference_class.spells]
    parts = [json.dumps(spells), reference_class.says, version("scipy")]
    key = fingerprint(*parts, current().key_uncompiled, fingerprint_of_code("hindcast", "."))
    return cached("base_rates", key, adapter_of(Survival), lambda: _fitted(reference_class))


def _fitted(reference_class: ReferenceClass) -> Survival:
    from scipy.stats import CensoredData, ecdf  # half a second that only this needs

    lasted = np.array([spell.lasted for spell in reference_class.spells], np.float64)
    ended = np.array([spell.ended for spell in reference_class.spells], np.bool_)
    going = ecdf(CensoredData(uncensored=lasted[ended], right=lasted[~ended])).sf
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # where its interval has no width another stands in, below
        between = going.confidence_interval(LEVEL, method="log-log")
    days = np.unique([0.0, *lasted])
    share, lows, highs = (curve.evaluate(days) for curve in (going, between.low, between.high))
    n, events = len(lasted), int(ended.sum())
    low, high = [], []
    for day, going_on, lower, upper in zip(days, share, lows, highs, strict=True):
        if going_on == 1.0:
            watched = int((lasted >= day).sum())
            lower, upper = clopper_pearson(watched, watched, LEVEL) if watched else (0.0, 1.0)
        elif going_on == 0.0:
            lower, upper = clopper_pearson(0, n, LEVEL)
        low.append(float(lower))
        high.append(float(upper))
    shares = tuple(float(value) for value in share)
    return Survival(
        tuple(float(day) for day in days), shares, tuple(low), tuple(high), _median(days, shares), n, events, True,
        _says(reference_class.says, n, events),
    )  # fmt: skip


def _of_points(reference_class: ReferenceClass) -> Survival:
    n = reference_class.of
    days, happened = [0.0], [0.0]
    for day, share in reference_class.points:
        if day == 0.0:
            days, happened = [], []
        days.append(day)
        happened.append(share)
    intervals = [clopper_pearson(n - round(share * n), n, LEVEL) for share in happened]
    shares = tuple(1.0 - share for share in happened)
    events = round(happened[-1] * n)
    return Survival(
        tuple(days), shares, tuple(low for low, _ in intervals), tuple(high for _, high in intervals),
        _median(np.array(days), shares), n, events, False, _says(reference_class.says, n, events),
    )  # fmt: skip


def _median(days: NDArray[np.float64], share: tuple[float, ...]) -> float | None:
    """Return the first of the days by which half or more had ended."""
    # A product of shares that come to a half is often a hair above it.
    return next((float(day) for day, going in zip(days, share, strict=True) if going <= 0.5 + 1e-9), None)


def _says(says: str, n: int, events: int) -> str:
    cases = "1 case" if n == 1 else f"{n} cases"
    seen = (
        "seen to end in each" if events == n else f"seen to end in {events}, still running or not told in {n - events}"
    )
    return f"{says.rstrip().rstrip('.')}. {cases}, {seen}."
