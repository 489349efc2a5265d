"""What came after the cut: the later record and what became of the questions. Only this room opens these files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from detente.equations import Kind
from detente.errors import CaseError, Finding, RequestError, nearest
from detente.hindcast.resolution import NotAnswerable, Outcome, Resolution
from detente.hindcast.resolution_file import ResolutionEntry, ResolutionFile
from detente.scenario import Case, Observation
from detente.scenario.checks.recording import fits, revised, untimely, without_rows
from detente.scenario.checks.view import View
from detente.scenario.document import Document, Path_
from detente.scenario.files import kind_of, read_document
from detente.scenario.record import read_record
from detente.scenario.shape import shape_findings
from detente.scenario.table_files import file_inside

__all__ = ["Outcomes", "examine_outcomes", "outcomes_of"]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Everything that became known after a case's cut.

    Parameters
    ----------
    observations
        Rows of the later record, each with ``known_at`` after the case's ``as_of``, in the order of their instants.
    resolutions
        What became of the questions, by question.
    not_answerable
        Questions left out because no equation answers them, by name.
    """

    observations: tuple[Observation, ...]
    resolutions: Mapping[str, Resolution]
    not_answerable: Mapping[str, NotAnswerable]


def examine_outcomes(case: Case) -> tuple[Outcomes, list[Finding]]:
    """Read and check what came after a case's cut; what is faulty becomes a finding and is left out.

    Parameters
    ----------
    case
        A sound case.

    Returns
    -------
    tuple
        What came after, empty where the case names no files; and the findings, errors first.
    """
    named = case.scenario.hindcast
    if named is None:
        return Outcomes((), {}, {}), []
    findings: list[Finding] = []
    rows = _later_rows(case, named.record, findings) if named.record is not None else []
    resolved: dict[str, Resolution] = {}
    unanswered: dict[str, NotAnswerable] = {}
    if named.resolutions is not None:
        found, document = _resolution_file(case, named.resolutions, findings)
        for question, entry in found.resolutions.items():
            resolution = _resolution(case, question, entry, found.written, document)
            if resolution is not None:
                resolved[question] = resolution
        for name, other in found.not_answerable.items():
            unanswered[name] = NotAnswerable(name, other.asks, other.why)
            if name in found.resolutions:
                wrong = f"'{name}' has a resolution, and is listed as not answerable"
                document.fault(("not_answerable", name), wrong, "keep one of the two")
        findings.extend(document.findings)
    # Rows of one instant keep the order of the file.
    ordered = tuple(sorted(rows, key=lambda row: row.known_at))
    rank = {"error": 0, "warning": 1, "note": 2}
    findings.sort(key=lambda one: (rank[one.severity], str(one.place.file), one.place.line))
    return Outcomes(ordered, resolved, unanswered), findings


def outcomes_of(case: Case) -> Outcomes:
    """Return what came after a case's cut.

    Raises
    ------
    CaseError
        With every fault in one go.
    RequestError
        If the case says nothing of what came after.
    """
    if case.scenario.hindcast is None:
        raise RequestError(
            f"the case '{case.name}' says nothing of what came after {case.scenario.as_of.isoformat()}; "
            "add hindcast: {record: record_after.csv, resolutions: resolutions.yaml} to its scenario.yaml"
        )
    found, findings = examine_outcomes(case)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise CaseError(errors)
    return found


def _later_rows(case: Case, name: str, findings: list[Finding]) -> list[Observation]:
    """Read the later record; rows with a fault are left out."""
    file = file_inside(case.folder, name, ("hindcast", "record"), case.document, "record_after.csv")
    if isinstance(file, Finding):
        findings.append(file)
        return []
    rows, faults = read_record(file, case.document.place(()).file.parent / name)
    findings.extend(faults)
    as_of = case.scenario.as_of
    view = View(case, [])
    sound = []
    for row in rows:
        found = [*untimely(row, case.scenario.as_of.tzinfo), *fits(view, row)]
        if row.known_at <= as_of:
            wrong = f"became known at {row.known_at.isoformat()}, by as_of ({as_of.isoformat()})"
            mend = f"move the row to {case.scenario.record or 'record.csv'}"
            found = [Finding(row.place, "known_at", wrong, mend), *fits(view, row)]
        if not any(finding.severity == "error" for finding in found):
            sound.append(row)
        findings.extend(found)
    findings.extend(revised(view, sound))
    for measure in case.scenario.known:
        findings.extend(without_rows(view, measure, (*case.observations, *rows)))
    return sound


