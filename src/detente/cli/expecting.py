"""A wish to have the model held to its claims too; what that takes is brought in only where it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.asking import progress_bar
from detente.exploration.expected import WORLDS, Held
from detente.requests import RunRequest
from detente.scenario import Case

if TYPE_CHECKING:
    from detente.run import Run

__all__ = ["asked_expectations", "held_to_claims"]


def asked_expectations(request: RunRequest, made: Run) -> Held | None:
    """Hold the case of a run to its claims, where that is asked for and the run was not stopped on its way."""
    if not request.expectations or made.provenance.partial:
        return None
    return held_to_claims(made.case, WORLDS, request.seed)


def held_to_claims(case: Case, worlds: int, seed: int) -> Held | None:
    """Return what came of holding a case to its claims, with a bar meanwhile; None where none expects anything."""
    from detente.exploration.expectations import worlds_to_run  # these bring JAX, which a plain check does not need
    from detente.exploration.storing import kept_expectations

    with progress_bar("holding to claims", worlds_to_run(case, worlds)) as progress:
        return kept_expectations(case, worlds=worlds, seed=seed, progress=progress)
