"""What could hold is analysed once; what is spoilt, of another question or unwritable is analysed anew."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from detente.brief.holding.keeping import kept_stability
from detente.brief.holding.section import holding_of
from detente.scenario import Case, load
from detente.stability import Stability, stability


class Counting:
    """The analysis, counting how often it is made."""

    def __init__(self, partial: bool = False) -> None:
        self.calls, self.partial = 0, partial

    def __call__(self, case: Case, **asked: Any) -> Stability:
        self.calls += 1
        found = stability(case, rankings=10, **asked)
        return dataclasses.replace(found, provenance=dataclasses.replace(found.provenance, partial=self.partial))


@pytest.fixture
def case() -> Case:
    return load("chicken")


def test_what_could_hold_is_analysed_once(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = Counting()
    first, again = (kept_stability(case, compute=made) for _ in range(2))
    assert made.calls == 1
    assert again.case is case
    assert (again.provenance, again.equilibria, again.robustness) == (
        first.provenance, first.equilibria, first.robustness,
    )  # fmt: skip
    told, retold = holding_of(first), holding_of(again)
    for one in dataclasses.fields(told):
        if one.name != "stability":
            assert getattr(told, one.name) == getattr(retold, one.name), one.name
    maker = next(iter(first.makers))
    assert again.why(1, maker, "nash") == first.why(1, maker, "nash")


def test_another_seed_or_case_is_another_analysis(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = Counting()
    kept_stability(case, compute=made)
    kept_stability(case, seed=2, compute=made)
    kept_stability(dataclasses.replace(case, hash="another"), compute=made)
    assert made.calls == 3


def test_what_is_spoilt_is_mended(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = Counting()
    kept_stability(case, compute=made)
    (file,) = (tmp_path / "detente" / "stability").glob("*.pickle")
    whole = file.read_bytes()
    for count, content in enumerate((b"", b"no pickle", whole[:-9], whole[:40] + b"!" + whole[41:]), start=2):
        file.write_bytes(content)
        assert kept_stability(case, compute=made).equilibria
        assert made.calls == count
        assert file.read_bytes() == whole


def test_what_was_stopped_is_not_kept(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = Counting(partial=True)
    assert kept_stability(case, compute=made).provenance.partial
    assert not list(tmp_path.rglob("*.pickle"))


def test_a_cache_that_cannot_be_written_is_only_slower(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert kept_stability(case, compute=Counting()).equilibria
