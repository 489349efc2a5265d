"""What decides about the bits of a result beside its case and the code: libraries, processor, settings of the compiler.

Every result's provenance and every cache's key are made from the one :class:`Runtime` of the process. What it takes to
compile is settled when something is first compiled, not when a module is imported: a process that only reads a case
leaves the settings of JAX alone.

XLA takes some settings with each compilation (:data:`OPTIONS`). The rest (:data:`FLAGS`) it reads once in a process,
from the environment, and a flag that it does not know ends the process: so these are set only for versions of jaxlib
that were tested with them, only where XLA has not read the environment yet, and only until it has.
docs/decisions/2026-11-23-all-days-in-one-loop.md says what they do, docs/decisions/2026-12-01-one-runtime.md the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any

from detente.machine import processor, processor_features

__all__ = ["FLAGS", "OPTIONS", "SCHEMA_OF_RUNTIME", "TESTED", "Runtime", "compiling", "current"]

OPTIONS: Mapping[str, bool | int] = {
    "xla_cpu_multi_thread_eigen": False,  # blocks of worlds are spread over threads instead
    "xla_backend_optimization_level": 2,
    "xla_cpu_prefer_vector_width": 512,  # vectors as wide as the processor has them
}
"""Settings of XLA that go with each compilation, and touch nothing else in the process."""
FLAGS: Mapping[str, str] = {
    "xla_cpu_small_while_loop_byte_threshold": "1000000000",  # a loop over days is one function
    "xla_cpu_use_multi_output_fusion": "true",  # what several results share is computed once
    "-vectorize-memory-check-threshold": "1000",  # LLVM's: vectors also where a loop reads and writes many arrays
    "xla_cpu_disable_loop_unrolling": "",
    "xla_cpu_disable_slp_vectorizer": "",
}
"""Settings of XLA's compiler for processors, and of LLVM beneath it, for the whole process."""
TESTED: Mapping[str, Mapping[str, str]] = {"0.10": FLAGS}
"""By minor version of jaxlib, the flags that it was tested with. A line is added when the lock is raised to a new one,
after `make test`, and with it the upper bound of jax in pyproject.toml."""
LIBRARIES = ("detente", "jax", "jaxlib", "numpy")
"""Whose versions decide about the bits, beside Python's own."""
ENVIRONMENT = ("JAX_", "PJRT_", "NPROC")
"""How the names of other environment variables begin that may decide about what is compiled."""
EXTRA = "xla_backend_extra_options"
_settling = threading.Lock()
_settled: list[Runtime] = []


@dataclass(frozen=True)
class Runtime:
    """What a process computes with.

    Parameters
    ----------
    versions
        Of Python, Détente and the libraries that decide about bits.
    processor
        The kind of processor, as the system names it.
    features
        A short name for what the processor can do.
    options
        The settings of XLA that go with each compilation; empty where nothing was compiled.
    flags
        The settings of XLA that the process had when it first compiled, as ``name=value``.
    applied
        Whether XLA has all settings that this version of Détente wants; None where nothing was compiled.
    compiler
        A short name for all that XLA says it was told, and whatever else in the environment decides about its code.
    warnings
        What a reader should know, as sentences.
    """

    versions: Mapping[str, str]
    processor: str
    features: str
    options: Mapping[str, bool | int] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    applied: bool | None = None
    compiler: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """All of it as one text, for the key under which something compiled, or computed with it, is kept."""
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def key_uncompiled(self) -> str:
        """The same for what is computed without the compiler, whose settings then count for nothing."""
        return json.dumps([dict(self.versions), self.processor, self.features], sort_keys=True)

    def told(self) -> dict[str, Any]:
        """Return it as plain data, as a report gives it; :data:`SCHEMA_OF_RUNTIME` is its form."""
        return {
            "versions": dict(self.versions),
            "processor": self.processor,
            "compiler": {
                "settings": [*(f"{name}={_plain(value)}" for name, value in self.options.items()), *self.flags],
                "as_wanted": self.applied,
                "fingerprint": self.compiler,
            },
            "warnings": list(self.warnings),
        }

    @staticmethod
    def of(data: Mapping[str, Any]) -> Runtime:
        """Return what :func:`dataclasses.asdict` made into plain data."""
        return Runtime(**{**data, "flags": tuple(data["flags"]), "warnings": tuple(data["warnings"])})


_TEXT = {"type": "string"}
SCHEMA_OF_RUNTIME: Mapping[str, Any] = {
    "versions": {"type": "object", "additionalProperties": _TEXT},
    "processor": _TEXT,
    "compiler": {
        "type": "object",
        "properties": {
            "settings": {"type": "array", "items": _TEXT},
            "as_wanted": {"type": ["boolean", "null"]},
            "fingerprint": _TEXT,
        },
        "required": ["settings", "as_wanted", "fingerprint"],
        "additionalProperties": False,
    },
    "warnings": {"type": "array", "items": _TEXT},
}
"""The properties, in JSON Schema, of what :meth:`Runtime.told` returns."""


def current() -> Runtime:
    """Return what this process computes with; nothing is told of a compiler before it is needed."""
    return _settled[0] if _settled else _uncompiled()


def compiling() -> Runtime:
    """Return what this process compiles with: XLA is given its settings on the first call, and JAX imported.

    Where JAX was used before, or is of a version that was not tested, it computes with the settings that there are; the
    runtime then says so, and has a key of its own.
    """
    if not _settled:
        with _settling:
            if not _settled:
                _settled.append(_settle())
    return _settled[0]


