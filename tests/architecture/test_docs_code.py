"""What the pages show is true: their Python runs, their commands run, their cases pass the check."""

from __future__ import annotations

import shlex
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from detente.errors import Finding
from tests.architecture.pages import Block, blocks, read_pages
from tests.architecture.policy import REPOSITORY

PROMPT = "$ detente "


def _is_run(block: Block) -> bool:
    return block.mark != "not run" and (block.language == "python" or bool(_commands(block)))


def _commands(block: Block) -> list[str]:
    if block.language not in ("console", "sh"):
        return []
    lines = block.text.replace("\\\n", " ").splitlines()
    return [line.removeprefix("$ ") for line in lines if line.startswith(PROMPT)]


def _is_case(block: Block) -> bool:
    return block.language == "yaml" and block.mark != "not a case"


def _pages_with(wanted: Any) -> list[Any]:
    return [
        pytest.param(page, id=str(page.relative_to(REPOSITORY)))
        for page in read_pages()
        if any(map(wanted, blocks(page)))
    ]


def findings_by_schema(text: str, page: Path) -> list[Finding]:
    """Hold a fragment of a case to the schema."""
    check_fragment = getattr(import_module("detente.scenario"), "check_fragment", None)
    if check_fragment is None:
        pytest.skip("detente.scenario.check_fragment is not written yet")
    return list(check_fragment(text, page))


@pytest.mark.parametrize("page", _pages_with(_is_run))
def test_blocks_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a page from top to bottom, in one folder and one namespace."""
    from detente.cli import main

    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "__page__"}
    for block in blocks(page):
        if block.file:
            path = tmp_path / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        if not _is_run(block):
            continue
        if block.language == "python":
            exec(compile("\n" * block.line + block.text, str(page), "exec"), namespace)
        for command in _commands(block):
            assert main(shlex.split(command)[1:]) == block.status, f"{block}: {command}"


@pytest.mark.parametrize("page", _pages_with(_is_case))
def test_cases_in_a_page_pass_the_check(page: Path) -> None:
    for block in filter(_is_case, blocks(page)):
        assert isinstance(yaml.safe_load(block.text), dict), f"{block}: not a mapping"
        errors = [f for f in findings_by_schema("\n" * block.line + block.text, page) if f.severity == "error"]
        assert errors == [], "\n".join(map(str, errors))


def test_marks_are_read(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- file: a/scenario.yaml -->\n```yaml\ncase: a\n```\n\n"
        "<!-- exit 1 -->\n\n```console\n$ detente check a \\\n    --strict\na.yaml:1: fault\n$ ls\n```\n\n"
        "1. inside a list\n\n    ```python\n    x = 1\n    ```\n",
        encoding="utf-8",
    )
    first, second, third = blocks(page)
    assert (first.file, first.line, first.language) == ("a/scenario.yaml", 2, "yaml")
    assert (second.status, second.mark) == (1, "exit 1")
    assert [shlex.split(command) for command in _commands(second)] == [["detente", "check", "a", "--strict"]]
    assert (third.text, third.status) == ("x = 1\n", 0)
