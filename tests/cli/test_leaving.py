"""A command that is the whole process ends it at once: what was printed is out, what waits for the end is done."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from detente.cli import COMMANDS, parser

CALLED = "import atexit, sys; atexit.register(print, 'at the end'); sys.argv = ['detente', *sys.argv[1:]]; "
CALLED += "from detente.cli import main; main(); print('never')"


def called(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", CALLED, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "status"), [(["cases"], 0), (["check", "nowhere"], 1), (["cases", "--wrong"], 2)]
)
def test_what_was_registered_for_the_end_is_done(arguments: list[str], status: int) -> None:
    done = called(*arguments)
    assert done.returncode == status
    assert done.stdout.rstrip().endswith("at the end")
    assert "never" not in done.stdout
    assert "Traceback" not in done.stderr


def test_all_that_was_printed_is_out() -> None:
    whole = subprocess.run([sys.executable, "-m", "detente", "schema"], capture_output=True, text=True, check=True)
    assert whole.stdout.rstrip().endswith("}")
    assert len(whole.stdout) > 10_000


def test_a_reader_that_has_gone_gets_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "detente", "cases"], stdout=closed, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("asked", [["cases"], ["check", "--help"], ["check", "prisoners_dilemma"]])
def test_a_command_brings_in_what_it_needs_alone(asked: list[str]) -> None:
    """Neither listing the cases nor a plain check, nor its help, waits for JAX or the commands beside it."""
    seen = f"""
import sys, detente.cli
try:
    detente.cli.main({asked})
except SystemExit:
    pass
print([name for name in ('jax', 'detente.cli.run', 'vl_convert') if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_command_can_be_asked_for_alone() -> None:
    for command in COMMANDS:
        lines = [line.split() for line in parser([command]).format_help().splitlines()]
        assert [name for name in COMMANDS if any(line[:1] == [name] for line in lines)] == [command]
