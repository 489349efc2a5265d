"""The cache stays below its limit, what was not used for longest goes first, and nothing but its own is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detente.cache import clear, contents, load, size, store
from detente.cache.digest import SIZE
from detente.cli import main


def filled(cache: Path) -> list[Path]:
    """Store ten things of a hundred bytes, used an hour apart, and return their files, the oldest first."""
    files = []
    for number in range(10):
        store("swings", f"{number}.json", b"x" * (100 - SIZE))
        files.append(cache / "swings" / f"{number}.json")
        os.utime(files[-1], (1e9 + 3600 * number,) * 2)
    return files


def test_what_was_not_used_for_longest_goes_first(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = filled(cache)
    assert load("swings", "0.json") is not None  # used just now
    monkeypatch.setattr(size, "LIMIT", 1000)
    store("kernels", "new.run", b"y" * (100 - SIZE))
    left = [file.exists() for file in files]
    assert left == [True, False, False, *[True] * 7]
    assert load("kernels", "new.run") is not None


def test_below_the_limit_nothing_goes(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = filled(cache)
    monkeypatch.setattr(size, "LIMIT", 1100)
    store("kernels", "new.run", b"y" * (100 - SIZE))
    assert all(file.exists() for file in files)


def test_what_lies_beside_it_is_neither_counted_nor_touched(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store("swings", "one.json", b"x")
    (cache / "mine").mkdir()
    (cache / "mine" / "letter.txt").write_text("dear")
    (cache / "note.txt").write_text("note")
    (cache / "swings" / "link.json").symlink_to(cache / "note.txt")
    assert sum(one.count for one in contents()) == 1
    monkeypatch.setattr(size, "LIMIT", 0)
    store("kernels", "new.run", b"y")
    assert clear() == (0, 0)
    assert (cache / "mine" / "letter.txt").exists()
    assert (cache / "note.txt").exists()


def test_show_and_clear(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "show"]) == 0
    assert "0.0 MB, of 2,048.0 MB at most" in capsys.readouterr().out
    store("swings", "one.json", b"x" * 2**20)
    store("kernels", "one.run", b"x" * 2**21)
    assert main(["cache", "show"]) == 0
    told = capsys.readouterr().out
    assert str(cache) in told
    assert "3.0 MB" in told
    assert "kernels" in told
    assert "explorations" not in told
    assert main(["cache", "clear", "swings"]) == 0
    assert "removed 1 file, 1.0 MB" in capsys.readouterr().out
    assert load("swings", "one.json") is None
    assert load("kernels", "one.run") is not None
    assert main(["cache", "clear"]) == 0
    assert load("kernels", "one.run") is None


def test_a_kind_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "clear", "swing"]) == 1
    assert "the cache has no kind 'swing'; did you mean 'swings'" in capsys.readouterr().err


def test_a_cache_that_is_refused_is_told_at_the_end_of_a_command(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache.mkdir()
    cache.chmod(0o777)
    store("kernels", "one.run", b"x")
    assert main(["cases"]) == 0
    assert "detente: the cache is not used, since" in capsys.readouterr().err


def test_every_kind_that_the_package_keeps_is_known() -> None:
    """Whatever is stored is shown, counted and cleared: the names in the code are those of the table."""
    import ast

    from tests.architecture.policy import PACKAGE

    found = set()
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        imports = {
            one.asname or one.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("detente.cache")
            for one in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imports & {
                "cached", "load", "store", "holds"
            } and node.args:  # fmt: skip
                kind = node.args[0]
                value = names[kind.id] if isinstance(kind, ast.Name) and kind.id in names else kind
                found.add(value.value if isinstance(value, ast.Constant) else value)
    assert {one for one in found if isinstance(one, str)} == set(size.KINDS)
