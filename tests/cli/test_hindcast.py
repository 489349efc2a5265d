"""``detente hindcast`` as a person types it."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from detente.analysis import analyse
from detente.cli import hindcast, main
from detente.cli.watching import Watched
from detente.errors import RequestError, ResultError
from detente.hindcast.analysis import hindcast as scored_in_python
from detente.hindcast.report import ASKED_BEFORE, SCHEMA
from detente.requests import RunRequest

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def asked(*words: str) -> int:
    whole = argparse.ArgumentParser()
    hindcast.add_to(whole.add_subparsers(required=True))
    arguments = whole.parse_args(["hindcast", *words])
    return int(arguments.does(arguments))


def words(capsys: Capture) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_it_prints_scores_worst_first_and_writes_a_page(capsys: Capture) -> None:
    assert asked("harbour_truce", "--worlds", "1600") == 0
    printed = words(capsys)
    assert printed.index(ASKED_BEFORE) < printed.index("Beside the simplest forecasts") < printed.index("What came: No")
    assert "Account by account: from" in printed
    assert "What became known between the cuts" not in printed
    page = Path("hindcast.html").read_text(encoding="utf-8")
    assert ASKED_BEFORE in page
    assert "<code>detente hindcast harbour_truce --worlds 1600</code>" in page


def test_cuts_step_forward_and_data_keep_to_their_schema(capsys: Capture) -> None:
    steps = ["--as-of", "2031-05-03T06:00+02:00", "--step", "1d", "--to", "2031-05-06"]
    assert asked("harbour_truce", *steps, "--worlds", "1600", "--seed", "7", "--json", "deep/hindcast.json") == 0
    assert words(capsys) == "data: deep/hindcast.json"
    assert not Path("hindcast.html").exists()
    data = json.loads(Path("deep/hindcast.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, SCHEMA)
    assert data["seed"] == 7
    assert [cut["date"][:10] for cut in data["cuts"]] == ["2031-05-03", "2031-05-04", "2031-05-05"]
    assert [cut["in_sample"] for cut in data["cuts"]] == [True, False, False]
    for one in data["forecasts"]:
        assert one["scores"]
        assert all(other["scores"] for other in one["baselines"].values())
    truce = [one["probability"] for one in data["forecasts"] if one["question"] == "holds_to_friday"]
    assert len(truce) == 3
    assert data["summary"]["in_sample"]["cuts"] == 1
    assert data["summary"]["out_of_sample"]["cuts"] == 2


def test_one_question_can_be_asked_for(capsys: Capture) -> None:
    only = ["--question", "how_long", "--worlds", "1600", "--step", "12h", "--to", "2031-05-05", "--out", "deep"]
    assert asked("harbour_truce", "--as-of", "2031-05-04T06:00+02:00", *only, "--json", "h.json") == 0
    printed = words(capsys)
    assert "On which day does the truce end?" in printed
    assert "It was not asked for." in printed
    assert "What became known between the cuts" in printed
    assert Path("deep/hindcast.html").is_file()
    data = json.loads(Path("h.json").read_text(encoding="utf-8"))
    assert {one["question"] for one in data["forecasts"]} == {"how_long"}
    assert set(data["left_out"]) == {"holds_to_friday", "captives_by_june"}


def test_what_cannot_be_done_is_named() -> None:
    with pytest.raises(RequestError, match="nothing says what became of a question 'how_lng'"):
        asked("harbour_truce", "--question", "how_lng", "--worlds", "160")
    with pytest.raises(RequestError, match="says nothing of what came after"):
        asked("elmira_groundwater")
    with pytest.raises(RequestError, match="a last cut needs a step"):
        asked("harbour_truce", "--to", "2031-05-06")
    with pytest.raises(ResultError, match="posterior"):
        asked("harbour_truce", "--posterior", "no_posterior.nc")
    with pytest.raises(RequestError, match="cannot be written"):
        asked("harbour_truce", "--worlds", "160", "--question", "how_long", "--json", f"{__file__}/x.json")


@pytest.mark.parametrize(
    ("option", "text", "says"),
    [
        ("--step", "a day", "is no step; write for example 1d"),
        ("--step", "0d", "is no step"),
        ("--step", "-1d", "expected one argument"),
        ("--as-of", "soon", "is no moment; write for example 2023-11-28"),
        ("--worlds", "none", "is no number of worlds"),
    ],
)
def test_options_are_read_or_refused(option: str, text: str, says: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        asked("harbour_truce", option, text)
    assert says in capsys.readouterr().err


def test_a_run_is_held_against_what_came_where_that_is_asked_for() -> None:
    wished = RunRequest("harbour_truce", worlds=1_600, hindcast=True)
    found = analyse(wished).hindcast
    assert found is not None
    assert len(found.cuts) == 4
    (alone,) = scored_in_python("harbour_truce", worlds=found.provenance.worlds, seed=found.provenance.seed).cuts
    assert found.cuts[0].standings == alone.standings  # what 'detente hindcast' says with one cut
    moment = dt.datetime.fromisoformat("2031-05-03T07:00+02:00")
    once_cut = analyse(replace(wished, as_of=moment)).hindcast
    assert once_cut is not None
    assert [cut.as_of.day for cut in once_cut.cuts] == [3]
    assert analyse(replace(wished, hindcast=False)).hindcast is None
    stop = threading.Event()
    stop.set()
    stopped = analyse(wished, stop=stop)
    assert stopped.hindcast is None
    assert stopped.unfinished == ("the hindcast",)
    assert stopped.request == wished


def test_a_hindcast_goes_over_everything_and_onto_a_page(capsys: Capture) -> None:
    assert main(["run", "harbour_truce", "--hindcast", "--json", "x.json"]) == 1
    assert "for data use 'detente hindcast CASE --json FILE'" in capsys.readouterr().err
    for part in (["--account", "as_varland_tells_it"], ["--reading", "pause_helps_league=helps"]):
        assert main(["run", "harbour_truce", "--hindcast", *part]) == 1
        assert "goes over all accounts" in capsys.readouterr().err


def test_a_first_ctrl_c_keeps_the_cuts_that_are_done(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    seen: list[int] = []

    def progress(self: Watched, doing: str, total: int | None) -> Callable[[int], None]:
        assert total == 3 * 1600

        def done(worlds: int) -> None:
            seen.append(worlds)
            if sum(seen) >= 1600 and len(seen) > 1 and not self.stop.is_set():
                signal.raise_signal(signal.SIGINT)  # one is enough: a second one would end everything

        return done

    monkeypatch.setattr(Watched, "progress", progress)
    steps = ["--as-of", "2031-05-04T06:00+02:00", "--step", "1d", "--to", "2031-05-06T06:00+02:00"]
    assert asked("harbour_truce", *steps, "--worlds", "1600", "--json", "h.json") == 130
    data = json.loads(Path("h.json").read_text(encoding="utf-8"))
    assert data["partial"] is True
    assert len(data["cuts"]) == 1
    assert data["forecasts"]
