"""``detente run --save`` and ``detente brief``: the same page, computed once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.cli import main


def test_a_saved_study_has_the_page_and_the_data_of_its_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["run", "harbour_truce", "--worlds", "512", "--seed", "3"]
    study, first, then = tmp_path / "truce.study", tmp_path / "first", tmp_path / "then"
    assert main([*asked, "--out", str(first), "--json", str(first / "data.json"), "--save", str(study)]) == 0
    printed = capsys.readouterr().out.split("data:")[0]
    assert main(["brief", str(study), "--out", str(then), "--json", str(then / "data.json")]) == 0
    assert capsys.readouterr().out.split("data:")[0] == printed
    assert (then / "brief.html").read_bytes() == (first / "brief.html").read_bytes()
    assert json.loads((then / "data.json").read_text()) == json.loads((first / "data.json").read_text())


def test_a_study_alone_makes_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", "harbour_truce", "--worlds", "256", "--save", "truce.study"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["truce.study"]


def test_what_is_no_study_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("notes", encoding="utf-8")
    assert main(["brief", str(file)]) == 1
    told = capsys.readouterr().err
    assert "notes.txt: is no study that detente wrote" in told
    assert "Traceback" not in told
