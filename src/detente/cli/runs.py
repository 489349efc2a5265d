"""``detente runs``: the studies that are kept: listed, shown again, set side by side, taken elsewhere, deleted."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from detente.cli.answering import tell
from detente.cli.asking import writing
from detente.cli.outputs import tell_written, write_json
from detente.cli.streams import WIDTH_WITHOUT_TERMINAL, open_console
from detente.errors import RequestError

if TYPE_CHECKING:
    from detente.analysis.run_differences import AnswerDifference
    from detente.analysis.run_study import RunStudy
    from detente.store import Entry, Store

__all__ = ["add_to"]

POOLED = "all pooled"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("runs", help="list, show, compare, export or delete what was computed and kept")
    doing = command.add_subparsers(dest="doing", required=True, metavar="WHAT")
    one = doing.add_parser("list", help="list the studies that are kept, the newest first")
    one.add_argument("--json", type=Path, metavar="FILE", help="write the list as data instead of printing it")
    one.set_defaults(does=listed)
    one = doing.add_parser("show", help="print a study, and make its page, as the command did that made it")
    one.add_argument("id", metavar="ID", help="the first letters of its name in the list")
    one.add_argument("--json", type=Path, metavar="FILE", help="write the result as data; alone, no page is made")
    one.add_argument("--out", type=Path, metavar="DIR", help="where the page goes (the current folder)")
    one.set_defaults(does=show)
    one = doing.add_parser("compare", help="set the answers of runs side by side, by account, with the differences")
    one.add_argument("ids", nargs="+", metavar="ID", help="two or more, the first letters of their names")
    one.add_argument("--json", type=Path, metavar="FILE", help="write the table as data instead of printing it")
    one.set_defaults(does=compare)
    one = doing.add_parser("export", help="write a study, with its case, as one file for 'detente brief FILE'")
    one.add_argument("id", metavar="ID", help="the first letters of its name in the list")
    one.add_argument("file", type=Path, metavar="FILE", help="where it goes")
    one.set_defaults(does=export)
    one = doing.add_parser("delete", help="delete studies; nothing is asked, and each is named")
    one.add_argument("ids", nargs="+", metavar="ID", help="the first letters of their names")
    one.set_defaults(does=delete)


def listed(arguments: argparse.Namespace) -> int:
    """List what is kept."""
    from detente.store import Store  # other commands begin without it

    store = Store.of()
    entries, spoilt = store.entries()
    for file in spoilt:
        tell(f"{file}: cannot be read by this version, and is not listed")
    if arguments.json is not None:
        write_json({"store": str(store.folder), "studies": [asdict(entry) for entry in entries]}, arguments.json)
        tell_written(open_console(), "data", arguments.json)
        return 0
    if not entries:
        print(f"nothing is kept in {store.folder}")
        return 0
    console = open_console(width=WIDTH_WITHOUT_TERMINAL)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("ID", "kept (UTC)", "asked"):
        table.add_column(heading)
    for heading in ("worlds", "seed"):
        table.add_column(heading, justify="right")
    for entry in entries:
        asked = entry.asked.removeprefix("detente ")
        table.add_row(entry.short, entry.made[:16].replace("T", " "), asked, f"{entry.worlds:,}", str(entry.seed))
    console.print(table)
    return 0


def show(arguments: argparse.Namespace) -> int:
    """Lay a study out again."""
    from detente.cli.brief import shown
    from detente.cli.outputs import Outputs
    from detente.store import Store

    store = Store.of()
    return shown(store.study(store.entry(arguments.id)), Outputs.of(arguments))


def compare(arguments: argparse.Namespace) -> int:
    """Set runs side by side.

    Raises
    ------
    RequestError
        If fewer than two studies are named, or there is none of a name.
    """
    from detente.analysis.run_differences import differences_of
    from detente.store import Store

    store = Store.of()
    entries = _named(store, arguments.ids)
    if len(entries) < 2:
        raise RequestError("name two studies or more to set side by side")
    studies = [_run(store, entry) for entry in entries]
    rows = differences_of(studies)
    if arguments.json is not None:
        runs = [asdict(entry) for entry in entries]
        write_json({"runs": runs, "answers": [asdict(row) for row in rows]}, arguments.json)
        tell_written(open_console(), "data", arguments.json)
        return 0
    _print(entries, studies, rows)
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write a study to a file of its own."""
    from detente.store import Store

    store = Store.of()
    entry = store.entry(arguments.id)
    with writing(arguments.file):
        store.export(entry, arguments.file)
    tell_written(open_console(), "study", arguments.file)
    return 0


def delete(arguments: argparse.Namespace) -> int:
    """Delete studies and name them: all that are called, or none where one is not known."""
    from detente.store import Store

    store = Store.of()
    for entry in _named(store, arguments.ids):
        store.delete([entry])
        print(f"deleted {entry.short}: {entry.asked}, kept {entry.made}")
    return 0


def _named(store: Store, ids: Sequence[str]) -> list[Entry]:
    """Return the studies that are called, each once."""
    return list({entry.key: entry for entry in map(store.entry, ids)}.values())


def _run(store: Store, entry: Entry) -> RunStudy:
    from detente.analysis.run_study import RunStudy

    study = store.study(entry)
    if not isinstance(study, RunStudy):
        raise RequestError(f"{entry.short} is what 'detente {entry.command}' found; only runs are set side by side")
    return study


def _print(entries: Sequence[Entry], studies: Sequence[RunStudy], rows: Sequence[AnswerDifference]) -> None:
    """Print a table for each question: a line for each account, a column for each run, and how far it lies away."""
    from detente.scenario.model.voices import MIXTURES

    console = open_console(width=WIDTH_WITHOUT_TERMINAL)
    for number, entry in enumerate(entries, 1):
        console.print(Text(f"{number}  {entry.short}  {entry.asked}"))
    for question in dict.fromkeys(row.question for row in rows):
        study = next(one for one in studies if question in one.questions)
        console.print(Text(f"\n{study.questions[question].answer.asks}", style="bold"))
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        table.add_column("told by")
        table.add_column("")
        for number in range(1, len(entries) + 1):
            table.add_column(str(number), justify="right")
        for number in range(2, len(entries) + 1):
            table.add_column(f"{number} less 1", justify="right")
        for row in (one for one in rows if one.question == question):
            accounts = study.case.elements.accounts
            teller = POOLED if row.told_by == MIXTURES else row.told_by
            teller = accounts[row.told_by].title if row.told_by in accounts else teller
            values = [_figure(row, value) for value in row.values]
            away = [_away(row, difference) for difference in row.differences]
            table.add_row(teller, row.figure, *values, *away)
        console.print(table)


def _is_share(row: AnswerDifference) -> bool:
    return row.figure != "median"


def _figure(row: AnswerDifference, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{100 * value:.1f} %" if _is_share(row) else f"{value:,.4g} {row.unit}".strip()


def _away(row: AnswerDifference, difference: float | None) -> str:
    if difference is None:
        return "–"
    if _is_share(row):
        return f"{100 * difference:+.1f} points"
    unit = "days" if any(isinstance(value, str) for value in row.values) else row.unit
    return f"{difference:+,.4g} {unit}".strip()
