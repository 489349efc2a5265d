"""Reading and writing the files of a source: every fault names file, line and field, and how to mend it."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from detente.errors import Finding, Place, SourceError

__all__ = ["SourceFileError", "fault", "read_text", "source_file", "write_text"]

LARGEST_SOURCE = 10_000_000  # bytes; a book is about one million

_SOURCE_ID = re.compile(r"[a-z][a-z0-9_]*")


class SourceFileError(SourceError):
    """A file of a source cannot be used; ``findings`` says why, all of it in one go."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))


def fault(path: Path, field: str, wrong: str, mend: str, line: int = 1) -> SourceFileError:
    """Return an error with one finding.

    Parameters
    ----------
    path, field
        The file, and what in it is wrong.
    wrong, mend
        What is wrong with it, and how to mend it.
    line
        Where it stands, from 1.

    Returns
    -------
    SourceFileError
        To be raised.
    """
    return SourceFileError(Finding(Place(path, line), field, wrong, mend))


def read_text(path: Path) -> str:
    """Read a source's plain text: UTF-8, every line break as one character.

    Raises
    ------
    SourceFileError
        If the file is missing, too large, not UTF-8 or holds no text.
    """
    try:
        if path.stat().st_size > LARGEST_SOURCE:
            raise fault(path, "text", f"larger than {LARGEST_SOURCE:,} bytes", "keep to the part that is cited")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise fault(path, "text", "expected UTF-8, came other bytes", "save it as UTF-8", line) from error
    except OSError as error:
        raise fault(path, "text", f"cannot be read: {error.strerror}", "name a plain text file") from error
    if "\0" in text:
        raise fault(path, "text", "expected plain text, came a binary file", "save its words as a text file")
    if not text.strip():
        raise fault(path, "text", "expected text, came an empty file", "save the words of the source in it")
    return text


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, so that an interruption leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        written.chmod(0o644)
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise


def source_file(case_folder: Path, source_id: str, suffix: str) -> Path:
    """Return the path of a source's file in a case, such as ``sources/gazette.csv``.

    Parameters
    ----------
    case_folder
        The folder of the case.
    source_id
        The source's name in the case.
    suffix
        With the dot, such as ``.csv``.

    Returns
    -------
    Path
        Whether or not there is such a file.

    Raises
    ------
    SourceError
        If the name is not in lower case with underscores, so that it never leads out of the folder.
    """
    if _SOURCE_ID.fullmatch(source_id) is None:
        raise SourceError(f"expected a source's name such as harbour_office, came '{source_id}'; use a-z, 0-9 and _")
    return case_folder / "sources" / f"{source_id}{suffix}"
