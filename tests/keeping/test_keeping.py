from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from detente import keeping
from detente.keeping import cache_file, cache_folder, fingerprint, fingerprint_of_code, keep, kept


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "thing.bin"
    assert kept(file) is None
    keep(file, b"what was found")
    assert kept(file) == b"what was found"
    keep(file, b"")
    assert kept(file) == b""
    assert [one.name for one in file.parent.iterdir()] == ["thing.bin"]


@pytest.mark.parametrize("spoilt", [b"", b"short", b"x" * 40])
def test_what_was_not_written_here_is_not_trusted(tmp_path: Path, spoilt: bytes) -> None:
    file = tmp_path / "thing.bin"
    file.write_bytes(spoilt)
    assert kept(file) is None


@pytest.mark.parametrize("where", [0, 31, 32, -1])
def test_one_changed_byte_is_seen(tmp_path: Path, where: int) -> None:
    file = tmp_path / "thing.bin"
    keep(file, b"what was found")
    content = bytearray(file.read_bytes())
    content[where] ^= 1
    file.write_bytes(content)
    assert kept(file) is None


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that cannot be made: a file stands in its place."""
    monkeypatch.setattr(keeping, "_unwritten", {})
    (tmp_path / "taken").write_text("a file where a folder should be")
    return tmp_path / "taken"


def test_what_cannot_be_written_is_held_in_memory(taken: Path) -> None:
    file = taken / "thing.bin"
    assert kept(file) is None
    keep(file, b"what was found")
    assert kept(file) == b"what was found"
    keep(file, b"what was found later")
    assert kept(file) == b"what was found later"
    assert not file.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="to this user no folder is read-only")
def test_what_a_read_only_folder_does_not_take_is_held_in_memory(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    keep(tmp_path / "kind" / "thing.bin", b"what was found")
    tmp_path.chmod(0o700)
    assert kept(tmp_path / "kind" / "thing.bin") == b"what was found"
    assert not (tmp_path / "kind").exists()


def test_memory_is_bounded_and_the_oldest_goes_first(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "ROOM", 100)
    for name in ("one", "two", "three", "one"):
        keep(taken / name, name.encode() * 10)
    assert kept(taken / "one") == b"one" * 10
    keep(taken / "four", b"four" * 10)
    assert [kept(taken / name) is not None for name in ("one", "two", "three", "four")] == [True, False, False, True]
    keep(taken / "huge", b"x" * 101)
    assert kept(taken / "huge") is None


def test_what_is_written_is_not_held_too(tmp_path: Path) -> None:
    file = tmp_path / "thing.bin"
    keep(file, b"what was found")
    file.unlink()
    assert kept(file) is None


def test_parts_are_told_apart() -> None:
    assert fingerprint("a", "b") != fingerprint("ab") != fingerprint("a", "", "b")
    assert fingerprint("a", "b") == fingerprint("a", "b")


def test_code_is_told_by_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def now() -> str:
        fingerprint_of_code.cache_clear()
        return fingerprint_of_code("room", ".")

    monkeypatch.setattr(keeping, "PACKAGE", tmp_path)
    (tmp_path / "room" / "inner").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    seen = [now()]
    for name in ("room/one.py", "room/inner/two.py", "three.py"):
        (tmp_path / name).write_text("x = 1\n")
        seen.append(now())
    assert len(set(seen)) == len(seen)
    (tmp_path / "other" / "four.py").write_text("x = 1\n")
    assert now() == seen[-1]
    fingerprint_of_code.cache_clear()


def test_it_lies_under_the_users_cache_or_where_it_was_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    assert cache_file("swings", "one.json") == tmp_path / "swings" / "one.json"
    monkeypatch.setenv("DETENTE_CACHE", "")
    assert cache_file("swings", "one.json") == platformdirs.user_cache_path("detente") / "swings" / "one.json"


def test_tests_have_a_cache_that_is_not_the_user_s() -> None:
    chosen = os.environ.get("DETENTE_CACHE") or os.environ["DETENTE_TESTS_MADE_CACHE"]
    assert cache_folder() == Path(chosen) or Path(chosen) in cache_folder().parents
