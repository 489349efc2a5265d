"""Keep explorations, and what came of holding models to their claims, under the user's cache directory.

The brief, ``why`` and ``check`` can show them without running them again.
"""

from __future__ import annotations

import json
import threading
import types
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass, replace
from typing import Any, Union, get_args, get_origin, get_type_hints

from detente.exploration.expectations import hold_to_claims
from detente.exploration.expected import WORLDS as BY_SIDE
from detente.exploration.expected import Held
from detente.exploration.explore import WORLDS, explore
from detente.exploration.keeping import ROOMS
from detente.exploration.result import Exploration
from detente.keeping import cache_file, fingerprint, fingerprint_of_code, keep, kept
from detente.requests import ExploreRequest, own_cut, own_rule, written_case
from detente.runtime import compiling
from detente.scenario import Case

__all__ = ["kept_expectations", "kept_exploration", "restored", "stored"]


def kept_exploration(
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
        What was kept, or what was computed now; where that was stopped on the way it is not kept.
    """
    request = ExploreRequest(
        written_case(case), worlds=worlds, seed=seed, weighted=weighted, rule=own_rule(case), as_of=own_cut(case)
    )
    file = cache_file("explorations", f"{_key(case.hash, worlds, seed, weighted)}.json")
    try:
        return restored((kept(file) or b"").decode(), request)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass  # not kept yet, or of another form: both are mended by computing
    found = compute(case, worlds=worlds, seed=seed, weighted=weighted, progress=progress, stop=stop)
    if not found.provenance.partial:
        keep(file, stored(found).encode())
    return found


def kept_expectations(
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
    file = cache_file("expectations", f"{_key(case.hash + asked, worlds, seed, True)}.json")
    try:
        held: Held = _built(Held, json.loads(kept(file) or b""))
        return held
    except (ValueError, KeyError, TypeError, AttributeError):
        pass  # not kept yet, or of another form: both are mended by computing
    found = compute(case, worlds=worlds, seed=seed, progress=progress, stop=stop)
    if not found.provenance.partial:
        keep(file, json.dumps(asdict(found), ensure_ascii=False).encode())
    return found


def _key(asked: str, worlds: int, seed: int, weighted: bool) -> str:
    """Return the name under which something is kept: by what was asked, the code and what it is computed with."""
    return fingerprint(asked, str(worlds), str(seed), str(weighted), compiling().key, fingerprint_of_code(*ROOMS))


def stored(found: Exploration) -> str:
    """Return all of an exploration but its request as text that :func:`restored` reads back to the last bit."""
    return json.dumps({**asdict(found), "request": None}, ensure_ascii=False)


def restored(text: str, request: ExploreRequest) -> Exploration:
    """Return the exploration that a text was stored from.

    Parameters
    ----------
    text
        What was stored.
    request
        What is asked: the same as was asked then, maybe in other words.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        If it is no such text.
    """
    found: Exploration = _built(Exploration, json.loads(text))
    return replace(found, request=request)


def _built(hint: Any, value: Any) -> Any:
    """Return a value as what its place in a frozen result wants: dataclasses, tuples and maps of these."""
    origin, arguments = get_origin(hint), get_args(hint)
    if value is None:
        return None
    if origin in (Union, types.UnionType):
        return _built(next(one for one in arguments if one is not types.NoneType), value)
    if origin is tuple:
        inner = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(_built(one, each) for one, each in zip(inner, value, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {name: _built(arguments[1], each) for name, each in value.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{name: _built(hints[name], each) for name, each in value.items()})
    return value
