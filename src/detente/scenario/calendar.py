"""The years that days and moments may lie in: some way from where the calendar of the language ends.

Days are counted forth and back, and moments are moved from zone to zone: a day beside the first or the last that there
is would end in an overflow somewhere on the way.
"""

from __future__ import annotations

import datetime as dt

__all__ = ["FIRST_YEAR", "LAST_YEAR", "in_calendar"]

FIRST_YEAR, LAST_YEAR = 1000, 8999


def in_calendar(day: dt.date) -> dt.date:
    """Return a day, or a moment.

    Raises
    ------
    ValueError
        If it lies before the first year or after the last.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(
            f"'{day.isoformat()}' lies outside the years {FIRST_YEAR} to {LAST_YEAR}; write a day between them"
        )
    return day
