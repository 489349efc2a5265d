"""Where studies are kept: the user's data folder, or a project's own where one was begun; never elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from detente.errors import ResultError

__all__ = ["PROJECT", "begin_project", "store_folder"]

PROJECT = ".detente"
"""The folder of a project's own store."""
IGNORED = "# Made by 'detente init': what was computed here is no part of the project's history.\n*\n"


def store_folder(case_folder: Path | None = None) -> Path:
    """Return the folder of the store: ``DETENTE_STORE`` where it is set, a project's own, or that of the user's data.

    A project's own lies in the case's folder, or in the working directory or one above it.

    Parameters
    ----------
    case_folder
        Of the case that is asked; None where no case is.
    """
    given = os.environ.get("DETENTE_STORE")
    if given:
        return Path(given)
    here = Path.cwd()
    places: list[Path] = [] if case_folder is None else [case_folder]
    for folder in [*places, here, *here.parents]:
        if (folder / PROJECT).is_dir():
            return folder / PROJECT
    return Path(platformdirs.user_data_path("detente"))


def begin_project(folder: Path) -> tuple[Path, bool]:
    """Make a store of its own for a project, which version control passes over.

    Parameters
    ----------
    folder
        Of the project.

    Returns
    -------
    tuple
        The store's folder, and whether it was made: False where there was one.

    Raises
    ------
    ResultError
        If it cannot be made.
    """
    made = folder / PROJECT
    try:
        if made.is_dir():
            return made, False
        made.mkdir(parents=True)
        (made / ".gitignore").write_text(IGNORED, encoding="utf-8")
    except OSError as error:
        raise ResultError(f"{made}: cannot be made ({error.strerror})") from None
    return made, True
