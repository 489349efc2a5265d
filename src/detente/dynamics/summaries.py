"""Measures, questions and signs: computed when a day is over, and what they keep from day to day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import jax.numpy as jnp
import numpy as np

from detente.dynamics.arrays import Array, Value
from detente.dynamics.plan import Plan, World
from detente.equations import walk
from detente.equations.sites import site_kind
from detente.equations.syntax import Aggregate, Call, On
from detente.scenario import Equation

__all__ = ["NEVER", "SummaryMemory", "initial_summaries"]

NEVER = np.inf
"""The answer of ``first_day`` where the day never came."""

EMPTY = {"ever": False, "always": True, "first_day": NEVER, "days": 0.0, "total": 0.0, "mean": 0.0, "peak": -np.inf}


def _kept_calls(summary: Equation) -> Iterator[tuple[str, Call | On | Aggregate]]:
    """Yield every part of a summary that keeps something, with its key, in the order they are written."""
    for node in walk(summary.node):
        if isinstance(node, Call | On | Aggregate) and site_kind(node) == "memory":
            yield f"{summary.name}/{node.site}", node


def initial_summaries(plan: Plan, world: World) -> dict[str, Value]:
    """Return what summaries keep before the first day."""
    found: dict[str, Value] = {}
    for summary in plan.nightly:
        truth = plan.program.is_truth(summary.node)
        if summary.name in plan.to_the_end:
            found[f"{summary.name}/value"] = jnp.zeros(world.shape, bool if truth else plan.dtype)
        for key, node in _kept_calls(summary):
            match node:
                case Aggregate():
                    found[key] = jnp.full(world.shape, EMPTY[node.function])
                    if node.function not in ("ever", "always"):
                        found[key] = found[key].astype(plan.dtype)
                    if node.function == "mean":
                        found[f"{key}/days"] = jnp.zeros(world.shape, plan.dtype)
                case Call(function="days_since"):
                    found[key] = jnp.full(world.shape, -1, plan.dtype)
                case On(operand=operand) | Call(arguments=(operand, *_)):
                    found[key] = jnp.zeros(world.shape, bool if plan.program.is_truth(operand) else plan.dtype)
    return found


class SummaryMemory:
    """One evening: what happened on the day enters every summary.

    Parameters
    ----------
    plan, world
        What is settled before the first day.
    kept
        What summaries keep from the evenings before.
    step
        The number of the day.
    names
        Every element's value on the day, stocks at its end.
    """

    def __init__(
        self, plan: Plan, world: World, kept: Mapping[str, Value], step: Array, names: Mapping[str, Value]
    ) -> None:
        self.plan, self.world, self.kept, self.step = plan, world, kept, step
        self.names: dict[str, Value] = dict(names)
        self.state: dict[str, Value] = {}
        self.summary_name = ""

    def compute(self) -> dict[str, Value]:
        """Return the names with the running value of every summary among them."""
        for summary in self.plan.nightly:
            self.summary_name = summary.name
            value = self.plan.lowering.value(summary.node, self.names, self, summary.kind.alternatives)
            self.names[summary.name] = value
            if summary.name in self.plan.to_the_end:
                self._keep(f"{summary.name}/value", value)
        return self.names

    def _keep(self, key: str, value: Value) -> Value:
        old = self.kept[key]
        self.state[key] = jnp.broadcast_to(jnp.asarray(value, old.dtype), self.world.shape)
        return self.state[key]

    def uniform(self, call: Call) -> Value:
        """Refuse: a summary looks on and takes no luck."""
        raise NotImplementedError(f"{self.summary_name}: a summary must not draw")

    def refuse(self, worlds: Value) -> None:
        """Refuse: a summary looks on and takes no luck."""
        raise NotImplementedError(f"{self.summary_name}: a summary must not draw")

    def recall(self, call: Call, arguments: list[Value]) -> Value:
        """Return the value of ``previous``, ``initial`` or ``days_since`` in a summary."""
        key = f"{self.summary_name}/{call.site}"
        first = self.step == 0
        if call.function == "days_since":
            return self._keep(key, jnp.where(arguments[0], self.plan.dtype(0), self.kept[key] + 1))
        if call.function == "previous":
            value = jnp.where(first, arguments[1], self.kept[key])
            among = self.plan.program.alternatives(call)
            self._keep(key, self.plan.lowering.value(call.arguments[0], self.names, self, among))
            return value
        start = self.world.start_of(call.arguments[0])
        if start is not None:
            self._keep(key, start)
            return start
        return self._keep(key, jnp.where(first, arguments[0], self.kept[key]))

    def summary(self, node: On | Aggregate, operand: Value) -> Value:
        """Return the running value of a summary over days."""
        key = f"{self.summary_name}/{node.site}"
        kept = self.kept[key]
        if isinstance(node, On):
            return self._keep(key, jnp.where(self.step == self.plan.program.day_of(node.day), operand, kept))
        within = self._within(node.first, node.last)
        if node.function == "mean":
            return self._mean(key, operand, kept, within)
        advanced = self._keep(key, self._advanced(node.function, operand, kept, within))
        # Before the first day that counts there is no highest value yet.
        return jnp.where(jnp.isneginf(advanced), 0, advanced) if node.function == "peak" else advanced

    def _within(self, first: dt.date | None, last: dt.date | None) -> Value:
        inside: Value = jnp.asarray(True)
        if first is not None:
            inside = jnp.logical_and(inside, self.step >= self.plan.program.day_of(first))
        if last is not None:
            inside = jnp.logical_and(inside, self.step <= self.plan.program.day_of(last))
        return inside

    def _advanced(self, function: str, x: Value, kept: Value, within: Value) -> Value:
        dtype = self.plan.dtype
        if function == "ever":
            return jnp.logical_or(kept, jnp.logical_and(x, within))
        if function == "always":
            return jnp.logical_and(kept, jnp.logical_or(x, jnp.logical_not(within)))
        if function == "first_day":
            comes = jnp.logical_and(jnp.logical_and(x, within), jnp.isinf(kept))
            return jnp.where(comes, self.step.astype(dtype), kept)
        if function == "days":
            return kept + jnp.logical_and(x, within)
        if function == "total":
            return kept + jnp.where(within, jnp.asarray(x, dtype), dtype(0))
        return jnp.where(within, jnp.maximum(kept, x), kept)

    def _mean(self, key: str, x: Value, kept: Value, within: Value) -> Value:
        dtype = self.plan.dtype
        total = self._keep(key, kept + jnp.where(within, jnp.asarray(x, dtype), dtype(0)))
        days = self._keep(f"{key}/days", self.kept[f"{key}/days"] + jnp.where(within, dtype(1), dtype(0)))
        return total / jnp.maximum(days, 1)
