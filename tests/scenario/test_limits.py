"""What is too big, too deep or too long is refused at once, with one message and no traceback."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.errors import Finding
from detente.scenario import examine
from detente.scenario.document import Document
from detente.scenario.table_files import file_inside
from tests.scenario.broken import GOOD

RIVER = (GOOD / "river" / "scenario.yaml").read_text(encoding="utf-8")
AT_ONCE = 1.0  # seconds; each takes a hundredth of it on a quiet machine


def findings_of(text: str, folder: Path) -> list[Finding]:
    """Examine a text as the whole of a case called river, beside the files of the good one."""
    case = folder / "river"
    case.mkdir()
    for name in ("record.csv", "sources/bulletin.csv"):
        (case / name).parent.mkdir(exist_ok=True)
        (case / name).write_bytes((GOOD / "river" / name).read_bytes())
    (case / "scenario.yaml").write_text(text, encoding="utf-8")
    began = time.perf_counter()
    _, findings = examine(case)
    assert time.perf_counter() - began < AT_ONCE
    return [finding for finding in findings if finding.severity == "error"]


def ten_megabytes() -> str:
    return RIVER + "".join(f"# {number:090}\n" for number in range(110_000))


def nested_lists() -> str:
    return RIVER + "deep: " + "[" * 100_000 + "]" * 100_000 + "\n"


def nested_entries() -> str:
    return RIVER + "deep: " + "{a: " * 5_000 + "1" + "}" * 5_000 + "\n"


def nested_lines() -> str:
    return RIVER + "deep:\n" + "".join(" " * (level + 1) + "a:\n" for level in range(300))


def nested_dashes() -> str:
    return RIVER + "deep:\n" + "- " * 400 + "end\n"


def long_expression() -> str:
    return RIVER.replace("dry: water < 1 [litre]", "dry: " + "water + " * 1_250 + "water < 1 [litre]")


def long_brackets() -> str:
    return RIVER.replace("dry: water < 1 [litre]", "dry: " + "(" * 990 + "true" + ")" * 990)


def aliases() -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines) + "\n" + RIVER


def long_unit() -> str:
    return RIVER.replace("unit: litre/day\n    by", "unit: " + "litre*" * 500 + "litre\n    by")


def long_citation() -> str:
    return RIVER.replace("cites: bulletin 1-2; gauge", "cites: bulletin 1-99999999")


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (ten_megabytes, "bytes; a file of a case has at most 2,000,000"),
        (nested_lists, "nested too deeply"),
        (nested_entries, "nested too deeply"),
        (nested_lines, "nested too deeply"),
        (nested_dashes, "nested too deeply"),
        (long_expression, "characters; at most 2,000 are allowed"),
        (long_brackets, "nested"),
        (aliases, "an anchor (&a0) stands here"),
        (long_unit, "characters; at most 100 are allowed"),
        (long_citation, "99999"),
    ],
)
def test_refused_at_once(make: Callable[[], str], part: str, tmp_path: Path) -> None:
    errors = findings_of(make(), tmp_path)
    assert len(errors) == 1, "\n".join(map(str, errors[:5]))
    assert part in errors[0].wrong
    assert errors[0].mend


def test_many_brackets_in_texts_are_not_deep(tmp_path: Path) -> None:
    text = RIVER.replace("says: The banks are bare.", 'says: "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{{{{{{{{{{{{{{"')
    assert findings_of(text, tmp_path) == []


def test_a_long_record_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.scenario.record.BIGGEST", 10)
    (error,) = findings_of(RIVER, tmp_path)
    assert "a record has at most 10" in error.wrong


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "river").mkdir()
    (tmp_path / "river" / "scenario.yaml").write_text(RIVER.replace("days: 30", "days: 30\nparts: [more.yaml]"))
    (tmp_path / "river" / "record.csv").write_bytes(b"\xff\xfe")
    (tmp_path / "river" / "more.yaml").symlink_to(tmp_path / "nowhere")
    _, findings = examine(tmp_path / "river")
    wrong = [finding.wrong for finding in findings if finding.severity == "error"]
    assert any("no file 'more.yaml'" in text for text in wrong)
    assert any("cannot be read" in text for text in wrong)


def test_a_long_table_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.scenario.reference_classes.BIGGEST", 10)
    shutil.copytree(GOOD / "tides", tmp_path / "tides")
    (error,) = [finding for finding in examine(tmp_path / "tides")[1] if finding.severity == "error"]
    assert "a table has at most 10" in error.wrong


@pytest.mark.parametrize("name", ["a" * 5_000, "a" * 300 + "/b.csv", " ", ".", "./.", "a\x00b"])
def test_names_that_are_those_of_no_file(name: str, tmp_path: Path) -> None:
    found = file_inside(tmp_path, name, ("record",), Document(), "record.csv")
    assert isinstance(found, Finding)
    assert found.mend
