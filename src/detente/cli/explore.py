"""``detente explore``: what each answer hangs on, down to sentences, given the ranges chosen."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.brief.explored_words import (
    NOTHING_VARIES,
    UNTOLD,
    claim_says,
    day_of,
    place_within,
    share,
    tipping,
    title_of,
    watched,
)
from detente.brief.naming import plain
from detente.brief.wording import amount
from detente.cli.asking import progress_bar, seed_number, world_count, writing
from detente.exploration.explore import WORLDS, explore
from detente.exploration.report import HEADING, explored_data, write_data
from detente.exploration.result import Contested, Entry, Exploration, Index, Region, Sensitivity
from detente.scenario import Case, load

__all__ = ["add_to", "model_runs"]

FEW = 5
MOST_RUNS = 10**8
LEAST_SWING = 0.005
"""Of a share of worlds: half a point."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("explore", help="say what each answer hangs on, down to sentences")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument("--question", metavar="ID", help="one question or measure; by default all")
    command.add_argument(
        "--worlds", type=model_runs, default=WORLDS, metavar="N", help="about how many model runs (%(default)s)"
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same bits (%(default)s)"
    )
    command.add_argument("--json", type=Path, metavar="FILE", help="write the result as data instead of printing it")
    command.set_defaults(does=run)


def model_runs(text: str) -> int:
    """Read how many times a model is run; all answers are held at once, so there is a limit."""
    return world_count(text, MOST_RUNS)


def run(arguments: argparse.Namespace) -> int:
    """Explore, then print or write."""
    case = load(arguments.case)
    with progress_bar("exploring", arguments.worlds) as progress:
        found = explore(
            case,
            question=arguments.question,
            worlds=arguments.worlds,
            seed=arguments.seed,
            progress=progress,
        )
    if arguments.json is not None:
        with writing(arguments.json):
            write_data(explored_data(case, found), arguments.json)
        Console().print(f"data: {arguments.json}")
        return 0
    _print(case, found, Console())
    return 0


def _print(case: Case, found: Exploration, console: Console) -> None:
    console.print(Text(case.scenario.title, style="bold"))
    console.print(Text(HEADING, style="bold italic"))
    for name, one in found.targets.items():
        if name in case.scenario.questions or len(found.targets) == 1:
            _print_answer(case, found, name, one, console)
    made = found.provenance
    console.print(Text(f"\n{made.worlds:,} model runs, {found.rows:,} rows, seed {made.seed}.", style="dim"))
    console.print(
        Text(
            "Shares are of the outcome's variance, luck counted, with 95 % intervals; they need not add up. A place is "
            "given only where it stays the same with all ranges halved and doubled.",
            style="dim",
        )
    )


def _print_answer(case: Case, found: Exploration, name: str, one: Sensitivity, console: Console) -> None:
    question = case.scenario.questions.get(name)
    console.print()
    console.print(Text(question.asks if question is not None else plain(name), style="bold"))
    if one.variance <= 0:
        console.print(Padding(Text(NOTHING_VARIES), (0, 0, 0, 2)))
        return
    parts = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("", "by itself", "with all it does through others"):
        parts.add_column(heading)
    for entry in (one.luck, one.dispute, one.ignorance, one.assumptions):
        if entry is not None:
            what = "… assumed, of it" if entry.name == "assumptions" else entry.name
            parts.add_row(what, share(entry.index), share(entry.total) if entry.total is not None else "")
    if one.interactions is not None:
        parts.add_row("only together", share(one.interactions), "")
    console.print(Padding(parts, (0, 0, 0, 2)))
    told = found.accounts[name]
    if told:
        console.print(Padding(Text("As each account tells it", style="italic"), (0, 0, 0, 2)))
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        for account in told:
            table.add_row(escape(_account(case, account.name)), _outcome(case, one, account.value))
        console.print(Padding(table, (0, 0, 0, 4)))
    for title, entries in (("Factors", one.factors), ("Claims", one.claims), ("Sentences", one.sentences)):
        _print_ranking(case, title, entries, console)
    if one.check_first:
        console.print(Padding(Text("To check first: " + ", ".join(one.check_first), style="bold"), (0, 0, 0, 2)))
    least = LEAST_SWING if one.type == "yes/no" else 0.0
    disputed = [entry for entry in found.contested if entry.target == name and entry.swing.low > least][:FEW]
    if disputed:
        console.print(Padding(Text("Contested claims, in the same worlds", style="italic"), (0, 0, 0, 2)))
        for claim in disputed:
            console.print(Padding(Text(_swing(case, one, claim)), (0, 0, 0, 4)))
    _print_outlook(case, found, name, console)


