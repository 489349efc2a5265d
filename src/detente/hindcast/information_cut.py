"""The case as it stood at one moment, and the moments at which a hindcast cuts it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from detente.errors import RequestError
from detente.hindcast.outcomes import Outcomes
from detente.hindcast.result import Cut, Mover
from detente.scenario import Case, Observation

__all__ = ["MOST_CUTS", "bears", "case_at", "learns_nothing_after", "moments", "movers", "standing_still"]

MOST_CUTS = 120


def case_at(case: Case, outcomes: Outcomes, moment: dt.datetime) -> Case:
    """Return the case as it stood at a moment: everything known by then, earlier or later than its own cut.

    Rows of the later record come after those of the record, so that of two rows on one thing the later one holds.

    Parameters
    ----------
    case, outcomes
        The case, and what came after its cut.
    moment
        Up to when things are known; an instant with a zone.

    Returns
    -------
    Case
        With its ``as_of`` at the moment, and a hash that tells it from the case at any other.
    """
    known = tuple(row for row in (*case.observations, *outcomes.observations) if row.known_at <= moment)
    scenario = case.scenario.model_copy(update={"as_of": moment})
    hash_ = f"{case.hash[:40]}@{moment.isoformat()}"
    return replace(case, scenario=scenario, observations=known, hash=hash_, first_cut=case.free_from)


def bears(case: Case, row: Observation) -> bool:
    """Whether the model takes a row of the record in: it is followed, or worlds are weighted by it."""
    day = (row.about - dt.date.fromisoformat(case.scenario.starts)).days
    return row.value is not None and row.measure in case.scenario.known and 0 <= day < case.scenario.days


def moments(
    case: Case,
    outcomes: Outcomes,
    first: dt.datetime | None = None,
    step: dt.timedelta | None = None,
    last: dt.datetime | None = None,
) -> tuple[dt.datetime, ...]:
    """Return the moments at which a case is cut, in order.

    Parameters
    ----------
    case, outcomes
        The case, and what came after its cut.
    first
        The first of them; by default the case's own cut, so that what is forecast there is the same with a step and
        without one.
    step
        How far they lie apart; None for one cut.
    last
        None is later than this. By default the first of them at which everything that bears on the model is known, but
        none at which every question is closed.

    Returns
    -------
    tuple
        Instants with a zone, one at least and :data:`MOST_CUTS` at most.

    Raises
    ------
    RequestError
        If the step is no step forward, the last moment lies before the first, or they are more than 120.
    """
    own = case.scenario.as_of
    if step is None:
        if last is not None:
            raise RequestError("a last cut needs a step from the first to it; say how far cuts lie apart, such as 1d")
        return (own if first is None else case.zoned(first),)
    if step <= dt.timedelta(0):
        raise RequestError(f"a step of {step} does not go forward; take one such as 1d")
    begin = case.zoned(first) if first is not None else own
    end = case.zoned(last) if last is not None else _last(case, outcomes, begin, step)
    if end < begin:
        raise RequestError(f"the last cut, {end.isoformat()}, lies before the first, {begin.isoformat()}")
    count = (end - begin) // step + 1
    if count > MOST_CUTS:
        raise RequestError(f"{count:,} cuts from {begin.isoformat()} to {end.isoformat()}; take {MOST_CUTS} at most")
    return tuple(begin + number * step for number in range(count))


def _last(case: Case, outcomes: Outcomes, begin: dt.datetime, step: dt.timedelta) -> dt.datetime:
    """Return the first moment at which all that bears is known, but not one at which every question is closed."""
    known = [row.known_at for row in outcomes.observations if bears(case, row)]
    last = max((case.scenario.as_of, begin, *known))
    steps = -((begin - last) // step)
    closes = [entry.closes for entry in outcomes.resolutions.values() if entry.closes > begin]
    if closes:
        steps = min(steps, -((begin - max(closes)) // step) - 1)
    return begin + steps * step


def movers(case: Case, outcomes: Outcomes, since: dt.datetime | None, to: dt.datetime) -> tuple[Mover, ...]:
    """Return what became known between two cuts: what bears on the model first, then what is told as an event.

    Parameters
    ----------
    case, outcomes
        The case as it was written, and the record of what came after it.
    since
        The cut before; None where there is none, and so nothing moved.
    to
        The cut.

    Returns
    -------
    tuple
        Each group in the order in which it became known; what was known at ``since`` is left out, at ``to`` it is not.
    """
    if since is None:
        return ()
    rows: Iterable[Observation] = (*case.observations, *outcomes.observations)
    found = [
        Mover(row.about, row.known_at, row.measure, _says(case, row), bears(case, row))
        for row in rows
        if since < row.known_at <= to and (bears(case, row) or row.measure == "event")
    ]
    return tuple(sorted(found, key=lambda mover: (not mover.bears, mover.known_at)))


def standing_still(cuts: Sequence[Cut]) -> list[tuple[Cut, Cut]]:
    """Return from which cut to which nothing that bears on the model became known, each stretch once.

    Parameters
    ----------
    cuts
        In the order of their moments.
    """
    found: list[tuple[Cut, Cut]] = []
    for before, cut in pairwise(cuts):
        if cut.learned:
            continue
        if found and found[-1][1] is before:
            found[-1] = (found[-1][0], cut)
        else:
            found.append((before, cut))
    return found


def learns_nothing_after(cuts: Sequence[Cut]) -> dt.datetime | None:
    """Return the cut after which nothing that bears on the model became known to the last; None where something did."""
    still = standing_still(cuts)
    return still[-1][0].as_of if still and still[-1][1] is cuts[-1] else None


def _says(case: Case, row: Observation) -> str:
    """Say what a row says, and who says so."""
    known = case.scenario.known.get(row.measure)
    if row.measure == "event":
        told = row.note or row.counts
    elif known is not None and known.choice is not None and isinstance(row.value, float):
        told = "yes" if row.value else "no"
    else:
        value = f"{row.value:,g}" if isinstance(row.value, float) else str(row.value)
        told = f"{value} {row.unit}".strip()
    return f"{told} ({row.by})" if row.by else told
