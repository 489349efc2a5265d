"""Keep a case's swings under the user's cache directory: they depend on case and code, not on a run's size."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import platformdirs

from detente.dynamics import Simulation
from detente.exploration.swings import Swing, swings
from detente.results import Provenance

__all__ = ["fingerprint_of_code", "kept_swings"]

PACKAGE = Path(__file__).resolve().parents[1]


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
    file = platformdirs.user_cache_path("detente") / "swings" / f"{_key(simulation, targets)}.json"
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {name: Swing(name, {str(t): float(v) for t, v in moved.items()}) for name, moved in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        pass  # not kept yet, or spoilt: both are mended by computing
    found = compute(simulation, targets)
    text = json.dumps({name: dict(swing.moved) for name, swing in found.items()})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(file)  # at once, so that another process never reads half a file
    except OSError:
        pass  # a cache that cannot be written is only slower
    return found


def _key(simulation: Simulation, targets: Sequence[str]) -> str:
    ensemble, made = simulation.ensemble, Provenance("", "", "", None, {}, 0, 0, 0)
    parts = [
        simulation.case.hash,
        str(ensemble.drawing.seed),
        str(ensemble.replicates),
        str(ensemble.weighted),
        str(ensemble.kernel.dtype),
        *targets,
        json.dumps(dict(made.versions), sort_keys=True),
        made.processor,
        fingerprint_of_code(),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


@cache
def fingerprint_of_code() -> str:
    """Return the fingerprint of the package's own code: while it is worked on, nothing stale is read."""
    digest = hashlib.sha256()
    for room in ("dynamics", "equations", "exploration", "scenario", "."):
        for file in sorted((PACKAGE / room).glob("*.py" if room == "." else "**/*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()