def _print_outlook(case: Case, found: Exploration, name: str, console: Console) -> None:
    """Print where the outcome lives, where it tips, and what to watch."""
    region = found.regions.get(name)
    if region is not None and region.sides:
        console.print(Padding(Text("Where it lives", style="italic"), (0, 0, 0, 2)))
        console.print(Padding(Text(_region(case, region, found.targets[name].type == "date")), (0, 0, 0, 4)))
    crossed = [tip for tip in found.tipping if tip.target == name and tip.place is not None]
    if crossed:
        console.print(Padding(Text("Where it crosses even odds", style="italic"), (0, 0, 0, 2)))
        for tip in crossed:
            console.print(Padding(Text(tipping(case, tip)), (0, 0, 0, 4)))
    seen = found.indicators.get(name, ())
    if seen:
        console.print(Padding(Text("To watch", style="italic"), (0, 0, 0, 2)))
        for one in seen[:3]:
            console.print(Padding(Text(watched(case, one, found.targets[name].type)), (0, 0, 0, 4)))


def _region(case: Case, region: Region, is_date: bool) -> str:
    """Word a box as a sentence."""
    sides = []
    for side in region.sides:
        label = title_of(case, side.factor)
        if side.readings:
            sides.append(f"“{label}” is answered {' or '.join(plain(reading) for reading in side.readings)}")
            continue
        low, high = side.low or 0.0, 1.0 if side.high is None else side.high
        ends = [] if low <= 0 else [f"above {place_within(side.low_value, low)}"]
        ends += [] if high >= 1 else [f"below {place_within(side.high_value, high)}"]
        sides.append(f"{label} is {' and '.join(ends)}")
    what = "it comes"
    if region.above is not None:
        what = f"it is later than {day_of(case, region.above)}" if is_date else f"it is above {amount(region.above)}"
    return (
        f"When {'; and '.join(sides)}: there {what} in {100 * region.density:.0f} % of worlds, against "
        f"{100 * region.base:.0f} % of all; {100 * region.coverage:.0f} % of the worlds in which it does lie there."
    )


def _print_ranking(case: Case, title: str, entries: tuple[Entry, ...], console: Console) -> None:
    told = [entry for entry in entries if entry.index.low > 0][:FEW]
    if not told:
        return
    console.print(Padding(Text(title, style="italic"), (0, 0, 0, 2)))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for entry in told:
        place = f"{entry.place}." if entry.keeps_place else "·"
        label = escape(_label(case, title, entry.name))
        table.add_row(place, label, share(entry.index), "" if entry.keeps_place else UNTOLD)
    console.print(Padding(table, (0, 0, 0, 4)))


def _label(case: Case, title: str, name: str) -> str:
    if title == "Factors":
        return title_of(case, name)
    return claim_says(case, name) if title == "Claims" else name


def _account(case: Case, name: str) -> str:
    return case.scenario.accounts[name].get("title") or plain(name).capitalize()


def _outcome(case: Case, one: Sensitivity, index: Index) -> str:
    """Word a mean outcome with its interval."""
    if one.type == "yes/no":
        middle, low, high = (f"{100 * min(max(v, 0.01), 0.99):.0f}" for v in (index.value, index.low, index.high))
        return f"{middle} % ({low} to {high})"
    if one.type == "date":
        return f"after {amount(index.value)} days on the average ({amount(index.low)} to {amount(index.high)})"
    return f"{amount(index.value)} ({amount(index.low)} to {amount(index.high)})"


def _swing(case: Case, one: Sensitivity, claim: Contested) -> str:
    about = case.scenario.claims[claim.claim].about or plain(claim.claim)
    low, high = (plain(name) for name in claim.between)

    def size(index: Index) -> str:
        if one.type == "yes/no":
            points = f"{100 * index.value:.0f}"
            return f"{points} {'point' if points == '1' else 'points'}"
        return amount(index.value, "day" if one.type == "date" else "")

    error = (claim.swing.high - claim.swing.low) / 2
    within = f"{100 * error:.0f}" if one.type == "yes/no" else amount(error)
    return f"{about} {low} → {high}: {size(claim.swing)} (± {within}); settling it is worth {size(claim.settling)}"
