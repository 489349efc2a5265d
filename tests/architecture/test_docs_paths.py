"""Every path that a page names exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.pages import read_pages, without_blocks
from tests.architecture.policy import LADDER, REPOSITORY

# Where a path written in backticks may begin. Others (`sources/gazette.csv`) are places in a case, not in this house.
FOLDERS = {".ci", "bench", "changes", "docs", "requirements", "src", "tests"}
ROOMS = {room for rooms in LADDER for room in rooms}
OUR_ENDINGS = (".py", ".md", ".toml", ".lock", ".cff", ".html.j2")

LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"`(?P<code>[\w.\-/*]+)`")


def missing(page: Path, root: Path = REPOSITORY) -> Iterator[str]:
    """Yield each path a page names that is not there."""
    for number, line in enumerate(without_blocks(page).splitlines(), start=1):
        for found in LINK.finditer(line):
            target = found["target"].partition("#")[0]
            if target and not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                yield f"{page.relative_to(root)}:{number}: {target}"
        for found in CODE.finditer(line):
            if not _is_there(found["code"], root):
                yield f"{page.relative_to(root)}:{number}: {found['code']}"


def _is_there(code: str, root: Path) -> bool:
    first, slash, rest = code.partition("/")
    if slash and first in FOLDERS:
        return any(root.glob(code.rstrip("/")))
    if slash and first in ROOMS and rest:
        return any((root / "src" / "detente").glob(code.rstrip("/")))
    if not slash and code.endswith(OUR_ENDINGS) and not code.startswith((".", "*")):
        return any(any((root / folder).rglob(code)) for folder in FOLDERS) or (root / code).exists()
    return True


@pytest.mark.parametrize("page", read_pages(), ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_paths_named_in_a_page_exist(page: Path) -> None:
    assert list(missing(page)) == []


def test_a_missing_path_is_caught(tmp_path: Path) -> None:
    (tmp_path / "src" / "detente" / "scenario").mkdir(parents=True)
    (tmp_path / "src" / "detente" / "scenario" / "files.py").touch()
    page = tmp_path / "page.md"
    page.write_text(
        "`scenario/files.py`, `src/detente/scenario`, `sources/gone.csv`, `a/b` and [this](page.md#top) are well.\n"
        "`scenario/gone.py`, `src/detente/gone/`, `docs/*/gone.md`, `gone.py` and [that](gone.md) are not.\n",
        encoding="utf-8",
    )
    assert list(missing(page, tmp_path)) == [
        f"page.md:2: {path}"
        for path in ("gone.md", "scenario/gone.py", "src/detente/gone/", "docs/*/gone.md", "gone.py")
    ]


def test_every_decision_is_dated_and_listed() -> None:
    folder = REPOSITORY / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8"))) - {"../contributing/decisions.md"}
    pages = {path.name for path in folder.glob("*.md")} - {"README.md"}
    assert listed == pages
    for name in pages:
        date = name[:10]
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", date), name
        assert f"*{date}*" in (folder / name).read_text(encoding="utf-8"), name


def test_every_change_is_named_by_issue_and_kind() -> None:
    names = {path.name for path in (REPOSITORY / "changes").iterdir()} - {"README.md"}
    assert [
        name for name in names if not re.fullmatch(r"\d+-[a-z0-9-]+\.(added|changed|fixed|removed)\.md", name)
    ] == []
