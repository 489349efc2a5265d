"""Exact derivatives of smooth answers: how each moves with every number, carried through all days of the kernel.

An answer is smooth where nothing upstream of it is a matter of luck: no decision, shock or draw. Where there is one, a
derivative with the choices held as they happened to fall would be another thing than how the answer moves, and none is
given. What remains may still have edges (``min``, ``max``, ``abs``, ``clip``, ``share``, ``if``): the derivative is
that of the side on which the point lies; whether a point lies on an edge is for the caller to try.

References
----------
A. Griewank, A. Walther, "Evaluating Derivatives", SIAM (2008).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from detente.dynamics.answers import position_of
from detente.dynamics.arrays import Array
from detente.dynamics.influence import ancestors, direct_influences
from detente.dynamics.kernel import Forced, Inputs, Kernel, luck_keys
from detente.dynamics.plan import World
from detente.dynamics.program import Program, takes_few_values
from detente.runtime import compiling

__all__ = ["Obstacle", "Slopes", "obstacle", "slopes"]

Obstacle = Literal["steps", "decisions", "shocks", "draws"]
REVERSE_COST = 4
"""How many forward passes one backward pass is worth, the days that it has to remember counted."""


@dataclass(frozen=True)
class Slopes:
    """Answers and their derivatives at some points.

    Parameters
    ----------
    names
        The numbers derived by: those from which some of the answers can be reached.
    values
        ``[answers, points]``.
    derivatives
        In the answer's unit for one unit of the number, ``[answers, numbers, points]``.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    derivatives: NDArray[np.float64]


def obstacle(program: Program, name: str) -> Obstacle | None:
    """Return why a question or measure has no derivative: what upstream of it jumps; None where it is smooth."""
    summary = program.summaries[position_of(program, name)]
    if summary.kind.name != "number" or takes_few_values(program, summary.node):
        return "steps"
    upstream = ancestors(program, summary.node)
    if any(decision in upstream for decision in program.elements.decisions):
        return "decisions"
    if any(shock in upstream for shock in program.elements.shocks):
        return "shocks"
    return "draws" if any(element in upstream for element, _ in program.sites) else None


def slopes(
    program: Program,
    names: Sequence[str],
    parameters: NDArray[np.float64],
    forced: Forced,
    dtype: type[np.floating] = np.float32,
    forward: bool | None = None,
) -> Slopes:
    """Return smooth answers and their derivatives with respect to every number upstream of them.

    1. What is not upstream of the answers is left out of the days.
    2. One forward pass gives the derivatives of all answers by one number, one backward pass those of one answer by all
       numbers; each does so at all points. Whichever is cheaper is taken.
    3. A backward pass meets 0 times infinity where the arm of a condition that is not taken has no derivative; then the
       forward pass, which follows the arm that is taken, is taken instead.

    Parameters
    ----------
    program
        The equations.
    names
        Questions and measures without an :func:`obstacle`.
    parameters
        The points, in the order of the program's parameters, ``[parameters, points]``.
    forced
        What the record sets.
    dtype
        The kernel's precision.
    forward
        Which of the two passes to take, instead of the cheaper.

    References
    ----------
    Griewank and Walther (2008), chapters 3 and 4.
    """
    upstream = _upstream(program, names)
    part = _only(program, names, upstream)
    kernel = Kernel(part, 1, tuple(names), dtype)
    inputs = kernel.inputs(parameters, luck_keys(part, 0), np.zeros(parameters.shape[1], np.uint32), forced)
    wanted = tuple(name for name in program.parameters if name in upstream)
    rows = np.array([program.parameters.index(name) for name in wanted], np.intp)

    def answers(matrix: Array) -> Array:
        return _evening(kernel, inputs, matrix)

    with jax.enable_x64(dtype is np.float64):
        point = jnp.asarray(parameters, dtype)
        values = np.asarray(_compiled(answers)(point), np.float64)
        if forward is None:
            forward = len(wanted) <= REVERSE_COST * len(names)
        found = _forward(answers, point, rows) if forward else _backward(answers, point, len(names))[:, rows]
        if not forward and not np.isfinite(found).all():
            found = _forward(answers, point, rows)
    return Slopes(wanted, values, found)


def _compiled(function: Callable[..., Array]) -> Callable[..., Array]:
    """Return a function compiled with the settings that everything here is compiled with."""
    found: Callable[..., Array] = jax.jit(function, compiler_options=dict(compiling().options))
    return found


def _upstream(program: Program, names: Sequence[str]) -> set[str]:
    influences, found = direct_influences(program), set(names)
    for name in names:
        found |= ancestors(program, program.summaries[position_of(program, name)].node, influences)
    return found


def _only(program: Program, names: Sequence[str], upstream: set[str]) -> Program:
    """Return the program without what is not upstream of some answers."""
    wanted = upstream | set(names)
    return replace(
        program,
        stocks=tuple(stock for stock in program.stocks if stock.name in wanted),
        order=tuple(step for step in program.order if step.name in wanted),
        summaries=tuple(summary for summary in program.summaries if summary.name in wanted),
        observed=(),
        weighing=frozenset(),
    )


def _evening(kernel: Kernel, inputs: Inputs, matrix: Array) -> Array:
    """Return the answers when all days are over, ``[answers, points]``, as a function of the numbers."""
    world = World(kernel.plan, inputs._replace(parameters=tuple(matrix)))

    def one_day(state: Any, today: Any) -> tuple[Any, Any]:
        evening, (series, _) = kernel.day(world, state, today)
        return evening, series

    _, series = lax.scan(one_day, kernel.begin(world), kernel.days(world, inputs))
    return jnp.stack([days[-1].reshape(-1) for days in series])


def _forward(answers: Callable[[Array], Array], point: Array, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the derivatives by some of the numbers, ``[answers, numbers, points]``, one pass for each number."""
    along = np.zeros((len(rows), *point.shape), point.dtype)
    along[np.arange(len(rows)), rows] = 1

    def by_one(tangent: Array) -> Array:
        moved: Array = jax.jvp(answers, (point,), (tangent,))[1]
        return moved

    return np.asarray(_compiled(jax.vmap(by_one))(along), np.float64).swapaxes(0, 1)


def _backward(answers: Callable[[Array], Array], point: Array, count: int) -> NDArray[np.float64]:
    """Return the derivatives by all numbers, ``[answers, parameters, points]``, one pass for each answer."""
    of = np.zeros((count, count, point.shape[1]), point.dtype)
    of[np.arange(count), np.arange(count)] = 1

    def of_one(cotangent: Array) -> Array:
        moved: Array = jax.vjp(answers, point)[1](cotangent)[0]
        return moved

    return np.asarray(_compiled(jax.vmap(of_one))(of), np.float64)
