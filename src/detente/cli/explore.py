"""``detente explore``: what each answer hangs on, down to sentences, given the ranges chosen."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.analysis.exploration_study import ExplorationStudy
from detente.brief.explored_table import told_of
from detente.brief.explored_words import (
    MARKS,
    NOTHING_VARIES,
    WATCHING,
    centre_line,
    claim_says,
    gradients_line,
    lives,
    place,
    share,
    share_of,
    slope,
    swing,
    swinging,
    tipping,
    title_of,
    unit_of,
    untold,
    watched,
    whether,
)
from detente.brief.naming import plain
from detente.brief.wording import amount
from detente.cli.answering import answer
from detente.cli.asking import (
    add_cut_argument,
    add_rule_argument,
    add_unweighted_argument,
    requested,
    seed_number,
    world_count,
)
from detente.cli.outputs import Outputs, add_output_arguments
from detente.cli.streams import open_console
from detente.exploration.report import HEADING, explored_data
from detente.exploration.result import Entry, Exploration, Index, Sensitivity
from detente.exploration.targets import target_of
from detente.requests import ExploreRequest
from detente.requests.explore import MOST_RUNS
from detente.scenario import Case

__all__ = ["add_to", "model_runs", "show"]

FEW = 5


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("explore", help="say what each answer hangs on, down to sentences")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument("--question", metavar="ID", help="one question or measure; by default all")
    command.add_argument(
        "--worlds",
        type=model_runs,
        default=ExploreRequest.worlds,
        metavar="N",
        help="about how many model runs (%(default)s)",
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same bits (%(default)s)"
    )
    add_output_arguments(command, None)
    add_unweighted_argument(command)
    add_rule_argument(command)
    add_cut_argument(command)
    command.set_defaults(does=run)


def model_runs(text: str) -> int:
    """Read how many times a model is run; all answers are held at once, so there is a limit."""
    return world_count(text, MOST_RUNS)


def run(arguments: argparse.Namespace) -> int:
    """Explore, then print or write."""
    return answer(requested(ExploreRequest, arguments), ExplorationStudy, arguments, show)


def show(study: ExplorationStudy, outputs: Outputs) -> None:
    """Print what answers hang on, and write it as data."""
    case, found = study.case, study.found
    outputs.write(
        study,
        open_console(),
        data=lambda: explored_data(case, found),
        show=lambda console: _print(case, found, console),
    )


def _print(case: Case, found: Exploration, console: Console) -> None:
    console.print(Text(case.scenario.title, style="bold"))
    console.print(Text(HEADING, style="bold italic"))
    if found.provenance.partial:
        _print_unfinished(case, found, console)
    summaries = {name: target_of(case, name).summary for name in found.targets}
    for name, one in found.targets.items():
        if summaries[name] in case.scenario.questions or len(set(summaries.values())) == 1:
            _print_answer(case, found, name, one, console)
        elif found.gradients[name].tellings:
            console.print(Text(f"\n{plain(name)}", style="bold"))
            _print_centre(case, found, name, console)
    made = found.provenance
    console.print(Text(f"\n{made.worlds:,} model runs, {found.rows:,} rows, seed {made.seed}.", style="dim"))
    console.print(
        Text(
            "Shares are of the outcome's variance, luck counted, with 95 % intervals; they need not add up. A place is "
            "given only where it can be told, and stays the same with all ranges halved and doubled. "
            + gradients_line(found),
            style="dim",
        )
    )


def _print_unfinished(case: Case, found: Exploration, console: Console) -> None:
    """Print what was reached before it was stopped: how far contested claims move answers."""
    says = "Stopped on the way, before it was known what answers hang on."
    console.print(Text(f"{says} Contested claims, in the same worlds:" if found.contested else says, style="bold"))
    for name in dict.fromkeys(claim.target for claim in found.contested):
        kind = target_of(case, name).type
        moved = swinging(found, name, kind)[:FEW]
        if moved:
            console.print(Text(f"\n{_asks(case, name)}", style="bold"))
        for claim in moved:
            console.print(Padding(Text(swing(case, claim, kind)), (0, 0, 0, 2)))


def _asks(case: Case, name: str) -> str:
    """Return the question that a target answers, or what the measure is called."""
    summary = target_of(case, name).summary
    question = case.scenario.questions.get(summary)
    return question.asks if question is not None else plain(summary)


def _print_answer(case: Case, found: Exploration, name: str, one: Sensitivity, console: Console) -> None:
    title, asked = _asks(case, name), whether(case, name, one.mean)
    console.print()
    console.print(Text(f"{title} – {asked}" if asked else title, style="bold"))
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
            table.add_row(case.account(account.name).title, _outcome(case, one, account.value))
        console.print(Padding(table, (0, 0, 0, 4)))
    for title, entries in (("Factors", one.factors), ("Claims", one.claims), ("Sentences", one.sentences)):
        _print_ranking(case, title, entries, console)
    if one.check_first:
        console.print(Padding(Text("To check first: " + ", ".join(one.check_first), style="bold"), (0, 0, 0, 2)))
    disputed = swinging(found, name, one.type)[:FEW]
    if disputed:
        console.print(Padding(Text("Contested claims, in the same worlds", style="italic"), (0, 0, 0, 2)))
        for claim in disputed:
            console.print(Padding(Text(swing(case, claim, one.type)), (0, 0, 0, 4)))
    _print_outlook(case, found, name, console)
    _print_centre(case, found, name, console)


def _print_outlook(case: Case, found: Exploration, name: str, console: Console) -> None:
    """Print where the outcome lives, where it tips, and what to watch."""
    region = found.regions.get(name)
    if region is not None and region.sides:
        console.print(Padding(Text("Where it lives", style="italic"), (0, 0, 0, 2)))
        console.print(Padding(Text(lives(case, region, found.targets[name].type)), (0, 0, 0, 4)))
    crossed = [tip for tip in found.tipping if tip.target == name and tip.place is not None]
    if crossed:
        console.print(Padding(Text("Where it crosses even odds", style="italic"), (0, 0, 0, 2)))
        for tip in crossed:
            console.print(Padding(Text(tipping(case, tip)), (0, 0, 0, 4)))
    seen = found.indicators.get(name, ())
    if seen:
        console.print(Padding(Text(f"To watch, and {WATCHING}", style="italic"), (0, 0, 0, 2)))
        for one in seen[:3]:
            console.print(Padding(Text(watched(case, one, found.targets[name].type)), (0, 0, 0, 4)))


def _print_centre(case: Case, found: Exploration, name: str, console: Console) -> None:
    """Print how a smooth answer moves at the middle of all ranges, the likeliest readings holding."""
    for told in found.gradients[name].tellings[:1]:
        unit = unit_of(case, name)
        console.print(Padding(Text(centre_line(case, told, unit), style="italic"), (0, 0, 0, 2)))
        for moving in [one for one in told.slopes if one.derivative != 0][:FEW]:
            console.print(Padding(Text(slope(case, moving, unit)), (0, 0, 0, 4)))


def _print_ranking(case: Case, title: str, entries: tuple[Entry, ...], console: Console) -> None:
    told = told_of(entries)[:FEW]
    if not told:
        return
    console.print(Padding(Text(title, style="italic"), (0, 0, 0, 2)))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for entry in told:
        label = _label(case, title, entry.name)
        table.add_row(place(entry) or MARKS[untold(entry)], label, share_of(entry), untold(entry))
    console.print(Padding(table, (0, 0, 0, 4)))


def _label(case: Case, title: str, name: str) -> str:
    if title == "Factors":
        return title_of(case, name)
    return claim_says(case, name) if title == "Claims" else name


def _outcome(case: Case, one: Sensitivity, index: Index) -> str:
    """Word a mean outcome with its interval."""
    if one.type == "yes/no":
        middle, low, high = (f"{100 * min(max(v, 0.01), 0.99):.0f}" for v in (index.value, index.low, index.high))
        return f"{middle} % ({low} to {high})"
    if one.type == "date":
        return f"after {amount(index.value)} days on the average ({amount(index.low)} to {amount(index.high)})"
    return f"{amount(index.value)} ({amount(index.low)} to {amount(index.high)})"
