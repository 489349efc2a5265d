"""From a tree back to text, with no bracket more than reading it needs; ``parse(unparse(node)) == node``."""

from __future__ import annotations

from detente.equations.parse import BINDING, NEGATE, NOT
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

__all__ = ["unparse"]

# Tighter than any sign: a leaf, or a function with its own brackets.
ATOM = 11


def unparse(node: Node) -> str:
    """Write an expression as text that parses to the same tree."""
    return _written(node)[0]


def _held(node: Node, tightness: int) -> str:
    """Write a part, in brackets if it binds less tightly than its place asks."""
    text, binding = _written(node)
    return text if binding >= tightness else f"({text})"


def _written(node: Node) -> tuple[str, int]:
    """Return the text of a node and how tightly its outermost sign binds."""
    match node:
        case Number():
            digits = str(int(node.value)) if node.value.is_integer() and node.value < 1e15 else repr(node.value)
            return digits if node.unit is None else f"{digits} [{node.unit}]", ATOM
        case Truth():
            return "true" if node.value else "false", ATOM
        case Date():
            return node.day.isoformat(), ATOM
        case Name():
            return node.id, ATOM
        case Call():
            return f"{node.function}({', '.join(map(unparse, node.arguments))})", ATOM
        case Aggregate():
            return f"{node.function}({unparse(node.operand)}){_window(node)}", ATOM
        case Unary(operator="not"):
            return f"not {_held(node.operand, NOT)}", NOT
        case Unary():
            return f"-{_held(node.operand, NEGATE)}", NEGATE
        case Binary():
            binding = BINDING[node.operator]
            # A power groups from the right, all else from the left.
            rightward = node.operator == "**"
            left, right = _held(node.left, binding + rightward), _held(node.right, binding + (not rightward))
            return f"{left} {node.operator} {right}", binding
        case Compare(written="iff") | Logical(written="if"):
            return _joined(node), BINDING[node.written]
        case Compare():
            binding = BINDING[node.operators[0]]
            first, *others = (_held(operand, binding + 1) for operand in node.operands)
            pairs = zip(node.operators, others, strict=True)
            return " ".join([first, *(f"{operator} {operand}" for operator, operand in pairs)]), binding
        case Logical():
            binding = BINDING[node.operator]
            return f" {node.operator} ".join(_held(operand, binding + 1) for operand in node.operands), binding
        case Conditional():
            binding = BINDING["if"]
            then, condition = _held(node.then, binding + 1), _held(node.condition, binding + 1)
            return f"{then} if {condition} else {unparse(node.otherwise)}", binding
        case On():
            return f"{_held(node.operand, BINDING['on'])} on {node.day.isoformat()}", BINDING["on"]
    raise TypeError(f"no such node: {type(node).__name__}")


def _joined(node: Compare | Logical) -> str:
    """Write ``a if b`` and ``a iff b`` as they were written."""
    left, right = node.operands
    if isinstance(right, Unary) and node.written == "if":
        right = right.operand
    tightness = BINDING[node.written] + 1
    return f"{_held(left, tightness)} {node.written} {_held(right, tightness)}"


def _window(node: Aggregate) -> str:
    if node.first and node.last:
        return f" between {node.first.isoformat()} and {node.last.isoformat()}"
    if node.first:
        return f" from {node.first.isoformat()}"
    return f" by {node.last.isoformat()}" if node.last else ""
