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

__all__ = ["KEPT", "Breach", "breaches_of", "counted", "told"]

Worlds = NDArray[np.bool_]
KEPT = "Every element stays a number, and no stock that starts at 0 or above goes below 0."
"""What is said where nothing went where it cannot be."""
ROUNDING = 1e-6
"""How far below 0, as a share of how high a stock goes, is rounding."""


@dataclass(frozen=True)
class Breach:
    """An element that went where it cannot be: in which worlds, and how far.

    ``kind`` is ``no number`` or ``below 0``; ``reached`` is the lowest value met.
    """

    element: str
    kind: str
    worlds: Worlds
    reached: float


def breaches_of(structure: Structure, survey: Survey) -> Iterator[Breach]:
    """Yield what went where it cannot be.

    A stock that starts at 0 or above in every world is expected to stay so: what it counts would otherwise be owed.
    """
    stocks = {stock.name: stock for stock in structure.program.stocks}
    for row, name in enumerate(survey.names):
        spoilt = survey.spoilt[row]
        if spoilt.any():
            yield Breach(name, "no number", spoilt, float("nan"))
        stock = stocks.get(name)
        if stock is not None and _starts_above(structure, stock):
            high = np.maximum(np.abs(survey.highest[row]), 1.0)
            below = survey.lowest[row] < -ROUNDING * np.where(np.isfinite(high), high, 1.0)
            if below.any():
                yield Breach(name, "below 0", below, float(np.nanmin(survey.lowest[row])))


def _starts_above(structure: Structure, stock: StockElement) -> bool:
    arms = structure.case.elements.parameters[stock.start].arms
    return all(arm.range.low >= 0 for arm in arms)


def counted(breaches: Iterable[Breach]) -> str:
    """Say how many elements went where they cannot be."""
    kinds: dict[str, set[str]] = {}
    for one in breaches:
        kinds.setdefault(one.kind, set()).add(one.element)
    words = {
        "below 0": ("1 stock that starts at 0 or above goes below 0", "{} stocks that start at 0 or above go below 0"),
        "no number": ("1 element ceases to be a finite number", "{} elements cease to be finite numbers"),
    }
    parts = [words[kind][len(names) > 1].format(len(names)) for kind, names in kinds.items()]
    return f"{', and '.join(parts)}."


def told(structure: Structure, breach: Breach, weight: NDArray[np.float64], when: str = "") -> Where:
    """Say where something went where it cannot be, and in how many worlds."""
    share = float(weight[breach.worlds].sum() / max(float(weight.sum()), 1e-300))
    part = f"in {_percent(share)} of worlds{when}"
    if breach.kind == "no number":
        says = f"is no finite number {part}"
    else:
        says = f"goes below 0, to {breach.reached:.3g}, {part}, though it starts at 0 or above"
    return Where(breach.element, structure.place_of(breach.element), says)


def _percent(share: float) -> str:
    if share < 0.001:
        return "less than 0.1 %"
    return f"{100 * share:.2g} %" if share < 0.995 else f"{min(100 * share, 100):.3g} %"
