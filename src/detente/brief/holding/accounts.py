"""Which states hold as each account tells it, and under other rankings that the claims allow."""

from __future__ import annotations

from collections.abc import Sequence

from detente.brief.figure import Table
from detente.brief.holding.rows import Fold
from detente.brief.holding.words import Words, abbreviation, listing, lowered, opened, rankings, strength
from detente.stability.result import AccountStability, Robustness
from detente.stability.wording import concept_title

__all__ = ["account_lines", "account_table", "robust_by_account", "robust_lines", "robust_table"]

PLAIN = "No reading taken"
TOLD_MOST = 5
ONE_RANKING = (
    "The claims allow one ranking only for each decision maker, the one that was analysed: there is nothing to sample."
)


def account_table(words: Words, shown: Sequence[int]) -> Fold | None:
    """Return which states are equilibria as each account tells it; None where no account was told.

    Parameters
    ----------
    words
        The words for the analysis.
    shown
        The states to show.
    """
    told = words.stability.by_account
    if not told or not shown:
        return None
    plain = (PLAIN,) if not words.readings else ("As asked for",)
    rows = tuple(
        (_head(words, number), *(words.letters(number, account.equilibria) for account in told),
         words.letters(number, words.stability.equilibria))
        for number in sorted(shown)
    )  # fmt: skip
    basis = "with the readings asked for" if words.readings else "without the statements that hang on a reading"
    note = f"Last column: {basis}. A dash: no equilibrium there under these concepts."
    return Fold("Equilibria, account by account", Table(("State", *_titles(told), *plain), rows, note))


def _head(words: Words, number: int) -> str:
    name = words.name(number)
    return f"{number}: {name}" if name else str(number)


def _titles(told: Sequence[AccountStability]) -> tuple[str, ...]:
    return tuple(account.title for account in told)


def account_lines(words: Words) -> tuple[str, ...]:
    """Say, strong concepts first, which equilibria all accounts share and where they disagree."""
    told = words.stability.by_account
    if not told:
        return ()
    alike: dict[str, list[str]] = {}
    for concept in sorted(words.basic, key=lambda name: strength((name,))):
        name = f"{concept_title(concept)} ({abbreviation(concept)})"
        alike.setdefault(_agreement(words, told, concept), []).append(name)
    return tuple(f"{opened(listing(names))} stability: {line}" for line, names in alike.items())


def _agreement(words: Words, told: Sequence[AccountStability], concept: str) -> str:
    sets = {account.title: frozenset(account.equilibria.get(concept, ())) for account in told}
    every = sorted(frozenset.intersection(*sets.values()))
    some = sorted(frozenset.union(*sets.values()).difference(every))
    if not every and not some:
        return "no state is an equilibrium in any account."
    if not some:
        return f"all accounts agree on {words.counted(every)}."
    together = f"in every account {words.counted(every)}" if every else "no state is an equilibrium in every account"
    if len(some) > TOLD_MOST:
        least, most = min(map(len, sets.values())), max(map(len, sets.values()))
        count = f"an account has from {least:,} to {most:,}"
        return f"{together}. It depends on whose account holds for {words.counted(some)}; {count}."
    parts = [
        f"{words.state(n)} only {listing([lowered(t) for t, states in sets.items() if n in states])}" for n in some
    ]
    return f"{together}. It depends on whose account holds: {'; '.join(parts)}."


def robust_table(words: Words, shown: Sequence[int]) -> Fold | None:
    """Return in how many of the sampled rankings each state is an equilibrium, concept by concept."""
    sampled = words.stability.robustness
    if sampled is None or sampled.settled or not shown:
        return None
    concepts = [concept for concept in words.basic if concept in sampled.equilibria]
    rows = tuple(
        (_head(words, number), *(words.share(sampled, concept, number) for concept in concepts))
        for number in sorted(shown)
    )
    note = f"In how many of {sampled.rankings:,} rankings that the claims allow; in parentheses the 95 % interval."
    columns = ("State", *map(abbreviation, concepts))
    return Fold("Equilibria under other rankings", Table(columns, rows, note))


def robust_by_account(words: Words, shown: Sequence[int]) -> Fold | None:
    """Return the same for the leading concept, account by account; None where it was not asked for."""
    told = [account for account in words.stability.by_account if account.robustness is not None]
    if not any(one.robustness is not None and not one.robustness.settled for one in told) or not shown:
        return None
    rows = tuple(
        (_head(words, n), *(words.share(a.robustness, words.leading, n) for a in told if a.robustness is not None))
        for n in sorted(shown)
    )
    of = max(account.robustness.rankings for account in told if account.robustness is not None)
    title = f"{concept_title(words.leading)} stability ({abbreviation(words.leading)})"
    note = f"{opened(title)}: in how many of {of:,} rankings that the claims and the account allow."
    if any(one.robustness is not None and one.robustness.settled for one in told):
        note += " Yes or no where they allow one ranking only."
    return Fold("The same for each account", Table(("State", *_titles(told)), rows, note))


def robust_lines(words: Words, shown: Sequence[int]) -> tuple[str, ...]:
    """Say which equilibria depend least on the order of preferences that we wrote down."""
    sampled = words.stability.robustness
    if sampled is None or not shown:
        return ()
    if sampled.settled:
        return (ONE_RANKING,)
    concept = words.leading
    shares = {number: sampled.equilibria.get(concept, {}).get(number, 0.0) for number in shown}
    ranked = sorted(shares, key=lambda number: (-shares[number], number))[:3]
    parts = [f"{words.state(number)} in {_of(words, sampled, concept, number)}" for number in ranked]
    lines = [
        f"Under {concept_title(concept)} stability: {'; '.join(parts)} rankings that the claims allow.",
    ]
    held = sampled.equilibria.get(concept, {})
    elsewhere = [n for n, share in held.items() if share >= 0.5 and n not in words.stability.equilibria[concept]]
    if elsewhere:
        lines.append(
            f"Not an equilibrium as we wrote the preferences down, yet one in half of the other rankings or more: "
            f"{words.states(sorted(elsewhere))}."
        )
    return tuple(lines)


def _of(words: Words, sampled: Robustness, concept: str, number: int) -> str:
    share = sampled.equilibria.get(concept, {}).get(number, 0.0)
    low, high = sampled.interval.get(concept, {}).get(number, (share, share))
    of = sampled.rankings
    return f"{rankings(share, of)} ({round(low * of):,} to {round(high * of):,})"
