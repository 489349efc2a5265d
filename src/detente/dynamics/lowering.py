"""From the tree of an expression to array operations: the table that the kernel is compiled from."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Protocol

import jax.numpy as jnp
import numpy as np

from detente.dynamics.arrays import Array, Value
from detente.dynamics.program import Program, literal
from detente.equations import DOMAINS, FUNCTIONS, Node
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
from detente.randomness import beta, binomial, chance, lognormal, normal, poisson, uniform_between

__all__ = ["OPERATORS", "Lowering", "Memory"]


OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "and": operator.and_,
    "or": operator.or_,
}

NEGATIVE: Callable[[Any], Value] = operator.neg

PLAIN: dict[str, Callable[..., Value]] = {
    "abs": lambda xp, x: xp.abs(x),
    "exp": lambda xp, x: xp.exp(x),
    "log": lambda xp, x: xp.log(x),
    "sqrt": lambda xp, x: xp.sqrt(x),
    "clip": lambda xp, x, low, high: xp.minimum(xp.maximum(x, low), high),
    "logistic": lambda xp, x: 1 / (1 + xp.exp(-x)),
    "share": lambda xp, x, full: xp.minimum(xp.maximum(x / full, 0), 1),
    "rung": lambda xp, option: option,
}

DRAWN: dict[str, Callable[..., Value]] = {
    "chance": chance,
    "uniform": uniform_between,
    "normal": normal,
    "lognormal": lognormal,
    "beta": beta,
    "poisson": poisson,
    "binomial": binomial,
}


ROUNDING = 1e-4
"""How far beyond its domain an argument may lie: a chance that should be 1 and is a little more by rounding."""


class Memory(Protocol):
    """What an expression needs beyond names: luck, what was kept from earlier days, and the day itself."""

    @property
    def step(self) -> Array | np.integer[Any]:
        """The number of the day."""

    def uniform(self, call: Call) -> Value:
        """Return the uniform number of a drawing call in the element at hand."""

    def recall(self, call: Call, arguments: list[Value]) -> Value:
        """Return the value of a remembering call in the element at hand."""

    def summary(self, node: On | Aggregate, operand: Value) -> Value:
        """Return the running value of a summary over days."""

    def refuse(self, worlds: Value) -> None:
        """Note the worlds in which something is asked for that cannot be."""


class Lowering:
    """Turns the expressions of a program into arrays.

    Parameters
    ----------
    program
        Whose literals, tables and alternatives are used.
    dtype
        The kernel's precision.
    xp
        The arrays: JAX's in the kernel, NumPy's for what is looked at once when all days are over.
    """

    def __init__(self, program: Program, dtype: type[np.floating], xp: Any = jnp) -> None:
        self.program, self.dtype, self.xp = program, dtype, xp

    def value(self, node: Node, names: Mapping[str, Value], memory: Memory, among: tuple[str, ...] = ()) -> Value:
        """Return the value of an expression, given the values of names and what is remembered.

        ``among`` lists the alternatives that the whole expression chooses among, if it gives a choice.
        """
        return _Pass(self, names, memory).of(node, among)


class _Pass:
    """One reading of a tree, in the order in which it is written."""

    def __init__(self, lowering: Lowering, names: Mapping[str, Value], memory: Memory) -> None:
        self.program, self.dtype, self.xp = lowering.program, lowering.dtype, lowering.xp
        self.names, self.memory = names, memory
        self.reached: Value | None = None  # in which worlds the part at hand counts; None for all

    def under(self, condition: Value, node: Node, among: tuple[str, ...] = ()) -> Value:
        """Read a part that counts only where a condition holds."""
        outer = self.reached
        self.reached = condition if outer is None else self.xp.logical_and(outer, condition)
        value = self.of(node, among)
        self.reached = outer
        return value

    def of(self, node: Node, among: tuple[str, ...] = ()) -> Value:
        match node:
            case Number():
                return self.dtype(literal(node, self.program.units))
            case Truth():
                return np.bool_(node.value)
            case Date():
                return self.dtype(self.program.day_of(node.day))
            case Name():
                return self.name(node, among)
            case Unary():
                operand = self.of(node.operand)
                return self.xp.logical_not(operand) if node.operator == "not" else NEGATIVE(operand)
            case Binary():
                return OPERATORS[node.operator](self.of(node.left), self.of(node.right))
            case Compare():
                return self.compare(node)
            case Logical():
                return self.logical(node)
            case Conditional():
                return self.conditional(node, among)
            case Call():
                return self.call(node, among)
            case On() | Aggregate():
                return self.memory.summary(node, self.of(node.operand))
        raise TypeError(f"no arrays for {type(node).__name__}")

    def name(self, node: Name, among: tuple[str, ...]) -> Value:
        # Beside an option a name is its alternative, even if an element is called the same.
        if node.id in among and not self.program.alternatives(node):
            return self.dtype(among.index(node.id))
        if node.id in ("day", "today"):
            return self.memory.step.astype(self.dtype)
        if node.id == "as_of":
            return self.dtype(self.program.as_of)
        return self.names[node.id]

    def compare(self, node: Compare) -> Value:
        among = next((found for item in node.operands if (found := self.program.alternatives(item))), ())
        values = [self.of(item, among) for item in node.operands]
        pairs = zip(node.operators, values, values[1:], strict=False)
        results = [OPERATORS[sign](left, right) for sign, left, right in pairs]
        whole = results[0]
        for result in results[1:]:
            whole = OPERATORS["and"](whole, result)
        return whole

    def logical(self, node: Logical) -> Value:
        whole = self.of(node.operands[0])
        for operand in node.operands[1:]:
            open_ = whole if node.operator == "and" else self.xp.logical_not(whole)
            whole = OPERATORS[node.operator](whole, self.under(open_, operand))
        return whole

    def conditional(self, node: Conditional, among: tuple[str, ...]) -> Value:
        among = self.program.alternatives(node) or among
        condition = self.of(node.condition)
        then = self.under(condition, node.then, among)
        otherwise = self.under(self.xp.logical_not(condition), node.otherwise, among)
        found: Value = self.xp.where(condition, then, otherwise)
        return found

    def call(self, node: Call, among: tuple[str, ...]) -> Value:
        kind = FUNCTIONS[node.function].kind
        if kind == "clock":
            return self.clock(node)
        if node.function == "lookup":
            return self.lookup(node)
        among = self.program.alternatives(node) or among
        if node.function == "previous":  # what it looks back on may not have a value yet today, and is not read
            start = self.of(node.arguments[1], among)
            return self.memory.recall(node, [start, start])
        arguments = [self.of(argument, among) for argument in node.arguments]
        if kind == "draw":
            return self.drawn(node, arguments)
        if kind == "memory":
            return self.memory.recall(node, arguments)
        if node.function in ("min", "max"):
            pick = self.xp.minimum if node.function == "min" else self.xp.maximum
            whole = arguments[0]
            for argument in arguments[1:]:
                whole = pick(whole, argument)
            return whole
        return PLAIN[node.function](self.xp, *arguments)

    def drawn(self, node: Call, arguments: list[Value]) -> Value:
        """Draw; where it cannot be drawn from what is given, a number is none, and a world with such a chance none."""
        value = DRAWN[node.function](self.memory.uniform(node), *arguments, self.xp)
        sound = self.sound(node.function, arguments)
        if node.function != "chance":
            number: Value = self.xp.where(sound, value, self.dtype(np.nan))
            return number
        spoilt = self.xp.logical_not(sound)
        self.memory.refuse(spoilt if self.reached is None else self.xp.logical_and(self.reached, spoilt))
        return value

    def sound(self, function: str, arguments: list[Value]) -> Value:
        """Return whether a draw can be made from its arguments, rounding allowed for."""
        if function == "uniform":
            low, high = arguments
            apart: Value = OPERATORS["-"](low, high) <= ROUNDING * self.xp.maximum(self.xp.abs(low), 1)
            return apart
        whole: Value = np.bool_(True)
        for argument, (least, most) in zip(arguments, DOMAINS[function], strict=True):
            if least > -math.inf:
                enough = argument > 0 if least > 0 else argument >= -ROUNDING
                whole = self.xp.logical_and(whole, enough)
            if most < math.inf:
                whole = self.xp.logical_and(whole, argument <= most + ROUNDING)
        return whole

    def clock(self, node: Call) -> Value:
        step = self.memory.step
        size, *dates = [self.of(argument) for argument in node.arguments]
        first = int(dates[0])
        found: Value
        match node.function:
            case "step":
                found = self.xp.where(step >= first, size, self.dtype(0))
            case "pulse":
                found = self.xp.where(step == first, size, self.dtype(0))
            case _:
                run = self.xp.clip(step, first, max(first, int(dates[1]))) - first
                found = size * run.astype(self.dtype)
        return found

    def lookup(self, node: Call) -> Value:
        x, table = self.of(node.arguments[0]), node.arguments[1]
        assert isinstance(table, Name)
        points = self.program.tables[table.id].points
        value: Value = self.dtype(points[0][1])
        for (x0, y0), (x1, y1) in pairwise(points):
            part = self.xp.clip((x - self.dtype(x0)) / self.dtype(x1 - x0), 0, 1)
            value = value + part * self.dtype(y1 - y0)
        return value
