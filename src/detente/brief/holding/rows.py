"""The rows of the section on stability: what is shown, worded once; templates only lay it out."""

from __future__ import annotations

from dataclasses import dataclass

from detente.brief.figure import Table
from detente.brief.figures.moves import MoveGraph
from detente.stability.result import Stability

__all__ = ["Cell", "Endings", "Fold", "Holding", "RowGroup", "StateRow", "StateTable", "Topic", "Verdict", "Way", "Why"]


@dataclass(frozen=True)
class Cell:
    """What stands in a narrow cell, and how it is read aloud."""

    shown: str
    spoken: str


@dataclass(frozen=True)
class StateRow:
    """One row of the table of states; ``under`` marks an alternative of the option that stands above it."""

    head: str
    cells: tuple[Cell, ...]
    says: str = ""
    under: bool = False


@dataclass(frozen=True)
class RowGroup:
    """Rows that belong together: the options of one decision maker, or the marks of one."""

    title: str
    rows: tuple[StateRow, ...]


@dataclass(frozen=True)
class StateTable:
    """States across, options and marks down the side, as the field draws it.

    ``further`` holds the marks of the concepts that the first table leaves out.
    """

    caption: str
    columns: tuple[Cell, ...]
    groups: tuple[RowGroup, ...]
    further: tuple[RowGroup, ...]
    names: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    others: str

    @property
    def loose(self) -> bool:
        """Whether a state stands for several combinations of options."""
        return any(cell.spoken == "either" for group in self.groups for row in group.rows for cell in row.cells)


@dataclass(frozen=True)
class Way:
    """A way from the status quo to an equilibrium, step by step; ``end`` says what the equilibrium is."""

    title: str
    end: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Why:
    """Why one state could hold: what it is, under which concepts, and a reason for each decision maker."""

    title: str
    state: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """Some sentences under a heading."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Fold:
    """A table that a reader may open."""

    summary: str
    table: Table


@dataclass(frozen=True)
class Verdict:
    """Whether simulation and stability agree, for one account or for some that come out alike; and why not."""

    who: str
    text: str
    reason: str


@dataclass(frozen=True)
class Endings:
    """Where the worlds of the simulation most often stand on one day, beside the equilibria.

    ``meanings`` says what each state of the table is; ``options`` sets worlds and equilibria side by side, option by
    option; ``methods`` says, account by account, where the two agree.
    """

    title: str
    lead: str
    verdicts: tuple[Verdict, ...]
    table: Table
    meanings: tuple[tuple[str, str], ...]
    options: Table | None
    lines: tuple[str, ...]
    note: str
    methods: Table | None = None


@dataclass(frozen=True)
class Holding:
    """The whole section."""

    stability: Stability
    says: str
    lead: str
    summary: tuple[str, ...]
    accounts: Fold | None
    account_lines: tuple[str, ...]
    robust: Fold | None
    robust_lines: tuple[str, ...]
    robust_by_account: Fold | None
    states: StateTable
    concepts: tuple[tuple[str, str], ...]
    graph: MoveGraph | None
    ways: tuple[Way, ...]
    ways_lead: str
    topics: tuple[Topic, ...]
    whys: tuple[Why, ...]
    endings: Endings | None
    limits: tuple[str, ...]
