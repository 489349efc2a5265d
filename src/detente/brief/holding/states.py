"""The table of states as the field draws it: options down the side, states across, marks below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from detente.brief.holding.listing import Listing
from detente.brief.holding.rows import Cell, RowGroup, StateRow, StateTable
from detente.brief.holding.words import Words, abbreviation
from detente.brief.naming import plain
from detente.stability.result import Equilibria
from detente.stability.wording import concept_title

__all__ = ["state_table"]

TAKEN = Cell("Y", "yes")
NOT_TAKEN = Cell("–", "no")
EITHER = Cell("∗", "either")
MARK = "●"


def state_table(words: Words, listing: Listing, shares: Mapping[int, str]) -> StateTable:
    """Lay out the states that are shown.

    Parameters
    ----------
    words, listing
        The words for the analysis, and the states to show.
    shares
        The share of a simulation's worlds that stands in each state, in words; empty without a simulation.

    Returns
    -------
    StateTable
        Options and concepts in groups of rows, one column for each state.
    """
    shown = listing.shown
    groups = [group for group in (_heads(words, shown, shares), *_options(words, shown)) if group.rows]
    further = [concept for concept in words.concepts if concept not in words.basic]
    options = tuple(
        (f"{maker.title}: {words.short(option)}", words.long(option))
        for maker in words.element.makers
        for option in maker.options
    )
    return StateTable(
        caption="States across, options down the side; below, for whom and for whom else each state is stable.",
        columns=tuple(Cell(str(number), words.state(number)) for number in shown),
        groups=(*groups, *_marks(words, shown, words.basic, surviving=True)),
        further=tuple(_marks(words, shown, further, surviving=False)) if further else (),
        names=tuple(_named(words, number) for number in shown if words.name(number)),
        options=options,
        others=listing.others,
    )


def _named(words: Words, number: int) -> str:
    says = words.entry(number).says.rstrip(".")
    return f"{number}: {words.name(number)}" + (f" ({says})" if says else "")


def _heads(words: Words, shown: tuple[int, ...], shares: Mapping[int, str]) -> RowGroup:
    """Return the rows on top: which state is the status quo, and how many worlds stand in each."""
    rows = []
    if words.element.start is not None:
        rows.append(_marked("Status quo", shown, lambda number: number == words.element.start))
    if shares:
        cells = tuple(Cell(text, text) for text in (shares.get(number, "–") for number in shown))
        rows.append(StateRow("Worlds", cells, "The share of the simulation's worlds that stand in it."))
    return RowGroup("", tuple(rows))


def _options(words: Words, shown: tuple[int, ...]) -> Iterable[RowGroup]:
    """Yield each decision maker's options; an option of several alternatives has a row for each."""
    loose = {number: words.either(number) for number in shown}
    for maker in words.element.makers:
        rows: list[StateRow] = []
        for option in maker.options:
            alternatives = words.element.states.alternatives[words.element.states.options.index(option)]
            head, says = words.short(option), words.long(option)

            def cells(value: str, option: str = option) -> tuple[Cell, ...]:
                return tuple(
                    EITHER if option in loose[n] else TAKEN if words.entry(n).values[option] == value else NOT_TAKEN
                    for n in shown
                )

            if not alternatives:
                rows.append(StateRow(head, cells("true"), says))
                continue
            rows.append(StateRow(head, (), says))
            rows += [StateRow(plain(word), cells(word), "", under=True) for word in alternatives]
        yield RowGroup(maker.title, tuple(rows))


def _marks(words: Words, shown: tuple[int, ...], concepts: Iterable[str], *, surviving: bool) -> Iterable[RowGroup]:
    """Yield the marks of each decision maker, then those of everybody: the equilibria."""
    stability = words.stability
    concepts = tuple(concepts)
    for maker, title in words.makers.items():
        yield RowGroup(f"Stable for {title}", _by_concept(shown, concepts, stability.stable.get(maker, {})))
    rows = _by_concept(shown, concepts, stability.equilibria)
    if surviving and stability.coalitions:
        concept = words.leading
        held = stability.surviving.get(concept, ())
        says = f"An equilibrium under {concept_title(concept)} stability that no coalition would leave."
        rows += (_marked(f"{abbreviation(concept)}, against coalitions", shown, lambda n: n in held, says),)
    yield RowGroup("Equilibrium: stable for everybody", rows)


def _by_concept(shown: tuple[int, ...], concepts: Iterable[str], found: Equilibria) -> tuple[StateRow, ...]:
    return tuple(
        _marked(abbreviation(c), shown, frozenset(found.get(c, ())).__contains__, concept_title(c)) for c in concepts
    )


def _marked(head: str, shown: tuple[int, ...], holds: Callable[[int], bool], says: str = "") -> StateRow:
    cells = tuple(Cell(MARK, "yes") if holds(number) else Cell("", "no") for number in shown)
    return StateRow(head, cells, says)
