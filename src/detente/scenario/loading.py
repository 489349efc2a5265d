"""Read a case from its folder and check it: everything that was found, or a case that is sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from detente.errors import CaseError, Finding
from detente.scenario.case import Case
from detente.scenario.catalog import BUNDLED, find_case
from detente.scenario.checks import check
from detente.scenario.document import Document
from detente.scenario.joining import join
from detente.scenario.merging import canonical_hash, merge_parts
from detente.scenario.model import Scenario
from detente.scenario.naming import unit_system
from detente.scenario.record import Observation, read_record
from detente.scenario.reference_classes import read_reference_classes
from detente.scenario.shape import validated
from detente.scenario.table_files import file_inside

__all__ = ["examine", "load"]


def examine(where: str | Path) -> tuple[Case | None, list[Finding]]:
    """Read a case and check it; return it, if it could be read, with everything that was found.

    Parameters
    ----------
    where
        A folder, its ``scenario.yaml``, or the name of a bundled case.

    Returns
    -------
    tuple
        The case, or None where faults keep it from being built; and the findings, errors first, in the order of lines.
    """
    folder = find_case(where)
    shown = Path(folder.name) if folder.parent == BUNDLED else folder
    document = merge_parts(folder, shown)
    # What could not be read at all would only be missed everywhere else.
    scenario = None if document.broken else validated(document)
    if scenario is None:
        return None, _sorted(document.findings)
    classes, tables = read_reference_classes(scenario, folder, document)
    elements = replace(join(scenario, document), reference_classes=classes)
    record, content = _record(scenario, folder, document)
    known = tuple(row for row in record if row.known_at <= scenario.as_of)
    units, _ = unit_system(tuple(scenario.units))
    case = Case(folder, scenario, elements, document, known, canonical_hash(document.data, content + tables), units)
    findings = _sorted([*document.findings, *check(case, record)])
    if any(finding.severity == "error" for finding in findings):
        return case, findings
    return replace(case, warnings=tuple(finding for finding in findings if finding.severity == "warning")), findings


def _record(scenario: Scenario, folder: Path, document: Document) -> tuple[list[Observation], bytes]:
    """Return every row of a case's record and the bytes it was read from."""
    name = scenario.record
    if name is None:
        return [], b""
    file = file_inside(folder, name, ("record",), document, "record.csv")
    if isinstance(file, Finding):
        document.fault(("record",), file.wrong, file.mend)
        return [], b""
    rows, faults = read_record(file, document.place(()).file.parent / name)
    document.findings.extend(faults)
    return rows, file.read_bytes()


def load(where: str | Path) -> Case:
    """Read a case that must be sound.

    Raises
    ------
    CaseError
        With every fault in one go.
    RequestError
        If there is no such case.
    """
    case, findings = examine(where)
    errors = [finding for finding in findings if finding.severity == "error"]
    if case is None or errors:
        raise CaseError(errors)
    return case


def _sorted(findings: list[Finding]) -> list[Finding]:
    rank = {"error": 0, "warning": 1, "note": 2}
    unique = list(dict.fromkeys(findings))
    return sorted(unique, key=lambda finding: (rank[finding.severity], str(finding.place.file), finding.place.line))
