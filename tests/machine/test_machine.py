"""What only some systems have is asked for with an answer for the others."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest

from detente import machine
from detente.machine import machine_memory, processor, processor_features, text_of, usable_processors


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what Windows does not have: /proc, /sys, sysconf and affinity."""
    monkeypatch.delattr(os, "sysconf", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    monkeypatch.setattr(machine, "text_of", lambda _: "")
    for asked in (processor, processor_features):
        asked.cache_clear()


@pytest.mark.usefixtures("elsewhere")
def test_another_system_has_an_answer_to_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "processor", lambda: "Family 6 Model 1")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    try:
        assert processor() == f"{platform.machine()} Family 6 Model 1"
        one = processor_features()
        processor_features.cache_clear()
        monkeypatch.setattr(platform, "processor", lambda: "Family 6 Model 2")
        assert processor_features() != one
    finally:
        for asked in (processor, processor_features):
            asked.cache_clear()
    assert machine_memory() is None
    assert usable_processors() == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_processors() == 1


def test_a_file_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert text_of(tmp_path / "nothing") == ""
    assert text_of(tmp_path) == ""


def test_memory_is_the_smallest_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = machine_memory()
    if whole is None:
        pytest.skip("this system does not tell")
    assert whole > 1 << 28
    limit = tmp_path / "memory.max"
    limit.write_text("4096\n", encoding="ascii")
    monkeypatch.setattr(machine, "MEMORY_LIMITS", (str(tmp_path / "nothing"), str(limit)))
    assert machine_memory() == 4096
    limit.write_text("max\n", encoding="ascii")
    assert (machine_memory() or 0) >= whole


def test_a_process_uses_no_more_processors_than_it_is_bound_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "GROUPS", "/nowhere")
    monkeypatch.setattr(os, "process_cpu_count", lambda: 64, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5, 7}, raising=False)
    assert usable_processors() == 3


@pytest.mark.parametrize(
    ("files", "allowed"),
    [
        ({"cpu.max": "250000 100000"}, 3),
        ({"cpu.max": "50000 100000"}, 1),
        ({"cpu.max": "max 100000"}, 8),
        ({"cpu.max": "max 100000", "a/cpu.max": "200000 100000"}, 2),
        ({"cpu.max": "100000 100000", "a/b/cpu.max": "400000 100000"}, 1),
        ({"cpu/cpu.cfs_quota_us": "400000", "cpu/cpu.cfs_period_us": "100000"}, 4),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 8),
        ({"cpu.max": "nonsense"}, 8),
        ({}, 8),
    ],
)
def test_a_group_s_share_of_time_is_heeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], allowed: int
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text + "\n", encoding="ascii")
    read = text_of
    own = {"/proc/self/cgroup": "0::/a/b\n"}
    monkeypatch.setattr(machine, "text_of", lambda path: own.get(str(path)) or read(path))
    monkeypatch.setattr(machine, "GROUPS", str(tmp_path))
    monkeypatch.setattr(os, "process_cpu_count", lambda: 8, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert usable_processors() == allowed
