"""Compiled functions kept in the cache, ready to run: what is read back is not traced again either.

A file is found by a fingerprint of all that its contents depend on: what the caller says it is made from, the shapes of
its arguments, the code of this package, the versions of the libraries, their settings, and what the processor can do.
What cannot be read, written or run is made anew, silently: the cache only saves time.

JAX reads compiled code back by unpickling it, which can run anything. It is therefore only ever handed what
:mod:`detente.cache` knows to have been written by this user's own installation.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import jax
from jax.experimental.serialize_executable import deserialize_and_load, serialize

from detente.cache import fingerprint, fingerprint_of_code, load, store
from detente.runtime import compiling

__all__ = ["Executable", "read_ahead", "used_for"]

ROOMS = ("dynamics", "equations", "scenario", ".")
"""Rooms whose code decides about what is compiled."""
KIND = "kernels"
"""What they are called in the cache."""
NEVER = 1e9
"""Seconds that no compilation takes."""
_ahead: dict[str, Future[Callable[..., Any] | None]] = {}
"""What is being read back before anybody asks for it, by the name under which it is kept."""
_used: dict[str, None] = {}
"""The names under which this process has read back or written."""
_setting = threading.Lock()
_before: list[float] = []
"""What JAX had been set to, once for each thread that compiles now; the first is what the user wants."""


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

    Notes
    -----
    Numbers of 64 bits are allowed where an argument has them, and nowhere else, whatever the process was set to: the
    same function of the same arguments is the same code, and other users of JAX in the process keep what they set.
    """

    def __init__(self, function: Callable[..., Any], made_from: Sequence[str], donated: Sequence[int] = ()) -> None:
        self.traced = jax.jit(function, donate_argnums=tuple(donated))
        self.made_from = (function.__qualname__, *made_from)
        self.ready: dict[Any, Callable[..., Any]] = {}
        self.begun: dict[Any, tuple[Callable[..., Any], bool]] = {}
        self.double: dict[Any, bool] = {}
        self.lock = threading.Lock()

    def __call__(self, shape: Any, *arguments: Any) -> Any:
        """Call the function; ``shape`` tells apart arguments that need code of their own.

        Where it is called first with a shape, what is donated must be NumPy's: it is needed twice if the first fails.
        """
        with jax.enable_x64(self._has_doubles(shape, arguments)):
            if shape not in self.ready:
                with self.lock:
                    if shape not in self.ready:
                        self.ready[shape], found = self._first(shape, arguments)
                        return found
            return self.ready[shape](*arguments)

    def prepare(self, shape: Any, *like: Any) -> None:
        """Make ready to be called with arguments like these (only shapes and types count) while others work."""
        with self.lock, jax.enable_x64(self._has_doubles(shape, like)):
            if shape not in self.ready and shape not in self.begun:
                held = self._kept(like)
                self.begun[shape] = (self._made(like), False) if held is None else (held, True)

    def _has_doubles(self, shape: Any, arguments: tuple[Any, ...]) -> bool:
        if shape not in self.double:
            self.double[shape] = any(leaf.dtype.itemsize == 8 for leaf in jax.tree.leaves(arguments))
        return self.double[shape]

    def _first(self, shape: Any, arguments: tuple[Any, ...]) -> tuple[Callable[..., Any], Any]:
        """Return the compiled function and what it gives; what was kept is trusted when it has run once."""
        begun, was_kept = self.begun.pop(shape, (None, True))
        begun = begun or self._kept(arguments)
        if begun is not None:
            try:
                return begun, jax.block_until_ready(begun(*arguments))  # type: ignore[no-untyped-call]
            except Exception:  # of another machine: it is mended by compiling
                if not was_kept:
                    raise
        made = self._made(arguments)
        return made, made(*arguments)

    def _kept(self, arguments: tuple[Any, ...]) -> Callable[..., Any] | None:
        name = self._name(arguments)
        begun = _ahead.pop(name, None)
        return _read_back(name) if begun is None else begun.result()

    def _made(self, arguments: tuple[Any, ...]) -> Callable[..., Any]:
        options: dict[str, Any] = dict(compiling().options)
        with _not_kept_by_jax():
            made = self.traced.lower(*arguments).compile(compiler_options=options)
        _keep(self._name(arguments), made)
        found: Callable[..., Any] = made
        return found

    def _name(self, arguments: tuple[Any, ...]) -> str:
        name = f"{self._fingerprint(arguments)}.run"
        _used[name] = None
        return name

    def _fingerprint(self, arguments: tuple[Any, ...]) -> str:
        leaves, tree = jax.tree.flatten(arguments)
        shapes = [f"{leaf.dtype}{leaf.shape}" for leaf in leaves]
        parts = [*self.made_from, str(tree), *shapes]
        return fingerprint(*parts, fingerprint_of_code(*ROOMS), compiling().key)


def _read_back(name: str) -> Callable[..., Any] | None:
    content = load(KIND, name)
    try:
        found: Callable[..., Any] | None = None if content is None else deserialize_and_load(*pickle.loads(content))
        return found
    except Exception:  # of another library: it is mended by compiling
        return None


def read_ahead(purpose: str) -> None:
    """Begin to read back what served a purpose last, on a core that is idle while a case is read and checked.

    Where something else will be needed this time, it is read back or compiled when it is asked for.
    """
    noted = load(KIND, _noted(purpose))
    if noted is None:
        return
    compiling()  # before anything makes JAX read its settings
    names = [name for name in noted.decode().split() if name not in _ahead]
    begun: list[Future[Callable[..., Any] | None]] = [Future() for _ in names]
    _ahead.update(zip(names, begun, strict=True))

    def read() -> None:
        for name, future in zip(names, begun, strict=True):
            future.set_result(_read_back(name))

    threading.Thread(target=read, daemon=True).start()


def used_for(purpose: str) -> None:
    """Note what this process has used, for :func:`read_ahead`."""
    names = " ".join(_used).encode()
    if names and load(KIND, _noted(purpose)) != names:
        store(KIND, _noted(purpose), names)


def _noted(purpose: str) -> str:
    return f"{fingerprint(purpose)}.last"


@contextmanager
def _not_kept_by_jax() -> Iterator[None]:
    """Keep JAX from keeping what is compiled: what it has read back cannot be written again.

    It does keep things where the user has set so. Several threads may compile at once: the first sets this for all, the
    last sets it back.
    """
    name = "jax_persistent_cache_min_compile_time_secs"
    set_to: Any = jax.config
    if not set_to.jax_compilation_cache_dir:
        yield
        return
    with _setting:
        _before.append(set_to.jax_persistent_cache_min_compile_time_secs)
        jax.config.update(name, NEVER)  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        with _setting:
            before = _before[0]
            _before.pop()
            if not _before:
                jax.config.update(name, before)  # type: ignore[no-untyped-call]


def _keep(name: str, made: Any) -> None:
    try:
        content = pickle.dumps(serialize(made))
    except Exception:  # some compiled code cannot be written down
        return
    store(KIND, name, content)
