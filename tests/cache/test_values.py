"""Values are computed once and read back to the last bit; what is of another form is computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.cache import cached, load, store
from detente.stored import StoredFloats, adapter_of


@dataclass(frozen=True)
class Inner:
    """What stands inside."""

    name: str
    value: float | None


@dataclass(frozen=True, eq=False)
class Found:
    """A value with all that results have."""

    inner: tuple[Inner, ...]
    by_name: Mapping[str, Mapping[str, float]]
    array: StoredFloats
    partial: bool = False


class Computing:
    """Gives a value and counts how often it is asked."""

    def __init__(self, value: Found) -> None:
        self.value, self.count = value, 0

    def __call__(self) -> Found:
        self.count += 1
        return self.value


numbers = st.floats(width=64)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(value=numbers, row=st.lists(numbers, max_size=5), name=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_value_is_read_back_to_the_last_bit(value: float, row: list[float], name: str) -> None:
    made = Computing(Found((Inner(name, value), Inner("", None)), {name: {"x": value}}, np.array(row)))
    first, again = (cached("swings", f"{hash((value, name, tuple(row)))}", adapter_of(Found), made) for _ in range(2))
    assert np.array(again.inner[0].value).tobytes() == np.array(value).tobytes() or value != value
    assert again.inner[0].name == name
    assert list(again.by_name) == [name]
    assert again.array.tobytes() == np.array(row).tobytes() or any(one != one for one in row)
    assert len(first.inner) == len(again.inner) == 2


def plain() -> Computing:
    return Computing(Found((Inner("a", 1.5),), {"b": {"c": 2.5}}, np.array([1.0, np.inf])))


def test_it_is_computed_once() -> None:
    made = plain()
    for _ in range(3):
        assert cached("swings", "a", adapter_of(Found), made).inner == made.value.inner
    assert made.count == 1
    cached("swings", "another", adapter_of(Found), made)
    assert made.count == 2


def test_what_was_stopped_on_the_way_is_not_kept() -> None:
    made = plain()
    for _ in range(2):
        cached("swings", "a", adapter_of(Found), made, is_whole=lambda _: False)
    assert made.count == 2


@pytest.mark.parametrize("content", [b"", b"[", b"[1]", b'[{"inner": []}]', b"null", b"\xff", b"[" * 100_000])
def test_what_is_of_another_form_is_mended(content: bytes) -> None:
    made = plain()
    store("swings", "a.json", content)
    assert cached("swings", "a", adapter_of(Found), made) is made.value
    assert cached("swings", "a", adapter_of(Found), made).inner == made.value.inner
    assert made.count == 1
    assert load("swings", "a.json") != content


def test_where_nothing_can_be_written_it_is_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "file" / "cache"))
    made = plain()
    for _ in range(2):
        assert cached("swings", "a", adapter_of(Found), made).inner == made.value.inner
    assert made.count == 1
