"""What a record leaves of the declared ranges, as the terminal shows it."""

from __future__ import annotations

import math

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.brief.explored_words import title_of
from detente.brief.naming import plain
from detente.hindcast.contraction import ContractedRange, Contraction
from detente.hindcast.fitting import Fitted
from detente.scenario import Case

__all__ = ["print_fit"]

SHOWN = 12
"""Numbers that are listed unless all are asked for."""


def print_fit(case: Case, fitted: Fitted, found: Contraction, everything: bool, console: Console) -> None:
    """Print what a fit left of the declared ranges, what narrowed most first.

    Parameters
    ----------
    case, fitted, found
        The case, what was fitted, and how far each range narrowed.
    everything
        Whether numbers that stay as declared are listed too.
    console
        Where it goes.
    """
    made = fitted.provenance
    console.print(Text(case.scenario.title, style="bold"))
    console.print(Text(f"What the record up to {made.as_of} leaves of the declared ranges", style="dim"))
    for warning in fitted.warnings:
        console.print(Text(f"Beware: {warning}.", style="yellow"))
    console.print(Padding(Text(found.says), (1, 0, 1, 0)))
    seen = [one for one in found.numbers if everything or one.narrowed or one.moved]
    seen.sort(key=lambda one: (not one.narrowed, -one.narrowing))
    shown = seen if everything else seen[:SHOWN]
    if shown:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for heading in ("", "declared", "left", "narrower by", "lies at"):
            table.add_column(heading)
        for one in shown:
            table.add_row(title_of(case, one.name), *_row(one))
        console.print(table)
        if len(seen) > len(shown):
            console.print(Text(f"and {len(seen) - len(shown)} more; --all lists every number", style="dim"))
    for weighed in found.readings:
        if everything or weighed.moved:
            about = case.scenario.claims[weighed.claim].title
            shares = f"{100 * weighed.before:.0f} % → {100 * weighed.after:.0f} % (± {200 * weighed.error:.0f})"
            console.print(Text(f"{about} {plain(weighed.reading)}: {shares}"))
    went = ", ".join(f"{stage.acceptance:.0%} of {stage.sweeps} moves" for stage in fitted.stages)
    text = (
        f"{fitted.posterior.particles:,} draws, {made.worlds:,} worlds, seed {made.seed}; taken at each step: {went}."
    )
    told = (
        "Ranges are 5th to 95th percentiles; ± is two Monte Carlo errors. A number that lies at 60 has 60 of a hundred "
        "draws from its declared range below it, on the average; 50 is where it lay."
    )
    console.print(Text(f"\n{text} {told}", style="dim"))


def _row(one: ContractedRange) -> tuple[str, str, str, str]:
    digits = max(0, 2 - math.floor(math.log10(max(one.declared[1] - one.declared[0], 1e-9))))
    declared, left = (
        f"{low:,.{digits}f} to {high:,.{digits}f} {one.unit}".strip() for low, high in (one.declared, one.left)
    )
    if not one.bears:
        return declared, left, "nothing observed bears on it", ""
    place = f"{100 * one.place:.0f} (± {200 * one.place_error:.0f})" if one.moved else "50"
    return declared, left, f"{100 * one.narrowing:.0f} % (± {200 * one.error:.0f})", place
