"""Where the simulation's worlds stand on the conflict's day, beside the equilibria, state by state and by option."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from detente.analysis.standing import WORLDS, Standings, values_of
from detente.brief.figure import Table
from detente.brief.holding.agreement import Told, broken_rule, named_in_accounts, verdicts_of
from detente.brief.holding.methods import methods_table
from detente.brief.holding.rows import Endings
from detente.brief.holding.words import Words, abbreviation, listing, opened, possessive, valued
from detente.brief.naming import plain
from detente.brief.wording import percent, spoken_date
from detente.stability.wording import concept_title

__all__ = ["endings_of", "share_texts"]

MOST_ROWS = 5
MOST_TOLD = 3
SELDOM = 0.02
ALL_READINGS = "Over all readings"
NO_STATE = "no state"


def share_texts(standings: Standings) -> dict[int, str]:
    """Return the share of worlds of the main part in each state, in whole percent; ``<1`` below one half."""
    found: dict[int, float] = {}
    for state, share in zip(standings.main.states.tolist(), standings.main.shares.tolist(), strict=True):
        if state:
            found[state] = found.get(state, 0.0) + share
    return {state: f"{100 * share:.0f} %" if share >= 0.005 else "<1 %" for state, share in found.items()}


def endings_of(words: Words, ends: Standings) -> Endings:
    """Compare where the worlds stand with the equilibria."""
    told = _parts(words, ends)
    when = spoken_date(ends.day)
    shown = _most_frequent(told)
    heads = _heads(words, told, shown)
    among = f" In brackets: in how many of {len(told) - 1} accounts it is one." if len(told) > 1 else ""
    table = Table(
        ("State", "An equilibrium", *(part.title for part in told)),
        tuple(_row(words, told, heads[digits], digits) for digits in shown),
        f"Shares of worlds. Second column: the concepts under which the state is an equilibrium.{among}",
    )
    note = (
        f"Shares of {WORLDS:,} worlds of each part, a few of each draw, weighted as everywhere. The two methods can "
        "differ because the simulation draws each choice by chance, day by day, from reasons that change with what "
        "happens and with audiences; the conflict takes preferences as they stand, and asks what nobody would leave."
    )
    options, over = _by_option(words, told)
    return Endings(
        title=f"Beside the simulation, on {when}",
        lead=f"In which states the simulation’s worlds stand on {when}, over the options of the conflict.{over}",
        verdicts=verdicts_of(words, told),
        table=table,
        meanings=tuple((heads[digits], _combination(words, told, digits)) for digits in shown),
        options=options,
        lines=(*named_in_accounts(words, told), *_reached_seldom(words, ends), *_never_moved(words)),
        note=note,
        methods=methods_table(words, told),
    )


def _parts(words: Words, ends: Standings) -> list[Told]:
    accounts = {account.account: account for account in words.stability.by_account}
    main, *others = ends.parts
    case = words.stability.case
    title = case.account(main).title if main in case.scenario.accounts else ALL_READINGS
    found = [Told(title, ends.main, words.readings, words.stability.stable, words.stability.equilibria)]
    for name in others:
        if name in accounts:
            account = accounts[name]
            title = case.account(name).title
            found.append(Told(title, ends.parts[name], account.readings, account.stable, account.equilibria))
    return found


# ---- the most frequent combinations ----------------------------------------------------------------------------------


def _most_frequent(told: Sequence[Told]) -> list[tuple[int, ...]]:
    """Return combinations: the most frequent of the main part, and the most frequent of each account."""
    main = [tuple(digits) for digits in told[0].standing.digits[:MOST_ROWS].tolist()]
    return list(dict.fromkeys((*main, *(tuple(part.standing.digits[0].tolist()) for part in told))))


def _number(told: Sequence[Told], digits: Sequence[int]) -> int:
    for part in told:
        same = (part.standing.digits == np.asarray(digits)).all(axis=1)
        if same.any():
            return int(part.standing.states[same][0])
    return 0


def _heads(words: Words, told: Sequence[Told], shown: Sequence[tuple[int, ...]]) -> dict[tuple[int, ...], str]:
    """Return what each combination is called: its state's number and name, or a letter where it is no state."""
    found: dict[tuple[int, ...], str] = {}
    for digits in shown:
        number = _number(told, digits)
        letter = chr(ord("a") + sum(head.startswith(NO_STATE) for head in found.values()))
        name = words.name(number) if number else ""
        found[digits] = f"{number}: {name}" if name else str(number) if number else f"{NO_STATE} ({letter})"
    return found


