"""How an exploration is worded: shares of variance, where odds cross, what to watch."""

from __future__ import annotations

import datetime as dt

from detente.brief.naming import label_of, plain
from detente.brief.wording import amount, percent, spoken_date
from detente.exploration.result import Index, Indicator, Sensitivity, Tipping
from detente.scenario import Case

__all__ = [
    "NOTHING_VARIES",
    "UNTOLD",
    "claim_says",
    "day_of",
    "parts_line",
    "place_within",
    "share",
    "tipping",
    "title_of",
    "watched",
]

NOTHING_VARIES = "The same in every world: it hangs on nothing that varies."
LARGER = {"yes/no": ("likelier", "less likely"), "date": ("later", "sooner")}
"""What goes with more, and with less, of a measure, by type of answer."""
UNTOLD = "order depends on our ranges"


def share(index: Index) -> str:
    """Write a share of variance with its interval, in percent."""
    value, low, high = (f"{100 * _clipped(one):.1f}" for one in (index.value, index.low, index.high))
    return f"{value} % ({low} to {high})"


def parts_line(one: Sensitivity) -> str:
    """Write in one line how much of an answer is luck, ignorance, dispute, and all that only together."""
    if one.variance <= 0:
        return NOTHING_VARIES
    parts = [
        f"{what} {_part(entry.index)}"
        for what, entry in (("luck", one.luck), ("ignorance", one.ignorance), ("dispute", one.dispute))
        if entry is not None
    ]
    if not parts:
        return "How much of it is luck, ignorance or dispute cannot be told from these worlds."
    text = f"Of all that makes worlds differ here, luck counted, each accounts by itself for: {', '.join(parts)}."
    if one.interactions is not None:
        text += f" Only together they account for {_part(one.interactions)}."
    if one.assumptions is not None:
        text += f" Numbers that no claim supports, part of ignorance: {_part(one.assumptions.index)}."
    return text


def tipping(case: Case, tip: Tipping) -> str:
    """Write where along a number the share of worlds crosses one half."""
    place = tip.place.value if tip.place is not None else 0.0
    low, high = (f"{100 * min(max(end.value, 0.01), 0.99):.0f} %" for end in (tip.at_low, tip.at_high))
    at = place_within(tip.value, place)
    return f"{title_of(case, tip.factor)}: at {at}, going from {low} at its low end to {high} at its high end"


def watched(case: Case, one: Indicator, kind: str) -> str:
    """Write what a measure seen on a day tells of an answer of some type."""
    says = (case.elements.measures[one.measure].says or plain(one.measure)).partition(";")[0].rstrip(".")
    more, less = LARGER.get(kind, ("more", "less"))
    pairs = f"{100 * min(one.skill, 0.99):.0f} of 100 pairs of worlds"
    return f"{says}, on {day_of(case, one.day)}: the more, the {more if one.more else less}, in {pairs}"


def title_of(case: Case, factor: str) -> str:
    """Return what a factor is called; claims that share a draw go by the name of their group."""
    known = factor in case.elements.parameters or factor in case.scenario.claims
    return label_of(case, factor) if known else plain(factor)


def claim_says(case: Case, name: str) -> str:
    """Return a claim in our words, or what it is about."""
    claim = case.scenario.claims[name]
    return claim.about or claim.says or plain(name)


def place_within(value: float | None, place: float) -> str:
    """Write a number by its value and by how far up its range it lies."""
    within = f"{100 * place:.0f} % of its range"
    return within if value is None else f"{amount(value)} ({within})"


def day_of(case: Case, number: float) -> str:
    """Write a day of the case as a date."""
    return spoken_date((dt.date.fromisoformat(case.scenario.starts) + dt.timedelta(days=int(number))).isoformat())


def _part(index: Index) -> str:
    low, high = (f"{100 * _clipped(end):.0f}" for end in (index.low, index.high))
    return f"{percent(_clipped(index.value))} ({low} to {high})"


def _clipped(value: float) -> float:
    return min(max(value, 0.0), 1.0)
