"""Each broken case gives one message of its own, with its file and line, and says how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import CaseError
from detente.scenario import examine, load
from tests.scenario.broken import Broken, broken_cases, good_cases

BROKEN = broken_cases()


@pytest.mark.parametrize("folder", good_cases(), ids=lambda folder: folder.name)
def test_good_cases_are_sound(folder: Path) -> None:
    case, findings = examine(folder)
    assert case is not None
    assert [str(finding) for finding in findings if finding.severity != "note"] == []
    assert load(folder).hash == case.hash


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_one_fault_gives_one_error(broken: Broken, tmp_path: Path) -> None:
    folder = broken.build(tmp_path)
    _, findings = examine(folder)
    errors = [finding for finding in findings if finding.severity == "error"]
    assert len(errors) == 1, "\n".join(map(str, errors))
    error = errors[0]
    found = (error.place.file, error.place.line, error.field)
    assert found == (folder / broken.file, broken.line, broken.field), str(error)
    assert broken.part in str(error)
    assert error.mend, str(error)
    assert error.place.column >= 1


def test_there_are_sixty_and_no_message_serves_twice(tmp_path: Path) -> None:
    messages = {}
    for broken in BROKEN:
        _, findings = examine(broken.build(tmp_path / broken.name))
        messages[broken.name] = next(
            (f.wrong, f.field, f.place.file.name, f.place.line) for f in findings if f.severity == "error"
        )
    assert len(messages) >= 60
    assert len(set(messages.values())) == len(messages)


def test_load_raises_them_all_at_once(tmp_path: Path) -> None:
    broken = next(one for one in BROKEN if one.name == "unknown_name")
    folder = broken.build(tmp_path)
    text = (folder / "scenario.yaml").read_text(encoding="utf-8").replace("odds: pull", "odds: push")
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        load(folder)
    assert len(raised.value.findings) == 2
    assert all(str(folder / "scenario.yaml") in line for line in str(raised.value).splitlines())
