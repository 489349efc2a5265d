"""What a structure's audit of itself found, beside what the case explains; and the same as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from detente.results import Provenance
from detente.validation.report import plain_report, schema_of
from detente.validation.result import ValidationTest
from detente.validation.structure import Structure

__all__ = ["SCHEMA", "StructureAudit", "StructureFinding", "audit_data", "gather_findings"]

EXPLAINED = "explained"


@dataclass(frozen=True)
class StructureFinding:
    """One finding of an audit.

    Parameters
    ----------
    id
        The test and the element, ``test/element``: what ``explained`` of the case names.
    test, element
        The name of the test, and what it found something of.
    at, says
        File and line, and what is the matter.
    explained
        The reason that the case gives why it is right as it is; empty where it gives none.
    """

    id: str
    test: str
    element: str
    at: str
    says: str
    explained: str


@dataclass(frozen=True)
class StructureAudit:
    """What a structure's audit of itself found.

    Parameters
    ----------
    provenance
        How it was made.
    tests
        Every test, with its verdict and all it found.
    findings
        What is the matter, test by test; an explanation of a finding that does not occur is one of its own.
    """

    provenance: Provenance
    tests: tuple[ValidationTest, ...]
    findings: tuple[StructureFinding, ...]

    @property
    def unexplained(self) -> tuple[StructureFinding, ...]:
        """The findings for which the case gives no reason."""
        return tuple(one for one in self.findings if not one.explained)

    @property
    def explained(self) -> tuple[StructureFinding, ...]:
        """The findings for which the case gives a reason."""
        return tuple(one for one in self.findings if one.explained)


def gather_findings(
    structure: Structure, tests: Sequence[ValidationTest], provenance: Provenance, *, texts_at_hand: bool = False
) -> StructureAudit:
    """Gather the findings of tests, beside the explanations of the case.

    Without the reader's own copies of sources fewer words are found copied, so an explanation of one is not missed.

    Parameters
    ----------
    structure
        The case, and where each thing is written.
    tests
        The tests that were done, with their places.
    provenance
        How their worlds were made.
    texts_at_hand
        Whether the reader's own copies of sources were looked through.

    Returns
    -------
    StructureAudit
        Each finding with the case's explanation, where it has one; then explanations of what is no longer found.
    """
    found = tuple(_findings(structure, tests))
    untried = {test.name for test in tests if test.verdict == "not tried"}
    untried |= set() if texts_at_hand else {"copied_runs"}
    stale = _stale(structure, untried, {one.id for one in found})
    return StructureAudit(provenance, tuple(tests), (*found, *stale))


def audit_data(found: StructureAudit) -> dict[str, Any]:
    """Return an audit as plain data, as ``docs/reference/structure-report.md`` describes it."""
    return plain_report(_ADAPTER, found, found.provenance)


def _findings(structure: Structure, tests: Sequence[ValidationTest]) -> Iterator[StructureFinding]:
    reasons = structure.case.scenario.explained
    for test in tests:
        of_one: dict[str, list[tuple[str, str]]] = {}
        if test.verdict == "does not pass":
            for one in test.where:
                if not one.remark:
                    of_one.setdefault(one.element, []).append((one.at, one.says))
        for element, places in of_one.items():
            name = f"{test.name}/{element}"
            says = "; ".join(dict.fromkeys(says for _, says in places))
            yield StructureFinding(name, test.name, element, places[0][0], says, reasons.get(name, ""))


def _stale(structure: Structure, untried: set[str], ids: set[str]) -> Iterator[StructureFinding]:
    """Yield the explanations of what does not occur; of a test that was not tried nothing is known."""
    for name in structure.case.scenario.explained:
        if name not in ids and name.partition("/")[0] not in untried:
            says = "it explains a finding that does not occur; remove it, or name the finding as it is printed"
            yield StructureFinding(f"{EXPLAINED}/{name}", EXPLAINED, name, structure.at((EXPLAINED, name)), says, "")


_ADAPTER = TypeAdapter(StructureAudit)
SCHEMA: dict[str, Any] = schema_of(_ADAPTER, "An audit of a structure of Détente")
"""The JSON Schema of a report; the tests hold every report to it."""
