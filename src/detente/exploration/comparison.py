"""Policy choices in the same worlds: each lever beside no lever, imposed and as chosen, under every account.

Nothing here is called best. What a choice does is told for each question and measure separately, and what depends on
whether more or less is wanted is given both ways.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Simulation
from detente.dynamics.ensemble import Design
from detente.dynamics.forcing import choice_number, lever_begins
from detente.dynamics.kernel import Forced
from detente.errors import RequestError, nearest
from detente.exploration.comparison_result import Across, AsChosen, Choice, Comparison, Effect, Robustness, Under
from detente.exploration.explore import provenance_of
from detente.exploration.factors import factors_of
from detente.exploration.robust_decision import Worlds, across_accounts, across_draws, mean_of
from detente.exploration.sampling import CHUNK, Outcome, Sampler, Stopped
from detente.exploration.targets import targets_of
from detente.requests import CompareRequest, Work, interruptible, own_cut, own_rule, prepared, written_case
from detente.scenario import Case, fixed_readings, load
from detente.scenario.model.choices import NO_LEVER
from detente.scenario.model.voices import MIXTURES

__all__ = [
    "Across",
    "AsChosen",
    "Choice",
    "Comparison",
    "Effect",
    "Robustness",
    "Under",
    "compare",
    "perform_comparison",
]

Floats = NDArray[np.float64]
WORLDS = CompareRequest.worlds
REPLICATES = 16
FEWEST_DRAWS = 32
MIDDLE = 4
"""Of so many draws, one is run with every number at its middle: nothing but luck differs between those."""
MOST_FOLLOWED = 512
"""Draws whose decisions are followed day by day, to see where a choice was made of itself."""


def compare(
    case: Case | str | Path,
    levers: Sequence[str],
    *,
    from_day: str | None = None,
    worlds: int = WORLDS,
    seed: int = 1,
    weighted: bool = True,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
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
    progress, stop
        Called with the number of worlds done since the last call; set to stop early, marked as partial: the levers
        that were not run by then are left out.

    Returns
    -------
    Comparison
        By lever, target and telling the difference to no lever, in the target's unit, with its interval; and how
        choices hold across draws and accounts.

    Raises
    ------
    CaseError
        If the case has faults.
    RequestError
        If it has no such lever, or the day is none after what was known.
    """
    given = Work(progress=progress, stop=stop)
    request = CompareRequest(
        written_case(case), levers=levers, from_day=from_day, worlds=worlds, seed=seed, weighted=weighted,
        rule=own_rule(case), as_of=own_cut(case),
    )  # fmt: skip
    whole = case if isinstance(case, Case) else load(request.case)
    with interruptible(given) as work:
        return perform_comparison(request, whole, work)


def perform_comparison(request: CompareRequest, case: Case, work: Work | None = None) -> Comparison:
    """Compare what a request asks for.

    Parameters
    ----------
    request, case
        What is asked, and the case that it names, read.
    work
        How the work is watched and stopped.

    Returns
    -------
    Comparison
        As :func:`compare` gives it; ``partial`` in its provenance where levers are left out.

    Raises
    ------
    RequestError
        If the case has no such lever, or the day is none after what was known.
    """
    work, whole = work or Work(), prepared(case, request.rule, request.as_of)
    levers, worlds = request.levers, request.worlds
    targets = targets_of(whole, None)
    simulation = Simulation(whole, seed=request.seed, replicates=REPLICATES, weighted=request.weighted)
    begins = {lever: _begins(simulation, lever, request.from_day) for lever in levers}
    sampler = Sampler(simulation, factors_of(simulation), targets, work.progress, work.stop, work.journal)
    tellings: dict[str | None, Mapping[str, str]] = {None: {}}
    tellings |= {name: fixed_readings(whole, name) for name in whole.scenario.accounts}
    middling = len(tellings) / MIDDLE
    draws = max(FEWEST_DRAWS, int(worlds / (REPLICATES * (len(begins) + 1) * (len(tellings) + middling))))
    forced = {NO_LEVER: simulation.forced} | {lever: _forced(simulation, lever, day) for lever, day in begins.items()}
    ran, middle = _run_all(sampler, tellings, forced, draws)
    if not ran:
        begins, targets = {}, []  # it was stopped before there was anything to compare with
    begins = {lever: day for lever, day in begins.items() if (None, lever) in ran}
    effects = tuple(
        _effect(lever, target, telling, ran[telling, NO_LEVER], ran[telling, lever], row)
        for lever in begins
        for row, target in enumerate(targets)
        for telling in tellings
    )
    robust, across = _standing(targets, [NO_LEVER, *begins], ran, middle)
    chosen = _as_chosen(simulation, begins, targets, ran[None, NO_LEVER]) if begins else ()
    made = replace(provenance_of(sampler, request.seed, REPLICATES), partial=len(begins) < len(levers))
    choices = _choices(simulation, begins)
    return Comparison(request, made, choices, tuple(targets), effects, robust, across, chosen, _wanted(whole))


