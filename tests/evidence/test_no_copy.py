"""Nothing of a source's text stands in this repository, in any clone: eight words in a row are too many."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from detente.evidence import find_copied_runs, find_copied_runs_in_page, read_run_hashes, run_hashes, words
from tests.evidence.repository import (
    ARTICLE,
    CASES,
    GAZETTE,
    LARGEST_SEARCHED,
    ROOT,
    needs_article,
    repository_files,
    text_of,
)


def guarded_runs() -> frozenset[int]:
    """Return the runs of every source whose text may not be here."""
    return frozenset().union(*(read_run_hashes(file) for file in sorted(CASES.glob("*/sources/*.runs"))))


def copies(root: Path, hashes: Collection[int]) -> list[str]:
    """Return ``file:line`` of every stretch of eight words or more of a source in the files of a repository."""
    found = []
    for file in repository_files(root):
        text = text_of(file)
        if text is None:
            continue
        find = find_copied_runs_in_page if file.suffix in {".html", ".htm", ".svg"} else find_copied_runs
        for run in find(text, hashes):
            found.append(f"{file.relative_to(root)}:{run.line}: {run.words} words in a row stand in a source")
    return found


def test_no_file_of_the_repository_repeats_eight_words_of_a_source() -> None:
    hashes = guarded_runs()
    assert len(hashes) > 1400, "the hashes of the article's runs are missing"
    found = copies(ROOT, hashes)
    assert not found, "say it in your own words:\n" + "\n".join(found)


def test_a_copy_is_noticed_and_named(tmp_path: Path) -> None:
    hashes = run_hashes(GAZETTE.read_text(encoding="utf-8"))
    (tmp_path / "notes").mkdir()
    words = "checks the names and counts who crosses. By its count"
    (tmp_path / "notes" / "plan.md").write_text(f"# Plan\n\nThe office\n> {words}\n", encoding="utf-8")
    (tmp_path / "page.html").write_text(f"<p>{words.replace('count', '<b>count</b>')}</p>", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\0" + words.encode())
    (tmp_path / "large.txt").write_text(words + " " * LARGEST_SEARCHED, encoding="utf-8")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "built.txt").write_text(words, encoding="utf-8")
    assert copies(tmp_path, hashes) == [
        "notes/plan.md:4: 10 words in a row stand in a source",
        "page.html:1: 10 words in a row stand in a source",
    ]


def test_files_are_found_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept.txt").write_text("kept", encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert repository_files(tmp_path) == [tmp_path / "kept.txt"]


@needs_article
def test_the_hashes_are_those_of_the_article() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    hashes = read_run_hashes(CASES / "november_2023" / "sources" / "article.runs")
    assert hashes == run_hashes(text)
    title, *body = [line for line in text.split("\n") if len(line.split()) >= 9]
    assert not find_copied_runs(f"title: {title}", hashes), "a title may be named"
    for normalised in (words(line) for line in set(body) - {title}):
        for first in range(len(normalised) - 7):
            piece = " ".join(normalised[first : first + 8])
            assert find_copied_runs(f"says: {piece.upper()}", hashes)
