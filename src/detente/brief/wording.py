"""How answers are worded: shares of this model's worlds, ranges across accounts first, never 0 or 100."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from detente.dynamics.contrast import Contrast
from detente.equations.units import STANDARD
from detente.results import Answer, Interval
from detente.run import OutsideView

__all__ = [
    "HANGS_ON",
    "NEVER",
    "POOLED",
    "THROUGH",
    "amount",
    "bare",
    "day",
    "fine_percent",
    "headline",
    "outside",
    "percent",
    "pooled",
    "sampling_of",
    "share_of",
    "spoken_date",
    "spread_of",
    "value_of",
    "value_with_error",
]

HANGS_ON = "What this model's answer hangs on, given the ranges we chose"
THROUGH = (
    "The share of worlds in which each stands taken when the question is answered. Whether a decision comes up is "
    "mostly an outcome itself, so worlds in which it was taken are a selection, and how their answers differ from the "
    "rest is no effect of it; what a choice does is told by comparing it with none in the same worlds."
)
POOLED = "if every unsettled reading were as likely as not"
NEVER = "not within the horizon"
NO_RANGE = {
    "only luck": "no range: nothing is uncertain here but luck",
    "not resolved": "range not resolved: these worlds cannot tell what is uncertain from luck",
}
PARTED = frozenset({"", "1", *STANDARD})
"""Units that come in parts; people, trucks and what else a case counts come whole, save in rates."""


def percent(share: float) -> str:
    """Write a share in whole percent, never 0 and never 100."""
    whole = round(100 * share)
    if whole <= 0:
        return "less than 1 %"
    if whole >= 100:
        return "more than 99 %"
    return f"{whole} %"


def fine_percent(share: float) -> str:
    """Write a share in percent with two figures, so that a rare thing keeps its size."""
    return percent(share) if share > 0.99 else f"{100 * share:.2g} %"


def bare(share: float) -> str:
    """Write a share in whole points, without the sign: from 1 to 99."""
    return f"{min(max(round(100 * share), 1), 99)}"


def amount(value: float, unit: str = "", *, named: bool = True) -> str:
    """Write a number with as many figures as a reader needs, and its unit; people and what else is counted come whole.

    Parameters
    ----------
    value, unit
        The number, and what it counts.
    named
        Whether the unit is written too; without it the number is still written as what that unit counts.

    Returns
    -------
    str
        Such as ``1,200 people`` or ``0.35``; what is counted and less than one is said to be so.
    """
    size = abs(value)
    counted = unit not in PARTED and "/" not in unit
    if counted and 0 < size < 1:
        return f"less than one {_units(unit, plural=False)}" if named else "less than one"
    text = f"{value:,.0f}" if size >= 100 or counted else f"{value:.1f}" if size >= 10 else f"{value:.2f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    one = counted and text in ("1", "-1")
    return f"{text} {_units(unit, plural=not one)}" if named and unit not in ("", "1") else text


def _units(unit: str, *, plural: bool = True) -> str:
    """Write a unit as a reader says it: ``death_health_ministry`` is deaths as that body counts them."""
    counted, slash, per = unit.partition("/")
    words = counted.split("_")
    words[0] += "s" if plural and not words[0].endswith("s") else ""
    named = words[0] + (f" ({' '.join(words[1:])})" if len(words) > 1 else "")
    return f"{named} a {per}" if slash else named


def spoken_date(iso: str | None) -> str:
    """Write an ISO day as ``9 May 2031``; None is a day that does not come within the horizon."""
    if iso is None:
        return NEVER
    date = dt.date.fromisoformat(iso)
    return f"{date.day} {date:%B %Y}"


def day(iso: str | None) -> str:
    """Write an ISO day shortly: ``9 May``."""
    if iso is None:
        return NEVER
    date = dt.date.fromisoformat(iso)
    return f"{date.day} {date:%b}"


def value_of(answer: Answer) -> str:
    """Write the one figure of an answer."""
    if answer.type == "yes/no":
        return percent(answer.probability or 0.0)
    if answer.type == "date":
        return day((answer.quantiles or {})["50"])
    if answer.type == "choice":
        name = str(answer.value)
        return f"{name.replace('_', ' ')} ({percent((answer.shares or {})[name])})"
    return amount((answer.quantiles or {})["50"], answer.unit)


def spread_of(answer: Answer) -> str:
    """Write between what an answer's figure lies: a share across uncertain inputs, a number or a day across worlds."""
    if answer.type in ("number", "date"):
        quantiles = answer.quantiles or {}
        return _between(quantiles["5"], quantiles["95"], answer)
    ends = (answer.share_ranges or {}).get(answer.value) if answer.type == "choice" else answer.range
    if ends is None:
        return NO_RANGE[answer.no_range or "not resolved"]
    return _between(ends[0], ends[1], answer)


