"""Which way each element moves what reads it, found by moving it in states that the worlds went through.

An influence is looked at with everything else as it stood: the source goes in four steps from the low end of what it
was to its high end, and what comes of it is compared. Delays and what was yesterday pass their input through, so
that the sign is that of the settled influence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Program
from detente.dynamics.evaluator import DRAWS, Evaluator
from detente.dynamics.interpreter import Interpreter
from detente.equations import FUNCTIONS, Node, names_in
from detente.equations.syntax import Call, Name
from detente.scenario import Equation, OptionElement, ShockElement, StockElement
from detente.validation.result import Link
from detente.validation.structure import Element, Structure
from detente.validation.survey import States

__all__ = ["links_of"]

Array = Any
Sign = Literal["+", "-", "±", "0"]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Where in what a source was it is put, in shares of the states."""
ASIDE = 0.1
"""How far from a value that never moved a source is put, as a share of it."""
NEAR = 1e-9
"""A change, as a share of the larger value, that is rounding."""
WAITED = 10.0
"""Days since something, where it is not now: any number above 0 does."""


def links_of(structure: Structure, states: States) -> tuple[Link, ...]:
    """Return every influence of one element on another that reads it, or on itself, with its sign.

    Parameters
    ----------
    structure
        What reads what.
    states
        Moments at which influences are looked at; without any, every sign is ``±``.
    """
    looking = _Looking(structure.program, states) if states.values else None
    found = []
    for target, element in structure.elements.items():
        for source in sorted(structure.reads[target] & set(structure.elements)):
            sign: Sign = "±" if looking is None else looking.sign(source, element)
            delayed = isinstance(element, StockElement) or _only_remembered(source, element)
            found.append(Link(source, target, sign, delayed))
    return tuple(found)


def _only_remembered(source: str, element: Element) -> bool:
    """Whether an element reads another only as it was before."""
    return not any(source in _read_today(tree) for tree, _ in _parts(element))


def _read_today(node: Node) -> set[str]:
    if isinstance(node, Name):
        return {node.id}
    if isinstance(node, Call) and FUNCTIONS[node.function].kind == "memory":
        return set()
    return set().union(*(_read_today(child) for child in node.children())) if list(node.children()) else set()


@dataclass(frozen=True)
class _Pull:
    """By how much a part of an element counts: 1 for its value, the logarithm of its odds for a reason."""

    sign: int = 1
    odds: str = ""
    unsigned: bool = False


def _parts(element: Element) -> Iterator[tuple[Node, _Pull]]:
    """Yield the expressions of an element, and how each bears on its value."""
    if isinstance(element, StockElement):
        yield element.change, _Pull()
    elif isinstance(element, ShockElement):
        yield element.when, _Pull()
    elif isinstance(element, Equation):
        yield element.node, _Pull(unsigned=element.kind.name == "choice" and not element.kind.ordered)
    elif isinstance(element, OptionElement):
        unordered = bool(element.alternatives) and not element.ordered
        if element.equation is not None:
            yield element.equation, _Pull(unsigned=unordered)
        if element.decision is not None:
            for lean in element.decision.leans:
                yield lean.strength, _Pull(lean.sign * (-1 if lean.to == "down" else 1), lean.odds, unordered)
            if element.decision.when is not None:
                # That it comes up may turn it either way, but for what once done cannot be undone.
                only_up = element.lasting and not element.alternatives and not element.start
                yield element.decision.when, _Pull(unsigned=not only_up)


