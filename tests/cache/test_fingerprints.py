"""A fingerprint tells apart whatever decides about what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.cache import fingerprint, fingerprint_of_code


def test_parts_are_told_apart() -> None:
    assert fingerprint("a", "b") != fingerprint("ab") != fingerprint("a", "", "b")
    assert fingerprint("a", "b") == fingerprint("a", "b")


def test_code_is_told_by_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def now() -> str:
        fingerprint_of_code.cache_clear()
        return fingerprint_of_code("room", ".")

    monkeypatch.setattr("detente.cache.fingerprints.PACKAGE", tmp_path)
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
