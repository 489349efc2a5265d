"""Expressions over options, read where some options are not settled yet: yes, no, or not known yet.

Values are small whole numbers: 0 and 1 for no and yes, an alternative's position for a choice, and
:data:`UNKNOWN` where the options settled so far leave it open (Kleene's strong logic of three values).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.equations import Node
from detente.equations.syntax import Compare, Conditional, Logical, Name, Truth, Unary

__all__ = ["UNKNOWN", "Reading"]

UNKNOWN = np.int8(-1)
SETTLED = np.int8(-2)
Values = NDArray[np.int8]

COMPARISON: dict[str, Callable[[Values, Values], NDArray[np.bool_]]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


class Reading:
    """The values of an expression and of all its parts, in many states at once.

    Parameters
    ----------
    columns
        For each option that is settled, the position of its alternative in each state.
    alternatives
        For each option, the words of its alternatives; empty for yes/no.
    """

    def __init__(self, columns: Mapping[str, Values], alternatives: Mapping[str, Sequence[str]]) -> None:
        self.columns, self.alternatives = columns, alternatives
        self.values: dict[int, Values] = {}

    def of(self, node: Node, among: Sequence[str] = ()) -> Values:
        """Return the value of an expression; a lone name may be one of the alternatives ``among``.

        Raises
        ------
        TypeError
            For what does not speak of options; the check of a case refuses it before.
        """
        value = self._of(node, among)
        self.values[id(node)] = value
        return value

    def _of(self, node: Node, among: Sequence[str]) -> Values:
        match node:
            case Truth():
                return np.asarray(node.value, np.int8)
            case Name() if node.id in self.alternatives:
                return self.columns.get(node.id, np.asarray(UNKNOWN))
            case Name() if node.id in among:
                return np.asarray(among.index(node.id), np.int8)
            case Unary(operator="not"):
                value = self.of(node.operand)
                return np.where(value == UNKNOWN, UNKNOWN, 1 - value).astype(np.int8)
            case Logical():
                return self._joined(node)
            case Compare():
                return self._compared(node)
            case Conditional():
                return self._chosen(node, among)
        raise TypeError(f"no reading of {type(node).__name__} over options")

    def _joined(self, node: Logical) -> Values:
        """One ``no`` settles ``and``, one ``yes`` settles ``or``; else what is unknown keeps it open."""
        decisive = np.int8(node.operator == "or")
        values = [self.of(operand) for operand in node.operands]
        decided, unknown = values[0] == decisive, values[0] == UNKNOWN
        for value in values[1:]:
            decided, unknown = decided | (value == decisive), unknown | (value == UNKNOWN)
        return np.where(decided, decisive, np.where(unknown, UNKNOWN, 1 - decisive)).astype(np.int8)

    def _compared(self, node: Compare) -> Values:
        """One comparison of a chain that fails settles it; each needs both of its sides."""
        among = next((found for operand in node.operands if (found := self.choices(operand))), ())
        values = [self.of(operand, among) for operand in node.operands]
        fails, unknown = np.asarray(False), np.asarray(False)
        for sign, left, right in zip(node.operators, values, values[1:], strict=False):
            open_ = (left == UNKNOWN) | (right == UNKNOWN)
            fails = fails | (~open_ & ~COMPARISON[sign](left, right))
            unknown = unknown | open_
        return np.where(fails, np.int8(0), np.where(unknown, UNKNOWN, np.int8(1))).astype(np.int8)

    def _chosen(self, node: Conditional, among: Sequence[str]) -> Values:
        """While the condition is open, it is what both arms agree on."""
        among = self.choices(node) or among
        condition = self.of(node.condition)
        then, otherwise = self.of(node.then, among), self.of(node.otherwise, among)
        either = np.where(then == otherwise, then, UNKNOWN)
        return np.where(condition == 1, then, np.where(condition == 0, otherwise, either)).astype(np.int8)

    def choices(self, node: Node) -> Sequence[str]:
        """Return the alternatives that an expression chooses among, if it gives a choice."""
        if isinstance(node, Name):
            return self.alternatives.get(node.id, ())
        if isinstance(node, Conditional):
            return self.choices(node.then) or self.choices(node.otherwise)
        return ()

    def residue(self, node: Node, still_open: NDArray[np.bool_] | None = None) -> Iterator[Values]:
        """Yield what, beside the options still open, an expression just read depends on: equal residues, equal futures.

        The value of each part counts while the parts around it are open; of a choice between arms only those arms
        count that can still be chosen. What no longer matters is :data:`SETTLED`.
        """
        value = self.values[id(node)]
        yield value if still_open is None else np.where(still_open, value, SETTLED)
        still = value == UNKNOWN if still_open is None else still_open & (value == UNKNOWN)
        if not still.any():
            return
        if isinstance(node, Conditional):
            condition = self.values[id(node.condition)]
            yield from self.residue(node.condition, still)
            yield from self.residue(node.then, still & (condition != 0))
            yield from self.residue(node.otherwise, still & (condition != 1))
            return
        for child in node.children():
            yield from self.residue(child, still)
