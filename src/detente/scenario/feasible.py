"""Which combinations of options the rules allow: counted before any is built, and no other is ever built.

Options are settled one after the other. Half-settled combinations that leave the rules the same future are one node of
a layered graph, however many they are; counts run back through its layers, and the combinations are then read off it
without a single dead end. So a billion combinations are counted in milliseconds, and time and memory go with the
combinations that are allowed, not with those that could be written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.equations import Node, names_in, walk
from detente.equations.syntax import Compare, Conditional, Logical, Unary
from detente.scenario.three_valued import Reading

__all__ = ["MOST_BITS", "Feasible", "TangledError", "feasible"]

MOST_BITS = 62
"""Bits of a code beyond which combinations cannot be numbered."""
WIDEST = 2**20
"""Nodes of one layer beyond which rules count as too entangled."""
LAST_KEY = 2**62

Column = NDArray[np.int8]


class TangledError(ValueError):
    """Rules that tie so many options together that what they allow cannot be counted."""


@dataclass(frozen=True)
class Feasible:
    """The combinations that rules allow, as a layered graph.

    Parameters
    ----------
    order
        The positions of the options, in the order in which they are settled.
    places
        The worth of one step of each option in a code, in that order.
    following
        For each option settled, the node of the next layer that each alternative leads to, or -1, ``[nodes,
        alternatives]``.
    count
        How many combinations there are.
    """

    order: tuple[int, ...]
    places: tuple[int, ...]
    following: tuple[NDArray[np.int64], ...]
    count: int

    def codes(self) -> NDArray[np.int64]:
        """Return the code of every combination, ascending, ``[count]``."""
        if not self.count:
            return np.zeros(0, np.int64)
        nodes, codes = np.zeros(1, np.int64), np.zeros(1, np.int64)
        for place, following in zip(self.places, self.following, strict=True):
            target = following[nodes].ravel()
            codes = (codes[:, None] + np.arange(following.shape[1]) * place).ravel()
            kept = target >= 0
            nodes, codes = (target, codes) if kept.all() else (target[kept], codes[kept])
        return np.sort(codes)


def feasible(
    options: Sequence[str], alternatives: Sequence[Sequence[str]], sizes: Sequence[int], rules: Sequence[Node]
) -> Feasible:
    """Count the combinations of options that satisfy every rule.

    Parameters
    ----------
    options
        Their names.
    alternatives
        The words of each option's alternatives; empty for yes/no.
    sizes
        How many alternatives each has; together at most :data:`MOST_BITS` bits.
    rules
        Expressions over the options, each of which has to hold.

    Raises
    ------
    TangledError
        Where a layer would have more than :data:`WIDEST` nodes.
    """
    settling = _Settling(dict(zip(options, alternatives, strict=True)), rules)
    order = _order(options, settling.rules)
    places = np.cumprod((1, *sizes[:-1]), dtype=np.int64)
    layers = [settling.settle(options[k], sizes[k]) for k in order] if settling.possible() else []
    return _counted(order, tuple(int(places[k]) for k in order), layers, settling.width)


class _Settling:
    """The half-settled combinations of one layer, each kind once, while one option after the other is settled."""

    def __init__(self, alternatives: Mapping[str, Sequence[str]], rules: Sequence[Node]) -> None:
        self.alternatives = alternatives
        self.rules = [part for rule in rules for part in _conjuncts(rule)]
        self.names = [names_in(rule) & set(alternatives) for rule in self.rules]
        self.missing = set(alternatives)
        # Of what is settled, only what an unfinished rule still asks for is kept, and what it came to there.
        self.columns: dict[str, Column] = {}
        self.residues: dict[int, list[Column]] = {}
        self.width = 1

    def possible(self) -> bool:
        """Say whether the rules that name no option hold; if not, nothing can be."""
        bare = (rule for rule, names in zip(self.rules, self.names, strict=True) if not names)
        if all(Reading({}, self.alternatives).of(rule) == 1 for rule in bare):
            return True
        self.width = 0
        return False

    def settle(self, option: str, size: int) -> NDArray[np.int64]:
        """Settle one more option and return the node that each alternative leads to, or -1, ``[nodes, size]``."""
        rows = np.repeat(np.arange(self.width), size)
        columns = {name: column[rows] for name, column in self.columns.items()}
        columns[option] = np.tile(np.arange(size, dtype=np.int8), self.width)
        self.missing.discard(option)
        residues = {r: [column[rows] for column in kept] for r, kept in self.residues.items()}
        reading = Reading(columns, self.alternatives)
        alive = np.ones(len(rows), np.bool_)
        for r, names in enumerate(self.names):
            if option in names:
                alive &= reading.of(self.rules[r]) != 0
                residues[r] = [np.broadcast_to(part, alive.shape) for part in reading.residue(self.rules[r])]
        residues = {r: _telling(column[alive] for column in parts) for r, parts in residues.items()}
        first, node = _merged([column for parts in residues.values() for column in parts], int(alive.sum()))
        if len(first) > WIDEST:
            raise TangledError(f"more than {WIDEST:,} half-settled combinations are open at once")
        following = np.full((self.width, size), -1, np.int64)
        following[alive.reshape(self.width, size)] = node
        unfinished = {r for r in residues if self.names[r] & self.missing}
        self.residues = {r: [column[first] for column in residues[r]] for r in unfinished}
        needed = {name for r in unfinished for name in self.names[r]}
        self.columns = {name: column[alive][first] for name, column in columns.items() if name in needed}
        self.width = len(first)
        return following


def _counted(order: tuple[int, ...], places: tuple[int, ...], layers: list[NDArray[np.int64]], width: int) -> Feasible:
    """Count back through the layers and cut what leads nowhere."""
    ahead = np.ones(width, np.int64)
    cut: list[NDArray[np.int64]] = []
    for layer in reversed(layers):
        ways = np.where(layer >= 0, np.append(ahead, 0)[layer], 0)
        cut.append(np.where(ways > 0, layer, -1))
        ahead = ways.sum(axis=1)
    return Feasible(order, places, tuple(reversed(cut)), int(ahead.sum()))


def _conjuncts(node: Node, negated: bool = False) -> Iterator[Node]:
    """Yield the parts of a rule that each have to hold: what joins them with ``and`` is taken apart."""
    if isinstance(node, Unary) and node.operator == "not":
        yield from _conjuncts(node.operand, not negated)
    elif isinstance(node, Logical) and node.operator == ("or" if negated else "and"):
        for operand in node.operands:
            yield from _conjuncts(operand, negated)
    else:
        yield Unary("not", node, place=node.place) if negated else node


def _order(options: Sequence[str], rules: Sequence[Node]) -> tuple[int, ...]:
    """Put options that stand close together in rules next to one another, so that layers stay narrow.

    Each part of a rule pulls on the options still missing from it, the more the fewer they are, once one of its options
    is settled. An option that nothing pulls on begins a new group.
    """
    known = {name: k for k, name in enumerate(options)}
    groups = [
        {known[name] for name in names_in(part) if name in known}
        for rule in rules
        for part in walk(rule)
        if isinstance(part, Logical | Compare | Conditional)
    ]
    groups = [group for group in groups if len(group) > 1]
    at: list[list[int]] = [[] for _ in options]
    for g, group in enumerate(groups):
        for k in group:
            at[k].append(g)
    left = [len(group) for group in groups]
    order: list[int] = []
    waiting = set(range(len(options)))
    while waiting:
        pulls = {k: sum(1 / left[g] ** 2 for g in at[k] if left[g] < len(groups[g])) for k in waiting}
        best = min(waiting, key=lambda k: (-pulls[k], k))
        waiting.discard(best)
        order.append(best)
        for g in at[best]:
            left[g] -= 1
    return tuple(order)


def _telling(columns: Iterable[Column]) -> list[Column]:
    """Keep the columns that tell rows apart."""
    return [column for column in columns if len(column) and (column != column[0]).any()]


def _merged(columns: Sequence[Column], rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find equal rows: the first of each kind, and for each row its kind. Exact: no hash stands for a row."""
    key, span = np.zeros(rows, np.int64), 1
    for column in columns:
        digit = column.astype(np.int64) - int(column.min())
        radix = int(digit.max()) + 1
        if span > LAST_KEY // radix:
            kinds, key = np.unique(key, return_inverse=True)
            span = len(kinds)
        key = key * radix + digit
        span *= radix
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    return first.astype(np.int64), kind.astype(np.int64)
