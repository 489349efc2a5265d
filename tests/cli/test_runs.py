"""What is kept is listed, shown again to the last byte, set side by side, taken elsewhere and deleted by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.cli import main

Captured = pytest.CaptureFixture[str]


def asked(tmp_path: Path, *words: str) -> Any:
    file = tmp_path / "asked.json"
    assert main(["run", "harbour_truce", "--worlds", "2000", *words, "--json", str(file)]) == 0
    return json.loads(file.read_text(encoding="utf-8"))


def listed(tmp_path: Path) -> list[dict[str, Any]]:
    assert main(["runs", "list", "--json", str(tmp_path / "list.json")]) == 0
    studies: list[dict[str, Any]] = json.loads((tmp_path / "list.json").read_text(encoding="utf-8"))["studies"]
    return studies


def test_a_study_is_listed_shown_exported_and_deleted(tmp_path: Path, capsys: Captured) -> None:
    data = asked(tmp_path)
    (one,) = listed(tmp_path)
    assert (one["command"], one["case"], one["worlds"], one["seed"]) == ("run", "harbour_truce", 2_000, 1)
    assert one["asked"] == "detente run harbour_truce --worlds 2000"
    capsys.readouterr()
    assert main(["runs", "list"]) == 0
    assert one["key"][:10] in capsys.readouterr().out
    short, shown, exported = one["key"][:8], tmp_path / "shown.json", tmp_path / "one.study"
    assert main(["runs", "show", short, "--json", str(shown)]) == 0
    assert json.loads(shown.read_text(encoding="utf-8")) == data
    assert main(["runs", "show", short, "--out", str(tmp_path)]) == 0
    assert main(["run", "harbour_truce", "--worlds", "2000", "--again", "--out", str(tmp_path / "anew")]) == 0
    assert (tmp_path / "brief.html").read_bytes() == (tmp_path / "anew" / "brief.html").read_bytes()
    assert main(["runs", "export", short, str(exported)]) == 0
    assert main(["brief", str(exported), "--json", str(tmp_path / "brief.json")]) == 0
    assert json.loads((tmp_path / "brief.json").read_text(encoding="utf-8")) == data
    capsys.readouterr()
    assert main(["runs", "delete", short]) == 0
    assert short in (said := capsys.readouterr().out)
    assert "run harbour_truce --worlds 2000" in said
    assert listed(tmp_path) == []
    assert main(["runs", "show", short]) == 1
    assert main(["brief", str(exported), "--json", str(tmp_path / "brief.json")]) == 0  # what was taken elsewhere stays


def test_runs_are_set_side_by_side_with_each_accounts_difference(tmp_path: Path, capsys: Captured) -> None:
    runs = [asked(tmp_path, "--seed", seed) for seed in ("1", "2")]
    ids = [one["key"] for one in reversed(listed(tmp_path))]
    seeds = {one["key"]: one["seed"] for one in listed(tmp_path)}
    ids.sort(key=lambda key: seeds[key])
    table = tmp_path / "table.json"
    assert main(["runs", "compare", *ids, "--json", str(table)]) == 0
    rows = json.loads(table.read_text(encoding="utf-8"))["answers"]
    told = {question["id"]: question for question in runs[0]["questions"]}
    for row in rows:
        if row["figure"] == "share":
            assert row["differences"][0] == pytest.approx(row["values"][1] - row["values"][0])
    tellers = {row["told_by"] for row in rows if row["question"] == next(iter(told))}
    assert {"mixtures", "as_varland_tells_it", "as_brightland_tells_it"} <= tellers
    capsys.readouterr()
    assert main(["runs", "compare", *ids]) == 0
    printed = capsys.readouterr().out
    assert "As Varland tells it" in printed
    assert "2 less 1" in printed
    assert main(["runs", "compare", ids[0]]) == 1
    assert "two studies or more" in capsys.readouterr().err


def test_only_runs_are_set_side_by_side(tmp_path: Path, capsys: Captured) -> None:
    asked(tmp_path)
    assert main(["explore", "harbour_truce", "--worlds", "4000", "--json", str(tmp_path / "x.json")]) == 0
    ids = [one["key"] for one in listed(tmp_path)]
    assert main(["runs", "compare", *ids]) == 1
    assert "only runs" in capsys.readouterr().err


def test_nothing_is_kept_at_first(tmp_path: Path, capsys: Captured) -> None:
    assert main(["runs", "list"]) == 0
    assert "nothing is kept in" in capsys.readouterr().out


def test_a_project_gets_a_store_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.delenv("DETENTE_STORE")
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert ".detente" in capsys.readouterr().out
    asked(tmp_path)
    assert len(listed(tmp_path)) == 1
    assert len(list((tmp_path / ".detente" / "studies").iterdir())) == 1
    assert main(["init", str(tmp_path)]) == 0
    assert "already" in capsys.readouterr().out
