"""The stability of a conflict in a terminal: what holds as each account tells it, then everything else in short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.brief.figure import Table as Sheet
from detente.brief.holding import Holding, holding_of
from detente.brief.holding.listing import listing_of
from detente.brief.holding.words import Words, abbreviation, listing
from detente.brief.naming import plain, said_by
from detente.brief.terminal_heading import heading
from detente.stability.explanation import Reason
from detente.stability.result import Stability
from detente.stability.wording import concept_title

__all__ = ["MOST", "print_reasons", "print_stability", "print_state", "shown_states"]

MOST = 40
"""States beyond which only those that say something are printed."""
STRONGEST = "R implies the others, and SMR and SEQ imply GMR: what is implied is not printed."
MARK, LEFT, UNASKED = "●", "○", "✓"
LABEL = 38
MOST_BLOCKS = 3
"""Times that the options are printed again beside further states, before a state a row is shorter."""


def shown_states(words: Words) -> tuple[int, ...]:
    """Choose the states to print: all of a few; of many those that the page shows, the strongest equilibria first."""
    count = len(words.stability.states)
    return tuple(range(1, count + 1)) if count <= MOST else listing_of(words).shown


def print_stability(result: Stability, console: Console) -> None:
    """Print which states of a case's conflict could hold: accounts first, since where they disagree leads."""
    holding, words = holding_of(result), Words(result)
    shown = shown_states(words)
    scenario, provenance = result.case.scenario, result.provenance
    console.print(heading(scenario.title, provenance.as_of))
    console.print(Text(scenario.viewpoint, style="italic"))
    if provenance.partial:
        console.print(Text("Stopped on the way: shares come from fewer rankings than asked for.", style="bold"))
    _say(console, [holding.says, holding.lead])
    if holding.accounts is not None:
        _title(console, "What holds, account by account")
        console.print(_sheet(_strongest(holding.accounts.table), console))
        _say(console, [STRONGEST, holding.accounts.table.note, *holding.account_lines])
    _title(console, _told_as(result))
    console.print(_equilibria(words, shown))
    _say(console, [_marks_explained(result)])
    if len(shown) < len(result.states):
        _say(console, [holding.states.others])
    _print_states(words, shown, console)
    _title(console, "Ways from the status quo")
    _say(console, [holding.ways_lead])
    for way in holding.ways:
        _say(console, [way.title])
        console.print(Padding(Text("\n".join(way.steps)), (0, 0, 0, 4)))
    for topic in holding.topics:
        _title(console, topic.title)
        _say(console, topic.lines)
    _print_robustness(holding, console)
    if result.skipped:
        _title(console, "Left out, since the conflict is large")
        _say(console, result.skipped)
    _title(console, "What this analysis cannot tell")
    _say(console, [f"• {limit}" for limit in holding.limits])
    sampled = f", {provenance.worlds:,} rankings sampled" if provenance.worlds else ""
    console.print(Text(f"\nSanctions: {result.sanctions}; seed {provenance.seed}{sampled}.", style="dim"))


def _told_as(result: Stability) -> str:
    """Say whose telling the plain analysis is."""
    account, readings = result.provenance.account, result.provenance.readings
    if account is not None:
        title = result.case.account(account).title
        return f"What holds {title[:1].lower()}{title[1:]}"
    if readings:
        return "What holds if " + listing([f"{plain(claim)} is read as {plain(r)}" for claim, r in readings.items()])
    return "What holds if no account is taken" if result.by_account else "What holds"


