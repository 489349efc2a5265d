"""Keep a case's swings under the user's cache directory: they depend on case and code, not on a run's size."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence

from detente.dynamics import Simulation
from detente.exploration.swings import Swing, swings
from detente.keeping import cache_file, fingerprint, fingerprint_of_code, keep, kept
from detente.runtime import compiling
from detente.scenario.posterior import Posterior

__all__ = ["ROOMS", "kept_swings"]

ROOMS = ("dynamics", "equations", "exploration", "scenario", ".")
"""Rooms whose code decides about an exploration."""


def kept_swings(
    simulation: Simulation,
    targets: Sequence[str],
    compute: Callable[[Simulation, Sequence[str]], dict[str, Swing]] = swings,
) -> dict[str, Swing]:
    """Return the swings of a case, computed once for the same case, seed, code and processor.

    Parameters
    ----------
    simulation, targets, compute
        What is swung, what it may move, and how it is computed where it is not kept yet.
    """
    file = cache_file("swings", f"{_key(simulation, targets)}.json")
    try:
        held = json.loads(kept(file) or b"")
        return {name: _swing(name, moved, total) for name, (moved, total) in held.items()}
    except (ValueError, AttributeError, TypeError):
        pass  # not kept yet, or of another form: both are mended by computing
    found = compute(simulation, targets)
    keep(file, json.dumps({name: (dict(swing.moved), dict(swing.total)) for name, swing in found.items()}).encode())
    return found


def _swing(name: str, moved: dict[str, float], total: dict[str, list[float]]) -> Swing:
    told = {target: (float(value), float(error)) for target, (value, error) in total.items()}
    return Swing(name, {target: float(change) for target, change in moved.items()}, told)


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
