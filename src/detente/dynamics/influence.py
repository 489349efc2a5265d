"""What reaches what: the elements and numbers upstream of an expression, through equations, stocks and yesterdays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.dynamics.program import Program, trees
from detente.equations import Node, names_in

__all__ = ["Influences", "ancestors", "direct_influences", "upstream_of", "weighing_ancestors"]


class Influences(dict[str, set[str]]):
    """For each name, those that it depends on directly; whatever is upstream of one is worked out once.

    It is not changed after it was first asked.
    """

    def __init__(self, direct: Mapping[str, set[str]]) -> None:
        super().__init__(direct)
        self._upstream: dict[str, frozenset[str]] = {}

    def upstream(self, name: str) -> frozenset[str]:
        """Return everything that a name depends on, today or through any day before, itself included."""
        if name not in self._upstream:
            found: set[str] = set()
            left = [name]
            while left:
                one = left.pop()
                if one not in found:
                    held = self._upstream.get(one)
                    if held is None:
                        found.add(one)
                        left.extend(self.get(one, ()))
                    else:
                        found |= held
            self._upstream[name] = frozenset(found)
        return self._upstream[name]


def direct_influences(program: Program) -> Influences:
    """Return, for each element and measure, the names that its value depends on directly, today's or yesterday's."""
    elements = program.elements
    found: dict[str, set[str]] = {}
    for step in (*program.order, *program.stocks):
        names: set[str] = set()
        for tree in trees(step):
            names |= names_in(tree)
        found[step.name] = names
    for stock in elements.stocks.values():
        found[stock.name].add(stock.start)
    for shock in elements.shocks.values():
        found[shock.name].add(shock.chance)
    for name, decision in elements.decisions.items():
        found[name] |= {parameter for _, parameter in decision.usual} | {lean.odds for lean in decision.leans}
    for measure in elements.measures.values():
        found[measure.name] = names_in(measure.node)
    return Influences(found)


def ancestors(program: Program, node: Node, influences: Mapping[str, set[str]] | None = None) -> set[str]:
    """Return every element, measure, number and table that an expression's value can depend on."""
    direct = influences if influences is not None else direct_influences(program)
    known = set(direct) | set(program.elements.parameters) | set(program.tables)
    return upstream_of(names_in(node), direct) & known


def weighing_ancestors(program: Program, influences: Mapping[str, set[str]] | None = None) -> set[str]:
    """Return what is upstream of the weights: it reaches every answer, through which worlds fit what was known."""
    direct = influences if influences is not None else direct_influences(program)
    return upstream_of([*program.weighing, *(name for pair in program.observed for name in pair[1:])], direct)


def upstream_of(names: Iterable[str], direct: Mapping[str, Iterable[str]]) -> set[str]:
    """Return everything that some names depend on, today or through any day before, themselves included.

    Parameters
    ----------
    names
        From which to begin.
    direct
        For each name, those that it depends on directly.
    """
    if isinstance(direct, Influences):
        return set().union(*(direct.upstream(name) for name in names))
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(direct.get(name, ()))
    return found
