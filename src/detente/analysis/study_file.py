"""A study as one file: the files of its case, and all that was computed, as JSON in an archive.

Nothing in it can run code when it is read: it is text, held to the classes that it was written from. The case travels
with it and is checked again where it is opened, so that its page is made on another machine as on the first.
"""

from __future__ import annotations

import atexit
import datetime as dt
import json
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from detente.analysis.cached_stability import in_case
from detente.analysis.run_study import RunStudy
from detente.analysis.stability_study import StabilityStudy
from detente.analysis.study import Study
from detente.errors import CaseError, RequestError, ResultError
from detente.scenario import Case, load
from detente.scenario.files_of_case import files_of_case
from detente.stored import adapter_of
from detente.writing import written_whole

__all__ = ["STUDIES", "load_study", "save_study", "study_adapter", "study_class"]

FORM = 2
"""Of the archive: what is in it, and where."""
CASE, STUDY = "case", "study.json"
STUDIES = {
    "run": "RunStudy",
    "explore": "ExplorationStudy",
    "compare": "ComparisonStudy",
    "stability": "StabilityStudy",
    "hindcast": "HindcastStudy",
    "fit": "FitStudy",
}
"""By the command that asks it, the class of the study that comes of a request."""
UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, RuntimeError)
"""What reading a file raises that is no archive, is damaged, locked, packed in another way or nested without end."""
QUICK = 1
"""How hard the archive is packed: three times faster than by default, and a third larger."""
LARGEST = 1 << 30
"""Bytes that the files of an archive may come to in all."""


def study_class(command: str) -> type[Study]:
    """Return the class of the study that comes of a command; whoever asks for one waits for no other's libraries."""
    name = STUDIES[command]
    found: type[Study] = getattr(import_module(f"detente.analysis.{name.removesuffix('Study').lower()}_study"), name)
    return found


def study_adapter(command: str) -> TypeAdapter[tuple[Study]]:
    """Return what writes and reads the study that comes of a command; made once, in a few tenths of a second."""
    return adapter_of(study_class(command))


def save_study(study: Study, path: Path | str) -> None:
    """Save a study, with the files of its case, as one file.

    It is written beside and renamed, so that a file that was there stays whole until the new one is.

    Raises
    ------
    ResultError
        If the file cannot be written.
    """
    case = study.case
    told = {
        "form": FORM,
        "detente": version("detente"),
        "kind": study.request.COMMAND,
        "case": {"rule": case.scenario.rule, "as_of": case.scenario.as_of.isoformat(), "hash": case.hash},
    }
    found = study_adapter(study.request.COMMAND).dump_json((study,))[1:-1]  # it stands alone in a list
    path = Path(path)
    try:
        with (
            written_whole(path) as part,
            zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK) as archive,
        ):
            for name in files_of_case(case, what_came=study.request.opens_what_came(case)):
                archive.write(case.folder / name, f"{CASE}/{case.name}/{PurePosixPath(Path(name))}")
            archive.writestr(STUDY, json.dumps(told, ensure_ascii=False).encode()[:-1] + b', "study": ' + found + b"}")
    except OSError as error:
        raise ResultError(f"{path}: cannot be written ({error})") from None


def load_study(path: Path | str, case: Case | None = None) -> Study:
    """Read a study back.

    Parameters
    ----------
    path
        The file.
    case
        The case that it was made of, where it is at hand, as it is before it is cut or put under a rule; by default it
        is read from the file.

    Raises
    ------
    ResultError
        If there is no such file, it is no study, it was written in another form, or its case is not as it was.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            told = json.loads(archive.read(_bounded(archive, path).getinfo(STUDY)))
            _refuse_other_forms(told, path)
            whole = _case(archive, path) if case is None else case
        return _study(told, whole, path)
    except UNREADABLE as error:
        raise ResultError(f"{path}: is no study that detente wrote ({error})") from None


def _bounded(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipFile:
    """Refuse an archive whose files lie outside it, or come to more than a study ever does."""
    for entry in archive.infolist():
        name = PurePosixPath(entry.filename)
        if name.is_absolute() or ".." in name.parts or "\\" in entry.filename or ":" in entry.filename:
            raise ResultError(f"{path}: holds a file that lies outside it, '{entry.filename}'; it is no study")
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
        raise ResultError(f"{path}: would unpack to more than a gigabyte, which no study does; it was not opened")
    return archive


def _refuse_other_forms(told: Any, path: Path) -> None:
    if not isinstance(told, dict) or "form" not in told:
        raise ResultError(f"{path}: is no study that detente wrote")
    if told["form"] != FORM:
        raise ResultError(
            f"{path}: was written by detente {told.get('detente')} in form {told['form']}; this version reads form "
            f"{FORM}: make the study again, or open it with that version"
        )


def _case(archive: zipfile.ZipFile, path: Path) -> Case:
    """Unpack the case to a folder of its own, which goes when the process ends, and check it as any case."""
    folder = Path(tempfile.mkdtemp(prefix="detente-study-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    inside = [entry for entry in archive.infolist() if entry.filename.startswith(f"{CASE}/")]
    archive.extractall(folder, inside)
    found = next(iter((folder / CASE).glob("*/scenario.yaml")), None)
    if found is None:
        raise ResultError(f"{path}: has no case in it; it is no study that detente wrote")
    try:
        return load(found.parent)
    except CaseError as error:
        raise ResultError(f"{path}: this version finds faults in the case that it holds: {error}") from None


def _study(told: dict[str, Any], case: Case, path: Path) -> Study:
    """Put a study together from what was computed and its case."""
    if told["kind"] not in STUDIES:
        raise ResultError(f"{path}: holds a study of a kind that this version does not know, '{told['kind']}'")
    try:
        (study,) = study_adapter(told["kind"]).validate_python((told["study"],), context={"case": case})
        case, moment = case.under_rule(told["case"]["rule"]), dt.datetime.fromisoformat(told["case"]["as_of"])
        case = case if moment == case.scenario.as_of else case.cut(moment)
    except (ValidationError, RequestError, ValueError) as error:
        raise ResultError(f"{path}: holds what this version does not read ({_first(error)})") from None
    if case.hash != told["case"]["hash"]:
        raise ResultError(f"{path}: the case in it is not the one that the study was made of; it was changed since")
    return _with_case(study, case)


def _with_case(study: Study, case: Case) -> Study:
    """Put a case back into all that belongs to it."""
    if isinstance(study, RunStudy):
        case = case.asking(study.questions)
        conflict = study.conflict
        if conflict is not None:
            conflict = replace(conflict, stability=in_case(conflict.stability, case))
        return replace(study, case=case, conflict=conflict)
    if isinstance(study, StabilityStudy):
        return replace(study, case=case, found=in_case(study.found, case))
    return replace(study, case=case)


def _first(error: Exception) -> str:
    """Return the first thing that is wrong, in one line."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)
