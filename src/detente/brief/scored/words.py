"""How a hindcast is worded: what the model said, what came, and how near the one was to the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from detente.brief.naming import plain
from detente.brief.wording import NEVER, amount, day, percent, spoken_date
from detente.hindcast.resolution import Outcome, Resolution
from detente.hindcast.result import BASELINES, Forecast, Standing

__all__ = [
    "SCORE_NAMES",
    "baseline_name",
    "came",
    "chance_of",
    "listed",
    "loss",
    "main_loss",
    "main_score",
    "moment",
    "place",
    "said",
    "spread",
    "surprise",
    "verdict",
    "wording_of",
]

SCORE_NAMES = {
    "brier": "Brier", "log": "log", "spherical": "spherical", "crps": "CRPS", "interval_90": "90 % interval",
    "interval_50": "50 % interval",
}  # fmt: skip
FAR = 1e7
"""A day after all days, counted from the first of the calendar."""
EVEN = (0.45, 0.55)
"""Chances of what came between which the model leaned neither way."""


def baseline_name(baseline: str) -> str:
    """Return how a simple forecast is called, with what it assumes: wherever it is shown, it is shown so."""
    name, assumes = BASELINES.get(baseline, (plain(baseline), ""))
    return f"{name} ({assumes})" if assumes else name


def moment(when: dt.datetime) -> str:
    """Write a moment as ``30 November 2023, 07:30``."""
    return f"{spoken_date(when.date().isoformat())}, {when:%H:%M}"


def listed(parts: Iterable[str]) -> str:
    """Write a list: ``one, two and three``."""
    *first, last = list(parts) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def loss(value: float | None) -> str:
    """Write a loss; the lower the better."""
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 10 else amount(value)


def main_score(kind: str) -> str:
    """Return the score that a type of question is told by."""
    return "brier" if kind in ("yes/no", "choice") else "crps"


def main_loss(forecast: Forecast, kind: str) -> float | None:
    """Return a forecast's loss in the score that its type of question is told by."""
    return forecast.scores.get(main_score(kind))


def chance_of(forecast: Forecast, kind: str, outcome: Outcome) -> float | None:
    """Return the share that a forecast gave what came, for yes/no and choices.

    Parameters
    ----------
    forecast
        The forecast.
    kind
        The type of the question, such as ``yes/no``.
    outcome
        What came.

    Returns
    -------
    float or None
        From 0 to 1; None for numbers and dates.
    """
    if kind == "yes/no" and forecast.probability is not None:
        return forecast.probability if outcome else 1 - forecast.probability
    if kind == "choice" and forecast.shares is not None:
        return forecast.shares.get(str(outcome), 0.0)
    return None


def surprise(standing: Standing, outcome: Outcome) -> float:
    """Return how far the forecast lay from what came, from 0 to 1; questions are ordered by it.

    For yes/no and choices it is the share not given to what came. For numbers and days it is the square of the share of
    worlds nearer to the middle world than what came: a quarter where that lies at the edge of the middle half.
    """
    given = chance_of(standing.model, standing.type, outcome)
    if given is not None:
        return 1 - given
    return 0.0 if standing.pit is None else (2 * standing.pit - 1) ** 2


def said(forecast: Forecast, kind: str, unit: str) -> str:
    """Write what a forecaster said, in short.

    Parameters
    ----------
    forecast
        The forecast.
    kind
        The type of the question, such as ``yes/no``.
    unit
        The question's unit.

    Returns
    -------
    str
        Shares in percent, a number with its unit, or a date.
    """
    if kind == "yes/no":
        return percent(forecast.probability or 0.0)
    if kind == "choice":
        ranked = sorted((forecast.shares or {}).items(), key=lambda item: -item[1])
        return ", ".join(f"{plain(name)} {percent(share)}" for name, share in ranked)
    middle = (forecast.quantiles or {}).get("50")
    return spoken_date(middle) if kind == "date" else amount(float(middle or 0.0), unit)


