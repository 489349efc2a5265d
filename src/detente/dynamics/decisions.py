"""How a decision is taken: an occasion, a usual chance, reasons, and a rule by which reasons and luck decide.

Under every rule an alternative has its usual chance on an occasion on which no reason pulls, and one reason alone
multiplies its odds as declared. The rules differ in how reasons combine, and in whose luck decides:

``log_odds``
    Reasons add up in the logarithm of the odds; each occasion has luck of its own: a quantal response.
``lexicographic``
    The strongest reason alone decides, the others are ignored: one-reason decision making, not compensatory.
``threshold``
    Reasons add up, and pass or do not pass a resistance that is drawn once for each decision and held through the
    world: a stable character in place of luck on each occasion.
``shared_luck``
    Reasons add up; decisions of one day, whoever takes them, share half of the variance of their luck, so that they
    fall one way more often than by themselves: a common shock, as a Gaussian copula with one factor.

References
----------
R. D. McKelvey, T. R. Palfrey, "Quantal response equilibria for normal form games", Games and Economic Behavior 10
(1995). G. Gigerenzer, D. G. Goldstein, "Reasoning the fast and frugal way: models of bounded rationality",
Psychological Review 103 (1996). M. Granovetter, "Threshold models of collective behavior", American J. Sociology 83
(1978). O. A. Vasicek, "The distribution of loan portfolio value", Risk 15 (2002), for the one-factor copula.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import cast

import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtr, ndtri

from detente.dynamics.arrays import Array, Number, Value
from detente.dynamics.delays import Lags
from detente.dynamics.plan import Plan
from detente.scenario import DecisionElement, OptionElement

__all__ = ["LOG_OF_NONE", "decide", "log_chance_of_known", "occasion"]

Edge = Callable[[Array], Array]
"""What a cumulative chance becomes on a day whose common luck is known."""
SHARED = 0.5
"""The part of the variance of their luck that decisions of one day share, where the rule says that they share it."""
LOG_OF_NONE = -1_000.0
"""The logarithm of the chance given to a choice that the record says was taken though the model gave it none: so low
that such a world counts only where none follows the record, and among those the one that contradicts it least often.
A record of a thousand tosses is likelier than this in a world of fair coins."""


def log_chance_of_known(known: Array, imposed: Array, comes_up: Value, p: Array, held: Array) -> Array:
    """Return the log of the chance that the model gave to a choice that the record tells.

    Where the choice does not come up the value that holds is certain, and every other impossible. Where a lever imposes
    the choice nobody decides, so the record tells nothing of how it is decided: its factor is left out.

    Parameters
    ----------
    known, imposed
        What the record tells and what a lever sets, NaN where nothing; scalars.
    comes_up
        Whether the choice comes up.
    p
        The chance of the known value where it does.
    held
        Whether the known value is the one that holds where it does not.

    References
    ----------
    J. Pearl, "Causality" (2nd ed. 2009), section 3.2.3: the truncated factorisation.
    """
    dtype = p.dtype
    chance = jnp.where(comes_up, p, held.astype(dtype))
    told = jnp.logical_and(jnp.logical_not(jnp.isnan(known)), jnp.isnan(imposed))
    some = jnp.log(jnp.maximum(chance, np.finfo(dtype).tiny))
    return jnp.where(told, jnp.where(chance > 0, some, dtype.type(LOG_OF_NONE)), dtype.type(0))


def decide(
    plan: Plan,
    option: OptionElement,
    before: Array,
    names: dict[str, Value],
    memory: Lags,
    known: Array,
    imposed: Array,
) -> tuple[Array, Array]:
    """Decide an option for one day.

    Parameters
    ----------
    plan, option
        What is settled before the first day, and the option to decide.
    before
        The value held so far, ``[rows, columns]``: yes/no, or the position of an alternative.
    names, memory
        What the option's expressions read: values of today, and delays, lags and luck.
    known
        The choice that the record says was taken, NaN where it says nothing; a scalar.
    imposed
        The choice that a lever sets, NaN where none does; a scalar.

    Returns
    -------
    tuple
        The value after the decision, and the log of the chance that the model gave to the known choice.
    """
    decision = option.decision
    assert decision is not None
    comes_up = occasion(plan, decision, names, memory)
    if option.lasting:
        start = option.start if option.alternatives else bool(option.start)
        comes_up = jnp.logical_and(comes_up, before == start)
    pulls = _pulls(plan, decision, names, memory)
    rule = plan.program.rule
    u = memory.luck_of("held" if rule == "threshold" else "choice")
    edge = _shared(memory.common_luck()) if rule == "shared_luck" else None
    value: Array
    of_known: Array
    if not option.alternatives:
        value, p = _yes_or_no(names[decision.usual[0][1]], pulls.get("", None), u, plan, edge)
        of_known = jnp.where(known > 0, p, 1 - p)
    elif option.ordered:
        value, of_known = _rung(option, decision, before, names, pulls, u, plan, known, edge)
    else:
        value, of_known = _one_of(option, decision, names, pulls, u, plan, known, edge)
    if rule == "threshold":
        # Whoever has a character does what it says: the world gave what it did a chance of 1, all else none.
        of_known = (value == (known if option.alternatives else known > 0)).astype(u.dtype)
    held = before == (known if option.alternatives else known > 0)
    weight = log_chance_of_known(known, imposed, comes_up, of_known, held)
    return jnp.where(comes_up, value, before), weight


def occasion(plan: Plan, decision: DecisionElement, names: dict[str, Value], memory: Lags) -> Value:
    """Return whether the decision comes up today: its ``when``, or that something it reads has changed."""
    if decision.when is not None:
        return plan.lowering.value(decision.when, names, memory)
    return memory.changed(decision, names)


def _pulls(plan: Plan, decision: DecisionElement, names: dict[str, Value], memory: Lags) -> dict[str, Array]:
    """Return, for each alternative, the log of the odds that its reasons multiply by."""
    pulling: list[tuple[str, Array]] = []
    for lean in decision.leans:
        strength = plan.lowering.value(lean.strength, names, memory)
        strength = jnp.clip(jnp.asarray(strength, plan.dtype), 0, 1)
        pulling.append((lean.to, lean.sign * strength * memory.world.log_odds[lean.odds]))
    if plan.program.rule == "lexicographic":
        pulling = _strongest(pulling)
    found: dict[str, Array] = {}
    for to, pull in pulling:
        found[to] = found[to] + pull if to in found else pull
    return found


def _strongest(pulling: list[tuple[str, Array]]) -> list[tuple[str, Array]]:
    """Return pulls of which all but the strongest are nothing; of several as strong the first written is left."""
    if len(pulling) < 2:
        return pulling
    most = jnp.abs(pulling[0][1])
    for _, pull in pulling[1:]:
        most = jnp.maximum(most, jnp.abs(pull))
    decided_by: Array = jnp.zeros(jnp.shape(most), bool)
    found: list[tuple[str, Array]] = []
    for to, pull in pulling:
        decides = jnp.logical_and(jnp.abs(pull) >= most, jnp.logical_not(decided_by))
        decided_by = jnp.logical_or(decided_by, decides)
        found.append((to, jnp.where(decides, pull, jnp.zeros_like(pull))))
    return found


def _shared(common: Array) -> Edge:
    """Return what a cumulative chance becomes where the day's common luck is known: lower where that is high.

    Averaged over the common luck it is the chance itself, so that each decision by itself is as it would be.
    """
    dtype = common.dtype
    lifted = dtype.type(SHARED**0.5) * ndtri(common)

    def edge(chance: Array) -> Array:
        own = ndtri(jnp.clip(chance, 0, 1)) - lifted
        return ndtr(own / dtype.type((1 - SHARED) ** 0.5))

    return edge


def _yes_or_no(usual: Value, pull: Array | None, u: Array, plan: Plan, edge: Edge | None) -> tuple[Array, Array]:
    p: Array = jnp.asarray(usual, plan.dtype)
    if pull is not None:
        weight = p * jnp.exp(pull)
        p = weight / (weight + (1 - p))
    if edge is not None:
        p = edge(p)
    return u < p, p


def _weighted(weights: list[Array], u: Array, known: Array | None, edge: Edge | None) -> tuple[Array, Array]:
    """Return the position taken at ``u``, and the share of the known position."""
    total = weights[0]
    for weight in weights[1:]:
        total = total + weight
    if edge is not None:
        return _between([edge(reached / total) for reached in accumulate(weights)], u, known)
    mark = u * total
    reached = weights[0]
    position = (mark >= reached).astype(u.dtype)
    for weight in weights[1:-1]:
        reached = reached + weight
        position = position + (mark >= reached)
    share = jnp.zeros_like(total)
    for number, weight in enumerate(weights):
        share = jnp.where(known == number, weight, share)
    return position, share / jnp.maximum(total, np.finfo(total.dtype).tiny)


def _between(edges: list[Array], u: Array, known: Array | None) -> tuple[Array, Array]:
    """Return the position taken at ``u`` between rising edges, and the width of the known position."""
    position = jnp.zeros(jnp.shape(u), u.dtype)
    for reached in edges[:-1]:
        position = position + (u >= reached)
    share: Array = jnp.zeros_like(position)
    below: Array = jnp.zeros_like(position)
    for number, reached in enumerate([*edges[:-1], jnp.ones_like(position)]):
        share = jnp.where(known == number, reached - below, share)
        below = reached
    return position, share


def _one_of(
    option: OptionElement,
    decision: DecisionElement,
    names: dict[str, Value],
    pulls: dict[str, Array],
    u: Array,
    plan: Plan,
    known: Array,
    edge: Edge | None,
) -> tuple[Array, Array]:
    """Choose among alternatives; the one without a chance of its own takes what the others leave."""
    usual = {to: cast(Number, names[parameter]) for to, parameter in decision.usual}
    left: Number = plan.dtype(1)
    for weight in usual.values():
        left = left - weight
    weights: list[Array] = []
    for alternative in option.alternatives:
        weight = usual.get(alternative, jnp.maximum(left, 0))
        if alternative in pulls:
            weight = weight * jnp.exp(pulls[alternative])
        weights.append(jnp.broadcast_to(jnp.asarray(weight, plan.dtype), u.shape))
    return _weighted(weights, u, known, edge)


def _rung(
    option: OptionElement,
    decision: DecisionElement,
    before: Array,
    names: dict[str, Value],
    pulls: dict[str, Array],
    u: Array,
    plan: Plan,
    known: Array,
    edge: Edge | None,
) -> tuple[Array, Array]:
    """Go one rung down, stay, or go one up; there is nothing beyond the ends."""
    usual = {to: cast(Number, names[parameter]) for to, parameter in decision.usual}
    top = plan.dtype(len(option.alternatives) - 1)
    zero = jnp.zeros(u.shape, plan.dtype)
    down = jnp.where(before > 0, usual.get("down", zero), zero)
    up = jnp.where(before < top, usual.get("up", zero), zero)
    stay = jnp.maximum(1 - down - up, 0)
    if "down" in pulls:
        down = down * jnp.exp(pulls["down"])
    if "up" in pulls:
        up = up * jnp.exp(pulls["up"])
    move, share = _weighted([down, stay, up], u, known - before + 1, edge)
    return before + move - 1, share
