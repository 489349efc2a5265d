"""A study read back is the study: its page is the same to the letter, and making it computes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from detente.analysis import RunStudy, study_of_run
from detente.analysis.study_file import load_study, save_study
from detente.brief.contents import brief_of
from detente.brief.page import brief_page
from detente.brief.report import report
from detente.errors import ResultError
from detente.exploration.explore import explore
from detente.hindcast.analysis import hindcast
from detente.run import run
from detente.stored import StoredFloats, adapter_of
from tests.brief.conflicted import conflicted

ALL = ("plain", "conflicted", "explored", "scored")


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunStudy]:
    case = conflicted(tmp_path_factory.mktemp("conflicted"))
    told = run(case, worlds=1_024, account="as_varland_tells_it")
    plain = run("harbour_truce", worlds=1_024)
    scored = hindcast("harbour_truce", worlds=1_024)
    return {
        "plain": study_of_run(plain),
        "conflicted": study_of_run(told),
        "explored": study_of_run(plain, exploration=explore("harbour_truce", worlds=20_000)),
        "scored": study_of_run(plain, hindcast=scored),
    }


@pytest.mark.parametrize("which", ALL)
def test_a_study_read_back_has_the_same_page_and_data(which: str, studies: dict[str, RunStudy], tmp_path: Path) -> None:
    file = tmp_path / "one.study"
    save_study(studies[which], file)
    brief, again = brief_of(studies[which]), brief_of(cast(RunStudy, load_study(file)))
    assert report(again) == report(brief)
    assert brief_page(again) == brief_page(brief)
    assert [path.name for path in tmp_path.iterdir()] == ["one.study"]


def test_a_page_is_made_where_nothing_can_be_computed(studies: dict[str, RunStudy], tmp_path: Path) -> None:
    """In another process, with a cache that nothing can be read from, and all that computes taken away."""
    file, page = tmp_path / "one.study", tmp_path / "page.html"
    save_study(studies["conflicted"], file)
    code = """
        import sys
        from detente.analysis.study_file import load_study
        import detente.dynamics.ensemble, detente.exploration.one_at_a_time
        import detente.hindcast.base_rates, detente.stability.analysis
        def gone(*_, **__): raise SystemExit("computed")
        detente.dynamics.ensemble.Ensemble.__init__ = gone
        detente.exploration.one_at_a_time.swings = detente.stability.analysis.stability = gone
        detente.hindcast.base_rates._of_cases = gone
        study = load_study(sys.argv[1])
        from pathlib import Path
        from detente.brief.contents import brief_of
        from detente.brief.page import write_page
        write_page(brief_of(study), Path(sys.argv[2]))
    """
    surroundings = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-c", textwrap.dedent(code), str(file), str(page)]
    subprocess.run(command, env=surroundings, check=True)
    assert page.read_text(encoding="utf-8") == brief_page(brief_of(studies["conflicted"]))


def damaged(file: Path, kept: Path, **changed: str | None) -> Path:
    """Write an archive again with some of its files changed, by the ends of their names, or left out."""
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(kept, "w") as other:
        for entry in archive.infolist():
            new = next((text for end, text in changed.items() if entry.filename.endswith(end.replace("_", "."))), "")
            if new is not None:
                other.writestr(entry.filename, new or archive.read(entry))
    return kept


def test_what_is_no_study_or_not_this_one_is_refused(studies: dict[str, RunStudy], tmp_path: Path) -> None:
    file = tmp_path / "one.study"
    save_study(studies["plain"], file)
    with zipfile.ZipFile(file) as archive:
        told = json.loads(archive.read("study.json"))
        case = next(name for name in archive.namelist() if name.endswith("scenario.yaml"))
        text = archive.read(case).decode()
    (tmp_path / "text").write_text("no archive")
    later = damaged(file, tmp_path / "later", study_json=json.dumps({**told, "form": 99, "detente": "9.0"}))
    many = {**told, "study": {**told["study"], "draws": "many"}}
    bent = damaged(file, tmp_path / "bent", study_json=json.dumps(many))
    reworded = text.replace("Does the truce hold", "Will the truce hold", 1)
    other = damaged(file, tmp_path / "other", scenario_yaml=reworded)
    for path, says in {
        tmp_path / "not_there": "No such file",
        tmp_path / "text": "no study that detente wrote",
        later: "was written by detente 9.0 in form 99",
        bent: "holds what this version does not read (0.draws",
        other: "the case in it is not the one",
        damaged(file, tmp_path / "empty", study_json=None): "no study that detente wrote",
        damaged(file, tmp_path / "homeless", scenario_yaml=None): "has no case in it",
    }.items():
        with pytest.raises(ResultError, match=says.replace("(", r"\(")):
            load_study(path)


def test_files_outside_the_archive_are_never_written(studies: dict[str, RunStudy], tmp_path: Path) -> None:
    for name in ("../outside.yaml", "/tmp/outside.yaml", "case/x/../../../outside.yaml", "case\\..\\outside.yaml"):
        with zipfile.ZipFile(tmp_path / "hostile", "w") as archive:
            archive.writestr(name, "a: b")
            archive.writestr("study.json", json.dumps({"form": 1}))
        with pytest.raises(ResultError, match="lies outside it"):
            load_study(tmp_path / "hostile")


def test_a_file_that_was_there_stays_whole_where_a_new_one_cannot_be_written(
    studies: dict[str, RunStudy], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one.study"
    save_study(studies["plain"], file)
    before = file.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(ResultError, match="No space left"):
        save_study(studies["conflicted"], file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["one.study"]


@pytest.fixture(scope="module")
def whole(studies: dict[str, RunStudy], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("whole") / "one.study"
    save_study(studies["conflicted"], file)
    return file


def read_or_refused(file: Path) -> None:
    """Read a file; whatever is in it, the only error is ours, in a sentence that names the file."""
    try:
        load_study(file)
    except ResultError as error:
        assert str(file) in str(error)


@settings(max_examples=60)
@given(places=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), min_size=1, max_size=5))
def test_damaged_bytes_end_in_a_sentence(whole: Path, places: list[tuple[float, int]]) -> None:
    content = bytearray(whole.read_bytes())
    for where, value in places:
        content[int(where * len(content))] = value
    file = whole.with_name("damaged")
    file.write_bytes(content)
    read_or_refused(file)


NONSENSE: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([]), st.just({"a": 1})
)


@settings(max_examples=120)
@given(data=st.data())
def test_any_value_in_place_of_another_ends_in_a_sentence(whole: Path, data: st.DataObject) -> None:
    with zipfile.ZipFile(whole) as archive:
        told = json.loads(archive.read("study.json"))
    parent: Any = told
    key: Any = "study"
    while isinstance(parent[key], dict | list) and parent[key] and data.draw(st.integers(0, 5)) > 0:
        parent = parent[key]
        key = data.draw(st.sampled_from(sorted(parent) if isinstance(parent, dict) else range(len(parent))))
    parent[key] = data.draw(NONSENSE)
    file = damaged(whole, whole.with_name("changed"), study_json=json.dumps(told))
    read_or_refused(file)


def test_nesting_without_end_and_arrays_of_anything_else_are_refused(whole: Path) -> None:
    for text in ("[" * 200_000, '{"form": 1, "rule": "log_odds", "study": ' + "[" * 200_000):
        read_or_refused(damaged(whole, whole.with_name("nested"), study_json=text))
    for array in ({"dtype": "O", "shape": [1], "values": [{}]}, {"dtype": "nonsense", "shape": [1], "values": [1]}):
        with pytest.raises(ValidationError):
            adapter_of(StoredFloats).validate_python((array,))