def _title(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold"))


def _say(console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        if line:
            console.print(Padding(Text(line), (0, 0, 0, 2)))


def _sheet(sheet: Sheet, console: Console) -> Group:
    """Lay out a table of words; where its heads are long, letters stand for them and are explained below."""
    heads = [str(column) for column in sheet.columns]
    below: list[Padding] = []
    if sum(map(len, heads)) > console.width // 2:
        letters = [chr(ord("A") + number) for number in range(len(heads) - 1)]
        below = [
            Padding(Text(f"{letter}: {head}"), (0, 0, 0, 2)) for letter, head in zip(letters, heads[1:], strict=True)
        ]
        heads[1:] = letters
    table = Table(box=None, padding=(0, 2, 0, 0))
    for number, head in enumerate(heads):
        table.add_column(Text(head), max_width=None if number else LABEL)
    for row in sheet.rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    return Group(Padding(table, (0, 0, 0, 2)), *below)


def _strongest(sheet: Sheet) -> Sheet:
    """Leave out of each cell the concepts that another one in it implies."""
    rows = tuple((row[0], *(_without_implied(str(cell)) for cell in row[1:])) for row in sheet.rows)
    return replace(sheet, rows=rows)


def _without_intervals(sheet: Sheet) -> Sheet:
    """Leave out of each cell the interval in parentheses, for which a terminal has no room beside many accounts."""
    rows = tuple((row[0], *(str(cell).partition(" (")[0] for cell in row[1:])) for row in sheet.rows)
    return replace(sheet, rows=rows)


def _without_implied(cell: str) -> str:
    letters = cell.split()
    if "R" in letters:
        return "R"
    return " ".join(one for one in letters if one != "GMR" or len(letters) == 1)


def _equilibria(words: Words, shown: Sequence[int]) -> Padding:
    """Lay out states against concepts; only states that are an equilibrium have a row."""
    result = words.stability
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("State")
    for concept in result.concepts:
        table.add_column(abbreviation(concept), justify="center", no_wrap=True)
    for number in shown:
        held = words.under(number, result.equilibria)
        if held:
            name = words.name(number)
            marks = [_mark(result, concept, number) if concept in held else "" for concept in result.concepts]
            table.add_row(Text(f"{number}: {name}" if name else str(number)), *map(Text, marks))
    return Padding(table, (0, 0, 0, 2))


def _mark(result: Stability, concept: str, number: int) -> str:
    """Mark an equilibrium: what coalitions make of it is said only where they were looked at under its concept."""
    if not result.surviving:
        return MARK
    if concept not in result.surviving:
        return UNASKED
    return MARK if number in result.surviving[concept] else LEFT


def _marks_explained(result: Stability) -> str:
    """Say what the marks mean, those that the table can hold; nothing where no coalition was looked at."""
    if not result.surviving:
        return ""
    told = f"{MARK} holds against every coalition too; {LEFT} some coalition would leave it together"
    if all(concept in result.surviving for concept in result.concepts):
        return f"{told}."
    looked = listing([abbreviation(concept) for concept in result.concepts if concept in result.surviving])
    return f"{told}; {UNASKED} holds against single decision makers: coalitions are looked at under {looked} only."


def _print_states(words: Words, shown: Sequence[int], console: Console) -> None:
    """Print the states: options down the side where there is room, in blocks if need be; else one state a row."""
    _title(console, "The states")
    rows = list(_rows(words, shown))
    label = min(LABEL, max(len(head) for head, cells in rows if cells))
    cell = len(str(max(shown))) + 2
    across = max(1, (console.width - 2 - label) // cell)
    if len(shown) > MOST_BLOCKS * across:
        console.print(_one_a_row(words, shown))
    else:
        for first in range(0, len(shown), across):
            _print_block(rows, range(first, first + across), label, cell, console)
    says = [f"{state.id}: {state.says}" for state in words.stability.states if state.id in set(shown) and state.says]
    _say(console, says)


def _print_block(
    rows: Sequence[tuple[str, list[str]]], columns: range, label: int, cell: int, console: Console
) -> None:
    """Print some columns of the table of states."""
    for head, cells in rows:
        text = Text(head, style="" if cells else "bold")
        if cells:
            text.truncate(label, overflow="ellipsis", pad=True)
            text.append("".join(f"{one:^{cell}}" for one in cells[columns.start : columns.stop]))
        console.print(Padding(text, (0, 0, 0, 2)))


def _rows(words: Words, shown: Sequence[int]) -> Iterator[tuple[str, list[str]]]:
    """Yield the lines of the table of states: a line without cells names a decision maker."""
    loose = {number: words.either(number) for number in shown}
    yield " ", [str(number) for number in shown]
    for maker in words.element.makers:
        yield maker.title, []
        for option in maker.options:
            alternatives = words.element.states.alternatives[words.element.states.options.index(option)]
            heads = [(f"  {words.short(option)}: {plain(word)}", word) for word in alternatives]
            for head, value in heads or [(f"  {words.short(option)}", "true")]:
                yield head, ["∗" if option in loose[n] else _yes(words.entry(n).values[option] == value) for n in shown]


def _yes(taken: bool) -> str:
    return "Y" if taken else "–"


def _one_a_row(words: Words, shown: Sequence[int]) -> Padding:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for number in shown:
        name = words.name(number)
        table.add_row(Text(f"{number}: {name}" if name else str(number)), Text(words.told(number)))
    return Padding(table, (0, 0, 0, 2))


def _print_robustness(holding: Holding, console: Console) -> None:
    if not holding.robust_lines:
        return
    _title(console, "Under other rankings that the claims allow")
    _say(console, holding.robust_lines)
    if holding.robust is not None:
        console.print(_sheet(holding.robust.table, console))
        _say(console, [holding.robust.table.note])
    if holding.robust_by_account is not None:
        console.print()
        console.print(_sheet(_without_intervals(holding.robust_by_account.table), console))
        _say(console, [holding.robust_by_account.table.note])


def print_state(result: Stability, number: int, console: Console) -> None:
    """Print one state: what is done in it, and for whom it is stable under which concept.

    Parameters
    ----------
    result
        The analysis.
    number
        The state's number, from 1.
    console
        Where to print.
    """
    words = Words(result)
    _print_head(words, number, console)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("Stable for")
    for concept in result.concepts:
        table.add_column(abbreviation(concept), justify="center")
    for maker, title in words.makers.items():
        held = words.under(number, result.stable[maker])
        table.add_row(Text(title), *(Text(MARK if concept in held else "") for concept in result.concepts))
    held = words.under(number, result.equilibria)
    everybody = [Text(MARK if concept in held else "", style="bold") for concept in result.concepts]
    table.add_row(Text("everybody", style="bold"), *everybody)
    console.print(Padding(table, (1, 0, 0, 2)))


def _print_head(words: Words, number: int, console: Console) -> None:
    state = words.entry(number)
    console.print(Text(f"State {number}" + (f": {words.name(number)}" if state.name else ""), style="bold"))
    _say(console, [state.says, words.told(number)])


def print_reasons(result: Stability, reasons: Sequence[Reason], console: Console) -> None:
    """Print why one state is stable or not, decision maker by decision maker; the claims stand once at the end.

    Parameters
    ----------
    result
        The analysis.
    reasons
        Reasons of one state, at least one.
    console
        Where to print.
    """
    words = Words(result)
    _print_head(words, reasons[0].state, console)
    for maker, title in words.makers.items():
        told: dict[tuple[bool, str], list[str]] = {}
        for reason in reasons:
            if reason.maker == maker:
                text = " ".join(sentence.text for sentence in reason.sentences[1:])
                told.setdefault((reason.stable, text), []).append(concept_title(reason.concept))
        if told:
            _title(console, title)
        for (stable, text), concepts in told.items():
            held = "Stable" if stable else "Not stable"
            head = f"{held} under {listing(concepts)} stability. "
            console.print(Padding(Text.assemble((head, "bold"), text), (0, 0, 0, 2)))
    claims = dict.fromkeys(claim for reason in reasons for claim in reason.claims)
    if claims:
        _title(console, "The claims")
    for name in claims:
        claim = result.case.scenario.claims[name]
        sides = [(claim.says, claim.by, claim.cites)] if claim.says else []
        sides += [(f"{plain(key)}: {r.says}", r.by, r.cites) for key, r in (claim.readings or {}).items()]
        for says, by, cites in sides:
            who = said_by(result.case, by)
            console.print(Padding(Text(f"{plain(name)}: {says} ({who}; {cites or 'no place given'})"), (0, 0, 0, 2)))
