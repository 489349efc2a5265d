"""``detente fit``: which parts of the declared ranges are consistent with the record up to a moment."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.brief.explored_words import title_of
from detente.brief.naming import plain
from detente.cli.asking import moment_of, progress_bar, seed_number, world_count, writing
from detente.cli.stopping import stopped_by_ctrl_c
from detente.errors import RequestError
from detente.exploration.report import write_data
from detente.hindcast.fit_report import fitted_data
from detente.hindcast.fitting import PARTICLES, REPLICATES, Fitted, fit
from detente.hindcast.narrowing import Narrowed, Narrowing, narrowing_of
from detente.hindcast.posterior_file import save_fitted
from detente.scenario import Case, load

__all__ = ["add_to"]

MOST_PARTICLES = 10**6
SHOWN = 12


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("fit", help="find what the record up to a moment leaves of the declared ranges")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument("--until", required=True, metavar="MOMENT", help="use the record known by then")
    command.add_argument(
        "--out", type=Path, default=Path("posterior.nc"), metavar="FILE", help="where the posterior goes (%(default)s)"
    )
    command.add_argument(
        "--particles", type=particle_count, default=PARTICLES, metavar="N", help="draws that are left (%(default)s)"
    )
    command.add_argument(
        "--worlds",
        type=world_count,
        metavar="W",
        help=f"worlds each time all draws are weighed ({REPLICATES} for each draw)",
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same bits (%(default)s)"
    )
    command.add_argument("--all", action="store_true", help="list every number, also those that stay as declared")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the table as data instead of printing it")
    command.set_defaults(does=run)


def particle_count(text: str) -> int:
    """Read how many draws are to be left."""
    return world_count(text, MOST_PARTICLES)


def run(arguments: argparse.Namespace) -> int:
    """Fit, print, write; a fit that was stopped on the way is printed and not written."""
    if arguments.out.suffix != ".nc":
        raise RequestError(f"{arguments.out}: a posterior is a NetCDF file; give it a name that ends in .nc")
    until = moment_of(arguments.until)
    assert until is not None  # it is required
    case, particles = load(arguments.case), arguments.particles
    replicates = REPLICATES if arguments.worlds is None else max(1, arguments.worlds // particles)
    with stopped_by_ctrl_c() as stop, progress_bar("fitting", None) as progress:
        fitted = fit(
            case,
            until=until,
            particles=particles,
            replicates=replicates,
            seed=arguments.seed,
            progress=progress,
            stop=stop,
        )
    found, console = narrowing_of(case, fitted), Console()
    if not fitted.partial:
        with writing(arguments.out):
            arguments.out.parent.mkdir(parents=True, exist_ok=True)
            save_fitted(fitted, arguments.out)
    if arguments.json is not None:
        with writing(arguments.json):
            write_data(fitted_data(fitted, found), arguments.json)
        console.print(f"data: {arguments.json}")
    else:
        _print(case, fitted, found, arguments.all, console)
    if fitted.partial:
        console.print("stopped on the way: no posterior was written")
        return 130
    console.print(f"posterior: {arguments.out}")
    return 0


def _print(case: Case, fitted: Fitted, found: Narrowing, everything: bool, console: Console) -> None:
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
            about = case.scenario.claims[weighed.claim].about or plain(weighed.claim)
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


def _row(one: Narrowed) -> tuple[str, str, str, str]:
    digits = max(0, 2 - math.floor(math.log10(max(one.declared[1] - one.declared[0], 1e-9))))
    declared, left = (
        f"{low:,.{digits}f} to {high:,.{digits}f} {one.unit}".strip() for low, high in (one.declared, one.left)
    )
    if not one.bears:
        return declared, left, "nothing observed bears on it", ""
    place = f"{100 * one.place:.0f} (± {200 * one.place_error:.0f})" if one.moved else "50"
    return declared, left, f"{100 * one.narrowing:.0f} % (± {200 * one.error:.0f})", place
