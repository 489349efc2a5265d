"""Reference classes with times: cases listed in a table, each held to its columns, or a published curve."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from detente.errors import Finding, Place
from detente.scenario.document import Document, Path_
from detente.scenario.elements import ReferenceClass, Spell
from detente.scenario.model import Scenario
from detente.scenario.table_files import file_inside, finite, read_rows

__all__ = ["COLUMNS", "read_reference_classes"]

COLUMNS = ("begins", "lasted", "ended", "source", "certainty", "note")
CERTAINTIES = ("high", "medium", "low")
BIGGEST = 2_000_000
"""Bytes beyond which a table is refused unread."""


def read_reference_classes(
    scenario: Scenario, folder: Path, document: Document
) -> tuple[dict[str, ReferenceClass], bytes]:
    """Read the reference classes of a case, and the bytes of their tables; faults are noted in the document.

    Parameters
    ----------
    scenario
        The description.
    folder
        Where the tables are.
    document
        Where each thing stands; takes the findings.
    """
    classes: dict[str, ReferenceClass] = {}
    content: list[bytes] = []
    for name, entry in sorted(scenario.reference_classes.items()):
        path: Path_ = ("reference_classes", name)
        spells: tuple[Spell, ...] = ()
        if entry.table is not None:
            here = (*path, "table")
            file = file_inside(folder, entry.table, here, document, "base_rates/truces.csv")
            if isinstance(file, Finding):
                document.fault(here, file.wrong, file.mend)
                continue
            shown = document.place(()).file.parent / entry.table
            spells, faults = _read_spells(file, shown)
            document.findings.extend(faults)
            if faults:
                continue
            content.append(f"\0{name}\0".encode() + file.read_bytes())
        classes[name] = ReferenceClass(
            name, entry.says, tuple(entry.claims), spells, entry.steps, entry.of or len(spells), path
        )
    return {name: classes[name] for name in scenario.reference_classes if name in classes}, b"".join(content)


def _read_spells(file: Path, shown: Path) -> tuple[tuple[Spell, ...], list[Finding]]:
    """Read a table of cases; every bad row becomes a finding."""
    rows, findings = read_rows(file, shown, COLUMNS, "table", BIGGEST)
    if not rows and not findings:
        mend = "add the cases, a row each, or remove the class"
        return (), [Finding(Place(shown), "table", "holds no rows", mend)]
    spells = []
    for place, row in rows:
        try:
            spells.append(_spell(row, place))
        except ValueError as error:
            field, _, rest = str(error).partition(": ")
            wrong, _, mend = rest.partition("; ")
            findings.append(Finding(place, field, wrong, mend))
    return tuple(spells), sorted(findings, key=lambda finding: finding.place)


def _spell(row: dict[str, str], place: Place) -> Spell:
    try:
        begins = dt.date.fromisoformat(row["begins"])
    except ValueError:
        raise ValueError(f"begins: '{row['begins']}' is no day; write YEAR-MONTH-DAY") from None
    lasted = finite(row["lasted"], "lasted")
    if lasted is None:
        raise ValueError("lasted: is empty; write how many days it lasted, or leave the row out")
    if lasted < 0:
        raise ValueError(f"lasted: expected 0 days or more, came {lasted:g}; write how many days it lasted")
    if row["ended"] not in ("0", "1"):
        raise ValueError(
            f"ended: expected 1 or 0, came '{row['ended']}'; write 1, or 0 where it still ran when the table ends"
        )
    if row["certainty"] not in CERTAINTIES:
        raise ValueError(f"certainty: expected high, medium or low, came '{row['certainty']}'; choose one of these")
    if not row["source"]:
        raise ValueError("source: is empty; say where the row is from, or 'general knowledge'")
    return Spell(begins, lasted, row["ended"] == "1", row["source"], row["certainty"], row["note"], place)
