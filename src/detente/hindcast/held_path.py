"""A question answered by the record alone: everything stays as it was last told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Program
from detente.dynamics.evaluator import ARITHMETIC, COMPARISON
from detente.equations import Node
from detente.equations.syntax import Aggregate, Binary, Compare, Logical, Name, Number, On, Truth, Unary

__all__ = ["held"]

Floats = NDArray[np.float64]


def held(program: Program, node: Node, figures: Mapping[str, Mapping[int, float]]) -> float | None:
    """Return the value of an expression on a path that follows the figures known and stands still from the last on.

    Parameters
    ----------
    program
        Says what the days, constants and measures are.
    node
        An expression over elements, measures and constants, summed up over days or not.
    figures
        By element, what is known of it by day, as :func:`detente.hindcast.figures.figures` gives it.

    Returns
    -------
    float or None
        Truth values as 1 and 0, a day that never comes as infinity. None where it takes something that no figure is
        known of, or a part of the language that is about choices, draws or memory.
    """
    try:
        value = float(_Path(program, figures).value(node)[-1])
    except _NotKnown:
        return None
    return None if np.isnan(value) else value


class _NotKnown(Exception):
    """Something that no figure is known of."""


class _Path:
    """Values of expressions by day; no number where nothing was known yet."""

    def __init__(self, program: Program, figures: Mapping[str, Mapping[int, float]]) -> None:
        self.program, self.figures = program, figures

    def value(self, node: Node) -> Floats:
        """Return the value of an expression on every day, ``[days]``."""
        match node:
            case Number():
                return self.all(node.value * (self.program.units.parse(node.unit).factor if node.unit else 1.0))
            case Truth():
                return self.all(float(node.value))
            case Name():
                return self.named(node.id)
            case Unary():
                inner = self.value(node.operand)
                return -inner if node.operator == "-" else 1.0 - inner
            case Binary():
                with np.errstate(all="ignore"):
                    return self.plain(ARITHMETIC[node.operator](self.value(node.left), self.value(node.right)))
            case Compare():
                return self.compared(node)
            case Logical():
                parts = np.stack([self.value(part) for part in node.operands])
                return self.plain(parts.min(axis=0) if node.operator == "and" else parts.max(axis=0))
            case On():
                return self.all(float(self.value(node.operand)[self.day(node.day)]))
            case Aggregate():
                return self.all(self.summed(node))
        raise _NotKnown

    def named(self, name: str) -> Floats:
        if name in self.program.exact:
            return self.all(self.program.exact[name])
        if name in self.figures:
            return self.standing(self.figures[name])
        measure = self.program.elements.measures.get(name)
        if measure is None:
            raise _NotKnown
        return self.value(measure.node)

    def standing(self, known: Mapping[int, float]) -> Floats:
        """Return what was last told on each day; the last figure of all stands to the end."""
        days, told = np.array(list(known)), np.array(list(known.values()), np.float64)
        last = np.searchsorted(days, np.arange(self.program.days), side="right") - 1
        return np.where(last < 0, np.nan, told[np.maximum(last, 0)])

    def compared(self, node: Compare) -> Floats:
        values = [self.value(part) for part in node.operands]
        found = [
            COMPARISON[sign](one, other) for sign, one, other in zip(node.operators, values, values[1:], strict=False)
        ]
        return np.where(np.isnan(np.stack(values)).any(axis=0), np.nan, np.all(found, axis=0).astype(np.float64))

    def summed(self, node: Aggregate) -> float:
        first = 0 if node.first is None else self.day(node.first)
        last = self.program.days - 1 if node.last is None else self.day(node.last)
        inside = self.value(node.operand)[first : last + 1]
        if node.function == "mean":
            inside = inside[~np.isnan(inside)]  # days of which nothing is known are left out, as of a world's
        if np.isnan(inside).any():
            raise _NotKnown
        if node.function == "first_day":
            came = np.flatnonzero(inside)
            return float(first + came[0]) if len(came) else np.inf
        of: dict[str, Any] = {
            "ever": np.max, "always": np.min, "days": np.sum, "total": np.sum, "mean": np.mean, "peak": np.max,
        }  # fmt: skip
        return float(of[node.function](inside)) if node.function in of and len(inside) else np.nan

    def all(self, value: float) -> Floats:
        return np.full(self.program.days, value)

    def day(self, day: dt.date) -> int:
        return self.program.day_of(day)

    def plain(self, value: Any) -> Floats:
        return np.asarray(value, np.float64)