def _row(words: Words, told: Sequence[Told], head: str, digits: tuple[int, ...]) -> tuple[str, ...]:
    number = _number(told, digits)
    shares = []
    for part in told:
        share = float(part.standing.shares[(part.standing.digits == np.asarray(digits)).all(axis=1)].sum())
        shares.append(percent(share) if share else "–")
    letters = words.letters(number, words.stability.equilibria) if number else "–"
    if number and len(told) > 1:
        letters += f" ({sum(bool(words.under(number, part.equilibria)) for part in told[1:])})"
    return (head, letters, *shares)


def _combination(words: Words, told: Sequence[Told], digits: Sequence[int]) -> str:
    """Write a combination of options, and which rule it breaks where it is no state."""
    values = values_of(words.element.states, digits)
    parts = []
    for maker in words.element.makers:
        done = [
            words.short(option) if values[option] == "true" else f"{words.short(option)}: {plain(values[option])}"
            for option in maker.options
            if values[option] != "false"
        ]
        parts.append(f"{maker.title}: {', '.join(done) or 'none of its options'}")
    return "; ".join(parts) + (f" ({broken_rule(words, digits)})" if _number(told, digits) == 0 else "")


# ---- option by option ------------------------------------------------------------------------------------------------


def _by_option(words: Words, told: Sequence[Told]) -> tuple[Table | None, str]:
    """Set what each option most often is in the worlds beside what it is in the equilibria of any account.

    Returns
    -------
    tuple
        The table, None where there is no equilibrium; and a sentence on the options over which the two part most.
    """
    concept = "seq" if any(part.equilibria.get("seq") for part in told) else words.leading
    held = sorted({state for part in told for state in part.equilibria.get(concept, ())})
    if not held:
        return None, ""
    loose = {state: words.either(state) for state in held}
    main, rows, apart = told[0].standing, [], []
    for place, option in enumerate(words.element.states.options):
        alternatives = words.element.states.alternatives[place] or ("false", "true")
        shares = [main.share_with(place, digit) for digit in range(len(alternatives))]
        most = int(np.argmax(shares))
        counts = Counter("either" if option in loose[n] else valued(words.entry(n).values[option]) for n in held)
        here, other = valued(alternatives[most]), counts.most_common(1)[0][0]
        among = ", ".join(f"{value} in {count}" for value, count in counts.most_common())
        rows.append((f"{words.owner(option)}: {words.short(option)}", f"{here} ({percent(shares[most])})", among))
        if other not in (here, "either"):
            gap = shares[most] * counts[other] / len(held)
            told_of = f"“{here}” in {percent(shares[most])} of worlds, “{other}” in {counts[other]} of {len(held)}"
            apart.append((-gap, place, f"{possessive(words.owner(option))} {words.short(option)} ({told_of})"))
    title = f"{opened(concept_title(concept))} equilibria, in any account ({len(held)})"
    over = listing([text for *_, text in sorted(apart)[:MOST_TOLD]])
    says = f" Worlds and {concept_title(concept)} equilibria part most over {over}." if over else ""
    return Table(("Option", "Most often in the worlds", title), tuple(rows)), says


def _reached_seldom(words: Words, ends: Standings) -> list[str]:
    """Name strong equilibria in which few worlds stand, and the option that keeps worlds from them."""
    for concept in ("nash", "seq"):
        held = words.stability.equilibria.get(concept, ())
        seldom = [number for number in held if ends.main.share_of(number) < SELDOM][:MOST_TOLD]
        if seldom:
            return [_seldom(words, ends, number, concept) for number in seldom]
    return []


def _seldom(words: Words, ends: Standings, number: int, concept: str) -> str:
    digits, loose = words.element.states.digits[number - 1], words.either(number)
    common = {
        option: ends.main.share_with(place, int(digits[place]))
        for place, option in enumerate(words.element.states.options)
        if option not in loose
    }
    rare = min(common, key=lambda option: (common[option], option))
    value = valued(words.entry(number).values[rare])
    return (
        f"{opened(words.state(number))} is an equilibrium ({abbreviation(concept)}) in which "
        f"{percent(ends.main.share_of(number))} of worlds stand: what keeps most of them from it is "
        f"{possessive(words.owner(rare))} {words.short(rare)}, which is “{value}” in {percent(common[rare])} of worlds."
    )


def _never_moved(words: Words) -> list[str]:
    """Name options that nothing in the simulation moves: states with another value of them cannot be reached there."""
    options = words.stability.case.elements.options
    still = [
        f"{possessive(words.owner(name))} {words.short(name)}"
        for name in words.element.options
        if options[name].outside is not None
    ]
    return [f"Nothing in the simulation moves {listing(still)}; in the conflict it can change."] if still else []
