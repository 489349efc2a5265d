"""Whether the state that worlds most often stand in could hold, and if not, who would leave it and what could."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.analysis.standing import Standing
from detente.brief.holding.rows import Verdict
from detente.brief.holding.words import Words, abbreviation, listing, lowered, opened, possessive, strength, valued
from detente.brief.wording import percent
from detente.stability.result import Equilibria, Stable
from detente.stability.wording import concept_title

__all__ = ["Told", "broken_rule", "named_in_accounts", "verdicts_of"]

STRONG = 2
"""Up to sequential stability an equilibrium says something; of weaker ones there are often hundreds."""


@dataclass(frozen=True)
class Told:
    """One part of a run beside the analysis of the same readings."""

    title: str
    standing: Standing
    readings: Mapping[str, str]
    stable: Stable
    equilibria: Equilibria


def verdicts_of(words: Words, told: Sequence[Told]) -> tuple[Verdict, ...]:
    """Say for the main part, then for accounts that come out alike together, whether the two methods agree."""
    alike: dict[tuple[str, str, str], list[tuple[Told, int]]] = {}
    for part in told:
        # Worlds may stand where the conflict knows no state: then the first that is one is compared.
        first = int(np.argmax(part.standing.states > 0))
        number = int(part.standing.states[first])
        before = f"in no state of the conflict ({broken_rule(words, part.standing.digits[0].tolist())})"
        outside = f"{before}; of its states " if first or not number else ""
        alike.setdefault((outside, *_verdict(words, part, number)), []).append((part, first))
    found = []
    for (outside, verdict, reason), parts in alike.items():
        shares = [float(part.standing.shares[first]) for part, first in parts]
        low, high = percent(min(shares)), percent(max(shares))
        share = low if low == high else f"{low.removesuffix(' %')} to {high}"
        who = listing([part.title if place == 0 else lowered(part.title) for place, (part, _) in enumerate(parts)])
        found.append(Verdict(who, f"most often {outside}{verdict.format(share=share)}", reason))
    return tuple(found)


def named_in_accounts(words: Words, told: Sequence[Told]) -> tuple[str, ...]:
    """Say of each state with a name in which accounts it could hold, and how many of their worlds stand in it.

    One account may give both answers, and they need not agree: who meets them pages apart should meet them here too.
    """
    accounts, found = told[1:], []
    for number in range(1, words.element.states.count + 1):
        if not words.name(number):
            continue
        shares = [part.standing.share_of(number) for part in accounts]
        for part, share in zip(accounts, shares, strict=True):
            under = words.under(number, part.equilibria)
            if not under or strength(under) > STRONG:
                continue
            letters = listing([abbreviation(concept) for concept in under])
            fewest = ", the fewest of all accounts" if share == min(shares) < max(shares) else ""
            found.append(
                f"{opened(words.state(number))} is an equilibrium ({letters}) {lowered(part.title)}; in the simulation "
                f"of the same account {percent(share)} of worlds stand in it{fewest}."
            )
    return tuple(found)


def broken_rule(words: Words, digits: Sequence[int]) -> str:
    """Say which rule of the conflict a combination breaks."""
    states = words.element.states
    row = np.asarray([digits], np.int8)
    lone = replace(states, codes=row.astype(np.int64) @ states.places, state_of=np.zeros(1, np.int32), digits=row)
    for rule in words.element.rules:
        if not bool(lone.holds(rule.node)[0]):
            says = rule.says.rstrip(".")
            return f"it breaks the rule “{says}”" if says else "it breaks a rule"
    return "it breaks a rule"


def _verdict(words: Words, part: Told, number: int) -> tuple[str, str]:
    """Say whether the most frequent state could hold; where it could not, why, and which one near it could."""
    if number == 0:
        return "in none: the two methods cannot be compared.", ""
    stands = f"in {words.state(number)}, {{share}} of worlds."
    under = words.under(number, part.equilibria)
    letters = listing([abbreviation(concept) for concept in under])
    if under and strength(under) <= STRONG:
        return f"{stands} The two methods agree: it is an equilibrium ({letters}).", ""
    if not under:
        text = f"{stands} The two methods disagree: it is no equilibrium."
    else:
        text = f"{stands} They agree only weakly: it is an equilibrium ({letters}), as many states are."
    return text, f"{_gain(words, part, number)} {_nearest(words, part, number)}".strip()


def _gain(words: Words, part: Told, number: int) -> str:
    """Tell of a decision maker who would leave a state, and why nothing holds it back."""
    concept = "seq" if "seq" in words.concepts else words.leading
    restless = [name for name in words.makers if number not in part.stable.get(name, {}).get(concept, ())]
    if not restless:
        return ""
    reason = words.reason(number, restless[0], concept, part.readings)
    if reason.stable or len(reason.sentences) < 2:
        return ""
    nor = f" Nor would {listing([words.makers[name] for name in restless[1:]])} stay." if len(restless) > 1 else ""
    far = f"looking as far as {concept_title(concept)} stability does"
    return f"{words.makers[restless[0]]} would not stay, {far}: {lowered(reason.sentences[1].text)}{nor}"


def _nearest(words: Words, part: Told, number: int) -> str:
    """Name the nearest equilibrium of the strongest kind there is, and the options in which it differs."""
    for concept in ("seq", "nash", "smr", "gmr"):
        held = sorted(state for state in part.equilibria.get(concept, ()) if state != number)
        if held:
            break
    else:
        return ""
    digits = words.element.states.digits
    near = held[int((digits[np.asarray(held) - 1] != digits[number - 1]).sum(axis=1).argmin())]
    options = words.element.states.options
    here, there = words.entry(number).values, words.entry(near).values
    parts = [
        f"{possessive(words.owner(name))} {words.short(name)} (“{valued(here[name])}” here, “{valued(there[name])}” "
        "there)"
        for name in (options[place] for place in np.flatnonzero(digits[near - 1] != digits[number - 1]))
    ]
    title = f"The nearest {concept_title(concept)} equilibrium"
    return f"{opened(title)} is {words.state(near)}; it differs in {listing(parts)}."
