"""How wide other ranges than the declared ones make an answer, beside how wide the accounts make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detente.results import Interval
from detente.run import Run

__all__ = ["OtherRanges", "Ranged", "other_ranges"]


@dataclass(frozen=True)
class Ranged:
    """One answer of one part of a run, with the declared ranges or with others.

    Parameters
    ----------
    value
        The figure that a headline gives: a share, or the middle world, days counted from 0; infinity is never.
    interval
        Its 95 % sampling interval.
    left_out
        The share of worlds in which some answer is no number: the model does not reach so far.
    """

    value: float
    interval: Interval
    left_out: float


@dataclass(frozen=True)
class OtherRanges:
    """An answer with the declared ranges and with others.

    Parameters
    ----------
    by_range
        For ``declared``, ``halved``, ``doubled`` and ``triangular``, the figure of each part: the main one first.
    spread, spread_error
        How far the smallest and the largest mean of the main part lie apart over these ranges, and its standard error.
    of_accounts, of_accounts_error
        The same over the accounts with the declared ranges; None where no two accounts are told.
    move_more
        Whether other ranges move the answer more than accounts do, by more than sampling error.
    """

    by_range: Mapping[str, Mapping[str, Ranged]]
    spread: float
    spread_error: float
    of_accounts: float | None
    of_accounts_error: float | None
    move_more: bool


def other_ranges(run: Run, question: str) -> OtherRanges | None:
    """Return how an answer stands with other ranges; None where it was not run with any."""
    widths = run.widths(question)
    if widths is None:
        return None
    by_range = {
        name: {part: Ranged(one.value, one.interval, one.left_out) for part, one in figures.items()}
        for name, figures in widths.by_range.items()
    }
    told = widths.accounts
    return OtherRanges(
        by_range, widths.ranges.value, widths.ranges.error, None if told is None else told.value,
        None if told is None else told.error, widths.ranges_move_more,
    )  # fmt: skip
