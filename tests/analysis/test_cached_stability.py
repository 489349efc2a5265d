"""What could hold is analysed once; what is spoilt, of another question or unwritable is analysed anew."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from detente.analysis import cached_stability as module
from detente.analysis.cached_stability import cached_stability
from detente.brief.holding.section import holding_of
from detente.runtime import current
from detente.scenario import Case, load
from detente.stability import Stability, stability, why_stable


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
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    made = Counting()
    first, again = (cached_stability(case, compute=made) for _ in range(2))
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
    assert why_stable(again, 1, maker, "nash") == why_stable(first, 1, maker, "nash")


def test_another_seed_or_case_is_another_analysis(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    made = Counting()
    cached_stability(case, compute=made)
    cached_stability(case, seed=2, compute=made)
    cached_stability(dataclasses.replace(case, hash="another"), compute=made)
    assert made.calls == 3


def test_another_account_reading_or_runtime_is_another_analysis(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    plain, asked = stability(case, rankings=0), []

    def noted(case: Case, **request: Any) -> Stability:
        asked.append(request)
        return plain

    cached_stability(case, compute=noted)
    cached_stability(case, account="one", compute=noted)
    cached_stability(case, account="other", compute=noted)
    cached_stability(case, readings={"one": "so"}, compute=noted)
    assert len(asked) == 4
    here = current()
    others: list[Any] = [{"versions": {"numpy": "1.0"}}, {"processor": "another"}, {"features": "another"}]
    for count, other in enumerate(others, start=5):
        changed = dataclasses.replace(here, **other)
        monkeypatch.setattr(module, "current", lambda changed=changed: changed)
        cached_stability(case, compute=noted)
        assert len(asked) == count
    monkeypatch.setattr(module, "current", lambda: dataclasses.replace(here, compiler="another"))
    cached_stability(case, compute=noted)
    assert len(asked) == 7  # it compiles nothing


def test_what_is_spoilt_is_mended(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    made = Counting()
    cached_stability(case, compute=made)
    (file,) = (tmp_path / "detente" / "stability").glob("*.json")
    whole = file.read_bytes()
    for count, content in enumerate((b"", b"no JSON", whole[:-9], whole[:40] + b"!" + whole[41:]), start=2):
        file.write_bytes(content)
        assert cached_stability(case, compute=made).equilibria
        assert made.calls == count
        assert file.read_bytes() == whole


def test_what_was_stopped_is_not_kept(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    made = Counting(partial=True)
    assert cached_stability(case, compute=made).provenance.partial
    assert not list(tmp_path.rglob("*.json"))


def test_what_cannot_be_written_is_analysed_once(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("DETENTE_CACHE", str(blocked / "detente"))
    made = Counting()
    assert all(cached_stability(case, compute=made).equilibria for _ in range(2))
    assert made.calls == 1
