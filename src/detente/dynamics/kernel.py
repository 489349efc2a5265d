"""The kernel: a program compiled once to a scan over days of elementwise code over a block of worlds.

A world is a draw of parameters and a replicate of luck. The kernel is a pure function of parameters, luck keys, draw
numbers and what is forced; every account, lever and design runs through the same compilation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from detente.dynamics.arrays import Array, Value
from detente.dynamics.buffers import ROWS, Buffers, Inputs, Outputs, own_lineage, put
from detente.dynamics.decisions import decide, log_chance_of_known
from detente.dynamics.delays import Lags, delays, initial_lags
from detente.dynamics.executables import Executable
from detente.dynamics.plan import Plan, State, World, make_plan
from detente.dynamics.program import Program, Step
from detente.dynamics.snapshots import Snapshots
from detente.dynamics.summaries import SummaryMemory, initial_summaries
from detente.equations import unparse
from detente.randomness import chance, keys, uniform32, uniform64
from detente.runtime import compiling
from detente.scenario import Equation, OptionElement, ShockElement

__all__ = ["Forced", "Inputs", "Kernel", "Outputs", "luck_keys"]


@dataclass(frozen=True)
class Forced:
    """What is set from outside, by day; NaN where nothing is.

    Parameters
    ----------
    chosen
        Choices that the record says were taken, ``[days, choices]``: they weight the world.
    imposed
        Choices that a lever sets, ``[days, choices]``: they do not.
    followed
        Flows that the record gives, ``[days, follows]``.
    observed
        Elements that the record observes with an error, ``[days, observed]``.
    """

    chosen: NDArray[np.float64]
    imposed: NDArray[np.float64]
    followed: NDArray[np.float64]
    observed: NDArray[np.float64]

    @staticmethod
    def nothing(program: Program) -> Forced:
        """Return a table in which nothing is forced."""
        columns = (len(program.choices), len(program.choices), len(program.follows), len(program.observed))
        return Forced(*(np.full((program.days, count), np.nan) for count in columns))

    def in_bytes(self, day: int | None = None) -> bytes:
        """Return all that is set, up to the end of a day or on all days, to compare it."""
        tables = (self.chosen, self.imposed, self.followed, self.observed)
        return b"".join(table[: None if day is None else day + 1].tobytes() for table in tables)


class Today(NamedTuple):
    """What one day takes: its number, whose luck each world has, and what is forced."""

    step: Array
    lineage: Array
    chosen: Array
    imposed: Array
    followed: Array
    observed: Array


def luck_keys(program: Program, seed: int) -> NDArray[np.uint32]:
    """Return the key of every place that draws, ``[sites, 2]``."""
    return keys([("luck", name, site) for name, site in program.sites], seed)


class Kernel:
    """A program compiled for blocks of worlds.

    Parameters
    ----------
    program
        The ordered equations.
    replicates
        Worlds per draw.
    series
        Names of elements and summaries whose value on every day is given back.
    dtype
        ``float32`` or ``float64``.
    """

    def __init__(
        self,
        program: Program,
        replicates: int,
        series: Sequence[str] = (),
        dtype: type[np.floating] = np.float32,
    ) -> None:
        compiling()  # before anything here makes an array, which has XLA read its settings
        self.plan = make_plan(program, series, dtype)
        self.program, self.replicates, self.dtype = program, replicates, dtype
        self.series, self.places = self.plan.series, self.plan.places
        self.snapshots = Snapshots(self.plan)
        # The arrays written to are handed in, so that the same memory serves one block after the other.
        self.compiled = Executable(self._through_all_days, self._made_from(), donated=[1])

    def _made_from(self) -> list[str]:
        """Return what the compiled days depend on: the case, the order in which it names things, and what is asked."""
        program = self.program
        steps = [f"{step.name}" for step in (*program.order, *program.stocks)]
        asked = [f"{one.name} {one.role} {one.kind.name} {unparse(one.node)}" for one in program.summaries]
        named = [*program.parameters, *program.choices, *program.follows, *self.plan.odds, *map(str, program.observed)]
        named += ["own", *sorted(program.own_values)] if program.own_values else []
        looked_at = [*self.series, "", *self.snapshots.recorded, *map(str, self.snapshots.days)]
        return [
            "\n".join(part)
            for part in ([program.case_hash, str(program.as_of), self.dtype.__name__], steps, asked, named, looked_at)
        ]

    def inputs(
        self,
        parameters: NDArray[np.floating],
        luck: NDArray[np.uint32],
        draws: NDArray[np.uint32],
        forced: Forced,
        replicates: int | None = None,
        lineage: NDArray[np.uint32] | None = None,
    ) -> Inputs:
        """Bring what a call takes to the kernel's precision and order.

        Parameters
        ----------
        parameters
            ``[parameters, draws]``, each in the unit in which the case reckons it.
        luck
            The keys of the sites that draw, ``[sites, 2]``.
        draws
            The draws' numbers, ``[draws]``.
        forced
            What is set from outside, by day.
        replicates
            Worlds per draw, where they are not the kernel's.
        lineage
            The replicate whose luck each world has on each day, ``[days, replicates, draws]``, where not its own.

        Returns
        -------
        Inputs
            Worlds stand in ``[rows, columns]``, those of a column being of one draw.
        """
        each = replicates or self.replicates
        rows = math.gcd(each, ROWS)
        tables = (forced.chosen, forced.imposed, forced.followed, forced.observed)
        given = (np.asarray(table, self.dtype) for table in tables)
        drawn = np.asarray(parameters, self.dtype)
        at = {name: row for row, name in enumerate(self.program.parameters)}
        # Logarithms of odds are taken once for each draw, not each day in each world.
        odds = [drawn[at[name]] if name in at else self.odds_exactly(name, len(draws)) for name in self.plan.odds]
        log_odds = np.log(np.stack(odds)) if odds else np.zeros((0, len(draws)), self.dtype)
        wide = each // rows
        return Inputs(
            tuple(np.tile(drawn, (1, wide))),
            tuple(np.tile(log_odds, (1, wide))),
            luck,
            np.tile(np.asarray(draws, np.uint32), wide),
            own_lineage(self.program.days, each, len(draws))
            if lineage is None
            else np.ascontiguousarray(lineage, np.uint32).reshape(self.program.days, rows, -1),
            *given,
        )

    def odds_exactly(self, name: str, draws: int) -> NDArray[np.floating]:
        """Return odds that are one exact number, for every draw."""
        return np.full(draws, self.program.exact[name], self.dtype)

    # ---- one call -------------------------------------------------------------------------------------------------

    def empty(self, inputs: Inputs) -> Buffers:
        """Return arrays to write a block's days to."""
        (days, *shape) = inputs.lineage.shape
        truths = sum(truth for truth, _ in self.places)
        looked_at, numbers, yes_no = self.snapshots.shape
        return Buffers(
            np.empty((days, len(self.places) - truths, *shape), self.dtype),
            np.empty((days, truths, *shape), bool),
            np.empty((looked_at, numbers, *shape), self.dtype),
            np.empty((looked_at, yes_no, *shape), bool),
        )

    def run(self, inputs: Inputs, kept: Buffers | None = None, replicates: int | None = None) -> Outputs:
        """Run a block of worlds; what an earlier block of the same shape was written to may be given to write to.

        ``replicates`` says how many worlds a draw has, where they are not the kernel's.
        """
        kept, last, log_weight = self.compiled(inputs.lineage.shape, inputs, kept or self.empty(inputs))
        found = self.snapshots.answers(kept.recorded_numbers, kept.recorded_truths, inputs.parameters)
        found |= {summary.name: value for summary, value in zip(self.plan.nightly, np.asarray(last), strict=True)}
        answers = np.empty((len(self.program.summaries), *log_weight.shape), self.dtype)
        for row, summary in enumerate(self.program.summaries):
            answers[row] = found[summary.name]
            if summary.kind.name == "number":  # only a day may be infinite, and means never
                answers[row][np.isinf(answers[row])] = np.nan
        weights = np.asarray(log_weight).reshape(replicates or self.replicates, -1)
        return Outputs(kept, answers.reshape(len(answers), *weights.shape), weights, self.places)

    def _through_all_days(self, inputs: Inputs, kept: Buffers) -> tuple[Buffers, Array, Value]:
        """Carry a block of worlds through all days: what is written down, the last evening's summaries, log weights."""
        world = World(self.plan, inputs)

        def one_day(held: tuple[State, Buffers], today: Today) -> tuple[tuple[State, Buffers], None]:
            state, (series, records) = self.day(world, held[0], today)
            return (state, self.written(held[1], today.step, series, records)), None

        (state, kept), _ = lax.scan(one_day, (self.begin(world), kept), self.days(world, inputs))
        evening = dict(state.summaries)
        for name, (truth, place) in zip(self.series, self.places, strict=True):
            evening[f"{name}/value"] = (kept.truths if truth else kept.numbers)[-1, place]
        last = [evening[f"{summary.name}/value"].astype(self.dtype) for summary in self.plan.nightly]
        return kept, jnp.stack(last) if last else jnp.zeros((0, *world.shape), self.dtype), state.log_weight

    def written(self, kept: Buffers, step: Array, series: tuple[Value, ...], records: dict[str, Value]) -> Buffers:
        """Write a day down: its series, and its records if anything looks at this day."""
        slot = jnp.asarray(self.snapshots.slots)[step]
        looked_at = [records[name] for name in self.snapshots.recorded]

        def single(tables: tuple[Array, Array]) -> tuple[Array, Array]:
            return put(tables, looked_at, tuple(self.snapshots.places.values()), slot)

        return Buffers(
            *put((kept.numbers, kept.truths), series, self.places, step),
            *lax.cond(slot >= 0, single, lambda tables: tables, (kept.recorded_numbers, kept.recorded_truths)),
        )

    def begin(self, world: World) -> State:
        """Return the state of every world before the first day."""
        program = self.program

        def full(value: Value | int) -> Array:
            return jnp.broadcast_to(jnp.asarray(value, self.dtype), world.shape)

        options = tuple(
            jnp.full(world.shape, bool(option.start)) if not option.alternatives else full(option.start)
            for option in world.options
        )
        stocks = tuple(full(world.numbers[stock.start]) for stock in program.stocks)
        memory = initial_lags(self.plan, world)
        return State(stocks, options, memory, initial_summaries(self.plan, world), full(0))

    def days(self, world: World, inputs: Inputs) -> Today:
        """Return what each day takes: its number, whose luck each world has on it, and what is forced on it."""
        steps = jnp.arange(self.program.days, dtype=jnp.int32)
        return Today(steps, inputs.lineage, inputs.chosen, inputs.imposed, inputs.followed, inputs.observed)

    def luck(self, world: World, lineage: Array, step: Array) -> Array:
        """Return the uniform number of every site on a day, ``[sites, rows, columns]``."""
        uniform = uniform32 if self.dtype is np.float32 else uniform64
        first, second = world.keys[:, :1, None], world.keys[:, 1:, None]
        day = step.astype(jnp.uint32)
        if self.plan.held_sites.any():
            # What is held through a world is the luck that it had on the first day, whatever befell it since.
            day = jnp.where(self.plan.held_sites, jnp.uint32(0), day)
            lineage = jnp.where(self.plan.held_sites, world.first_lineage, lineage)
        found: Array = walled(step, lambda: uniform(first, second, world.draw, lineage, day, jnp))
        return found

    def day(self, world: World, state: State, today: Today) -> tuple[State, tuple[tuple[Array, ...], dict[str, Value]]]:
        """Carry every world through one day; return its state in the evening, the series and the records of the day.

        Series and records are kept apart, one array each: stacked here, they would be filled element by element.
        """
        day = _Day(self.plan, world, state, today, self.luck(world, today.lineage, today.step))
        day.compute()
        stocks, memory = day.integrate()
        names = {**day.names, **{stock.name: value for stock, value in zip(self.program.stocks, stocks, strict=True)}}
        summaries = SummaryMemory(self.plan, world, state.summaries, today.step, names)
        names = summaries.compute()
        log_weight = state.log_weight + day.log_weight
        for position, (measure, name, error) in enumerate(self.program.observed):
            seen, sd = today.observed[position], world.numbers[error]
            held = day.own[name] if measure in self.program.own_values else names[name]
            off = (held.astype(self.dtype) - seen) / sd
            # Between draws an error that is not known must pay for its width, or the widest would seem the likeliest.
            log_weight = log_weight - jnp.where(jnp.isnan(seen), self.dtype(0), off * off / 2 + jnp.log(sd))
        series = tuple(jnp.broadcast_to(names[name], world.shape) for name in self.series)
        options = tuple(cast(Array, day.names[option.name]) for option in world.options)
        evening = State(stocks, options, memory, summaries.state, log_weight)
        return evening, (series, self.snapshots.record(names, world))


