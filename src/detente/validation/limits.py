"""What a survey shows that cannot be: elements that cease to be numbers, and stocks beyond what they may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.scenario import StockElement
from detente.validation.result import Where
from detente.validation.structure import Structure
from detente.validation.survey import Survey

__all__ = ["KEPT", "Breach", "breaches_of", "count_breaches", "gone", "tell_breach", "unbounded_below"]

Worlds = NDArray[np.bool_]
KEPT = "Every element stays a number and within its bounds, and no stock that starts at 0 or above goes below 0."
"""What is said where nothing went where it cannot be."""
ROUNDING = 1e-6
"""How far below 0, as a share of how high a stock goes, is rounding."""


@dataclass(frozen=True)
class Breach:
    """An element that went where it cannot be: in which worlds, and how far.

    ``limit`` says beyond what it went: ``below`` or ``above`` a declared bound as written, ``below 0`` where a stock
    that starts at 0 or above has none; it is empty for what ceased to be a number. ``reached`` is how far it went.
    """

    element: str
    limit: str
    declared: bool
    worlds: Worlds
    reached: float


def breaches_of(structure: Structure, survey: Survey) -> Iterator[Breach]:
    """Yield what went where it cannot be.

    A stock without a lower bound that starts at 0 or above in every world is expected to stay so: what it counts would
    otherwise be owed.
    """
    for name, spoilt in zip(survey.names, survey.spoilt, strict=True):
        if spoilt.any():
            yield Breach(name, "", False, spoilt, float("nan"))
    row = {name: number for number, name in enumerate(survey.names)}
    for bound, worlds in zip(structure.case.elements.bounds, survey.crossed, strict=True):
        if worlds.any():
            gone = survey.lowest if bound.side == "below" else survey.highest
            ends = gone[row[bound.element]][worlds]
            reached = float(np.nanmin(ends) if bound.side == "below" else np.nanmax(ends))
            yield Breach(bound.element, f"{bound.side} {bound.text}", True, worlds, reached)
    for stock in unbounded_below(structure):
        lowest, highest = survey.lowest[row[stock.name]], survey.highest[row[stock.name]]
        size = np.maximum(np.abs(highest), 1.0)
        below = lowest < -ROUNDING * np.where(np.isfinite(size), size, 1.0)
        if below.any():
            yield Breach(stock.name, "below 0", False, below, float(np.nanmin(lowest)))


def unbounded_below(structure: Structure) -> Iterator[StockElement]:
    """Yield the stocks that start at 0 or above, and for which no lower bound is declared."""
    declared = {bound.element for bound in structure.case.elements.bounds if bound.side == "below"}
    for stock in structure.program.stocks:
        arms = structure.case.elements.parameters[stock.start].arms
        if stock.name not in declared and all(arm.range.low >= 0 for arm in arms):
            yield stock


def count_breaches(breaches: Iterable[Breach]) -> str:
    """Say how many elements went where they cannot be."""
    groups: dict[str, set[str]] = {}
    for one in breaches:
        kind = "number" if not one.limit else "declared" if one.declared else "sign"
        groups.setdefault(kind, set()).add(one.element)
    words = {
        "number": ("1 element ceases to be a finite number", "{} elements cease to be finite numbers"),
        "declared": ("1 element goes beyond its declared bounds", "{} elements go beyond their declared bounds"),
        "sign": (
            "1 stock that starts at 0 or above and has no lower bound goes below 0",
            "{} stocks that start at 0 or above and have no lower bound go below 0",
        ),
    }
    parts = [words[kind][len(names) > 1].format(len(names)) for kind, names in groups.items()]
    return f"{', and '.join(parts)}."


def gone(breach: Breach) -> str:
    """Say where an element went."""
    if not breach.limit:
        return "is no finite number"
    return f"goes {breach.limit}, to {breach.reached:.3g}"


def tell_breach(structure: Structure, breach: Breach, weight: NDArray[np.float64]) -> Where:
    """Say where something went where it cannot be, and in how many worlds.

    Parameters
    ----------
    structure
        Where each thing is written.
    breach
        What went where, and in which worlds.
    weight
        What each world weighs, ``[worlds]``.

    Returns
    -------
    Where
        The share of worlds is of their weight, in percent.
    """
    share = float(weight[breach.worlds].sum() / max(float(weight.sum()), 1e-300))
    says = f"{gone(breach)}, in {_percent(share)} of worlds"
    return Where(breach.element, structure.place_of(breach.element), says)


def _percent(share: float) -> str:
    if share < 0.001:
        return "less than 0.1 %"
    return f"{100 * share:.2g} %" if share < 0.995 else f"{min(100 * share, 100):.3g} %"
