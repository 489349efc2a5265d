"""What a kernel is compiled from, worked out once and frozen, and what its worlds carry from day to day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.arrays import Array, Value
from detente.dynamics.buffers import Inputs
from detente.dynamics.lowering import Lowering
from detente.dynamics.program import Program
from detente.equations import Node, names_in, walk
from detente.equations.sites import site_kind
from detente.equations.syntax import Name, On
from detente.scenario import Equation, OptionElement

__all__ = ["Plan", "State", "World", "looks_at_one_day", "make_plan", "part_of_day"]


@dataclass(frozen=True, eq=False)
class Plan:
    """All that is settled before the first world: whoever computes a part of a day reads it, and nothing else lives on.

    Parameters
    ----------
    program
        The ordered equations.
    series
        Names of elements and summaries whose value on every day is given back.
    dtype
        The precision, ``float32`` or ``float64``.
    lowering
        Turns the program's expressions into JAX's arrays.
    sites
        The row of each place that draws, in the order of the program's sites.
    held_sites
        Which of them take one uniform number for all days, ``[sites, 1, 1]``.
    odds
        The numbers by which reasons multiply odds, each once.
    nightly
        The summaries that are computed every evening: they remember, are counted or observed, or serve such.
    to_the_end
        Those of them that are not counted daily, and so are kept till the last evening.
    places
        For each series, whether it is a yes/no, and its place among its like.
    """

    program: Program
    series: tuple[str, ...]
    dtype: type[np.floating]
    lowering: Lowering
    sites: Mapping[tuple[str, str], int]
    held_sites: NDArray[np.bool_]
    odds: tuple[str, ...]
    nightly: tuple[Equation, ...]
    to_the_end: tuple[str, ...]
    places: tuple[tuple[bool, int], ...]


def make_plan(program: Program, series: Sequence[str] = (), dtype: type[np.floating] = np.float32) -> Plan:
    """Settle what a kernel is compiled from.

    Parameters
    ----------
    program
        The ordered equations.
    series
        Names of elements and summaries whose value on every day is given back.
    dtype
        ``float32`` or ``float64``.

    Returns
    -------
    Plan
        The same for the same arguments.
    """
    nightly = _nightly_summaries(program, series)
    return Plan(
        program=program,
        series=tuple(series),
        dtype=dtype,
        lowering=Lowering(program, dtype),
        sites={site: position for position, site in enumerate(program.sites)},
        held_sites=np.array([site == "held" for _, site in program.sites], np.bool_)[:, None, None],
        odds=tuple(sorted({lean.odds for decision in program.elements.decisions.values() for lean in decision.leans})),
        nightly=nightly,
        to_the_end=tuple(summary.name for summary in nightly if summary.name not in series),
        places=program.places_of(series),
    )


class State(NamedTuple):
    """What a world carries from day to day."""

    stocks: tuple[Value, ...]
    options: tuple[Array, ...]
    memory: dict[str, Value]
    summaries: dict[str, Value]
    log_weight: Value


class World:
    """What stays the same in a block of worlds through all days: parameters, exact numbers, numbers of the draws."""

    def __init__(self, plan: Plan, inputs: Inputs) -> None:
        program = plan.program
        self.shape = inputs.lineage.shape[1:]
        self.numbers: dict[str, Value] = {name: plan.dtype(value) for name, value in program.exact.items()}
        self.numbers.update(zip(program.parameters, inputs.parameters, strict=True))
        self.log_odds = dict(zip(plan.odds, inputs.log_odds, strict=True))
        self.draw, self.keys, self.first_lineage = inputs.draw, inputs.keys, inputs.lineage[0]
        self.options = [step for step in program.order if isinstance(step, OptionElement)]
        self.starts = {stock.name: self.numbers[stock.start] for stock in program.stocks}

    def start_of(self, node: Node) -> Value | None:
        """Return the start value of a stock, which is known without waiting for the first day; of all else None."""
        return self.starts.get(node.id) if isinstance(node, Name) else None


def part_of_day(summary: Equation) -> Node:
    """Return what a summary asks of its day."""
    return summary.node.operand if isinstance(summary.node, On) else summary.node


def looks_at_one_day(summary: Equation) -> bool:
    """Whether a summary needs only one day: ``x on DATE``, or its value when the last day is over."""
    return not _remembers(part_of_day(summary))


def _remembers(node: Node) -> bool:
    """Whether an expression keeps anything from day to day."""
    return any(site_kind(part) == "memory" for part in walk(node))


def _nightly_summaries(program: Program, series: Sequence[str]) -> tuple[Equation, ...]:
    """Return the summaries computed every evening: those that remember, are counted or observed, or serve these."""
    by_name = {summary.name: summary for summary in program.summaries}
    wanted = {name for name in (*series, *(element for _, element, _ in program.observed)) if name in by_name}
    wanted |= {summary.name for summary in program.summaries if not looks_at_one_day(summary)}
    left = list(wanted)
    while left:
        for name in names_in(by_name[left.pop()].node) & set(by_name):
            if name not in wanted:
                wanted.add(name)
                left.append(name)
    return tuple(summary for summary in program.summaries if summary.name in wanted)
