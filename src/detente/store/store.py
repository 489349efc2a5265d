"""A store: one file for each study, under its key, with an index beside them, and the journals of what is under way."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from detente.analysis.method_study import MethodStudy
from detente.analysis.study import Study
from detente.analysis.study_file import STUDIES, load_study, save_study
from detente.errors import RequestError, ResultError
from detente.requests import Request
from detente.scenario import Case
from detente.store.index import Entry, Index
from detente.store.place import store_folder
from detente.writing import written_whole

__all__ = ["Entry", "Store"]

OWNER_ONLY = 0o700
FORGOTTEN = 30 * 24 * 3_600
"""Seconds after which a journal that nobody went on with is removed."""
LEAST = 4
"""Letters of a key that are enough, where they are enough."""


class Store:
    """Studies that are kept in a folder.

    Parameters
    ----------
    folder
        Where; it is made where there is none.

    Raises
    ------
    ResultError
        If it cannot be used: it was made by another version, or can be neither read nor written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            if not folder.is_dir():
                folder.mkdir(mode=OWNER_ONLY, parents=True)
            self._index = Index(folder / "index.sqlite")
            (folder / "studies").mkdir(exist_ok=True)
        except (OSError, sqlite3.Error) as error:
            raise ResultError(f"{folder}: no studies can be kept there ({_said(error)})") from None

    @classmethod
    def of(cls, case: Case | None = None) -> Store:
        """Return the store of a case, or of the working directory.

        Raises
        ------
        ResultError
            If it cannot be used.
        """
        return cls(store_folder(None if case is None else case.folder))

    @staticmethod
    def keeps(request: Request) -> bool:
        """Whether what comes of such a request can be kept."""
        return request.COMMAND in STUDIES

    def file(self, key: str) -> Path:
        """Return the file of a study."""
        return self.folder / "studies" / f"{key}.study"

    def journal(self, key: str) -> Path:
        """Return the file of the journal of a computation."""
        return self.folder / "journals" / f"{key}.journal"

    def find(self, key: str, request: Request, case: Case) -> tuple[Study, dt.datetime] | None:
        """Return the study under a key and when it was kept; None where there is none that can be read.

        Parameters
        ----------
        key
            Of the request and the case.
        request, case
            As they are asked now, maybe by other names: the study is given with these.

        Returns
        -------
        tuple or None
            The study, and an instant with the zone of this machine.
        """
        file = self.file(key)
        try:
            made = dt.datetime.fromtimestamp(file.stat().st_mtime).astimezone()
            return with_request(load_study(file, case), request), made
        except (OSError, ResultError):
            return None

    def keep(self, key: str, study: Study) -> None:
        """Keep a study under its key.

        Raises
        ------
        ResultError
            If it cannot be written.
        """
        file = self.file(key)
        save_study(study, file)
        try:
            self._index.add(_entry(key, study, file))
            self._forget()
        except (OSError, sqlite3.Error) as error:
            raise ResultError(f"{file}: is kept, but the list of studies cannot be written ({_said(error)})") from None

    def entries(self) -> tuple[list[Entry], list[Path]]:
        """Return the studies that are kept, the newest first, and the files among them that cannot be read.

        What the index lacks is read from the studies, and what it has without a file is dropped.

        Raises
        ------
        ResultError
            If the index can be neither read nor written.
        """
        files = {file.stem: file for file in (self.folder / "studies").glob("*.study")}
        spoilt = []
        try:
            known = self._index.entries()
            gone = [entry.key for entry in known if entry.key not in files]
            if gone:
                self._index.remove(gone)
            for key in sorted(set(files) - {entry.key for entry in known}):
                try:
                    self._index.add(_entry(key, load_study(files[key]), files[key]))
                except ResultError:
                    spoilt.append(files[key])
            return self._index.entries(), spoilt
        except (OSError, sqlite3.Error) as error:
            raise ResultError(f"{self.folder}: the list of studies cannot be used ({_said(error)})") from None

    def entry(self, called: str) -> Entry:
        """Return the study that is called by the first letters of its key.

        Raises
        ------
        RequestError
            If none is, or more than one.
        """
        entries, _ = self.entries()
        found = [entry for entry in entries if entry.key.startswith(called)] if len(called) >= LEAST else []
        if len(found) == 1:
            return found[0]
        if found:
            raise RequestError(f"'{called}' may be {' or '.join(one.short for one in found)}; give more of its letters")
        raise RequestError(f"no study in {self.folder} is called '{called}'; 'detente runs list' lists them")

    def study(self, entry: Entry) -> Study:
        """Read a study.

        Raises
        ------
        ResultError
            If it cannot be read.
        """
        return load_study(self.file(entry.key))

    def export(self, entry: Entry, path: Path) -> None:
        """Write a study as a file of its own, which holds its case too.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        with written_whole(path) as part:
            shutil.copyfile(self.file(entry.key), part)

    def delete(self, entries: Sequence[Entry]) -> None:
        """Delete studies.

        Raises
        ------
        ResultError
            If one cannot be deleted.
        """
        try:
            for entry in entries:
                self.file(entry.key).unlink(missing_ok=True)
                self._index.remove([entry.key])
        except (OSError, sqlite3.Error) as error:
            raise ResultError(f"{self.folder}: cannot be changed ({_said(error)})") from None

    def _forget(self) -> None:
        """Remove what interrupted processes left behind and nobody came back to."""
        left = [*(self.folder / "journals").glob("*"), *(self.folder / "studies").glob(".*.part")]
        for file in left:
            with suppress(OSError):
                if time.time() - file.stat().st_mtime > FORGOTTEN:
                    file.unlink()


def with_request(study: Study, request: Request) -> Study:
    """Return a study as it came of this request, which asks the same in other words: by another folder's name, say."""
    if isinstance(study, MethodStudy):
        return replace(study, request=request, found=replace(study.found, request=request))
    return replace(study, request=request)


def _entry(key: str, study: Study, file: Path) -> Entry:
    told = file.stat()
    made = dt.datetime.fromtimestamp(told.st_mtime, dt.UTC).isoformat(timespec="seconds")
    request, by = study.request, study.made
    return Entry(
        key, request.COMMAND, study.case.name, request.command(), made, by.worlds, by.seed,
        by.versions.get("detente", version("detente")), told.st_size,
    )  # fmt: skip


def _said(error: Exception) -> str:
    """Return what went wrong, in a few words."""
    return getattr(error, "strerror", None) or str(error)
