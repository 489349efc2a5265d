"""The forecasts of a hindcast cut by cut, with what became known between the cuts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from detente.brief.figures import Figure, Table, stepping_figure
from detente.brief.naming import plain
from detente.brief.scored.rows import Became, Stepped
from detente.brief.scored.words import chance_of, moment, place, said, spread
from detente.brief.wording import amount
from detente.hindcast.resolution import Outcome
from detente.hindcast.result import Cut, Hindcast, Mover
from detente.scenario import Case

__all__ = ["became_of", "stepped_of"]

FEW = 3
TAKEN = {"1": "yes", "0": "no"}
LEAST = 0.05
"""Points of probability, or parts of its width, by which a forecast must move to be told of."""
NOTE = "Only events that bear on the model stand here; all of them stand below."


def stepped_of(case: Case, found: Hindcast, outcomes: Mapping[str, str]) -> tuple[Stepped, ...]:
    """Return a picture for each question that was forecast at two cuts or more, in the order given, with what came.

    Parameters
    ----------
    case
        The case.
    found
        The hindcast.
    outcomes
        By question, what came, in words.

    Returns
    -------
    tuple
        Questions with fewer forecasts are left out.
    """
    pictures = ((name, _figure(case, found, name)) for name in outcomes)
    return tuple(
        Stepped(name, found.resolutions[name].asks, outcomes[name], _moved(case, found, name), one)
        for name, one in pictures
        if one is not None
    )


def became_of(case: Case, found: Hindcast) -> tuple[Became, ...]:
    """Return what became known between the cuts, cut by cut."""
    return tuple(
        Became(
            moment(cut.as_of),
            cut.in_sample,
            f"{amount(cut.effective_draws)} of {amount(float(cut.draws))}",
            tuple((_event(case, mover), mover.bears) for mover in cut.movers),
        )
        for cut in found.cuts
    )


def _figure(case: Case, found: Hindcast, name: str) -> Figure | None:
    cuts = [cut for cut in found.cuts if name in cut.standings]
    rows = tuple(_row(case, cut, name, first=number == 0) for number, cut in enumerate(cuts))
    table = Table(("As of", "The model said", "Range", "In sample", "Known since the cut before"), rows, NOTE)
    title = f"Cut by cut: {found.resolutions[name].asks}"
    return stepping_figure(f"{name}-stepping", title, found.cuts, name, found.outcome(name), table)


def _moved(case: Case, found: Hindcast, name: str) -> str:
    """Say between which two cuts a forecast moved most, and what that bears on the model became known between them."""
    cuts = [cut for cut in found.cuts if name in cut.standings]
    pairs = [(_distance(before, after, name, found.outcome(name)), before, after) for before, after in pairwise(cuts)]
    size, before, after = max(pairs, key=lambda pair: pair[0])
    if size < LEAST:
        return "It hardly moved from cut to cut."
    first, last = (said(one.model, one.type, one.unit) for one in (before.standings[name], after.standings[name]))
    text = f"It moved most by {moment(after.as_of)}: from {first} to {last}."
    events = [_event(case, mover) for mover in _bearing(case, after)]
    if not events:
        return f"{text} Nothing that bears on the model had become known; days had passed."
    more = f"; and {len(events) - FEW} more" if len(events) > FEW else ""
    return f"{text} What had become known: {'; '.join(events[:FEW])}{more}."


def _distance(before: Cut, after: Cut, name: str, outcome: Outcome) -> float:
    """Return how far a forecast moved: in probability of what came, or in widths of the forecast before."""
    one, other = before.standings[name], after.standings[name]
    shares = [chance_of(standing.model, one.type, outcome) for standing in (one, other)]
    if shares[0] is not None and shares[1] is not None:
        return abs(shares[1] - shares[0])
    low, middle, high = (place(one, percent) for percent in ("5", "50", "95"))
    return min(abs(place(other, "50") - middle) / max(high - low, 1e-9), 1.0)


def _row(case: Case, cut: Cut, name: str, *, first: bool) -> tuple[str, ...]:
    one = cut.standings[name]
    events = () if first else tuple(_event(case, mover) for mover in _bearing(case, cut))
    return (
        moment(cut.as_of),
        said(one.model, one.type, one.unit),
        spread(one.model, one.type) or "–",
        "yes" if cut.in_sample else "no",
        "; ".join(events) or "–",
    )


def _bearing(case: Case, cut: Cut) -> list[Mover]:
    """Return what became known and bears on the model: choices that were taken first, then what was observed."""
    return sorted((mover for mover in cut.movers if mover.bears), key=lambda mover: not _is_choice(case, mover))


def _is_choice(case: Case, mover: Mover) -> bool:
    known = case.scenario.known.get(mover.measure)
    return known is not None and known.choice is not None


def _event(case: Case, mover: Mover) -> str:
    what = "" if mover.measure == "event" else f"{plain(mover.measure)} "
    says = mover.says.rstrip(".")
    if _is_choice(case, mover):
        value, gap, rest = says.partition(" ")
        says = f"{TAKEN.get(value, plain(value))}{gap}{rest}"
    return f"{mover.about.day} {mover.about:%b}: {what}{says}"
