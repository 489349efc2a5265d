"""A small function compiled in a process of its own, which tells its bits and what it was compiled with.

``python -m tests.runtime.carried used`` uses JAX before Détente; ``untested`` does as if this jaxlib had not been
tested, and as if one of the options were not known any more. It prints one JSON object.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from detente import runtime
from detente.cache import cache_folder
from detente.dynamics.executables import Executable


def carried(values: Any) -> Any:
    """Carry two numbers through sixty days; its sums differ in the last bits with the settings of the compiler."""

    def day(state: Any, step: Any) -> Any:
        a, b = state
        u = jnp.sin(a * 12.9898 + b * 78.233 + step)
        a = a + 0.1 * jnp.exp(-b) * u - a * b * 0.3
        b = b * 0.9 + jnp.log1p(a * a) * 0.2 + u / (1 + b * b)
        return (a, b), (a.sum(), (a * b + u).sum(), jnp.where(a > b, a, b * u).sum())

    return lax.scan(day, (values, values * 0.5), jnp.arange(60, dtype=values.dtype))


def main(asked: list[str]) -> None:
    """Compile, run and tell."""
    if "used" in asked:
        jnp.ones(3).block_until_ready()
    if "untested" in asked:
        runtime.TESTED = {}
        runtime.OPTIONS = {**runtime.OPTIONS, "xla_cpu_no_longer_known": True}
    before = asdict(runtime.current())
    out = Executable(carried, ["a small case"])(1, np.linspace(0, 1, 1003, dtype=np.float32))
    digest = hashlib.sha256(b"".join(np.asarray(one).tobytes() for one in jax.tree.leaves(out)))
    told = {
        "bits": digest.hexdigest(),
        "before": before,
        "runtime": asdict(runtime.current()),
        "kernels": sorted(file.name for file in cache_folder().rglob("*.run")),
        "environment": os.environ.get("XLA_FLAGS"),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
