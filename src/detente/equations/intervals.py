"""Between which values an expression lies, given those of the names it reads: bounds that hold, not the tightest.

Where a name stands twice the bounds may be wider than the truth, as for ``x - x``; they are never narrower.

References
----------
Moore, R. E., Kearfott, R. B., and Cloud, M. J. (2009). Introduction to Interval Analysis. SIAM.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from detente.equations.syntax import (
    Aggregate,
    Binary,
    Call,
    Compare,
    Conditional,
    Date,
    Logical,
    Name,
    Node,
    Number,
    On,
    Truth,
    Unary,
)
from detente.equations.units import UnitSystem

__all__ = ["ANYTHING", "Interval", "interval"]

Interval = tuple[float, float]
"""The lowest and the highest value; a yes/no is 1 or 0."""

ANYTHING: Interval = (-math.inf, math.inf)
EITHER: Interval = (0.0, 1.0)
ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": lambda a, b: a * b if a and b else 0.0,
}  # fmt: skip
RISING: dict[str, Callable[[float], float]] = {
    "exp": lambda x: math.exp(x) if x < 700 else math.inf,
    "log": lambda x: math.log(x) if x > 0 else -math.inf,
    "sqrt": lambda x: math.sqrt(x) if x > 0 else 0.0,
    "logistic": lambda x: 1 / (1 + math.exp(-x)) if x > -700 else 0.0,
}


def interval(node: Node, names: Callable[[str], Interval], system: UnitSystem, tables: Mapping[str, Any]) -> Interval:
    """Return between which values an expression lies.

    Parameters
    ----------
    node
        The expression.
    names
        Gives the bounds of each name; dates are ordinals of the calendar.
    system, tables
        Of the units; the points of the tables, by name.

    Returns
    -------
    tuple
        Infinite where nothing is known.
    """
    return _Reader(names, system, tables).of(node)


class _Reader:
    """Reads a tree from its leaves; what it does not know lies anywhere."""

    def __init__(self, names: Callable[[str], Interval], system: UnitSystem, tables: Mapping[str, Any]) -> None:
        self.names, self.system, self.tables = names, system, tables

    def of(self, node: Node) -> Interval:
        found = self.read(node)
        return ANYTHING if any(math.isnan(end) for end in found) else found

    def read(self, node: Node) -> Interval:
        match node:
            case Number():
                value = node.value * (self.system.parse(node.unit).factor if node.unit else 1.0)
                return value, value
            case Truth():
                return float(node.value), float(node.value)
            case Name():
                return self.names(node.id)
            case Unary(operator="not"):
                low, high = self.of(node.operand)
                return 1 - high, 1 - low
            case Unary():
                low, high = self.of(node.operand)
                return -high, -low
            case Binary():
                return self.binary(node.operator, self.of(node.left), self.of(node.right))
            case Compare():
                return self.compare(node)
            case Logical():
                parts = [self.of(part) for part in node.operands]
                pick = min if node.operator == "and" else max
                return pick(low for low, _ in parts), pick(high for _, high in parts)
            case Conditional():
                return self.conditional(node)
            case Call():
                return self.call(node)
            case On():
                return self.of(node.operand)
            case Date():
                return float(node.day.toordinal()), float(node.day.toordinal())
            case Aggregate():
                return ANYTHING
        return ANYTHING

    def binary(self, sign: str, left: Interval, right: Interval) -> Interval:
        if sign == "/":
            if right[0] <= 0 <= right[1]:
                return ANYTHING
            sign, right = "*", (1 / right[1], 1 / right[0])
        if sign == "**":
            if left[0] < 0 or not all(map(math.isfinite, (*left, *right))):
                return (0.0, math.inf) if left[0] >= 0 else ANYTHING
            ends = [_power(a, b) for a, b in itertools.product(left, right)]
        else:
            ends = [ARITHMETIC[sign](a, b) for a, b in itertools.product(left, right)]
        return min(ends), max(ends)

    def compare(self, node: Compare) -> Interval:
        parts = [self.of(operand) for operand in node.operands]
        found = [_compared(*pair) for pair in zip(node.operators, parts, parts[1:], strict=False)]
        return min(low for low, _ in found), min(high for _, high in found)

    def conditional(self, node: Conditional) -> Interval:
        holds = self.of(node.condition)
        then, otherwise = self.of(node.then), self.of(node.otherwise)
        if holds[0] == holds[1] and holds[0] in (0.0, 1.0):
            return then if holds[0] else otherwise
        return min(then[0], otherwise[0]), max(then[1], otherwise[1])

    def call(self, node: Call) -> Interval:
        if node.function == "lookup":
            points = self.tables.get(getattr(node.arguments[1], "id", ""), ())
            return (min(y for _, y in points), max(y for _, y in points)) if points else ANYTHING
        parts = [self.of(argument) for argument in node.arguments]
        first = parts[0]
        match node.function:
            case "min" | "max":
                pick = min if node.function == "min" else max
                return pick(low for low, _ in parts), pick(high for _, high in parts)
            case "abs":
                return (0.0 if first[0] <= 0 <= first[1] else min(map(abs, first))), max(map(abs, first))
            case "exp" | "log" | "sqrt" | "logistic":
                return RISING[node.function](first[0]), RISING[node.function](first[1])
            case "clip":
                (_, low, high) = parts
                return min(max(first[0], low[0]), high[0]), min(max(first[1], low[1]), high[1])
            case "share" | "beta":
                return EITHER
            case "chance":
                return float(first[0] >= 1), float(first[1] > 0)
            case "rung" | "initial" | "smooth1" | "smooth3":
                return first
            case "previous":
                return min(first[0], parts[1][0]), max(first[1], parts[1][1])
            case "step" | "pulse":
                return min(first[0], 0.0), max(first[1], 0.0)
            case "uniform":
                return first[0], max(first[1], parts[1][1])
            case "days_since" | "poisson" | "lognormal":
                return 0.0, math.inf
            case "binomial":
                return 0.0, max(first[1], 0.0)
        return ANYTHING


def _power(a: float, b: float) -> float:
    try:
        return float(a**b)
    except (OverflowError, ZeroDivisionError):
        return math.inf


def _compared(sign: str, left: Interval, right: Interval) -> Interval:
    """Return whether a comparison holds surely, never, or either."""
    if sign in (">", ">="):
        sign, left, right = {">": "<", ">=": "<="}[sign], right, left
    if sign == "<":
        return float(left[1] < right[0]), float(left[0] < right[1])
    if sign == "<=":
        return float(left[1] <= right[0]), float(left[0] <= right[1])
    apart = left[1] < right[0] or right[1] < left[0]
    same = left == right and left[0] == left[1]
    return (float(same), float(not apart)) if sign == "==" else (float(apart), float(not same))
