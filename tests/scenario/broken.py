"""The broken cases beside this file: each is a good case with one fault, and says what is expected of the check."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

__all__ = ["GOOD", "Broken", "broken_cases", "good_cases"]

HERE = Path(__file__).parent
GOOD = HERE / "good"
BAD = HERE / "bad"
_EXPECTED = re.compile(r"#? ?(?P<base>\w+); expect (?P<file>[^:]+):(?P<line>\d+): (?P<field>[^:]+): (?P<part>.+)\n?")


@dataclass(frozen=True)
class Broken:
    """One broken case.

    Parameters
    ----------
    name
        That of its file or folder.
    base
        The good case that it changes.
    file, line, field
        Where the fault is to be found.
    part
        Words that the message holds, in what is wrong or in how to mend it.
    """

    name: str
    base: str
    file: str
    line: int
    field: str
    part: str

    def build(self, folder: Path) -> Path:
        """Lay the case out in a folder of its own: its base, and over it what it changes."""
        case = folder / self.base
        shutil.copytree(GOOD / self.base, case)
        if (BAD / f"{self.name}.yaml").is_file():
            shutil.copyfile(BAD / f"{self.name}.yaml", case / "scenario.yaml")
        else:
            shutil.copytree(BAD / self.name, case, dirs_exist_ok=True)
        return case


def broken_cases() -> list[Broken]:
    """Return every broken case, found by walking the folder."""
    found = []
    for path in sorted(BAD.iterdir()):
        text = (path if path.is_file() else path / "expected.txt").read_text(encoding="utf-8")
        match = _EXPECTED.match(text)
        assert match is not None, f"{path} does not say what is expected"
        found.append(
            Broken(path.stem, match["base"], match["file"], int(match["line"]), match["field"], match["part"].strip())
        )
    return found


def good_cases() -> list[Path]:
    """Return the folder of every small good case."""
    return sorted(path for path in GOOD.iterdir() if (path / "scenario.yaml").is_file())
