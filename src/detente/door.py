"""The case as a notebook meets it: what was described, with every method at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente import scenario
from detente.errors import Finding
from detente.exploration.expected import WORLDS, Held

if TYPE_CHECKING:
    from detente.exploration.compared import Comparison
    from detente.exploration.result import Exploration
    from detente.hindcast.fitting import Fitted
    from detente.hindcast.result import Hindcast
    from detente.run import Run
    from detente.stability.result import Stability
    from detente.validation import Validation

__all__ = ["Case", "examine", "load"]


class Case(scenario.Case):
    """One described crisis, checked, and ready to be asked by every method."""

    def run(self, **asked: Any) -> Run:
        """Run the case in many possible worlds; see :func:`detente.run.run` for what may be asked."""
        from detente.run import run  # brings JAX, which reading a case should not wait for

        return run(self, **asked)

    def stability(self, **asked: Any) -> Stability:
        """Say which states of the case's conflict could hold; see :func:`detente.stability.stability`."""
        from detente.stability import stability

        return stability(self, **asked)

    def explore(self, **asked: Any) -> Exploration:
        """Find what the case's answers hang on; see :func:`detente.exploration.explore.explore`."""
        from detente.exploration.explore import explore

        return explore(self, **asked)

    def compare(self, levers: Sequence[str], **asked: Any) -> Comparison:
        """Run levers in the same worlds as no lever; see :func:`detente.exploration.comparison.compare`."""
        from detente.exploration.comparison import compare

        return compare(self, levers, **asked)

    def expectations(
        self,
        *,
        worlds: int = WORLDS,
        seed: int = 1,
        weighted: bool = True,
        tellings: int | None = None,
        threads: int | None = None,
        progress: Callable[[int], None] | None = None,
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
        progress
            Called with the number of worlds done since the last call.

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
            self, worlds=worlds, seed=seed, weighted=weighted, tellings=tellings, threads=threads, progress=progress
        )

    def hindcast(self, **asked: Any) -> Hindcast:
        """Score the case on what came after its cut; see :func:`detente.hindcast.analysis.hindcast`."""
        from detente.hindcast.analysis import hindcast

        return hindcast(self, **asked)

    def fit(self, until: dt.datetime, **asked: Any) -> Fitted:
        """Find what the record up to a moment leaves of its ranges; see :func:`detente.hindcast.fitting.fit`."""
        from detente.hindcast.fitting import fit

        return fit(self, until=until, **asked)

    def validate(self, **asked: Any) -> Validation:
        """Hold the case to the tests of a reviewer; see :func:`detente.validation.validate`."""
        from detente.validation import validate

        return validate(self, **asked)


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
