"""Answers that look at one day only: computed once, from what was recorded of that day, instead of every evening.

They are computed with NumPy: hundreds of small expressions would be most of what the compiler has to do, and next to
nothing of what a run has to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax.numpy as jnp
import numpy as np

from detente.dynamics.arrays import Value
from detente.dynamics.lowering import Lowering
from detente.dynamics.plan import Plan, World, part_of_day
from detente.equations import names_in
from detente.equations.syntax import Aggregate, Call, On
from detente.scenario import Equation

__all__ = ["Snapshots"]


class Snapshots:
    """The summaries of a program that look at one day.

    Parameters
    ----------
    plan
        Its program and precision are used; its nightly summaries are at hand on every day.
    """

    def __init__(self, plan: Plan) -> None:
        program = plan.program
        self.program, self.dtype = program, plan.dtype
        self.lowering = Lowering(program, plan.dtype, np)
        at_hand = {summary.name for summary in plan.nightly}
        self.summaries = tuple(summary for summary in program.summaries if summary.name not in at_hand)
        self.by_name = {summary.name: summary for summary in self.summaries}
        elements = {step.name for step in (*program.order, *program.stocks)} | at_hand
        read: set[str] = set()
        for summary in self.summaries:
            read |= names_in(summary.node)
        self.recorded = tuple(sorted(read & elements))
        self.places = dict(zip(self.recorded, program.places_of(self.recorded), strict=True))
        self.days = tuple(sorted({self.day_of(summary) for summary in self.summaries}))
        # The day's place among those that are looked at; -1 for all others.
        self.slots = np.full(program.days, -1, np.int32)
        self.slots[list(self.days)] = np.arange(len(self.days))
        self.numbers = tuple(sorted(read & {*program.parameters, *program.exact}))
        # What is asked of every block is looked up once.
        self.read_first = {summary.name: sorted(names_in(part_of_day(summary)) & set(self.by_name))
                           for summary in self.summaries}  # fmt: skip

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many days are looked at; how many numbers and how many yes/no are recorded of each."""
        truths = sum(truth for truth, _ in self.places.values())
        return len(self.days), len(self.places) - truths, truths

    def day_of(self, summary: Equation) -> int:
        """Return the day that a summary looks at."""
        return self.program.day_of(summary.node.day) if isinstance(summary.node, On) else self.program.days - 1

    def record(self, names: Mapping[str, Value], world: World) -> dict[str, Value]:
        """Return what is recorded of a day, by name."""
        return {name: jnp.broadcast_to(names[name], world.shape) for name in self.recorded}

    def answers(self, numbers: Value, truths: Value, parameters: Sequence[Value]) -> dict[str, Value]:
        """Return every summary's value, ``[rows, columns]``.

        Parameters
        ----------
        numbers, truths
            What was recorded, ``[days looked at, …, rows, columns]``.
        parameters
            The kernel's parameters, each ``[columns]``.
        """
        tables = {False: np.asarray(numbers), True: np.asarray(truths)}
        exact = self._numbers(parameters)
        days: dict[int, dict[str, Value]] = {}
        found = {}
        # Both arms of a condition are computed, as in the kernel: what the other arm makes of 0/0 is nobody's answer.
        with np.errstate(all="ignore"):
            for summary in self.summaries:
                day = self.day_of(summary)
                if day not in days:
                    at = self.slots[day]
                    recorded = {name: tables[truth][at, place] for name, (truth, place) in self.places.items()}
                    days[day] = exact | recorded
                found[summary.name] = self._value(summary, days[day], _Still(day))
        return found

    def _numbers(self, parameters: Sequence[Value]) -> dict[str, Value]:
        rows = {name: row for row, name in enumerate(self.program.parameters)}
        return {
            name: parameters[rows[name]] if name in rows else self.dtype(self.program.exact[name])
            for name in self.numbers
        }

    def _value(self, summary: Equation, names: dict[str, Value], still: _Still) -> Value:
        for name in self.read_first[summary.name]:
            if name not in names:
                names[name] = self._value(self.by_name[name], names, still)
        return self.lowering.value(part_of_day(summary), names, still, summary.kind.alternatives)


class _Still:
    """Memory for an expression that keeps nothing; only the number of its day is known."""

    def __init__(self, day: int) -> None:
        self.step = np.int32(day)

    def uniform(self, call: Call) -> Value:
        raise NotImplementedError("a snapshot draws nothing")

    def refuse(self, worlds: Value) -> None:
        raise NotImplementedError("a snapshot draws nothing")

    def recall(self, call: Call, arguments: list[Value]) -> Value:
        raise NotImplementedError("a snapshot remembers nothing")

    def summary(self, node: On | Aggregate, operand: Value) -> Value:
        raise NotImplementedError("a snapshot looks at one day")