@cache
def _uncompiled() -> Runtime:
    versions = {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}
    return Runtime(versions, processor(), processor_features())


def _settle() -> Runtime:
    """Give XLA its settings and ask it what it has."""
    own = _uncompiled()
    users = os.environ.get("XLA_FLAGS", "")
    wanted = TESTED.get(minor(own.versions["jaxlib"]))
    with _environment(_with_flags(users, wanted or {})):
        told = _told(wanted is not None)
    asked = {name: value for name, value in OPTIONS.items() if name not in _named(users)}
    options = asked if wanted is not None else _accepted(asked)
    had = {text.removeprefix(f"{EXTRA}=") for text in told or () if text.startswith(f"{EXTRA}=")}
    flags = {text for text in told or () if text.partition("=")[0] in _named(users) - {EXTRA}}
    missing = [name for name, value in (FLAGS if wanted is None else wanted).items() if f"{name}={value}" not in had]
    applied = not missing and dict(options) == dict(OPTIONS)
    return Runtime(
        own.versions, own.processor, own.features, options, (*sorted(had), *sorted(flags)), applied,
        _fingerprint(told), _warnings(own.versions["jaxlib"], users, missing, told is None),
    )  # fmt: skip


def minor(of: str) -> str:
    """Return the minor version that a version belongs to: ``0.10`` for ``0.10.2``."""
    return ".".join(of.split(".")[:2])


def _named(flags: str) -> set[str]:
    """Return the names of the flags in a text for ``XLA_FLAGS``."""
    return {word.lstrip("-").partition("=")[0] for word in flags.split()}


def _with_flags(users: str, wanted: Mapping[str, str]) -> str:
    """Return what ``XLA_FLAGS`` is set to: what the user sets comes last and wins."""
    if not wanted or (users and not users.lstrip().startswith("-")):  # the name of a file with flags
        return users
    ours = ",".join(f"{name}={value}" for name, value in wanted.items())
    return " ".join([f"--{EXTRA}={ours}", *users.split()])


@contextmanager
def _environment(flags: str) -> Iterator[None]:
    """Set ``XLA_FLAGS`` for as long as XLA reads it; processes begun later do not inherit it."""
    before = os.environ.get("XLA_FLAGS")
    if flags:
        os.environ["XLA_FLAGS"] = flags
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("XLA_FLAGS", None)
        else:
            os.environ["XLA_FLAGS"] = before


def _told(tested: bool) -> list[str] | None:
    """Return every setting that XLA has, as ``name=value`` in order; None where this version does not say.

    Making options for a compilation is what has XLA read its environment, if it has not yet.
    """
    import jax  # a second that only what compiles needs

    try:
        from jaxlib.xla_client import CompileOptions

        options = CompileOptions()
        if not tested:  # what is inside may be laid out otherwise
            return [hashlib.sha256(options.SerializeAsString()).hexdigest()]
        build = options.executable_build_options  # what is inside does not keep what is around it
        text = repr(build.debug_options)
    except (ImportError, AttributeError):
        jax.local_devices()
        return None
    # XLA changes the blanks between its words from process to process, so that nobody compares them as text.
    found = re.findall(r'(\w+): ("[^"]*"|\S+)|(\w+) \{\s*key: "([^"]*)"\s*value: "([^"]*)"\s*\}', text)
    return sorted(f"{name}={value}" if name else f"{table}={key}={entry}" for name, value, table, key, entry in found)


def _accepted(options: Mapping[str, bool | int]) -> dict[str, bool | int]:
    """Return the options that a version which was not tested accepts, each tried on a function that does nothing."""
    import jax
    import numpy as np

    found = {}
    for name, value in options.items():
        one: dict[str, Any] = {name: value}
        try:
            jax.jit(lambda number: number).lower(np.float32(0)).compile(compiler_options=one)
        except jax.errors.JaxRuntimeError:  # it is not known any more
            continue
        found[name] = value
    return found


def _fingerprint(told: list[str] | None) -> str:
    """Return a short name for all that decides about compiled code; one of its own where XLA does not tell."""
    import jax

    environment = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith(ENVIRONMENT)]
    parts = [*(told or [secrets.token_hex()]), *environment, jax.default_backend()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _warnings(jaxlib: str, users: str, missing: list[str], silent: bool) -> tuple[str, ...]:
    """Return what a reader should know of the compiler, as sentences."""
    if minor(jaxlib) not in TESTED:
        tested = " and ".join(f"{one}.*" for one in TESTED)
        return (
            f"Détente was not tested with jaxlib {jaxlib}: its compiler ran with its own settings, so the last bits of "
            f"answers may differ from those with jaxlib {tested}, and it may have been slower.",
        )
    if silent:
        return ("JAX does not say what its compiler was told, so nothing compiled was read back or will be.",)
    if not missing:
        return ()
    if users and (EXTRA in _named(users) or not users.lstrip().startswith("-")):
        return ("XLA_FLAGS gave the compiler other settings than Détente's, so the last bits of answers may differ.",)
    return (
        "JAX was used in this process before Détente, and its compiler cannot be given Détente's settings any more: "
        "the last bits of answers may differ from those of a process of its own, and it may have been slower.",
    )


def _plain(value: bool | int) -> str:
    return str(value).lower()
