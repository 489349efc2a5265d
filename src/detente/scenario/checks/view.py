"""What every check looks at: the case, all rows of its record, and each part with its path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from detente.equations import Node
from detente.errors import Finding, Place
from detente.evidence import Citation, CitationError, SourceFileError, parse_citations, read_units
from detente.scenario.case import Case
from detente.scenario.document import Path_
from detente.scenario.model import Source
from detente.scenario.model.parts import Part
from detente.scenario.record import Observation

__all__ = ["View"]


@dataclass(frozen=True)
class View:
    """A case seen by its checks.

    Parameters
    ----------
    case
        The case, as far as it could be built.
    record
        Every row of the record file, those after the cut among them.
    """

    case: Case
    record: list[Observation]

    @cached_property
    def parts(self) -> tuple[tuple[Path_, Part], ...]:
        """Every part of the description with its path, in the order of the model."""
        return tuple(_walk(self.case.scenario, ()))

    @cached_property
    def unit_tables(self) -> dict[str, tuple[frozenset[int] | None, list[Finding]]]:
        """For each source the numbers of its sentences, or None, and what is wrong with the table of them."""
        return {name: self._units(name, source) for name, source in self.case.scenario.sources.items()}

    def _units(self, name: str, source: Source) -> tuple[frozenset[int] | None, list[Finding]]:
        path: Path_ = ("sources", name, "sentences")
        written = source.sentences
        if written is None:
            return None, []
        if Path(written).is_absolute() or ".." in Path(written).parts or "\0" in written:
            mend = "write for example sources/gazette.csv"
            return None, [self.error(path, f"expected a file in the case's folder, came '{written}'", mend)]
        file = self.case.folder / written
        if not file.is_file():
            mend = f"make it with 'detente source add', or remove 'sentences' from {name}"
            return None, [self.error(path, f"no file '{written}' in the case's folder", mend)]
        shown = self.case.document.place(()).file.parent / written
        try:
            return frozenset(unit.number for unit in read_units(file)), []
        except SourceFileError as error:
            # A slip in a row may upset the rows' order too; the first fault of a line is the one to mend.
            lines = {one.place.line: one for one in reversed(error.findings)}
            places = {line: Place(shown, line, one.place.column) for line, one in lines.items()}
            return None, [replace(lines[line], place=places[line]) for line in sorted(lines)]

    @cached_property
    def texts(self) -> tuple[tuple[Path_, Node], ...]:
        """Every expression of what a day computes, with its path."""
        elements = self.case.elements
        found = [((*stock.path, "change"), stock.change) for stock in elements.stocks.values()]
        found += [(variable.path, variable.node) for variable in elements.variables.values()]
        found += [((*shock.path, "when"), shock.when) for shock in elements.shocks.values()]
        for option in elements.options.values():
            if option.equation is not None:
                found.append(((*option.path, "is"), option.equation))
            if option.decision is not None:
                if option.decision.when is not None:
                    found.append(((*option.decision.path, "when"), option.decision.when))
                found += [(lean.path, lean.strength) for lean in option.decision.leans]
        return tuple(found)

    @cached_property
    def summaries(self) -> tuple[tuple[Path_, Node], ...]:
        """Every expression that looks on when a day is over, with its path."""
        elements = self.case.elements
        every = (*elements.measures.values(), *elements.questions.values(), *elements.signs.values())
        found = [(summary.path, summary.node) for summary in every]
        for expected in elements.expectations:
            found.append(((*expected.path, "effect_on"), expected.node))
            if expected.during is not None:
                found.append(((*expected.path, "during"), expected.during))
        return tuple(found)

    @cached_property
    def cited(self) -> dict[Path_, tuple[Citation, ...]]:
        """What each ``cites`` says, by the path of its entry; those that cannot be read are left out."""
        found: dict[Path_, tuple[Citation, ...]] = {}
        for path, part in self.parts:
            text = vars(part).get("cites")
            if text:
                try:
                    found[path] = parse_citations(text)
                except CitationError:
                    continue
        return found

    def holders(self, key: str) -> Iterator[tuple[Path_, list[str]]]:
        """Yield the path of a key and the names that stand there, one or a list of them, wherever it is given."""
        for path, part in self.parts:
            value = vars(part).get(key)
            if value:
                yield (*path, key), [value] if isinstance(value, str) else list(value)

    @property
    def first_day(self) -> dt.date:
        """Day 0."""
        return dt.date.fromisoformat(self.case.scenario.starts)

    @property
    def last_day(self) -> dt.date:
        """The last day that is simulated."""
        try:
            return self.first_day + dt.timedelta(days=self.case.scenario.days - 1)
        except OverflowError:
            return dt.date.max

    def error(self, path: Path_, wrong: str, mend: str, place: Place | None = None) -> Finding:
        """Return an error at a path."""
        return self.case.document.finding(path, wrong, mend, place)

    def warning(self, path: Path_, wrong: str, mend: str, place: Place | None = None) -> Finding:
        """Return a warning at a path."""
        return self.case.document.finding(path, wrong, mend, place, "warning")

    def note(self, path: Path_, wrong: str, mend: str, place: Place | None = None) -> Finding:
        """Return a note at a path."""
        return self.case.document.finding(path, wrong, mend, place, "note")

    def item(self, path: Path_, position: int, name: str = "") -> Path_:
        """Return the path of one of several names, or of the key itself where one name stands alone."""
        places = self.case.document.places
        return next((one for one in ((*path, position), (*path, name)) if one in places), path)


def _walk(value: Any, path: Path_) -> Iterator[tuple[Path_, Part]]:
    if isinstance(value, Part):
        yield path, value
        for name, alias in _fields(type(value)):
            below = vars(value)[name]
            if isinstance(below, Part | dict | list):
                yield from _walk(below, (*path, alias))
    elif isinstance(value, dict):
        for key, below in value.items():
            # The one chance of a yes/no option has no key of its own.
            yield from _walk(below, (*path, key) if key else path)
    elif isinstance(value, list):
        for position, below in enumerate(value):
            yield from _walk(below, (*path, position))


_FIELDS: dict[type[Part], tuple[tuple[str, str], ...]] = {}


def _fields(model: type[Part]) -> tuple[tuple[str, str], ...]:
    """Return the names of a model's fields and the keys they are written under."""
    if model not in _FIELDS:
        _FIELDS[model] = tuple((name, field.alias or name) for name, field in model.model_fields.items())
    return _FIELDS[model]
