"""Which stocks only exchange what they hold, so that their sum may not change.

The incidence of flows on stocks is read from the changes of stocks as sums of terms. A weighted sum of stocks is
conserved where each term leaves it as often as it enters: a P-semiflow of that incidence, found by Farkas's algorithm.

References
----------
J. Colom and M. Silva, "Convex geometry and semiflows in P/T nets", Advances in Petri Nets 1990, Springer (1991).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import reduce
from math import gcd

import numpy as np

from detente.equations import Node, Unit, unparse
from detente.equations.syntax import Binary, Number, Unary
from detente.scenario import StockElement
from detente.validation.result import Conserved, Inquiry, ValidationTest, Where
from detente.validation.structure import Structure
from detente.validation.survey import Survey

__all__ = ["conservation", "conserved_sums", "terms_of"]

INQUIRY = Inquiry(
    "conservation",
    "Conservation",
    "structure",
    "Do stocks that only exchange what they hold keep their sum, and which stocks are filled from nowhere?",
)

Weights = dict[str, int]
MOST_ROWS = 400
"""Rows of Farkas's algorithm beyond which a group of stocks is given up."""
CLOSE = 1e-9
"""Departure of a sum, as a share of its size, that is rounding: the worlds are read in double precision."""


def conservation(
    structure: Structure, survey: Survey | None, why_not: str
) -> tuple[ValidationTest, tuple[Conserved, ...]]:
    """Find the sums that may not change, and hold them to a survey of worlds.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    survey
        What worlds went through; None where they were not run.
    why_not
        In words, why the sums were not held to worlds, where the survey is None.

    Returns
    -------
    tuple
        The test, ``passes``, ``does not pass``, ``described``, ``not tried`` or ``does not apply``, with the places
        that it is about; and each conserved sum: weights by stock, its unit and the largest relative departure in
        any world.
    """
    stocks = structure.program.stocks
    if not stocks:
        return INQUIRY.came_out("does not apply", "The case has no stocks."), ()
    units = {stock.name: stock.unit for stock in stocks}
    groups = conserved_sums(stocks)
    found = tuple(
        Conserved(
            {name: float(weight) for name, weight in group.items()},
            str(units[next(iter(group))]),
            _departure(group, survey),
        )
        for group in groups
    )
    boundary = tuple(_boundary(structure, groups))
    are = (
        "stock is filled from outside the model, or empties"
        if len(boundary) == 1
        else "stocks are filled from outside the model, or empty"
    )
    open_ends = f" {len(boundary)} {are} out of it." if boundary else ""
    if not found:
        says = (
            f"No group of the {len(stocks)} stocks only exchanges what it holds, so there is no sum to keep.{open_ends}"
        )
        return INQUIRY.came_out("described", says, boundary), ()
    broken = [one for one in found if one.departure is not None and not one.departure <= CLOSE]
    where = tuple(
        Where(" + ".join(one.stocks), "", f"their sum departs by {one.departure:.2g} of its size") for one in broken
    )
    count = f"{len(found)} sum{'' if len(found) == 1 else 's'} of stocks"
    if all(one.departure is None for one in found):
        return INQUIRY.came_out("not tried", f"{count} may not change. {why_not}{open_ends}", boundary), found
    says = f"{count} may not change, and {'none does' if not broken else f'{len(broken)} of them do'}.{open_ends}"
    return INQUIRY.came_out("does not pass" if broken else "passes", says, (*where, *boundary)), found


def terms_of(node: Node) -> dict[str, Fraction]:
    """Return an expression as a sum of terms, each with how often it stands there; a term is named by its text."""
    found: dict[str, Fraction] = {}
    for term, times in _summed(node, Fraction(1)):
        text = unparse(term)
        found[text] = found.get(text, Fraction(0)) + times
    return {text: times for text, times in found.items() if times}


def _summed(node: Node, times: Fraction) -> Iterator[tuple[Node, Fraction]]:
    if isinstance(node, Unary) and node.operator == "-":
        yield from _summed(node.operand, -times)
    elif isinstance(node, Binary) and node.operator in "+-":
        yield from _summed(node.left, times)
        yield from _summed(node.right, times if node.operator == "+" else -times)
    elif isinstance(node, Binary) and node.operator == "*" and (factor := _factor(node.left)) is not None:
        yield from _summed(node.right, times * factor)
    elif not (isinstance(node, Number) and node.value == 0):
        yield node, times


def _factor(node: Node) -> Fraction | None:
    """Return a plain number that stands before a term, where there is one."""
    if isinstance(node, Unary) and node.operator == "-":
        inner = _factor(node.operand)
        return None if inner is None else -inner
    return Fraction(node.value) if isinstance(node, Number) and not node.unit else None


