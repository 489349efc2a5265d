"""The section on stability, gathered once from an analysis and, where there is one, from the run beside it."""

from __future__ import annotations

from detente.analysis.standing import Standings
from detente.brief.figures.moves import move_graph
from detente.brief.holding.accounts import account_lines, account_table, robust_by_account, robust_lines, robust_table
from detente.brief.holding.endings import endings_of, share_texts
from detente.brief.holding.listing import listing_of
from detente.brief.holding.rows import Holding, Why
from detente.brief.holding.states import state_table
from detente.brief.holding.ways import topics_of, ways_lead, ways_of
from detente.brief.holding.words import Words, abbreviation, listing, lowered, opened, strength
from detente.stability.result import Stability
from detente.stability.wording import concept_title

__all__ = ["holding_of"]

MOST_WHYS = 8
MOST_ROWS = 12
SEQUENCES = {
    "legal": "any sequence of moves by the others in which nobody moves twice running",
    "once": "sequences in which each of the others moves at most once",
    "single": "one move by one of the others",
}


def holding_of(stability: Stability, ends: Standings | None = None) -> Holding:
    """Gather what a brief says about the stability of a case's conflict.

    Parameters
    ----------
    stability
        The analysis.
    ends
        Where the worlds of a run of the same case stand, to be set beside the equilibria.
    """
    words = Words(stability)
    chosen = listing_of(words, ends.frequent if ends is not None else ())
    held = chosen.equilibria
    rows = held[:MOST_ROWS]
    return Holding(
        stability=stability,
        says=words.element.says,
        lead=_lead(words),
        summary=_summary(words),
        accounts=account_table(words, rows),
        account_lines=account_lines(words),
        robust=robust_table(words, rows),
        robust_lines=robust_lines(words, rows),
        robust_by_account=robust_by_account(words, rows),
        states=state_table(words, chosen, share_texts(ends) if ends is not None else {}),
        concepts=_concepts(words),
        graph=move_graph(stability, words.makers, chosen.by_weight, words.name),
        ways=ways_of(words, held),
        ways_lead=ways_lead(words, chosen.by_weight),
        topics=topics_of(words, held),
        whys=tuple(_why(words, number) for number in held[:MOST_WHYS]),
        endings=endings_of(words, ends) if ends is not None else None,
        limits=_limits(words),
    )


def _lead(words: Words) -> str:
    states = words.element.states
    makers = listing(list(words.makers.values()))
    combinations = f" of {len(states.codes):,} combinations" if states.count < len(states.codes) else ""
    return (
        f"The decision makers are {makers}; the {len(states.options)} options in their hands make {states.count:,} "
        f"states{combinations} that the rules of the case allow. A state could hold where nobody would leave it: that "
        "is an equilibrium, and each concept says in its own way how far a decision maker looks before it moves."
    )


def _summary(words: Words) -> tuple[str, ...]:
    """Say in a line for each basic concept how many states could hold; for the terminal and the page's top."""
    told = words.stability.by_account
    lines = []
    for concept in words.basic:
        held = words.stability.equilibria[concept]
        title = f"{opened(concept_title(concept))} ({abbreviation(concept)})"
        if told:
            sets = [frozenset(account.equilibria.get(concept, ())) for account in told]
            every, some = sorted(frozenset.intersection(*sets)), frozenset.union(*sets)
            shared = f"{words.counted(every, 8)} in every account" if every else "none in every account"
            lines.append(f"{title}: {shared}, {len(some):,} in at least one")
        else:
            lines.append(f"{title}: {words.counted(sorted(held)) if held else 'none'}")
    return tuple(lines)


def _concepts(words: Words) -> tuple[tuple[str, str], ...]:
    return tuple(
        (abbreviation(concept), f"{concept_title(concept)}: {_meaning(concept)}") for concept in words.concepts
    )


def _meaning(concept: str) -> str:
    """Say in one clause when a decision maker stays, by concept."""
    meanings = {
        "nash": "it has no move that it likes better",
        "gmr": "the others can answer every move that it likes better, at any cost, so that it is no better off",
        "smr": "the same, and it could not then mend its position",
        "seq": "the same as general metarational, by answers that the others like themselves",
        "sseq": "both: answers that the others like, and no way to mend its position",
        "sim": "moves that others would make at the same time leave it no better off",
        "non_myopic": "it would stay however many moves it looks ahead",
    }
    return meanings.get(concept) or f"looking {concept[1:]} moves ahead, it expects to end no better off"


def _why(words: Words, number: int) -> Why:
    """Tell why a state could hold, plainly or, where it only could so or more strongly, as an account tells it."""
    stability = words.stability
    told = [("", words.readings, stability.equilibria)]
    told += [(f", {lowered(a.title)}", a.readings, a.equilibria) for a in stability.by_account]
    who, readings, equilibria = min(told, key=lambda one: strength(words.under(number, one[2])))
    under = words.under(number, equilibria)
    concept = next((c for c in ("nash", "seq", "smr", "gmr") if c in under), under[0])
    title = f"{opened(words.state(number))}{who}: {listing([abbreviation(c) for c in under])}"
    reasons = tuple(words.reason(number, maker, concept, readings).text for maker in words.makers)
    return Why(title, words.told(number), reasons)


def _sampled(words: Words) -> bool:
    """Whether other rankings were sampled: not where none was asked for, or the claims allow no other."""
    told = (words.stability.robustness, *(account.robustness for account in words.stability.by_account))
    return any(one is not None and not one.settled for one in told)


def _limits(words: Words) -> tuple[str, ...]:
    statements = [s for maker in words.element.makers for s in maker.preference.statements]
    bare = [statement for statement in statements if not statement.claims and not statement.when]
    found = [
        "Preferences are ordinal: they say what a decision maker likes better, not by how much, and nothing here is a "
        "probability.",
        "Who moves when is left open: an equilibrium is what nobody would leave, no forecast that it is reached.",
        "It is one conflict as it stands at one time: options, rules and preferences do not change while it is played.",
        "The rankings are ours: we ordered statements from what claims say; another reader may order them otherwise.",
    ]
    if statements:
        sampled = ", which the sampled rankings leave out as likely as not" if _sampled(words) else ""
        found.append(
            f"Of the {len(statements)} statements of preference {len(bare)} rest on no claim: assumptions{sampled}."
            if bare
            else f"Each of the {len(statements)} statements of preference rests on a claim; their order is ours."
        )
    silent = [statement for statement in statements if statement.when and not _met(words, statement.when)]
    if silent:
        found.append(
            f"The plain analysis leaves out {len(silent)} statements that hold only under a reading that is not fixed; "
            "the accounts take them in."
        )
    if len(words.makers) > 2:
        found.append(f"Answers by others: {SEQUENCES.get(words.stability.sanctions, words.stability.sanctions)}.")
    return tuple(found)


def _met(words: Words, when: tuple[tuple[str, str], ...]) -> bool:
    return all(words.readings.get(claim) == reading for claim, reading in when)
