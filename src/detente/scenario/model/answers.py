"""What is asked and seen: the record's bearing, measures, questions, signs and outside views."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from detente.scenario.model.numbers import Number
from detente.scenario.model.parts import Cites, Dotted, Entry, Expression, Name, Part, Spoken, Text

__all__ = ["Known", "Measure", "OutsideView", "Question", "Sign", "Unanswered"]


class Known(Part):
    """How a measure of the record bears on the model: exactly one of the three."""

    follow: Dotted | None = None
    """A flow or auxiliary that is set to the record."""
    choice: Dotted | None = None
    """A decision or shock that is forced; the chance the model gave it weights the world."""
    measure: Dotted | None = None
    """An element observed with an error; weights the world only."""
    error: Number | None = None
    """For ``measure``: the standard deviation of the error."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _one(self) -> Known:
        if sum(part is not None for part in (self.follow, self.choice, self.measure)) != 1:
            raise ValueError("expected exactly one of 'follow', 'choice' and 'measure'; keep or add one")
        if (self.measure is None) != (self.error is None):
            raise ValueError("'measure' needs an 'error', and only it; write error: {range: …}")
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


class Question(Entry):
    """Something asked of the case."""

    asks: Text
    """The question."""
    answer: Expression
    """The expression that answers it; its type is the answer's type."""
    outside_view: Name | None = None
    """The reference class to show beside it."""
    bears: Literal["opportunity", "risk"] | None = None
    """Where the brief lists it."""


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
