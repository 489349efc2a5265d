"""Whatever command is stopped on its way: its data says so and keeps its form, and so does what it prints."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import detente
from detente.cli import main
from detente.cli.watching import Watched
from detente.exploration.comparison_report import COMPARISON_SCHEMA
from detente.exploration.expectations_report import EXPECTATIONS_SCHEMA
from detente.exploration.report import SCHEMA as EXPLORATION_SCHEMA
from detente.exploration.under_rules import UNDER_RULES_SCHEMA, under_rules
from detente.hindcast.fit_report import FIT_SCHEMA
from detente.hindcast.report import SCHEMA as HINDCAST_SCHEMA
from detente.stability.report import SCHEMA as STABILITY_SCHEMA
from tests.brief.conflicted import conflicted

LEVERS = list(detente.load("harbour_truce").scenario.levers)
COMMANDS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "explore": (["explore", "harbour_truce", "--worlds", "20000"], EXPLORATION_SCHEMA),
    "compare": (["compare", "harbour_truce", *LEVERS[:2], "--worlds", "20000"], COMPARISON_SCHEMA),
    "hindcast": (["hindcast", "harbour_truce", "--step", "1d", "--worlds", "1600"], HINDCAST_SCHEMA),
    "fit": (["fit", "harbour_truce", "--until", "2031-05-04T06:00+02:00", "--particles", "64"], FIT_SCHEMA),
    "stability": (["stability", "CONFLICTED", "--rankings", "200000"], STABILITY_SCHEMA),
    "rules": (["rules", "harbour_truce", "--worlds", "2000"], UNDER_RULES_SCHEMA),
    "check": (["check", "harbour_truce", "--expectations", "--worlds", "200000"], EXPECTATIONS_SCHEMA),
}


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let Ctrl-C come when a command has done its first worlds; give what was being done."""
    begun: list[str] = []

    def progress(self: Watched, doing: str, total: int | None) -> Callable[[int], None]:
        begun.append(doing)
        return lambda done: None if self.stop.is_set() else signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Watched, "progress", progress)
    return begun


def words_of(command: str, tmp_path: Path) -> list[str]:
    words = COMMANDS[command][0]
    folder = str(conflicted(tmp_path).folder) if command == "stability" else ""
    found = [word if word != "CONFLICTED" else folder for word in words]
    return [*found, "--out", str(tmp_path / "p.nc")] if command == "fit" else found


@pytest.mark.parametrize("command", list(COMMANDS))
def test_the_data_of_what_was_stopped_says_so_and_keeps_its_form(
    command: str, tmp_path: Path, interrupted: list[str]
) -> None:
    file = tmp_path / "it.json"
    main([*words_of(command, tmp_path), "--json", str(file)])
    assert interrupted
    data = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.validate(data, COMMANDS[command][1])
    assert data["partial"] is True


@pytest.mark.parametrize("command", ["explore", "compare"])
def test_what_is_printed_says_so_too(
    command: str, tmp_path: Path, interrupted: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words_of(command, tmp_path)) == 130
    assert "Stopped on the way" in capsys.readouterr().out


def test_under_several_rules_one_ctrl_c_ends_them_all() -> None:
    sent: list[int] = []

    def progress(done: int) -> None:
        if not sent:
            sent.append(done)
            signal.raise_signal(signal.SIGINT)

    found = under_rules("harbour_truce", worlds=2_000, progress=progress)
    assert found.provenance.partial
    assert len(found.rules) == 1
