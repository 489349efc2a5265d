"""A cache of its own for each test, with a key of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.cache import digest, entries, folder


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a cache that nobody has used yet."""
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("platformdirs.user_state_path", lambda _: tmp_path / "state")
    monkeypatch.setattr(entries, "_unwritten", {})
    monkeypatch.setattr(folder, "_refused", {})
    digest._key_in.cache_clear()
    return tmp_path / "cache"
