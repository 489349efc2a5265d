"""The frozen tree that an expression is parsed into; every node knows its place in the YAML file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from detente.errors import Place

__all__ = [
    "Aggregate",
    "Binary",
    "Call",
    "Compare",
    "Conditional",
    "Date",
    "Logical",
    "Name",
    "Node",
    "Number",
    "On",
    "Truth",
    "Unary",
    "equivalence",
    "implication",
    "names_in",
    "parts_of",
    "walk",
]

NOWHERE = Place(Path("expression"), 1, 1)


@dataclass(frozen=True)
class Node:
    """Base of every node; ``place`` is where it begins in the file and takes no part in comparison."""

    place: Place = field(default=NOWHERE, compare=False, kw_only=True, repr=False)

    def children(self) -> Iterator[Node]:
        """Yield the nodes directly below this one, left to right."""
        for name in parts_of(type(self)):
            value = getattr(self, name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (item for item in value if isinstance(item, Node))


def parts_of(kind: type[Node]) -> tuple[str, ...]:
    """Return the names of a node's fields, looked up once for each kind of node: trees are walked very often."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(part.name for part in fields(kind))
    return _PARTS[kind]


_PARTS: dict[type[Node], tuple[str, ...]] = {}


@dataclass(frozen=True)
class Number(Node):
    """A literal number, with the unit written after it in brackets, if any."""

    value: float
    unit: str | None = None


@dataclass(frozen=True)
class Truth(Node):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True)
class Date(Node):
    """A calendar day."""

    day: dt.date


@dataclass(frozen=True)
class Name(Node):
    """The name of an element, an option or an alternative."""

    id: str


@dataclass(frozen=True)
class Call(Node):
    """A function applied to its arguments; ``site`` is the call's number in its element, 0 before it has one."""

    function: str
    arguments: tuple[Node, ...]
    site: int = field(default=0, compare=False, kw_only=True, repr=False)


@dataclass(frozen=True)
class Unary(Node):
    """``-x`` or ``not c``."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class Binary(Node):
    """Arithmetic: ``+ - * / **``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare(Node):
    """A comparison, or a chain of them: ``a < b <= c``; ``a iff b`` is ``a == b``, and then ``written`` says so."""

    operators: tuple[str, ...]
    operands: tuple[Node, ...]
    written: str = field(default="", compare=False, kw_only=True, repr=False)


@dataclass(frozen=True)
class Logical(Node):
    """``and`` or ``or`` over two or more truth values; ``a if b`` is ``a or not b``, and then ``written`` says so."""

    operator: str
    operands: tuple[Node, ...]
    written: str = field(default="", compare=False, kw_only=True, repr=False)


@dataclass(frozen=True)
class Conditional(Node):
    """``then if condition else otherwise``."""

    then: Node
    condition: Node
    otherwise: Node


@dataclass(frozen=True)
class On(Node):
    """The value of an expression on one day; ``site`` as for a call."""

    operand: Node
    day: dt.date
    site: int = field(default=0, compare=False, kw_only=True, repr=False)


@dataclass(frozen=True)
class Aggregate(Node):
    """A summary over the days of a world, from one day to another, both included; ``site`` as for a call."""

    function: str
    operand: Node
    first: dt.date | None = None
    last: dt.date | None = None
    site: int = field(default=0, compare=False, kw_only=True, repr=False)


def implication(then: Node, condition: Node, place: Place = NOWHERE) -> Logical:
    """Return ``then if condition``: wherever the condition holds, the other holds too."""
    return Logical("or", (then, Unary("not", condition, place=place)), place=place, written="if")


def equivalence(left: Node, right: Node, place: Place = NOWHERE) -> Compare:
    """Return ``left iff right``: both hold, or neither."""
    return Compare(("==",), (left, right), place=place, written="iff")


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and every node below it, parents first."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        yield item
        waiting.extend(reversed(tuple(item.children())))


def names_in(node: Node) -> set[str]:
    """Return every name that the expression mentions, alternatives of options among them."""
    return {item.id for item in walk(node) if isinstance(item, Name)}
