"""``detente stability`` as a person types it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from detente.cli import main
from detente.stability import SCHEMA
from tests.stability.quarrel import quarrel

Capture = pytest.CaptureFixture[str]


def words(capsys: Capture) -> str:
    """Return what was printed as one line, so that no break of lines stands in the way."""
    return " ".join(capsys.readouterr().out.split())


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


def test_it_prints_what_holds_and_writes_a_page(capsys: Capture) -> None:
    assert main(["stability", "elmira_groundwater", "--rankings", "20"]) == 0
    printed = words(capsys)
    assert "What holds State R GMR SMR SEQ SSEQ SIM L2 L3 NM" in printed
    # Coalitions are looked at under four concepts: of the others no more is said than that nobody alone would leave.
    assert "10: settled on easier terms ● ● ● ● ✓ ✓ ✓ ✓ ✓" in printed
    # The ministry and the company would leave state 7 together, whatever the first four concepts say.
    assert "7: appeal against insistence ○ ○ ○ ○ ✓ ✓" in printed
    assert "✓ holds against single decision makers: coalitions are looked at under R, GMR, SMR and SEQ only." in printed
    assert "modify – Y – Y – Y – Y – Y – Y" in printed
    assert "The status quo is state 1 (appeal goes on)" in printed
    assert "If decision makers join" in printed
    assert "Under other rankings that the claims allow" in printed
    assert "there is nothing to sample" in printed
    assert "Sanctions: legal; seed 1. page:" in printed
    page = Path("stability.html").read_text(encoding="utf-8")
    assert "settled on easier terms" in page


def test_accounts_stand_side_by_side_first(tmp_path: Path, capsys: Capture) -> None:
    prefers = "prefers:\n  - wants: ann.fence\n    claims: [quiet]\n    when: {storms: often}\n"
    folder = quarrel(tmp_path, ann=prefers).folder
    assert main(["stability", str(folder), "--rankings", "0", "--out", "deep/folder"]) == 0
    printed = words(capsys)
    assert printed.index("What holds, account by account") < printed.index("What holds if no account is taken")
    assert "As Ann tells it" in printed
    assert Path("deep/folder/stability.html").is_file()
    assert "Under other rankings" not in printed


def test_data_alone_makes_no_page(capsys: Capture) -> None:
    command = [
        "stability",
        "garrison_diversion",
        "--sanctions",
        "once",
        "--horizon",
        "4",
        "--rankings",
        "5",
        "--seed",
        "9",
    ]
    assert main([*command, "--json", "deep/report.json"]) == 0
    data = json.loads(Path("deep/report.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, SCHEMA)
    assert data["sanctions"] == "once"
    assert data["seed"] == 9
    assert "l4" in data["equilibria"]
    assert data["equilibria"]["gmr"] == [2, 3, 4, 8, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22]
    assert words(capsys) == "data: deep/report.json"
    assert not list(Path().rglob("*.html"))


def test_one_account_and_one_reading(tmp_path: Path) -> None:
    prefers = "prefers:\n  - wants: ann.fence\n    claims: [quiet]\n    when: {storms: often}\n"
    folder = quarrel(tmp_path, ann=prefers).folder
    command = ["stability", str(folder), "--rankings", "0", "--json", "report.json"]
    assert main([*command, "--account", "as_ann_tells_it", "--reading", "storms=seldom"]) == 0
    data = json.loads(Path("report.json").read_text(encoding="utf-8"))
    assert data["account"] == "as_ann_tells_it"
    assert data["readings"] == {"storms": "seldom"}
    assert data["by_account"] == {}


def test_one_state_is_printed_alone(capsys: Capture) -> None:
    assert main(["stability", "elmira_groundwater", "--state", "10"]) == 0
    printed = words(capsys)
    assert printed.startswith("State 10: settled on easier terms")
    assert "everybody ● ● ● ● ● ● ● ● ●" in printed
    assert not list(Path().glob("*.html"))


def test_why_tells_every_decision_maker_and_concept_and_the_claims(capsys: Capture) -> None:
    assert main(["stability", "elmira_groundwater", "--state", "appeal_goes_on", "--why"]) == 0
    printed = words(capsys)
    assert "Stable under Nash, general metarational, symmetric metarational" in printed
    assert "Not stable under sequential" in printed
    assert "could then take up “Change the order so that the company finds it easier to accept” (state 8)" in printed
    assert "The claims" in printed
    assert "local ranking: Local government would have the company accept" in printed


def test_why_can_be_asked_of_one_decision_maker_under_one_concept(capsys: Capture) -> None:
    command = ["stability", "elmira_groundwater", "--state", "1", "--why", "--concept", "gmr"]
    assert main([*command, "--actor", "local_government"]) == 0
    by_name = words(capsys)
    assert main([*command, "--actor", "Local government"]) == 0
    assert words(capsys) == by_name
    assert "Uniroyal Chemical Stable" not in by_name
    assert "Stable under general metarational stability. It would gain by" in by_name


def test_many_states_are_cut_to_those_that_say_something(capsys: Capture) -> None:
    assert main(["stability", "november_2023", "--rankings", "0", "--account", "as_hamas_tells_it"]) == 0
    printed = words(capsys)
    assert "states are shown, the strongest equilibria first" in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["harbour_truce"], "has no section stability"),
        (["elmira_groundwater", "--state", "99"], "has no state '99'; give a number from 1 to 12"),
        (["elmira_groundwater", "--state", "apeal_goes_on"], "did you mean 'appeal_goes_on'?"),
        (["elmira_groundwater", "--why"], "name it with --state"),
        (["elmira_groundwater", "--actor", "moe"], "name it with --state"),
        (["elmira_groundwater", "--state", "1", "--why", "--actor", "uniroial"], "did you mean 'uniroyal'?"),
        (["elmira_groundwater", "--state", "1", "--why", "--concept", "sq"], "did you mean 'seq'?"),
        (["elmira_groundwater", "--account", "x"], "account 'x'"),
        (["elmira_groundwate"], "did you mean 'elmira_groundwater'?"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(arguments: list[str], said: str, capsys: Capture) -> None:
    assert main(["stability", *arguments]) == 1
    printed = capsys.readouterr()
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert len(printed.err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rankings", "-1"],
        ["--rankings", "many"],
        ["--horizon", "0"],
        ["--horizon", "x"],
        ["--horizons", "1,2"],
        ["--horizons", "two"],
        ["--sanctions", "any"],
        ["--reading", "x"],
    ],
)
def test_a_wrong_call_ends_with_status_two(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["stability", "elmira_groundwater", *arguments])
    assert stopped.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_what_cannot_be_written_is_said(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["stability", "chicken", "--rankings", "0", "--json", str(tmp_path / "file" / "x.json")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_run_on_a_case_that_asks_nothing_points_here(capsys: Capture) -> None:
    for command in (["run", "elmira_groundwater"], ["why", "elmira_groundwater", "anything"]):
        assert main(command) == 1
        assert "Traceback" not in (printed := capsys.readouterr().err)
        assert len(printed.splitlines()) == 1
    assert main(["run", "elmira_groundwater"]) == 1
    assert "'detente stability elmira_groundwater' says which outcomes could hold" in capsys.readouterr().err


def test_check_says_how_many_states_there_are(capsys: Capture) -> None:
    assert main(["check", "elmira_groundwater"]) == 0
    assert "12 states of 3 decision makers with 5 options" in capsys.readouterr().out


def test_cases_says_which_methods_each_serves(capsys: Capture) -> None:
    assert main(["cases"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert " run, stability, hindcast " in lines["november_2023"]
    assert " run, hindcast  " in lines["harbour_truce"]
    assert "stability" not in lines["harbour_truce"].replace("'", " ").split("  ")[1]
    assert "  stability  " in lines["elmira_groundwater"]


def test_the_inverse_says_who_would_have_to_prefer_what(capsys: Capture) -> None:
    assert main(["stability", "elmira_groundwater", "--inverse", "order_accepted_as_given"]) == 0
    printed = words(capsys)
    assert printed.startswith("What would have to be preferred for state 9 (order accepted as given) to hold")
    assert "Uniroyal Chemical alone: the least change orders 6 pairs of states otherwise" in printed
    assert "would have to like state 9 (order accepted as given) better than states 2, 3, 5, 6, 11 and 12" in printed
    assert "(239,500,800 of its 479,001,600 strict rankings do it)" in printed
    assert "Whatever Ministry of the Environment and Local government alone preferred, it would not hold." in printed
    assert not list(Path().glob("*.html"))


def test_the_inverse_of_what_holds_says_so(capsys: Capture) -> None:
    assert main(["stability", "prisoners_dilemma", "--inverse", "1"]) == 0
    printed = words(capsys)
    assert printed.count("it holds already.") == 5


def test_the_inverse_tells_what_only_all_together_can_do(capsys: Capture) -> None:
    assert main(["stability", "prisoners_dilemma", "--inverse", "both_silent"]) == 0
    printed = words(capsys)
    assert "Whatever First prisoner and Second prisoner alone preferred, it would not hold." in printed
    assert "All together: the least change orders 2 pairs of states otherwise" in printed


def test_one_state_and_data_can_be_asked_at_once(capsys: Capture) -> None:
    command = ["stability", "chicken", "--state", "1", "--rankings", "7", "--json", "report.json"]
    assert main(command) == 0
    assert words(capsys).startswith("State 1")
    assert json.loads(Path("report.json").read_text(encoding="utf-8"))["robustness"]["rankings"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be sent Ctrl-C alone")
def test_ctrl_c_keeps_what_was_sampled_marked_as_partial(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    folder = str(quarrel(tmp_path, ann="prefers:\n  - ben.hedge\n").folder)
    command = [sys.executable, "-m", "detente", "stability", folder, "--json", str(file), "--rankings"]
    started = time.monotonic()
    subprocess.run([*command, "1"], check=True, capture_output=True)
    usual = time.monotonic() - started
    process = subprocess.Popen([*command, "10000000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(usual + 2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert process.returncode == 130
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data["partial"]
    assert 0 < data["robustness"]["rankings"] < 10_000_000
    assert data["equilibria"]["nash"]
