"""A case's swings, computed once and kept: they depend on case and code, not on a run's size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from detente.cache import cached, fingerprint, fingerprint_of_code
from detente.dynamics import Simulation
from detente.exploration.one_at_a_time import Swing, swings
from detente.runtime import compiling
from detente.scenario.posterior import Posterior
from detente.stored import adapter_of

__all__ = ["ROOMS", "cached_swings"]

ROOMS = ("dynamics", "equations", "exploration", "scenario", ".")
"""Rooms whose code decides about an exploration."""


def cached_swings(
    simulation: Simulation,
    targets: Sequence[str],
    compute: Callable[[Simulation, Sequence[str]], dict[str, Swing]] = swings,
) -> dict[str, Swing]:
    """Return the swings of a case, computed once for the same case, seed, code and processor.

    Parameters
    ----------
    simulation, targets, compute
        What is swung, what it may move, and how it is computed where it is not kept yet.

    Returns
    -------
    dict of str to Swing
        By parameter or contested claim.
    """
    adapter = adapter_of(dict[str, Swing])
    return cached("swings", _key(simulation, targets), adapter, lambda: compute(simulation, targets))


def _key(simulation: Simulation, targets: Sequence[str]) -> str:
    ensemble = simulation.ensemble
    parts = [
        simulation.case.hash,
        str(ensemble.drawing.seed),
        str(ensemble.replicates),
        str(ensemble.weighted),
        str(ensemble.kernel.dtype),
        _fitted(ensemble.posterior),
        *targets,
        compiling().key,
        fingerprint_of_code(*ROOMS),
    ]
    return fingerprint(*parts)


def _fitted(posterior: Posterior | None) -> str:
    """Return the fingerprint of the draws that fitting left, where they are taken in place of the case's own."""
    if posterior is None:
        return ""
    digest = hashlib.sha256(posterior.until.isoformat().encode())
    for name, values in (*sorted(posterior.parameters.items()), *sorted(posterior.readings.items())):
        digest.update(name.encode() + values.tobytes())
    return digest.hexdigest()
