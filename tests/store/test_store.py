"""A store keeps what was computed, finds it by all that decides about it, and never stands in the way of an answer."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from detente.analysis import RunStudy, Study, analyse
from detente.cli import main
from detente.errors import RequestError, ResultError
from detente.requests import ExploreRequest, Request, RunRequest, StabilityRequest
from detente.scenario import load
from detente.scenario.catalog import BUNDLED
from detente.store import Answering, Store, begin_project, store_folder
from detente.store.key import key_of

TRUCE = RunRequest("harbour_truce", worlds=640, replicates=4)


def answered(request: Request = TRUCE, *, again: bool = False) -> tuple[RunStudy, list[str]]:
    """Answer a request by way of the store, and return what was said."""
    said: list[str] = []
    with Answering(said.append, again=again) as answering:
        study = answering.study(request, RunStudy)
    return study, said


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("DETENTE_STORE", str(tmp_path / "store"))
    return Store.of()


def test_the_same_thing_asked_twice_is_computed_once_and_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first, said = answered()
    assert said == []
    monkeypatch.setattr("detente.store.answering.analyse", None)  # nothing could compute it any more
    second, said = answered()
    assert len(said) == 1
    assert said[0].startswith("read from the store, where it was kept on ")
    assert "--again" in said[0]
    assert second.questions.keys() == first.questions.keys()
    assert {n: q.answer for n, q in second.questions.items()} == {n: q.answer for n, q in first.questions.items()}
    assert second.made == first.made


def test_again_computes_what_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    answered()
    asked: list[Request] = []

    def counted(request: Request, **how: Any) -> Study:
        asked.append(request)
        return analyse(request, **how)

    monkeypatch.setattr("detente.store.answering.analyse", counted)
    _, said = answered(again=True)
    assert len(asked) == 1
    assert said == []


def test_what_is_kept_is_found_from_another_folder_and_given_as_it_is_asked(store: Store, tmp_path: Path) -> None:
    answered()
    shutil.copytree(BUNDLED / "harbour_truce", tmp_path / "elsewhere" / "harbour_truce")
    moved = replace(TRUCE, case=str(tmp_path / "elsewhere" / "harbour_truce"))
    study, said = answered(moved)
    assert said
    assert study.request == moved


def test_whatever_decides_about_the_bits_is_in_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "harbour_truce"
    shutil.copytree(BUNDLED / "harbour_truce", folder)
    case, keys = load(folder), []
    other: list[Request] = [
        TRUCE, replace(TRUCE, worlds=644), replace(TRUCE, seed=2), replace(TRUCE, replicates=8),
        replace(TRUCE, weighted=False), replace(TRUCE, precision="float64"), replace(TRUCE, other_ranges=False),
        replace(TRUCE, account="as_varland_tells_it"), replace(TRUCE, explore=True), replace(TRUCE, hindcast=True),
        replace(TRUCE, rule="threshold"), ExploreRequest("harbour_truce"), StabilityRequest("harbour_truce"),
    ]  # fmt: skip
    keys = [key_of(request, case) for request in other]
    for number, content in enumerate((b"one", b"another")):
        (tmp_path / "p.nc").write_bytes(content)
        keys.append(key_of(replace(TRUCE, posterior=tmp_path / "p.nc"), case))
        named_otherwise = tmp_path / f"{number}.nc"
        named_otherwise.write_bytes(content)
        assert key_of(replace(TRUCE, posterior=named_otherwise), case) == keys[-1]
    assert key_of(replace(TRUCE, case=str(folder)), case) == keys[0]
    after = folder / "resolutions.yaml"
    after.write_text(after.read_text(encoding="utf-8") + "\n# looked over\n", encoding="utf-8")
    keys.append(key_of(replace(TRUCE, hindcast=True), case))
    assert key_of(TRUCE, case) == keys[0], "who only answers knows nothing of what came after"
    with monkeypatch.context() as changed:
        changed.setattr("detente.store.key.fingerprint_of_code", lambda *rooms: "other code")
        keys.append(key_of(TRUCE, case))
    with monkeypatch.context() as changed:
        changed.setattr("detente.store.key._versions", lambda: ("scipy 0",))
        keys.append(key_of(TRUCE, case))
    assert len(set(keys)) == len(keys)


def test_a_store_lies_where_it_was_asked_for_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DETENTE_STORE")
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: tmp_path / "user" / name)
    project, case = tmp_path / "project", tmp_path / "case"
    (project / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(project / "deep" / "down")
    assert store_folder() == store_folder(case) == tmp_path / "user" / "detente"
    assert begin_project(project) == (project / ".detente", True)
    assert begin_project(project) == (project / ".detente", False)
    assert store_folder() == store_folder(case) == project / ".detente"
    begin_project(case)
    assert store_folder(case) == case / ".detente"
    monkeypatch.setenv("DETENTE_STORE", str(tmp_path / "named"))
    assert store_folder(case) == tmp_path / "named"
    assert "*" in (project / ".detente" / ".gitignore").read_text(encoding="utf-8").split()


def test_a_damaged_or_lost_index_is_made_anew_and_loses_nothing(store: Store) -> None:
    answered()
    answered(replace(TRUCE, seed=2))
    before, spoilt = store.entries()
    assert len(before) == 2
    assert spoilt == []
    index = store.folder / "index.sqlite"
    for damage in (b"no index at all", b"SQLite format 3\0" + b"\1" * 4_000, None):
        for file in store.folder.glob("index.sqlite*"):
            file.unlink()
        if damage is not None:
            index.write_bytes(damage)
        entries, _ = Store(store.folder).entries()
        assert sorted(one.key for one in entries) == sorted(one.key for one in before)
        assert {one.asked for one in entries} == {one.asked for one in before}
    for file in store.folder.glob("index.sqlite*"):
        file.unlink()
    index.write_bytes(b"no index at all")
    assert "read from the store" in answered()[1][0]


def test_a_store_of_another_version_is_left_alone_and_the_answer_given(store: Store) -> None:
    answered()
    connection = sqlite3.connect(store.folder / "index.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = sorted(file.name for file in (store.folder / "studies").iterdir())
    study, said = answered(replace(TRUCE, seed=3))
    assert study.questions
    assert len(said) == 1
    assert "another version of detente" in said[0]
    assert sorted(file.name for file in (store.folder / "studies").iterdir()) == before
    with pytest.raises(ResultError, match="form 99"):
        Store(store.folder)


def test_where_nothing_can_be_kept_the_answer_is_given_with_a_word_about_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("DETENTE_STORE", str(tmp_path / "file" / "store"))
    words = ["harbour_truce", "--worlds", "640", "--json", str(tmp_path / "x.json")]
    assert main(["run", *words]) == 0
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "nothing is kept" in said
    assert json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["questions"]
    assert main(["runs", "list"]) == 1
    assert "no studies can be kept there" in capsys.readouterr().err


def test_a_disk_that_fills_up_while_it_is_kept_spoils_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    answered()

    def full(study: object, path: Path) -> None:
        raise ResultError(f"{path}: cannot be written (No space left on device)")

    monkeypatch.setattr("detente.store.store.save_study", full)
    study, said = answered(replace(TRUCE, seed=4))
    assert study.questions
    file = store.file(key_of(study.request, load("harbour_truce")))
    assert said == [f"not kept: {file}: cannot be written (No space left on device)"]
    entries, spoilt = store.entries()
    assert (len(entries), spoilt) == (1, [])


def test_a_study_that_is_damaged_is_computed_again(store: Store) -> None:
    study, _ = answered()
    file = store.file(key_of(study.request, load("harbour_truce")))
    file.write_bytes(file.read_bytes()[:500])
    assert store.entries()[1] == []  # the index still lists it
    again, said = answered()
    assert said == []
    assert again.made == study.made
    assert "read from the store" in answered()[1][0]


@pytest.mark.parametrize("called", ["", "abc", "zzzzzzzz"])
def test_a_study_is_called_by_the_first_letters_of_its_name(store: Store, called: str) -> None:
    study, _ = answered()
    key = key_of(study.request, load("harbour_truce"))
    assert store.entry(key[:6]).key == store.entry(key).key == key
    with pytest.raises(RequestError, match="runs list"):
        store.entry(called)


def test_processes_at_once_keep_what_each_computed(tmp_path: Path) -> None:
    begun = [
        subprocess.Popen(
            [sys.executable, "-m", "detente", "run", "harbour_truce", "--worlds", "640", "--seed", str(seed // 2),
             "--json", str(tmp_path / f"{seed}.json")],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        )
        for seed in range(4)
    ]  # fmt: skip
    errors = [one.communicate()[1] for one in begun]
    assert [one.returncode for one in begun] == [0] * 4, errors
    entries, spoilt = Store.of().entries()
    assert (len(entries), spoilt) == (2, [])
    for seed in (0, 2):
        assert (tmp_path / f"{seed}.json").read_bytes() == (tmp_path / f"{seed + 1}.json").read_bytes()
