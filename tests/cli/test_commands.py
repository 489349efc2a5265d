"""The commands as a person types them: what they print, what they write, and how they say that something is wrong."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from detente import cli
from detente.brief.report import SCHEMA
from detente.cli import main
from detente.exploration.cached_exploration import cached_exploration
from detente.exploration.explore import explore
from detente.exploration.result import Exploration
from detente.runtime import current
from detente.scenario import Case, find_case

GAZETTE = find_case("harbour_truce") / "sources" / "gazette.txt"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "harbour_truce"
    shutil.copytree(find_case("harbour_truce"), folder)
    return folder


def test_cases_lists_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cases"]) == 0
    printed = capsys.readouterr().out
    assert "harbour_truce" in printed
    assert "november_2023" in printed


def test_what_a_reader_should_know_of_the_compiler_goes_to_the_error_stream(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = replace(current(), warnings=("its compiler had other settings",))
    monkeypatch.setattr(cli, "current", lambda: here)
    assert main(["cases"]) == 0
    printed = capsys.readouterr()
    assert printed.err == "detente: its compiler had other settings\n"
    assert "compiler" not in printed.out


def test_check_of_a_sound_case_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "harbour_truce", "--actors"]) == 0
    printed = capsys.readouterr().out
    assert "harbour_truce: sound" in printed
    assert "varland" in printed


def test_check_prints_every_fault_at_once_with_its_line(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = copy / "scenario.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if "regroup_rate:" in line)
    lines[number] = "  regroup_rat:"
    other = next(n for n, line in enumerate(lines) if "usual: {chance: 0.7..0.95}" in line)
    lines[other] = lines[other].replace("0.7..0.95", "0.95..0.7")
    file.write_text("\n".join(lines), encoding="utf-8")
    assert main(["check", str(copy)]) == 1
    printed = capsys.readouterr().out
    assert f"scenario.yaml:{other + 1}: decisions.league.offer" in printed
    assert "'regroup_rate'" in printed
    assert "2 errors" in printed


def test_check_coverage_names_the_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "harbour_truce", "--coverage"]) == 0
    printed = capsys.readouterr().out
    assert "Sentences of gazette (35)" in printed
    assert "moves" in printed


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert "questions" in json.loads(capsys.readouterr().out)["properties"]


def test_run_writes_the_page_and_prints_the_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "harbour_truce", "--worlds", "3000", "--out", str(tmp_path)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Does the truce hold on 9 May?" in printed
    assert "if every unsettled reading were as likely as not" in printed
    assert "Outside view 22 % (3 to 60, n = 9)" in printed
    assert (tmp_path / "brief.html").stat().st_size > 100_000


def test_run_with_json_alone_makes_no_page_and_keeps_its_contract(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "brief.json"
    assert main(["run", "harbour_truce", "--worlds", "3000", "--seed", "7", "--json", str(file)]) == 0
    data = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.validate(data, SCHEMA)
    assert data["case"] == "harbour_truce"
    assert data["seed"] == 7
    assert [question["type"] for question in data["questions"]] == ["yes/no", "date", "number"]
    assert set(data["questions"][0]["by_account"]) == {"as_varland_tells_it", "as_brightland_tells_it"}
    assert data["coverage"]["sentences"] == 35
    assert not list(tmp_path.rglob("*.html"))


def test_the_schema_of_the_report_refuses_what_is_not_one(tmp_path: Path) -> None:
    file = tmp_path / "brief.json"
    assert main(["run", "harbour_truce", "--worlds", "1000", "--json", str(file)]) == 0
    data = json.loads(file.read_text(encoding="utf-8"))
    data["questions"][0]["probability"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


def test_run_takes_an_account_readings_and_an_earlier_moment(tmp_path: Path) -> None:
    file = tmp_path / "brief.json"
    arguments = ["--account", "as_varland_tells_it", "--reading", "what_varland_heeds=limits"]
    cut = ["--as-of", "2031-05-03T06:00+02:00", "--unweighted"]
    assert main(["run", "harbour_truce", "--worlds", "1,000", *arguments, *cut, "--json", str(file)]) == 0
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data["account"] == "as_varland_tells_it"
    assert data["readings"] == {"pause_helps_league": "helps", "what_varland_heeds": "limits"}
    assert data["as_of"] == "2031-05-03T06:00:00+02:00"
    assert not data["weighted"]
    assert all(question["in_sample"] for question in data["questions"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "harbour_truse"], "did you mean 'harbour_truce'"),
        (["run", "harbour_truce", "--account", "nobody"], "has no account 'nobody'"),
        (["run", "harbour_truce", "--as-of", "2040-05-01T06:00+00:00"], "or an earlier one"),
        (["run", "harbour_truce", "--explore", "--account", "as_varland_tells_it"], "goes over all readings"),
        (["why", "harbour_truce", "how_long", "--explore", "--reading", "first_shot=x"], "goes over all readings"),
        (["run", "harbour_truce", "--explore", "--json", "x.json"], "detente explore CASE --json FILE"),
        (["why", "harbour_truce", "how_lon"], "did you mean 'how_long'"),
        (["source", "show", "harbour_truce", "gazete"], "gaze"),
        (["check", "/nowhere/at/all"], "neither the folder"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert said in printed.out + printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--worlds", "many"],
        ["--reading", "first_shot"],
        ["--reading", "=x"],
        ["--worlds", "0"],
        ["--seed", "-1"],
        ["--seed", "x"],
        ["--as-of", "yesterday"],
    ],
)
def test_a_wrong_call_ends_with_status_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["run", "harbour_truce", *arguments])
    assert stopped.value.code == 2
    assert "write" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert main(["run", "harbour_truce", "--worlds", "500", "--json", str(blocked / "x.json")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_why_goes_down_to_the_sentences_of_ones_own_copy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "harbour_truce", "how_long", "--worlds", "6000", "--text", str(GAZETTE)]) == 0
    printed = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "What this model's answer hangs on, given the ranges we chose" in printed
    assert "assumption: no claim stands behind this number" in printed
    assert "gazette 34:" in printed
    assert "of nine in the harbour office" in printed


def test_run_and_why_explore_where_asked_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("detente.exploration.explore.WORLDS", 30_000)
    made: list[Exploration] = []

    def counted(case: Case, **asked: Any) -> Exploration:
        made.append(explore(case, **asked))
        return made[-1]

    def kept(case: Case, **asked: Any) -> Exploration:
        return cached_exploration(case, compute=counted, **asked)

    monkeypatch.setattr("detente.exploration.cached_exploration.cached_exploration", kept)
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "cache"))
    assert main(["run", "harbour_truce", "--worlds", "3000", "--explore", "--out", str(tmp_path)]) == 0
    assert "Sentences to check first: gazette 34" in capsys.readouterr().out
    page = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert 'id="sentences"' in page
    assert main(["why", "harbour_truce", "how_long", "--worlds", "3000", "--explore"]) == 0
    assert "Luck, ignorance, dispute" in capsys.readouterr().out
    assert len(made) == 1, "the second command shows what the first has kept"


def test_source_show_finds_each_sentence_and_who_cites_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["source", "show", "harbour_truce", "gazette", "--text", str(GAZETTE)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(" found " in line for line in lines) == 35
    assert any(line.startswith("  16 found") and "pause_helps_league" in line for line in lines)


def test_source_add_numbers_a_text_and_keeps_none_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "scenario.yaml").write_text("case: case\n", encoding="utf-8")
    text = tmp_path / "page.txt"
    text.write_text("One sentence stands here alone. Another follows it at once.", encoding="utf-8")
    assert main(["source", "add", str(folder), str(text), "--id", "page"]) == 0
    assert "2 sentences numbered" in capsys.readouterr().out
    assert "alone" not in (folder / "sources" / "page.csv").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be sent Ctrl-C alone")
def test_ctrl_c_gives_back_what_is_done_marked_as_partial(tmp_path: Path) -> None:
    file = tmp_path / "brief.json"
    command = [sys.executable, "-m", "detente", "run", "harbour_truce", "--json", str(file), "--worlds"]
    started = time.monotonic()
    subprocess.run([*command, "200000"], check=True, capture_output=True)  # fills the caches
    usual = time.monotonic() - started
    process = subprocess.Popen([*command, "50000000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(usual + 2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert process.returncode == 130
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data["partial"]
    assert 0 < data["worlds"] < 20_000_000
