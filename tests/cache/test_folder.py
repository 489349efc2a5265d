"""The cache lies where it was said, and is used only where nobody but its user can write to it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import platformdirs
import pytest

from detente.cache import cache_folder, folder, holds, load, refused, store
from detente.cache.digest import _key_in, key
from detente.cache.folder import own_folder

needs_modes = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no owners and modes")


def test_it_lies_under_the_users_cache_or_where_it_was_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.setenv("DETENTE_CACHE", "")
    assert cache_folder() == platformdirs.user_cache_path("detente")


@needs_modes
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_that_others_may_write_to_is_refused_aloud(cache: Path, mode: int) -> None:
    store("kind", "thing", b"what was found")
    cache.chmod(mode)
    assert load("kind", "thing") is None
    store("kind", "thing", b"what was found again")  # in memory
    assert load("kind", "thing") == b"what was found again"
    assert not holds("kind", "thing"), "what is not read does not count as kept"
    (sentence,) = refused()
    assert str(cache) in sentence
    assert "others may write to it" in sentence
    cache.chmod(0o700)
    assert load("kind", "thing") == b"what was found"


@needs_modes
def test_a_folder_that_others_may_only_read_is_closed_to_them(cache: Path) -> None:
    cache.mkdir(mode=0o755)
    cache.chmod(0o755)
    store("kind", "thing", b"what was found")
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert not refused()


@needs_modes
def test_a_folder_of_another_user_is_refused_aloud(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store("kind", "thing", b"what was found")
    mine = os.geteuid()
    key()  # its own place is trusted by now
    monkeypatch.setattr(folder, "own_user", lambda: mine + 1)
    assert own_folder() is None
    assert load("kind", "thing") is None
    assert any("belongs to another user" in sentence for sentence in refused())


@needs_modes
@pytest.mark.parametrize("fault", ["others write", "short", "link", "folder of others"])
def test_a_key_that_is_not_the_users_alone_is_refused(cache: Path, tmp_path: Path, fault: str) -> None:
    store("kind", "thing", b"what was found")
    file = tmp_path / "state" / "cache.key"
    if fault == "others write":
        file.chmod(0o622)
    elif fault == "short":
        file.write_bytes(b"short")
    elif fault == "link":
        file.rename(tmp_path / "elsewhere")
        file.symlink_to(tmp_path / "elsewhere")
    else:
        file.parent.chmod(0o777)
    _key_in.cache_clear()
    assert key() is None
    assert load("kind", "thing") is None
    if fault != "link":
        assert refused()


def test_of_two_keys_made_at_once_one_is_kept(tmp_path: Path) -> None:
    from detente.cache import digest

    (tmp_path / "state").mkdir(mode=0o700)
    file = tmp_path / "state" / "cache.key"
    digest._make(file)
    first = file.read_bytes()
    digest._make(file)
    assert file.read_bytes() == first
    assert [one.name for one in file.parent.iterdir()] == ["cache.key"]


def test_where_the_system_has_no_owners_the_folder_is_used(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "own_user", lambda: None)
    store("kind", "thing", b"what was found")
    assert load("kind", "thing") == b"what was found"
