"""Holds the kernel to the interpreter, one step from the kernel's own state at a time; run in a process of its own.

It prints one JSON object. ``python -m tests.dynamics.oracle --programs 1000`` needs ``JAX_ENABLE_X64=1``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from detente.dynamics import lowering
from detente.dynamics.buffers import Inputs, in_turn
from detente.dynamics.interpreter import Interpreter, Outside, Result
from detente.dynamics.kernel import Forced, Kernel, luck_keys
from detente.dynamics.plan import State, World
from detente.dynamics.program import Program, build_program
from detente.scenario import Case, Draws, load
from tests.dynamics.programs import random_case, written
from tests.randomness.independent_generator import independent_uniform

DRAWS, REPLICATES, SEED = 3, 4, 11
CLOSE = 1e-9


@dataclass
class Report:
    """What a comparison found: ``excused`` are yes/no that differ where they hung on less than the tolerance."""

    programs: int = 0
    values: int = 0
    yes_no: int = 0
    excused: int = 0
    worst: float = 0.0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def forced_at_random(program: Program, seed: int) -> Forced:
    """Return choices known and imposed, flows followed and elements observed on some days."""
    dice = np.random.default_rng(seed)
    table = Forced.nothing(program)
    for column, name in enumerate(program.choices):
        option = program.elements.options.get(name)
        levels = len(option.alternatives) if option is not None and option.alternatives else 2
        for target, share in ((table.chosen, 0.2), (table.imposed, 0.1)):
            if dice.random() < 0.3:
                days = dice.random(program.days) < share
                if target is table.imposed or name in program.weighing:  # only what the case says may be told is told
                    target[days, column] = dice.integers(0, levels, days.sum())
    for table_of in (table.followed, table.observed):
        table_of[:10] = np.where(
            dice.random((10, table_of.shape[1])) < 0.5, dice.random((10, table_of.shape[1])), np.nan
        )
    return table


def trace(kernel: Kernel, inputs: Inputs) -> tuple[State, Any]:
    """Return the state of every world on every morning and the last evening, and every value of every day."""

    def run(inputs: Inputs) -> tuple[State, Any]:
        world = World(kernel.plan, inputs)
        begin = kernel.begin(world)

        def day(state: State, today: Any) -> Any:
            after, (series, _) = kernel.day(world, state, today)
            return after, (after, series)

        _, (states, series) = lax.scan(day, begin, kernel.days(world, inputs))
        return jax.tree.map(lambda first, rest: jnp.concatenate([first[None], rest]), begin, states), series

    def by_world(values: Any) -> Any:
        return in_turn(np.asarray(values).reshape(*values.shape[:-2], REPLICATES, DRAWS))

    return jax.tree.map(by_world, jax.jit(run)(inputs))  # type: ignore[no-any-return]


def by_name(program: Program, state: State) -> dict[tuple[str | int, ...], Any]:
    """Return the kernel's state under the interpreter's keys."""
    found: dict[tuple[str | int, ...], Any] = {("log_weight",): state.log_weight}
    found |= {("stock", stock.name): values for stock, values in zip(program.stocks, state.stocks, strict=True)}
    options = [name for step in program.order if (name := step.name) in program.elements.options]
    found |= {("option", name): values for name, values in zip(options, state.options, strict=True)}
    for key, values in state.memory.items():
        element, second, *rest = key.split("/")
        mark: tuple[str | int, ...] = (
            ("seen", element, *rest) if second == "before" else ("memory", element, int(second))
        )
        found[mark if second == "before" else (*mark, *map(int, rest))] = values
    for key, values in state.summaries.items():
        summary, second, *rest = key.split("/")
        if second != "value":
            found["summary", summary, int(second), *rest] = values
    return found


@dataclass
class Run:
    """The kernel's days of one case, and the interpreter's from the same mornings."""

    program: Program
    series: dict[str, Any]
    evenings: dict[tuple[str | int, ...], Any]
    oracle: Result


def run(case: Case, dtype: Any, seed: int) -> Run:
    program = build_program(case)
    names = [*(step.name for step in program.order), *(summary.name for summary in program.summaries)]
    kernel = Kernel(program, REPLICATES, names, dtype)
    drawn = Draws(case, SEED, program.parameters).take(np.arange(DRAWS, dtype=np.uint32))
    matrix = drawn.matrix(program.parameters, dtype)
    forced = forced_at_random(program, seed)
    inputs = kernel.inputs(matrix, luck_keys(program, SEED), drawn.numbers, forced)
    states, series = trace(kernel, inputs)
    every = by_name(program, states)
    mornings = {key: values[:-1].astype(np.float64 if values.dtype != bool else bool) for key, values in every.items()}
    step = np.arange(program.days)[:, None]
    draw, replicate = np.repeat(drawn.numbers, REPLICATES), np.tile(np.arange(REPLICATES), DRAWS)

    def luck(element: str, site: str) -> Any:
        on = np.zeros_like(step) if site == "held" else step
        return independent_uniform(element, site, SEED, draw, replicate, on, dtype).astype(np.float64)

    def columns(table: Any, labels: Any) -> dict[str, Any]:
        rounded = table.astype(dtype).astype(np.float64)
        return {label: rounded[:, column : column + 1] for column, label in enumerate(labels)}

    outside = Outside(
        columns(forced.chosen, program.choices), columns(forced.imposed, program.choices),
        columns(forced.followed, program.follows), columns(forced.observed, [name for name, _, _ in program.observed]),
    )  # fmt: skip
    numbers = {
        name: np.repeat(row.astype(np.float64), REPLICATES)
        for name, row in zip(program.parameters, matrix, strict=True)
    }
    oracle = Interpreter(program, numbers).day(mornings, step, luck, outside)
    by_series = dict(zip(names, series, strict=True))
    return Run(program, by_series, {key: values[1:] for key, values in every.items()}, oracle)


def program_of(name: str) -> str:
    """Return which of the programs side by side an element belongs to."""
    return name.split("_")[0].split(".")[0]


def pairs(found: Run) -> Iterator[tuple[str, str, Any, Any]]:
    """Yield what the two say: the program it belongs to, what it is, the kernel's and the interpreter's."""
    for name, values in found.series.items():
        yield program_of(name), name, values, found.oracle.values[name]
    for key, values in found.oracle.state.items():
        if key not in found.evenings:
            raise LookupError(f"the kernel keeps nothing for {key}")
        yield program_of(str(key[1])) if len(key) > 1 else "", str(key), found.evenings[key], values


def compare(found: Run, report: Report, close: float) -> None:
    """Add what one case showed to a report."""
    shape = next(iter(found.series.values())).shape
    near: dict[str, Any] = {"": np.full(shape, np.inf)}
    for name, distance in found.oracle.margins.items():
        for group in (program_of(name), ""):
            near[group] = np.minimum(near.get(group, np.inf), np.broadcast_to(distance, shape))
    for group, name, kernel, oracle in pairs(found):
        ours, theirs = np.asarray(kernel, np.float64), np.broadcast_to(np.asarray(oracle, np.float64), shape)
        yes_no = np.asarray(oracle).dtype == bool
        with np.errstate(invalid="ignore"):
            off = np.where(ours == theirs, 0.0, np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs)))
        differs = ~(off <= close)
        excused = differs & (near.get(group, np.full(shape, np.inf)) < close)
        report.values += ours.size
        report.yes_no += ours.size if yes_no else 0
        report.excused += int(excused.sum()) if yes_no else 0
        report.worst = max(report.worst, float(off[~differs].max(initial=0.0)))
        if np.isnan(ours).any():
            report.faults.append(f"{name}: the kernel gives NaN")
        if (differs & ~excused).any():
            day, world = (int(index[0]) for index in np.nonzero(differs & ~excused))
            text = f"{name} day {day} world {world}: {ours[day, world]!r} ≠ {theirs[day, world]!r}"
            report.faults.append(f"{text} ({found.program.method}, {int((differs & ~excused).sum())} places)")


def cases(count: int, together: int, first: int, smooth: bool, rule: str) -> Iterator[tuple[int, Case]]:
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + -(-count // together)):
            yield (
                seed,
                load(written({**random_case(seed, together, smooth=smooth), "rule": rule}, Path(folder) / str(seed))),
            )


def swapped(signs: str) -> None:
    """Exchange two operators in the kernel's table."""
    left, right = signs.split(",")
    table = lowering.OPERATORS
    table[left], table[right] = table[right], table[left]


def main(arguments: list[str]) -> Report:
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=int, default=50)
    parser.add_argument("--together", type=int, default=50)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--smooth", action="store_true")
    parser.add_argument("--single", action="store_true")
    parser.add_argument("--close", type=float, default=CLOSE)
    parser.add_argument("--swap")
    parser.add_argument("--rule", default="log_odds")
    options = parser.parse_args(arguments)
    if options.swap:
        swapped(options.swap)
    report, begun = Report(), time.perf_counter()
    random.seed(0)
    for seed, case in cases(options.programs, options.together, options.first, options.smooth, options.rule):
        compare(run(case, np.float32 if options.single else np.float64, seed), report, options.close)
        report.programs += options.together
    report.seconds = round(time.perf_counter() - begun, 1)
    return report


if __name__ == "__main__":
    outcome = asdict(main(sys.argv[1:]))
    outcome["faults"] = outcome["faults"][:20]
    print(json.dumps(outcome))
