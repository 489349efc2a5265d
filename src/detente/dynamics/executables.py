"""Compiled functions kept under the user's cache directory, ready to run: what is read back is not traced again either.

A file is found by a fingerprint of all that its contents depend on: what the caller says it is made from, the shapes of
its arguments, the code of this package, the versions of the libraries, their settings, and what the processor can do.
What cannot be read, written or run is made anew, silently: the cache only saves time.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import numpy as np
import platformdirs
from jax.experimental.serialize_executable import deserialize_and_load, serialize

__all__ = ["Executable"]

PACKAGE = Path(__file__).resolve().parents[1]
ROOMS = ("dynamics", "equations", "scenario", ".")
"""Rooms whose code decides about what is compiled."""
NEVER = 1e9
"""Seconds that no compilation takes."""
_setting = threading.Lock()


class Executable:
    """A function of arrays, compiled once for arguments of each shape.

    Parameters
    ----------
    function
        What is compiled.
    made_from
        Whatever decides about the function's operations besides this package's code and the shapes of its arguments.
    donated
        Positions of the arguments whose memory the results may take over.
    """

    def __init__(self, function: Callable[..., Any], made_from: Sequence[str], donated: Sequence[int] = ()) -> None:
        self.traced = jax.jit(function, donate_argnums=tuple(donated))
        self.made_from = (function.__qualname__, *made_from)
        self.ready: dict[Any, Callable[..., Any]] = {}
        self.lock = threading.Lock()

    def __call__(self, shape: Any, *arguments: Any) -> Any:
        """Call the function; ``shape`` tells apart arguments that need code of their own.

        Where it is called first with a shape, what is donated must be NumPy's: it is needed twice if the first fails.
        """
        if shape not in self.ready:
            with self.lock:
                if shape not in self.ready:
                    self.ready[shape], found = self._first(arguments)
                    return found
        return self.ready[shape](*arguments)

    def _first(self, arguments: tuple[Any, ...]) -> tuple[Callable[..., Any], Any]:
        """Return the compiled function and what it gives; what was kept is trusted when it has run once."""
        file = platformdirs.user_cache_path("detente") / "kernels" / f"{self._fingerprint(arguments)}.run"
        try:
            kept = deserialize_and_load(*pickle.loads(_whole(file.read_bytes())))
            return kept, jax.block_until_ready(kept(*arguments))  # type: ignore[no-untyped-call]
        except Exception:  # not kept yet, spoilt, or of another machine: all are mended by compiling
            pass
        with _not_kept_by_jax():
            made = self.traced.lower(*arguments).compile()
        _keep(file, made)
        return made, made(*arguments)

    def _fingerprint(self, arguments: tuple[Any, ...]) -> str:
        leaves, tree = jax.tree.flatten(arguments)
        shapes = [f"{leaf.dtype}{leaf.shape}" for leaf in leaves]
        parts = [*self.made_from, str(tree), *shapes, str(jax.config.values["jax_enable_x64"]), *_surroundings()]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


@contextmanager
def _not_kept_by_jax() -> Iterator[None]:
    """Keep JAX from keeping what is compiled: what it has read back cannot be written again."""
    name = "jax_persistent_cache_min_compile_time_secs"
    with _setting:
        before = jax.config.values[name]
        jax.config.update(name, NEVER)  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            jax.config.update(name, before)  # type: ignore[no-untyped-call]


def _keep(file: Path, made: Any) -> None:
    try:
        content = pickle.dumps(serialize(made))
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(hashlib.sha256(content).digest() + content)
        part.replace(file)  # at once, so that another process never reads half a file
    except Exception:  # a cache that cannot be written is only slower
        pass


def _whole(content: bytes) -> bytes:
    """Return what was written; the sum that stands before it tells whether it is whole."""
    if hashlib.sha256(content[32:]).digest() != content[:32]:
        raise ValueError("not what was written")
    return content[32:]


@cache
def _surroundings() -> tuple[str, ...]:
    """Return what else decides about compiled code: this package's own, libraries, settings, the processor."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for file in sorted((PACKAGE / room).glob("*.py" if room == "." else "**/*.py")):
            digest.update(file.read_bytes())
    settings = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith(("XLA_", "JAX_"))]
    return digest.hexdigest(), jax.__version__, version("jaxlib"), np.__version__, *settings, *_processor()


def _processor() -> tuple[str, ...]:
    """Return what the processor is and can do, as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    told = {line for line in lines if line.startswith(("model name", "flags", "Features"))}
    return platform.platform(), platform.processor(), *sorted(told)
