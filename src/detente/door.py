"""The case as a notebook meets it: what was described, with every method at hand."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from detente import scenario
from detente.errors import Finding
from detente.exploration.expected import WORLDS, Held

if TYPE_CHECKING:
    from detente.exploration.comparison_result import Comparison
    from detente.exploration.result import Exploration
    from detente.hindcast.fitting import Fitted
    from detente.hindcast.result import Hindcast
    from detente.run import Run
    from detente.scenario.posterior import Posterior
    from detente.stability.result import Stability
    from detente.validation import Validation

__all__ = ["Case", "examine", "load"]


class Case(scenario.Case):
    """One described crisis, checked, and ready to be asked by every method."""

    def run(
        self,
        *,
        worlds: int = 100_000,
        seed: int = 1,
        account: str | None = None,
        readings: Mapping[str, str] | None = None,
        as_of: dt.datetime | None = None,
        replicates: int = 16,
        weighted: bool = True,
        precision: Literal["float32", "float64"] = "float32",
        block_worlds: int | None = None,
        threads: int | None = None,
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
        posterior: Posterior | None = None,
        other_ranges: bool = True,
    ) -> Run:
        """Run the case in many possible worlds, as :func:`detente.run.run` does.

        Parameters
        ----------
        worlds, seed
            Draws times replicates, over all parts; the same seed, the same bits.
        account, readings, as_of
            An account to tell, single readings to fix, an earlier moment at which what was known is cut.
        replicates, weighted, precision
            Worlds per draw; whether they count by how well they follow what was known; of their numbers.
        block_worlds, threads
            How the work is cut, which changes no bit.
        progress, stop
            Called with the number of worlds done since the last call; set to stop early, marked as partial.
        posterior, other_ranges
            Draws to take in place of the declared ranges; whether some worlds have other ranges.

        Returns
        -------
        Run
            Answers, bands and courses by part, pooled over the parts, with the provenance.
        """
        from detente.run import run  # brings JAX, which reading a case should not wait for

        return run(
            self, worlds=worlds, seed=seed, account=account, readings=readings, as_of=as_of, replicates=replicates,
            weighted=weighted, precision=precision, block_worlds=block_worlds, threads=threads, progress=progress,
            stop=stop, posterior=posterior, other_ranges=other_ranges,
        )  # fmt: skip

    def stability(
        self,
        *,
        account: str | None = None,
        readings: Mapping[str, str] | None = None,
        sanctions: str = "legal",
        horizons: Sequence[int] = (2, 3),
        rankings: int = 1_000,
        seed: int = 1,
        coalitions: bool = True,
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Stability:
        """Say which states of the case's conflict could hold, as :func:`detente.stability.stability` does.

        Parameters
        ----------
        account, readings
            An account to tell, and single readings to fix.
        sanctions
            How others may answer a move: ``legal``, ``once`` or ``single``.
        horizons
            Of limited-move stability, 2 or more each.
        rankings, seed
            How many rankings to sample, 0 for none; the same seed, the same shares.
        coalitions
            Whether decision makers may join.
        progress, stop
            Called with the number of rankings done since the last call; set to stop early, marked as partial.

        Returns
        -------
        Stability
            States, stable states and equilibria under every concept.
        """
        from detente.stability import stability

        return stability(
            self, account=account, readings=readings, sanctions=sanctions, horizons=horizons, rankings=rankings,
            seed=seed, coalitions=coalitions, progress=progress, stop=stop,
        )  # fmt: skip

    def explore(
        self,
        *,
        question: str | None = None,
        worlds: int = 2**18,
        seed: int = 1,
        weighted: bool = True,
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Exploration:
        """Find what the case's answers hang on, as :func:`detente.exploration.explore.explore` does.

        Parameters
        ----------
        question
            One question or measure; all questions and headline measures by default.
        worlds, seed
            About how many times the model is run, over all parts; the same seed, the same bits.
        weighted
            Whether worlds count by how well they follow what was known.
        progress, stop
            Called with the number of worlds done since the last call; set to stop early, marked as partial.

        Returns
        -------
        Exploration
            Shares, contested claims, regions, thresholds and indicators by question or measure.
        """
        from detente.exploration.explore import explore

        return explore(
            self, question=question, worlds=worlds, seed=seed, weighted=weighted, progress=progress, stop=stop
        )

    def compare(
        self,
        levers: Sequence[str],
        *,
        from_day: str | None = None,
        worlds: int = 2**17,
        seed: int = 1,
        weighted: bool = True,
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Comparison:
        """Run levers in the same worlds as no lever, as :func:`detente.exploration.comparison.compare` does.

        Parameters
        ----------
        levers
            Names of the case's levers.
        from_day
            ``day 10`` or a date, in place of each lever's own day.
        worlds, seed
            About how many times the model is run, over all choices and accounts; the same seed, the same bits.
        weighted
            Whether worlds count by how well they follow what was known.
        progress, stop
            Called with the number of worlds done since the last call; set to stop early, marked as partial.

        Returns
        -------
        Comparison
            By lever, answer and telling the difference to no lever.
        """
        from detente.exploration.comparison import compare

        return compare(
            self, levers, from_day=from_day, worlds=worlds, seed=seed, weighted=weighted, progress=progress, stop=stop
        )

    def expectations(
        self,
        *,
        worlds: int = WORLDS,
        seed: int = 1,
        weighted: bool = True,
        tellings: int | None = None,
        threads: int | None = None,
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Held:
        """Hold the model to what its claims expect of it, in pairs of worlds with the same draws and luck.

        Parameters
        ----------
        worlds
            About how many worlds are run on either side of every comparison.
        seed
            The same seed gives the same bits.
        weighted
            Whether worlds count by how well they follow what was known.
        tellings
            For a quick look: to how many accounts each expectation is put at most; by default to all
            that do not deny it.
        threads
            How many threads; it changes no bit of the result.
        progress, stop
            Called with the number of worlds done since the last call; set to stop early, marked as partial.

        Returns
        -------
        Held
            What came of every expectation, in every telling.

        Raises
        ------
        RequestError
            If no claim of the case expects anything.
        """
        from detente.exploration.expectations import hold_to_claims

        return hold_to_claims(
            self, worlds=worlds, seed=seed, weighted=weighted, tellings=tellings, threads=threads, progress=progress,
            stop=stop,
        )  # fmt: skip

    def hindcast(
        self,
        *,
        as_of: dt.datetime | None = None,
        step: dt.timedelta | None = None,
        to: dt.datetime | None = None,
        questions: Sequence[str] | None = None,
        worlds: int = 100_000,
        seed: int = 1,
        replicates: int = 16,
        posterior: Posterior | None = None,
        precision: Literal["float32", "float64"] = "float32",
        threads: int | None = None,
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
        reasons: bool = True,
    ) -> Hindcast:
        """Score the case on what came after its cut, as :func:`detente.hindcast.analysis.hindcast` does.

        Parameters
        ----------
        as_of, step, to
            The first cut, how far cuts lie apart, the last.
        questions
            Which to score; by default all whose outcome is known.
        worlds, seed, replicates
            At each cut, over the mixtures and all accounts; the same seed, the same bits; worlds per draw.
        posterior
            Draws fitted up to some moment, in place of the declared ranges.
        precision, threads
            Of the numbers of worlds; how the work is shared, which changes no bit.
        progress, stop
            Called with the number of worlds done since the last call; set to stop early, marked as partial.
        reasons
            Whether to look for reasons that moved forecasts, and to score without those that hindsight may have given.

        Returns
        -------
        Hindcast
            Forecasts by cut and question with their scores, beside those of the baselines.
        """
        from detente.hindcast.analysis import hindcast

        return hindcast(
            self, as_of=as_of, step=step, to=to, questions=questions, worlds=worlds, seed=seed, replicates=replicates,
            posterior=posterior, precision=precision, threads=threads, progress=progress, stop=stop, reasons=reasons,
        )  # fmt: skip

    def fit(
        self,
        until: dt.datetime,
        *,
        particles: int = 1_024,
        replicates: int = 16,
        seed: int = 1,
        threads: int | None = None,
        block_worlds: int | None = None,
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Fitted:
        """Find what the record up to a moment leaves of the ranges, as :func:`detente.hindcast.fitting.fit` does.

        Parameters
        ----------
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
            Draws with their numbers and readings, and how they were found.
        """
        from detente.hindcast.fitting import fit

        return fit(
            self, until=until, particles=particles, replicates=replicates, seed=seed, threads=threads,
            block_worlds=block_worlds, progress=progress, stop=stop,
        )  # fmt: skip

    def validate(
        self,
        *,
        quick: bool = False,
        worlds: int = 1_024,
        seed: int = 1,
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Validation:
        """Hold the case to the tests of a reviewer, as :func:`detente.validation.validate` does.

        Parameters
        ----------
        quick
            Whether to leave out what takes longest.
        worlds, seed
            Worlds of each test that runs some, 16 or more; the same seed, the same sheet.
        progress, stop
            Called with 1 for each stage that is done; set to end early.

        Returns
        -------
        Validation
            Every test with its verdict and its places.
        """
        from detente.validation import validate

        return validate(self, quick=quick, worlds=worlds, seed=seed, progress=progress, stop=stop)


def examine(where: str | Path) -> tuple[Case | None, list[Finding]]:
    """Read a case and check it; return it, if it could be read, with everything that was found.

    Parameters
    ----------
    where
        A folder, its ``scenario.yaml``, or the name of a bundled case.
    """
    case, findings = scenario.examine(where)
    return None if case is None else _with_methods(case), findings


def load(where: str | Path) -> Case:
    """Read a case that must be sound.

    Parameters
    ----------
    where
        A folder, its ``scenario.yaml``, or the name of a bundled case.

    Raises
    ------
    CaseError
        With every fault in one go.
    RequestError
        If there is no such case.
    """
    return _with_methods(scenario.load(where))


def _with_methods(case: scenario.Case) -> Case:
    return Case(**{field.name: getattr(case, field.name) for field in fields(case)})
