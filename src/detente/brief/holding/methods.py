"""Where stability and simulation agree, option by option and account by account."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.brief.figure import Table
from detente.brief.holding.agreement import Told
from detente.brief.holding.words import Words, abbreviation, valued
from detente.brief.wording import percent

__all__ = ["methods_table"]

NO_EQUILIBRIUM = "–"


def methods_table(words: Words, told: Sequence[Told]) -> Table | None:
    """Set what each option is in an account's equilibria beside what it most often is in that account's worlds.

    Parameters
    ----------
    words
        Words for the analysis.
    told
        The main part, then one for each account; without accounts the main part is compared.

    Returns
    -------
    Table or None
        None where no account has an equilibrium of the leading concept.
    """
    parts = list(told[1:]) or list(told)
    concept = "seq" if any(part.equilibria.get("seq") for part in parts) else words.leading
    if not any(part.equilibria.get(concept) for part in parts):
        return None
    options = words.element.states.options
    cells = [[_cell(words, part, concept, place) for part in parts] for place in range(len(options))]
    rows = [(f"{words.owner(option)}: {words.short(option)}", *row) for option, row in zip(options, cells, strict=True)]
    counts = []
    for column in zip(*cells, strict=True):
        settled = sum(cell.startswith(("agree", "part")) for cell in column)
        counts.append(f"{sum(cell.startswith('agree') for cell in column)} of {settled}" if settled else NO_EQUILIBRIUM)
    note = (
        f"Agree: in all equilibria ({abbreviation(concept)}) of the account the option is what it most often is in the "
        "account’s worlds; in brackets the share of worlds. Part: in all equilibria it is something else. Open: the "
        f"equilibria leave it open. {NO_EQUILIBRIUM}: the account has no such equilibrium."
    )
    return Table(("Option", *(part.title for part in parts)), (*rows, ("Agree, of those not open", *counts)), note)


def _cell(words: Words, part: Told, concept: str, place: int) -> str:
    held = part.equilibria.get(concept, ())
    if not held:
        return NO_EQUILIBRIUM
    option = words.element.states.options[place]
    alternatives = words.element.states.alternatives[place] or ("false", "true")
    shares = [part.standing.share_with(place, digit) for digit in range(len(alternatives))]
    most = int(np.argmax(shares))
    found = {valued(words.entry(state).values[option]) for state in held if option not in words.either(state)}
    free = any(option in words.either(state) for state in held)
    here, share = valued(alternatives[most]), percent(shares[most])
    if free or len(found) != 1:
        return f"open: worlds {here} ({share})"
    (there,) = found
    return f"agree: {here} ({share})" if there == here else f"part: {there}, worlds {here} ({share})"