def _resolution_file(case: Case, name: str, findings: list[Finding]) -> tuple[ResolutionFile, Document]:
    """Read the file of resolutions; faults of its shape leave nothing of it."""
    file = file_inside(case.folder, name, ("hindcast", "resolutions"), case.document, "resolutions.yaml")
    if isinstance(file, Finding):
        findings.append(file)
        return ResolutionFile(), Document()
    document = read_document(file, case.document.place(()).file.parent / name, "resolutions:")
    if document.broken:
        return ResolutionFile(), document
    try:
        return ResolutionFile.model_validate(document.data), document
    except ValidationError as error:
        document.findings.extend(shape_findings(document, error, model=ResolutionFile))
        return ResolutionFile(), document


def _resolution(
    case: Case, question: str, entry: ResolutionEntry, written: str | None, document: Document
) -> Resolution | None:
    """Hold a resolution to the case; None where it does not fit, with the faults noted."""
    path: Path_ = ("resolutions", question)
    before = len(document.findings)
    asked = case.elements.questions.get(question)
    if asked is None:
        mend = nearest(question, set(case.elements.questions)) or "add it under questions, or list it as not_answerable"
        document.fault(path, f"the case has no question '{question}'", mend)
    as_of = case.scenario.as_of
    if entry.closes <= as_of:
        wrong = f"closes at {entry.closes.isoformat()}, by as_of ({as_of.isoformat()}): nothing was left to forecast"
        document.fault((*path, "closes"), wrong, "correct it, or leave the question out")
    resolved = dt.date.fromisoformat(entry.resolved)
    if resolved < as_of.date():
        # A day has no hour: of what was resolved on the day of the cut itself no more can be said.
        wrong = f"was known on {resolved}, before as_of ({as_of.isoformat()})"
        document.fault((*path, "resolved"), wrong, "correct it, or leave the question out")
    if (entry.written or written) is None:
        mend = "add written: after the event, here or at the top of the file"
        document.fault(path, "does not say whether the question was written before the event or after it", mend)
    outcome = _outcome(case, asked.kind, entry.outcome, (*path, "outcome"), document) if asked is not None else None
    if asked is None or len(document.findings) > before:
        return None
    return Resolution(
        question, entry.asks, entry.closes, outcome, resolved, entry.how, tuple(entry.sources), entry.cluster,
        entry.written or written or "", entry.mentions_outcome, entry.certainty, entry.listed_as or "",
        entry.note or "", document.place(path),
    )  # fmt: skip


def _outcome(case: Case, kind: Kind, came: bool | float | str, path: Path_, document: Document) -> Outcome:
    """Return what came as the kind of thing that the question asks for; a fault is noted."""
    if kind.name == "truth":
        if not isinstance(came, bool):
            document.fault(path, f"the question is yes/no, came {kind_of(came)}", "write true or false")
        return came
    if kind.name == "number":
        if isinstance(came, bool | str):
            unit = f" in {kind.unit}" if kind.unit is not None and kind.unit.dimensions else ""
            document.fault(path, f"the question asks for a number{unit}, came {kind_of(came)}", "write digits")
            return None
        return float(came)
    if kind.name == "choice":
        if came not in kind.alternatives:
            mend = nearest(str(came), set(kind.alternatives)) or "one of " + ", ".join(kind.alternatives)
            document.fault(path, f"{kind_of(came)} is none of the alternatives", mend)
        return came
    if came == "never":
        return None
    try:
        day = dt.date.fromisoformat(came if isinstance(came, str) else "")
    except ValueError:
        mend = "write YEAR-MONTH-DAY, or never"
        document.fault(path, f"the question asks for a day, came {kind_of(came)}", mend)
        return None
    first, last = View(case, []).first_day, View(case, []).last_day
    if not first <= day <= last:
        wrong = f"{day} lies outside the days of the case, {first} to {last}"
        document.fault(path, wrong, "write never where it had not come by the last of them")
    return day
