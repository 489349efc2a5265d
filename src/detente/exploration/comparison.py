"""Policy choices in the same worlds: each lever beside no lever, imposed and as chosen, under every account.

Nothing here is called best. What a choice does is told for each question and measure separately, and what depends on
whether more or less is wanted is given both ways.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Simulation
from detente.dynamics.ensemble import Design
from detente.dynamics.forcing import choice_number, lever_begins
from detente.dynamics.kernel import Forced
from detente.errors import RequestError, nearest
from detente.exploration.explore import provenance_of, targets_of
from detente.exploration.factors import factors_of
from detente.exploration.result import Index
from detente.exploration.robustness import luck_averaged, meets, percentiles, regret_from_best, regret_from_middle
from detente.exploration.sampling import CHUNK, Outcome, Sampler
from detente.results import Provenance, weighted_quantile
from detente.scenario import Case, fixed_readings, load

__all__ = ["NONE", "AsChosen", "Choice", "Comparison", "Effect", "Robustness", "compare"]

Floats = NDArray[np.float64]
NONE = "no_lever"
WORLDS = 2**17
REPLICATES = 16
FEWEST_DRAWS = 32
MOST_FOLLOWED = 512
"""Draws whose decisions are followed day by day, to see where a choice was made of itself."""


@dataclass(frozen=True)
class Choice:
    """A lever of the case, and the day from which it is set."""

    name: str
    says: str
    begins: dt.date
    pair: str | None


@dataclass(frozen=True)
class Effect:
    """What goes with setting a lever, in the same worlds, for one answer and one telling.

    Parameters
    ----------
    lever, target
        Which lever, and which question or measure.
    account
        An account, or None for mixtures of readings.
    without, with_it, difference
        The mean outcome with no lever and with this one, and the difference world by world, with 95 % intervals.
    """

    lever: str
    target: str
    account: str | None
    without: Index
    with_it: Index
    difference: Index


@dataclass(frozen=True)
class AsChosen:
    """How an answer stands where a choice was made of itself, and where not: worlds that differ in much besides."""

    lever: str
    target: str
    share: float
    with_it: float
    without: float


@dataclass(frozen=True)
class Robustness:
    """How one choice's answer holds across draws, luck averaged out; each figure in the answer's own unit.

    Parameters
    ----------
    choice, target
        A lever, or no lever; a question or measure.
    low, middle, high
        The 10th, 50th and 90th percentile across draws.
    from_middle
        Regret of type 1: how far it goes, in nine draws of ten, from where it is with every number at its middle.
    short_of_most, short_of_least
        Regret of type 2: how far it falls short of the choice that does best in the same draw, in nine draws of ten,
        where more is wanted, and where less is.
    at_least, at_most
        Satisficing: in what share of draws it is at least, and at most, what no lever gives in the middle draw.
    """

    choice: str
    target: str
    low: float
    middle: float
    high: float
    from_middle: float
    short_of_most: float
    short_of_least: float
    at_least: float
    at_most: float


@dataclass(frozen=True)
class Comparison:
    """Choices compared in the same worlds.

    Parameters
    ----------
    provenance
        How it was made; ``worlds`` counts all model runs.
    choices
        The levers compared.
    targets
        Questions and headline measures.
    effects
        By lever, target and telling.
    robustness
        By choice and target.
    as_chosen
        By lever and target, where some worlds made the choice and some did not.
    wanted
        For each measure, who wants more of it and who less: pairs of actor and ``more`` or ``less``.
    """

    provenance: Provenance
    choices: tuple[Choice, ...]
    targets: tuple[str, ...]
    effects: tuple[Effect, ...]
    robustness: tuple[Robustness, ...]
    as_chosen: tuple[AsChosen, ...]
    wanted: Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class _Worlds:
    """Worlds of one telling under one choice: answers ``[targets, draws, replicates]`` and weights alike."""

    answers: Floats
    weights: Floats


def compare(
    case: Case | str | Path,
    levers: Sequence[str],
    *,
    from_day: str | None = None,
    worlds: int = WORLDS,
    seed: int = 1,
    weighted: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Run levers in the same worlds as no lever, under mixtures of readings and under each account.

    Parameters
    ----------
    case
        A case, its folder, or the name of a bundled one.
    levers
        Names of its levers.
    from_day
        ``day 10`` or a date, in place of each lever's own day.
    worlds
        About how many times the model is run, over all choices and tellings.
    seed, weighted
        As :func:`detente.run.run` takes them.
    progress
        Called with the number of worlds done since the last call.

    Raises
    ------
    CaseError
        If the case has faults.
    RequestError
        If it has no such lever, or the day is none after what was known.
    """
    whole = case if isinstance(case, Case) else load(case)
    targets = targets_of(whole, None)
    simulation = Simulation(whole, seed=seed, replicates=REPLICATES, weighted=weighted)
    begins = {lever: _begins(simulation, lever, from_day) for lever in dict.fromkeys(levers)}
    sampler = Sampler(simulation, factors_of(simulation), targets, progress)
    tellings: dict[str | None, Mapping[str, str]] = {None: {}}
    tellings |= {name: fixed_readings(whole, name) for name in whole.scenario.accounts}
    draws = max(FEWEST_DRAWS, worlds // (REPLICATES * (len(begins) + 1) * (len(tellings) + 1)))
    forced = {NONE: simulation.forced} | {lever: _forced(simulation, lever, day) for lever, day in begins.items()}
    ran = {
        (telling, choice): _run(sampler, readings, table, draws)
        for telling, readings in tellings.items()
        for choice, table in forced.items()
    }
    middle = {choice: _run(sampler, {}, table, draws, at_middle=True) for choice, table in forced.items()}
    mixed, rows = {choice: ran[None, choice] for choice in forced}, list(enumerate(targets))
    effects = tuple(
        _effect(lever, target, telling, ran[telling, NONE], ran[telling, lever], row)
        for lever in begins
        for row, target in rows
        for telling in tellings
    )
    robust = tuple(one for row, target in rows for one in _robustness(target, row, mixed, middle))
    chosen = _as_chosen(simulation, begins, targets, mixed[NONE])
    made = provenance_of(sampler, seed, REPLICATES)
    return Comparison(made, _choices(simulation, begins), tuple(targets), effects, robust, chosen, _wanted(whole))


def _choices(simulation: Simulation, begins: Mapping[str, int]) -> tuple[Choice, ...]:
    levers, program = simulation.case.scenario.levers, simulation.watch.program
    return tuple(
        Choice(name, levers[name].says or name, program.date_of(day), levers[name].pair) for name, day in begins.items()
    )


def _begins(simulation: Simulation, lever: str, from_day: str | None) -> int:
    """Return the day from which a lever is set, after what was known."""
    case, program = simulation.case, simulation.watch.program
    entry = case.scenario.levers.get(lever)
    if entry is None:
        mend = nearest(lever, set(case.scenario.levers)) or "its levers: " + ", ".join(case.scenario.levers)
        raise RequestError(f"{case.name} has no lever '{lever}'; {mend}")
    try:
        day = lever_begins(program, from_day or entry.begins)
    except ValueError:
        raise RequestError(f"'{from_day}' is no day; write for example 'day 10' or 2023-12-07") from None
    last = program.date_of(program.days - 1)
    if not 0 <= day < program.days:
        raise RequestError(f"'{from_day or entry.begins}' is no day of {case.name}; it ends on {last}")
    cut = case.scenario.as_of.date()
    if program.date_of(day) < cut:
        raise RequestError(f"up to {cut} the worlds follow what was known; set '{lever}' from that day on or later")
    return day


def _forced(simulation: Simulation, lever: str, day: int) -> Forced:
    """Return what the record and one lever set, the lever from a day on."""
    program, imposed = simulation.watch.program, simulation.forced.imposed.copy()
    for name, value in simulation.case.scenario.levers[lever].sets.items():
        imposed[day:, program.choices.index(name)] = choice_number(program, name, value)
    return replace(simulation.forced, imposed=imposed)


def _run(sampler: Sampler, readings: Mapping[str, str], forced: Forced, draws: int, at_middle: bool = False) -> _Worlds:
    """Run the draws of a telling under one choice."""
    ensemble, names = sampler.simulation.ensemble, sampler.simulation.watch.program.parameters
    numbers = np.arange(draws, dtype=np.uint32)
    at = dict.fromkeys(names, 0.5) if at_middle else None
    parameters = ensemble.drawing.take(numbers, readings, at).matrix(names, ensemble.kernel.dtype)
    some = max(1, CHUNK // REPLICATES)
    parts = [
        sampler.worlds_of(parameters[:, first : first + some], numbers[first : first + some], REPLICATES, forced)
        for first in range(0, draws, some)
    ]
    outcome = sampler.counted(Outcome.joined(parts), declared=True)
    weights = np.exp(np.maximum(outcome.log_weight - outcome.log_weight.max(), -600))
    return _Worlds(outcome.answers.reshape(-1, draws, REPLICATES), weights.reshape(draws, REPLICATES))


def _effect(lever: str, target: str, account: str | None, without: _Worlds, with_it: _Worlds, row: int) -> Effect:
    """Compare a lever with no lever, world by world; intervals are clustered by draw.

    A lever is set after what was known, so a world's weight is the same with it.
    """
    weights = without.weights
    before, after = without.answers[row], with_it.answers[row]
    return Effect(lever, target, account, _mean(before, weights), _mean(after, weights), _mean(after - before, weights))


def _mean(values: Floats, weights: Floats) -> Index:
    total = float(weights.sum())
    mean = float((values * weights).sum() / total)
    influence = ((values - mean) * weights).sum(axis=1) / total
    error = float(np.sqrt((influence**2).sum()))
    return Index(mean, mean - 1.96 * error, mean + 1.96 * error)


def _robustness(target: str, row: int, mixed: Mapping[str, _Worlds], middle: Mapping[str, _Worlds]) -> list[Robustness]:
    """Return how each choice's answer holds across draws."""
    weights = mixed[NONE].weights.sum(axis=1)
    values = luck_averaged(np.stack([one.answers[row] for one in mixed.values()]), weights)
    most, least = (regret_from_best(values, weights, more) for more in (True, False))
    required = float(weighted_quantile(values[0], weights, (0.5,))[0])
    found = []
    for number, choice in enumerate(mixed):
        at_middle = _mean(middle[choice].answers[row], middle[choice].weights).value
        found.append(
            Robustness(
                choice, target, *percentiles(values[number], weights),
                regret_from_middle(values[number], at_middle, weights), float(most[number]), float(least[number]),
                meets(values[number], required, weights, True), meets(values[number], required, weights, False),
            )
        )  # fmt: skip
    return found


def _as_chosen(
    simulation: Simulation, begins: Mapping[str, int], targets: Sequence[str], worlds: _Worlds
) -> tuple[AsChosen, ...]:
    """Return how answers stand where a choice was made of itself on some day from its own on, and where not."""
    case, program = simulation.case, simulation.watch.program
    sets = {lever: case.scenario.levers[lever].sets for lever in begins}
    names = list(dict.fromkeys(name for some in sets.values() for name in some))
    draws = min(worlds.answers.shape[1], MOST_FOLLOWED)
    numbers = [(draw, replicate) for draw in range(draws) for replicate in range(REPLICATES)]
    followed = simulation.ensemble.worlds(Design("mixtures", {}, draws, simulation.forced), numbers, names)
    weights = worlds.weights[:draws].reshape(-1)
    answers = worlds.answers[:, :draws].reshape(len(targets), -1)
    found = []
    for lever, day in begins.items():
        wanted = [choice_number(program, name, value) for name, value in sets[lever].items()]
        stands = followed[:, day:][:, :, [names.index(name) for name in sets[lever]]] == np.array(wanted)
        made = stands.all(axis=2).any(axis=1)
        share = float(weights[made].sum() / weights.sum())
        if 0 < share < 1:
            for row, target in enumerate(targets):
                with_it, without = (
                    float(np.average(answers[row, which], weights=weights[which])) for which in (made, ~made)
                )
                found.append(AsChosen(lever, target, share, with_it, without))
    return tuple(found)


def _wanted(case: Case) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return for each measure who wants more of it, and who less."""
    found: dict[str, list[tuple[str, str]]] = {}
    for actor, entry in case.scenario.actors.items():
        for aim in entry.wants.values():
            if aim.measure is not None:
                found.setdefault(aim.measure, []).append((actor, aim.better))
    return {measure: tuple(dict.fromkeys(pairs)) for measure, pairs in found.items()}
