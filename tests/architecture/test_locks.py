"""A lock depends neither on the day nor on the installer: what is asked for stands in it, with extras and hashes."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from detente.runtime import TESTED, minor
from tests.architecture import policy
from tests.architecture.locks import project_requirements, read_lock, requirements_of, unmet

RUN, DEV = (policy.REPOSITORY / "requirements" / f"{name}.lock" for name in ("run", "dev"))
LOCKS = pytest.mark.parametrize(("lock", "extras"), [(RUN, ()), (DEV, ("dev",))], ids=["run", "dev"])
OLDEST_PIP = "22.3"
"""What Python 3.11.0 puts into a new environment."""


@LOCKS
def test_every_requirement_is_met_by_a_pinned_line(lock: Path, extras: tuple[str, ...]) -> None:
    pins = read_lock(lock)
    assert list(unmet(pins, {"detente": project_requirements(*extras), **requirements_of(pins)})) == []


@LOCKS
def test_every_line_is_hashed(lock: Path, extras: tuple[str, ...]) -> None:
    assert [pin.name for pin in read_lock(lock).values() if pin.hashes == 0] == []


def test_what_is_installed_is_what_is_locked() -> None:
    # The requirements above are read from what is installed: they are those of the lock only where the versions are.
    pins = read_lock(DEV)
    assert {name: version(name) for name in pins} == {name: str(pin.version) for name, pin in pins.items()}


def test_the_tools_lock_holds_all_of_what_runs() -> None:
    run, dev = read_lock(RUN), read_lock(DEV)
    assert {name: dev.get(name) for name in run} == dict(run)


def test_an_extra_that_a_line_leaves_out_is_found(tmp_path: Path) -> None:
    # The fault as it was: coverage pinned, coverage[toml] asked for.
    bare = tmp_path / "dev.lock"
    bare.write_text(re.sub(r"(?m)^(\S+?)\[\S+?\]==", r"\1==", DEV.read_text(encoding="utf-8")), encoding="utf-8")
    pins = read_lock(bare)
    found = list(unmet(pins, {"detente": project_requirements("dev"), **requirements_of(pins)}))
    assert any("coverage[toml]" in line and line.endswith("its line leaves out [toml]") for line in found)
    assert any("h5netcdf[h5py]" in line for line in found)


def test_a_line_that_is_gone_or_too_old_is_found(tmp_path: Path) -> None:
    asked = {"detente": ["jax>=0.10", "rich>=14"]}
    small = tmp_path / "run.lock"
    small.write_text("jax==0.9.1 \\\n    --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    assert list(unmet(read_lock(small), asked)) == [
        "detente asks for jax>=0.10: 0.9.1 is pinned",
        "detente asks for rich>=14: no line pins it",
    ]


@pytest.mark.long
@LOCKS
def test_the_oldest_installer_accepts_the_locks(lock: Path, extras: tuple[str, ...], tmp_path: Path) -> None:
    # Reaches the package index; nothing is installed but the installer itself.
    place = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    python = place / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", f"pip=={OLDEST_PIP}"], check=True)
    asked = ["install", "--quiet", "--dry-run", "--require-hashes", "-r", str(lock)]
    tried = subprocess.run([python, "-m", "pip", *asked], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr


def test_the_locked_jaxlib_is_one_whose_flags_were_tested() -> None:
    locked, tested = str(read_lock(RUN)["jaxlib"].version), ", ".join(TESTED)
    assert minor(locked) in TESTED, (
        f"the lock pins jaxlib {locked}, and XLA's flags were tested with {tested} only: add a line to TESTED in "
        "src/detente/runtime.py, run all tests with it, and raise the upper bound of jax in pyproject.toml"
    )


def test_jax_is_bounded_by_the_version_after_the_locked_one() -> None:
    locked = read_lock(RUN)["jax"].version
    (asked,) = (line for line in project_requirements() if line.startswith("jax"))
    bound = f"<{locked.major}.{locked.minor + 1}"
    assert bound in asked.replace(" ", "").split(","), f"pyproject.toml asks for {asked}: bound it by {bound}"
    newest = max(tuple(map(int, one.split("."))) for one in TESTED)
    assert newest == (locked.major, locked.minor)