def conserved_sums(stocks: tuple[StockElement, ...]) -> list[Weights]:
    """Return the smallest weighted sums of stocks, weights above 0, that no term can change."""
    terms = {stock.name: terms_of(stock.change) for stock in stocks}
    units = {stock.name: stock.unit for stock in stocks}
    found: list[Weights] = []
    for group in _together(terms):
        for weights in _semiflows({name: terms[name] for name in group}):
            if len(weights) > 1 and _one_unit([units[name] for name in weights]):
                found.append(weights)
    return found


def _together(terms: Mapping[str, Mapping[str, Fraction]]) -> list[list[str]]:
    """Group stocks that share a term, through others or directly."""
    left, groups = dict(terms), []
    while left:
        first = next(iter(left))
        group, reached = [first], set(left.pop(first))
        while more := [name for name, own in left.items() if reached & set(own)]:
            for name in more:
                group.append(name)
                reached |= set(left.pop(name))
        if reached and len(group) > 1:
            groups.append(group)
    return groups


def _semiflows(terms: Mapping[str, Mapping[str, Fraction]]) -> list[Weights]:
    """Return the minimal combinations, weights above 0, in which every term cancels (Farkas's algorithm)."""
    names = list(terms)
    whole = reduce(lambda a, b: a * b // gcd(a, b), (t.denominator for own in terms.values() for t in own.values()), 1)
    every = sorted({term for own in terms.values() for term in own})
    rows = [
        ([int(terms[name].get(term, 0) * whole) for term in every], [int(name == other) for other in names])
        for name in names
    ]
    for column in range(len(every)):
        kept = [row for row in rows if row[0][column] == 0]
        above = [row for row in rows if row[0][column] > 0]
        below = [row for row in rows if row[0][column] < 0]
        for one in above:
            for other in below:
                kept.append(_cancelled(one, other, column))
        rows = _minimal(kept)
        if len(rows) > MOST_ROWS:
            return []
    return [{name: weight for name, weight in zip(names, row[1], strict=True) if weight} for row in rows]


Row = tuple[list[int], list[int]]


def _cancelled(one: Row, other: Row, column: int) -> Row:
    a, b = -other[0][column], one[0][column]
    joined = [[a * x + b * y for x, y in zip(one[part], other[part], strict=True)] for part in (0, 1)]
    divisor = reduce(gcd, (abs(value) for part in joined for value in part), 0) or 1
    return [value // divisor for value in joined[0]], [value // divisor for value in joined[1]]


def _minimal(rows: list[Row]) -> list[Row]:
    """Leave out rows whose stocks hold those of another row."""
    supports = [frozenset(n for n, weight in enumerate(row[1]) if weight) for row in rows]
    kept: dict[frozenset[int], Row] = {}
    for support, row in sorted(zip(supports, rows, strict=True), key=lambda one: len(one[0])):
        if not any(other <= support for other in kept):
            kept[support] = row
    return list(kept.values())


def _one_unit(units: list[Unit]) -> bool:
    return len({unit.dimensions for unit in units}) == 1


def _counted(unit: Unit) -> bool:
    """Whether a unit counts something: a clock is filled by time itself."""
    return any(name != "day" for name, _ in unit.dimensions)


def _departure(group: Weights, survey: Survey | None) -> float | None:
    """Return how far a sum went from its start, as a share of what it adds up."""
    if survey is None:
        return None
    total = sum(weight * survey.stocks[name] for name, weight in group.items())
    size = sum(weight * np.abs(survey.stocks[name]) for name, weight in group.items())
    first = sum(weight * survey.started[name] for name, weight in group.items())
    departure = np.abs(total - first) / np.maximum(size, 1e-300)
    return float(np.max(departure)) if np.isfinite(departure).all() else None


def _boundary(structure: Structure, groups: list[Weights]) -> Iterator[Where]:
    """Yield stocks of a countable unit with a term that no other stock of that unit gives or takes."""
    terms = {stock.name: terms_of(stock.change) for stock in structure.program.stocks}
    for stock in structure.program.stocks:
        if not _counted(stock.unit) or any(stock.name in group for group in groups):
            continue
        open_terms = []
        for term, times in terms[stock.name].items():
            others = (own.get(term, Fraction(0)) for name, own in terms.items() if name != stock.name)
            if not any(other * times < 0 for other in others):
                open_terms.append(f"{term} ({'in' if times > 0 else 'out'})")
        if open_terms:
            says = f"filled from outside the model, or emptied into it, by {'; '.join(open_terms)}"
            yield Where(stock.name, structure.at(stock.path), says)
