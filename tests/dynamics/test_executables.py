"""Compiled functions are kept and read back; what is spoilt, of another code or unwritable is made anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.dynamics import executables
from detente.dynamics.executables import Executable


class Doubling:
    """A function that counts how often it is traced."""

    def __init__(self, times: float = 2.0) -> None:
        self.traced, self.times = 0, times

    def double(self, values: np.ndarray) -> np.ndarray:
        self.traced += 1
        return values * self.times


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
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


def test_another_origin_shape_or_code_is_compiled_by_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called(Doubling())
    assert called(Doubling(3), "b") == [0, 3, 6]
    assert called(Doubling(), count=2) == [0, 2]
    monkeypatch.setattr(executables, "_surroundings", lambda: ("other code",))
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


def test_a_cache_that_cannot_be_written_is_only_slower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert called(Doubling()) == [0, 2, 4]
