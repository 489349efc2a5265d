"""``detente source``: number the sentences of a source, and check a copy against the numbers."""

from __future__ import annotations

import argparse
from pathlib import Path

from detente.evidence import add_source, compare_copy, parse_citations
from detente.scenario import find_case, load

__all__ = ["add_to"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("source", help="number a source's sentences, or check your copy of it")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="store fingerprints of a source's sentences; its text is not kept")
    add.add_argument("case", help="the folder of the case")
    add.add_argument("file", type=Path, help="the source as plain text")
    add.add_argument("--id", required=True, help="the name of the source in the case")
    add.add_argument("--units", type=Path, help="a file of given sentences instead of proposed ones")
    add.add_argument("--title", action="append", default=[], help="the source's title, which may be cited; may repeat")
    add.add_argument("--replace", action="store_true", help="replace other numbers stored before")
    add.set_defaults(does=_add)
    show = actions.add_parser(
        "show", help="show each sentence of a source: found, moved, changed or not found in your copy"
    )
    show.add_argument("case", help="a folder, or the name of a bundled case")
    show.add_argument("id", help="the name of the source in the case")
    show.add_argument("--text", type=Path, metavar="FILE", help="your own copy")
    show.set_defaults(does=_show)


def _add(arguments: argparse.Namespace) -> int:
    folder = find_case(arguments.case)
    added = add_source(
        folder, arguments.file, arguments.id, arguments.units, replace=arguments.replace, titles=tuple(arguments.title)
    )
    print(f"{len(added.passages)} sentences numbered in {added.units_file}; their words are not kept")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    case = load(arguments.case)
    citing: dict[int, list[str]] = {}
    for name, claim in case.scenario.claims.items():
        for text in (claim.cites, *(reading.cites for reading in (claim.readings or {}).values())):
            for citation in parse_citations(text) if text else ():
                if citation.source == arguments.id:
                    for number in citation.units:
                        citing.setdefault(number, []).append(name)
    for match in compare_copy(case.folder, arguments.id, arguments.text):
        number = match.unit.number
        claims = ", ".join(dict.fromkeys(citing.get(number, []))) or "cited by no claim"
        print(f"{number:4} {match.state:11} {claims}")
        if match.text:
            print(f"     {match.text}")
    return 0
