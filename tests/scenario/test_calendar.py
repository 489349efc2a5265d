"""Days and moments at the ends of the calendar are refused where they are written, and overflow nowhere."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from detente.cli import main
from detente.errors import RequestError
from detente.requests import RunRequest
from detente.scenario import examine

RIVER = Path(__file__).parent / "good" / "river"


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        ("scenario.yaml", 'as_of: "2031-05-04T06:00+02:00"', 'as_of: "0001-01-01T00:00+14:00"', "as_of"),
        ("scenario.yaml", 'as_of: "2031-05-04T06:00+02:00"', 'as_of: "9999-12-31T23:59-14:00"', "as_of"),
        ("record.csv", "2031-05-01,2031-05-01T20:00+02:00", "0001-01-01,2031-05-01T20:00+02:00", "about"),
        ("record.csv", "2031-05-01,2031-05-01T20:00+02:00", "2031-05-01,0001-01-01T00:00+14:00", "known_at"),
    ],
)
def test_a_case_at_the_end_of_the_calendar_is_refused(
    file: str, old: str, new: str, field: str, tmp_path: Path
) -> None:
    shutil.copytree(RIVER, tmp_path / "river")
    text = (tmp_path / "river" / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "river" / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    case, findings = examine(tmp_path / "river")
    told = [one for one in findings if "outside the years 1000 to 8999" in f"{one.wrong}; {one.mend}"]
    assert [(one.field, one.place.file.name, one.severity) for one in told] == [(field, file, "error")]
    assert "write a day between them" in f"{told[0].wrong}; {told[0].mend}"
    assert case is None or file == "record.csv"


@pytest.mark.parametrize("asked", ["0001-01-01", "9999-12-31T23:59-14:00", "0999-12-31"])
def test_a_moment_at_the_end_of_the_calendar_is_refused(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RequestError, match=r"as_of: .*outside the years 1000 to 8999"):
        RunRequest("harbour_truce", as_of=dt.datetime.fromisoformat(asked))
    for command in ("run", "hindcast", "explore", "stability"):
        assert main([command, "harbour_truce", "--as-of", asked]) == 1
        assert "outside the years 1000 to 8999" in capsys.readouterr().err
