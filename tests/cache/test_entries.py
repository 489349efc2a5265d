"""What was written here is read back; nothing else is, and what cannot be written is held in memory."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from detente.cache import cache_folder, entries, holds, load, store
from detente.cache.digest import SIZE, digest, key


def test_what_is_stored_is_loaded(cache: Path) -> None:
    assert load("kind", "thing") is None
    assert not holds("kind", "thing")
    for content in (b"what was found", b"", bytes(range(256)) * 100):
        store("kind", "thing", content)
        assert load("kind", "thing") == content
        assert holds("kind", "thing")
    assert [one.name for one in (cache / "kind").iterdir()] == ["thing"]


@pytest.mark.parametrize("spoilt", [b"", b"short", b"x" * SIZE, b"x" * 40])
def test_what_was_not_written_here_is_not_loaded(cache: Path, spoilt: bytes) -> None:
    store("kind", "other", b"what was found")
    (cache / "kind" / "thing").write_bytes(spoilt)
    assert load("kind", "thing") is None


@pytest.mark.parametrize("where", [0, SIZE - 1, SIZE, -1])
def test_one_changed_byte_is_seen(cache: Path, where: int) -> None:
    store("kind", "thing", b"what was found")
    content = bytearray((cache / "kind" / "thing").read_bytes())
    content[where] ^= 1
    (cache / "kind" / "thing").write_bytes(content)
    assert load("kind", "thing") is None


def test_what_lies_elsewhere_than_where_it_was_written_is_not_loaded(cache: Path) -> None:
    store("kind", "thing", b"what was found")
    store("other", "thing", b"something else")
    whole = (cache / "kind" / "thing").read_bytes()
    for place in ("kind/renamed", "other/thing"):
        (cache / place).write_bytes(whole)
        assert load(*place.split("/")) is None


def test_a_digest_without_the_key_is_worth_nothing(cache: Path) -> None:
    """Whoever can write a file, but does not know the key, cannot have it loaded."""
    store("kind", "thing", b"what was found")
    content = b"of somebody else"
    (cache / "kind" / "thing").write_bytes(digest(b"0" * SIZE, "kind/thing", content) + content)
    assert load("kind", "thing") is None
    held = key()
    assert held is not None
    (cache / "kind" / "thing").write_bytes(digest(held, "kind/thing", content) + content)
    assert load("kind", "thing") == content


def test_a_cache_of_another_installation_is_not_loaded(cache: Path, tmp_path: Path) -> None:
    store("kind", "thing", b"what was found")
    (tmp_path / "state" / "cache.key").unlink()
    from detente.cache.digest import _key_in

    _key_in.cache_clear()
    assert load("kind", "thing") is None
    store("kind", "thing", b"what was found again")
    assert load("kind", "thing") == b"what was found again"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("special", ["link", "pipe", "folder", "huge"])
def test_links_and_special_files_are_not_read(
    cache: Path, tmp_path: Path, special: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store("kind", "thing", b"what was found")
    file = cache / "kind" / "thing"
    if special == "huge":
        monkeypatch.setattr(entries, "LARGEST", SIZE + 5)
    else:
        file.rename(tmp_path / "elsewhere")
        if special == "link":
            file.symlink_to(tmp_path / "elsewhere")
        elif special == "pipe":
            os.mkfifo(file)
        else:
            file.mkdir()
    assert load("kind", "thing") is None


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a cache that cannot be made: a file stands in its place."""
    (tmp_path / "taken").write_text("a file where a folder should be")
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "taken"))
    return tmp_path / "taken"


def test_what_cannot_be_written_is_held_in_memory(taken: Path) -> None:
    assert load("kind", "thing") is None
    for content in (b"what was found", b"what was found later"):
        store("kind", "thing", content)
        assert load("kind", "thing") == content
    assert taken.is_file()


def test_without_a_key_everything_is_held_in_memory(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    assert key() is None
    store("kind", "thing", b"what was found")
    assert load("kind", "thing") == b"what was found"
    assert not (cache / "kind").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="to this user no folder is read-only")
def test_what_a_read_only_folder_does_not_take_is_held_in_memory(cache: Path) -> None:
    cache.mkdir(mode=0o500)
    store("kind", "thing", b"what was found")
    cache.chmod(0o700)
    assert load("kind", "thing") == b"what was found"
    assert not (cache / "kind").exists()


def test_memory_is_bounded_and_the_oldest_goes_first(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "ROOM", 100)
    for name in ("one", "two", "three", "one"):
        store("kind", name, name.encode() * 10)
    assert load("kind", "one") == b"one" * 10
    store("kind", "four", b"four" * 10)
    held = [load("kind", name) is not None for name in ("one", "two", "three", "four")]
    assert held == [True, False, False, True]
    store("kind", "huge", b"x" * 101)
    assert load("kind", "huge") is None


def test_what_is_written_is_not_held_too(cache: Path) -> None:
    store("kind", "thing", b"what was found")
    (cache / "kind" / "thing").unlink()
    assert load("kind", "thing") is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no modes")
def test_only_its_user_can_look_into_it(cache: Path, tmp_path: Path) -> None:
    store("kind", "thing", b"what was found")
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "state" / "cache.key").stat().st_mode) == 0o600


def test_tests_have_a_cache_that_is_not_the_user_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    chosen = os.environ.get("DETENTE_CACHE") or os.environ["DETENTE_TESTS_MADE_CACHE"]
    assert cache_folder() == Path(chosen) or Path(chosen) in cache_folder().parents
