"""What holds for every test: its own cache and store, the compiler's settings, no deadline for a property's example.

How long one example takes says more of the machine than of the code.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# One folder for all processes of a run, so that a kernel is compiled once in it, and never the user's own. To keep it
# from run to run while working on tests, set DETENTE_CACHE.
MADE = "DETENTE_TESTS_MADE_CACHE"
_here: list[Path] = []
if not os.environ.get("DETENTE_CACHE") and MADE not in os.environ:
    _here.append(Path(tempfile.mkdtemp(prefix="detente-tests-")))
    os.environ[MADE] = str(_here[0])  # the processes begun by this one inherit it
    # Where the system's caches follow XDG_CACHE_HOME, a test may set that as well, and it counts.
    if sys.platform == "linux":
        os.environ["XDG_CACHE_HOME"] = str(_here[0])
        os.environ["XDG_STATE_HOME"] = str(_here[0] / "state")  # where the cache's key lies
    else:
        os.environ["DETENTE_CACHE"] = str(_here[0] / "detente")


_store = Path(tempfile.mkdtemp(prefix="detente-tests-store-"))
_here.append(_store)
os.environ["DETENTE_STORE"] = str(_store)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give each test a store of its own, so that none reads what another had computed."""
    os.environ["DETENTE_STORE"] = str(_store / hashlib.sha256(item.nodeid.encode()).hexdigest()[:16])


def pytest_collection_finish(session: pytest.Session) -> None:
    """Give XLA its settings before any test uses JAX by itself, whichever comes first in this process."""
    if "jax" in sys.modules and session.items:
        from detente.runtime import compiling

        compiling()


def pytest_unconfigure() -> None:
    """Remove the folders in the process that made them."""
    for folder in _here:
        shutil.rmtree(folder, ignore_errors=True)
