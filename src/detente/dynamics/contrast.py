"""How the answers of several parts of a run stand to one another and to even odds, sampling error reckoned with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from detente.dynamics.estimates import TWO_SIDED, Estimate

__all__ = ["Contrast", "contrast_of", "errors_of_farthest", "leads_differ"]

WRONG = 0.05
"""How often, at most, something is said of accounts of which it is not true."""


@dataclass(frozen=True)
class Contrast:
    """How far the answers of several parts lie apart.

    Parameters
    ----------
    least, most
        The parts with the smallest and the largest figure.
    spread
        How far these two lie apart, paired by draw.
    apart
        Whether that is more than sampling error.
    divided
        Whether parts can be told to fall on both sides of even odds, or to have other alternatives in the lead.
    """

    least: str
    most: str
    spread: Estimate
    apart: bool
    divided: bool = False


def contrast_of(figures: Mapping[str, Estimate], even: float | None = None) -> Contrast:
    """Return how the figures of some parts stand to one another.

    Nothing is said more often than once in twenty cases in which it is not so, however many parts there are
    (Bonferroni's bound).

    Parameters
    ----------
    figures
        By part, in the same draws.
    even
        The value on whose sides parts may fall.
    """
    least = min(figures, key=lambda name: figures[name].value)
    most = max(figures, key=lambda name: figures[name].value)
    spread = figures[most] - figures[least]
    count = len(figures)
    apart = count > 1 and spread.above(0, errors_of_farthest(count))
    divided = False
    if even is not None and apart:
        errors = max(_errors(WRONG / count), TWO_SIDED)
        divided = any(one.below(even, errors) for one in figures.values()) and any(
            one.above(even, errors) for one in figures.values()
        )
    return Contrast(least, most, spread, apart, divided)


def errors_of_farthest(count: int) -> float:
    """Return by how many standard errors the farthest two of so many figures must differ to be told apart."""
    return _errors(WRONG / (count * (count - 1)))


def leads_differ(shares: Mapping[str, Mapping[str, Estimate]]) -> bool:
    """Whether two parts can be told to have other alternatives in the lead.

    Parameters
    ----------
    shares
        By part, then by alternative, in the same draws.
    """
    leads = {part: max(among, key=lambda name: among[name].value) for part, among in shares.items()}
    errors = max(_errors(WRONG / max(len(leads), 1)), TWO_SIDED)
    return any(
        _ahead(shares[first], leads[first], leads[second], errors)
        and _ahead(shares[second], leads[second], leads[first], errors)
        for first, second in _pairs(list(leads))
        if leads[first] != leads[second]
    )


def _ahead(shares: Mapping[str, Estimate], one: str, other: str, errors: float) -> bool:
    return (shares[one] - shares[other]).above(0, errors)


def _pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(first, second) for number, first in enumerate(names) for second in names[number + 1 :]]


def _errors(tail: float) -> float:
    """Return how many standard errors leave so much beyond them on one side."""
    return NormalDist().inv_cdf(1 - tail)
