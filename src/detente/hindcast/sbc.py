"""Does fitting recover what is known? Records written from a case's own worlds are fitted, and truths looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Simulation, forced_by
from detente.hindcast.fitting import fit_to
from detente.requests import FitRequest, Work
from detente.scenario import Case, Draws

__all__ = ["Recovery", "recover"]


@dataclass(frozen=True)
class Recovery:
    """Where known truths fell among what fitting left of the declared ranges.

    Parameters
    ----------
    numbers
        The numbers looked at.
    ranks
        How many of ``among`` particles lie below the truth, ``[records, numbers]``.
    among
        How many particles each truth was ranked among: a rank is one of ``among + 1``, each as likely as the others if
        the fitting is right.
    held
        Whether the central interval held the truth, ``[records, numbers]``.
    level
        Which part of the particles the interval holds.
    """

    numbers: tuple[str, ...]
    ranks: NDArray[np.int64]
    among: int
    held: NDArray[np.bool_]
    level: float

    def coverage(self, number: str | None = None) -> float:
        """Return the share of truths that their intervals hold: of one number, or of all."""
        return float(self.held.mean() if number is None else self.held[:, self.numbers.index(number)].mean())

    def histogram(self, number: str) -> NDArray[np.int64]:
        """Return how often each rank came up, ``[among + 1]``."""
        return np.bincount(self.ranks[:, self.numbers.index(number)], minlength=self.among + 1)

    def evenness(self, number: str) -> float:
        """Return how likely ranks at least so uneven are where the fitting is right: the p of a chi-square test."""
        from scipy.stats import chisquare  # half a second that most commands do not need

        return float(chisquare(self.histogram(number)).pvalue)


def recover(
    case: Case,
    records: Sequence[tuple[Mapping[str, float], Case]],
    request: FitRequest,
    *,
    among: int = 15,
    level: float = 0.9,
    work: Work | None = None,
) -> Recovery:
    """Fit a case to records whose truth is known, and look where the truths fall: simulation-based calibration.

    Truths must be drawn from the declared ranges, and records from the worlds they make. Then, whatever the case, ranks
    of truths are spread evenly, and intervals hold as many truths as they say.

    Parameters
    ----------
    case
        The case that is fitted.
    records
        For each record, the true value of every number and the case with what was observed.
    request
        What is asked of each fit. Its seed is that of the first; the others have the next ones.
    among, level
        How many particles truths are ranked among; which part of them an interval holds.
    work
        How the work is shared and stopped: what was fitted by then is returned.

    Returns
    -------
    Recovery
        Ranks of the truths, ``[records, numbers]``, and whether intervals held them, by number.

    References
    ----------
    S. Talts, M. Betancourt, D. Simpson, A. Vehtari, A. Gelman, "Validating Bayesian inference algorithms with
    simulation-based calibration", arXiv:1804.06788 (2018).
    """
    work, seed, particles = work or Work(), request.seed, request.particles
    simulation = Simulation(case, seed=seed, replicates=request.replicates, threads=work.threads)
    program, drawing = simulation.watch.program, Draws(case, seed, simulation.watch.program.parameters)
    ranks, held, until = [], [], case.zoned(request.until)
    for number, (truth, known) in enumerate(records):
        if work.stopped:
            break
        forced = forced_by(known, program)
        one = fit_to(
            simulation, forced, until, particles=particles, seed=seed + number, work=Work(stop=work.stop)
        ).posterior
        drawn = drawing.place(one.parameters, one.readings)
        values = drawn.matrix(program.parameters, np.float64)
        true = np.array([truth[name] for name in program.parameters])
        # Particles resemble those they descend from, which stand beside them: some are taken from all over.
        some = np.random.default_rng([seed, number]).permutation(particles)[:among]
        low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=1)
        ranks.append((values[:, some] < true[:, None]).sum(axis=1))
        held.append((low <= true) & (true <= high))
    shape = (len(ranks), len(program.parameters))
    return Recovery(
        program.parameters, np.array(ranks, np.int64).reshape(shape), among, np.array(held, bool).reshape(shape), level
    )
