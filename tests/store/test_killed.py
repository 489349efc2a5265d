"""Commands killed in earnest, at moments drawn at random: each goes on, and ends in the bytes of one left alone."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from detente.analysis.study_file import load_study

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "run": ["run", "harbour_truce", "--worlds", "400000"],
    "explore": ["explore", "harbour_truce", "--worlds", "300000"],
    "fit": ["fit", "harbour_truce", "--until", "2031-05-04T06:00+02:00", "--particles", "1024"],
    "hindcast": ["hindcast", "harbour_truce", "--step", "12h", "--worlds", "20000"],
}
SIGNALS = [getattr(signal, name) for name in ("SIGKILL", "SIGTERM", "SIGINT") if hasattr(signal, name)]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are not sent signals there")


@dataclass
class Attempts:
    """One command, begun again and again.

    Parameters
    ----------
    command, folder
        What is asked, and where its store and its outputs are.
    went_on
        How often it went on from where it had been interrupted.
    """

    command: str
    folder: Path
    went_on: int = 0
    told: list[str] = field(default_factory=list)

    def begin(self) -> subprocess.Popen[str]:
        """Begin it, and return when its work begins, or it ended before."""
        mark = self.folder / "begun"
        mark.unlink(missing_ok=True)
        outputs = ["--json", str(self.folder / "it.json"), "--save", str(self.folder / "it.study")]
        if self.command == "fit":
            outputs += ["--out", str(self.folder / "it.nc")]
        environment = {**os.environ, "DETENTE_STORE": str(self.folder / "store"), "PYTHONPATH": f"{ROOT / 'src'}"}
        words = [sys.executable, "-m", "tests.store.child", str(mark), *COMMANDS[self.command], *outputs]
        process = subprocess.Popen(
            words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        while not mark.exists() and process.poll() is None:
            time.sleep(0.01)
        return process

    def ended(self, process: subprocess.Popen[str]) -> int:
        """Wait for its end, hold everything to what must hold whenever it ends, and return its status."""
        said = process.communicate(timeout=600)[1]
        self.told.append(said)
        self.went_on += "going on from" in said
        assert "Traceback" not in said, said
        if (file := self.folder / "it.json").exists():
            json.loads(file.read_text(encoding="utf-8"))
        if (file := self.folder / "it.study").exists():
            load_study(file)
        index = self.folder / "store" / "index.sqlite"
        if index.exists():
            connection = sqlite3.connect(index)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            connection.close()
        for file in (self.folder / "store" / "studies").glob("*.study"):
            load_study(file)
        return process.returncode

    def result(self) -> Any:
        """Return what it wrote."""
        return json.loads((self.folder / "it.json").read_text(encoding="utf-8"))

    def begun_anew(self) -> None:
        """Forget what it did."""
        for file in sorted(self.folder.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()


def killed(command: str, folder: Path, kills: int, seed: int) -> None:
    """Kill a command so many times at random moments of its work, and compare what it ends with each time it does."""
    luck = random.Random(f"{command} {seed}")
    alone = Attempts(command, folder / "alone")
    alone.folder.mkdir()
    process = alone.begin()
    since = time.monotonic()
    assert alone.ended(process) == 0, alone.told
    takes, plain = time.monotonic() - since, alone.result()
    assert not list((alone.folder / "store" / "journals").glob("*"))
    one, done, left = Attempts(command, folder / "killed"), 0, kills
    one.folder.mkdir()
    while left or not done:
        process, number = one.begin(), luck.choice(SIGNALS)
        if left:
            time.sleep(luck.uniform(0, takes))
            process.send_signal(number)
        status = one.ended(process)
        if status == 0:
            assert one.result() == plain
            assert (one.folder / "it.json").read_bytes() == (alone.folder / "it.json").read_bytes()
            assert not list((one.folder / "store" / "journals").glob("*")), "its journal was left"
            done += 1
            one.begun_anew()
        else:
            assert left, one.told[-1]
            assert status in (-number, 128 + number), (status, one.told[-1])
            left -= 1
    assert one.went_on or kills < 3, one.told
    print(f"{command}: {kills} kills, {one.went_on} times gone on with, {done} times to its end")


@pytest.mark.parametrize(
    "command", ["run", *(pytest.param(name, marks=pytest.mark.long) for name in COMMANDS if name != "run")]
)
def test_what_is_killed_goes_on_and_ends_in_the_same_bytes(command: str, tmp_path: Path) -> None:
    killed(command, tmp_path, 1, 1)


@pytest.mark.long
@pytest.mark.parametrize("command", list(COMMANDS))
def test_fifty_kills_each(command: str, tmp_path: Path) -> None:
    killed(command, tmp_path, 50, 2)
