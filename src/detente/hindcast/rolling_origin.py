"""Worlds brought from cut to cut: the same draws and luck, so that a forecast moves only for what became known."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from detente.dynamics import Forced, Simulation, position_of
from detente.errors import RequestError
from detente.hindcast.filtering import ENOUGH, Filter, Worlds, join
from detente.hindcast.forecasting import Asked
from detente.hindcast.resolution import Resolution
from detente.run import MIXTURES, dealt
from detente.scenario import fixed_readings

__all__ = ["FEW", "Batches", "Part", "deal_batches", "few_left", "is_settled", "open_at"]

DRAWS_AT_ONCE = 2_048
FEW = 0.05
"""The share of draws that must be left, equally weighted, if nothing is to be warned of."""


@dataclass(frozen=True)
class Part:
    """The draws of the mixtures or of one account, in batches small enough for memory."""

    name: str
    batches: Sequence[Filter]

    def at(self, forced: Forced, more: Callable[[int], bool]) -> Worlds | None:
        """Return all worlds at a cut: weighted, and where that leaves too few replicates, resampled.

        Which of the two is decided at each cut anew, so that its forecasts do not depend on what other cuts are made.

        Parameters
        ----------
        forced
            What was known.
        more
            Told how many draws are done; says whether to go on. Where not, the worlds done so far are returned.
        """
        worlds = self._all(forced, False, more)
        if worlds is None or worlds.effective_replicates >= ENOUGH * self.batches[0].ensemble.replicates:
            return worlds
        return self._all(forced, True, lambda done: more(0))

    def _all(self, forced: Forced, filtering: bool, more: Callable[[int], bool]) -> Worlds | None:
        done: list[Worlds] = []
        for batch in self.batches:
            if not more(0) and (done or self.name != MIXTURES):
                break  # the first batch of the mixtures is always run, so that there is something to tell
            done.append(batch.resampled(forced) if filtering else batch.weighted(forced))
            more(len(batch.draws))
        return join(done) if done else None


@dataclass
class Batches:
    """All parts of a hindcast: the mixtures of readings first, then each account, in the same draws.

    Parameters
    ----------
    simulation
        The case, compiled once.
    questions
        Which are forecast, in the order of the worlds' answers.
    parts
        The mixtures and the accounts.

    Attributes
    ----------
    draws
        How many all parts have together.
    """

    simulation: Simulation
    questions: tuple[str, ...]
    parts: Sequence[Part]
    draws: int = field(init=False)
    _reached: tuple[bytes, dict[str, Worlds]] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.draws = sum(len(batch.draws) for part in self.parts for batch in part.batches)

    def at(
        self, forced: Forced, progress: Callable[[int], None] | None, stop: threading.Event | None
    ) -> dict[str, Worlds]:
        """Return the worlds of each part at a cut; where stopped, of those that were begun.

        Nothing is run where all that is forced is what it was at the cut before: these are the same worlds.

        Parameters
        ----------
        forced
            What was known.
        progress
            Called with the number of worlds done since the last call; None for nobody.
        stop
            Set to stop after the batch that is being run; None for never.

        Returns
        -------
        dict
            By name of the part.
        """
        each, known = self.simulation.ensemble.replicates, forced.in_bytes()
        if self._reached is not None and self._reached[0] == known:
            if progress is not None:
                progress(self.draws * each)
            return dict(self._reached[1])

        def more(done: int) -> bool:
            if done and progress is not None:
                progress(done * each)
            return stop is None or not stop.is_set()

        found = {}
        for part in self.parts:
            worlds = part.at(forced, more)
            if worlds is not None:
                found[part.name] = worlds
        if more(0):
            self._reached = known, dict(found)
        return found


def deal_batches(
    simulation: Simulation, questions: Sequence[str], draws: int, seed: int, accounts: bool = True
) -> Batches:
    """Deal draws out evenly: to mixtures of the readings of unsettled claims, and to each account.

    Parameters
    ----------
    simulation
        The case, ready to run.
    questions
        Which are forecast.
    draws
        Of all parts together.
    seed
        Of the resampling.
    accounts
        Whether accounts are told at all.

    Returns
    -------
    Batches
        Each part in batches of draws small enough for memory, the mixtures first.
    """
    case = simulation.case
    names = list(case.scenario.accounts) if accounts else []
    mixed, each = dealt(draws, len(names))  # as a run deals them, so that both have the same worlds
    wanted = {MIXTURES: (fixed_readings(case, None), mixed)}
    wanted |= {name: (fixed_readings(case, name), each) for name in names}
    parts = [Part(name, _batches(simulation, questions, *part, seed)) for name, part in wanted.items()]
    return Batches(simulation, tuple(questions), parts)


def _batches(
    simulation: Simulation, questions: Sequence[str], readings: Mapping[str, str], draws: int, seed: int
) -> list[Filter]:
    ensemble, program = simulation.ensemble, simulation.watch.program
    rows = [position_of(program, name) for name in questions]
    found = []
    for first in range(0, draws, DRAWS_AT_ONCE):
        numbers = np.arange(first, min(first + DRAWS_AT_ONCE, draws), dtype=np.uint32)
        parameters = ensemble.drawing.take(numbers, readings).matrix(program.parameters, ensemble.kernel.dtype)
        found.append(Filter(ensemble, parameters, numbers, rows, seed))
    return found


def open_at(resolutions: Mapping[str, Resolution], moment: dt.datetime) -> list[str]:
    """Return the questions still open at a moment: not closed, and the day on which the outcome was known not over."""
    return [name for name, entry in resolutions.items() if entry.closes > moment and entry.resolved >= moment.date()]


def is_settled(asked: Asked, resolution: Resolution, moment: dt.datetime, worlds: Worlds, row: int) -> bool:
    """Whether what was known settles a question on the day on which it was resolved.

    The record then says the outcome, in every world that follows it, and there is nothing left to forecast. On earlier
    days a forecast of which all worlds are sure is the model's own.

    Parameters
    ----------
    asked
        The question, with its outcome.
    resolution
        When the outcome became known.
    moment
        The cut.
    worlds
        The worlds at the cut.
    row
        The question's row in their values.

    Returns
    -------
    bool
        False where no world has weight.
    """
    if resolution.resolved > moment.date():
        return False
    counted = worlds.weights > 0
    values = np.where(np.isinf(worlds.values[row]), asked.never, worlds.values[row])[counted]
    return bool((values == _as_number(asked)).all()) if len(values) else False


def _as_number(asked: Asked) -> float:
    if asked.kind == "choice":
        return float(asked.equation.kind.alternatives.index(str(asked.outcome)))
    return asked.came


def few_left(moment: dt.datetime, found: dict[str, Worlds], titles: Mapping[str, str]) -> str:
    """Return what to beware of at a cut: parts of which few draws follow the record; drop those of which none does.

    Parameters
    ----------
    moment
        The cut.
    found
        The worlds of each part; accounts without any weight are taken out.
    titles
        How the accounts are called.

    Returns
    -------
    str
        In sentences; empty where there is nothing to beware of.

    Raises
    ------
    RequestError
        If no world of the mixtures has any weight.
    """
    if not found[MIXTURES].weights.any():
        raise RequestError(
            f"not one of {found[MIXTURES].log_weight.size:,} worlds follows what was known at {moment.isoformat()}; "
            "ask for more worlds, cut earlier, or look under 'known' for a measure whose error is too small"
        )
    none = [name for name, worlds in found.items() if not worlds.weights.any()]
    few = {name: worlds for name, worlds in found.items() if name not in none and _is_few(worlds)}
    said = []
    if few:
        listed = "; ".join(f"{titles.get(name, 'the mixtures')}: {_worth(worlds)}" for name, worlds in few.items())
        said.append(
            f"Few worlds follow the record up to here ({listed}): figures are less sure than they look. Ask for more "
            "worlds, or fit the case to the record first."
        )
    if none:
        said.append(f"No world follows it as these accounts have it: {', '.join(titles[name] for name in none)}.")
        for name in none:
            del found[name]
    lost = sum(worlds.lost for worlds in found.values())
    if lost:
        said.append(f"In {lost:,} worlds something observed is no number; they count for nothing.")
    return " ".join(said)


def _is_few(worlds: Worlds) -> bool:
    return worlds.effective_draws < FEW * len(worlds.log_weight)


def _worth(worlds: Worlds) -> str:
    return f"{len(worlds.log_weight):,} draws are worth {worlds.effective_draws:,.1f}"
