"""Which parts of a case's declared ranges are consistent with its record up to a date: the door of fitting."""

from __future__ import annotations

import datetime as dt
import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.display import Displayed, shortened
from detente.dynamics import Forced, Simulation, forced_by
from detente.errors import RequestError
from detente.hindcast.information_cut import case_at
from detente.hindcast.likelihood import FAR, RecordLikelihood, dimensions_of, rows_that_bear
from detente.hindcast.outcomes import outcomes_of
from detente.hindcast.smc import Annealed, Stage, anneal
from detente.requests import FitRequest, Work, interruptible, own_rule, prepared, written_case
from detente.results import Provenance
from detente.run import refuse_unasked
from detente.scenario import Case, load
from detente.scenario.posterior import Posterior
from detente.stored import StoredInts

__all__ = ["PARTICLES", "REPLICATES", "Fitted", "fit", "fit_to", "perform_fit"]

Floats = NDArray[np.float64]
PARTICLES, REPLICATES = FitRequest.particles, FitRequest.replicates
FEW = 0.05
"""Of the moves: below this share they were taken too seldom."""
TOO_SHORT = 0.5
"""How far particles should have moved at the end, at least."""
NOISY = 1.5
"""Standard error of a log-likelihood beyond which luck decides rather than the numbers."""
FEW_ROOTS = 20


@dataclass(frozen=True)
class Fitted(Displayed):
    """What a record leaves of a case's declared ranges, and how well that is known.

    Parameters
    ----------
    request
        What was asked; its ``command()`` asks it again.
    posterior
        Equally weighted draws of numbers and readings, to be applied to a run.
    provenance
        How it was made; ``as_of`` is the moment up to which the record was used, ``worlds`` counts every model run.
    rows
        How many choices and measurements of the record bear on the model's numbers.
    bearing
        The numbers and readings that they can bear on; the others keep their declared ranges.
    stages
        The steps from the declared ranges to the whole record.
    log_evidence
        The logarithm of the mean likelihood of the record over the declared ranges.
    roots
        For each particle, the first one that it descends from.
    noise
        The standard error of the logarithm of one likelihood estimate.
    warnings
        What to beware of.
    """

    request: FitRequest
    posterior: Posterior
    provenance: Provenance
    rows: int
    bearing: frozenset[str]
    stages: tuple[Stage, ...]
    log_evidence: float
    roots: StoredInts
    noise: float
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        made, draws = self.provenance, f"{self.posterior.particles:,} draws"
        return shortened(f"Fitted({made.case!r}: {draws}, {self.rows} rows until {made.as_of}, seed {made.seed})")

    @property
    def partial(self) -> bool:
        """Whether it was stopped on the way, so that only a part of the record's weight is in it."""
        return self.provenance.partial


