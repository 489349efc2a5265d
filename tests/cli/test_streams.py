"""Whatever is at the other end of the standard streams, a command does what it was asked for and says how it went."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detente.cli.streams import GuardedStream

RUN = ["run", "harbour_truce", "--worlds", "256"]
ENCODINGS = ("ascii", "cp1252", "cp437", "latin-1", "gbk", "shift_jis")
NEEDS_SHELL = pytest.mark.skipif(shutil.which("sh") is None, reason="streams are closed by a shell")


def command(*arguments: str, before: str = "", **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command, by a shell where something is done to its streams ``before``."""
    words = [sys.executable, "-m", "detente", *arguments]
    words = ["sh", "-c", f'"$@" {before}', "sh", *words] if before else words
    return subprocess.run(words, capture_output=True, check=False, env={**os.environ, **settings})


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("asked", [["cases"], ["check", "harbour_truce"]])
def test_signs_that_an_encoding_lacks_are_replaced(encoding: str, asked: list[str]) -> None:
    done = command(*asked, PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    done.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ["ascii", pytest.param("cp437", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "asked",
    [
        RUN,
        ["stability", "chicken", "--rankings", "0"],
        pytest.param(["hindcast", "harbour_truce", "--worlds", "256"], marks=pytest.mark.long),
        pytest.param(["explore", "harbour_truce", "--worlds", "5000"], marks=pytest.mark.long),
        pytest.param(["compare", "harbour_truce", "varland_extends", "--worlds", "512"], marks=pytest.mark.long),
        pytest.param(["why", "harbour_truce", "how_long", "--worlds", "512"], marks=pytest.mark.long),
    ],
)
def test_whole_results_are_printed_in_any_encoding(encoding: str, asked: list[str], tmp_path: Path) -> None:
    out = ["--out", str(tmp_path)] if asked[0] in ("run", "stability", "hindcast") else []
    done = command(*asked, *out, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    done.stdout.decode(encoding)
    assert bool(list(tmp_path.glob("*.html"))) == bool(out)


@NEEDS_SHELL
@pytest.mark.parametrize("before", [">&-", "| head -1", "2>&-", ">&- 2>&-"])
def test_a_page_is_written_whoever_reads_on(before: str, tmp_path: Path) -> None:
    done = command(*RUN, "--out", str(tmp_path), before=before)
    assert (tmp_path / "brief.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@NEEDS_SHELL
@pytest.mark.parametrize(("before", "status"), [(">&-", 0), ("2>&-", 0)])
def test_a_check_is_what_it_is_whoever_reads_on(before: str, status: int) -> None:
    assert command("check", "prisoners_dilemma", before=before).returncode == status
    assert command("check", "nowhere", before=before).returncode == 1


@pytest.mark.skipif(not Path(os.devnull).with_name("full").exists(), reason="this system has no file that is full")
def test_a_full_disk_behind_standard_output_costs_no_page(tmp_path: Path) -> None:
    done = command(*RUN, "--out", str(tmp_path), before=f"> {Path(os.devnull).with_name('full')}")
    assert done.returncode == 0
    assert (tmp_path / "brief.html").exists()
    done = command(*RUN, "--json", "-", before=f"> {Path(os.devnull).with_name('full')}")
    assert done.returncode == 1
    assert b"standard output: cannot be written" in done.stderr


@pytest.mark.parametrize(
    "name", ["-", pytest.param("/dev/stdout", marks=pytest.mark.skipif(os.name != "posix", reason="no such file"))]
)
def test_data_goes_to_standard_output_and_nothing_else_does(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "detente", *RUN, "--json", name], capture_output=True, check=True, cwd=tmp_path
    )
    assert json.loads(done.stdout)["questions"]
    assert not list(tmp_path.iterdir())


def test_data_lacks_nothing_in_any_encoding(tmp_path: Path) -> None:
    asked = [*RUN, "--json"]
    command(*asked, str(tmp_path / "whole.json"))
    whole = json.loads((tmp_path / "whole.json").read_text(encoding="utf-8"))
    assert not json.dumps(whole, ensure_ascii=False).isascii()
    for encoding in ("ascii", "cp437", "utf-8"):
        assert json.loads(command(*asked, "-", PYTHONIOENCODING=encoding).stdout) == whole


def test_every_command_that_gives_data_gives_it_to_standard_output(tmp_path: Path) -> None:
    for asked in (["stability", "chicken", "--rankings", "0"], ["runs", "list"]):
        done = command(*asked, "--json", "-", DETENTE_STORE=str(tmp_path / "store"))
        assert done.returncode == 0
        assert isinstance(json.loads(done.stdout), dict)


@pytest.mark.parametrize("name", ["[draft] :bug: x", "o [/red] [bold]", "ends in a long name " + "a" * 90])
def test_the_name_of_a_file_is_told_as_it_is(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "detente", "stability", "chicken", "--rankings", "0", "--out", name],
        capture_output=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    told = [line for line in done.stdout.decode().splitlines() if line.startswith("page: ")]
    assert [Path(line.removeprefix("page: ")).parent for line in told] == [Path(name)]
    assert (tmp_path / name).is_dir()


def test_signs_that_steer_a_terminal_are_written_out(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "src" / "detente" / "cases" / "chicken"
    shutil.copytree(folder, tmp_path / "chicken")
    file = tmp_path / "chicken" / "scenario.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    titled = next(number for number, line in enumerate(lines) if line.startswith("title:"))
    lines[titled] = 'title: "a\\e[31mred\\u202eder [bold]x[/bold] [/y]"'
    file.write_text("\n".join(lines), encoding="utf-8")
    for asked in (["check"], ["stability", "--rankings", "0", "--out", str(tmp_path)]):
        done = command(asked[0], str(tmp_path / "chicken"), *asked[1:])
        shown = (done.stdout + done.stderr).decode()
        assert "Traceback" not in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown


@pytest.mark.parametrize(
    "asked", [["\x1b[2Jrun"], ["run", "\x1b[2Jcase"], ["cases", "--\x1b[2J"], ["check", "a\u202eb"]]
)
def test_a_wrong_call_is_told_without_what_would_steer(asked: list[str]) -> None:
    done = command(*asked)
    assert done.returncode in (1, 2)
    shown = (done.stdout + done.stderr).decode()
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "x1b[2J" in shown or "u202e" in shown


def test_whatever_is_printed_is_guarded_and_what_a_console_does_is_not(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="ascii") as inner:
        guarded = GuardedStream(inner)
        print("a\x1b[2Jb – \u202e", file=guarded)
        print("a\x1b[1mb", file=GuardedStream(inner, as_is=True))
        guarded.flush()
    assert (tmp_path / "out").read_text(encoding="ascii") == "a\\x1b[2Jb - \\u202e\na\x1b[1mb\n"


def interrupted(asked: list[str], wait: float, tmp_path: Path) -> tuple[int, str]:
    """Return how a command ended, and what it said, that was interrupted a while after its libraries began to come."""
    words = [sys.executable, "-X", "importtime", "-m", "detente", *asked]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as begun:
        assert begun.stderr is not None
        for line in begun.stderr:
            if "detente.cli.ahead" in line:  # the first that the command itself brings in
                break
        time.sleep(wait)
        begun.send_signal(signal.SIGINT)
        said = "".join(line for line in begun.stderr if not line.startswith("import time:"))
    return begun.returncode, said


def tried(asked: list[str], times: int, until: float, tmp_path: Path) -> None:
    dice = random.Random(1)
    for _ in range(times):
        status, said = interrupted(asked, dice.uniform(0, until), tmp_path)
        assert status in (0, 130), said
        assert "Traceback" not in said
        assert "Exception ignored" not in said


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize("asked", [["cases"], RUN], ids=lambda asked: asked[0])
def test_ctrl_c_at_any_moment_ends_in_order(asked: list[str], tmp_path: Path) -> None:
    tried(asked, 4, 2.5, tmp_path)


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize(
    "asked",
    [
        ["cases"], ["check", "harbour_truce"], RUN, ["stability", "chicken"], ["why", "harbour_truce", "how_long"],
        ["hindcast", "harbour_truce", "--worlds", "256"], ["explore", "harbour_truce", "--worlds", "5000"],
        ["compare", "harbour_truce", "varland_extends", "--worlds", "512"], ["runs", "list"], ["schema"],
    ],
    ids=lambda asked: asked[0],
)  # fmt: skip
def test_ctrl_c_at_a_hundred_moments_of_each_command(asked: list[str], tmp_path: Path) -> None:
    tried(asked, 100, 8.0, tmp_path)
