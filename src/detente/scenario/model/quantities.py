"""What is counted: stocks, flows, auxiliaries, tables and shocks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from detente.scenario.model.numbers import Number
from detente.scenario.model.parts import Entry, Expression, Name, Part, Spoken

__all__ = ["Shock", "Stock", "Table", "Variable"]


class Bounded(Part):
    """What a number never goes beyond in a world that makes sense; a run tells where it does, and clips nothing."""

    never_below: Expression | None = None
    """The lowest value that makes sense."""
    never_above: Expression | None = None
    """The highest."""


class Variable(Bounded, Entry, Spoken):
    """A flow or an auxiliary: a value that an equation gives each day."""

    unit: str | None = None
    """Its unit; none for yes/no or a plain number."""
    equals: Expression
    """Its equation."""
    once_a_day: bool = False
    """Whether it is worked out in the morning and held through the day, however finely the day is cut."""
    for_each: dict[Name, list[Name]] | None = None
    """One element per member."""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any) -> Any:
        return {"equals": data} if isinstance(data, str | int | float) else data


class Stock(Bounded, Entry):
    """What accumulates: it stands at a value and changes by so much a day."""

    unit: str = "1"
    """Its unit."""
    start: Number
    """Its value when the first day begins."""
    change: Expression
    """Its change per day."""
    for_each: dict[Name, list[Name]] | None = None
    """One element per member."""


class Table(Entry):
    """Straight lines between points, used as ``lookup(x, name)``."""

    of: str = "1"
    """The unit along."""
    unit: str = "1"
    """The unit up."""
    points: list[Annotated[tuple[float, float], Field(strict=False)]] = Field(min_length=2)
    """Pairs, in rising order."""


class Shock(Entry):
    """Something that happens or not by chance on each day on which it can."""

    when: Expression = "true"
    """On which days it can happen."""
    chance: Number
    """Its chance on such a day."""