def fit(
    case: Case | str | Path,
    *,
    until: dt.datetime,
    particles: int = PARTICLES,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int | None = None,
    block_worlds: int | None = None,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Fitted:
    """Find the draws of a case's numbers and readings that are consistent with its record up to a moment.

    The case itself is never changed by it. Rows known by the case's own ``as_of`` come from its record, later ones from
    what it says came after; the result must then not be scored on what they decide.

    Parameters
    ----------
    case
        A case, its folder, or the name of a bundled one.
    until
        Rows of the record known by then are used; without a zone, in the case's own.
    particles, replicates, seed
        Draws, and worlds for each of them at each step; the same seed, the same bits.
    threads, block_worlds
        How the work is cut; neither changes a bit.
    progress, stop
        Called with the number of worlds done since the last call; set to stop early, marked as partial.

    Returns
    -------
    Fitted
        Draws with their numbers and readings, all of equal weight, and how they were found.

    Raises
    ------
    CaseError
        If the case, or what it says came after, has faults.
    RequestError
        If there is nothing to fit or to fit to.
    """
    given = Work(threads, block_worlds, progress, stop)
    request = FitRequest(
        written_case(case), until=until, particles=particles, replicates=replicates, seed=seed, rule=own_rule(case)
    )
    whole = case if isinstance(case, Case) else load(request.case)
    with interruptible(given) as work:
        return perform_fit(request, whole, work)


def perform_fit(request: FitRequest, case: Case, work: Work | None = None) -> Fitted:
    """Fit what a request asks for.

    Parameters
    ----------
    request, case
        What is asked, and the case that it names, read.
    work
        How the work is cut, watched and stopped.

    Returns
    -------
    Fitted
        As :func:`fit` gives it; ``partial`` in its provenance where the last temperature was not reached.

    Raises
    ------
    CaseError
        If what the case says came after has faults.
    RequestError
        If there is nothing to fit or to fit to.
    """
    work, whole, seed = work or Work(), prepared(case, request.rule), request.seed
    refuse_unasked(whole)
    until = whole.zoned(request.until)
    known = known_by(whole, until)
    simulation = Simulation(
        whole, seed=seed, replicates=request.replicates, threads=work.threads, block_worlds=work.block_worlds
    )
    forced = forced_by(known, simulation.watch.program)
    sized = {"particles": request.particles, "seed": seed}
    fitted = fit_to(simulation, forced, until, **sized, work=work)
    return replace(fitted, request=request)


def known_by(case: Case, until: dt.datetime) -> Case:
    """Return a case with what was known by a moment, be it before or after its own cut.

    Raises
    ------
    RequestError
        If the moment is later than the case's cut, and it does not say what came after.
    """
    if until <= case.scenario.as_of:
        return case.cut(until)
    return case_at(case, outcomes_of(case), until)


def fit_to(
    simulation: Simulation,
    forced: Forced,
    until: dt.datetime,
    *,
    particles: int = PARTICLES,
    seed: int = 1,
    work: Work | None = None,
) -> Fitted:
    """Fit a case that is ready to run to what a record sets: one compilation serves any number of records.

    Parameters
    ----------
    simulation
        The case, weighted.
    forced
        What the record sets.
    until, particles, seed
        As :func:`fit` takes them.
    work
        How the work is watched and stopped.

    Returns
    -------
    Fitted
        As :func:`fit` gives it.

    Raises
    ------
    RequestError
        If the case leaves nothing open.
    """
    work, known = work or Work(), dimensions_of(simulation, forced)
    if not known.parameters and not known.readings:
        raise RequestError(f"{simulation.case.name} leaves no number and no reading open: there is nothing to fit")
    likelihood = RecordLikelihood(
        simulation, forced, known, simulation.ensemble.replicates, work.progress, work.journal
    )
    found = anneal(likelihood, particles, len(known.numbers), len(known.choices), seed, work.stop)
    case, rows = simulation.case, rows_that_bear(simulation, forced)
    noise, warnings = _looked_over(likelihood, found, rows)
    posterior = Posterior(case.name, case.hash, until, *_placed(likelihood, found, seed))
    provenance = Provenance(
        case.name, case.hash, until.isoformat(), None, {}, seed, likelihood.worlds, simulation.ensemble.replicates,
        True, found.partial, simulation.ensemble.kernel.dtype.__name__,
    )  # fmt: skip
    request = FitRequest(
        written_case(case), until=until, particles=particles, replicates=simulation.ensemble.replicates, seed=seed,
        rule=own_rule(case),
    )  # fmt: skip
    return Fitted(
        request, posterior, provenance, rows, known.bearing, found.stages, found.log_evidence, found.ancestry, noise,
        warnings,
    )  # fmt: skip


def _placed(
    likelihood: RecordLikelihood, found: Annealed, seed: int
) -> tuple[Mapping[str, Floats], Mapping[str, Floats]]:
    """Return every number and reading of the particles; those that the record cannot see are drawn as declared."""
    at, readings_at = (dict(placed) for placed in likelihood.placed(found.points))
    count = len(found.points)
    for placed in (at, readings_at):
        for name in set(placed) - likelihood.dimensions.bearing:
            luck = np.random.default_rng([seed, *f"as declared {name}".encode()])
            # One in each of as many equal parts: what the record cannot see should not seem to move either.
            placed[name] = (luck.permutation(count) + luck.random(count)) / count
    return at, readings_at


def _looked_over(likelihood: RecordLikelihood, found: Annealed, rows: int) -> tuple[float, tuple[str, ...]]:
    """Return how much luck there is in a likelihood, and what to beware of, the gravest first."""
    if found.partial:
        return math.nan, ("stopped on the way: only a part of the record's weight is in it",)
    if not rows:
        return 0.0, ("no choice or measurement of the record was known by then: the declared ranges stay as they are",)
    if not likelihood.dimensions.bearing:
        return 0.0, ("the record bears on nothing that is left open: the declared ranges stay as they are",)
    last, said = found.stages[-1], []
    noise = likelihood.noise(found.points, found.unused)
    if float(found.log_likelihood.max()) <= math.log(FAR):
        days = [day.isoformat() for day in likelihood.missed(found.points, found.unused)]
        if days:
            said.append(f"no draw comes near what the record says of {', '.join(days)}: ranges or equations miss it")
    if last.acceptance < FEW:
        said.append(f"only {100 * last.acceptance:.1f} % of the last moves were taken: raise the worlds")
    elif last.sweeps and last.moved < TOO_SHORT:
        said.append("particles had not moved far when they were left: raise the particles, and compare seeds")
    if noise > NOISY:
        said.append("luck decides more of each likelihood than the numbers do: raise the worlds")
    if last.sweeps and len(np.unique(found.ancestry)) < FEW_ROOTS:
        said.append("few of the first draws have a descendant left: raise the particles")
    return noise, tuple(said)
