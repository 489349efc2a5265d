"""How a decision is taken: an occasion, a usual chance, and reasons that multiply its odds."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from detente.dynamics.memory import DayMemory
from detente.dynamics.translate import Translator
from detente.scenario import DecisionElement, OptionElement

__all__ = ["LEAST_CHANCE", "decided", "log_chance_of_known", "occasion"]

Array = Any
LEAST_CHANCE = 1e-6
"""The chance given to a choice that the record says was taken though the model gave it none."""


def log_chance_of_known(known: Array, imposed: Array, comes_up: Array, p: Array, held: Array) -> Array:
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
    return jnp.where(told, jnp.log(jnp.maximum(chance, dtype.type(LEAST_CHANCE))), dtype.type(0))


def decided(
    translator: Translator,
    option: OptionElement,
    before: Array,
    names: dict[str, Array],
    memory: DayMemory,
    known: Array,
    imposed: Array,
) -> tuple[Array, Array]:
    """Decide an option for one day.

    Parameters
    ----------
    translator, option, names, memory
        The expressions and what they read.
    before
        The value held so far, ``[worlds]``.
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
    comes_up = occasion(translator, decision, names, memory)
    if option.lasting:
        start = option.start if option.alternatives else bool(option.start)
        comes_up = jnp.logical_and(comes_up, before == start)
    pulls = _pulls(translator, decision, names, memory)
    u = memory.luck_of("choice")
    if not option.alternatives:
        value, p = _yes_or_no(names[decision.usual[0][1]], pulls.get("", None), u, translator)
        of_known = jnp.where(known > 0, p, 1 - p)
    elif option.ordered:
        value, of_known = _rung(option, decision, before, names, pulls, u, translator, known)
    else:
        value, of_known = _one_of(option, decision, names, pulls, u, translator, known)
    held = before == (known if option.alternatives else known > 0)
    weight = log_chance_of_known(known, imposed, comes_up, of_known, held)
    return jnp.where(comes_up, value, before), weight


def occasion(translator: Translator, decision: DecisionElement, names: dict[str, Array], memory: DayMemory) -> Array:
    """Return whether the decision comes up today: its ``when``, or that something it reads has changed."""
    if decision.when is not None:
        return translator.value(decision.when, names, memory)
    return memory.changed(decision, names)


def _pulls(
    translator: Translator, decision: DecisionElement, names: dict[str, Array], memory: DayMemory
) -> dict[str, Array]:
    """Return, for each alternative, the log of the odds that its reasons multiply by."""
    found: dict[str, Array] = {}
    for lean in decision.leans:
        strength = translator.value(lean.strength, names, memory)
        strength = jnp.clip(jnp.asarray(strength, translator.dtype), 0, 1)
        pull = lean.sign * strength * memory.world.log_odds[lean.odds]
        found[lean.to] = found[lean.to] + pull if lean.to in found else pull
    return found


def _yes_or_no(usual: Array, pull: Array | None, u: Array, translator: Translator) -> tuple[Array, Array]:
    p = jnp.asarray(usual, translator.dtype)
    if pull is not None:
        weight = p * jnp.exp(pull)
        p = weight / (weight + (1 - p))
    return u < p, p


def _weighted(weights: list[Array], u: Array, known: Array | None) -> tuple[Array, Array, Array]:
    """Return the position taken at ``u``, the sum of weights, and the share of the known position."""
    total = weights[0]
    for weight in weights[1:]:
        total = total + weight
    mark = u * total
    reached = weights[0]
    position = (mark >= reached).astype(u.dtype)
    for weight in weights[1:-1]:
        reached = reached + weight
        position = position + (mark >= reached)
    share = jnp.zeros_like(total)
    for number, weight in enumerate(weights):
        share = jnp.where(known == number, weight, share)
    return position, total, share / jnp.maximum(total, np.finfo(total.dtype).tiny)


def _one_of(
    option: OptionElement,
    decision: DecisionElement,
    names: dict[str, Array],
    pulls: dict[str, Array],
    u: Array,
    translator: Translator,
    known: Array,
) -> tuple[Array, Array]:
    """Choose among alternatives; the one without a chance of its own takes what the others leave."""
    usual = {to: names[parameter] for to, parameter in decision.usual}
    left = translator.dtype(1)
    for weight in usual.values():
        left = left - weight
    weights = []
    for alternative in option.alternatives:
        weight = usual.get(alternative, jnp.maximum(left, 0))
        if alternative in pulls:
            weight = weight * jnp.exp(pulls[alternative])
        weights.append(jnp.broadcast_to(jnp.asarray(weight, translator.dtype), u.shape))
    position, _, share = _weighted(weights, u, known)
    return position, share


def _rung(
    option: OptionElement,
    decision: DecisionElement,
    before: Array,
    names: dict[str, Array],
    pulls: dict[str, Array],
    u: Array,
    translator: Translator,
    known: Array,
) -> tuple[Array, Array]:
    """Go one rung down, stay, or go one up; there is nothing beyond the ends."""
    usual = {to: names[parameter] for to, parameter in decision.usual}
    top = translator.dtype(len(option.alternatives) - 1)
    zero = jnp.zeros(u.shape, translator.dtype)
    down = jnp.where(before > 0, usual.get("down", zero), zero)
    up = jnp.where(before < top, usual.get("up", zero), zero)
    stay = jnp.maximum(1 - down - up, 0)
    if "down" in pulls:
        down = down * jnp.exp(pulls["down"])
    if "up" in pulls:
        up = up * jnp.exp(pulls["up"])
    move, _, share = _weighted([down, stay, up], u, known - before + 1)
    return before + move - 1, share
