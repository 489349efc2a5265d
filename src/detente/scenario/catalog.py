"""The cases that come with the package, found by walking their folder."""

from __future__ import annotations

from pathlib import Path

from detente.errors import RequestError, nearest

__all__ = ["BUNDLED", "bundled_cases", "find_case"]

BUNDLED = Path(__file__).resolve().parents[1] / "cases"
"""The folder of the cases that come with the package."""


def bundled_cases() -> tuple[str, ...]:
    """Return the names of the cases that come with the package, in alphabetical order."""
    return tuple(sorted(file.parent.name for file in BUNDLED.glob("*/scenario.yaml")))


def find_case(where: str | Path) -> Path:
    """Return the folder of a case given by its folder, its ``scenario.yaml`` or the name of a bundled case.

    Raises
    ------
    RequestError
        If there is no such case; the nearest known name is given.
    """
    path = Path(where)
    if path.name == "scenario.yaml" and path.is_file():
        return path.parent
    if (path / "scenario.yaml").is_file():
        return path
    if str(where) in bundled_cases():
        return BUNDLED / str(where)
    mend = nearest(str(where), bundled_cases()) or "'detente cases' lists those that come with it"
    if path.is_dir():
        raise RequestError(f"{path}: the folder holds no scenario.yaml; name the folder of a case, or write one")
    raise RequestError(f"'{where}' is neither the folder of a case nor a bundled case; {mend}")
