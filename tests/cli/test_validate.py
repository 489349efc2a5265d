"""``detente validate`` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from detente.cli import main
from detente.validation import SCHEMA

Capture = pytest.CaptureFixture[str]
QUICKLY = ["--quick", "--worlds", "32"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


def words(capsys: Capture) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_it_prints_the_verdicts_and_writes_a_page(capsys: Capture) -> None:
    assert main(["validate", "harbour_truce", "--worlds", "32", "--json", "sheet.json", "--out", "."]) == 0
    printed = words(capsys)
    assert f"Of {len(json.loads(Path('sheet.json').read_text(encoding='utf-8'))['tests'])} tests" in printed
    assert "Passes Units" in printed
    assert "Steps within a day" in printed
    assert "page: validation.html" in printed
    assert "every equation" in Path("validation.html").read_text(encoding="utf-8").lower()


def test_data_alone_makes_no_page(capsys: Capture) -> None:
    assert main(["validate", "harbour_truce", *QUICKLY, "--json", "sheet.json", "--seed", "7"]) == 0
    data = json.loads(Path("sheet.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, SCHEMA)
    assert data["quick"] is True
    assert data["provenance"]["seed"] == 7
    assert words(capsys) == "data: sheet.json"
    assert not Path("validation.html").exists()


def test_both_where_both_are_asked_for(capsys: Capture) -> None:
    assert main(["validate", "chicken", *QUICKLY, "--json", "sheet.json", "--out", "deep/folder"]) == 0
    assert "Does not apply" in words(capsys)
    assert Path("sheet.json").is_file()
    assert Path("deep/folder/validation.html").is_file()


@pytest.mark.parametrize("asked", [["no_such_case"], ["harbour_truce", "--worlds", "3"]])
def test_what_cannot_be_done_is_said(asked: list[str], capsys: Capture) -> None:
    assert main(["validate", *asked]) == 1
    error = capsys.readouterr().err
    assert error.startswith("detente: ")
    assert "Traceback" not in error


@pytest.mark.parametrize("worlds", ["0", "many", "10000000"])
def test_no_number_of_worlds_is_refused(worlds: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["validate", "harbour_truce", "--worlds", worlds])
    assert stopped.value.code == 2
