"""The key of a study: all that decides about its bits, so that the same thing asked twice has one, and no other has."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

from detente.cache import fingerprint, fingerprint_of_code
from detente.errors import ResultError
from detente.requests import Request, StabilityRequest
from detente.runtime import compiling, current
from detente.scenario import Case
from detente.scenario.files_of_case import files_of_case

__all__ = ["key_of"]

ROOMS = (
    ".", "analysis", "dynamics", "equations", "evidence", "exploration", "hindcast", "requests", "scenario",
    "stability", "validation",
)  # fmt: skip
"""Rooms whose code decides about a study."""
LIBRARIES = ("scipy", "scoringrules")
"""Whose versions decide too, beside those that the runtime names."""


def key_of(request: Request, case: Case) -> str:
    """Return the key of the study that comes of a request.

    It is made of the request, every file that the case is made of and every file that the request names, the code, and
    what is computed with. Where the files lie is no part of it.

    Raises
    ------
    ResultError
        If a file that the request names cannot be read.
    """
    asked = {name: words for name, words in request.data().items() if name != "case"}
    posterior = getattr(request, "posterior", None)
    if posterior is not None:
        asked["posterior"] = [_digest(Path(posterior))]
    files = {name: _digest(case.folder / name) for name in files_of_case(case, what_came=request.opens_what_came(case))}
    told = json.dumps([request.COMMAND, asked, case.name, case.hash, files], sort_keys=True)
    compiled = not isinstance(request, StabilityRequest)
    runtime = compiling().key if compiled else current().key_uncompiled
    return fingerprint(told, runtime, fingerprint_of_code(*ROOMS), *_versions())


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ResultError(f"{file}: cannot be read ({error.strerror})") from None


@cache
def _versions() -> tuple[str, ...]:
    return tuple(f"{name} {version(name)}" for name in LIBRARIES)
