"""The language of a case: text to tree, kinds and units checked, tree to text."""

from __future__ import annotations

from detente.equations.functions import AGGREGATES, CONSTANTS, DOMAINS, FUNCTIONS, Function
from detente.equations.intervals import Interval, interval
from detente.equations.kinds import Kind, infer, unnamed_numbers
from detente.equations.parse import ExpressionError, parse
from detente.equations.syntax import Node, names_in, walk
from detente.equations.units import Unit, UnitError, UnitSystem
from detente.equations.unparse import unparse

__all__ = [
    "AGGREGATES",
    "CONSTANTS",
    "DOMAINS",
    "FUNCTIONS",
    "ExpressionError",
    "Function",
    "Interval",
    "Kind",
    "Node",
    "Unit",
    "UnitError",
    "UnitSystem",
    "infer",
    "interval",
    "names_in",
    "parse",
    "unnamed_numbers",
    "unparse",
    "walk",
]