def sampling_of(answer: Answer) -> str:
    """Write how far an answer's figure could be off since only so many worlds were run; nothing where it is no matter.

    A share's is written where it is wider than a point on either side, another one's where its ends read differently.
    """
    ends = answer.value_interval
    if ends is None:
        return ""
    if answer.type in ("yes/no", "choice"):
        return _between(ends[0], ends[1], answer) if ends[1] - ends[0] > 0.02 else ""
    text = _between(ends[0], ends[1], answer)
    low, _, high = text.partition(" to ")
    return "" if low == high else text


def share_of(answer: Answer, alternative: str) -> str:
    """Write the share of one alternative of a choice, with its sampling error and its range."""
    share = percent((answer.shares or {}).get(alternative, 0.0))
    return share + _give_or_take((answer.share_intervals or {}).get(alternative)) + _ranged(answer, alternative)


def value_with_error(answer: Answer) -> str:
    """Write the one figure of an answer; a share with half of its 95 % sampling interval where that is over a point."""
    return value_of(answer) + (_give_or_take(answer.sampling_interval) if answer.type == "yes/no" else "")


def _give_or_take(interval: Interval | None) -> str:
    half = round(50 * (interval[1] - interval[0])) if interval is not None else 0
    return f" ±{half}" if half > 1 else ""


def _between(low: Any, high: Any, answer: Answer) -> str:
    if answer.type == "date":
        return f"{day(low)} to {day(high)}"
    if answer.type == "number":
        return f"{amount(low, answer.unit, named=False)} to {amount(high, answer.unit, named=False)}"
    return f"{bare(low)} to {bare(high)}"


def headline(by_account: Mapping[str, Answer], titles: Mapping[str, str], contrast: Contrast | None) -> str:
    """Word the range of an answer across accounts, which leads.

    Parameters
    ----------
    by_account, titles
        The answers, and how the accounts are called.
    contrast
        How they stand to one another and to even odds, sampling error reckoned with.

    Returns
    -------
    str
        One or two sentences; that no account is told where there is none.
    """
    if not by_account or contrast is None:
        return "No account is told in this case."
    answers = list(by_account.values())
    kind = answers[0].type
    if kind == "yes/no":
        return _shares(by_account, titles, contrast)
    if kind == "choice":
        return _leads(by_account, titles, contrast)
    middle = {name: (answer.quantiles or {})["50"] for name, answer in by_account.items()}
    if kind == "date":
        low = min(middle.values(), key=lambda value: value or "9999")
        high = max(middle.values(), key=lambda value: value or "9999")
        if low == high:
            return f"The middle world of every account: {spoken_date(low)}."
        return f"The middle world, account by account: from {spoken_date(low)} to {spoken_date(high)}."
    unit = answers[0].unit
    least, most = min(middle.values()), max(middle.values())
    if amount(least, unit) == amount(most, unit):
        return f"The middle world of every account: {amount(most, unit)}."
    lowest = amount(least, unit, named=False)
    return f"The middle world, account by account: from {lowest} to {amount(most, unit)}."


