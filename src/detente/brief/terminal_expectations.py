"""What claims expect of a model, in a terminal: the worst first."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from detente.brief.borne_out import BorneOut

__all__ = ["print_expectations"]

STYLES = {"fails": "bold red", "not resolved": "yellow", "holds": "green"}


def print_expectations(found: BorneOut, console: Console) -> None:
    """Print every expectation with what came of it, then how many claims are borne out."""
    for one in found.expected:
        head = Text(f"{'fails, as named' if one.verdict == 'fails' and one.because else one.verdict:15} ")
        head.stylize(STYLES[one.verdict] if not one.because else "bold")
        console.print(head + Text(one.claim, style="bold") + Text(f"  {one.asks}"))
        lines = [one.found, one.path and f"by {one.path}" if one.path and "→" in one.path else one.path]
        lines += [f"known: {one.because}"] if one.because else []
        for line in lines:
            if line:
                console.print(Padding(Text(line, style="dim" if line is lines[1] else ""), (0, 0, 0, 16)))
    if found.untested:
        console.print(
            Text(
                f"\nClaims of cause or condition, and readings of one, that expect nothing ({len(found.untested)}):",
                style="bold",
            )
        )
        for says in found.untested:
            console.print(Padding(Text(f"• {says}"), (0, 0, 0, 2)))
    console.print(Text(f"\n{found.sentence}", style="bold"))