def _run_all(
    sampler: Sampler,
    tellings: Mapping[str | None, Mapping[str, str]],
    forced: Mapping[str, Forced],
    draws: int,
) -> tuple[dict[tuple[str | None, str], Worlds], dict[tuple[str | None, str], Worlds]]:
    """Run the same draws of every telling under every choice, as drawn and, some of them, at the middle of all ranges.

    Where it is stopped, the choices that every telling was run under are there; none without those of no lever.
    """
    ran: dict[tuple[str | None, str], Worlds] = {}
    middle: dict[tuple[str | None, str], Worlds] = {}
    for choice, table in forced.items():
        try:
            drawn = {t: _run(sampler, readings, table, draws) for t, readings in tellings.items()}
            some = max(FEWEST_DRAWS, draws // MIDDLE)
            at_middle = {t: _run(sampler, readings, table, some, at_middle=True) for t, readings in tellings.items()}
        except Stopped:
            break
        ran |= {(telling, choice): worlds for telling, worlds in drawn.items()}
        middle |= {(telling, choice): worlds for telling, worlds in at_middle.items()}
    return ran, middle


def _standing(
    targets: Sequence[str],
    choices: Sequence[str],
    ran: Mapping[tuple[str | None, str], Worlds],
    middle: Mapping[tuple[str | None, str], Worlds],
) -> tuple[tuple[Robustness, ...], tuple[Across, ...]]:
    """Return how each choice's answers stand up across draws, and across accounts where there are any."""
    rows, told = list(enumerate(targets)), any(telling is not None for telling, _ in ran)
    robust = tuple(one for row, target in rows for one in across_draws(target, row, choices, ran, middle))
    across = tuple(
        across_accounts(target, row, choice, choices, ran, robust) for row, target in rows for choice in choices if told
    )
    return robust, across


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


def _run(sampler: Sampler, readings: Mapping[str, str], forced: Forced, draws: int, at_middle: bool = False) -> Worlds:
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
    return Worlds(outcome.answers.reshape(-1, draws, REPLICATES), weights.reshape(draws, REPLICATES))


def _effect(lever: str, target: str, account: str | None, without: Worlds, with_it: Worlds, row: int) -> Effect:
    """Compare a lever with no lever, world by world; intervals are clustered by draw.

    A lever is set after what was known, so a world's weight is the same with it.
    """
    weights = without.weights
    before, after = without.answers[row], with_it.answers[row]
    return Effect(
        lever, target, account, mean_of(before, weights), mean_of(after, weights), mean_of(after - before, weights)
    )


def _as_chosen(
    simulation: Simulation, begins: Mapping[str, int], targets: Sequence[str], worlds: Worlds
) -> tuple[AsChosen, ...]:
    """Return how answers stand where a choice was made of itself on some day from its own on, and where not."""
    case, program = simulation.case, simulation.watch.program
    sets = {lever: case.scenario.levers[lever].sets for lever in begins}
    names = list(dict.fromkeys(name for some in sets.values() for name in some))
    draws = min(worlds.answers.shape[1], MOST_FOLLOWED)
    numbers = [(draw, replicate) for draw in range(draws) for replicate in range(REPLICATES)]
    followed = simulation.ensemble.worlds(Design(MIXTURES, {}, draws, simulation.forced), numbers, names)
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
