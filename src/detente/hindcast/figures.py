"""The figures of a record: what was last said of an element, by the day that it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from detente.scenario import Case

__all__ = ["figures"]

TRUTHS = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}


def figures(case: Case) -> Mapping[str, Mapping[int, float]]:
    """Return what the record says of each element that it bears on, day by day, as far as it is known.

    Parameters
    ----------
    case
        The case as it stood at a moment: its record holds what was known by then.

    Returns
    -------
    mapping
        By element, then by day, counted from the first of the case: days before it have numbers below 0, for what a
        body last reported then stands until it reports again. Of two rows on one day the later one holds. Yes and no
        are 1 and 0; alternatives of a choice are left out.
    """
    first = dt.date.fromisoformat(case.scenario.starts)
    found: dict[str, dict[int, float]] = {}
    for row in sorted(case.observations, key=lambda row: row.known_at):
        known = case.scenario.known.get(row.measure)
        element = (known.follow or known.choice or known.measure) if known is not None else None
        value = TRUTHS.get(row.value) if isinstance(row.value, str) else row.value
        if element is not None and value is not None and row.about <= case.scenario.as_of.date():
            found.setdefault(element, {})[(row.about - first).days] = value
    return {element: dict(sorted(by_day.items())) for element, by_day in found.items()}
