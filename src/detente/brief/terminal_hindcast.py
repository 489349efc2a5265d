"""A hindcast in a terminal: what it tests, where the model failed first, and its scores beside the simplest ones."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.brief.figure import Table as Sheet
from detente.brief.scored import Scored
from detente.brief.scored.rows import Asked, ReasonRow
from detente.brief.terminal_heading import heading
from detente.scenario import Case

__all__ = ["print_hindcast"]

FEW_EVENTS = 6


def print_hindcast(case: Case, scored: Scored, console: Console) -> None:
    """Print a hindcast: the opening, the scores in words, and the questions worst first.

    Parameters
    ----------
    case
        The case.
    scored
        The hindcast in words.
    console
        Where to print.
    """
    made = scored.hindcast.provenance
    console.print(heading(case.scenario.title, made.as_of))
    console.print(Text(scored.opening, style="bold"))
    _say(console, scored.proves, indent=0)
    if made.partial:
        console.print(Text("Stopped on the way: later cuts are missing.", style="bold"))
    _title(console, "Beside the simplest forecasts")
    _say(console, scored.summary or ["No baseline could be compared."])
    _title(console, "Question by question, where the model failed first")
    for asked in scored.asked:
        _print_question(asked, console)
    for scores in scored.scores:
        _title(console, f"Scores, {scores.title.lower()}")
        if scores.in_sample:
            _say(console, [scores.says, *scores.lines])
        elif scores.table.rows:
            console.print(_sheet(scores.table))
            _say(console, [scores.table.note], style="dim")
    _print_steps(scored, console)
    if scored.hindsight:
        _title(console, "Possible hindsight: reasons without a source dated before the cut")
        _say(console, [f"• {one.says}: {'; '.join(one.reasons)}" for one in scored.hindsight])
    if scored.not_answerable:
        _title(console, "Not answerable here")
        _say(console, [f"{asks} {why}" for asks, why in scored.not_answerable])
    if scored.left_out:
        _title(console, "Known, and not forecast")
        _say(console, [f"{asks} {why}" for asks, why in scored.left_out])
    _title(console, "What to beware of")
    _say(console, [f"• {text}" for text in scored.cautions])
    console.print(Text(f"\n{made.worlds:,} worlds, seed {made.seed}.", style="dim"))


def _title(console: Console, text: str) -> None:
    console.print(Text(f"\n{text}", style="bold"))


def _say(console: Console, lines: Iterable[str], indent: int = 2, style: str = "") -> None:
    for line in lines:
        console.print(Padding(Text(line, style=style), (0, 0, 0, indent)))


def _sheet(content: Sheet) -> Padding:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in content.columns:
        table.add_column(column)
    for row in content.rows:
        table.add_row(*row)
    return Padding(table, (0, 0, 0, 4))


def _print_question(asked: Asked, console: Console) -> None:
    console.print()
    console.print(Text(f"{asked.listed_as}  {asked.asks}".strip(), style="bold"))
    sample = " (in sample)" if asked.in_sample else ""
    _say(console, [f"What the model said as of {asked.forecast}{sample}: {asked.said}."])
    console.print(Padding(Text(f"What came: {asked.came} ({asked.known}; {asked.certainty} certainty)."), (0, 0, 0, 2)))
    _say(console, [asked.verdict], style="bold cyan")
    _say(console, [asked.beside])
    console.print(_sheet(asked.forecasts))
    _say(console, asked.assumed, style="dim", indent=4)
    _say(console, [asked.told] if asked.told else [])
    for title, reasons in (("Away from what came", asked.away), ("Toward what came", asked.toward)):
        if reasons:
            _say(console, [f"{title}, most first:"], style="italic")
            _say(console, [_reason(one) for one in reasons], indent=4)
    _say(console, [asked.wording], style="dim")


def _reason(one: ReasonRow) -> str:
    return f"{one.moved}: {one.says}" + (" (possible hindsight)" if one.possible_hindsight else "")


def _print_steps(scored: Scored, console: Console) -> None:
    """Print each question's forecasts cut by cut."""
    if not scored.stepped:
        return
    _title(console, "Cut by cut")
    _say(console, [scored.learns] if scored.learns else [])
    for stepped in scored.stepped:
        console.print()
        _say(console, [stepped.asks], style="bold")
        _say(console, [stepped.moved], indent=4)
        rows = tuple(row[:4] for row in stepped.figure.table.rows)
        console.print(_sheet(Sheet(stepped.figure.table.columns[:4], rows)))
    _title(console, "What became known between the cuts")
    for became in scored.became:
        sample = ", in sample" if became.in_sample else ""
        _say(console, [f"By {became.cut} (effective draws {became.draws}{sample}):"], style="italic")
        events = [f"• {text}" for text, bears in became.events if bears][:FEW_EVENTS]
        more = len(became.events) - len(events)
        _say(console, [*events, *([f"… and {more} more, on the page and in the data"] if more else [])], indent=4)
