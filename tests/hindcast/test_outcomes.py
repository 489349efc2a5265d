"""What came after the cut: read with lines, held to the case, and every fault named with its place."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from detente.cli import main
from detente.errors import CaseError, Finding, RequestError
from detente.hindcast.outcomes import Outcomes, examine_outcomes, outcomes_of
from detente.scenario import bundled_cases, examine, load
from tests.scenario.broken import GOOD
from tests.scenario.test_mutations import damaged, plans

BAD = Path(__file__).parent / "bad"
_EXPECTED = re.compile(r"#? ?expect (?P<file>[^:]+):(?P<line>\d+): (?P<field>[^:]+): (?P<part>.+)\n?")


def bad_files() -> list[Path]:
    """Return every broken file or folder of files."""
    return sorted(BAD.iterdir())


def laid_out(folder: Path, broken: Path | None = None) -> Path:
    """Lay the small good case out in a folder of its own, with one thing changed."""
    case = folder / "tides"
    shutil.copytree(GOOD / "tides", case)
    if broken is not None and broken.is_file():
        shutil.copyfile(broken, case / "resolutions.yaml")
    elif broken is not None:
        shutil.copytree(broken, case, dirs_exist_ok=True)
    return case


def errors_in(folder: Path) -> list[Finding]:
    """Return the errors in what came after."""
    return [finding for finding in examine_outcomes(load(folder))[1] if finding.severity == "error"]


@pytest.mark.parametrize("broken", bad_files(), ids=lambda path: path.stem)
def test_one_fault_gives_one_error(broken: Path, tmp_path: Path) -> None:
    said = (broken if broken.is_file() else broken / "expected.txt").read_text(encoding="utf-8")
    match = _EXPECTED.match(said)
    assert match is not None, f"{broken} does not say what is expected"
    folder = laid_out(tmp_path, broken)
    (error,) = errors_in(folder)
    found = (error.place.file, error.place.line, error.field)
    assert found == (folder / match["file"], int(match["line"]), match["field"]), str(error)
    assert match["part"].strip() in str(error)
    assert error.mend, str(error)
    with pytest.raises(CaseError):
        outcomes_of(load(folder))


def test_no_message_serves_twice(tmp_path: Path) -> None:
    said = [errors_in(laid_out(tmp_path / broken.stem, broken))[0] for broken in bad_files()]
    assert len({(one.wrong, one.field, one.place.file.name, one.place.line) for one in said}) == len(said) >= 30


def test_what_came_after_is_read_as_what_was_asked() -> None:
    found = outcomes_of(load(GOOD / "tides"))
    outcomes = {name: resolution.outcome for name, resolution in found.resolutions.items()}
    assert outcomes == {
        "runs_on_friday": False,
        "stops": dt.date(2031, 5, 8),
        "carried_by_20_may": 217.0,
        "fare_on_20_may": "high",
    }
    friday, stops = found.resolutions["runs_on_friday"], found.resolutions["stops"]
    assert friday.closes == dt.datetime.fromisoformat("2031-05-09T12:00+02:00")
    assert (friday.resolved, friday.listed_as, friday.written) == (dt.date(2031, 5, 8), "F1", "before the event")
    assert (stops.written, stops.mentions_outcome, stops.certainty) == ("after the event", True, "medium")
    assert stops.sources == ("later log", "a notice on the quay")
    assert (stops.listed_as, stops.note, stops.cluster) == ("", "Asked again in other words.", "the_stop")
    assert str(friday.place).endswith("tides/resolutions.yaml:3")
    assert found.not_answerable["what_the_guild_says"].why == "No equation holds what it says."
    assert [row.known_at.day for row in found.observations] == [4, 6, 6, 6, 8]
    assert [row.measure for row in found.observations][1:4] == ["crossed_by_day", "fare_asked", "event"]


def test_never_is_an_outcome_of_a_date(tmp_path: Path) -> None:
    folder = laid_out(tmp_path)
    file = folder / "resolutions.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace('outcome: "2031-05-08"', "outcome: never"), "utf-8")
    assert outcomes_of(load(folder)).resolutions["stops"].outcome is None


def test_a_question_resolved_on_the_day_of_the_cut_is_taken(tmp_path: Path) -> None:
    folder = laid_out(tmp_path)
    file = folder / "resolutions.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace('"2031-05-20"', '"2031-05-04"'), "utf-8")
    assert outcomes_of(load(folder)).resolutions["fare_on_20_may"].resolved == dt.date(2031, 5, 4)


def test_rows_with_a_fault_and_entries_that_do_not_fit_are_left_out(tmp_path: Path) -> None:
    folder = laid_out(tmp_path)
    for name, old, new in (
        ("record_after.csv", "ran,0,", "ran,perhaps,"),
        ("resolutions.yaml", "  runs_on_friday:", "  runs_on_monday:"),
        ("resolutions.yaml", "outcome: high", "outcome: free"),
    ):
        file = folder / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), "utf-8")
    found, findings = examine_outcomes(load(folder))
    assert len(found.observations) == 4
    assert set(found.resolutions) == {"stops", "carried_by_20_may"}
    assert len(findings) == 3


def test_what_is_odd_but_no_fault_is_a_warning(tmp_path: Path) -> None:
    folder = laid_out(tmp_path)
    with (folder / "record_after.csv").open("a", encoding="utf-8") as rows:
        rows.write("2031-07-08,2031-07-08T20:00+02:00,ran,0,,,,,ferrymen,later log,high,\n")
        rows.write("2031-05-19,2031-05-18T20:00+02:00,ran,0,,,,,ferrymen,later log,high,\n")
    found, findings = examine_outcomes(load(folder))
    assert [(finding.severity, finding.field) for finding in findings] == [
        ("warning", "about"),
        ("warning", "known_at"),
    ]
    assert len(found.observations) == 7
    assert outcomes_of(load(folder)) == found


def test_a_measure_may_have_its_rows_in_either_record(tmp_path: Path) -> None:
    folder = laid_out(tmp_path)
    record = folder / "record.csv"
    kept = [line for line in record.read_text(encoding="utf-8").splitlines() if "fare_asked" not in line]
    record.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert examine(folder)[1] == examine_outcomes(load(folder))[1] == []
    later = folder / "record_after.csv"
    later.write_text(later.read_text(encoding="utf-8").replace("fare_asked", "fare_askd"), encoding="utf-8")
    (warning,) = examine_outcomes(load(folder))[1]
    assert (warning.severity, warning.field) == ("warning", "known.fare_asked")
    assert "the record has no row of the measure 'fare_asked'; did you mean 'fare_askd'?" in str(warning)


@pytest.mark.parametrize("key", ["record", "resolutions"])
def test_one_of_the_two_files_is_enough(key: str, tmp_path: Path) -> None:
    folder = laid_out(tmp_path)
    file = folder / "scenario.yaml"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith(f"  {key}: re")]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    found = outcomes_of(load(folder))
    assert bool(found.observations) is (key != "record")
    assert bool(found.resolutions) is (key != "resolutions")


def test_a_case_that_says_nothing_of_what_came_after() -> None:
    case = load(GOOD / "river")
    assert examine_outcomes(case) == (Outcomes((), {}, {}), [])
    with pytest.raises(RequestError, match="the case 'river' says nothing of what came after 2031-05-04"):
        outcomes_of(case)


def test_bundled_cases_have_sound_afterwards() -> None:
    scored = [name for name in bundled_cases() if load(name).scenario.hindcast is not None]
    assert "november_2023" in scored
    for name in scored:
        assert examine_outcomes(load(name))[1] == []


def test_november_says_how_its_questions_differ_from_the_list() -> None:
    found = outcomes_of(load("november_2023"))
    listed = {one.listed_as for one in found.resolutions.values() if one.listed_as}
    assert len(listed) + len(found.not_answerable) == 14, "one of the fourteen questions of the list is missing"
    assert all(one.written == "after the event" for one in found.resolutions.values())
    for name in ("more_crossings_by_31_december", "south_by_7_december", "zones_run_by_31_december"):
        assert "The equation" in found.resolutions[name].note
    assert {one.cluster for one in found.resolutions.values() if one.listed_as in ("Q01", "Q02", "Q03", "Q05")} == {
        "end_of_the_truce"
    }
    assert "truce_broken_by_fire" not in found.resolutions, "whether the truce lapsed or was broken is disputed"


def test_the_check_prints_these_findings_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = laid_out(tmp_path)
    assert main(["check", str(folder)]) == 0
    said = "  hindcast: 4 of 4 questions have resolutions, 1 more is listed as not answerable"
    assert said in capsys.readouterr().out.splitlines()
    file = folder / "resolutions.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("outcome: high", "outcome: free"), "utf-8")
    assert main(["check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "resolutions.yaml:" in out
    assert out.splitlines()[-1] == "1 error, 0 warnings"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the small case whose files may be damaged."""
    return laid_out(tmp_path_factory.mktemp("copy"))


@pytest.mark.parametrize("name", ["resolutions.yaml", "record_after.csv"])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans)
def test_no_mutation_ends_in_a_traceback(copy: Path, name: str, plan: Any) -> None:
    case = load(copy)
    good = (GOOD / "tides" / name).read_text(encoding="utf-8")
    (copy / name).write_bytes(damaged(good, plan).encode("utf-8", "surrogatepass"))
    try:
        _, findings = examine_outcomes(case)
    finally:
        (copy / name).write_text(good, encoding="utf-8")
    for finding in findings:
        assert finding.wrong
        assert finding.place.line >= 1
        assert finding.mend or finding.severity != "error", str(finding)
        assert str(finding)
