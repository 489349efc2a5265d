"""What is asked and seen: the record's bearing, measures, questions, signs, outside views, and what came after."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from detente.scenario.model.numbers import Number
from detente.scenario.model.parts import (
    NAME,
    Cites,
    Day,
    Dotted,
    Entry,
    Expression,
    Moment,
    Name,
    Part,
    Spoken,
    Text,
)

__all__ = [
    "Bearing",
    "ClassUse",
    "Hindcast",
    "Known",
    "Measure",
    "OutsideView",
    "Question",
    "ReferenceClass",
    "Sign",
    "Unanswered",
]

DayCount = Annotated[str, Field(pattern=r"^[0-9]{1,6}(\.[0-9]{1,6})?$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Known(Part):
    """How a measure of the record bears on the model: exactly one of the three."""

    follow: Dotted | None = None
    """A flow or auxiliary that is set to the record; with ``error``, worlds are also weighted by what they had."""
    choice: Dotted | None = None
    """A decision or shock that is forced; the chance the model gave it weights the world."""
    measure: Dotted | None = None
    """An element observed with an error; weights the world only."""
    error: Number | None = None
    """For ``measure``, and for ``follow`` if it is to weigh: the standard deviation of the error."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _one(self) -> Known:
        if sum(part is not None for part in (self.follow, self.choice, self.measure)) != 1:
            raise ValueError("expected exactly one of 'follow', 'choice' and 'measure'; keep or add one")
        if self.measure is not None and self.error is None:
            raise ValueError("'measure' needs an 'error'; write error: {range: …}")
        if self.choice is not None and self.error is not None:
            raise ValueError("a 'choice' is known without an 'error'; remove it")
        return self


class Measure(Entry, Spoken):
    """What matters: a value computed each day from the state of the world."""

    equals: Expression
    """Its expression."""
    unit: str | None = None
    """Its unit, checked against the expression."""
    headline: bool = False
    """Drawn as a band in the brief."""
    reported_by: str | None = None
    """The body whose count it follows."""
    for_each: dict[Name, list[Name]] | None = None
    """One element per member."""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any) -> Any:
        return {"equals": data} if isinstance(data, str | int | float) else data


class OutsideView(Entry):
    """A reference class: in how many cases like this one it happened."""

    says: Text
    """What the cases are, and how they differ from this one."""
    happened: Annotated[int, Field(ge=0)]
    """In how many it happened."""
    of: Annotated[int, Field(ge=1)]
    """How many there are."""

    @model_validator(mode="after")
    def _count(self) -> OutsideView:
        if self.happened > self.of:
            raise ValueError(f"it cannot have happened in {self.happened} of {self.of}; mend one of the two")
        return self


class ReferenceClass(Entry):
    """A reference class with times: how long until it happened in cases like this one."""

    says: Text
    """What the cases are, and how they differ from this one."""
    table: str | None = None
    """The file of its cases: when each began, how long it lasted, whether it had ended."""
    points: Annotated[dict[DayCount, Share], Field(min_length=1)] | None = None
    """Where no cases are published: in what share it had happened, by days."""
    of: Annotated[int, Field(ge=1)] | None = None
    """With ``points``: how many cases there are."""

    @model_validator(mode="after")
    def _one(self) -> ReferenceClass:
        if (self.table is None) == (self.points is None):
            raise ValueError("expected exactly one of 'table' and 'points'; keep or add one")
        if (self.points is None) != (self.of is None):
            raise ValueError("'points' needs 'of', how many cases there are, and only it; add or remove it")
        for (day, share), (later, next_share) in pairwise((self.points or {}).items()):
            if float(later) <= float(day):
                raise ValueError(f"the days of the points do not rise: {later} comes after {day}; order them")
            if next_share < share:
                raise ValueError(
                    f"the share falls from {share:g} by day {day} to {next_share:g} by day {later}; "
                    "what has happened by a day has happened by a later one"
                )
        return self

    @property
    def steps(self) -> tuple[tuple[float, float], ...]:
        """The points as numbers: days and share."""
        return tuple((float(day), share) for day, share in (self.points or {}).items())


class ClassUse(Part):
    """The reference class of a question, and how days are counted for it; its name alone does where these are plain."""

    name: Name
    """The reference class."""
    began: Moment | None = None
    """When what the question is about began; by default the first day of the case."""
    first: Annotated[Day | None, Field(alias="from")] = None
    """The first day that counts: what had lasted until then is taken as given."""
    until: Day | None = None
    """For yes/no, the last day that counts; by default the day that the answer names."""
    yes_if: Literal["lasts", "happens"] | None = None
    """For yes/no, whether yes is that it still lasts after that day, or that it has happened by then."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        return {"name": data} if isinstance(data, str) else data

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say in the schema that the name of a class does as well."""
        inner = handler(core)
        return {"anyOf": [{"type": "string", "pattern": NAME}, handler.resolve_ref_schema(inner)]}


class Hindcast(Part):
    """What came after ``as_of``: only scoring opens these files."""

    record: str | None = None
    """Rows that became known after ``as_of``."""
    resolutions: str | None = None
    """What became of the questions."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _any(self) -> Hindcast:
        if self.record is None and self.resolutions is None:
            raise ValueError("names no file; add record: record_after.csv, or resolutions: resolutions.yaml")
        return self


class Bearing(Part):
    """For whom yes, more of it or a later day would be an opportunity, and for whom a risk: parties, never the tool."""

    opportunity_for: list[Name] = Field(default_factory=list)
    """Actors who hope for it."""
    risk_for: list[Name] = Field(default_factory=list)
    """Actors who fear it."""

    @model_validator(mode="after")
    def _somebody(self) -> Bearing:
        if not self.opportunity_for and not self.risk_for:
            raise ValueError("names nobody; add opportunity_for: or risk_for: with actors of the case")
        both = [name for name in self.opportunity_for if name in self.risk_for]
        if both:
            raise ValueError(f"'{both[0]}' stands on both sides; keep it on one, or leave it out")
        return self


class Question(Entry):
    """Something asked of the case."""

    asks: Text
    """The question."""
    answer: Expression
    """The expression that answers it; its type is the answer's type."""
    outside_view: Name | None = None
    """How often it happened in cases like this one, to show beside it."""
    reference_class: ClassUse | None = None
    """How long it took in cases like this one, to show beside it."""
    agreed: Name | None = None
    """A measure of the record that says what the parties had agreed: a day, or a number."""
    bears: Bearing | None = None
    """For whom yes, more of it or a later day is an opportunity, and for whom a risk."""


class Unanswered(Part):
    """A question that the case raises and this model cannot answer, with the reason."""

    asks: Text
    """The question."""
    why: Text
    """Why it has no answer here."""
    cites: Cites | None = None
    """Where it is raised."""
    claims: list[Name] = Field(default_factory=list)
    """Claims that bear on it."""


class Sign(Entry):
    """What would have to be seen, by when."""

    see: Expression
    """Whether it is seen."""
    bears_on: list[Name] = Field(min_length=1)
    """The questions it tells apart."""