def spread(forecast: Forecast, kind: str) -> str:
    """Write how wide a forecast is: across uncertain inputs for yes/no, across worlds for numbers and days.

    Returns
    -------
    str
        Two ends: in percent, in the question's unit, or dates; empty where there is no width to tell.
    """
    if kind == "yes/no" and forecast.range is not None:
        low, high = (min(max(round(100 * end), 1), 99) for end in forecast.range)
        return f"{low} to {high}"
    quantiles = forecast.quantiles or {}
    if kind in ("number", "date") and quantiles and quantiles["5"] != quantiles["95"]:
        if quantiles["95"] is None:
            return f"{day(quantiles['5'])} or later" if quantiles["5"] is not None else NEVER
        low, high = (_value(quantiles[end], kind) for end in ("5", "95"))
        return f"{low} to {high}"
    return ""


def _value(value: Any, kind: str) -> str:
    return day(value) if kind == "date" else amount(float(value))


def came(outcome: Outcome, kind: str, unit: str) -> str:
    """Write what came.

    Parameters
    ----------
    outcome
        What came; None for never.
    kind
        The type of the question, such as ``yes/no``.
    unit
        The question's unit.

    Returns
    -------
    str
        Yes or no, an alternative, a date, or a number with its unit.
    """
    if kind == "yes/no":
        return "Yes" if outcome else "No"
    if kind == "choice":
        return plain(str(outcome)).capitalize()
    if kind == "date":
        return "Not within the days asked for" if outcome is None else spoken_date(str(outcome))
    return amount(float(outcome or 0.0), unit)  # type: ignore[arg-type]


def verdict(standing: Standing, outcome: Outcome) -> str:
    """Write how the model's forecast stood to what came, in one sentence."""
    given = chance_of(standing.model, standing.type, outcome)
    if given is not None:
        if given < EVEN[0]:
            return f"The model leaned the other way: what came stood at {percent(given)} of its worlds."
        if given <= EVEN[1]:
            return f"The model leaned neither way: what came stood at {percent(given)} of its worlds."
        return f"The model leaned the way things went: what came stood at {percent(given)} of its worlds."
    quantiles = standing.model.quantiles
    if not quantiles:
        return ""
    where = _position(quantiles, outcome, standing.type)
    more, less = ("later", "sooner") if standing.type == "date" else ("more", "less")
    return {
        -2: f"What came is {less} than in nineteen of twenty of the model's worlds.",
        -1: f"What came is {less} than in most of the model's worlds, and within nine tenths of them.",
        0: "What came lies within the middle half of the model's worlds.",
        1: f"What came is {more} than in most of the model's worlds, and within nine tenths of them.",
        2: f"What came is {more} than in nineteen of twenty of the model's worlds.",
    }[where]


def _position(quantiles: Mapping[str, Any], outcome: Outcome, kind: str) -> int:
    """Return where what came lies: 0 in the middle half, 1 above it, 2 above nine tenths; negative below."""
    at = _number(outcome, kind)
    low, near_low, near_high, high = (_number(quantiles[end], kind) for end in ("5", "25", "75", "95"))
    if at < near_low:
        return -2 if at < low else -1
    if at > near_high:
        return 2 if at > high else 1
    return 0


def place(standing: Standing, percent: str) -> float:
    """Return where a quantile of a forecast of a number or a day lies; a day that does not come lies after all."""
    at = _number((standing.model.quantiles or {}).get(percent, 0.0), standing.type)
    return at if at < float("inf") else FAR


def _number(value: Any, kind: str) -> float:
    """Return a value as a number; a day that does not come is after all others."""
    if value is None:
        return float("inf")
    if kind == "date":
        return float(dt.date.fromisoformat(str(value)).toordinal())
    return float(value)


def wording_of(resolution: Resolution) -> str:
    """Say when a question was written, and whether its wording gives away what came."""
    if resolution.mentions_outcome:
        return f"Written {resolution.written}, and its wording gives away what came."
    return f"Written {resolution.written}; its wording does not say what came."
