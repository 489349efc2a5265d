"""``detente compare``: what goes with setting a choice, in the same worlds as without it."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.analysis.comparison_study import ComparisonStudy
from detente.brief.naming import plain
from detente.brief.wording import amount, spoken_date
from detente.cli.answering import answer
from detente.cli.asking import (
    add_cut_argument,
    add_rule_argument,
    add_unweighted_argument,
    requested,
    seed_number,
)
from detente.cli.explore import model_runs
from detente.cli.outputs import Outputs, add_output_arguments
from detente.cli.streams import open_console
from detente.exploration.comparison import Choice, Comparison, Effect, Under
from detente.exploration.comparison_report import compared_data, tellings_by_direction
from detente.exploration.result import Index
from detente.exploration.targets import target_of
from detente.requests import CompareRequest
from detente.scenario import Case

__all__ = ["add_to", "show"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("compare", help="run choices in the same worlds as no choice, and compare")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument("levers", nargs="+", metavar="LEVER", help="levers of the case; best in pairs")
    command.add_argument("--from-day", metavar="DAY", help="'day 10' or a date, in place of each lever's own")
    command.add_argument(
        "--worlds",
        type=model_runs,
        default=CompareRequest.worlds,
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


def run(arguments: argparse.Namespace) -> int:
    """Compare, then print or write."""
    return answer(requested(CompareRequest, arguments), ComparisonStudy, arguments, show)


def show(study: ComparisonStudy, outputs: Outputs) -> None:
    """Print what goes with each lever, and write it as data."""
    case, found = study.case, study.found
    outputs.write(
        study,
        open_console(),
        data=lambda: compared_data(case, found),
        show=lambda console: _print(case, found, console),
    )


def _print(case: Case, found: Comparison, console: Console) -> None:
    console.print(Text(case.scenario.title, style="bold"))
    if found.provenance.partial:
        left = [lever for lever in found.request.levers if lever not in {choice.name for choice in found.choices}]
        says = f"Stopped on the way, before this was compared: {', '.join(map(plain, left))}."
        console.print(Text(says, style="bold"))
    for choice in found.choices:
        _print_choice(case, found, choice, console)
    made = found.provenance
    console.print(Text(f"\n{made.worlds:,} model runs, seed {made.seed}.", style="dim"))
    console.print(
        Text(
            "Differences are of means over the same worlds, if every unsettled reading were as likely as not, with "
            "95 % intervals. They are what goes with a choice in this model, not what it would do. Measures of "
            "people's lives stand beside each other and are not added up; no choice is called best. Across accounts: "
            "those with the lowest and the highest answer, and those in which the choice falls short most of the one "
            "here that has most, and least, in the same worlds. Rungs are followed through their mean. Of twenty "
            "differences of nothing, one seems to be something.",
            style="dim",
        )
    )


def _print_choice(case: Case, found: Comparison, choice: Choice, console: Console) -> None:
    day = spoken_date(choice.begins.isoformat())
    console.print()
    console.print(Text(f"In this model, setting “{plain(choice.name)}” from {day} goes with …", style="bold"))
    sets = ", ".join(f"{plain(name)}: {plain(str(value))}" for name, value in _sets(case, choice).items())
    console.print(Padding(Text(sets, style="dim"), (0, 0, 0, 2)))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("", "without", "with", "difference", "by account"):
        table.add_column(heading)
    untold = []
    for effect in found.effects:
        if effect.lever != choice.name or effect.account is not None:
            continue
        if not effect.difference.differs_from_zero:
            untold.append(_title(case, effect.target))
            continue
        table.add_row(*_row(case, found, effect))
    console.print(Padding(table, (0, 0, 0, 2)))
    _print_across(case, found, choice, console)
    if untold:
        console.print(Padding(Text("No difference can be told for: " + "; ".join(untold)), (0, 0, 0, 2)))
    made = next((one for one in found.as_chosen if one.lever == choice.name), None)
    if made is not None:
        share = f"{min(max(100 * made.share, 1), 99):.0f} %"
        text = f"Of itself the choice is made in {share} of worlds; how answers stand there is in the data."
        console.print(Padding(Text(text, style="dim"), (0, 0, 0, 2)))
    if choice.pair is not None and choice.pair not in {one.name for one in found.choices}:
        console.print(Padding(Text(f"Its counterpart is “{choice.pair}”.", style="dim"), (0, 0, 0, 2)))


def _print_across(case: Case, found: Comparison, choice: Choice, console: Console) -> None:
    """Print where the answers that the choice moves lie across accounts, and how far it falls short in the worst."""
    moved = {
        one.target
        for one in found.effects
        if (one.lever, one.account) == (choice.name, None) and one.difference.differs_from_zero
    }
    rows = [one for one in found.across if one.choice == choice.name and one.target in moved]
    if not rows:
        return
    console.print(Padding(Text("Across accounts", style="italic"), (0, 0, 0, 2)))
    for one in rows:
        low, high = (
            f"{_value(case, one.target, end.value.value)} ({case.account(end.account).title})"
            for end in (one.lowest, one.highest)
        )
        more, less = (_short(case, one.target, end) for end in (one.short_of_most, one.short_of_least))
        text = f"{_title(case, one.target)} {low} to {high}; short of the choice with most: {more}; with least: {less}"
        console.print(Padding(Text(text), (0, 0, 0, 4)))


def _short(case: Case, target: str, one: Under) -> str:
    """Write how far a choice falls short of the one that goes furthest, and in which account, if that can be told."""
    if one.value.low <= 0:
        return "nowhere that can be told"
    value = f"{100 * one.value.value:.2g} points" if _is_share(case, target) else amount(one.value.value)
    return f"{value} ({case.account(one.account).title})"


def _sets(case: Case, choice: Choice) -> dict[str, object]:
    return dict(case.scenario.levers[choice.name].sets)


def _row(case: Case, found: Comparison, effect: Effect) -> tuple[str, ...]:
    directions = tellings_by_direction(found, effect.lever, effect.target)
    parts = [f"{name} under {len(directions[name])}" for name in ("more", "less") if directions[name]]
    if directions["untold"]:
        parts.append(f"cannot be told under {len(directions['untold'])}")
    return (
        _title(case, effect.target),
        _value(case, effect.target, effect.without.value),
        _value(case, effect.target, effect.with_it.value),
        _difference(case, effect.target, effect.difference),
        ", ".join(parts),
    )


def _title(case: Case, target: str) -> str:
    followed = target_of(case, target)
    question = case.scenario.questions.get(followed.summary)
    title = question.asks if question is not None else plain(followed.summary)
    return title if followed.alternative is None else f"{title} – {plain(followed.alternative)}"


def _is_share(case: Case, target: str) -> bool:
    return target_of(case, target).type == "yes/no"


def _value(case: Case, target: str, value: float) -> str:
    return f"{100 * min(max(value, 0.01), 0.99):.0f} %" if _is_share(case, target) else amount(value)


def _difference(case: Case, target: str, change: Index) -> str:
    scale, unit = (100.0, " points") if _is_share(case, target) else (1.0, "")
    value, low, high = (_signed(scale * one) for one in (change.value, change.low, change.high))
    return f"{value}{unit} ({low} to {high})"


def _signed(value: float) -> str:
    size = abs(value)
    return f"{'+' if value >= 0 else '−'}{amount(size) if size >= 10 else f'{size:.2g}'}"