def _shares(by_account: Mapping[str, Answer], titles: Mapping[str, str], contrast: Contrast) -> str:
    low, high = (by_account[name].probability or 0.0 for name in (contrast.least, contrast.most))
    spread = f"from {bare(low)} to {percent(high)} of worlds"
    ends = f"least {_lower(titles[contrast.least])}, most {_lower(titles[contrast.most])}"
    if contrast.divided:
        return f"Depends on whose account holds: {spread} ({ends})."
    if percent(low) == percent(high):
        return f"In {percent(high)} of worlds in every account."
    if not contrast.apart:
        return f"Account by account {spread}, which is within sampling error: these worlds do not tell accounts apart."
    near = "; whether accounts fall on both sides of even odds cannot be told" if low < 0.5 < high else ""
    return f"Account by account {spread} ({ends}){near}."


def _leads(by_account: Mapping[str, Answer], titles: Mapping[str, str], contrast: Contrast) -> str:
    leading = {name: str(answer.value) for name, answer in by_account.items()}
    among = list(dict.fromkeys(leading.values()))
    if len(among) == 1:
        return f"In every account most often: {among[0].replace('_', ' ')}."
    parts = "; ".join(f"{value.replace('_', ' ')} ({_titles(leading, value, titles)})" for value in among)
    if contrast.divided:
        return f"Depends on whose account holds: {parts}."
    return f"Most often, account by account, too close for these worlds to tell apart: {parts}."


def _titles(leading: Mapping[str, str], value: str, titles: Mapping[str, str]) -> str:
    return ", ".join(_lower(titles[name]) for name, other in leading.items() if other == value)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def pooled(answer: Answer, mixed: str = POOLED) -> str:
    """Word the pooled answer, which comes second."""
    if answer.type == "yes/no":
        inside = spread_of(answer) + (" across its uncertain inputs" if answer.range is not None else "")
        return f"In {percent(answer.probability or 0.0)} of this model's worlds ({inside}){_sampled(answer)}, {mixed}."
    if answer.type == "choice":
        ranked = sorted((answer.shares or {}).items(), key=lambda item: -item[1])
        parts = ", ".join(f"{name.replace('_', ' ')} {percent(share)}{_ranged(answer, name)}" for name, share in ranked)
        across = ", in parentheses across its uncertain inputs" if any((answer.share_ranges or {}).values()) else ""
        return f"Shares of this model's worlds{across}: {parts}, {mixed}."
    quantiles = answer.quantiles or {}
    if answer.type == "date":
        never = f"; in {percent(answer.never)} of worlds {NEVER}" if answer.never and answer.never > 0.005 else ""
        ends = f"(5th to 95th percentile of worlds: {day(quantiles['5'])} to {day(quantiles['95'])})"
        return f"The middle world: {spoken_date(quantiles['50'])} {ends}{_sampled(answer)}{never}, {mixed}."
    ends = f"(5th to 95th percentile of worlds: {_between(quantiles['5'], quantiles['95'], answer)})"
    return f"The middle world: {amount(quantiles['50'], answer.unit)} {ends}{_sampled(answer)}, {mixed}."


def _sampled(answer: Answer) -> str:
    text = sampling_of(answer)
    return f", sampling {text}" if text else ""


def _ranged(answer: Answer, alternative: str) -> str:
    ends = (answer.share_ranges or {}).get(alternative)
    return f" ({bare(ends[0])} to {bare(ends[1])})" if ends is not None else ""


def outside(view: OutsideView | None) -> str:
    """Word the outside view with its interval and the number of cases."""
    if view is None:
        return ""
    low, high = (bare(end) for end in view.interval)
    return f"Outside view {bare(view.share)} % ({low} to {high}, n = {view.of}): {view.says[:1].lower()}{view.says[1:]}"
