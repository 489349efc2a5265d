"""Keep what could hold in a conflict under the user's cache directory: it depends on case and code, not on a run."""

from __future__ import annotations

import json
import pickle
import threading
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

from detente.keeping import cache_file, fingerprint, fingerprint_of_code, keep, kept
from detente.requests import StabilityRequest, own_cut, written_case
from detente.runtime import current
from detente.scenario import Case
from detente.stability import Stability, stability

__all__ = ["kept_stability"]

ROOMS = ("equations", "scenario", "stability", ".")
"""Rooms whose code decides about what could hold."""


def kept_stability(
    case: Case,
    *,
    account: str | None = None,
    readings: Mapping[str, str] | None = None,
    seed: int = 1,
    stop: threading.Event | None = None,
    compute: Callable[..., Stability] = stability,
) -> Stability:
    """Return what could hold in a case's conflict, analysed once for the same case, question, code and processor.

    Parameters
    ----------
    case, account, readings, seed, stop
        As :func:`detente.stability.stability` takes them.
    compute
        How it is analysed where it is not kept yet.
    """
    key = _key(case, account, readings or {}, seed)
    file = cache_file("stability", f"{key}.pickle")
    request = StabilityRequest(
        written_case(case), account=account, readings=readings or {}, seed=seed, as_of=own_cut(case)
    )
    try:
        held = kept(file)
        if held is not None:
            return Stability(case=case, request=request, **pickle.loads(held))
    except Exception:  # of classes that are gone: it is mended by computing
        pass
    found = compute(case, account=account, readings=readings, seed=seed, stop=stop)
    if not found.provenance.partial:
        _keep(file, found)
    return found


def _key(case: Case, account: str | None, readings: Mapping[str, str], seed: int) -> str:
    asked = json.dumps([case.hash, account, dict(readings), seed], sort_keys=True)
    return fingerprint(asked, current().key_uncompiled, fingerprint_of_code(*ROOMS))


def _keep(file: Path, found: Stability) -> None:
    """Write all of an analysis but the case and the request, which whoever asks has at hand."""
    try:
        kept_fields = [one.name for one in fields(found) if one.name not in ("case", "request")]
        content = pickle.dumps({name: getattr(found, name) for name in kept_fields})
    except (pickle.PicklingError, TypeError, AttributeError):
        return  # what cannot be written is computed again
    keep(file, content)
