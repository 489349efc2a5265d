"""How the slow oracle reads an expression: the tables of operators and functions, and the names of alternatives.

What is drawn, remembered and summarised is left to :mod:`detente.dynamics.interpreter`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from detente import randomness
from detente.dynamics.program import Program
from detente.equations import FUNCTIONS, Node
from detente.equations.syntax import (
    Aggregate,
    Binary,
    Call,
    Compare,
    Conditional,
    Date,
    Logical,
    Name,
    Number,
    On,
    Truth,
    Unary,
)
from detente.scenario import Equation, OptionElement, ShockElement, StockElement

__all__ = ["DRAWS", "Evaluator", "alternatives_in", "calls_in", "drawable", "expressions", "names_read"]

Array = Any  # numbers of Python and of NumPy as they come: NumPy's types allow of too few operations between them
Values = dict[str, Array]

ARITHMETIC: dict[str, Callable[[Array, Array], Array]] = {
    "+": lambda a, b: np.add(a, b),
    "-": lambda a, b: np.subtract(a, b),
    "*": lambda a, b: np.multiply(a, b),
    "/": lambda a, b: np.divide(a, b),
    "**": lambda a, b: np.power(a, b),
}
COMPARISON: dict[str, Callable[[Array, Array], Array]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
PLAIN: dict[str, Callable[..., Array]] = {
    "min": lambda *x: np.minimum.reduce(np.broadcast_arrays(*x)),
    "max": lambda *x: np.maximum.reduce(np.broadcast_arrays(*x)),
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "logistic": lambda x: 1.0 / (1.0 + np.exp(-x)),
    "share": lambda x, full: np.clip(np.divide(x, full), 0.0, 1.0),
    "rung": lambda place: place,
}
DRAWS: dict[str, Callable[..., Array]] = {
    "uniform": randomness.uniform_between,
    "normal": randomness.normal,
    "lognormal": randomness.lognormal,
    "beta": randomness.beta,
    "poisson": randomness.poisson,
    "binomial": randomness.binomial,
}


def drawable(function: str, values: list[Array]) -> Array:
    """Return whether something can be drawn from what is given; a ten-thousandth is rounding."""
    near = -1e-4
    match function, values:
        case "uniform", [low, high]:
            return low <= high + 1e-4 * np.maximum(np.abs(low), 1.0)
        case "chance", [p]:
            return (p >= near) & (p <= 1 - near)
        case "binomial", [n, p]:
            return (n >= near) & (p >= near) & (p <= 1 - near)
        case "poisson", [mean]:
            return mean >= near
        case "normal", [mean, sd]:
            return (sd >= near) & (mean == mean)
        case "lognormal", [median, spread]:
            return (median >= near) & (spread >= near)
        case "beta", [a, b]:
            return (a > 0) & (b > 0)
    raise ValueError(function)


def expressions(element: object) -> Iterator[Node]:
    """Yield the expressions of an element in the order in which they are written."""
    match element:
        case Equation():
            yield element.node
        case StockElement():
            yield element.change
        case ShockElement():
            yield element.when
        case OptionElement(equation=equation, decision=decision):
            parts = [equation] if decision is None else [decision.when, *(lean.strength for lean in decision.leans)]
            yield from (part for part in parts if part is not None)


def calls_in(node: Node) -> Iterator[Any]:
    """Yield what draws, remembers or summarises, a call before its arguments."""
    if isinstance(node, On | Aggregate) or (isinstance(node, Call) and FUNCTIONS[node.function].kind != "plain"):
        yield node
    for child in node.children():
        yield from calls_in(child)


def alternatives_in(program: Program) -> dict[str, tuple[str, ...]]:
    """Return, for each name that is one of several alternatives, what they are."""
    return {name: kind.alternatives for name, kind in program.elements.kinds.items() if kind.name == "choice"}


class Evaluator:
    """Reads expressions; what is remembered is left to the day and to the evening.

    Parameters
    ----------
    program
        Whose literals, tables and calendar are used.
    alternatives
        For each name that is one of several alternatives, what they are.
    names
        The value of each name, ``[worlds]`` or one number; it grows as the day goes on.
    step
        The number of the day, counted from 0; several days are an array.
    """

    def __init__(
        self, program: Program, alternatives: Mapping[str, tuple[str, ...]], names: Values, step: Array
    ) -> None:
        self.program, self.alternatives, self.names, self.step = program, alternatives, names, step
        self.element = ""
        self.margins: Values = {}
        self.reached: Array = np.bool_(True)

    def remembered(self, node: Call, among: tuple[str, ...]) -> Array:
        """Return the value of a call that keeps something from day to day."""
        raise NotImplementedError

    def summarised(self, node: Any) -> Array:
        """Return the running value of a summary over days."""
        raise NotImplementedError

    def drawn(self, node: Call) -> Array:
        """Return the value of a call that takes a uniform number."""
        raise NotImplementedError

    def near(self, left: Array, right: Array) -> None:
        """Note how far from equal two values were that decided a yes or no."""
        left, right = np.asarray(left, np.float64), np.asarray(right, np.float64)
        distance = np.abs(left - right) / np.maximum(1.0, np.maximum(np.abs(left), np.abs(right)))
        self.margins[self.element] = np.minimum(self.margins.get(self.element, np.inf), distance)

    def choices(self, node: Node) -> tuple[str, ...]:
        """Return the alternatives that an expression chooses among, if it gives a choice."""
        match node:
            case Name():
                return self.alternatives.get(node.id, ())
            case Conditional():
                return self.choices(node.then) or self.choices(node.otherwise)
            case Call(function="previous" | "initial"):
                return next((found for argument in node.arguments if (found := self.choices(argument))), ())
            case On():
                return self.choices(node.operand)
        return ()

    def together(self, nodes: tuple[Node, ...], among: tuple[str, ...] = ()) -> list[Array]:
        """Read expressions of which one may tell what the names in the others mean."""
        among = next((found for node in nodes if (found := self.choices(node))), among)
        return [self.read(node, among) for node in nodes]

    def read(self, node: Node, among: tuple[str, ...] = ()) -> Array:
        """Return the value of an expression; a lone name may be one of the alternatives ``among``."""
        match node:
            case Number():
                return node.value * (self.program.units.parse(node.unit).factor if node.unit else 1.0)
            case Truth():
                return np.bool_(node.value)
            case Date():
                return float((node.day - self.program.starts).days)
            case Name():
                if node.id in among and node.id not in self.alternatives:
                    return float(among.index(node.id))
                if node.id == "as_of":
                    return float(self.program.as_of)
                return self.step.astype(np.float64) if node.id in ("day", "today") else self.names[node.id]
            case Unary():
                value = self.read(node.operand)
                return ~np.asarray(value, bool) if node.operator == "not" else 0.0 - value
            case Binary():
                return ARITHMETIC[node.operator](self.read(node.left), self.read(node.right))
            case Compare():
                return self.compared(node)
            case Logical():
                return self.joined(node)
            case Conditional():
                among = self.choices(node) or among
                holds = np.asarray(self.read(node.condition), bool)
                return np.where(holds, self.where(holds, node.then, among), self.where(~holds, node.otherwise, among))
            case On() | Aggregate():
                return self.summarised(node)
            case Call():
                return self.called(node, among)
        raise TypeError(f"no reading for {type(node).__name__}")

    def where(self, holds: Array, node: Node, among: tuple[str, ...] = ()) -> Array:
        """Read a part that counts only where something holds."""
        outer, self.reached = self.reached, self.reached & holds
        value = self.read(node, among)
        self.reached = outer
        return value

    def joined(self, node: Logical) -> Array:
        """Return whether all parts hold, or any; a later part counts only where those before it leave it open."""
        holds = np.asarray(self.read(node.operands[0]), bool)
        for part in node.operands[1:]:
            value = np.asarray(self.where(holds if node.operator == "and" else ~holds, part), bool)
            holds = holds & value if node.operator == "and" else holds | value
        return holds

    def compared(self, node: Compare) -> Array:
        """Return whether every comparison of a chain holds."""
        values = self.together(node.operands)
        holds: Array = np.bool_(True)
        for sign, left, right in zip(node.operators, values, values[1:], strict=False):
            self.near(left, right)
            holds = holds & COMPARISON[sign](left, right)
        return holds

    def called(self, node: Call, among: tuple[str, ...]) -> Array:
        """Return the value of a function."""
        kind = FUNCTIONS[node.function].kind
        if kind == "draw":
            return self.drawn(node)
        if kind == "memory":
            return self.remembered(node, among)
        if kind == "clock":
            return self.timed(node)
        if node.function == "lookup":
            table = self.program.tables[node.arguments[1].id]  # type: ignore[attr-defined]
            along, up = (np.array(column) for column in zip(*table.points, strict=True))
            return np.interp(self.read(node.arguments[0]), along, up)
        return PLAIN[node.function](*(self.read(argument) for argument in node.arguments))

    def turned(self, node: Node) -> Array:
        """Return whether the calendar gives another value than yesterday somewhere in an expression."""
        children = list(node.children())
        found: Array = np.bool_(False)
        match node:
            case Name():
                return np.bool_(node.id in ("day", "today"))
            case Call(function="previous"):
                children = children[1:]
            case Call() if FUNCTIONS[node.function].kind == "clock":
                now, self.step = self.timed(node), self.step - 1
                found = now != self.timed(node)
                self.step = self.step + 1
        for child in children:
            found = found | self.turned(child)
        return found

    def timed(self, node: Call) -> Array:
        """Return the value of a function of the day."""
        size, *dates = (self.read(argument) for argument in node.arguments)
        if node.function == "step":
            return np.where(self.step < dates[0], 0.0, size)
        if node.function == "pulse":
            return np.where(self.step == dates[0], size, 0.0)
        begun = np.maximum(self.step - dates[0], 0.0)
        return size * np.minimum(begun, max(dates[1] - dates[0], 0.0))


def names_read(node: Node) -> Iterator[str]:
    """Yield the names whose value of today an expression reads."""
    if isinstance(node, Name):
        yield node.id
    children = node.children()
    if isinstance(node, Call) and node.function == "previous":
        children = iter(node.arguments[1:])
    for child in children:
        yield from names_read(child)
