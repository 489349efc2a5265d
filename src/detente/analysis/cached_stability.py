"""What could hold in a conflict, analysed once and kept: it depends on case and code, not on a run."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from detente.cache import cached, fingerprint, fingerprint_of_code
from detente.requests import StabilityRequest, own_cut, written_case
from detente.runtime import current
from detente.scenario import Case
from detente.stability import Stability, stability
from detente.stability.conflict import conflict_of
from detente.stored import adapter_of

__all__ = ["cached_stability", "in_case"]

ROOMS = ("equations", "scenario", "stability", ".")
"""Rooms whose code decides about what could hold."""


def cached_stability(
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

    Returns
    -------
    Stability
        Of this very case, as the request words it.
    """
    asked = json.dumps([case.hash, account, dict(readings or {}), seed], sort_keys=True)
    found = cached(
        "stability",
        fingerprint(asked, current().key_uncompiled, fingerprint_of_code(*ROOMS)),
        adapter_of(Stability),
        lambda: compute(case, account=account, readings=readings, seed=seed, stop=stop),
        is_whole=lambda made: not made.provenance.partial,
        context={"case": case},
    )
    request = StabilityRequest(
        written_case(case), account=account, readings=readings or {}, seed=seed, as_of=own_cut(case)
    )
    return replace(in_case(found, case), request=request)


def in_case(found: Stability, case: Case) -> Stability:
    """Return an analysis with the case that it is of, and its conflict, which are not written with it.

    Parameters
    ----------
    found
        As it was read back.
    case
        The case, as it stood.

    Returns
    -------
    Stability
        The same, complete.
    """
    return replace(found, case=case, conflict=conflict_of(case, found.provenance.readings))
