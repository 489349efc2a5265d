"""Explorations, and what came of holding models to their claims, computed once and kept.

The brief, ``why`` and ``check`` can show them without running them again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from detente.cache import cached, fingerprint, fingerprint_of_code
from detente.exploration.cached_swings import ROOMS
from detente.exploration.expectations import hold_to_claims
from detente.exploration.expected import WORLDS as BY_SIDE
from detente.exploration.expected import Held
from detente.exploration.explore import WORLDS, explore
from detente.exploration.result import Exploration
from detente.requests import ExploreRequest, own_cut, own_rule, written_case
from detente.runtime import compiling
from detente.scenario import Case
from detente.stored import adapter_of

__all__ = ["cached_expectations", "cached_exploration"]


def cached_exploration(
    case: Case,
    *,
    worlds: int = WORLDS,
    seed: int = 1,
    weighted: bool = True,
    compute: Callable[..., Exploration] = explore,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Exploration:
    """Return the exploration of a case, computed once for the same case, size, seed, code and processor.

    Parameters
    ----------
    case, worlds, seed, weighted
        As :func:`detente.exploration.explore.explore` takes them.
    compute
        How it is computed where it is not kept yet.
    progress, stop
        What ``compute`` is handed besides.

    Returns
    -------
    Exploration
        As the request words it.
    """
    found = cached(
        "explorations",
        _key(case.hash, worlds, seed, weighted),
        adapter_of(Exploration),
        lambda: compute(case, worlds=worlds, seed=seed, weighted=weighted, progress=progress, stop=stop),
        is_whole=lambda made: not made.provenance.partial,
        context={"case": case},
    )
    request = ExploreRequest(
        written_case(case), worlds=worlds, seed=seed, weighted=weighted, rule=own_rule(case), as_of=own_cut(case)
    )
    return replace(found, request=request)


def cached_expectations(
    case: Case,
    *,
    worlds: int = BY_SIDE,
    seed: int = 1,
    compute: Callable[..., Held] = hold_to_claims,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Held | None:
    """Return what came of holding a case to its claims, computed once for the same case, size, seed and code.

    Parameters
    ----------
    case, worlds, seed
        As :func:`detente.exploration.expectations.hold_to_claims` takes them.
    compute
        How it is computed where it is not kept yet.
    progress, stop
        What ``compute`` is handed besides.

    Returns
    -------
    Held or None
        None where no claim of the case expects anything.
    """
    if not case.elements.expectations:
        return None
    asked = repr([(one, case.scenario.claims[one.claim].disputed_by) for one in case.elements.expectations])
    return cached(
        "expectations",
        _key(case.hash + asked, worlds, seed, True),
        adapter_of(Held),
        lambda: compute(case, worlds=worlds, seed=seed, progress=progress, stop=stop),
        is_whole=lambda made: not made.provenance.partial,
        context={"case": case},
    )


def _key(asked: str, worlds: int, seed: int, weighted: bool) -> str:
    """Return the name under which something is kept: by what was asked, the code and what it is computed with."""
    return fingerprint(asked, str(worlds), str(seed), str(weighted), compiling().key, fingerprint_of_code(*ROOMS))
