"""The rows that a validation sheet is made of."""

from __future__ import annotations

from dataclasses import dataclass

from detente.brief.figure import Table
from detente.validation.result import ListedElement, Validation, ValidationTest

__all__ = ["Glance", "ListedKind", "ProtocolPart", "Sheet", "Shown", "ShownFamily"]


@dataclass(frozen=True)
class Glance:
    """The tests of one verdict, for the summary; ``told`` where what came out is told at once."""

    verdict: str
    tests: tuple[ValidationTest, ...]
    told: bool


@dataclass(frozen=True)
class Shown:
    """One test as it is shown: its verdict in words, where something was found, and tables behind it."""

    test: ValidationTest
    verdict: str
    where: Table | None
    tables: tuple[tuple[str, Table], ...]


@dataclass(frozen=True)
class ShownFamily:
    """The tests of one kind."""

    name: str
    title: str
    says: str
    tests: tuple[Shown, ...]


@dataclass(frozen=True)
class ListedKind:
    """The elements of one type in the listing of equations."""

    title: str
    elements: tuple[ListedElement, ...]


@dataclass(frozen=True)
class ProtocolPart:
    """One part of the ODD+D protocol, and its headings: number, title, paragraphs, and whether the case is silent."""

    title: str
    headings: tuple[tuple[str, str, tuple[str, ...], bool], ...]


@dataclass(frozen=True)
class Sheet:
    """Everything that a validation sheet shows.

    Parameters
    ----------
    validation
        The validation itself.
    opening
        What came out, in one sentence.
    glance
        The tests by verdict, those that do not pass first.
    families
        The tests by kind, with all they found.
    listing
        The listing of equations, by type.
    protocol
        The ODD+D protocol, by part.
    """

    validation: Validation
    opening: str
    glance: tuple[Glance, ...]
    families: tuple[ShownFamily, ...]
    listing: tuple[ListedKind, ...]
    protocol: tuple[ProtocolPart, ...]
