"""The same bits in any process, or another key and a word about it; no flag that is not known ends a process."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from detente import runtime
from detente.dynamics import executables
from detente.dynamics.executables import Executable
from detente.results import Provenance
from detente.runtime import FLAGS, OPTIONS, Runtime, compiling, current

ROOT = Path(__file__).resolve().parents[2]
OTHER: dict[str, Any] = {
    "versions": {"jaxlib": "0.0.1"}, "processor": "another", "features": "another", "options": {"one": 1},
    "flags": ("one=1",), "applied": None, "compiler": "another", "warnings": ("a word",),
}  # fmt: skip
"""Another value of each field of a runtime."""


def squared(values: Any) -> Any:
    return values * values


def process(cache: Path, *asked: str, **environment: str) -> dict[str, Any]:
    """Return what :mod:`tests.runtime.carried` tells, from a process of its own."""
    environment = {
        **os.environ, "DETENTE_CACHE": str(cache), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        **environment,
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.runtime.carried", *asked]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def alone(cache: Path) -> dict[str, Any]:
    """Return what a fresh process tells that is the first to use a cache."""
    return process(cache)


@pytest.mark.parametrize("first", ["used", "fresh"])
def test_a_process_that_used_jax_before_spoils_nothing_for_a_fresh_one(
    first: str, cache: Path, alone: dict[str, Any], tmp_path: Path
) -> None:
    # As it was found: both wrote their code under one name, and the next process ran the other's.
    where = tmp_path if first == "used" else cache
    used, again = process(where, "used"), process(where)
    assert again["bits"] == alone["bits"]
    assert again["runtime"] == alone["runtime"]
    assert len(again["kernels"]) == 2
    assert not used["runtime"]["applied"]
    assert "JAX was used in this process before Détente" in used["runtime"]["warnings"][0]
    assert used["runtime"]["compiler"] != alone["runtime"]["compiler"]


def test_a_fresh_process_has_all_settings_and_leaves_the_environment_as_it_was(alone: dict[str, Any]) -> None:
    assert alone["before"]["applied"] is None, "nothing is told of a compiler before it is needed"
    assert alone["before"]["compiler"] == ""
    told = alone["runtime"]
    assert told["options"] == dict(OPTIONS)
    assert set(told["flags"]) == {f"{name}={value}" for name, value in FLAGS.items()}
    assert told["applied"]
    assert told["warnings"] == []
    assert alone["environment"] is None, "processes begun later would inherit it"


def test_a_version_that_was_not_tested_gets_only_what_it_accepts(alone: dict[str, Any], tmp_path: Path) -> None:
    """A flag that XLA does not know would end the process; an option that it does not know is left out."""
    told = process(tmp_path, "untested")["runtime"]
    assert told["options"] == dict(OPTIONS)
    assert told["flags"] == []
    assert not told["applied"]
    (warning,) = told["warnings"]
    assert "was not tested with jaxlib" in warning
    assert told["compiler"] != alone["runtime"]["compiler"]


def test_what_the_user_sets_wins_and_is_told(alone: dict[str, Any], tmp_path: Path) -> None:
    told = process(tmp_path, XLA_FLAGS="--xla_backend_optimization_level=0")
    assert "xla_backend_optimization_level" not in told["runtime"]["options"]
    assert "xla_backend_optimization_level=0" in told["runtime"]["flags"]
    assert not told["runtime"]["applied"]
    assert told["environment"] == "--xla_backend_optimization_level=0"
    assert told["runtime"]["compiler"] != alone["runtime"]["compiler"]
    file = tmp_path / "flags"
    file.write_text("--xla_cpu_multi_thread_eigen=false", encoding="utf-8")
    named = process(tmp_path, XLA_FLAGS=str(file))["runtime"]
    assert named["warnings"] == [
        "XLA_FLAGS gave the compiler other settings than Détente's, so the last bits of answers may differ."
    ]


def test_versions_are_those_that_are_installed() -> None:
    libraries = {name: version(name) for name in ("detente", "jax", "jaxlib", "numpy")}
    assert current().versions == {"python": platform.python_version(), **libraries}


def test_another_value_of_any_field_is_another_key() -> None:
    here = compiling()
    assert set(OTHER) == {field.name for field in fields(Runtime)}
    keys = {replace(here, **{name: value}).key for name, value in OTHER.items()}
    assert len(keys - {here.key}) == len(OTHER)
    plain = {replace(here, **{name: OTHER[name]}).key_uncompiled for name in ("versions", "processor", "features")}
    assert len(plain - {here.key_uncompiled}) == 3
    beside = {replace(here, **{name: OTHER[name]}).key_uncompiled for name in ("options", "flags", "compiler")}
    assert beside == {here.key_uncompiled}


@pytest.mark.parametrize("changed", list(OTHER))
def test_compiled_code_is_kept_by_every_field(changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    values = np.arange(3, dtype=np.float32)
    here = compiling()
    Executable(squared, ["a"])(3, values)
    other = {**OTHER, "options": {}}[changed]  # what is not known would not be compiled
    monkeypatch.setattr(executables, "compiling", lambda: replace(here, **{changed: other}))
    Executable(squared, ["a"])(3, values)
    assert len(list(tmp_path.rglob("*.run"))) == 2


def test_the_options_go_with_each_compilation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    here = compiling()
    monkeypatch.setattr(executables, "compiling", lambda: replace(here, options={"xla_cpu_unheard_of": True}))
    with pytest.raises(jax.errors.JaxRuntimeError, match="xla_cpu_unheard_of"):
        Executable(squared, ["a"])(3, np.arange(3, dtype=np.float32))


def test_double_precision_is_the_function_s_own_affair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process was set to neither changes a function of 32 bits nor is changed by one of 64."""
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    single, double = np.linspace(0, 1, 7, dtype=np.float32), np.linspace(0, 1, 7)
    found = {}
    for process_wide in (False, True):
        with jax.enable_x64(process_wide):
            one = Executable(lambda x: x * 0.1 + np.arange(7), ["a"])
            found[process_wide] = [np.asarray(one(values.dtype, values)) for values in (single, double)]
            assert jax.numpy.ones(3).dtype == (np.float64 if process_wide else np.float32)
    for values in found.values():
        assert [each.dtype for each in values] == [np.float32, np.float64]
    assert np.array_equal(found[False][0], found[True][0])
    assert found[True][1] == pytest.approx(double * 0.1 + np.arange(7), rel=1e-15)
    assert len(list(tmp_path.rglob("*.run"))) == 2


def test_a_runtime_is_read_back_from_what_was_saved() -> None:
    made = Provenance("a", "b", "c", None, {}, 1, 2, 3, runtime=replace(compiling(), warnings=("a word",)))
    assert Provenance.of(json.loads(json.dumps(asdict(made)))) == made


def test_what_an_earlier_version_saved_is_read_back() -> None:
    made = asdict(Provenance("a", "b", "c", None, {}, 1, 2, 3))
    del made["runtime"]
    read = Provenance.of({**made, "versions": {"jax": "0.9"}, "processor": "a kind"})
    assert (read.versions, read.processor, read.runtime.applied) == ({"jax": "0.9"}, "a kind", None)


def test_a_version_is_of_its_minor_version() -> None:
    assert runtime.minor("0.10.2") == "0.10"
    assert runtime.minor("0.11.0.dev3") == "0.11"
