"""A journal gives back what was written, drops what is damaged or half written, and never stands in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detente import journal as module
from detente.journal import Journal, arrays_of, remembered, written_arrays


class Clock:
    """Tells the seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_nothing_is_written_in_the_first_seconds_and_all_of_it_after_them(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "one.journal"
    journal = Journal(file, clock)
    clock.now = module.QUIET - 0.1
    journal.note("first", 10, b"a")
    assert not file.exists()
    clock.now = module.QUIET + 0.1
    journal.note("second", 20, b"b")
    assert file.exists()
    journal.close()
    again = Journal(file, clock)
    assert (again.recall("first"), again.recall("second"), again.recall("third")) == (b"a", b"b", None)
    assert again.worlds == 30
    again.remove()
    assert not list(tmp_path.iterdir())


def test_a_short_computation_that_ends_or_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    for end in (Journal.close, Journal.remove):
        journal = Journal(tmp_path / "one.journal", Clock())
        journal.note("first", 10, b"a")
        end(journal)
        assert not list(tmp_path.iterdir())


def test_writing_takes_no_more_than_its_share_of_time(tmp_path: Path) -> None:
    clock, offered = Clock(), []

    def make() -> dict[str, tuple[int, bytes]]:
        offered.append(clock.now)
        clock.now += 0.5  # what it takes
        return {"part": (len(offered), b"x")}

    journal = Journal(tmp_path / "one.journal", clock)
    while clock.now < 500:
        clock.now += 0.25
        journal.offer(make)
    assert offered[0] >= module.QUIET
    assert 0.5 * len(offered) <= 0.02 * 500
    assert len(offered) > 2  # but it is written
    journal.close()
    assert Journal(tmp_path / "one.journal").worlds == len(offered)


def test_what_grows_replaces_what_it_was(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "one.journal"
    journal = Journal(file, clock)
    for step in range(1, 8):
        clock.now += 1_000
        journal.offer(lambda step=step: {"part": (step, bytes(100_000 * step))})  # type: ignore[misc]
    journal.close()
    assert Journal(file).recall("part") == bytes(700_000)
    assert file.stat().st_size < 2_000_000  # not the sum of all


def test_a_damaged_journal_is_begun_anew_and_a_damaged_step_computed_anew(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "one.journal"
    clock.now = 0.0
    journal = Journal(file, clock)
    clock.now = 100.0
    journal.note("first", 10, b"an answer that is long enough to be found again")
    journal.close()
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"long enough", b"long enouhg"))
    assert Journal(file, clock).recall("first") is None
    for damaged in (b"no journal at all", whole[: len(whole) // 2], b"\0" * 5_000):
        file.write_bytes(damaged)
        again = Journal(file, clock)
        assert again.recall("first") is None
        again.close()


def test_two_processes_never_write_one_journal(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "one.journal"
    one = Journal(file, clock)
    clock.now = 100.0
    one.note("first", 10, b"a")
    other = Journal(file, clock)
    assert other.fault
    assert other.recall("first") is None
    other.note("second", 10, b"b")
    other.remove()
    assert file.exists()  # it belongs to the first
    one.close()
    assert Journal(file).recall("second") is None


def test_what_cannot_be_written_is_computed_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    clock = Clock()
    journal = Journal(tmp_path / "file" / "one.journal", clock)
    clock.now = 100.0
    found = remembered(journal, "step", 1, lambda: {"x": np.arange(3)})
    assert list(found["x"]) == [0, 1, 2]
    assert journal.fault
    journal.remove()


FULL = """
import resource, sys
from pathlib import Path
from detente import journal as module
module.QUIET = module.PAUSE = module.SHARE = 0.0
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
journal = module.Journal(Path(sys.argv[1]))
for step in range(40):
    journal.note(f"step {step}", 1, bytes([step]) * 20_000)
assert journal.fault, "nothing was too much"
journal.close()
again = module.Journal(Path(sys.argv[1]))
kept = [step for step in range(40) if again.recall(f"step {step}") is not None]
assert 1 <= len(kept) < 40 and all(again.recall(f"step {s}") == bytes([s]) * 20_000 for s in kept), kept
print("went on")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size there")
def test_a_full_disk_stops_the_journal_and_spoils_nothing_in_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "one.journal")], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(module.__file__).parents[1])},
    )  # fmt: skip
    assert done.stdout.strip() == "went on", done.stderr


def test_arrays_come_back_to_the_last_bit_and_nothing_else_is_read(tmp_path: Path) -> None:
    given = {"a": np.array([0.1, np.nan, -np.inf, -0.0]), "b": np.arange(6, dtype=np.uint32).reshape(2, 3)}
    found = arrays_of(written_arrays(given))
    assert {name: (one.dtype, one.shape, one.tobytes()) for name, one in found.items()} == {
        name: (one.dtype, one.shape, one.tobytes()) for name, one in given.items()
    }
    with pytest.raises(ValueError, match="allow_pickle"):
        arrays_of(written_arrays({"a": np.array([{}], object)}))
