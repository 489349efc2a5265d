"""Where the tests of ``evidence`` find this repository's files and the article that may lie beside it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "src" / "detente" / "cases"
GAZETTE = CASES / "harbour_truce" / "sources" / "gazette.txt"
ARTICLE = ROOT.parent / "shared" / "seed" / "article.txt"
ARTICLE_UNITS = ARTICLE.with_name("sentences.csv")
LARGEST_SEARCHED = 3_000_000  # bytes
NOT_OURS = frozenset({"build", "dist", "node_modules", "__pycache__"})

needs_article = pytest.mark.skipif(
    not (ARTICLE.is_file() and ARTICLE_UNITS.is_file()),
    reason=f"the article does not lie beside the repository ({ARTICLE}): not checked against the text itself",
)


def repository_files(root: Path) -> list[Path]:
    """Return the files that are tracked or could be: as git lists them, or found by walking where git cannot say."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        listed = ""
    files = [root / name for name in listed.split("\0") if name]
    return sorted({file for file in files or _walked(root) if file.is_file()})


def text_of(file: Path) -> str | None:
    """Return a file's text, or nothing where it is binary or too large to have been written by hand."""
    if file.stat().st_size >= LARGEST_SEARCHED:
        return None
    content = file.read_bytes()
    return None if b"\0" in content else content.decode(errors="replace")


def _walked(root: Path) -> list[Path]:
    """Return the files under a folder, leaving out hidden folders and what building leaves behind."""
    files: list[Path] = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith((".", "venv"))]
        files.extend(Path(folder, name) for name in names)
    return files
