"""``detente rules``: the same answers under other rules of decision."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from detente.brief.naming import plain
from detente.brief.wording import value_of
from detente.cli.asking import seed_number, world_count
from detente.cli.outputs import tell_written, write_json
from detente.cli.streams import open_console
from detente.cli.watching import watching
from detente.exploration.under_rules import RULES, WORLDS, UnderRules, under_rules, under_rules_data
from detente.scenario import Case, load

__all__ = ["add_to"]

EXPLAINED = {
    "log_odds": "reasons add up, each occasion has luck of its own",
    "lexicographic": "the strongest reason alone decides",
    "threshold": "reasons add up against a resistance held through the world",
    "shared_luck": "decisions of one day share half of their luck",
}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("rules", help="answer a case's questions under other rules of decision")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument(
        "--worlds", type=world_count, default=WORLDS, metavar="N", help="worlds for each rule (%(default)s)"
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same bits (%(default)s)"
    )
    command.add_argument("--json", type=Path, metavar="FILE", help="write the result as data instead of printing it")
    command.set_defaults(does=run)


def run(arguments: argparse.Namespace) -> int:
    """Run under each rule, then print or write."""
    case = load(arguments.case)
    with watching() as watch:
        progress = watch.progress("running", arguments.worlds * len(RULES))
        found = under_rules(case, worlds=arguments.worlds, seed=arguments.seed, progress=progress, stop=watch.stop)
    if arguments.json is not None:
        write_json(under_rules_data(found), arguments.json)
        tell_written(open_console(), "data", arguments.json)
    else:
        _print(case, found, open_console())
    return watch.status(found.provenance.partial)


def _print(case: Case, found: UnderRules, console: Console) -> None:
    console.print(Text(case.scenario.title, style="bold"))
    console.print(Text("The same answers under other rules of decision", style="italic"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("")
    for one in found.rules:
        table.add_column(plain(one.rule) + (" (the case's)" if one.rule == found.own else ""))
    for name, question in case.scenario.questions.items():
        table.add_row(question.asks, *(value_of(one.answers[name]) for one in found.rules))
    draws = (f"{one.effective_draws:,.0f} of {one.draws:,}" for one in found.rules)
    table.add_row(Text("effective draws", style="dim"), *(Text(text, style="dim") for text in draws))
    console.print(table)
    for one in found.rules:
        console.print(Text(f"{plain(one.rule)}: {EXPLAINED[one.rule]}.", style="dim"))
    made = found.provenance
    closing = (
        "Pooled figures, a middle world for numbers and days. Under every rule an occasion on which no reason pulls "
        "has the usual chance. Nothing says which rule is right: where they differ, the answer hangs on it."
    )
    console.print(Text(closing, style="dim"))
    console.print(Text(f"{made.worlds:,} worlds, seed {made.seed}.", style="dim"))
