"""``detente explore``: what each answer hangs on, down to sentences, given the ranges chosen."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from detente.brief.naming import label_of, plain
from detente.brief.wording import amount, spoken_date
from detente.cli.asking import seed_number
from detente.errors import RequestError
from detente.exploration.explore import WORLDS, explore
from detente.exploration.report import HEADING, explored_data, write_data
from detente.exploration.result import Contested, Entry, Exploration, Index, Region, Sensitivity, Tipping
from detente.scenario import Case, load

__all__ = ["add_to", "model_runs"]

FEW = 5
UNTOLD = "order depends on our ranges"
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
    """Read how many times a model is run."""
    digits = text.replace(",", "").replace("_", "")
    if not digits.isdecimal() or not 1 <= int(digits) <= 10**8:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of worlds; write for example 100000")
    return int(digits)


def run(arguments: argparse.Namespace) -> int:
    """Explore, then print or write."""
    case = load(arguments.case)
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} worlds"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("exploring", total=arguments.worlds)
        found = explore(
            case,
            question=arguments.question,
            worlds=arguments.worlds,
            seed=arguments.seed,
            progress=lambda done: bar.advance(task, done),
        )
    if arguments.json is not None:
        try:
            write_data(explored_data(case, found), arguments.json)
        except OSError as error:
            raise RequestError(f"{error.filename or arguments.json}: cannot be written ({error.strerror})") from None
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
        console.print(Padding(Text("The same in every world: it hangs on nothing that varies."), (0, 0, 0, 2)))
        return
    parts = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("", "by itself", "with all it does through others"):
        parts.add_column(heading)
    for entry in (one.luck, one.dispute, one.ignorance, one.assumptions):
        if entry is not None:
            what = "… assumed, of it" if entry.name == "assumptions" else entry.name
            parts.add_row(what, _share(entry.index), _share(entry.total) if entry.total is not None else "")
    if one.interactions is not None:
        parts.add_row("only together", _share(one.interactions), "")
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
            console.print(Padding(Text(_tipping(case, tip)), (0, 0, 0, 4)))
    watched = found.indicators.get(name, ())
    if watched:
        console.print(Padding(Text("To watch", style="italic"), (0, 0, 0, 2)))
        for one in watched[:3]:
            which = "more" if one.more else "less"
            pairs = f"{100 * min(one.skill, 0.99):.0f} of 100 pairs of worlds"
            text = f"{plain(one.measure)} on {_day(case, one.day)}: {which} of it goes with it, in {pairs}"
            console.print(Padding(Text(text), (0, 0, 0, 4)))


def _region(case: Case, region: Region, is_date: bool) -> str:
    """Word a box as a sentence."""
    sides = []
    for side in region.sides:
        label = _label(case, "Factors", side.factor)
        if side.readings:
            sides.append(f"“{label}” is answered {' or '.join(plain(reading) for reading in side.readings)}")
            continue
        low, high = side.low or 0.0, 1.0 if side.high is None else side.high
        ends = [] if low <= 0 else [f"above {_end(side.low_value, low)}"]
        ends += [] if high >= 1 else [f"below {_end(side.high_value, high)}"]
        sides.append(f"{label} is {' and '.join(ends)}")
    what = "it comes"
    if region.above is not None:
        what = f"it is later than {_day(case, region.above)}" if is_date else f"it is above {amount(region.above)}"
    return (
        f"When {'; and '.join(sides)}: there {what} in {100 * region.density:.0f} % of worlds, against "
        f"{100 * region.base:.0f} % of all; {100 * region.coverage:.0f} % of the worlds in which it does lie there."
    )


def _day(case: Case, number: float) -> str:
    day = dt.date.fromisoformat(case.scenario.starts) + dt.timedelta(days=int(number))
    return spoken_date(day.isoformat())


def _end(value: float | None, place: float) -> str:
    within = f"{100 * place:.0f} % of its range"
    return within if value is None else f"{amount(value)} ({within})"


def _tipping(case: Case, tip: Tipping) -> str:
    place = tip.place.value if tip.place is not None else 0.0
    low, high = (f"{100 * min(max(end.value, 0.01), 0.99):.0f} %" for end in (tip.at_low, tip.at_high))
    return f"{_label(case, 'Factors', tip.factor)}: at {_end(tip.value, place)}, going from {low} to {high}"


def _print_ranking(case: Case, title: str, entries: tuple[Entry, ...], console: Console) -> None:
    told = [entry for entry in entries if entry.index.low > 0][:FEW]
    if not told:
        return
    console.print(Padding(Text(title, style="italic"), (0, 0, 0, 2)))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for entry in told:
        place = f"{entry.place}." if entry.keeps_place else "·"
        label = escape(_label(case, title, entry.name))
        table.add_row(place, label, _share(entry.index), "" if entry.keeps_place else UNTOLD)
    console.print(Padding(table, (0, 0, 0, 4)))


def _label(case: Case, title: str, name: str) -> str:
    if title == "Factors" and (name in case.elements.parameters or name in case.scenario.claims):
        return label_of(case, name)
    if title == "Claims":
        claim = case.scenario.claims[name]
        return claim.about or claim.says or plain(name)
    return plain(name) if title == "Factors" else name


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


def _share(index: Index) -> str:
    def percent(value: float) -> str:
        return f"{100 * min(max(value, 0), 1):.1f}"

    return f"{percent(index.value)} % ({percent(index.low)} to {percent(index.high)})"


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
