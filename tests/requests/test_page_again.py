"""The command that stands on a page makes that page again, to the last byte."""

from __future__ import annotations

import html
import re
import shlex
import shutil
from pathlib import Path

import pytest

from detente.cli import main
from detente.scenario import find_case

SHOWN = re.compile(r'<pre class="command"><code>(.*?)</code></pre>', re.DOTALL)


def printed(page: Path) -> str:
    """Return the command that a page shows."""
    (found,) = SHOWN.findall(page.read_text(encoding="utf-8"))
    return html.unescape(found)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder to work in, with cases whose path a shell would take apart."""
    monkeypatch.chdir(tmp_path)
    for name in ("harbour_truce", "elmira_groundwater"):
        shutil.copytree(find_case(name), tmp_path / "somebody's cases" / name)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "brief.html",
            "run HARBOUR --worlds 330 --replicates 4 --seed 5 --unweighted --precision float64 --as-of 2031-05-03 "
            "--rule threshold --declared-ranges --account as_varland_tells_it --reading what_varland_heeds=limits",
        ),
        ("stability.html", "stability TOWN --rankings 50 --horizons 2,5 --sanctions once --no-coalitions --seed 3"),
        (
            "hindcast.html",
            "hindcast HARBOUR --worlds 170 --replicates 4 --step 36h --question how_long --no-reasons --seed 2",
        ),
    ],
)
def test_the_command_on_a_page_makes_it_again(name: str, line: str, folder: Path) -> None:
    cases = {"HARBOUR": "somebody's cases/harbour_truce", "TOWN": "somebody's cases/elmira_groundwater"}
    assert main([*(cases.get(word, word) for word in line.split()), "--out", "first"]) == 0
    page = folder / "first" / name
    program, *again = shlex.split(printed(page))
    assert program == "detente"
    assert main([*again, "--out", "second"]) == 0
    assert (folder / "second" / name).read_bytes() == page.read_bytes()