class _Looking:
    """Evaluates parts of elements in sampled states, one source moved at a time."""

    def __init__(self, program: Program, states: States) -> None:
        self.program, self.states = program, states
        self.interpreter = Interpreter(program, {name: states.values[name] for name in program.parameters})
        self.dice = np.random.default_rng(0)
        self.luck: dict[tuple[str, int], NDArray[np.float64]] = {}

    def sign(self, source: str, element: Element) -> Sign:
        """Return which way a source moves an element."""
        levels = self.levels(source)
        if levels is None:
            return "0"
        parts = [(node, pull) for node, pull in _parts(element) if source in names_in(node)]
        signed = [(node, pull) for node, pull in parts if not pull.unsigned]
        if not signed or self.unordered(source):
            return "±" if self.moves(parts, element, source, levels) else "0"
        changes = self.changes(signed, element, source, levels)
        if not changes.any():
            others = [(node, pull) for node, pull in parts if pull.unsigned]
            return "±" if self.moves(others, element, source, levels) else "0"
        if (changes >= 0).all():
            return "+"
        return "-" if (changes <= 0).all() else "±"

    def levels(self, source: str) -> list[Array] | None:
        """Return what a source is put at: yes and no, every rung, or ends and middle of what it went through."""
        option = self.program.elements.options.get(source)
        if self.program.gives_truth(source):
            return [np.bool_(False), np.bool_(True)]
        kind = self.program.elements.kinds.get(source)
        alternatives = option.alternatives if option is not None else kind.alternatives if kind is not None else ()
        if alternatives:
            return [float(position) for position in range(len(alternatives))]
        values = self.states.values[source]
        known = values[np.isfinite(values)]
        if not len(known):
            return None
        levels = [float(value) for value in np.quantile(known, LEVELS)]
        if levels[0] >= levels[-1]:
            levels = [float(known.min()), float(np.median(known)), float(known.max())]
        if levels[0] >= levels[-1]:  # it never moved: look a little to either side
            apart = ASIDE * abs(levels[0] or 1.0)
            levels = [levels[0] - apart, levels[0], levels[0] + apart]
        return levels

    def unordered(self, source: str) -> bool:
        """Whether a source is one of several alternatives without order."""
        kind = self.program.elements.kinds.get(source)
        return kind is not None and kind.name == "choice" and not kind.ordered

    def changes(
        self, parts: list[tuple[Node, _Pull]], element: Element, source: str, levels: list[Array]
    ) -> NDArray[np.float64]:
        """Return which way an element goes from each level of a source to the next, ``[steps, states]``: -1, 0, 1."""
        totals = []
        for level in levels:
            total: Array = 0.0
            for node, pull in parts:
                value = np.asarray(self.value(node, element, source, level), np.float64)
                if pull.odds:
                    odds = self.interpreter.numbers[pull.odds]
                    value = pull.sign * np.clip(value, 0.0, 1.0) * np.log(odds)
                total = total + value
            totals.append(np.broadcast_to(total, len(self.states.days)))
        rows = np.array(totals)
        change = np.diff(rows, axis=0)
        size = np.maximum(np.abs(rows[1:]), np.abs(rows[:-1]))
        with np.errstate(invalid="ignore"):
            change = np.where(np.isfinite(change) & (np.abs(change) > NEAR * size), np.sign(change), 0.0)
        return np.asarray(change)

    def moves(self, parts: list[tuple[Node, _Pull]], element: Element, source: str, levels: list[Array]) -> bool:
        """Whether a source moves any of some parts at all."""
        return any(bool(self.changes([(node, _Pull())], element, source, levels).any()) for node, _ in parts)

    def value(self, node: Node, element: Element, source: str, level: Array) -> Array:
        """Return an expression in every state, with one source at a level."""
        names = {**self.interpreter.numbers, **self.states.values}
        truths = {name for name in names if name in self.program.elements.kinds and self._is_truth(name)}
        names |= {name: names[name] > 0.5 for name in truths}
        reader = _Settled(self, names, {**names, source: level})
        reader.element = element.name
        alternatives: tuple[str, ...] = ()
        if isinstance(element, OptionElement) and node is element.equation:
            alternatives = element.alternatives
        elif isinstance(element, Equation):
            alternatives = element.kind.alternatives
        with np.errstate(all="ignore"):
            return reader.read(node, alternatives)

    def _is_truth(self, name: str) -> bool:
        kind = self.program.elements.kinds.get(name)
        return kind is not None and kind.name == "truth"

    def uniform(self, element: str, node: Call) -> NDArray[np.float64]:
        """Return the luck of an element's call in every state, the same however often it is read."""
        site = (element, node.site)
        if site not in self.luck:
            self.luck[site] = self.dice.uniform(size=len(self.states.days))
        return self.luck[site]


class _Settled(Evaluator):
    """Reads expressions as they stand when a state has lasted: delays give what enters them."""

    def __init__(self, looking: _Looking, untouched: Mapping[str, Array], names: dict[str, Array]) -> None:
        super().__init__(looking.program, looking.interpreter.alternatives, names, looking.states.days)
        self.looking, self.untouched = looking, untouched

    def near(self, left: Array, right: Array) -> None:
        """Leave margins alone."""

    def drawn(self, node: Call) -> Array:
        u = self.looking.uniform(self.element, node)
        arguments = [self.read(argument) for argument in node.arguments]
        return u < arguments[0] if node.function == "chance" else DRAWS[node.function](u, *arguments, np)

    def remembered(self, node: Call, among: tuple[str, ...]) -> Array:
        if node.function == "days_since":
            return np.where(self.read(node.arguments[0]), 0.0, WAITED)
        if node.function == "initial":
            now, self.names = self.names, dict(self.untouched)  # what was at the start is not moved by what is now
            try:
                return self.read(node.arguments[0], among)
            finally:
                self.names = now
        return self.read(node.arguments[0], self.choices(node) or among)
