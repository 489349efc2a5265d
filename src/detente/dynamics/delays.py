"""What the expressions of a day keep for the next: delays and averages, yesterday's values, counts of days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import jax.numpy as jnp
import numpy as np

from detente.dynamics.arrays import Array, Value
from detente.dynamics.plan import Plan, World
from detente.dynamics.program import COMMON, Program, Step, calls_of, reads
from detente.equations import Node
from detente.equations.syntax import Aggregate, Call, Name, On
from detente.scenario import DecisionElement, OptionElement
from detente.scenario.ordering import calendar_changes

__all__ = ["Lags", "delays", "initial_lags", "watched"]

STAGES = {"smooth1": 1, "smooth3": 3, "delay1": 1, "delay3": 3}


class Lags:
    """What the elements of a day remember.

    Delays and averages are levels that move over the day like stocks; ``previous``, ``initial`` and ``days_since`` are
    kept whole.
    """

    def __init__(
        self, plan: Plan, world: World, kept: Mapping[str, Value], step: Array, luck: Array, *, within: bool = False
    ) -> None:
        self.plan, self.world, self.kept, self.step, self.luck = plan, world, kept, step, luck
        self.within = within
        self.levels: dict[str, Value] = {}
        self.slopes: dict[str, Value] = {}
        self.renewed: dict[str, Value] = {}
        self.looked_back: list[tuple[str, str, Node]] = []
        self.refused: list[Value] = []
        self.element = ""

    def at(self, level: Mapping[str, Value]) -> Lags:
        """Return the memory as it is within the day, delays and averages standing at other levels."""
        inner = Lags(self.plan, self.world, {**self.kept, **level}, self.step, self.luck, within=True)
        inner.renewed = dict(self.renewed)
        return inner

    def enter(self, element: str) -> None:
        """Begin a new element."""
        self.element = element

    def refuse(self, worlds: Value) -> None:
        """Note the worlds in which a chance lies outside 0 to 1."""
        self.refused.append(worlds)

    def uniform(self, call: Call) -> Array:
        """Return the uniform number of a drawing call."""
        return self.luck_of(str(call.site))

    def common_luck(self) -> Array:
        """Return the uniform number that all decisions of the day share."""
        return self.luck[self.plan.sites[COMMON]]

    def luck_of(self, site: str) -> Array:
        """Return the uniform number of a site of this element, ``[worlds]``."""
        return self.luck[self.plan.sites[(self.element, site)]]

    @property
    def first(self) -> Value:
        """Whether this is the first day."""
        return self.step == 0

    def recall(self, call: Call, arguments: list[Value]) -> Value:
        """Return the value of a remembering call, and note what it keeps."""
        key = f"{self.element}/{call.site}"
        if call.function in STAGES:
            return self._delayed(key, call.function, *arguments)
        if call.function == "days_since":
            if self.within:
                return self.renewed[key]
            self.renewed[key] = jnp.where(arguments[0], self.plan.dtype(0), self.kept[key] + 1)
            return self.renewed[key]
        if call.function == "previous":
            self.looked_back.append((self.element, key, call))
            return jnp.where(self.first, arguments[1], self.kept[key])
        start = self.world.start_of(call.arguments[0])
        if start is not None:
            return start
        if self.within:
            return self.renewed[key]
        self.renewed[key] = jnp.where(self.first, arguments[0], self.kept[key])
        return self.renewed[key]

    def look_back(self, names: Mapping[str, Value]) -> None:
        """Compute what ``previous`` will give tomorrow, when every element has its value of today."""
        for element, key, call in self.looked_back:  # it grows where one looks back on another
            self.enter(element)
            operand, among = next(call.children()), self.plan.program.alternatives(call)
            self.renewed[key] = self.plan.lowering.value(operand, names, self, among)

    def _delayed(self, key: str, function: str, x: Value, time: Value) -> Value:
        stages = STAGES[function]
        # What takes less time than a step takes a step.
        each = jnp.maximum(time / stages, self.plan.dtype(1 / self.plan.program.substeps))
        material = function.startswith("delay")
        x = jnp.asarray(x, self.plan.dtype)
        flow: Array = x
        for stage in range(stages):
            name = f"{key}/{stage}"
            level = cast(Array, self.kept[name])
            if not self.within:
                # In balance with the first input.
                level = jnp.where(self.first, x * each if material else x, level)
            self.levels[name] = level
            out = level / each if material else level
            self.slopes[name] = flow - out if material else (flow - out) / each
            flow = out
        return flow

    def summary(self, node: On | Aggregate, operand: Value) -> Value:
        """Refuse: only measures, questions and signs look over the days."""
        raise NotImplementedError(f"{self.element}: summaries over days belong in measures, questions and signs")

    def changed(self, decision: DecisionElement, names: Mapping[str, Value]) -> Value:
        """Return whether anything that a decision reads, the calendar too, differs from yesterday; never at first."""
        found: Value = np.bool_(False)
        for name in watched(self.plan.program, decision):
            key = f"{self.element}/before/{name}"
            found = jnp.logical_or(found, names[name] != self.kept[key])
            self.renewed[key] = jnp.broadcast_to(names[name], self.world.shape)
        moved = calendar_changes(decision)
        if moved is not None:
            found = jnp.logical_or(found, self.plan.lowering.value(moved, names, self))
        return jnp.logical_and(found, jnp.logical_not(self.first))

    def carried(self, level: Mapping[str, Value]) -> dict[str, Value]:
        """Return what is kept for tomorrow."""
        after: dict[str, Value] = {}
        for key, old in self.kept.items():
            value = level[key] if key in self.levels else self.renewed.get(key, old)
            after[key] = jnp.broadcast_to(jnp.asarray(value, old.dtype), self.world.shape)
        return after


def initial_lags(plan: Plan, world: World) -> dict[str, Value]:
    """Return what is kept before the first day; the first day itself sets what depends on its values."""
    found: dict[str, Value] = {}
    for element in (*plan.program.order, *plan.program.stocks):
        for call in calls_of(element, "memory"):
            key = f"{element.name}/{call.site}"
            if call.function in STAGES:
                for stage in range(STAGES[call.function]):
                    found[f"{key}/{stage}"] = jnp.zeros(world.shape, plan.dtype)
            elif call.function == "days_since":
                found[key] = jnp.full(world.shape, -1, plan.dtype)
            else:
                truth = call.function in ("previous", "initial") and plan.program.is_truth(call.arguments[0])
                found[key] = jnp.zeros(world.shape, bool if truth else plan.dtype)
        if isinstance(element, OptionElement) and element.decision is not None and element.decision.when is None:
            for name in watched(plan.program, element.decision):
                truth = plan.program.is_truth(Name(name))
                found[f"{element.name}/before/{name}"] = jnp.zeros(world.shape, bool if truth else plan.dtype)
    return found


def delays(step: Step) -> Iterator[Call]:
    """Yield the delays and averages in an element; their levels move within the day like stocks."""
    for call in calls_of(step, "memory"):
        if call.function in STAGES:
            yield call


def watched(program: Program, decision: DecisionElement) -> list[str]:
    """Return the elements that a decision without ``when`` watches: what its reasons read, save its own option."""
    found: set[str] = set()
    for lean in decision.leans:
        found |= reads(lean.strength)
    changing = {step.name for step in program.order} | {stock.name for stock in program.stocks}
    return sorted(found & changing - {decision.name})
