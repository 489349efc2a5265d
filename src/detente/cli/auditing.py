"""``detente check --structure``: what a case's structure says against itself, and what the case explains of it."""

from __future__ import annotations

import argparse

from detente.cli.outputs import tell_written, write_json
from detente.cli.streams import open_console
from detente.errors import RequestError
from detente.scenario import Case
from detente.validation.audit import StructureAudit, StructureFinding, audit_data
from detente.validation.validate import structure_audit

__all__ = ["audit_structure"]


def audit_structure(case: Case, arguments: argparse.Namespace, worlds: int) -> int:
    """Audit, print or write; return the exit status: 1 if anything is unexplained.

    Parameters
    ----------
    case
        A sound case.
    arguments
        Of the command line: the seed, copies of sources, and where data goes.
    worlds
        Worlds with numbers as drawn.

    Returns
    -------
    int
        0 or 1.

    Raises
    ------
    RequestError
        If there is no such copy of a source.
    """
    for text in arguments.text:
        if not text.is_file():
            raise RequestError(f"there is no file '{text}'; name your own copy of a source, as plain text")
    found = structure_audit(case, worlds=worlds, seed=arguments.seed, texts=arguments.text)
    if arguments.json is not None:
        write_json(audit_data(found), arguments.json)
        tell_written(open_console(), "data", arguments.json)
    else:
        _print(found)
    return 1 if found.unexplained else 0


def _print(found: StructureAudit) -> None:
    """Print the findings by test, those that the case explains apart, and what is only told."""
    titles = {test.name: test.title for test in found.tests}
    print(f"\nThe structure ({found.provenance.worlds:,} worlds, seed {found.provenance.seed}):")
    for test in found.tests:
        print(f"  {test.verdict:15} {test.title}: {test.says}")
    for heading, findings in (("Unexplained", found.unexplained), ("Explained in the case", found.explained)):
        if not findings:
            continue
        print(f"\n{heading} ({len(findings)}):")
        before = ""
        for one in findings:
            if one.test != before:
                print(f"  {titles.get(one.test, 'Explanations of what does not occur')}")
                before = one.test
            _print_finding(one)
    for test in found.tests:
        if test.verdict == "described" and test.where:
            print(f"\n{test.title} ({len(test.where)}), told and nothing the matter:")
            for where in test.where:
                print(f"    {where.element} ({where.at}): {where.says}")
    remarks = sum(one.remark for test in found.tests for one in test.where)
    if remarks:
        print(f"\n{remarks} remarks more, where nothing is the matter, stand in the data and in `detente validate`.")
    print(f"\n{len(found.unexplained)} unexplained, {len(found.explained)} explained")


def _print_finding(one: StructureFinding) -> None:
    at = f" ({one.at})" if one.at else ""
    print(f"    {one.id}{at}: {one.says}")
    if one.explained:
        print(f"      {one.explained}")