def walled(step: Array, compute: Callable[[], Any]) -> Any:
    """Return what a function gives, computed once and kept.

    The condition always holds. It is a wall: the compiler would otherwise draw what is read in several places into the
    loops of its readers, which takes longer to compile.
    """
    shapes = jax.eval_shape(compute)
    return lax.cond(step >= 0, compute, lambda: jax.tree.map(lambda one: jnp.zeros(one.shape, one.dtype), shapes))


class _Day:
    """One day of every world in the block."""

    def __init__(self, plan: Plan, world: World, state: State, today: Today, luck: Array) -> None:
        program = plan.program
        self.plan, self.world, self.state, self.step = plan, world, state, today.step
        self.chosen = dict(zip(program.choices, today.chosen, strict=True))
        self.imposed = dict(zip(program.choices, today.imposed, strict=True))
        forced = jnp.where(jnp.isnan(today.imposed), today.chosen, today.imposed)  # a lever goes before the record
        self.forced = dict(zip(program.choices, forced, strict=True))
        self.followed = dict(zip(program.follows, today.followed, strict=True))
        self.before = {option.name: value for option, value in zip(world.options, state.options, strict=True)}
        self.log_weight: Value = plan.dtype(0)
        self.own: dict[str, Value] = {}
        self.stocks = {stock.name: value for stock, value in zip(program.stocks, state.stocks, strict=True)}
        self.names: dict[str, Value] = {**world.numbers, **self.stocks}
        self.memory = Lags(plan, world, state.memory, today.step, luck)

    def compute(self) -> None:
        """Compute shocks, decisions and variables with the stocks of the morning."""
        self.names, memory = dict(self.names), self.memory
        for step in self.plan.program.order:
            self.names[step.name] = self.element(step, self.names, memory)
        for stock in self.plan.program.stocks:
            memory.enter(stock.name)
            self.names[f"{stock.name}/change"] = self.plan.lowering.value(stock.change, self.names, memory)
        memory.look_back(self.names)
        for worlds in memory.refused:  # a world whose chances cannot be is none: it has no weight
            self.log_weight = jnp.where(worlds, self.plan.dtype(jnp.nan), self.log_weight)

    def element(self, step: Step, names: dict[str, Value], memory: Lags) -> Value:
        memory.enter(step.name)
        if isinstance(step, Equation):
            value = self.plan.lowering.value(step.node, names, memory, step.kind.alternatives)
            if step.name in self.followed:
                known = self.followed[step.name]
                self.own.setdefault(step.name, value)  # the morning's: what the record says is of the whole day
                value = jnp.where(jnp.isnan(known), value, known.astype(value.dtype))
            return value
        if isinstance(step, ShockElement):
            return self.shock(step, names, memory)
        return self.option(step, names, memory)

    def shock(self, step: ShockElement, names: dict[str, Value], memory: Lags) -> Value:
        possible = self.plan.lowering.value(step.when, names, memory)
        p = names[step.chance]
        happens = jnp.logical_and(possible, chance(memory.luck_of("choice"), p, jnp))
        known, forced = self.chosen[step.name], self.forced[step.name]
        if step.name in self.plan.program.weighing:
            of_known = jnp.asarray(jnp.where(known > 0, p, 1 - p), self.plan.dtype)
            weight = log_chance_of_known(known, self.imposed[step.name], possible, of_known, known == 0)
            self.log_weight = self.log_weight + weight
        return jnp.where(jnp.isnan(forced), happens, forced > 0)

    def option(self, step: OptionElement, names: dict[str, Value], memory: Lags) -> Value:
        before = self.before[step.name]
        value: Value = before
        weight: Value | None = None
        if step.equation is not None:
            value = self.plan.lowering.value(step.equation, names, memory, step.alternatives)
        elif step.decision is not None:
            told = self.chosen[step.name], self.imposed[step.name]
            value, weight = decide(self.plan, step, before, names, memory, *told)
        if weight is not None and step.name in self.plan.program.weighing:
            self.log_weight = self.log_weight + weight
        forced = self.forced[step.name]
        value = jnp.where(jnp.isnan(forced), value, forced if step.alternatives else forced > 0)
        return jnp.broadcast_to(value, self.world.shape)

    # ---- integration ----------------------------------------------------------------------------------------------

    def integrate(self) -> tuple[tuple[Value, ...], dict[str, Value]]:
        """Move stocks and delays over the day, with choices and luck held."""
        program = self.plan.program
        morning = {name: self.stocks[name] for name in self.stocks}
        level = {**morning, **self.memory.levels}
        slope = {**{name: self.names[f"{name}/change"] for name in morning}, **self.memory.slopes}
        parts = program.substeps
        dt = self.plan.dtype(1 / parts)
        for part in range(parts):
            first = slope if part == 0 else self.slopes(level)
            if program.method == "rk4":
                level = self.runge_kutta(level, first, dt)
            else:
                level = {name: value + dt * first[name] for name, value in level.items()}
        stocks = tuple(jnp.broadcast_to(level[name], self.world.shape) for name in morning)
        return stocks, self.memory.carried(level)

    def runge_kutta(self, level: dict[str, Value], first: dict[str, Value], dt: Value) -> dict[str, Value]:
        half = self.plan.dtype(0.5)
        second = self.slopes({name: value + half * dt * first[name] for name, value in level.items()})
        third = self.slopes({name: value + half * dt * second[name] for name, value in level.items()})
        fourth = self.slopes({name: value + dt * third[name] for name, value in level.items()})
        sixth = self.plan.dtype(1 / 6)
        return {
            name: value + dt * sixth * (first[name] + 2 * second[name] + 2 * third[name] + fourth[name])
            for name, value in level.items()
        }

    def slopes(self, level: dict[str, Value]) -> dict[str, Value]:
        """Return the change per day of every stock and delay at other levels, what is held staying as it is."""
        program = self.plan.program
        names = {**self.world.numbers, **{name: level[name] for name in self.stocks}}
        memory = self.memory.at(level)
        for step in program.order:
            if step.name in program.held:
                memory.enter(step.name)
                for call in delays(step):  # they move on, though what they enter into is held
                    self.plan.lowering.value(call, names, memory)
                names[step.name] = self.names[step.name]
            else:
                names[step.name] = self.element(step, names, memory)
        found = {}
        for stock in program.stocks:
            memory.enter(stock.name)
            found[stock.name] = self.plan.lowering.value(stock.change, names, memory)
        memory.look_back(names)
        return {**found, **memory.slopes}
