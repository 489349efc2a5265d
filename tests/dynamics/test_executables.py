"""Compiled functions are kept and read back; what is spoilt, of another code or unwritable is made anew."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import jax
import numpy as np
import pytest

from detente.cache import load, store
from detente.cache.digest import digest
from detente.dynamics import executables
from detente.dynamics.executables import Executable, read_ahead, used_for


class Doubling:
    """A function that counts how often it is traced."""

    def __init__(self, times: float = 2.0) -> None:
        self.traced, self.times = 0, times

    def double(self, values: np.ndarray) -> np.ndarray:
        self.traced += 1
        return values * self.times


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    monkeypatch.setattr(executables, "_used", {})
    monkeypatch.setattr(executables, "_ahead", {})
    return tmp_path / "detente" / "kernels"


def called(work: Doubling, made_from: str = "a", count: int = 3) -> list[float]:
    found = Executable(work.double, [made_from])(count, np.arange(count, dtype=np.float32))
    return [float(value) for value in found]


def test_what_was_compiled_is_not_traced_again(folder: Path) -> None:
    first, second = Doubling(), Doubling()
    assert called(first) == [0, 2, 4]
    assert called(second) == [0, 2, 4]
    assert (first.traced, second.traced) == (1, 0)
    assert len(list(folder.glob("*.run"))) == 1


@pytest.mark.parametrize("kept", [False, True])
def test_what_was_made_ready_is_not_made_again(folder: Path, kept: bool) -> None:
    """It may be made ready for arguments that are not there yet, from what was kept or not."""
    if kept:
        called(Doubling())
    work, values = Doubling(), np.arange(3, dtype=np.float32)
    executable = Executable(work.double, ["a"])
    for _ in range(2):
        executable.prepare(3, np.empty_like(values))
        assert [float(value) for value in executable(3, values)] == [0, 2, 4]
    assert work.traced == (0 if kept else 1)
    assert len(list(folder.glob("*.run"))) == 1


def test_what_was_made_ready_and_cannot_be_run_is_mended(folder: Path) -> None:
    called(Doubling(), "b", 4)
    (other,) = folder.glob("*.run")
    called(Doubling())
    (mine,) = set(folder.glob("*.run")) - {other}
    held = load("kernels", other.name)
    assert held is not None
    store("kernels", mine.name, held)  # whole, but of other shapes
    work, values = Doubling(), np.arange(3, dtype=np.float32)
    executable = Executable(work.double, ["a"])
    executable.prepare(3, values)
    assert [float(value) for value in executable(3, values)] == [0, 2, 4]
    assert work.traced == 1


def test_what_served_a_purpose_last_is_read_ahead(folder: Path) -> None:
    called(Doubling())
    used_for("a purpose")
    read_ahead("a purpose")
    (begun,) = executables._ahead.values()
    held = begun.result()
    assert held is not None
    assert [float(value) for value in held(np.arange(3, dtype=np.float32))] == [0, 2, 4]
    (file,) = folder.glob("*.run")
    file.unlink()  # it is in memory by now
    work = Doubling()
    assert called(work) == [0, 2, 4]
    assert work.traced == 0
    assert not executables._ahead


@pytest.mark.parametrize("spoilt", ["nothing noted", "gone", "cut short"])
def test_what_cannot_be_read_ahead_is_made_anew(folder: Path, spoilt: str) -> None:
    called(Doubling())
    if spoilt != "nothing noted":
        used_for("a purpose")
    (file,) = folder.glob("*.run")
    if spoilt == "gone":
        file.unlink()
    elif spoilt == "cut short":
        file.write_bytes(file.read_bytes()[:-100])
    read_ahead("a purpose")
    assert len(executables._ahead) == (spoilt != "nothing noted")
    work = Doubling()
    assert called(work) == [0, 2, 4]
    assert work.traced == (spoilt != "nothing noted")


def test_what_was_read_ahead_in_vain_does_no_harm(folder: Path) -> None:
    called(Doubling())
    used_for("a purpose")
    read_ahead("a purpose")
    assert called(Doubling(3), "another") == [0, 3, 6]
    used_for("a purpose")
    read_ahead("a purpose")
    assert len(executables._ahead) == 2


def persistent() -> float:
    """Return how long a compilation takes at least that JAX keeps by itself."""
    config: Any = jax.config
    return float(config.jax_persistent_cache_min_compile_time_secs)


@pytest.fixture(params=["left alone", "set by the user"])
def kept_by_jax(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Return the folder that JAX keeps things in by itself, or would."""
    mine, update = tmp_path / "of jax", cast(Any, jax.config.update)
    config: Any = jax.config
    before = config.jax_compilation_cache_dir, persistent()
    if request.param == "set by the user":
        update("jax_compilation_cache_dir", str(mine))
        update("jax_persistent_cache_min_compile_time_secs", 0)
    yield mine
    update("jax_compilation_cache_dir", before[0])
    update("jax_persistent_cache_min_compile_time_secs", before[1])


def test_many_threads_may_compile_at_once(folder: Path, kept_by_jax: Path) -> None:
    before = persistent()
    works = [Executable(Doubling(times).double, [str(times)]) for times in range(6)]
    with ThreadPoolExecutor(6) as pool:
        for work in works:
            pool.submit(work.prepare, 3, np.arange(3, dtype=np.float32))
    found = [float(work(3, np.arange(3, dtype=np.float32))[1]) for work in works]
    assert found == [0, 1, 2, 3, 4, 5]
    assert len(list(folder.glob("*.run"))) == 6
    assert not list(kept_by_jax.rglob("*double*"))
    assert persistent() == before


def test_another_origin_shape_or_code_is_compiled_by_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called(Doubling())
    assert called(Doubling(3), "b") == [0, 3, 6]
    assert called(Doubling(), count=2) == [0, 2]
    monkeypatch.setattr(executables, "fingerprint_of_code", lambda *_: "other code")
    assert called(Doubling(5)) == [0, 5, 10]
    assert len(list(folder.glob("*.run"))) == 4


def test_what_is_spoilt_is_mended(folder: Path) -> None:
    called(Doubling())
    (file,) = folder.glob("*.run")
    whole = file.read_bytes()
    for content in (b"", b"no pickle", whole[: len(whole) // 2]):
        file.write_bytes(content)
        assert called(Doubling()) == [0, 2, 4]
        again = Doubling()
        assert called(again) == [0, 2, 4]
        assert again.traced == 0


def test_what_others_have_put_there_is_never_unpickled(folder: Path, tmp_path: Path) -> None:
    """As it was found: whoever could write to the cache had their code run, since only a plain sum stood before it."""
    called(Doubling())
    (file,) = folder.glob("*.run")
    trap = pickle.dumps(Trap(str(tmp_path / "sprung")))
    for content in (trap, hashlib.sha256(trap).digest() + trap, digest(b"0" * 32, f"kernels/{file.name}", trap) + trap):
        file.write_bytes(content)
        assert called(Doubling()) == [0, 2, 4]
        assert not (tmp_path / "sprung").exists()
    store("kernels", file.name, trap)  # and it would have been sprung
    assert called(Doubling()) == [0, 2, 4]
    assert (tmp_path / "sprung").exists()


class Trap:
    """What makes a file when it is unpickled."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (self.file,))


def test_where_nothing_can_be_written_a_process_compiles_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("DETENTE_CACHE", str(blocked / "detente"))
    work, again = Doubling(), Doubling()
    assert called(work) == [0, 2, 4]
    assert called(again) == [0, 2, 4]
    assert (work.traced, again.traced) == (1, 0)
