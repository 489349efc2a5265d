"""Does the record look like what the model says? Every row of it beside what the model said of it one step before."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from detente.cache import cached, fingerprint, fingerprint_of_code
from detente.dynamics import Forced, Program, build_program, forced_by
from detente.results import weighted_quantile
from detente.runtime import current
from detente.scenario import Case, Draws, Observation
from detente.scenario.posterior import Posterior
from detente.scenario.record import as_they_became_known
from detente.stored import adapter_of

if TYPE_CHECKING:
    from detente.dynamics.one_step_ahead import Ahead

__all__ = ["PredictedRow", "PredictiveCheck", "cached_predictive_check", "predictive_check"]

Floats = NDArray[np.float64]
WORLDS = 512
ENDS = (0.05, 0.5, 0.95)
UNLIKELY = 0.05
"""A chance of a recorded choice below which the row is told as a misfit."""
ROUNDING = 1e-6


@dataclass(frozen=True)
class PredictedRow:
    """One row of the record, and what the model said of it when it knew the rows of the days before.

    Parameters
    ----------
    about, measure, by, source, unit
        As the record has them.
    element
        What of the model the row bears on.
    bears
        ``choice``, ``follow`` or ``measure``, as ``known`` maps it.
    value
        What the record says.
    chance
        Of a choice: the chance that the model gave it, averaged over worlds by weight.
    quantiles
        Of a number: the model's 5th, 50th and 95th percentile, over worlds by weight; with the error of the observation
        where it has one.
    below
        Of a number: the share of worlds below the recorded value, those that have just this counted half.
    weighs
        Whether the row weights worlds; a flow that is followed without an error does not.
    outside
        Whether a number lies outside the 5th to 95th percentile, or a choice had a chance below 5 %.
    """

    about: dt.date
    measure: str
    by: str
    source: str
    unit: str
    element: str
    bears: Literal["choice", "follow", "measure"]
    value: float | str
    chance: float | None
    quantiles: tuple[float, float, float] | None
    below: float | None
    weighs: bool
    outside: bool


@dataclass(frozen=True)
class PredictiveCheck:
    """Every row of a record that bears on the model, one step ahead.

    Parameters
    ----------
    rows
        In the order of the record.
    worlds
        How many worlds followed the record.
    effective
        How many equally weighted worlds they were worth on the last day.
    seed
        Of all luck, readings and numbers.
    """

    rows: tuple[PredictedRow, ...]
    worlds: int
    effective: float
    seed: int

    @property
    def outside(self) -> tuple[PredictedRow, ...]:
        """The rows that the model did not lead one to expect."""
        return tuple(row for row in self.rows if row.outside)

    @property
    def expected_outside(self) -> float:
        """How many numbers would lie outside by chance alone, one in ten, were the model right."""
        return 0.1 * sum(row.quantiles is not None for row in self.rows)


def predictive_check(
    case: Case,
    *,
    worlds: int = WORLDS,
    seed: int = 1,
    readings: Mapping[str, str] | None = None,
    posterior: Posterior | None = None,
) -> PredictiveCheck:
    """Hold every row of a case's record, up to its cut, to what the model said just before it was set.

    Worlds follow the record up to the day before, weighted by it. Of the day itself they know the choices that stand in
    the record; each of these is told with the chance it had, given the rows of the days before and the choices earlier
    on the same day. A flow or auxiliary that the record sets is told as the model had it.

    Parameters
    ----------
    case
        The case, cut where it is to be looked at (:meth:`detente.scenario.Case.cut`).
    worlds
        How many worlds, each of a draw of its own.
    seed
        The same seed, the same figures.
    readings
        Readings to fix; the others are drawn.
    posterior
        Draws to take in place of the declared ranges.

    Returns
    -------
    PredictiveCheck
        By row of the record, the chance that it had or the quantiles that it was told with, in its unit.

    References
    ----------
    A. P. Dawid, "Statistical theory: the prequential approach", J. Royal Statistical Society A 147 (1984).
    A. Gelman, X.-L. Meng, H. Stern, "Posterior predictive assessment of model fitness via realized discrepancies",
    Statistica Sinica 6 (1996).
    """
    program = build_program(case)
    from detente.dynamics.one_step_ahead import one_step_ahead  # the interpreter, which a check read back does without

    drawn = Draws(case, seed, program.parameters, posterior).take(np.arange(worlds, dtype=np.uint32), readings)
    forced = forced_by(case, program)
    numbers = {**{name: np.full(worlds, value) for name, value in program.exact.items()}, **drawn.values}
    rows: dict[int, list[PredictedRow]] = {}
    weights = np.ones(worlds)
    by_day = _by_day(case, program, forced)
    for ahead in one_step_ahead(program, drawn, seed, forced):
        rows[ahead.day] = list(_of_day(ahead, by_day.get(ahead.day, ()), case, program, numbers))
        weights = _weights(ahead.chosen)
    found = [row for day in sorted(rows) for row in rows[day]]
    return PredictiveCheck(tuple(found), worlds, float(1 / (weights**2).sum()) if found else float(worlds), seed)


def cached_predictive_check(case: Case, *, seed: int = 1, readings: Mapping[str, str] | None = None) -> PredictiveCheck:
    """Return the check of a case, made once for the same case, seed, readings and code and kept in the user's cache.

    Parameters
    ----------
    case
        The case, cut where it is to be looked at.
    seed
        The same seed, the same figures.
    readings
        Readings to fix; the others are drawn.

    Returns
    -------
    PredictiveCheck
        As :func:`predictive_check` gives it of :data:`WORLDS` worlds.
    """
    asked = json.dumps([case.hash, seed, dict(readings or {}), WORLDS])
    rooms = fingerprint_of_code("equations", "evidence", "scenario", "dynamics", "hindcast", ".")
    name = fingerprint(asked, current().key_uncompiled, rooms)
    made = adapter_of(PredictiveCheck)
    return cached("checks", name, made, lambda: predictive_check(case, seed=seed, readings=readings))


def _by_day(case: Case, program: Program, forced: Forced) -> dict[int, list[Observation]]:
    """Return the rows that set or weigh something, by day; of two on one element the later, which counts, stands."""
    found: dict[tuple[int, str], Observation] = {}
    for row in as_they_became_known(case.observations):
        day, known = program.day_of(row.about), case.scenario.known.get(row.measure)
        if known is None or row.value is None or not 0 <= day < program.days:
            continue
        element = known.choice or known.follow
        if known.choice is not None:
            there = forced.chosen[day, program.choices.index(known.choice)]
        elif known.follow is not None:
            there = forced.followed[day, program.follows.index(known.follow)]
        else:
            there = forced.observed[day, [name for name, _, _ in program.observed].index(row.measure)]
        if not np.isnan(there):
            found[day, element or row.measure] = row
    by_day: dict[int, list[Observation]] = {}
    for (day, _), row in sorted(found.items(), key=lambda item: item[1].place):
        by_day.setdefault(day, []).append(row)
    return by_day


def _of_day(
    ahead: Ahead, rows: Sequence[Observation], case: Case, program: Program, numbers: Mapping[str, Floats]
) -> list[PredictedRow]:
    """Return the rows of one day as the model saw them coming."""
    from detente.dynamics.one_step_ahead import log_of

    chances, log_weight = {}, ahead.before
    for name, p in ahead.chances.items():
        chances[name] = float(np.average(p, weights=_weights(log_weight)))
        log_weight = log_weight + log_of(p)
    weights, found = _weights(ahead.chosen), []
    for row in rows:
        known = case.scenario.known[row.measure]
        assert row.value is not None
        if known.choice is not None:
            if known.choice in chances:
                found.append(_choice(row, known.choice, chances[known.choice]))
            continue
        element = known.follow or known.measure or ""
        held = (ahead.own if known.follow is not None else ahead.evening).get(element)
        if held is not None and isinstance(row.value, float):
            errors = {name: error for name, _, error in program.observed}
            sd = numbers[errors[row.measure]] if row.measure in errors else None
            found.append(_number(row, element, held, weights, sd, follow=known.follow is not None))
    return found


def _choice(row: Observation, name: str, chance: float) -> PredictedRow:
    assert row.value is not None
    return PredictedRow(
        row.about, row.measure, row.by, row.source, row.unit, name, "choice", row.value, chance, None, None,
        weighs=True, outside=chance < UNLIKELY,
    )  # fmt: skip


def _number(
    row: Observation, element: str, held: Floats, weights: Floats, sd: Floats | None, *, follow: bool
) -> PredictedRow:
    """Return how a recorded number lies among those of the worlds, each spread by the error where it has one."""
    value = float(row.value)  # type: ignore[arg-type]
    if sd is None:
        slack = ROUNDING * max(1.0, abs(value))
        below = float(weights[held < value - slack].sum() + weights[np.abs(held - value) <= slack].sum() / 2)
        spread = held
    else:
        from scipy.special import ndtr, ndtri  # a quarter of a second that most commands do not need

        below = float((weights * ndtr((value - held) / sd)).sum())
        # Errors evenly over their distribution, in an order that has nothing to do with the worlds'.
        count = len(held)
        spread = held + sd * ndtri((np.random.default_rng(count).permutation(count) + 0.5) / count)
    low, middle, high = weighted_quantile(spread, weights, ENDS)
    slack = ROUNDING * max(1.0, abs(value))
    return PredictedRow(
        row.about, row.measure, row.by, row.source, row.unit, element, "follow" if follow else "measure", value, None,
        (low, middle, high), below, weighs=sd is not None, outside=not low - slack <= value <= high + slack,
    )  # fmt: skip


def _weights(log_weight: Floats) -> Floats:
    weights = np.exp(log_weight - log_weight.max())
    return np.asarray(weights / weights.sum())
