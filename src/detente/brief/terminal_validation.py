"""A validation in a terminal: the verdicts first, then where and why."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.brief.terminal_heading import heading
from detente.brief.validated import Sheet
from detente.scenario import Case

__all__ = ["print_validation"]

FEW = 8


def print_validation(case: Case, sheet: Sheet, console: Console) -> None:
    """Print the verdicts, and of each test that does not pass what was found.

    Parameters
    ----------
    case
        The case.
    sheet
        The validation in words.
    console
        Where to print.
    """
    made = sheet.validation.provenance
    console.print(heading(case.scenario.title, made.as_of))
    console.print(Text(sheet.opening, style="bold"))
    if made.partial:
        console.print(Text("Stopped on the way: later tests were not tried.", style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for family in sheet.families:
        for shown in family.tests:
            style = "bold" if shown.test.verdict == "does not pass" else ""
            table.add_row(Text(shown.verdict, style=style), Text(shown.test.title, style=style))
    console.print(Padding(table, (1, 0, 0, 2)))
    for family in sheet.families:
        for shown in family.tests:
            if shown.test.verdict == "does not pass":
                console.print(Text(f"\n{shown.test.title}", style="bold"))
                console.print(Padding(Text(shown.test.says), (0, 0, 0, 2)))
                for one in shown.test.where[:FEW]:
                    at = f" ({one.at})" if one.at else ""
                    console.print(Padding(Text(f"• {one.element}{at}: {one.says}"), (0, 0, 0, 2)))
                left = len(shown.test.where) - FEW
                if left > 0:
                    console.print(Padding(Text(f"and {left} more"), (0, 0, 0, 2)))
    quick = ", a quick sheet" if sheet.validation.quick else ""
    console.print(Text(f"\n{made.worlds:,} worlds a test, seed {made.seed}{quick}.", style="dim"))
